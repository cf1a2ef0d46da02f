/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/memory.h"

#include <malloc.h>
#include <stdio.h>

#define DELAY 5 /* seconds */

/* What has to have come since the last time to be worth the walk through all that is free: a
 * part of what there was then, and not less than so many pages. */
#define WORTH_A_PART 20 /* a twentieth */
#define WORTH_PAGES 32

static gboolean pending;
static gulong kept; /* pages that we had when that was last done */

/* Pages in memory that are ours alone and not a library's; 0: not to be told. */
static gulong
count_pages (void)
{
  g_autofree char *text = NULL;
  gulong resident = 0;
  gulong shared = 0;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL)
      || sscanf (text, "%*u %lu %lu", &resident, &shared) != 2)
    return 0;
  return resident - shared;
}

static gboolean
give_back (G_GNUC_UNUSED gpointer user_data)
{
  pending = FALSE;
  if (count_pages () < kept + MAX (kept / WORTH_A_PART, WORTH_PAGES))
    return G_SOURCE_REMOVE;
  malloc_trim (0);
  kept = count_pages ();
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
