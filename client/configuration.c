/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "configuration.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "exit-status.h"
#include "format.h"
#include "json.h"
#include "model/document.h"
#include "parcel.h"
#include "plan.h"
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

/* The items of what is desired now, or NULL. */
static GPtrArray *
fetch (LvsctlClient *client, guint64 *ret_generation, GError **error)
{
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GVariant) sections = NULL;
  GPtrArray *items;

  reply =
      lvsctl_client_call (client, &lvsctl_manager, "GetConfiguration",
                          g_variant_new_parsed ("({'compressed': <true>},)"), "(ta{sv})", error);
  if (reply == NULL)
    return NULL;
  g_variant_get (reply, "(t@a{sv})", ret_generation, &sections);
  items = lvsctl_sections_to_items (sections, error);
  if (items == NULL)
    g_prefix_error (error, _ ("the configuration cannot be read: "));
  return items;
}

GPtrArray *
lvsctl_configuration_fetch_items (LvsctlClient *client, GError **error)
{
  guint64 generation;

  return fetch (client, &generation, error);
}

char *
lvsctl_configuration_fetch (LvsctlClient *client, GError **error)
{
  guint64 generation;
  g_autoptr (GPtrArray) items = fetch (client, &generation, error);

  return items != NULL ? lvsd_document_format (items, LVSD_DOCUMENT_EXPORT) : NULL;
}

gboolean
lvsctl_export (LvsctlClient *client, GError **error)
{
  const LvsctlFormat *format = choose_format (client, error);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) items = NULL;
  g_autofree char *text = NULL;
  guint64 generation;

  if (format == NULL)
    return FALSE;
  items = fetch (client, &generation, error);
  if (items == NULL)
    return FALSE;
  text = format->write (items, generation, notes);
  lvsctl_terminal_print (text);
  g_ptr_array_add (notes, NULL);
  lvsctl_client_warn ((const char *const *) notes->pdata);
  return TRUE;
}

GPtrArray *
lvsctl_configuration_read (const char *file, GError **error)
{
  g_autoptr (LvsctlReading) reading = lvsctl_format_read_own_file (file, error);

  return reading != NULL ? g_ptr_array_ref (reading->items) : NULL;
}

GVariant *
lvsctl_configuration_apply (LvsctlClient *client,
                            GPtrArray *items,
                            gboolean replace,
                            gboolean dry_run,
                            GError **error)
{
  g_autoptr (GVariant) reply = lvsctl_client_change (
      client, &lvsctl_manager, "Apply",
      g_variant_new ("(@a{sv})", lvsctl_parcel_pack (client, lvsctl_sections_from_items (items))),
      lvsctl_plan_options (client, replace, dry_run), dry_run ? NULL : _ ("Apply it all the same?"),
      "(a{sv})", error);

  lvsctl_parcel_clear (client);
  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

gboolean
lvsctl_configuration_take (LvsctlClient *client, const char *file, GPtrArray *items, GError **error)
{
  gboolean replace = g_variant_lookup (client->arguments->options, "replace", "b", NULL);
  gboolean dry_run = lvsctl_plan_is_dry (client);
  g_autoptr (GVariant) result = lvsctl_configuration_apply (client, items, replace, dry_run, error);
  g_autofree char *done = NULL;
  gsize n_steps;

  if (result == NULL)
    return FALSE;
  done = g_strdup_printf (_ ("Applied %s"), lvsctl_format_show_file (file));
  if (dry_run)
    return lvsctl_plan_print (client, result, &n_steps, error);
  lvsctl_plan_say_done (client, done, result);
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
    return lvsctl_prompt_word (
        _ ("This removes all services, addresses, roles, settings and sync daemons that lvsd "
           "owns."),
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
