/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "json.h"

#include <stdio.h>

#include "terminal.h"

static const char *json_host;

/* Adds a member; its name is that of an option, with _ for - as jq likes it. */
void
lvsctl_json_add (GVariantBuilder *object, const char *name, GVariant *value)
{
  char *member = g_strdelimit (g_strdup (name), "-", '_');

  /* A format would be read anew for each of very many. */
  g_variant_builder_add_value (object, g_variant_new_dict_entry (g_variant_new_take_string (member),
                                                                 g_variant_new_variant (value)));
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
static char *
format (GVariant *value, gboolean pretty)
{
  g_auto (LvsctlJsonWriter) writer = { NULL };

  lvsctl_json_writer_init (&writer, pretty);
  lvsctl_json_value (&writer, value);
  return g_string_free (g_steal_pointer (&writer.text), FALSE);
}

char *
lvsctl_json_format (GVariant *value)
{
  return format (value, TRUE);
}

char *
lvsctl_json_format_line (GVariant *value)
{
  return format (value, FALSE);
}

void
lvsctl_json_set_host (const char *host)
{
  json_host = host;
}

/* Takes the object if it is floating. */
static void
print (GVariant *object, gboolean pretty)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (object);
  g_auto (GVariantBuilder) document = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *text = NULL;

  lvsctl_json_add (&document, "version", g_variant_new_uint32 (LVSCTL_JSON_VERSION));
  if (json_host != NULL)
    lvsctl_json_add (&document, "host", g_variant_new_string (json_host));
  for (gsize i = 0; i < g_variant_n_children (owned); i++)
    {
      g_autoptr (GVariant) member = g_variant_get_child_value (owned, i);

      g_variant_builder_add_value (&document, member);
    }
  text = format (g_variant_builder_end (&document), pretty);
  lvsctl_terminal_print (text);
  lvsctl_terminal_print ("\n");
}

void
lvsctl_json_begin_document (LvsctlJsonWriter *writer, gboolean pretty)
{
  lvsctl_json_writer_init (writer, pretty);
  lvsctl_json_begin (writer, '{');
  lvsctl_json_member (writer, "version");
  lvsctl_json_number (writer, LVSCTL_JSON_VERSION);
  if (json_host == NULL)
    return;
  lvsctl_json_member (writer, "host");
  lvsctl_json_string (writer, json_host);
}

void
lvsctl_json_flush (LvsctlJsonWriter *writer)
{
  lvsctl_terminal_print (writer->text->str);
  fflush (stdout);
  g_string_truncate (writer->text, 0);
}

void
lvsctl_json_end_document (LvsctlJsonWriter *writer)
{
  lvsctl_json_end (writer, '}');
  g_string_append_c (writer->text, '\n');
  lvsctl_json_flush (writer);
}

void
lvsctl_json_print (GVariant *object)
{
  print (object, TRUE);
}

void
lvsctl_json_print_line (GVariant *object)
{
  print (object, FALSE);
}
