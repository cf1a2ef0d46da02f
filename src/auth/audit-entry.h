/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "auth/gate.h"
#include "model/change.h"

G_BEGIN_DECLS

/* What the journal is told of one call that was to change something. */
typedef struct
{
  char *method;       /* "org.lvsd1.Manager.AddService" */
  const char *action; /* static; polkit's */
  char *sender;
  LvsdCredentials caller;
  const char *authorization; /* static; what let it pass, "none" where nothing did */
  guint n_edits;
  GPtrArray *objects; /* of char *: each "service web" */
  GString *before;    /* a line an object, of what is different */
  GString *after;
  char *error;   /* its name on the bus; NULL: it was done */
  char *message; /* the error's */
  gboolean is_refusal;
} LvsdAuditEntry;

LvsdAuditEntry *lvsd_audit_entry_new (const char *interface,
                                      const char *method,
                                      const char *action,
                                      const char *sender);
void lvsd_audit_entry_free (LvsdAuditEntry *entry);

void lvsd_audit_entry_add_object (LvsdAuditEntry *entry, gconstpointer item);
void lvsd_audit_entry_describe (LvsdAuditEntry *entry, const LvsdChange *change);
void lvsd_audit_entry_set_error (LvsdAuditEntry *entry, const GError *error, const char *message);

/* unit: NULL: not known. */
void lvsd_audit_entry_write (const LvsdAuditEntry *entry, const char *unit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdAuditEntry, lvsd_audit_entry_free)

G_END_DECLS
