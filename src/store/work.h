/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One piece of pure I/O in a worker thread, on data that is handed over whole: nobody else touches
 * it until done is called, in the main context or in lvsd_work_wait. */
typedef struct _LvsdWork LvsdWork;
typedef void (*LvsdWorkFunc) (gpointer data);

LvsdWork *lvsd_work_start (LvsdWorkFunc run, LvsdWorkFunc done, gpointer data);
void lvsd_work_wait (LvsdWork *work);

G_END_DECLS
