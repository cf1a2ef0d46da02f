/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hold.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"

#define NUMBER(name, member, maximum)                                                              \
  {                                                                                                \
    name, LVSD_FIELD_UINT32, G_STRUCT_OFFSET (LvsdHold, member), 0, maximum, 0, NULL,              \
        LVSD_FIELD_INTERNAL, NULL, NULL                                                            \
  }

static const LvsdField fields[] = {
  NUMBER ("time", time, G_MAXUINT32),
  NUMBER ("uid", uid, G_MAXUINT32),
  NUMBER ("seconds", seconds, LVSD_HOLD_SECONDS_MAX),
  NUMBER ("deadline", deadline, G_MAXUINT32),
  { "boot-id", LVSD_FIELD_WORD, G_STRUCT_OFFSET (LvsdHold, boot_id), 0, 36, 0, NULL,
    LVSD_FIELD_INTERNAL, NULL, NULL },
};

static char *
dup_hold_id (const LvsdItem *item)
{
  return g_strdup (((const LvsdHold *) item)->name);
}

static guint
hash_hold (const LvsdItem *item)
{
  return g_str_hash (((const LvsdHold *) item)->name);
}

static gboolean
equal_hold (const LvsdItem *a, const LvsdItem *b)
{
  return g_str_equal (((const LvsdHold *) a)->name, ((const LvsdHold *) b)->name);
}

static gboolean
validate_hold (const LvsdItem *item, GError **error)
{
  const LvsdHold *hold = (const LvsdHold *) item;

  if (strpbrk (hold->name, " \t\n/") == NULL && hold->name[0] != '\0'
      && g_utf8_validate (hold->name, -1, NULL) && (hold->seconds == 0) == (hold->deadline == 0))
    return TRUE;
  g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                       _ ("hold: is of no service, or has a time without an end"));
  return FALSE;
}

static void
get_identity (const LvsdItem *item, LvsdVardict *into)
{
  lvsd_vardict_add_string (into, "name", ((const LvsdHold *) item)->name);
}

static gboolean
set_identity (LvsdItem *item, GVariantDict *from, GError **error)
{
  LvsdHold *hold = (LvsdHold *) item;
  const char *name;

  if (!g_variant_dict_lookup (from, "name", "&s", &name) || strlen (name) >= sizeof hold->name)
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                           _ ("hold: name: must be that of a service"));
      return FALSE;
    }
  g_strlcpy (hold->name, name, sizeof hold->name);
  g_variant_dict_remove (from, "name");
  return TRUE;
}

const LvsdItemClass lvsd_hold_class = {
  .name = "hold",
  .size = sizeof (LvsdHold),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .dup_id = dup_hold_id,
  .identity_hash = hash_hold,
  .identity_equal = equal_hold,
  .validate = validate_hold,
  .get_more = get_identity,
  .set_more = set_identity,
};

/* A draft, without an end. */
LvsdHold *
lvsd_hold_new (const char *name)
{
  LvsdHold *hold = lvsd_item_new (LVSD_KIND_HOLD);

  g_strlcpy (hold->name, name, sizeof hold->name);
  return hold;
}
