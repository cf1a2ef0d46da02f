/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "configuration.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <unistd.h>

#include "arguments.h"
#include "exit-status.h"
#include "json.h"
#include "model/document.h"
#include "plan.h"
#include "prompt.h"
#include "sections.h"
#include "terminal.h"

#define LARGEST_DOCUMENT ((gsize) 64 * 1024 * 1024)
#define READ_SIZE 65536

static void
print_json (guint64 generation, GPtrArray *items)
{
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  lvsctl_json_add (&object, "generation", g_variant_new_uint64 (generation));
  lvsctl_sections_add_json (&object, items);
  lvsctl_json_print (g_variant_builder_end (&object));
}

/* The items of what is desired now, or NULL. */
static GPtrArray *
fetch (LvsctlClient *client, guint64 *ret_generation, GError **error)
{
  g_autoptr (GVariant) reply =
      lvsctl_client_call (client, &lvsctl_manager, "GetConfiguration",
                          g_variant_new ("(a{sv})", NULL), "(ta{sv})", error);
  g_autoptr (GVariant) sections = NULL;
  GPtrArray *items;

  if (reply == NULL)
    return NULL;
  g_variant_get (reply, "(t@a{sv})", ret_generation, &sections);
  items = lvsctl_sections_to_items (sections, error);
  if (items == NULL)
    g_prefix_error (error, _ ("nothing was exported: "));
  return items;
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
  guint64 generation;
  g_autoptr (GPtrArray) items = fetch (client, &generation, error);
  g_autofree char *text = NULL;

  if (items == NULL)
    return FALSE;
  if (client->arguments->json)
    {
      print_json (generation, items);
      return TRUE;
    }
  text = lvsd_document_format (items, LVSD_DOCUMENT_EXPORT);
  lvsctl_terminal_print (text);
  return TRUE;
}

static gboolean
fail_to_read (const char *file, const char *reason, GError **error)
{
  g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_FAILED, _ ("%s cannot be read: %s"), file, reason);
  return FALSE;
}

/* A pipe or a device has no size to ask for, so the limit is kept while reading. */
static gboolean
read_all (FILE *stream, const char *file, GString *text, GError **error)
{
  char buffer[READ_SIZE];
  gsize n;

  while ((n = fread (buffer, 1, sizeof buffer, stream)) > 0)
    {
      g_string_append_len (text, buffer, (gssize) n);
      if (text->len > LARGEST_DOCUMENT)
        return fail_to_read (file, _ ("it is larger than 64 MiB"), error);
    }
  return !ferror (stream) || fail_to_read (file, g_strerror (errno), error);
}

static gboolean
read_document (const char *file, GString *text, GError **error)
{
  gboolean is_stdin = g_str_equal (file, "-");
  FILE *stream = is_stdin ? stdin : fopen (file, "re");
  gboolean ok;

  if (stream == NULL)
    return fail_to_read (file, g_strerror (errno), error);
  ok = read_all (stream, is_stdin ? _ ("standard input") : file, text, error);
  if (!is_stdin)
    fclose (stream);
  return ok;
}

static const char *
name_of (const char *file)
{
  return g_str_equal (file, "-") ? _ ("standard input") : file;
}

GPtrArray *
lvsctl_configuration_read (const char *file, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GPtrArray *items;

  if (!read_document (file, text, error))
    return NULL;
  items = lvsd_document_parse (text->str, text->len, LVSD_DOCUMENT_EXPORT, error);
  if (items == NULL)
    g_prefix_error (error, "%s: ", name_of (file));
  return items;
}

GVariant *
lvsctl_configuration_apply (LvsctlClient *client,
                            GPtrArray *items,
                            gboolean replace,
                            gboolean dry_run,
                            GError **error)
{
  g_autoptr (GVariant) reply =
      lvsctl_client_change (client, &lvsctl_manager, "Apply",
                            g_variant_new ("(@a{sv})", lvsctl_sections_from_items (items)),
                            lvsctl_plan_options (client, replace, dry_run),
                            dry_run ? NULL : _ ("Apply it all the same?"), "(a{sv})", error);

  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

gboolean
lvsctl_apply (LvsctlClient *client, GError **error)
{
  const char *file = lvsctl_arguments_operand (client->arguments, 0);
  gboolean replace = g_variant_lookup (client->arguments->options, "replace", "b", NULL);
  g_autoptr (GPtrArray) items = lvsctl_configuration_read (file, error);
  g_autoptr (GVariant) result = NULL;
  g_autofree char *done = NULL;

  if (items == NULL)
    return FALSE;
  result = lvsctl_configuration_apply (client, items, replace, lvsctl_plan_is_dry (client), error);
  if (result == NULL)
    return FALSE;
  done = g_strdup_printf (_ ("Applied %s"), name_of (file));
  if (lvsctl_plan_is_dry (client))
    lvsctl_plan_print (client, result);
  else
    lvsctl_plan_say_done (client, done, result);
  return TRUE;
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
