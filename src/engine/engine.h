/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/adoption.h"
#include "engine/comparison.h"
#include "engine/problem.h"
#include "model/connection.h"
#include "model/declaration.h"
#include "model/plan.h"
#include "model/policy.h"

G_BEGIN_DECLS

/* Owns the desired state and is the only one who sees all rooms: it turns a change into a record in
 * the store, writes to the kernel, and news for the bus. */
typedef struct _LvsdEngine LvsdEngine;

typedef enum
{
  LVSD_SUBMIT_NONE = 0,
  LVSD_SUBMIT_FORCE = 1 << 0,   /* also where traffic is cut */
  LVSD_SUBMIT_ADOPT = 1 << 1,   /* the kernel holds the afters already: Conflict if it does not */
  LVSD_SUBMIT_RECOVER = 1 << 2, /* ends a degraded state */
} LvsdSubmitFlags;

/* How an item stands in the kernel, as far as lvsd knows without asking it. */
typedef enum
{
  LVSD_STATE_APPLIED,
  LVSD_STATE_DOWN,    /* an address that is not to be up */
  LVSD_STATE_WAITING, /* for its interface, or for another address of its subnet */
  LVSD_STATE_MISSING,
  LVSD_STATE_CHANGED,
  LVSD_STATE_FAILED, /* the kernel refuses it */
} LvsdState;

extern const LvsdTerm lvsd_state_terms[];

/* Where the kernel differs, or differed, from what is desired. */
typedef struct
{
  LvsdItem *item;
  LvsdDrift drift;
  LvsdItem *wanted; /* what the kernel is to hold, and what it holds; NULL: nothing, or not told */
  LvsdItem *held;
} LvsdDifference;

/* Told of everything that changes, in order, and before the reply to whoever asked for it. */
typedef struct
{
  void (*committed) (const LvsdChange *change, gpointer user_data);
  void (*state_changed) (LvsdItem *item, gpointer user_data); /* item NULL: the node's own state */
  /* Of LvsdDifference: each once when it was found, and once more when lvsd repaired it. */
  void (*drifted) (const GArray *differences, gboolean repaired, gpointer user_data);
} LvsdEngineObserver;

/* policy_path: of lvsd.conf, which need not be there. */
LvsdEngine *lvsd_engine_new (const char *state_directory, const char *policy_path, GError **error);
void lvsd_engine_drain (LvsdEngine *engine);
void lvsd_engine_free (LvsdEngine *engine);

/* Makes the kernel match the store, item by item; what cannot be done yet is in the problems. */
void lvsd_engine_restore (LvsdEngine *engine);

/* Reads lvsd.conf again. */
void lvsd_engine_reload (LvsdEngine *engine);
const LvsdPolicy *lvsd_engine_policy (const LvsdEngine *engine);

void
lvsd_engine_observe (LvsdEngine *engine, const LvsdEngineObserver *observer, gpointer user_data);

const LvsdTable *lvsd_engine_table (const LvsdEngine *engine);
guint64 lvsd_engine_generation (const LvsdEngine *engine);

/* "clean", "attention", "confirm-pending" or "degraded", and for the last why. */
const char *lvsd_engine_state (LvsdEngine *engine, const char **ret_reason);
LvsdState lvsd_engine_item_state (LvsdEngine *engine, gpointer item, const char **ret_reason);

/* Carries out a change, which it takes over. Every before in it must still be what the table holds,
 * else the error is Conflict: the change was made up before somebody thought about allowing it.
 * The callback comes after the observers were told. */
