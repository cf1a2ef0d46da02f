/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edited-fields.h"

#include <glib/gi18n-lib.h>

#include "json.h"
#include "listing.h"

static gboolean
is_pair (GVariant *value)
{
  return g_variant_is_of_type (value, G_VARIANT_TYPE_TUPLE) && g_variant_n_children (value) == 2;
}

static const char *
value_or_none (const char *text)
{
  return text[0] != '\0' ? text : _ ("none");
}

static void
append_pair (GString *text, const char *name, GVariant *pair)
{
  g_autoptr (GVariant) first = g_variant_get_child_value (pair, 0);
  g_autoptr (GVariant) second = g_variant_get_child_value (pair, 1);
  g_autofree char *old_text = lvsctl_value_to_text (first);
  g_autofree char *new_text = lvsctl_value_to_text (second);

  /* Translators: name of a field, its new value, its old value */
  g_string_append_printf (text, _ ("%s %s, was %s"), name, value_or_none (new_text),
                          value_or_none (old_text));
}

char *
lvsctl_edited_fields_describe (GVariant *fields)
{
  GString *text = g_string_new (NULL);
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, fields);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      g_autofree char *shown = is_pair (value) ? NULL : lvsctl_value_to_text (value);

      if (text->len > 0)
        g_string_append (text, "; ");
      if (is_pair (value))
        append_pair (text, name, value);
      else
        g_string_append_printf (text, "%s %s", name, shown);
    }
  return g_string_free (text, FALSE);
}

static GVariant *
pair_to_json (GVariant *pair, const char *first, const char *second)
{
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr (GVariant) one = g_variant_get_child_value (pair, 0);
  g_autoptr (GVariant) other = g_variant_get_child_value (pair, 1);

  lvsctl_json_add (&object, first, one);
  lvsctl_json_add (&object, second, other);
  return g_variant_builder_end (&object);
}

GVariant *
lvsctl_edited_fields_to_json (GVariant *fields, const char *first, const char *second)
{
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, fields);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    lvsctl_json_add (&object, name, is_pair (value) ? pair_to_json (value, first, second) : value);
  return g_variant_builder_end (&object);
}
