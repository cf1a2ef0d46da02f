/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/request.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "auth/actions.h"
#include "bus/answer.h"
#include "bus/compression.h"
#include "bus/listing.h"
#include "bus/memory.h"
#include "bus/options.h"
#include "engine/discard.h"
#include "model/error.h"

/* What an error may quote of a call is a line for a person; the reply to a call with a string of
 * 30 MiB must not become larger than the bus takes, since it throws out who sends that. */
#define MAX_MESSAGE_SIZE 4096

/* Rows are put into a message value by value, under a lock that every other answer waits for, and
 * the bus copies that while what comes after it waits. */
#define MAX_ROWS 10000

/* dbus-daemon takes messages of 32 MiB at most and throws out who sends a larger one. */
#define MAX_REPLY_SIZE ((gsize) 24 * 1024 * 1024)

static LvsdAuditEntry *
begin_entry (const LvsdCall *call, GDBusMethodInvocation *invocation, gconstpointer target)
{
  LvsdAuditEntry *entry;

  if (g_str_equal (call->action, LVSD_FREE)
      || g_str_equal (call->action, LVSD_ACTION_LIST_CONNECTIONS))
    return NULL;
  entry = lvsd_audit_entry_new (call->interface, call->name, call->action,
                                g_dbus_method_invocation_get_sender (invocation));
  if (target != NULL)
    lvsd_audit_entry_add_object (entry, target);
  return entry;
}

LvsdRequest *
lvsd_request_new (LvsdEngine *engine,
                  LvsdGate *gate,
                  LvsdAudit *audit,
                  const LvsdCall *call,
                  GDBusMethodInvocation *invocation,
                  gpointer target)
{
  LvsdRequest *request = g_new0 (LvsdRequest, 1);

  request->engine = engine;
  request->gate = gate;
  request->audit = audit;
  request->call = call;
  request->invocation = invocation;
  request->parameters = g_dbus_method_invocation_get_parameters (invocation);
  request->files =
      g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (invocation));
  request->target = target != NULL ? lvsd_item_ref (target) : NULL;
  request->action = call->action;
  request->message = call->message;
  request->change = lvsd_change_new ();
  request->required = g_ptr_array_new_with_free_func (lvsd_item_unref);
  request->added = g_ptr_array_new_with_free_func (lvsd_item_unref);
  request->entry = begin_entry (call, invocation, target);
  return request;
}

static void
discard_items (GPtrArray *items)
{
  if (items->len > MAX_ROWS)
    lvsd_discard (items, (GDestroyNotify) g_ptr_array_unref);
  else
    g_ptr_array_unref (items);
}

static void
discard_change (LvsdChange *change)
{
  if (lvsd_change_is_large (change))
    lvsd_discard (change, (GDestroyNotify) lvsd_change_free);
  else
    lvsd_change_free (change);
}

void
lvsd_request_free (LvsdRequest *request)
{
  g_clear_pointer (&request->target, lvsd_item_unref);
  g_clear_pointer (&request->change, discard_change);
  g_clear_pointer (&request->reply, g_variant_unref);
  g_clear_pointer (&request->generation, lvsd_item_unref);
  g_clear_pointer (&request->generation_index, g_hash_table_unref);
  g_clear_pointer (&request->generation_items, discard_items);
  g_clear_pointer (&request->entry, lvsd_audit_entry_free);
  lvsd_credentials_clear (&request->caller);
  g_free (request->in_use);
  g_ptr_array_unref (request->required);
  g_ptr_array_unref (request->added);
  g_clear_pointer (&request->declared, lvsd_declared_free);
  g_clear_pointer (&request->listing, lvsd_listing_free);
  g_clear_pointer (&request->configuration, discard_items);
  g_free (request);
}

const LvsdTable *
lvsd_request_table (const LvsdRequest *request)
{
  return lvsd_engine_table (request->engine);
}

/* The options, which are the last argument of every method that has some. */
GVariantDict *
lvsd_request_options (const LvsdRequest *request)
{
  gsize n = g_variant_n_children (request->parameters);
  g_autoptr (GVariant) options = g_variant_get_child_value (request->parameters, n - 1);

  return g_variant_dict_new (options);
}

gboolean
lvsd_request_take_force (LvsdRequest *request, GVariantDict *options, GError **error)
{
  gboolean force = FALSE;

  if (!lvsd_options_take_boolean (options, "force", &force, error))
    return FALSE;
  if (force)
    request->flags |= LVSD_SUBMIT_FORCE;
  return TRUE;
}

gboolean
lvsd_request_take_compressed (LvsdRequest *request, GVariantDict *options, GError **error)
{
  return lvsd_options_take_boolean (options, "compressed", &request->compressed, error);
}

