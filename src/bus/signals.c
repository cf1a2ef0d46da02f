/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/signals.h"

#include "bus/differences.h"
#include "bus/object-path.h"
#include "bus/properties.h"
#include "dbus/names.h"

#define PROPERTIES_INTERFACE "org.freedesktop.DBus.Properties"
#define OBJECT_MANAGER_INTERFACE "org.freedesktop.DBus.ObjectManager"

/* A change of more edits than this is told as a whole: whoever follows it reads the lists again. */
#define MAX_EDITS_TOLD 100

/* To find whether the node is clean all of it is looked at: not with each of a thousand changes. */
#define STATE_DELAY 1 /* second */

struct _LvsdSignals
{
  GDBusConnection *connection;
  LvsdEngine *engine;
  GHashTable *live; /* object path -> a{sv} of the properties that are live, as last told */
  GVariant *state;  /* a{sv}: the properties of the node that follow its state, as last told */
  guint state_timer;
};

static void
emit (LvsdSignals *signals,
      const char *path,
      const char *interface,
      const char *name,
      GVariant *parameters)
{
  g_autoptr (GError) error = NULL;

  if (!g_dbus_connection_emit_signal (signals->connection, NULL, path, interface, name, parameters,
                                      &error))
    g_debug ("signal %s of %s: %s", name, path, error->message);
}

static void
emit_properties_changed (LvsdSignals *signals,
                         const char *path,
                         const char *interface,
                         GVariant *changed)
{
  emit (signals, path, PROPERTIES_INTERFACE, "PropertiesChanged",
        g_variant_new ("(s@a{sv}as)", interface, changed, NULL));
}

/* What is in now and not the same in before: a floating a{sv}. */
static GVariant *
subtract (GVariant *now, GVariant *before)
{
  GVariantBuilder changed;
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  g_variant_iter_init (&iter, now);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      g_autoptr (GVariant) old = g_variant_lookup_value (before, name, NULL);

      if (old == NULL || !g_variant_equal (old, value))
        g_variant_builder_add (&changed, "{sv}", name, value);
    }
  return g_variant_builder_end (&changed);
}

/* The properties that the item has by itself, or those that the kernel decides. */
static GVariant *
get_properties (LvsdSignals *signals, gpointer item, gboolean live)
{
  GDBusPropertyInfo **properties =
      lvsd_properties_interface (lvsd_item_get_kind (item))->properties;
  GVariantBuilder values;

  g_variant_builder_init (&values, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; properties[i] != NULL; i++)
    if (lvsd_properties_is_live (properties[i]->name) == live)
      g_variant_builder_add (&values, "{sv}", properties[i]->name,
                             lvsd_properties_get (signals->engine, item, properties[i]->name));
  return g_variant_ref_sink (g_variant_builder_end (&values));
}

static gboolean
is_live (gpointer item)
{
  return lvsd_item_get_kind (item) == LVSD_KIND_ADDRESS
         || lvsd_item_get_kind (item) == LVSD_KIND_ROLE;
}

static void
remember_live (LvsdSignals *signals, gpointer item)
{
  if (is_live (item))
    g_hash_table_replace (signals->live, lvsd_object_path_for_item (item),
                          get_properties (signals, item, TRUE));
}

static void
merge (GVariantDict *into, GVariant *from)
{
  g_autoptr (GVariant) values = g_variant_ref_sink (from);
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    g_variant_dict_insert_value (into, name, value);
}

/* Exactly what changed, which may be nothing. before is after where only the kernel changed. */
static void
tell_changed (LvsdSignals *signals, gpointer before, gpointer after)
{
  g_autofree char *path = lvsd_object_path_for_item (after);
  g_autoptr (GVariant) values = NULL;
  GVariant *told = g_hash_table_lookup (signals->live, path);
  GVariantDict changed;

  g_variant_dict_init (&changed, NULL);
  if (before != after)
    {
      g_autoptr (GVariant) old = get_properties (signals, before, FALSE);
      g_autoptr (GVariant) new = get_properties (signals, after, FALSE);

      merge (&changed, subtract (new, old));
    }
  if (told != NULL)
    {
      g_autoptr (GVariant) live = get_properties (signals, after, TRUE);

      merge (&changed, subtract (live, told));
      remember_live (signals, after);
    }
  values = g_variant_ref_sink (g_variant_dict_end (&changed));
  if (g_variant_n_children (values) > 0)
    emit_properties_changed (signals, path,
                             lvsd_properties_interface (lvsd_item_get_kind (after))->name, values);
}

