/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lets callers take turns: each waits for one call of every other, and not for all that somebody
 * has sent at once. The calls of one caller keep their order. */
typedef struct _LvsdTurns LvsdTurns;

LvsdTurns *lvsd_turns_new (void);

/* What still waits is destroyed. */
void lvsd_turns_free (LvsdTurns *turns);

/* serve is called from the main loop and takes call over. */
void lvsd_turns_wait (LvsdTurns *turns,
                      const char *caller,
                      void (*serve) (gpointer call),
                      gpointer call,
                      GDestroyNotify destroy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdTurns, lvsd_turns_free)

G_END_DECLS
