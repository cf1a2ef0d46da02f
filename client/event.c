/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "dbus/names.h"
#include "listing.h"

/* More of them make no line that one can read; --json has the first hundred. */
#define MAX_DIFFERENCES 5

void
lvsctl_event_clear (LvsctlEvent *event)
{
  g_clear_pointer (&event->kind, g_free);
  g_clear_pointer (&event->id, g_free);
  g_clear_pointer (&event->fields, g_variant_unref);
}

/* The name that was escaped as systemd does it: "_2f" is "/". */
static char *
unescape (const char *label)
{
  GString *id = g_string_new (NULL);

  for (const char *byte = label; *byte != '\0'; byte++)
    if (*byte == '_' && g_ascii_isxdigit (byte[1]) && g_ascii_isxdigit (byte[2]))
      {
        g_string_append_c (id, (char) (g_ascii_xdigit_value (byte[1]) << 4
                                       | g_ascii_xdigit_value (byte[2])));
        byte += 2;
      }
    else
      g_string_append_c (id, *byte);
  return g_string_free (id, FALSE);
}

/* "/org/lvsd1/service/web": FALSE for the node itself. */
static gboolean
name_object (LvsctlEvent *event, const char *path)
{
  g_auto (GStrv) parts = NULL;
  g_autofree char *id = NULL;

  if (!g_str_has_prefix (path, LVSD_OBJECT_PATH_PREFIX))
    return FALSE;
  parts = g_strsplit (path + strlen (LVSD_OBJECT_PATH_PREFIX), "/", 2);
  if (parts[0] == NULL || parts[1] == NULL)
    return FALSE;
  id = unescape (parts[1]);
  event->kind = g_strdup (parts[0]);
  event->id = g_utf8_make_valid (id, -1);
  return TRUE;
}

/* "EffectiveWeight" is the option "effective-weight". */
static char *
option_name (const char *property)
{
  GString *name = g_string_new (NULL);

  for (const char *letter = property; *letter != '\0'; letter++)
    {
      if (g_ascii_isupper (*letter) && letter != property)
        g_string_append_c (name, '-');
      g_string_append_c (name, g_ascii_tolower (*letter));
    }
  return g_string_free (name, FALSE);
}

static GVariant *
rename_fields (GVariant *properties)
{
  g_auto (GVariantBuilder) fields = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, properties);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      g_autofree char *option = option_name (name);

      g_variant_builder_add (&fields, "{sv}", option, value);
    }
  return g_variant_ref_sink (g_variant_builder_end (&fields));
}

static gboolean
take_added (LvsctlEvent *event, GVariant *parameters)
{
  g_autoptr (GVariant) interfaces = NULL;
  g_autoptr (GVariant) properties = NULL;
  const char *path;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(oa{sa{sv}})")))
    return FALSE;
  g_variant_get (parameters, "(&o@a{sa{sv}})", &path, &interfaces);
  if (g_variant_n_children (interfaces) == 0)
    return FALSE;
  g_variant_get_child (interfaces, 0, "{&s@a{sv}}", NULL, &properties);
  event->event = "added";
  event->fields = rename_fields (properties);
  return name_object (event, path);
}

static gboolean
take_removed (LvsctlEvent *event, GVariant *parameters)
{
  const char *path;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(oas)")))
    return FALSE;
  g_variant_get_child (parameters, 0, "&o", &path);
  event->event = "removed";
  return name_object (event, path);
}

/* Of the node itself, the generation has a signal of its own. */
static gboolean
take_properties (LvsctlEvent *event, const char *path, GVariant *parameters)
{
  g_autoptr (GVariant) changed = NULL;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return FALSE;
  g_variant_get_child (parameters, 1, "@a{sv}", &changed);
  event->fields = rename_fields (changed);
  event->event = name_object (event, path) ? "changed" : "state";
  return event->kind != NULL || g_variant_lookup (event->fields, "state", "s", NULL);
}

static gboolean
take_summary (LvsctlEvent *event, GVariant *parameters)
{
  g_auto (GVariantDict) fields = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) summary = NULL;
  guint64 generation;
  GVariantIter iter;
  const char *name;
  GVariant *value;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ta{sv})")))
    return FALSE;
  g_variant_get (parameters, "(t@a{sv})", &generation, &summary);
  g_variant_dict_insert (&fields, "generation", "t", generation);
  g_variant_iter_init (&iter, summary);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    g_variant_dict_insert_value (&fields, name, value);
  event->event = "generation";
  event->fields = g_variant_ref_sink (g_variant_dict_end (&fields));
  return TRUE;
}

