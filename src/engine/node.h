/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/contention.h"
#include "engine/engine.h"
#include "kernel/announcement.h"
#include "kernel/ipvs-monitor.h"
#include "kernel/ipvs.h"
#include "kernel/links.h"
#include "kernel/tunnels.h"
#include "model/policy.h"
#include "model/table.h"
#include "store/store.h"

G_BEGIN_DECLS

typedef struct _LvsdDriftNews LvsdDriftNews;

/* What the files of this room share: the desired state, the rooms below, and how each item stands.
 * The engine owns the one node there is. */
typedef struct
{
  LvsdTable *table;
  LvsdStore *store;
  LvsdIpvs *ipvs;
  LvsdIpvsMonitor *ipvs_monitor;
  LvsdLinks *links;
  LvsdTunnels *tunnels;
  LvsdAnnouncer *announcer;
  GHashTable *standings;   /* item -> Standing; an item that is not there is applied */
  GHashTable *locks;       /* scopes of the transactions under way */
  guint large;             /* transactions under way that take long */
  guint64 generation;      /* the number of the last change */
  guint32 last_generation; /* the greatest number that one in the history ever had */
  guint64 edits;      /* changes of the configuration that made no generation, since the start */
  guint64 edits_kept; /* how many of them the newest generation holds; G_MAXUINT64: not known */
  guint64 edits_being_kept; /* by the one that is being prepared */
  char *degraded;           /* why nothing is repaired without being asked, or NULL */
  char *kernel_problem;     /* why IPVS cannot be reached, or NULL */
  LvsdDriftNews *news;      /* what differs; NULL before anybody is told */
  LvsdContention *contention;
  LvsdPolicy policy;    /* what is repaired */
  char *policy_path;    /* of lvsd.conf, which may say otherwise */
  char *policy_problem; /* what is wrong with that file, or NULL */
  GStrv schedulers;     /* that the kernel has; NULL until somebody has asked */
  char boot_id[37];
  /* By state; see sync-links.h. */
  int sync_links[LVSD_SYNC_BACKUP + 1];
  LvsdEngineObserver observer;
  gpointer observer_data;
} LvsdNode;

LvsdNode *lvsd_engine_node (LvsdEngine *engine);

/* The engine drains only when the callback of the task has been called. */
void lvsd_engine_await (LvsdEngine *engine, GTask *task);

LvsdState lvsd_node_standing (LvsdNode *node, gconstpointer item, const char **ret_reason);
void lvsd_node_set_standing (LvsdNode *node, gpointer item, LvsdState state, const char *reason);
void lvsd_node_degrade (LvsdNode *node, const char *reason);
void lvsd_node_recover (LvsdNode *node);
void lvsd_node_set_kernel_problem (LvsdNode *node, const char *problem);
void lvsd_node_set_policy_problem (LvsdNode *node, const char *problem);
gint64 lvsd_node_boot_seconds (void);
void lvsd_node_committed (LvsdNode *node, const LvsdChange *change);

/* Why a setting is missing, in words. */
const char *lvsd_reason_setting_missing (void);

G_END_DECLS
