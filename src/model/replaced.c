/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "replaced.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"
#include "receiver.h"
#include "setting.h"

static const LvsdField fields[] = {
  { "previous", LVSD_FIELD_WORD, G_STRUCT_OFFSET (LvsdReplaced, previous), 0, LVSD_SYSCTL_VALUE_MAX,
    0, NULL, LVSD_FIELD_INTERNAL | LVSD_FIELD_SPACED, NULL, NULL },
  { "written", LVSD_FIELD_WORD, G_STRUCT_OFFSET (LvsdReplaced, written), 0, LVSD_SYSCTL_VALUE_MAX,
    0, NULL, LVSD_FIELD_INTERNAL | LVSD_FIELD_SPACED, NULL, NULL },
  { "boot-id", LVSD_FIELD_WORD, G_STRUCT_OFFSET (LvsdReplaced, boot_id), 0, 36, 0, NULL,
    LVSD_FIELD_INTERNAL, NULL, NULL },
};

static char *
dup_replaced_id (const LvsdItem *item)
{
  return g_strdup (((const LvsdReplaced *) item)->name);
}

static guint
hash_replaced (const LvsdItem *item)
{
  return g_str_hash (((const LvsdReplaced *) item)->name);
}

static gboolean
equal_replaced (const LvsdItem *a, const LvsdItem *b)
{
  return g_str_equal (((const LvsdReplaced *) a)->name, ((const LvsdReplaced *) b)->name);
}

/* The name becomes a path below /proc/sys, so nothing may lead out of the network's part of it. */
static gboolean
validate_replaced (const LvsdItem *item, GError **error)
{
  const char *name = ((const LvsdReplaced *) item)->name;
  LvsdReceiverSetting setting;

  if (!g_utf8_validate (name, -1, NULL))
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                           _ ("setting: name: is not UTF-8, so it cannot be stored; rename the "
                              "interface"));
      return FALSE;
    }
  if (lvsd_receiver_parse (name, &setting) || lvsd_setting_is_timeout (name)
      || (g_str_has_prefix (name, "net/") && strstr (name, "..") == NULL
          && strstr (name, "//") == NULL))
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("setting '%s' is not one of the network's"), name);
  return FALSE;
}

static void
get_identity (const LvsdItem *item, LvsdVardict *into)
{
  lvsd_vardict_add_string (into, "name", ((const LvsdReplaced *) item)->name);
}

static gboolean
set_identity (LvsdItem *item, GVariantDict *from, GError **error)
{
  const char *name;

  if (!g_variant_dict_lookup (from, "name", "&s", &name) || strlen (name) > LVSD_SYSCTL_MAX)
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                           _ ("setting: name: is missing or too long"));
      return FALSE;
    }
  g_strlcpy (((LvsdReplaced *) item)->name, name, sizeof ((LvsdReplaced *) item)->name);
  g_variant_dict_remove (from, "name");
  return TRUE;
}

const LvsdItemClass lvsd_replaced_class = {
  .name = "replaced",
  .size = sizeof (LvsdReplaced),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .dup_id = dup_replaced_id,
  .identity_hash = hash_replaced,
  .identity_equal = equal_replaced,
  .validate = validate_replaced,
  .get_more = get_identity,
  .set_more = set_identity,
};

/* A draft, without a boot id yet. */
LvsdReplaced *
lvsd_replaced_new (const char *name, const char *previous, const char *written)
{
  LvsdReplaced *replaced = lvsd_item_new (LVSD_KIND_REPLACED);

  g_strlcpy (replaced->name, name, sizeof replaced->name);
  g_strlcpy (replaced->previous, previous, sizeof replaced->previous);
  g_strlcpy (replaced->written, written, sizeof replaced->written);
  return replaced;
}

/* One whose values are numbers. */
LvsdReplaced *
lvsd_replaced_new_number (const char *name, gint32 previous, gint32 written)
{
  g_autofree char *before = g_strdup_printf ("%d", previous);
  g_autofree char *after = g_strdup_printf ("%d", written);

  return lvsd_replaced_new (name, before, after);
}

gint32
lvsd_replaced_to_number (const char *value)
{
  return (gint32) g_ascii_strtoll (value, NULL, 10);
}

/* Whether the kernel may have none of it, which is then like an address that is missing, and put
 * back like one. What is not of receiver.h always has some value, while its module or interface is
 * there. */
gboolean
lvsd_replaced_can_vanish (const LvsdReplaced *replaced)
{
  LvsdReceiverSetting setting;

  return lvsd_receiver_parse (replaced->name, &setting);
}

/* Whether there was none before, so that giving it back means deleting it. */
gboolean
lvsd_replaced_is_our_addition (const LvsdReplaced *replaced)
{
  return lvsd_replaced_can_vanish (replaced)
         && g_str_equal (replaced->previous, LVSD_REPLACED_NONE);
}

/* As people know it: sysctl(8) writes dots, and what is none of its stays as it is. */
char *
lvsd_replaced_format_name (const LvsdReplaced *replaced)
{
  return lvsd_replaced_can_vanish (replaced) ? g_strdup (replaced->name)
                                             : lvsd_setting_format_name (replaced->name);
}
