/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "auth/audit.h"
#include "bus/declared.h"
#include "engine/engine.h"

G_BEGIN_DECLS

typedef struct _LvsdRequest LvsdRequest;
typedef struct _LvsdListing LvsdListing;

/* One row of the dispatch table: the way a method goes. decode says what is asked and changes
 * nothing; between decode and perform lies the gate, and with it as long as a person thinks. */
typedef struct
{
  const char *interface;
  const char *name;
  const char *action;  /* LVSD_FREE: open to everybody */
  const char *message; /* for the person who is asked for a password; polkit translates it */
  gboolean (*decode) (LvsdRequest *request, GError **error);
  void (*perform) (LvsdRequest *request);
} LvsdCall;

/* How it was decided whether a request may be performed. */
typedef enum
{
  LVSD_VERDICT_NONE, /* not yet, or it may not: the error that it ends with says which */
  LVSD_VERDICT_FREE, /* everybody may */
  LVSD_VERDICT_ROOT,
  LVSD_VERDICT_ALLOWED, /* by polkit */
} LvsdVerdict;

#define LVSD_FREE ""

/* A method call under way. */
struct _LvsdRequest
{
  LvsdEngine *engine;
  LvsdGate *gate;
  LvsdAudit *audit;
  const LvsdCall *call;
  GDBusMethodInvocation *invocation;
  GVariant *parameters;
  GUnixFDList *files;  /* that came with them; NULL: none */
  LvsdItem *target;    /* the object that was called; NULL: the manager */
  const char *action;  /* the call's, or a lesser one that decode found to be enough */
  const char *message; /* likewise */
  gboolean divisible;  /* allowed as well to whoever may do each part of the change */
  gboolean anew;       /* decoded again after a wait, to fit what is there then */
  LvsdVerdict verdict;
  LvsdCredentials caller; /* known before anything but LVSD_VERDICT_FREE */
  LvsdChange *change;     /* what decode came to */
  LvsdSubmitFlags flags;
  LvsdGeneration *generation;   /* that the change makes; NULL: none */
  LvsdDeclarationCounts counts; /* of the change, where it comes from a declaration */
  gboolean dry_run;             /* only say what would be done */
  gboolean compressed;          /* the rows of the reply */
  char *in_use;                 /* why a dry run would have to be forced, or NULL */
  GPtrArray *required; /* items that the change stands on: still the same when it is made */
  GVariant *reply;     /* NULL: () */
  GVariant *(*make_reply) (LvsdRequest *request); /* instead, after the change was made */
  GPtrArray *added;                               /* items for make_reply */
  LvsdDeclared *declared; /* by the arguments, where a thread has read them already; or NULL */
  LvsdConnectionFilter connections;
  LvsdListing *listing;             /* that perform makes, piece by piece */
  GPtrArray *configuration;         /* items that perform describes, in another thread */
  guint64 configuration_generation; /* of the desired state, when that was taken */
  GPtrArray
      *generation_items; /* of the generation that the call names, read before it is decoded */
  GHashTable *generation_index; /* of them */
  LvsdAuditEntry *entry;        /* NULL: it changes nothing, or what it changes was written down */
};

LvsdRequest *lvsd_request_new (LvsdEngine *engine,
                               LvsdGate *gate,
                               LvsdAudit *audit,
                               const LvsdCall *call,
                               GDBusMethodInvocation *invocation,
                               gpointer target);
void lvsd_request_free (LvsdRequest *request);

const LvsdTable *lvsd_request_table (const LvsdRequest *request);
GVariantDict *lvsd_request_options (const LvsdRequest *request);
gboolean lvsd_request_take_force (LvsdRequest *request, GVariantDict *options, GError **error);

/* "compressed": rows come as bytes then, and without it there may not be more than so many, or
 * LimitsExceeded. */
gboolean lvsd_request_take_compressed (LvsdRequest *request, GVariantDict *options, GError **error);
gboolean lvsd_request_check_rows (const LvsdRequest *request, guint n_rows, GError **error);
GVariant *lvsd_request_compress (const LvsdRequest *request, GVariant *rows);

/* What decode builds. */
void lvsd_request_set_reply (LvsdRequest *request, GVariant *reply);
void lvsd_request_require (LvsdRequest *request, gpointer item);
void lvsd_request_add_edit (LvsdRequest *request, gpointer before, gpointer after);
gboolean lvsd_request_edit_target (LvsdRequest *request, GVariantDict *options, GError **error);

/* What perform does; each ends the request, through lvsd_request_answer or lvsd_request_fail. */
void lvsd_request_answer (LvsdRequest *request);

/* Has a thread make the reply, floating, of what nobody changes meanwhile, and sends it; NULL with
 * an error: that is the answer. data is destroyed afterwards, destroy may be NULL. */
typedef GVariant *(*LvsdReplyMaker) (gpointer data, GError **error);
void lvsd_request_answer_from_thread (LvsdRequest *request,
                                      LvsdReplyMaker make,
                                      gpointer data,
                                      GDestroyNotify destroy);
void lvsd_request_fail (LvsdRequest *request, GError *error);
void lvsd_request_submit (LvsdRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdRequest, lvsd_request_free)

G_END_DECLS
