/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/admission.h"

#include <glib/gi18n-lib.h>

#include "auth/needs.h"
#include "bus/answer.h"
#include "bus/handlers.h"
#include "model/error.h"

/* polkit answers hundreds of questions a second, and others wait for it too. */
#define MAX_NEEDS 64

typedef enum
{
  STAGE_OUTLINE, /* whether the caller may do such a thing at all */
  STAGE_PARTS,   /* each part, without anybody being asked for a password */
  STAGE_WHOLE,
} Stage;

typedef struct
{
  LvsdRequest *request;
  gboolean decoded;
  guint64 generation; /* of the desired state that was decoded against */
  Stage stage;
  LvsdVerdict verdict; /* once there is one */
  LvsdNeed *outline;
  LvsdNeed *whole;      /* NULL for root */
  GPtrArray *parts;     /* of LvsdNeed; NULL where the whole alone counts */
  guint n_answered;     /* of them */
  gboolean challenged;  /* by some of them */
  gboolean interactive; /* the question that is open */
} Admission;

static void put_question (Admission *admission);

static void
free_admission (Admission *admission)
{
  g_clear_pointer (&admission->request, lvsd_request_free);
  g_clear_pointer (&admission->outline, lvsd_need_free);
  g_clear_pointer (&admission->whole, lvsd_need_free);
  g_clear_pointer (&admission->parts, g_ptr_array_unref);
  g_free (admission);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Admission, free_admission)

static void
refuse (Admission *admission, GError *error)
{
  lvsd_request_fail (g_steal_pointer (&admission->request), error);
  free_admission (admission);
}

static void
perform (Admission *admission, LvsdVerdict verdict)
{
  LvsdRequest *request = g_steal_pointer (&admission->request);

  free_admission (admission);
  request->verdict = verdict;
  request->call->perform (request);
}

static gboolean
allows_interaction (const LvsdRequest *request)
{
  GDBusMessage *message = g_dbus_method_invocation_get_message (request->invocation);

  return (g_dbus_message_get_flags (message) & G_DBUS_MESSAGE_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION)
         != 0;
}

/* Such arguments are not looked at before their sender may do at all what they ask for. */
static gboolean
is_large (const LvsdRequest *request)
{
  g_autoptr (GVariant) declared = lvsd_call_declares (request);

  return lvsd_message_is_large (request->parameters)
         || (declared != NULL && request->files != NULL);
}

static void
find_needs (Admission *admission)
{
  const LvsdRequest *request = admission->request;

  admission->whole =
      lvsd_need_new (request->action, request->change, request->target, request->message);
  if (request->divisible)
    admission->parts =
        lvsd_needs_of_change (request->change, lvsd_request_table (request), MAX_NEEDS);
}

static gboolean
needs_the_same (const Admission *a, const Admission *b)
{
  if (!g_str_equal (a->whole->action, b->whole->action))
    return FALSE;
  if (a->parts != NULL && b->parts != NULL)
    return lvsd_needs_equal (a->parts, b->parts);
  return a->parts == b->parts && g_variant_equal (a->whole->details, b->whole->details);
}

static GError *
explain_conflict (void)
{
  return g_error_new_literal (LVSD_ERROR, LVSD_ERROR_CONFLICT,
                              _ ("what it would change is not the same any more since you were "
                                 "asked for an authorization; look at it and try again"));
}

/* What was allowed was allowed for what was there then; now it is made up for what is there. The
 * declaration is taken over; NULL: decode reads it. */
static gboolean
decode_again (Admission *admission, LvsdDeclared *declared, GError **error)
{
  LvsdRequest *old = admission->request;
  g_autoptr (Admission) again = g_new0 (Admission, 1);

  again->request = lvsd_request_new (old->engine, old->gate, old->audit, old->call, old->invocation,
                                     old->target);
  again->request->declared = declared;
  lvsd_credentials_copy (&old->caller, &again->request->caller);
  if (old->generation_items != NULL)
    {
      again->request->generation_items = g_ptr_array_ref (old->generation_items);
      again->request->generation_index = g_hash_table_ref (old->generation_index);
    }
  if (!old->call->decode (again->request, error))
    return FALSE;
  if (admission->whole != NULL)
    find_needs (again);
  if (admission->whole != NULL && !needs_the_same (admission, again))
    {
      g_propagate_error (error, explain_conflict ());
      return FALSE;
    }
  lvsd_request_free (old);
  admission->request = g_steal_pointer (&again->request);
  return TRUE;
}