void lvsd_engine_submit_async (LvsdEngine *engine,
                               LvsdChange *change,
                               LvsdSubmitFlags flags,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean lvsd_engine_submit_finish (LvsdEngine *engine, GAsyncResult *result, GError **error);

/* What of the kernel's could be taken over: to be submitted with LVSD_SUBMIT_ADOPT. */
LvsdAdoption *
lvsd_engine_propose_adoption (LvsdEngine *engine, const LvsdAdoptionScope *scope, GError **error);

/* A person's word to make the kernel match in all that differs, what was changed by hand included,
 * as a start does; what is not ours stays. It ends a degraded state. Other changes wait meanwhile.
 * names: of services, which are all that it is about, or NULL for everything that is not held.
 * ret_writes: how many were needed. Fails with ReadOnly or StoreFailed, and for services with
 * NotFound or Conflict. */
void lvsd_engine_reconcile_async (LvsdEngine *engine,
                                  const char *const *names,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean lvsd_engine_reconcile_finish (LvsdEngine *engine,
                                       GAsyncResult *result,
                                       guint *ret_writes,
                                       GError **error);

/* Says in a draft of LvsdHold, which has its seconds, when it begins and ends. */
void lvsd_engine_begin_hold (LvsdEngine *engine, LvsdHold *draft);

/* Whether it is not over yet. */
gboolean lvsd_engine_is_in_force (LvsdEngine *engine, const LvsdHold *hold);

/* Whether the item, or its service, is held. */
gboolean lvsd_engine_is_held (LvsdEngine *engine, gconstpointer item);

/* Whether the change would be taken as things are, but for a generation that waits to be confirmed;
 * it gets the settings that it would bring about, and must stay until the callback is called.
 * ret_in_use: why it would have to be forced, or NULL. Nothing is written. */
void lvsd_engine_rehearse_async (LvsdEngine *engine,
                                 LvsdChange *change,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean lvsd_engine_rehearse_finish (LvsdEngine *engine,
                                      GAsyncResult *result,
                                      char **ret_in_use,
                                      GError **error);

/* A change that adds a draft of LvsdGeneration makes a generation: the engine fills in its number,
 * time and digest, and what a deadline, in seconds from then on, needs. */

/* The generation that waits to be confirmed, with the seconds left, or NULL. */
const LvsdGeneration *lvsd_engine_pending (LvsdEngine *engine, gint64 *ret_seconds);
LvsdChange *lvsd_engine_confirm (LvsdEngine *engine, GError **error);

/* Of LvsdItem: what a generation holds; number 0: the last that is not as the state is now. */
void lvsd_engine_read_generation_async (LvsdEngine *engine,
                                        guint32 number,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
GPtrArray *lvsd_engine_read_generation_finish (LvsdEngine *engine,
                                               GAsyncResult *result,
                                               GHashTable **ret_index,
                                               GError **error);

/* What goes back to the items of a generation, with their lvsd_declaration_index. */
LvsdChange *lvsd_engine_return_to (LvsdEngine *engine,
                                   GPtrArray *items,
                                   GHashTable *index,
                                   LvsdDeclarationCounts *ret_counts,
                                   GError **error);

/* What the kernel does not hold as it is desired; see comparison.h. */
void
lvsd_engine_compare_async (LvsdEngine *engine, GAsyncReadyCallback callback, gpointer user_data);
LvsdComparison *
lvsd_engine_compare_finish (LvsdEngine *engine, GAsyncResult *result, GError **error);

/* What the kernel holds now: the service of a key, without its destinations (see service-reading.h
 * for all of them); and the destinations of one. */
LvsdActual *
lvsd_engine_read_service (LvsdEngine *engine, const LvsdServiceKey *key, GError **error);
LvsdActual *
lvsd_engine_read_destinations (LvsdEngine *engine, LvsdServiceIdentity *identity, GError **error);

/* The sync daemons that run now, with those that are not ours. */
LvsdActual *lvsd_engine_read_sync (LvsdEngine *engine, GError **error);

/* The schedulers that this kernel has, NULL-terminated; none while IPVS cannot be reached. They are
 * probed the first time that somebody asks, by which the kernel loads their modules. */
const char *const *lvsd_engine_schedulers (LvsdEngine *engine);

/* Sets the counters of services to 0, of LvsdServiceIdentity, but for those that the kernel does
 * not hold. ret_zeroed becomes how many it were. */
gboolean lvsd_engine_zero (LvsdEngine *engine,
                           const GPtrArray *identities,
                           guint *ret_zeroed,
                           GError **error);

/* An array of LvsdConnection, at most as many as the filter's limit. */
void lvsd_engine_list_connections_async (LvsdEngine *engine,
                                         const LvsdConnectionFilter *filter,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
GArray *lvsd_engine_list_connections_finish (LvsdEngine *engine,
                                             GAsyncResult *result,
                                             gboolean *ret_truncated,
                                             GError **error);

char *lvsd_engine_read_setting (LvsdEngine *engine, const char *name);

gboolean
lvsd_engine_announce (LvsdEngine *engine, const LvsdVirtualAddress *address, GError **error);

/* Of LvsdProblem: everything that keeps the node from doing what it was told to. */
GPtrArray *lvsd_engine_problems (LvsdEngine *engine);

/* What may keep this destination from working although it could be added; NULL when nothing. */
char *lvsd_engine_warning (LvsdEngine *engine, const LvsdDestination *destination);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdEngine, lvsd_engine_free)

G_END_DECLS
