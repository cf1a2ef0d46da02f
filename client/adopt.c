/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "adopt.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "json.h"
#include "manager.h"
#include "selection.h"

#define REPLY_TYPE "(a(sss)as)"

static const LvsctlColumn columns[] = {
  { "kind", N_ ("KIND"), LVSCTL_COLUMN_PLAIN, 0, 0, NULL, NULL },
  { "object", N_ ("OBJECT"), LVSCTL_COLUMN_PLAIN, 1, 0, NULL, NULL },
  { "note", N_ ("NOTE"), LVSCTL_COLUMN_HIDE_EMPTY | LVSCTL_COLUMN_WRAP, 2, 0, NULL, NULL },
};

const LvsctlListing lvsctl_adoption_listing = {
  .name = "adopted",
  .row_type = "(sss)",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .fields = LVSCTL_NO_FIELDS,
};

/* The daemon's, and those about programs that it does not see. */
static GPtrArray *
collect_warnings (const LvsctlClient *client, GVariant *reply)
{
  g_autofree const char **given = NULL;
  GPtrArray *warnings =
      client->host == NULL ? lvsctl_manager_warnings () : g_ptr_array_new_with_free_func (g_free);

  g_variant_get_child (reply, 1, "^a&s", &given);
  for (gsize i = 0; given[i] != NULL; i++)
    g_ptr_array_insert (warnings, (int) i, g_strdup (given[i]));
  g_ptr_array_add (warnings, NULL);
  return warnings;
}

static GPtrArray *
collect_rows (GVariant *reply)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GVariant) adopted = g_variant_get_child_value (reply, 0);

  for (gsize i = 0; i < g_variant_n_children (adopted); i++)
    g_ptr_array_add (rows, g_variant_get_child_value (adopted, i));
  return rows;
}

static void
print_json (GPtrArray *rows, GPtrArray *warnings, gboolean dry_run)
{
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  lvsctl_json_add (&object, lvsctl_adoption_listing.name,
                   lvsctl_listing_to_array (&lvsctl_adoption_listing, rows));
  lvsctl_json_add (&object, "dry-run", g_variant_new_boolean (dry_run));
  lvsctl_json_add (&object, "warnings",
                   g_variant_new_strv ((const char *const *) warnings->pdata, -1));
  lvsctl_json_print (g_variant_builder_end (&object));
}

static void
print_text (LvsctlClient *client, GPtrArray *rows, gboolean dry_run)
{
  if (rows->len > 0 && !client->arguments->quiet)
    lvsctl_selection_print (client, &lvsctl_adoption_listing, rows);
  if (client->arguments->terse)
    return;
  if (rows->len == 0)
    lvsctl_client_say (client, _ ("There is nothing to adopt."));
  else if (dry_run)
    lvsctl_client_say (
        client, ngettext ("%u object can be adopted.", "%u objects can be adopted.", rows->len),
        rows->len);
  else
    lvsctl_client_say (client,
                       ngettext ("Adopted %u object; nothing was written to the kernel.",
                                 "Adopted %u objects; nothing was written to the kernel.",
                                 rows->len),
                       rows->len);
}

static gboolean
adopt (LvsctlClient *client, const char *what, GVariant *options, gboolean dry_run, GError **error)
{
  const char *const kinds[] = { what, NULL };
  g_autoptr (GVariant) reply =
      lvsctl_client_change (client, &lvsctl_manager, "Adopt", g_variant_new ("(^as)", kinds),
                            options, NULL, REPLY_TYPE, error);
  g_autoptr (GPtrArray) warnings = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  if (reply == NULL)
    return FALSE;
  warnings = collect_warnings (client, reply);
  rows = collect_rows (reply);
  if (client->arguments->json)
    {
      print_json (rows, warnings, dry_run);
      return TRUE;
    }
  print_text (client, rows, dry_run);
  lvsctl_client_warn ((const char *const *) warnings->pdata);
  return TRUE;
}

gboolean
lvsctl_adopt_list (LvsctlClient *client, GError **error)
{
  GVariantDict options;

  if (!lvsctl_selection_check (client->arguments, &lvsctl_adoption_listing, error))
    return FALSE;
  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "dry-run", "b", TRUE);
  return adopt (client, "all", g_variant_dict_end (&options), TRUE, error);
}

/* The verb is the kind of things that is taken over, and its operand one of them. */
gboolean
lvsctl_adopt (LvsctlClient *client, GError **error)
{
  const LvsctlCommand *command = client->arguments->command;
  const char *one = lvsctl_arguments_operand (client->arguments, 0);
  gboolean is_service = command->operands[0].type == LVSCTL_OPERAND_SERVICE;
  GVariantDict options;
  gboolean dry_run = FALSE;

  g_variant_dict_init (&options, client->arguments->options);
  g_variant_dict_lookup (&options, "dry-run", "b", &dry_run);
  if (one != NULL)
    g_variant_dict_insert (&options, is_service ? "service" : "address", "s", one);
  return adopt (client, command->verb, g_variant_dict_end (&options), dry_run, error);
}

gboolean
lvsctl_reconcile (LvsctlClient *client, GError **error)
{
  const GStrv services = client->arguments->operands[0];
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) reply = NULL;
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  guint32 writes;

  if (services != NULL && services[0] != NULL)
    g_variant_dict_insert (&options, "services", "^as", services);
  reply = lvsctl_client_change (client, &lvsctl_manager, "Reconcile", NULL,
                                g_variant_dict_end (&options), NULL, "(u)", error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(u)", &writes);
  lvsctl_json_add (&object, "writes", g_variant_new_uint32 (writes));
  if (client->arguments->json)
    lvsctl_json_print (g_variant_builder_end (&object));
  else if (writes == 0)
    lvsctl_client_say (client, _ ("The kernel is as it was declared; nothing was written."));
  else
    lvsctl_client_say (client,
                       ngettext ("Repaired the kernel with %u write.",
                                 "Repaired the kernel with %u writes.", writes),
                       writes);
  return TRUE;
}