/* What was allowed was allowed for these very items. Those that the change replaces the engine
 * compares itself; here it is those that it leaves as they are. */
static gboolean
still_the_same (const LvsdRequest *request, GError **error)
{
  const LvsdTable *table = lvsd_request_table (request);

  for (guint i = 0; i < request->required->len; i++)
    {
      LvsdItem *item = g_ptr_array_index (request->required, i);
      g_autofree char *id = NULL;

      if (lvsd_table_find (table, item) == item)
        continue;
      id = lvsd_item_dup_id (item);
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
                   _ ("%s %s: was changed while you were being authorized; look at it and try "
                      "again"),
                   lvsd_item_class (lvsd_item_get_kind (item))->name, id);
      return FALSE;
    }
  return TRUE;
}

static gboolean
is_outdated (const Admission *admission)
{
  const LvsdRequest *request = admission->request;

  return request->anew && lvsd_engine_generation (request->engine) != admission->generation;
}

static void
conclude (Admission *admission, LvsdDeclared *declared)
{
  GError *error = NULL;

  if (is_outdated (admission) ? decode_again (admission, declared, &error)
                              : still_the_same (admission->request, &error))
    perform (admission, admission->verdict);
  else
    refuse (admission, error);
}

static void
on_declared_again (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Admission *admission = user_data;
  GError *error = NULL;
  LvsdDeclared *declared = lvsd_declared_read_finish (result, &error);

  if (declared != NULL)
    conclude (admission, declared);
  else
    refuse (admission, error);
}

/* What decode reads, where that keeps others waiting; NULL: it does not. Owned by the caller. */
static GVariant *
find_declared (const Admission *admission)
{
  const LvsdRequest *request = admission->request;

  return is_large (request) ? lvsd_call_declares (request) : NULL;
}

static void
admit (Admission *admission, LvsdVerdict verdict)
{
  g_autoptr (GVariant) declared = is_outdated (admission) ? find_declared (admission) : NULL;

  admission->verdict = verdict;
  if (declared != NULL)
    lvsd_declared_read_async (declared, admission->request->files, on_declared_again, admission);
  else
    conclude (admission, NULL);
}

/* Where nobody would be asked for a password, that some part needs one is the answer. */
static void
ask_for_whole (Admission *admission)
{
  admission->stage = STAGE_WHOLE;
  admission->interactive = admission->challenged && allows_interaction (admission->request);
  put_question (admission);
}

static void
ask_for_parts (Admission *admission)
{
  admission->stage = STAGE_PARTS;
  if (admission->n_answered < admission->parts->len)
    put_question (admission);
  else if (admission->challenged)
    ask_for_whole (admission);
  else
    admit (admission, LVSD_VERDICT_ALLOWED);
}

/* A change of nothing needs nothing; that there is nothing to change everybody may see. */
static void
ask (Admission *admission)
{
  find_needs (admission);
  if (admission->parts != NULL && admission->parts->len == 0)
    perform (admission, LVSD_VERDICT_FREE);
  else if (admission->parts != NULL)
    ask_for_parts (admission);
  else
    ask_for_whole (admission);
}

/* FALSE: there is nothing left to be asked, as it was refused, or performed. */
static gboolean
decode (Admission *admission)
{
  LvsdRequest *request = admission->request;
  GError *error = NULL;

  admission->decoded = TRUE;
  admission->generation = lvsd_engine_generation (request->engine);
  if (!request->call->decode (request, &error))
    refuse (admission, error);
  else if (g_str_equal (request->action, LVSD_FREE))
    perform (admission, LVSD_VERDICT_FREE);
  else
    return TRUE;
  return FALSE;
}

static void
go_on (Admission *admission)
{
  if (admission->request->caller.uid == 0)
    admit (admission, LVSD_VERDICT_ROOT);
  else
    ask (admission);
}

static gboolean
go_on_later (gpointer admission)
{
  go_on (admission);
  return G_SOURCE_REMOVE;
}

/* A large declaration has taken a turn of the main loop to be compared with what is there. */
static void
on_declared_read (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Admission *admission = user_data;
  GError *error = NULL;

  admission->request->declared = lvsd_declared_read_finish (result, &error);
  if (error != NULL)
    refuse (admission, error);
  else if (decode (admission))
    g_idle_add_full (G_PRIORITY_DEFAULT, go_on_later, admission, NULL);
}

/* Of one whose sender is known. A hundred thousand rows are not read while others wait. */
static void
read_and_decode (Admission *admission)
{
  g_autoptr (GVariant) declared = find_declared (admission);

  if (declared != NULL)
    lvsd_declared_read_async (declared, admission->request->files, on_declared_read, admission);
  else if (decode (admission))
    go_on (admission);
}