/* Each as "missing service web". */
static gboolean
take_differences (LvsctlEvent *event, const char *name, GVariant *parameters)
{
  g_auto (GVariantDict) fields = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GVariant) rows = NULL;
  GVariantIter iter;
  const char *kind;
  const char *id;
  const char *difference;
  guint32 count;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua(ssssa{sv}))")))
    return FALSE;
  g_variant_get (parameters, "(u@a(ssssa{sv}))", &count, &rows);
  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_loop (&iter, "(&s&s&s&s@a{sv})", &kind, &id, &difference, NULL, NULL))
    g_ptr_array_add (lines, g_strdup_printf ("%s %s %s", difference, kind, id));
  g_variant_dict_insert (&fields, "count", "u", count);
  g_variant_dict_insert_value (&fields, "differences",
                               g_variant_new_strv ((const char *const *) lines->pdata,
                                                   (gssize) lines->len));
  event->event = name;
  event->fields = g_variant_ref_sink (g_variant_dict_end (&fields));
  return TRUE;
}

gboolean
lvsctl_event_from_signal (LvsctlEvent *event,
                          const char *path,
                          const char *member,
                          GVariant *parameters)
{
  *event = (LvsctlEvent){ 0 };
  if (g_str_equal (member, "InterfacesAdded"))
    return take_added (event, parameters);
  if (g_str_equal (member, "InterfacesRemoved"))
    return take_removed (event, parameters);
  if (g_str_equal (member, "PropertiesChanged"))
    return take_properties (event, path, parameters);
  if (g_str_equal (member, "DriftDetected"))
    return take_differences (event, "drift", parameters);
  if (g_str_equal (member, "Repaired"))
    return take_differences (event, "repaired", parameters);
  return g_str_equal (member, "Changed") && take_summary (event, parameters);
}

static void
append_fields (GString *text, GVariant *fields)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;
  const char *mark = ": ";

  g_variant_iter_init (&iter, fields);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      g_autofree char *shown = lvsctl_value_to_text (value);

      g_string_append_printf (text, "%s%s %s", mark, name, shown[0] != '\0' ? shown : _ ("none"));
      mark = ", ";
    }
}

/* "drift: missing service web, missing destination web/192.0.2.11:80, and 7 more" */
static char *
describe_differences (const LvsctlEvent *event, const char *const *differences)
{
  GString *text = g_string_new (event->event);
  guint32 count = 0;
  guint32 told = 0;

  g_variant_lookup (event->fields, "count", "u", &count);
  for (; differences[told] != NULL && told < MAX_DIFFERENCES; told++)
    g_string_append_printf (text, "%s%s", told == 0 ? ": " : ", ", differences[told]);
  if (count > told)
    g_string_append_printf (text, _ (", and %u more"), count - told);
  return g_string_free (text, FALSE);
}

static char *
describe_node (const LvsctlEvent *event)
{
  guint64 generation = 0;
  guint32 counts[3] = { 0 };
  const char *state = "";
  g_autofree const char **differences = NULL;

  if (g_str_equal (event->event, "started"))
    return g_strdup (_ ("lvsd is there"));
  if (g_str_equal (event->event, "gone"))
    return g_strdup (_ ("lvsd is gone"));
  if (g_str_equal (event->event, "state"))
    {
      g_variant_lookup (event->fields, "state", "&s", &state);
      return g_strdup_printf (_ ("state %s"), state);
    }
  if (g_variant_lookup (event->fields, "differences", "^a&s", &differences))
    return describe_differences (event, differences);
  g_variant_lookup (event->fields, "generation", "t", &generation);
  g_variant_lookup (event->fields, "added", "u", &counts[0]);
  g_variant_lookup (event->fields, "changed", "u", &counts[1]);
  g_variant_lookup (event->fields, "removed", "u", &counts[2]);
  return g_strdup_printf (_ ("change %" PRIu64 ": %u added, %u changed, %u removed"), generation,
                          counts[0], counts[1], counts[2]);
}

char *
lvsctl_event_describe (const LvsctlEvent *event)
{
  GString *text = g_string_new (NULL);

  if (event->kind == NULL)
    {
      g_string_free (text, TRUE);
      return describe_node (event);
    }
  g_string_printf (text, "%s %s %s", event->event, event->kind, event->id);
  /* All of a new thing would be a long line; --json has it. */
  if (event->fields != NULL && g_str_equal (event->event, "changed"))
    append_fields (text, event->fields);
  return g_string_free (text, FALSE);
}
