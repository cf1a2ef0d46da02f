/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "change.h"

#include <glib/gi18n-lib.h>

#include "error.h"

#define MANY_EDITS 500

#define ROW_TYPE "(sma{sv}ma{sv})"

static void
clear_edit (gpointer data)
{
  LvsdEdit *edit = data;

  g_clear_pointer (&edit->before, lvsd_item_unref);
  g_clear_pointer (&edit->after, lvsd_item_unref);
}

LvsdChange *
lvsd_change_new (void)
{
  LvsdChange *change = g_new0 (LvsdChange, 1);

  change->edits = g_array_new (FALSE, FALSE, sizeof (LvsdEdit));
  g_array_set_clear_func (change->edits, clear_edit);
  return change;
}

void
lvsd_change_free (LvsdChange *change)
{
  g_array_unref (change->edits);
  g_free (change);
}

/* Takes references of its own. One of the two may be NULL. */
void
lvsd_change_add (LvsdChange *change, gpointer before, gpointer after)
{
  LvsdEdit edit = { .before = before != NULL ? lvsd_item_ref (before) : NULL,
                    .after = after != NULL ? lvsd_item_ref (after) : NULL };

  g_array_append_val (change->edits, edit);
}

/* The change that takes this one back, last edit first. */
LvsdChange *
lvsd_change_invert (const LvsdChange *change)
{
  LvsdChange *inverse = lvsd_change_new ();

  for (guint i = change->edits->len; i > 0; i--)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i - 1);

      lvsd_change_add (inverse, edit->after, edit->before);
    }
  return inverse;
}

static gboolean
configures (const LvsdEdit *edit)
{
  const LvsdItem *either = edit->before != NULL ? edit->before : edit->after;

  return !lvsd_kind_is_internal (lvsd_item_get_kind (either))
         && (edit->before == NULL || edit->after == NULL
             || !lvsd_item_fields_equal (edit->before, edit->after));
}

/* Whether it changes what a person configured, rather than what is set for now or the daemon's. */
gboolean
lvsd_change_is_of_configuration (const LvsdChange *change)
{
  for (guint i = 0; i < change->edits->len; i++)
    if (configures (lvsd_change_edit (change, i)))
      return TRUE;
  return FALSE;
}

/* Whether what is done with all of it takes so long that others are to get through meanwhile. */
gboolean
lvsd_change_is_large (const LvsdChange *change)
{
  return change->edits->len > MANY_EDITS;
}

/* Whether it has an edit of an item of this kind. */
gboolean
lvsd_change_touches (const LvsdChange *change, LvsdKind kind)
{
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);

      if (lvsd_item_get_kind (edit->before != NULL ? edit->before : edit->after) == kind)
        return TRUE;
    }
  return FALSE;
}

/* Makes the table hold what the change asks for. Edits are taken in order. */
void
lvsd_change_commit (const LvsdChange *change, LvsdTable *table)
{
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);

      lvsd_table_replace (table, edit->before, edit->after);
    }
}

typedef struct
{
  const LvsdChange *change;
  GPtrArray *items;
} Outcome;

static gboolean
take_outcome (gpointer item, gpointer user_data)
{
  Outcome *outcome = user_data;
  gpointer after = item;

  for (guint i = 0; i < outcome->change->edits->len; i++)
    if (lvsd_change_edit (outcome->change, i)->before == item)
      after = lvsd_change_edit (outcome->change, i)->after;
  if (after != NULL)
    g_ptr_array_add (outcome->items, after);
  return TRUE;
}

/* The items of a kind as they will be after the change, borrowed; not for destinations. */
GPtrArray *
lvsd_change_outcome (const LvsdChange *change, const LvsdTable *table, LvsdKind kind)
{
  Outcome outcome = { .change = change, .items = g_ptr_array_new () };

  lvsd_table_walk (table, kind, NULL, take_outcome, &outcome);
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);

      if (edit->before == NULL && lvsd_item_get_kind (edit->after) == kind)
        g_ptr_array_add (outcome.items, edit->after);
    }
  return outcome.items;
}

/* A service's identity is its key, but its name may not change either. */
static gboolean
is_same (const LvsdItem *before, const LvsdItem *after)
{
  const LvsdServiceIdentity *identity = lvsd_item_service (before);

  return lvsd_item_identity_equal (before, after)
         && (identity == NULL || g_strcmp0 (identity->name, lvsd_item_service (after)->name) == 0);
}

static gboolean
fits_table (const LvsdEdit *edit, gconstpointer found, const LvsdTable *table)
{
  const LvsdItem *item = edit->before != NULL ? edit->before : edit->after;
  const LvsdServiceIdentity *identity = lvsd_item_service (item);
  const LvsdService *service;

  if ((edit->before != NULL) != (found != NULL)
      || (edit->before != NULL && edit->after != NULL && !is_same (edit->before, edit->after)))
    return FALSE;
  if (identity == NULL)
    return TRUE;
  if (item->kind == LVSD_KIND_SERVICE)
    {
      service = lvsd_table_find_by_id (table, LVSD_KIND_SERVICE, identity->name);
      return service == found
             && (edit->after != NULL || lvsd_table_destinations (table, identity)->len == 0);
    }
  service = lvsd_table_find_service_by_key (table, &identity->key);
  return service != NULL && g_str_equal (service->identity->name, identity->name);
}

static void
take_back (const LvsdChange *done, LvsdTable *table)
{
  g_autoptr (LvsdChange) inverse = lvsd_change_invert (done);

  lvsd_change_commit (inverse, table);
}

