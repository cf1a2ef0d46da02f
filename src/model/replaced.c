/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "replaced.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"
#include "receiver.h"

static const LvsdField fields[] = {
  { "previous", LVSD_FIELD_INT32, G_STRUCT_OFFSET (LvsdReplaced, previous), 0, 0, 0, NULL,
    LVSD_FIELD_INTERNAL, NULL, NULL },
  { "written", LVSD_FIELD_INT32, G_STRUCT_OFFSET (LvsdReplaced, written), 0, 0, 0, NULL,
    LVSD_FIELD_INTERNAL, NULL, NULL },
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
  if (lvsd_receiver_parse (name, &setting)
      || (g_str_has_prefix (name, "net/") && strstr (name, "..") == NULL
          && strstr (name, "//") == NULL))
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("setting '%s' is not one of the network's"), name);
  return FALSE;
}

static void
get_identity (const LvsdItem *item, GVariantDict *into)
{
  g_variant_dict_insert (into, "name", "s", ((const LvsdReplaced *) item)->name);
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
lvsd_replaced_new (const char *name, gint32 previous, gint32 written)
{
  LvsdReplaced *replaced = lvsd_item_new (LVSD_KIND_REPLACED);

  g_strlcpy (replaced->name, name, sizeof replaced->name);
  replaced->previous = previous;
  replaced->written = written;
  return replaced;
}

/* Whether the kernel may have none of it, which is then like an address that is missing, and put
 * back like one. A setting below /proc/sys always has some value. */
gboolean
lvsd_replaced_can_vanish (const LvsdReplaced *replaced)
{
  return !g_str_has_prefix (replaced->name, "net/");
}

/* Whether there was none before, so that giving it back means deleting it. */
gboolean
lvsd_replaced_is_our_addition (const LvsdReplaced *replaced)
{
  return lvsd_replaced_can_vanish (replaced) && replaced->previous == 0;
}
