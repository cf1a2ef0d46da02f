/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/service-reading.h"

#include "kernel/ipvs-dump.h"

struct _LvsdServiceReading
{
  LvsdActual *actual;
  LvsdIpvsDump *dump;
};

LvsdServiceReading *
lvsd_service_reading_new (void)
{
  LvsdServiceReading *reading = g_new0 (LvsdServiceReading, 1);

  reading->actual = lvsd_actual_new ();
  reading->dump = lvsd_ipvs_dump_new (NULL, reading->actual);
  return reading;
}

void
lvsd_service_reading_free (LvsdServiceReading *reading)
{
  lvsd_ipvs_dump_free (reading->dump);
  g_clear_pointer (&reading->actual, lvsd_actual_free);
  g_free (reading);
}

gboolean
lvsd_service_reading_go_on (LvsdServiceReading *reading, LvsdActual **ret_actual, GError **error)
{
  gboolean complete;

  *ret_actual = NULL;
  if (!lvsd_ipvs_dump_go_on (reading->dump, &complete, error))
    return FALSE;
  if (complete)
    *ret_actual = g_steal_pointer (&reading->actual);
  return TRUE;
}