/* As commit, for a change that was read back: its items are equal to those in the table, not the
 * same, and where it does not fit the table that is an error and the table stays as it was. */
gboolean
lvsd_change_replay (const LvsdChange *change, LvsdTable *table, GError **error)
{
  g_autoptr (LvsdChange) done = lvsd_change_new ();

  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);
      LvsdItem *either = edit->before != NULL ? edit->before : edit->after;
      LvsdItem *found = lvsd_table_find (table, either);

      if (!fits_table (edit, found, table))
        {
          g_autofree char *id = lvsd_item_dup_id (either);

          g_set_error (error, LVSD_ERROR, LVSD_ERROR_STORE_FAILED,
                       _ ("a recorded change of %s %s does not fit what was recorded before it"),
                       lvsd_item_class (lvsd_item_get_kind (either))->name, id);
          take_back (done, table);
          return FALSE;
        }
      lvsd_change_add (done, found, edit->after);
      lvsd_table_replace (table, found, edit->after);
    }
  return TRUE;
}

/* Nothing, or a dictionary and a byte that says that there is one. last is the last item that was
 * written, and becomes this one. */
static void
serialize_maybe (const LvsdItem *item, const LvsdItem **last, GByteArray *bytes)
{
  lvsd_serial_align (bytes);
  if (item == NULL)
    return;
  lvsd_item_serialize (item, *last, bytes);
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  *last = item;
}

/* The ends of all members but the last, the first one's last. */
static void
serialize_edit (const LvsdEdit *edit, const LvsdItem **last, GByteArray *bytes)
{
  LvsdKind kind = lvsd_item_get_kind (edit->before != NULL ? edit->before : edit->after);
  gsize start;
  gsize ends[2];

  lvsd_serial_align (bytes);
  start = bytes->len;
  lvsd_serial_add_string (bytes, lvsd_item_class (kind)->name);
  ends[1] = bytes->len;
  serialize_maybe (edit->before, last, bytes);
  ends[0] = bytes->len;
  serialize_maybe (edit->after, last, bytes);
  lvsd_serial_add_ends (bytes, start, ends, G_N_ELEMENTS (ends));
}

/* Returns a floating reference of type LVSD_CHANGE_VARIANT_TYPE. */
GVariant *
lvsd_change_to_variant (const LvsdChange *change)
{
  GByteArray *bytes = g_byte_array_sized_new (96 * change->edits->len);
  g_autofree gsize *ends = g_new (gsize, change->edits->len);
  g_autoptr (GBytes) data = NULL;
  const LvsdItem *last = NULL;

  for (guint i = 0; i < change->edits->len; i++)
    {
      serialize_edit (lvsd_change_edit (change, i), &last, bytes);
      ends[i] = bytes->len;
    }
  lvsd_serial_add_ends (bytes, 0, ends, change->edits->len);
  data = g_byte_array_free_to_bytes (bytes);
  return g_variant_new_from_bytes (G_VARIANT_TYPE (LVSD_CHANGE_VARIANT_TYPE), data, TRUE);
}

static gboolean
item_from_maybe (LvsdKind kind,
                 GVariant *maybe,
                 const LvsdItem *last,
                 LvsdItem **ret_item,
                 GError **error)
{
  g_autoptr (GVariant) variant = g_variant_get_maybe (maybe);

  *ret_item = variant != NULL ? lvsd_item_from_variant_behind (kind, variant, last, error) : NULL;
  return variant == NULL || *ret_item != NULL;
}

/* That stands in the last edit there is so far, borrowed. */
static const LvsdItem *
last_item (const LvsdChange *change)
{
  const LvsdEdit *edit;

  if (change->edits->len == 0)
    return NULL;
  edit = lvsd_change_edit (change, change->edits->len - 1);
  return edit->after != NULL ? edit->after : edit->before;
}

static gboolean
add_from_variant (LvsdChange *change, GVariant *row, GError **error)
{
  g_autoptr (GVariant) before_maybe = g_variant_get_child_value (row, 1);
  g_autoptr (GVariant) after_maybe = g_variant_get_child_value (row, 2);
  g_autoptr (LvsdItem) before = NULL;
  g_autoptr (LvsdItem) after = NULL;
  const char *name;
  LvsdKind kind;

  g_variant_get_child (row, 0, "&s", &name);
  if (!lvsd_kind_from_name (name, &kind))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT, _ ("'%s' is no kind of item"),
                   name);
      return FALSE;
    }
  if (!item_from_maybe (kind, before_maybe, last_item (change), &before, error)
      || !item_from_maybe (kind, after_maybe, before != NULL ? before : last_item (change), &after,
                           error))
    return FALSE;
  if (before == NULL && after == NULL)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT, _ ("an edit of a %s is empty"),
                   name);
      return FALSE;
    }
  lvsd_change_add (change, before, after);
  return TRUE;
}

/* GLib 2.74 looks at all that stands before an element each time that it is asked for one, which
 * makes the time quadratic. */
LvsdChange *
lvsd_change_from_variant (GVariant *variant, GError **error)
{
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  const LvsdSerial rows = { g_variant_get_data (variant), g_variant_get_size (variant) };
  guint n = lvsd_serial_count (&rows);

  for (guint i = 0; i < n; i++)
    {
      LvsdSerial child = lvsd_serial_child (&rows, i);
      g_autoptr (GVariant) row = g_variant_ref_sink (g_variant_new_from_data (
          G_VARIANT_TYPE (ROW_TYPE), child.data, child.size, TRUE, NULL, NULL));

      if (!add_from_variant (change, row, error))
        return NULL;
    }
  return g_steal_pointer (&change);
}