static void
tell_added (LvsdSignals *signals, gpointer item)
{
  g_autofree char *path = lvsd_object_path_for_item (item);
  GVariantBuilder interfaces;

  g_variant_builder_init (&interfaces, G_VARIANT_TYPE ("a{sa{sv}}"));
  g_variant_builder_add (&interfaces, "{s@a{sv}}",
                         lvsd_properties_interface (lvsd_item_get_kind (item))->name,
                         lvsd_properties_get_all (signals->engine, item));
  emit (signals, LVSD_OBJECT_PATH, OBJECT_MANAGER_INTERFACE, "InterfacesAdded",
        g_variant_new ("(oa{sa{sv}})", path, &interfaces));
}

static void
tell_removed (LvsdSignals *signals, gpointer item)
{
  g_autofree char *path = lvsd_object_path_for_item (item);
  const char *const interfaces[] = { lvsd_properties_interface (lvsd_item_get_kind (item))->name,
                                     NULL };

  emit (signals, LVSD_OBJECT_PATH, OBJECT_MANAGER_INTERFACE, "InterfacesRemoved",
        g_variant_new ("(o^as)", path, interfaces));
}

static void
forget_live (LvsdSignals *signals, gpointer item)
{
  g_autofree char *path = is_live (item) ? lvsd_object_path_for_item (item) : NULL;

  if (path != NULL)
    g_hash_table_remove (signals->live, path);
}

static void
follow_edit (LvsdSignals *signals, const LvsdEdit *edit, gboolean tell)
{
  if (edit->before == NULL)
    {
      remember_live (signals, edit->after);
      if (tell)
        tell_added (signals, edit->after);
    }
  else if (edit->after == NULL)
    {
      forget_live (signals, edit->before);
      if (tell)
        tell_removed (signals, edit->before);
    }
  else if (tell)
    tell_changed (signals, edit->before, edit->after);
  else
    remember_live (signals, edit->after);
}

static GVariant *
get_state (LvsdSignals *signals)
{
  static const char *const names[] = { "State", "StateReason", "Policy", "IpvsadmWeights",
                                       "Holds" };
  GVariantDict values;

  g_variant_dict_init (&values, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_variant_dict_insert_value (&values, names[i],
                                 lvsd_properties_get_of_node (signals->engine, names[i]));
  return g_variant_ref_sink (g_variant_dict_end (&values));
}

static void
tell_state (LvsdSignals *signals)
{
  g_autoptr (GVariant) told = g_steal_pointer (&signals->state);
  g_autoptr (GVariant) changed = NULL;

  signals->state = get_state (signals);
  changed = g_variant_ref_sink (subtract (signals->state, told));
  if (g_variant_n_children (changed) > 0)
    emit_properties_changed (signals, LVSD_OBJECT_PATH, LVSD_INTERFACE_MANAGER, changed);
}

static gboolean
on_state_timer (gpointer user_data)
{
  LvsdSignals *signals = user_data;

  signals->state_timer = 0;
  tell_state (signals);
  return G_SOURCE_REMOVE;
}

static void
tell_state_soon (LvsdSignals *signals)
{
  if (signals->state_timer == 0)
    signals->state_timer = g_timeout_add_seconds (STATE_DELAY, on_state_timer, signals);
}

static void
tell_generation (LvsdSignals *signals)
{
  GVariantDict changed;

  g_variant_dict_init (&changed, NULL);
  g_variant_dict_insert (&changed, "Generation", "t", lvsd_engine_generation (signals->engine));
  emit_properties_changed (signals, LVSD_OBJECT_PATH, LVSD_INTERFACE_MANAGER,
                           g_variant_dict_end (&changed));
}

static void
tell_summary (LvsdSignals *signals, guint32 added, guint32 changed, guint32 removed)
{
  GVariantDict summary;

  g_variant_dict_init (&summary, NULL);
  g_variant_dict_insert (&summary, "added", "u", added);
  g_variant_dict_insert (&summary, "changed", "u", changed);
  g_variant_dict_insert (&summary, "removed", "u", removed);
  emit (signals, LVSD_OBJECT_PATH, LVSD_INTERFACE_MANAGER, "Changed",
        g_variant_new ("(t@a{sv})", lvsd_engine_generation (signals->engine),
                       g_variant_dict_end (&summary)));
}

/* What was replaced is nobody's business; settings and sync daemons are no objects, but changes all
 * the same. */
static void
on_committed (const LvsdChange *change, gpointer user_data)
{
  LvsdSignals *signals = user_data;
  gboolean tell = change->edits->len <= MAX_EDITS_TOLD;
  gboolean holds = FALSE;
  guint32 added = 0;
  guint32 changed = 0;
  guint32 removed = 0;

  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);
      gpointer subject = edit->after != NULL ? edit->after : edit->before;

      holds |= lvsd_item_get_kind (subject) == LVSD_KIND_HOLD;
      if (lvsd_item_get_kind (subject) == LVSD_KIND_REPLACED)
        continue;
      if (lvsd_properties_interface (lvsd_item_get_kind (subject)) != NULL)
        follow_edit (signals, edit, tell);
      if (edit->before == NULL)
        added++;
      else if (edit->after == NULL)
        removed++;
      else
        changed++;
    }
  tell_generation (signals);
  if (holds)
    tell_state (signals);
  else
    tell_state_soon (signals);
  tell_summary (signals, added, changed, removed);
}