static void
take_yes (Admission *admission)
{
  switch (admission->stage)
    {
    case STAGE_OUTLINE:
      read_and_decode (admission);
      return;
    case STAGE_PARTS:
      admission->n_answered++;
      ask_for_parts (admission);
      return;
    case STAGE_WHOLE:
      admit (admission, LVSD_VERDICT_ALLOWED);
      return;
    }
  g_assert_not_reached ();
}

/* That a password is needed is the answer only where nobody can be asked for one. */
static gboolean
goes_on (Admission *admission)
{
  if (admission->stage == STAGE_PARTS)
    {
      admission->challenged = TRUE;
      admission->n_answered++;
      ask_for_parts (admission);
      return TRUE;
    }
  if (admission->interactive || !allows_interaction (admission->request))
    return FALSE;
  admission->interactive = TRUE;
  put_question (admission);
  return TRUE;
}

static const LvsdNeed *
open_need (const Admission *admission)
{
  switch (admission->stage)
    {
    case STAGE_OUTLINE:
      return admission->outline;
    case STAGE_PARTS:
      return g_ptr_array_index (admission->parts, admission->n_answered);
    case STAGE_WHOLE:
      return admission->whole;
    }
  g_assert_not_reached ();
}

static void
on_answered (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Admission *admission = user_data;
  const LvsdNeed *need = open_need (admission);
  g_autoptr (GError) error = NULL;

  if (lvsd_gate_check_finish (result, &error))
    take_yes (admission);
  else if (!g_error_matches (error, LVSD_ERROR, LVSD_ERROR_INTERACTION_REQUIRED)
           || !goes_on (admission))
    {
      if (need->identity != NULL)
        g_prefix_error (&error, _ ("service %s: "), need->identity->name);
      refuse (admission, g_steal_pointer (&error));
    }
}

static void
put_question (Admission *admission)
{
  const LvsdRequest *request = admission->request;
  const LvsdNeed *need = open_need (admission);

  lvsd_gate_check_async (request->gate, g_dbus_method_invocation_get_sender (request->invocation),
                         need->action, need->details, admission->interactive, on_answered,
                         admission);
}

static void
ask_for_outline (Admission *admission)
{
  const LvsdRequest *request = admission->request;

  admission->stage = STAGE_OUTLINE;
  admission->outline = lvsd_need_new (request->action, NULL, request->target, NULL);
  put_question (admission);
}

static void
on_identified (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Admission *admission = user_data;
  LvsdRequest *request = admission->request;
  GError *error = NULL;

  if (!lvsd_gate_identify_finish (result, &request->caller, &error))
    refuse (admission, error);
  else if (request->caller.uid != 0 && admission->decoded)
    ask (admission);
  else if (request->caller.uid != 0)
    ask_for_outline (admission);
  else if (admission->decoded)
    admit (admission, LVSD_VERDICT_ROOT);
  else
    read_and_decode (admission);
}

static void
identify (Admission *admission)
{
  const LvsdRequest *request = admission->request;

  lvsd_gate_identify_async (request->gate,
                            g_dbus_method_invocation_get_sender (request->invocation),
                            on_identified, admission);
}

static void
refuse_size (Admission *admission)
{
  refuse (admission, g_error_new (LVSD_ERROR, LVSD_ERROR_LIMITS_EXCEEDED,
                                  _ ("%s: the arguments are too large; at most %zu bytes"),
                                  admission->request->call->name, LVSD_MESSAGE_LARGE));
}

static void
begin (Admission *admission)
{
  const LvsdRequest *request = admission->request;

  if (!is_large (request))
    {
      if (decode (admission))
        identify (admission);
    }
  else if (g_str_equal (request->call->action, LVSD_FREE))
    refuse_size (admission);
  else
    identify (admission);
}

static void
on_generation_read (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Admission *admission = user_data;
  LvsdRequest *request = admission->request;
  GError *error = NULL;

  request->generation_items = lvsd_engine_read_generation_finish (
      request->engine, result, &request->generation_index, &error);
  if (request->generation_items != NULL)
    begin (admission);
  else
    refuse (admission, error);
}

void
lvsd_admission_begin (LvsdRequest *request)
{
  Admission *admission = g_new0 (Admission, 1);
  guint32 number;

  admission->request = request;
  if (lvsd_call_names_generation (request, &number))
    lvsd_engine_read_generation_async (request->engine, number, on_generation_read, admission);
  else
    begin (admission);
}
