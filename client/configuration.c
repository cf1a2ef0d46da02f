/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "configuration.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "exit-status.h"
#include "format.h"
#include "json.h"
#include "prompt.h"
#include "sections.h"
#include "terminal.h"

/* --json and --format=json say the same. */
static const LvsctlFormat *
choose_format (const LvsctlClient *client, GError **error)
{
  const char *name = client->arguments->json ? "json" : "native";
  const LvsctlFormat *format;

  g_variant_lookup (client->arguments->options, "format", "&s", &name);
  format = lvsctl_format_find (name, error);
  if (format == NULL || format->write != NULL)
    return format;
  g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE,
               _ ("--format: '%s' is for import alone; nothing is written in it"), name);
  return NULL;
}

gboolean
lvsctl_export (LvsctlClient *client, GError **error)
{
  const LvsctlFormat *format = choose_format (client, error);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GVariant) sections = NULL;
  g_autoptr (GPtrArray) items = NULL;
  g_autofree char *text = NULL;
  guint64 generation;

  if (format == NULL)
    return FALSE;
  reply = lvsctl_client_call (client, &lvsctl_manager, "GetConfiguration",
                              g_variant_new ("(a{sv})", NULL), "(ta{sv})", error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(t@a{sv})", &generation, &sections);
  items = lvsctl_sections_to_items (sections, error);
  if (items == NULL)
    {
      g_prefix_error (error, _ ("nothing was exported: "));
      return FALSE;
    }
  text = format->write (items, generation, notes);
  lvsctl_terminal_print (text);
  g_ptr_array_add (notes, NULL);
  lvsctl_client_warn ((const char *const *) notes->pdata);
  return TRUE;
}

/* The items of a file that export wrote, "-" for standard input, or NULL. */
GPtrArray *
lvsctl_configuration_read (const char *file, GError **error)
{
  g_autoptr (LvsctlReading) reading = lvsctl_format_read_own_file (file, error);

  return reading != NULL ? g_ptr_array_ref (reading->items) : NULL;
}

/* Applies the items of a file, and says so. */
gboolean
lvsctl_configuration_take (LvsctlClient *client, const char *file, GPtrArray *items, GError **error)
{
  g_autoptr (GVariant) reply =
      lvsctl_client_change (client, &lvsctl_manager, "Apply",
                            g_variant_new ("(@a{sv})", lvsctl_sections_from_items (items)), NULL,
                            _ ("Apply it all the same?"), "(a{sv})", error);
  g_autoptr (GVariant) result = NULL;
  guint32 added = 0;
  guint32 changed = 0;
  guint32 unchanged = 0;

  if (reply == NULL)
    return FALSE;
  result = g_variant_get_child_value (reply, 0);
  g_variant_lookup (result, "added", "u", &added);
  g_variant_lookup (result, "changed", "u", &changed);
  g_variant_lookup (result, "unchanged", "u", &unchanged);
  if (client->arguments->json)
    lvsctl_json_print (result);
  else
    lvsctl_client_say (client,
                       _ ("Applied %s: %" G_GUINT32_FORMAT " added, %" G_GUINT32_FORMAT
                          " changed, %" G_GUINT32_FORMAT " unchanged."),
                       lvsctl_format_show_file (file), added, changed, unchanged);
  return TRUE;
}

gboolean
lvsctl_apply (LvsctlClient *client, GError **error)
{
  const char *file = lvsctl_arguments_operand (client->arguments, 0);
  g_autoptr (GPtrArray) items = lvsctl_configuration_read (file, error);

  return items != NULL && lvsctl_configuration_take (client, file, items, error);
}

static gboolean
confirm_clear (LvsctlClient *client, GError **error)
{
  if (client->arguments->force)
    return TRUE;
  if (lvsctl_prompt_is_possible ())
    return lvsctl_prompt_word (_ ("This removes all services, addresses and roles that lvsd owns."),
                               "yes", error);
  g_set_error_literal (error, LVSCTL_ERROR, LVSCTL_ERROR_DECLINED,
                       _ ("clear removes everything that lvsd owns and nobody is there to ask; add "
                          "--force"));
  return FALSE;
}

gboolean
lvsctl_clear (LvsctlClient *client, GError **error)
{
  g_autoptr (GVariant) reply = NULL;
  guint32 removed;

  if (!confirm_clear (client, error))
    return FALSE;
  reply = lvsctl_client_change (client, &lvsctl_manager, "Clear", NULL, NULL,
                                _ ("Clear it all the same?"), "(u)", error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(u)", &removed);
  lvsctl_client_say (client, ngettext ("Removed %u object.", "Removed %u objects.", removed),
                     removed);
  return TRUE;
}
