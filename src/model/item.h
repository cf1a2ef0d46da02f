/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "field.h"
#include "key.h"
#include "vardict.h"

G_BEGIN_DECLS

/* The kinds of things that make up the desired state. The order is the one in which they are
 * listed and exported. */
typedef enum
{
  LVSD_KIND_SERVICE,
  LVSD_KIND_DESTINATION,
  LVSD_KIND_ADDRESS,
  LVSD_KIND_ROLE,
  LVSD_KIND_SETTING,
  LVSD_KIND_SYNC,
  LVSD_KIND_REPLACED,
  LVSD_KIND_GENERATION,
  LVSD_KIND_HOLD,
} LvsdKind;

#define LVSD_N_KINDS (LVSD_KIND_HOLD + 1)

/* The common head of every item: LvsdService, LvsdDestination, LvsdVirtualAddress, LvsdRole,
 * LvsdSetting, LvsdSyncDaemon, LvsdReplaced, LvsdGeneration and LvsdHold start with it. An item is
 * filled in as a draft by its only owner and never changed after it was shared; an edit makes a
 * copy. So two pointers are equal exactly when nothing was edited in between, and the old item is
 * the undo. */
typedef struct
{
  _Alignas(gpointer) gatomicrefcount references; /* as what begins with an item is aligned */
  guint8 kind;
} LvsdItem;

typedef struct
{
  const char *name; /* "service": the group in the store, the last part of object paths */
  gsize size;
  const LvsdField *fields;
  gsize n_fields;
  void (*clear) (LvsdItem *item);  /* release what the item owns; may be NULL */
  void (*copied) (LvsdItem *item); /* take references of one's own after a copy; may be NULL */
  char *(*dup_id) (const LvsdItem *item);
  guint (*identity_hash) (const LvsdItem *item);
  gboolean (*identity_equal) (const LvsdItem *a, const LvsdItem *b);
  gboolean (*validate) (const LvsdItem *item, GError **error);
  void (*get_more) (const LvsdItem *item, LvsdVardict *into); /* identity and what no field says */
  gboolean (*set_more) (LvsdItem *item, GVariantDict *from, GError **error);
} LvsdItemClass;

const LvsdItemClass *lvsd_item_class (LvsdKind kind);
gboolean lvsd_kind_from_name (const char *name, LvsdKind *ret_kind);

gpointer lvsd_item_new (LvsdKind kind);
gpointer lvsd_item_copy (gconstpointer item);
gpointer lvsd_item_ref (gpointer item);
void lvsd_item_unref (gpointer item);

#define lvsd_item_get_kind(item) ((LvsdKind) ((const LvsdItem *) (item))->kind)

char *lvsd_item_dup_id (gconstpointer item);
LvsdServiceIdentity *lvsd_item_service (gconstpointer item);
guint lvsd_item_identity_hash (gconstpointer item);
gboolean lvsd_item_identity_equal (gconstpointer a, gconstpointer b);
gboolean lvsd_item_fields_equal (gconstpointer a, gconstpointer b);
gboolean lvsd_kind_is_internal (LvsdKind kind);
gboolean lvsd_item_validate (gconstpointer item, GError **error);
const LvsdField *lvsd_item_find_field (LvsdKind kind, const char *name);

/* Options of a caller: each key is taken out of the dictionary, and one that is left is an error.
 */
gboolean
lvsd_item_set_options (gpointer draft, GVariant *options, gboolean editing, GError **error);

/* The whole item, identity included, as a{sv}: for the journal and for Apply. */
GVariant *lvsd_item_to_variant (gconstpointer item);
gpointer lvsd_item_from_variant (LvsdKind kind, GVariant *variant, GError **error);

/* The same for items that are written and read one after the other: a destination of the service
 * that the one before it is or belongs to does not say once more which that is. before: that one,
 * or NULL. */
void lvsd_item_serialize (gconstpointer item, gconstpointer before, GByteArray *bytes);
gpointer lvsd_item_from_variant_behind (LvsdKind kind,
                                        GVariant *variant,
                                        gconstpointer before,
                                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdItem, lvsd_item_unref)

G_END_DECLS
