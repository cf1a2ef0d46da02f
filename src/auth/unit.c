/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "auth/unit.h"

#include <systemd/sd-bus.h>

#define SYSTEMD_NAME "org.freedesktop.systemd1"
#define SYSTEMD_PATH "/org/freedesktop/systemd1"
#define SYSTEMD_INTERFACE "org.freedesktop.systemd1.Manager"

/* systemd may be loading units anew; what is not known by then is written without it. */
#define ANSWER_TIMEOUT 10000 /* milliseconds */

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
};

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
  g_free (unit);
}

static void
tell_waiters (LvsdUnit *unit)
{
  unit->is_known = TRUE;
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

  if (reply != NULL)
    unit->name = take_name (reply);
  tell_waiters (unit);
}

/* Asked as soon as the bus has told the process, while that waits for its answer, since a number
 * may be another process's later. pid may be 0: not known. */
LvsdUnit *
lvsd_unit_new (GDBusConnection *connection, guint32 pid)
{
  LvsdUnit *unit = g_new0 (LvsdUnit, 1);

  unit->n_references = 1;
  unit->is_known = pid == 0;
  unit->waiters = g_array_new (FALSE, FALSE, sizeof (Waiter));
  if (pid != 0)
    g_dbus_connection_call (connection, SYSTEMD_NAME, SYSTEMD_PATH, SYSTEMD_INTERFACE,
                            "GetUnitByPID", g_variant_new ("(u)", pid), G_VARIANT_TYPE ("(o)"),
                            G_DBUS_CALL_FLAGS_NO_AUTO_START, ANSWER_TIMEOUT, NULL, on_answered,
                            lvsd_unit_ref (unit));
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