gboolean
lvsd_request_check_rows (const LvsdRequest *request, guint n_rows, GError **error)
{
  if (request->compressed || n_rows <= MAX_ROWS)
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_LIMITS_EXCEEDED,
               _ ("%s: the answer would have %u rows, and more than %d are given only compressed, "
                  "with the option 'compressed'"),
               request->call->name, n_rows, MAX_ROWS);
  return FALSE;
}

/* Consumes rows if it is floating, and returns a floating value. */
GVariant *
lvsd_request_compress (const LvsdRequest *request, GVariant *rows)
{
  return request->compressed ? lvsd_compress (rows) : rows;
}

/* Consumes reply if it is floating. */
void
lvsd_request_set_reply (LvsdRequest *request, GVariant *reply)
{
  g_clear_pointer (&request->reply, g_variant_unref);
  request->reply = g_variant_ref_sink (reply);
}

void
lvsd_request_require (LvsdRequest *request, gpointer item)
{
  g_ptr_array_add (request->required, lvsd_item_ref (item));
}

void
lvsd_request_add_edit (LvsdRequest *request, gpointer before, gpointer after)
{
  lvsd_change_add (request->change, before, after);
}

/* An edit that changes nothing adds nothing to the change. */
gboolean
lvsd_request_edit_target (LvsdRequest *request, GVariantDict *options, GError **error)
{
  g_autoptr (LvsdItem) draft = lvsd_item_copy (request->target);
  gboolean changed;

  if (!lvsd_options_fill (options, draft, TRUE, error))
    return FALSE;
  changed = !lvsd_item_fields_equal (request->target, draft);
  if (changed)
    lvsd_request_add_edit (request, request->target, draft);
  lvsd_request_set_reply (request, g_variant_new ("(b)", changed));
  return TRUE;
}

static gboolean
has_bus_name (const GError *error)
{
  return error->domain == LVSD_ERROR || error->domain == G_DBUS_ERROR;
}

/* An error's text may hold a piece of what a caller sent, cut anywhere; the bus takes only what is
 * valid UTF-8. */
static char *
dup_message (const GError *error)
{
  return g_utf8_make_valid (error->message, (gssize) strnlen (error->message, MAX_MESSAGE_SIZE));
}

static void
return_error (GDBusMethodInvocation *invocation, const GError *error, const char *message)
{
  if (has_bus_name (error))
    g_dbus_method_invocation_return_error_literal (invocation, error->domain, error->code, message);
  else
    g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR, G_DBUS_ERROR_FAILED,
                                                   message);
}

/* It was found, while it was decoded, that it only says what would be done. */
static gboolean
is_rehearsal (const LvsdRequest *request)
{
  return g_str_equal (request->action, LVSD_FREE);
}

/* Of what the change was before the engine took it over, or of what it would have been. */
static void
describe (LvsdRequest *request)
{
  if (request->entry == NULL || request->change == NULL)
    return;
  if (request->change->edits->len == 0)
    for (guint i = 0; i < request->required->len; i++)
      if (g_ptr_array_index (request->required, i) != request->target)
        lvsd_audit_entry_add_object (request->entry, g_ptr_array_index (request->required, i));
  lvsd_audit_entry_describe (request->entry, request->change);
}

static const char *
authorization (LvsdVerdict verdict)
{
  switch (verdict)
    {
    case LVSD_VERDICT_NONE:
      return "none";
    case LVSD_VERDICT_FREE:
      return "needless";
    case LVSD_VERDICT_ROOT:
      return "root";
    case LVSD_VERDICT_ALLOWED:
      return "polkit";
    }
  g_assert_not_reached ();
}

static void
tell_journal (LvsdRequest *request, const GError *error, const char *message)
{
  LvsdAuditEntry *entry;

  describe (request);
  entry = g_steal_pointer (&request->entry);
  lvsd_credentials_copy (&request->caller, &entry->caller);
  entry->authorization = authorization (request->verdict);
  if (error != NULL)
    lvsd_audit_entry_set_error (entry, error, message);
  lvsd_audit_take (request->audit, entry);
}

/* The one end of every request, whatever became of it: who asked is in caller, how it was decided
 * in verdict, and error is NULL where it was done. */
static void
end (LvsdRequest *request, const GError *error)
{
  g_autoptr (LvsdRequest) owned = request;
  g_autofree char *message = error != NULL ? dup_message (error) : NULL;

  if (error == NULL)
    lvsd_answer_send (owned->invocation, g_steal_pointer (&owned->reply));
  else
    return_error (owned->invocation, error, message);
  if (owned->entry != NULL && !is_rehearsal (owned))
    tell_journal (owned, error, message);
  lvsd_memory_give_back ();
}

