/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "json.h"

#include <json-glib/json-glib.h>

#include "terminal.h"

/* Adds a member; its name is that of an option, with _ for - as jq likes it. */
void
lvsctl_json_add (GVariantBuilder *object, const char *name, GVariant *value)
{
  g_autofree char *member = g_strdelimit (g_strdup (name), "-", '_');

  g_variant_builder_add (object, "{sv}", member, value);
}

/* Returns a floating object that has one more member. */
GVariant *
lvsctl_json_extend (GVariant *object, const char *name, GVariant *value)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (gsize i = 0; i < g_variant_n_children (object); i++)
    {
      g_autoptr (GVariant) member = g_variant_get_child_value (object, i);

      g_variant_builder_add_value (&builder, member);
    }
  lvsctl_json_add (&builder, name, value);
  return g_variant_builder_end (&builder);
}

/* Takes the value if it is floating. */
char *
lvsctl_json_format (GVariant *value)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (value);
  g_autoptr (JsonNode) node = json_gvariant_serialize (owned);

  return json_to_string (node, TRUE);
}

char *
lvsctl_json_format_line (GVariant *value)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (value);
  g_autoptr (JsonNode) node = json_gvariant_serialize (owned);
  g_autofree char *text = json_to_string (node, FALSE);

  return g_strconcat (text, "\n", NULL);
}

void
lvsctl_json_print (GVariant *value)
{
  g_autofree char *text = lvsctl_json_format (value);

  lvsctl_terminal_print (text);
  lvsctl_terminal_print ("\n");
}
