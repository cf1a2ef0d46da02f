/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/options.h"

#include <glib/gi18n-lib.h>

#include "model/error.h"

static gboolean
refuse_type (const char *name, const char *expected, GVariant *value, GError **error)
{
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("%s: a value of type '%s' is expected, not '%s'"), name, expected,
               g_variant_get_type_string (value));
  return FALSE;
}

gboolean
lvsd_options_take_boolean (GVariantDict *options, const char *name, gboolean *value, GError **error)
{
  g_autoptr (GVariant) given = g_variant_dict_lookup_value (options, name, NULL);

  if (given == NULL)
    return TRUE;
  if (!g_variant_is_of_type (given, G_VARIANT_TYPE_BOOLEAN))
    return refuse_type (name, "b", given, error);
  *value = g_variant_get_boolean (given);
  g_variant_dict_remove (options, name);
  return TRUE;
}

gboolean
lvsd_options_take_number (GVariantDict *options,
                          const char *name,
                          guint32 minimum,
                          guint32 maximum,
                          guint32 *value,
                          GError **error)
{
  const LvsdField field = {
    .name = name, .type = LVSD_FIELD_UINT32, .minimum = minimum, .maximum = maximum
  };
  g_autoptr (GVariant) given = g_variant_dict_lookup_value (options, name, NULL);

  if (given == NULL)
    return TRUE;
  if (!lvsd_field_set (&field, value, given, error))
    return FALSE;
  g_variant_dict_remove (options, name);
  return TRUE;
}

static gboolean
has_control_character (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_iscntrl (g_utf8_get_char (text)))
      return TRUE;
  return FALSE;
}

/* One line of text, of at most so many characters. */
gboolean
lvsd_options_take_text (GVariantDict *options,
                        const char *name,
                        guint maximum,
                        char **value,
                        GError **error)
{
  g_autoptr (GVariant) given = g_variant_dict_lookup_value (options, name, NULL);
  const char *text;

  if (given == NULL)
    return TRUE;
  if (!g_variant_is_of_type (given, G_VARIANT_TYPE_STRING))
    return refuse_type (name, "s", given, error);
  text = g_variant_get_string (given, NULL);
  if (g_utf8_strlen (text, -1) > (glong) maximum || has_control_character (text))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("%s: use one line of at most %u characters"), name, maximum);
      return FALSE;
    }
  g_free (*value);
  *value = g_strdup (text);
  g_variant_dict_remove (options, name);
  return TRUE;
}

/* At most so many; what they say is the caller's to check. */
gboolean
lvsd_options_take_texts (GVariantDict *options,
                         const char *name,
                         gsize maximum,
                         GStrv *value,
                         GError **error)
{
  g_autoptr (GVariant) given = g_variant_dict_lookup_value (options, name, NULL);

  if (given == NULL)
    return TRUE;
  if (!g_variant_is_of_type (given, G_VARIANT_TYPE_STRING_ARRAY))
    return refuse_type (name, "as", given, error);
  if (!lvsd_options_check_count (name, given, maximum, error))
    return FALSE;
  g_strfreev (*value);
  *value = g_variant_dup_strv (given, NULL);
  g_variant_dict_remove (options, name);
  return TRUE;
}

gboolean
lvsd_options_check_count (const char *name, GVariant *members, gsize maximum, GError **error)
{
  if (g_variant_n_children (members) <= maximum)
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_LIMITS_EXCEEDED, _ ("%s: at most %zu in one call"),
               name, maximum);
  return FALSE;
}

/* Names the first option that nobody took. */
gboolean
lvsd_options_finish (GVariantDict *options, GError **error)
{
  g_autoptr (GVariant) rest = g_variant_ref_sink (g_variant_dict_end (options));
  const char *name;

  if (g_variant_n_children (rest) == 0)
    return TRUE;
  g_variant_get_child (rest, 0, "{&sv}", &name, NULL);
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT, _ ("option '%s' is not known here"),
               name);
  return FALSE;
}

/* Gives the options to the item, which must then be valid. The error names the item. */
gboolean
lvsd_options_fill_all (GVariant *options, gpointer draft, gboolean editing, GError **error)
{
  if (!lvsd_item_set_options (draft, options, editing, error))
    {
      g_autofree char *id = lvsd_item_dup_id (draft);

      g_prefix_error (error, "%s %s: ", lvsd_item_class (lvsd_item_get_kind (draft))->name, id);
      return FALSE;
    }
  return lvsd_item_validate (draft, error);
}

/* The same with what nobody took. */
gboolean
lvsd_options_fill (GVariantDict *options, gpointer draft, gboolean editing, GError **error)
{
  g_autoptr (GVariant) rest = g_variant_ref_sink (g_variant_dict_end (options));

  return lvsd_options_fill_all (rest, draft, editing, error);
}
