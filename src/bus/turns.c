/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/turns.h"

/* How long callers are served before the main loop gets to something else: a new caller is seen
 * after that, and whoever waits for the disk goes on. */
#define BUDGET 2000 /* microseconds */

typedef struct
{
  void (*serve) (gpointer call);
  gpointer call;
  GDestroyNotify destroy;
} Waiting;

/* Those who wait are in both; the calls of one of them, in their order. */
struct _LvsdTurns
{
  GHashTable *lines; /* caller -> GQueue of Waiting */
  GQueue order;      /* of callers, borrowed from lines; the next is first */
  guint source;
};

static void
free_waiting (gpointer data)
{
  Waiting *waiting = data;

  waiting->destroy (waiting->call);
  g_free (waiting);
}

static void
free_line (gpointer data)
{
  g_queue_free_full (data, free_waiting);
}

LvsdTurns *
lvsd_turns_new (void)
{
  LvsdTurns *turns = g_new0 (LvsdTurns, 1);

  turns->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_line);
  g_queue_init (&turns->order);
  return turns;
}

void
lvsd_turns_free (LvsdTurns *turns)
{
  if (turns->source != 0)
    g_source_remove (turns->source);
  g_queue_clear (&turns->order);
  g_hash_table_unref (turns->lines);
  g_free (turns);
}

/* Whoever has more to say goes to the end. */
static Waiting *
take_next (LvsdTurns *turns)
{
  const char *caller = g_queue_pop_head (&turns->order);
  GQueue *line = g_hash_table_lookup (turns->lines, caller);
  Waiting *waiting = g_queue_pop_head (line);

  if (g_queue_is_empty (line))
    g_hash_table_remove (turns->lines, caller);
  else
    g_queue_push_tail (&turns->order, (gpointer) caller);
  return waiting;
}

static gboolean
serve (gpointer user_data)
{
  LvsdTurns *turns = user_data;
  gint64 end = g_get_monotonic_time () + BUDGET;

  while (!g_queue_is_empty (&turns->order))
    {
      g_autofree Waiting *waiting = take_next (turns);

      waiting->serve (waiting->call);
      if (g_get_monotonic_time () >= end)
        return G_SOURCE_CONTINUE;
    }
  turns->source = 0;
  return G_SOURCE_REMOVE;
}

static GQueue *
stand_in_line (LvsdTurns *turns, const char *caller)
{
  char *name = g_strdup (caller);
  GQueue *line = g_queue_new ();

  g_hash_table_insert (turns->lines, name, line);
  g_queue_push_tail (&turns->order, name);
  return line;
}

void
lvsd_turns_wait (LvsdTurns *turns,
                 const char *caller,
                 void (*serve_call) (gpointer call),
                 gpointer call,
                 GDestroyNotify destroy)
{
  GQueue *line = g_hash_table_lookup (turns->lines, caller);
  Waiting *waiting = g_new0 (Waiting, 1);

  waiting->serve = serve_call;
  waiting->call = call;
  waiting->destroy = destroy;
  if (line == NULL)
    line = stand_in_line (turns, caller);
  g_queue_push_tail (line, waiting);
  if (turns->source == 0)
    turns->source = g_idle_add_full (G_PRIORITY_DEFAULT, serve, turns, NULL);
}
