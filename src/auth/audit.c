/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "auth/audit.h"

/* Entries that wait for what is not known yet; a caller in a loop must not make them more. */
#define MAX_WAITING 1000

struct _LvsdAudit
{
  LvsdGate *gate; /* borrowed */
  GQueue waiting; /* of Waiting */
};

/* Freed when the answer comes, which may be after its entry was written. */
typedef struct
{
  LvsdAudit *audit; /* borrowed; NULL once the entry was written */
  LvsdAuditEntry *entry;
} Waiting;

LvsdAudit *
lvsd_audit_new (LvsdGate *gate)
{
  LvsdAudit *audit = g_new0 (LvsdAudit, 1);

  audit->gate = gate;
  g_queue_init (&audit->waiting);
  return audit;
}

static void
write_out (Waiting *waiting, const char *unit)
{
  if (waiting->audit == NULL)
    return;
  g_queue_remove (&waiting->audit->waiting, waiting);
  waiting->audit = NULL;
  lvsd_audit_entry_write (waiting->entry, unit);
  g_clear_pointer (&waiting->entry, lvsd_audit_entry_free);
}

void
lvsd_audit_free (LvsdAudit *audit)
{
  while (!g_queue_is_empty (&audit->waiting))
    write_out (g_queue_peek_head (&audit->waiting), NULL);
  g_free (audit);
}

static void
on_unit_known (const char *name, gpointer user_data)
{
  Waiting *waiting = user_data;

  write_out (waiting, name);
  g_free (waiting);
}

static void
wait_for_unit (Waiting *waiting)
{
  lvsd_unit_when_known (waiting->entry->caller.unit, on_unit_known, waiting);
}

static void
on_identified (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waiting *waiting = user_data;
  LvsdCredentials caller = { 0 };
  gboolean identified = lvsd_gate_identify_finish (result, &caller, NULL);

  if (identified && waiting->audit != NULL)
    {
      waiting->entry->caller = caller;
      wait_for_unit (waiting);
      return;
    }
  lvsd_credentials_clear (&caller);
  write_out (waiting, NULL);
  g_free (waiting);
}

/* Takes the entry over. */
void
lvsd_audit_take (LvsdAudit *audit, LvsdAuditEntry *entry)
{
  Waiting *waiting = g_new0 (Waiting, 1);

  waiting->audit = audit;
  waiting->entry = entry;
  g_queue_push_tail (&audit->waiting, waiting);
  if (entry->caller.unit != NULL)
    wait_for_unit (waiting);
  else
    lvsd_gate_identify_async (audit->gate, entry->sender, on_identified, waiting);
  if (g_queue_get_length (&audit->waiting) > MAX_WAITING)
    write_out (g_queue_peek_head (&audit->waiting), NULL);
}
