/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/memory.h"

#include <malloc.h>

#define DELAY 5 /* seconds */

/* Less than this that has become free since is not worth the walk through all that is. */
#define WORTH_IT ((gsize) 1024 * 1024)

static gboolean pending;
static gsize given_back; /* free, but for the heap's end, when that was last done */

static gboolean
give_back (G_GNUC_UNUSED gpointer user_data)
{
  struct mallinfo2 information = mallinfo2 ();
  gsize free_inside = information.fordblks - information.keepcost;

  pending = FALSE;
  if (free_inside > given_back + WORTH_IT)
    {
      malloc_trim (0);
      given_back = free_inside;
    }
  else
    given_back = MIN (given_back, free_inside);
  return G_SOURCE_REMOVE;
}

/* free() gives back what lies at the end of the heap alone. */
void
lvsd_memory_give_back (void)
{
  if (pending)
    return;
  pending = TRUE;
  g_timeout_add_seconds_full (G_PRIORITY_LOW, DELAY, give_back, NULL, NULL);
}
