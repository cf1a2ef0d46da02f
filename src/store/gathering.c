/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gathering.h"

/* Whoever has made a change so lately is expected to make another. */
#define RECENT (100 * G_TIME_SPAN_MILLISECOND)

/* How long they are waited for: less when that was in vain so many times more than not, and more
 * when they came a moment after it: two pairs of callers would else go on taking turns. */
#define MANY_TIMES 8
#define MOST_PATIENCE (20 * G_TIME_SPAN_MILLISECOND)
#define LEAST_PATIENCE (1 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  guint number;
  gint64 last;        /* when its last change came */
  gboolean is_here;   /* for the next group */
  gboolean is_missed; /* by the last one, which waited for it in vain */
} Caller;

struct _LvsdGathering
{
  GArray *callers; /* of Caller; who has not been there lately is forgotten */
  gint64 deadline; /* of the next group; 0: it does not wait yet */
  gint64 patience;
  int n_in_vain;   /* how often more than not they were waited for since all have come */
  gint64 given_up; /* when they last were not waited for any longer */
};

LvsdGathering *
lvsd_gathering_new (void)
{
  LvsdGathering *gathering = g_new0 (LvsdGathering, 1);

  gathering->callers = g_array_new (FALSE, FALSE, sizeof (Caller));
  gathering->patience = MOST_PATIENCE;
  return gathering;
}

void
lvsd_gathering_free (LvsdGathering *gathering)
{
  g_array_unref (gathering->callers);
  g_free (gathering);
}

static void
forget (LvsdGathering *gathering, gint64 now, guint caller)
{
  for (guint i = gathering->callers->len; i > 0; i--)
    {
      const Caller *one = &g_array_index (gathering->callers, Caller, i - 1);

      if (one->number == caller || now - one->last > RECENT)
        g_array_remove_index_fast (gathering->callers, i - 1);
    }
}

static gboolean
is_missed (const LvsdGathering *gathering, guint caller)
{
  for (guint i = 0; i < gathering->callers->len; i++)
    {
      const Caller *one = &g_array_index (gathering->callers, Caller, i);

      if (one->number == caller)
        return one->is_missed;
    }
  return FALSE;
}

/* Had it been waited for longer, it would have come in time. That weighs twice, since to have
 * waited in vain was counted for it already. */
static void
note_late (LvsdGathering *gathering)
{
  gathering->given_up = 0;
  gathering->n_in_vain -= 2;
  if (gathering->n_in_vain > -MANY_TIMES)
    return;
  gathering->patience = MIN (gathering->patience * 2, MOST_PATIENCE);
  gathering->n_in_vain = 0;
}

void
lvsd_gathering_note (LvsdGathering *gathering, guint caller)
{
  Caller one = { .number = caller, .last = g_get_monotonic_time (), .is_here = TRUE };

  if (caller == 0)
    return;
  if (one.last - gathering->given_up <= MOST_PATIENCE && is_missed (gathering, caller))
    note_late (gathering);
  forget (gathering, one.last, caller);
  g_array_append_val (gathering->callers, one);
}

guint
lvsd_gathering_rest (LvsdGathering *gathering, guint n_waiting)
{
  gint64 now = g_get_monotonic_time ();

  forget (gathering, now, 0);
  if (n_waiting >= gathering->callers->len)
    {
      if (gathering->callers->len > 1)
        {
          gathering->patience = MOST_PATIENCE;
          gathering->n_in_vain = 0;
        }
      return 0;
    }
  if (gathering->deadline == 0)
    gathering->deadline = now + gathering->patience;
  /* Rounded up, so that it is over then. */
  return (guint) ((MAX (gathering->deadline - now, 0) + G_TIME_SPAN_MILLISECOND - 1)
                  / G_TIME_SPAN_MILLISECOND);
}

static void
give_up (LvsdGathering *gathering, gint64 now)
{
  gathering->given_up = now;
  if (++gathering->n_in_vain < MANY_TIMES)
    return;
  gathering->patience = MAX (gathering->patience / 2, LEAST_PATIENCE);
  gathering->n_in_vain = 0;
}

void
lvsd_gathering_end (LvsdGathering *gathering)
{
  gint64 now = g_get_monotonic_time ();
  gboolean in_vain = gathering->deadline != 0 && now >= gathering->deadline;

  if (in_vain)
    give_up (gathering, now);
  for (guint i = 0; i < gathering->callers->len; i++)
    {
      Caller *one = &g_array_index (gathering->callers, Caller, i);

      one->is_missed = in_vain && !one->is_here;
      one->is_here = FALSE;
    }
  gathering->deadline = 0;
}
