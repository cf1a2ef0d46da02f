/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "auth/audit-entry.h"

G_BEGIN_DECLS

/* Tells the journal who was to change what, and what became of it; without a journal it goes where
 * all that the daemon says goes. Nobody's reply waits for it: an entry is written once it is known
 * who the caller is and in which unit, and without that if it takes too long. */
typedef struct _LvsdAudit LvsdAudit;

/* The gate outlives it. */
LvsdAudit *lvsd_audit_new (LvsdGate *gate);
void lvsd_audit_free (LvsdAudit *audit);

void lvsd_audit_take (LvsdAudit *audit, LvsdAuditEntry *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdAudit, lvsd_audit_free)

G_END_DECLS
