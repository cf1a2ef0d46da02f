/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "auth/unit.h"

#include <systemd/sd-bus.h>

#define SYSTEMD_NAME "org.freedesktop.systemd1"
#define SYSTEMD_PATH "/org/freedesktop/systemd1"
#define SYSTEMD_INTERFACE "org.freedesktop.systemd1.Manager"

/* systemd may be loading units anew; what is not known by then is written without it. */
#define PATIENCE 10 /* seconds */

/* Questions that are open at a time. The bus lets a connection wait for 128 answers, those of
 * polkit among them, and goes on counting one that we would wait for no longer. */
#define MAX_UNANSWERED 16

struct _LvsdUnits
{
  GDBusConnection *connection;
  guint n_unanswered;
};

typedef struct
{
  LvsdUnitKnown known;
  gpointer user_data;
} Waiter;

struct _LvsdUnit
{
  guint n_references; /* of one thread */
  gboolean is_known;
  char *name;
  GArray *waiters; /* of Waiter */
  LvsdUnits *units;
  guint patience;
};

LvsdUnits *
lvsd_units_new (GDBusConnection *connection)
{
  LvsdUnits *units = g_rc_box_new0 (LvsdUnits);

  units->connection = g_object_ref (connection);
  return units;
}

static void
clear_units (gpointer data)
{
  g_object_unref (((LvsdUnits *) data)->connection);
}

/* Questions that are open keep it. */
void
lvsd_units_unref (LvsdUnits *units)
{
  g_rc_box_release_full (units, clear_units);
}

LvsdUnit *
lvsd_unit_ref (LvsdUnit *unit)
{
  unit->n_references++;
  return unit;
}

void
lvsd_unit_unref (LvsdUnit *unit)
{
  if (--unit->n_references > 0)
    return;
  g_array_unref (unit->waiters);
  g_free (unit->name);
  lvsd_units_unref (unit->units);
  g_free (unit);
}

static void
tell_waiters (LvsdUnit *unit)
{
  unit->is_known = TRUE;
  g_clear_handle_id (&unit->patience, g_source_remove);
  for (guint i = 0; i < unit->waiters->len; i++)
    {
      const Waiter *waiter = &g_array_index (unit->waiters, Waiter, i);

      waiter->known (unit->name, waiter->user_data);
    }
  g_array_set_size (unit->waiters, 0);
}

/* The object path is the unit's name, escaped. */
static char *
take_name (GVariant *reply)
{
  const char *path;
  char *decoded = NULL;
  char *name;

  g_variant_get (reply, "(&o)", &path);
  if (sd_bus_path_decode (path, SYSTEMD_PATH "/unit", &decoded) <= 0)
    return NULL;
  name = g_strdup (decoded);
  free (decoded);
  return name;
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LvsdUnit) unit = user_data;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  unit->units->n_unanswered--;
  if (reply != NULL)
    unit->name = take_name (reply);
  tell_waiters (unit);
}

static gboolean
on_patience_lost (gpointer user_data)
{
  LvsdUnit *unit = user_data;

  unit->patience = 0;
  tell_waiters (unit);
  return G_SOURCE_REMOVE;
}

static void
ask (LvsdUnit *unit, guint32 pid)
{
  unit->units->n_unanswered++;
  unit->patience = g_timeout_add_seconds (PATIENCE, on_patience_lost, unit);
  g_dbus_connection_call (unit->units->connection, SYSTEMD_NAME, SYSTEMD_PATH, SYSTEMD_INTERFACE,
                          "GetUnitByPID", g_variant_new ("(u)", pid), G_VARIANT_TYPE ("(o)"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, G_MAXINT, NULL, on_answered,
                          lvsd_unit_ref (unit));
}

/* Asked as soon as the bus has told the process, while that waits for its answer, since a number
 * may be another process's later. pid may be 0: not known. A systemd that does not answer is not
 * asked any more. */
LvsdUnit *
lvsd_unit_new (LvsdUnits *units, guint32 pid)
{
  LvsdUnit *unit = g_new0 (LvsdUnit, 1);

  unit->n_references = 1;
  unit->units = g_rc_box_acquire (units);
  unit->waiters = g_array_new (FALSE, FALSE, sizeof (Waiter));
  unit->is_known = pid == 0 || units->n_unanswered >= MAX_UNANSWERED;
  if (!unit->is_known)
    ask (unit, pid);
  return unit;
}

/* Calls back at once where it is known already. */
void
lvsd_unit_when_known (LvsdUnit *unit, LvsdUnitKnown known, gpointer user_data)
{
  const Waiter waiter = { known, user_data };

  if (unit->is_known)
    known (unit->name, user_data);
  else
    g_array_append_val (unit->waiters, waiter);
}
