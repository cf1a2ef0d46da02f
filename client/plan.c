/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "arguments.h"
#include "compression.h"
#include "edited-fields.h"
#include "json.h"
#include "model/setting.h"
#include "selection.h"
#include "terminal.h"

gboolean
lvsctl_plan_is_dry (const LvsctlClient *client)
{
  return g_variant_lookup (client->arguments->options, "dry-run", "b", NULL);
}

GVariant *
lvsctl_plan_options (LvsctlClient *client, gboolean replace, gboolean dry_run)
{
  GVariantDict options;
  guint32 seconds;

  g_variant_dict_init (&options, NULL);
  if (replace)
    g_variant_dict_insert (&options, "mode", "s", "replace");
  if (dry_run)
    {
      g_variant_dict_insert (&options, "dry-run", "b", TRUE);
      g_variant_dict_insert (&options, "compressed", "b", TRUE);
    }
  if (g_str_equal (client->arguments->command->verb, "import"))
    g_variant_dict_insert (&options, "cause", "s", "import");
  if (g_variant_lookup (client->arguments->options, "confirm", "u", &seconds))
    g_variant_dict_insert (&options, "confirm-timeout", "u", seconds);
  return g_variant_dict_end (&options);
}

/* What a role or a setting makes the kernel hold, and what was there before, is told by the name of
 * its file. */
static gboolean
is_in_kernel (gpointer row)
{
  const char *kind;
  const char *id;

  g_variant_get_child (row, 1, "&s", &kind);
  g_variant_get_child (row, 2, "&s", &id);
  return g_str_equal (kind, "setting") && strchr (id, '/') != NULL;
}

static char *
format_verb (gpointer row)
{
  const char *verb;

  g_variant_get_child (row, 0, "&s", &verb);
  if (!is_in_kernel (row))
    return g_strdup (verb);
  return g_strdup (g_str_equal (verb, "delete") ? _ ("put back") : _ ("write"));
}

/* "service web" */
static char *
format_object (gpointer row)
{
  const char *kind;
  const char *id;

  g_variant_get_child (row, 1, "&s", &kind);
  g_variant_get_child (row, 2, "&s", &id);
  if (is_in_kernel (row))
    return lvsd_setting_format_name (id);
  return g_strdup_printf ("%s %s", kind, id);
}

static char *
format_details (gpointer row)
{
  g_autoptr (GVariant) details = g_variant_get_child_value (row, 3);
  const char *written;
  const char *previous;

  if (is_in_kernel (row) && g_variant_lookup (details, "written", "&s", &written)
      && g_variant_lookup (details, "previous", "&s", &previous))
    return g_strdup_printf (_ ("%s, was %s"), written, previous);

  return lvsctl_edited_fields_describe (details);
}

static GVariant *
get_details (gpointer row)
{
  g_autoptr (GVariant) details = g_variant_get_child_value (row, 3);

  return lvsctl_edited_fields_to_json (details, "from", "to");
}

static const LvsctlColumn columns[] = {
  { "verb", N_ ("STEP"), LVSCTL_COLUMN_PLAIN, 0, 0, NULL, format_verb },
  { "kind", NULL, LVSCTL_COLUMN_PLAIN, 1, 0, NULL, NULL },
  { "object", N_ ("OBJECT"), LVSCTL_COLUMN_PLAIN, 2, 0, NULL, format_object },
  { "details", N_ ("DETAILS"), LVSCTL_COLUMN_HIDE_EMPTY | LVSCTL_COLUMN_WRAP, 3, 0, get_details,
    format_details },
};

static const LvsctlListing plan_listing = {
  .name = "plan",
  .row_type = "(sssa{sv})",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .fields = LVSCTL_NO_FIELDS,
};

static void
print_json (GVariant *result, GPtrArray *rows)
{
  static const char *const members[] = { "added", "changed", "removed", "unchanged", "in-use" };
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (result, members[i], NULL);

      if (value != NULL)
        lvsctl_json_add (&object, members[i], value);
    }
  lvsctl_json_add (&object, plan_listing.name, lvsctl_listing_to_array (&plan_listing, rows));
  lvsctl_json_print (g_variant_builder_end (&object));
}

static void
print_text (LvsctlClient *client, GVariant *result, GPtrArray *rows)
{
  const char *in_use;

  if (rows->len > 0)
    lvsctl_selection_print (client, &plan_listing, rows);
  else if (!client->arguments->terse)
    lvsctl_client_say (client, _ ("Nothing would be changed."));
  if (g_variant_lookup (result, "in-use", "&s", &in_use))
    lvsctl_client_warn ((const char *const[]){ in_use, NULL });
}

gboolean
lvsctl_plan_print (LvsctlClient *client, GVariant *result, gsize *ret_steps, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GVariant) given = g_variant_lookup_value (result, "plan", NULL);
  g_autoptr (GVariant) plan =
      given != NULL ? lvsctl_decompress (given, "a(sssa{sv})", error) : NULL;

  if (given != NULL && plan == NULL)
    return FALSE;
  for (gsize i = 0; plan != NULL && i < g_variant_n_children (plan); i++)
    g_ptr_array_add (rows, g_variant_get_child_value (plan, i));
  if (client->arguments->json)
    print_json (result, rows);
  else
    print_text (client, result, rows);
  *ret_steps = rows->len;
  return TRUE;
}

void
lvsctl_plan_say_done (LvsctlClient *client, const char *done, GVariant *result)
{
  guint32 added = 0;
  guint32 changed = 0;
  guint32 removed = 0;
  guint32 unchanged = 0;
  guint32 seconds;

  if (client->arguments->json)
    {
      lvsctl_json_print (result);
      return;
    }
  g_variant_lookup (result, "added", "u", &added);
  g_variant_lookup (result, "changed", "u", &changed);
  g_variant_lookup (result, "removed", "u", &removed);
  g_variant_lookup (result, "unchanged", "u", &unchanged);
  lvsctl_client_say (client, _ ("%s: %u added, %u changed, %u removed, %u unchanged."), done, added,
                     changed, removed, unchanged);
  if (g_variant_lookup (result, "generation", "t", NULL)
      && g_variant_lookup (client->arguments->options, "confirm", "u", &seconds))
    lvsctl_client_say (
        client, _ ("It is taken back in %u seconds unless you type 'lvsctl confirm'."), seconds);
}