static void
on_state_changed (LvsdItem *item, gpointer user_data)
{
  LvsdSignals *signals = user_data;

  if (item == NULL)
    {
      tell_state (signals);
      return;
    }
  if (is_live (item))
    tell_changed (signals, item, item);
  tell_state_soon (signals);
}

/* With more of them the number says the rest: ListDifferences has them all. */
static void
on_drifted (const GArray *differences, gboolean repaired, gpointer user_data)
{
  LvsdSignals *signals = user_data;
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(ssssa{sv})"));
  for (guint i = 0; i < MIN (differences->len, MAX_EDITS_TOLD); i++)
    {
      const LvsdDifference *difference = &g_array_index (differences, LvsdDifference, i);

      lvsd_differences_add (&rows, difference->item, difference->drift, difference->wanted,
                            difference->held);
    }
  emit (signals, LVSD_OBJECT_PATH, LVSD_INTERFACE_MANAGER, repaired ? "Repaired" : "DriftDetected",
        g_variant_new ("(ua(ssssa{sv}))", differences->len, &rows));
  tell_state_soon (signals);
}

static gboolean
begin_live (gpointer item, gpointer user_data)
{
  remember_live (user_data, item);
  return TRUE;
}

LvsdSignals *
lvsd_signals_new (GDBusConnection *connection, LvsdEngine *engine)
{
  static const LvsdEngineObserver observer = { on_committed, on_state_changed, on_drifted };
  LvsdSignals *signals = g_new0 (LvsdSignals, 1);

  signals->connection = g_object_ref (connection);
  signals->engine = engine;
  signals->live =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  signals->state = get_state (signals);
  lvsd_table_walk (lvsd_engine_table (engine), LVSD_KIND_ADDRESS, NULL, begin_live, signals);
  lvsd_table_walk (lvsd_engine_table (engine), LVSD_KIND_ROLE, NULL, begin_live, signals);
  lvsd_engine_observe (engine, &observer, signals);
  return signals;
}

void
lvsd_signals_free (LvsdSignals *signals)
{
  static const LvsdEngineObserver nobody;

  lvsd_engine_observe (signals->engine, &nobody, NULL);
  if (signals->state_timer != 0)
    g_source_remove (signals->state_timer);
  g_hash_table_unref (signals->live);
  g_variant_unref (signals->state);
  g_object_unref (signals->connection);
  g_free (signals);
}