static void
answer (LvsdRequest *request)
{
  if (request->reply != NULL && g_variant_get_size (request->reply) > MAX_REPLY_SIZE)
    lvsd_request_fail (request,
                       g_error_new_literal (LVSD_ERROR, LVSD_ERROR_LIMITS_EXCEEDED,
                                            _ ("the answer would be too large for the bus; ask "
                                               "for less of it at a time")));
  else
    end (request, NULL);
}

typedef struct
{
  LvsdReplyMaker make;
  gpointer data;
  GDestroyNotify destroy;
} Making;

static void
free_making (gpointer data)
{
  Making *making = data;

  if (making->destroy != NULL)
    making->destroy (making->data);
  g_free (making);
}

static void
make_in_thread (GTask *task,
                G_GNUC_UNUSED gpointer source,
                gpointer data,
                G_GNUC_UNUSED GCancellable *cancellable)
{
  const Making *making = data;
  GError *error = NULL;
  GVariant *reply = making->make (making->data, &error);

  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_variant_get_size (reply); /* which is a walk through all of it, once */
  g_task_return_pointer (task, g_variant_ref_sink (reply), (GDestroyNotify) g_variant_unref);
}

static void
on_made (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  LvsdRequest *request = user_data;
  GError *error = NULL;
  g_autoptr (GVariant) reply = g_task_propagate_pointer (G_TASK (result), &error);

  if (reply == NULL)
    {
      lvsd_request_fail (request, error);
      return;
    }
  lvsd_request_set_reply (request, reply);
  answer (request);
}

void
lvsd_request_answer_from_thread (LvsdRequest *request,
                                 LvsdReplyMaker make,
                                 gpointer data,
                                 GDestroyNotify destroy)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_made, request);
  Making *making = g_new0 (Making, 1);

  making->make = make;
  making->data = data;
  making->destroy = destroy;
  g_task_set_source_tag (task, lvsd_request_answer_from_thread);
  g_task_set_task_data (task, making, free_making);
  g_task_run_in_thread (task, make_in_thread);
}

static GVariant *
make_reply (gpointer data, G_GNUC_UNUSED GError **error)
{
  LvsdRequest *request = data;

  return request->make_reply (request);
}

/* The plan of a large dry run, which is made of items that nobody changes, is put into words in a
 * thread. */
void
lvsd_request_answer (LvsdRequest *request)
{
  if (request->make_reply != NULL && request->dry_run && lvsd_change_is_large (request->change))
    {
      lvsd_request_answer_from_thread (request, make_reply, request, NULL);
      return;
    }
  if (request->make_reply != NULL)
    lvsd_request_set_reply (request, request->make_reply (request));
  answer (request);
}

/* Takes the error over. */
void
lvsd_request_fail (LvsdRequest *request, GError *error)
{
  g_autoptr (GError) reason = error;

  end (request, reason);
}

static void
on_submitted (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  LvsdRequest *request = user_data;
  GError *error = NULL;

  if (lvsd_engine_submit_finish (request->engine, result, &error))
    lvsd_request_answer (request);
  else
    lvsd_request_fail (request, error);
}

static void
on_rehearsed (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  LvsdRequest *request = user_data;
  GError *error = NULL;

  if (lvsd_engine_rehearse_finish (request->engine, result, &request->in_use, &error))
    lvsd_request_answer (request);
  else
    lvsd_request_fail (request, error);
}

static void
rehearse (LvsdRequest *request)
{
  GError *error = NULL;

  if (lvsd_request_check_rows (request, request->change->edits->len, &error))
    lvsd_engine_rehearse_async (request->engine, request->change, on_rehearsed, request);
  else
    lvsd_request_fail (request, error);
}

static gboolean
is_needless (const LvsdRequest *request)
{
  const char *reason;

  return request->change->edits->len == 0
         && ((request->flags & LVSD_SUBMIT_RECOVER) == 0
             || !g_str_equal (lvsd_engine_state (request->engine, &reason), "degraded"));
}

void
lvsd_request_submit (LvsdRequest *request)
{
  if (request->dry_run)
    {
      rehearse (request);
      return;
    }
  if (is_needless (request))
    {
      lvsd_request_answer (request);
      return;
    }
  describe (request);
  if (request->generation != NULL)
    {
      request->generation->uid = request->caller.uid;
      lvsd_declaration_note (&request->counts, request->generation);
      lvsd_request_add_edit (request, NULL, request->generation);
    }
  request->change->caller = g_str_hash (g_dbus_method_invocation_get_sender (request->invocation));
  lvsd_engine_submit_async (request->engine, g_steal_pointer (&request->change), request->flags,
                            on_submitted, request);
}
