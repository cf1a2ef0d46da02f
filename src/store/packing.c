/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "packing.h"

#include <glib/gi18n-lib.h>

#include "model/error.h"
#include "record.h"
#include "work.h"

struct _LvsdPacking
{
  LvsdChange *change;
  LvsdPackingFunc done;
  gpointer user_data;
  GBytes *payload;
  GError *error;
  LvsdWork *work;
};

GBytes *
lvsd_packing_make (const LvsdChange *change, GError **error)
{
  g_autoptr (GBytes) payload = lvsd_record_pack_change (change);

  if (g_bytes_get_size (payload) <= LVSD_RECORD_MAX)
    return g_steal_pointer (&payload);
  g_set_error (
      error, LVSD_ERROR, LVSD_ERROR_LIMITS_EXCEEDED,
      _ ("the change is too large to be stored (%zu bytes, at most %d); make it in several parts"),
      g_bytes_get_size (payload), LVSD_RECORD_MAX);
  return NULL;
}

static void
pack_in_thread (gpointer data)
{
  LvsdPacking *packing = data;

  packing->payload = lvsd_packing_make (packing->change, &packing->error);
}

static void
on_packed (gpointer data)
{
  g_autofree LvsdPacking *packing = data;
  g_autoptr (GBytes) payload = packing->payload;
  g_autoptr (GError) error = packing->error;

  packing->done (packing, payload, error, packing->user_data);
}

LvsdPacking *
lvsd_packing_start (LvsdChange *change, LvsdPackingFunc done, gpointer user_data)
{
  LvsdPacking *packing = g_new0 (LvsdPacking, 1);

  packing->change = change;
  packing->done = done;
  packing->user_data = user_data;
  packing->work = lvsd_work_start (pack_in_thread, on_packed, packing);
  return packing;
}

LvsdChange *
lvsd_packing_change (const LvsdPacking *packing)
{
  return packing->change;
}

void
lvsd_packing_wait (LvsdPacking *packing)
{
  lvsd_work_wait (packing->work);
}
