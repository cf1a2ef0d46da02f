/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "auth/gate.h"

#include <glib/gi18n-lib.h>

#include "model/error.h"

/* polkit is called directly instead of through its library: that would need it to be there when
 * we start, and gives no way to take back a question whose asker has left. */
#define POLKIT_NAME "org.freedesktop.PolicyKit1"
#define POLKIT_PATH "/org/freedesktop/PolicyKit1/Authority"
#define POLKIT_INTERFACE "org.freedesktop.PolicyKit1.Authority"
#define POLKIT_ALLOW_USER_INTERACTION 1u

#define DBUS_NAME "org.freedesktop.DBus"
#define DBUS_PATH "/org/freedesktop/DBus"

/* Each question to polkit costs it a millisecond and may stay open as long as somebody thinks. A
 * user may have many connections to the bus. */
#define MAX_PENDING_OF_CALLER 16
#define MAX_PENDING_OF_USER 64
#define MAX_PENDING 256

/* For an answer that needs nobody to think. polkit itself ends a rule that runs for 15 seconds
 * (polkitbackendduktapeauthority.c, RUNAWAY_KILLER_TIMEOUT). */
#define ANSWER_TIMEOUT 20000 /* milliseconds */

struct _LvsdGate
{
  GDBusConnection *connection;
  LvsdUnits *units;
  GHashTable *callers; /* unique name -> Caller */
  guint n_pending;     /* questions that polkit has not answered */
  guint64 n_asked;
};

/* Somebody on the bus; remembered until they leave it, as their user cannot change. */
typedef struct
{
  LvsdGate *gate; /* borrowed */
  char *name;
  GCancellable *cancellable; /* of all calls made on their behalf */
  guint subscription;
  gboolean known;
  LvsdCredentials credentials;
  GQueue waiting; /* GTask, to be identified: one round trip to the bus, so it needs no bound */
  GList *asked;   /* Check, borrowed from tasks that wait for polkit */
} Caller;

typedef struct
{
  Caller *caller; /* borrowed; NULL once polkit answered or the caller left */
  char *action;
  char *cancellation_id;
  gboolean interactive;
} Check;

void
lvsd_credentials_clear (LvsdCredentials *credentials)
{
  g_clear_pointer (&credentials->unit, lvsd_unit_unref);
}

/* to holds none yet. */
void
lvsd_credentials_copy (const LvsdCredentials *from, LvsdCredentials *to)
{
  *to = *from;
  if (to->unit != NULL)
    lvsd_unit_ref (to->unit);
}

static void
free_credentials (gpointer data)
{
  lvsd_credentials_clear (data);
  g_free (data);
}

static void
free_check (gpointer data)
{
  Check *check = data;

  g_free (check->action);
  g_free (check->cancellation_id);
  g_free (check);
}

static void
forget_pending (Check *check)
{
  Caller *caller = g_steal_pointer (&check->caller);

  caller->asked = g_list_remove (caller->asked, check);
  caller->gate->n_pending--;
}

/* Takes the dialog off the screen of somebody who no longer waits for it. */
static void
cancel_question (const Caller *caller, const Check *check)
{
  g_dbus_connection_call (caller->gate->connection, POLKIT_NAME, POLKIT_PATH, POLKIT_INTERFACE,
                          "CancelCheckAuthorization", g_variant_new ("(s)", check->cancellation_id),
                          NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
}

static void
refuse_as_gone (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("the caller has left"));
}

static void
free_caller (gpointer data)
{
  Caller *caller = data;
  GTask *task;

  for (GList *link = caller->asked; link != NULL; link = link->next)
    {
      Check *check = link->data;

      cancel_question (caller, check);
      check->caller = NULL;
      caller->gate->n_pending--;
    }
  g_list_free (caller->asked);
  while ((task = g_queue_pop_head (&caller->waiting)) != NULL)
    {
      refuse_as_gone (task);
      g_object_unref (task);
    }
  g_dbus_connection_signal_unsubscribe (caller->gate->connection, caller->subscription);
  g_cancellable_cancel (caller->cancellable);
  g_object_unref (caller->cancellable);
  lvsd_credentials_clear (&caller->credentials);
  g_free (caller->name);
  g_free (caller);
}

LvsdGate *
lvsd_gate_new (GDBusConnection *connection)
{
  LvsdGate *gate = g_new0 (LvsdGate, 1);

  gate->connection = g_object_ref (connection);
  gate->units = lvsd_units_new (connection);
  gate->callers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_caller);
  return gate;
}

void
lvsd_gate_free (LvsdGate *gate)
{
  g_hash_table_unref (gate->callers);
  lvsd_units_unref (gate->units);
  g_object_unref (gate->connection);
  g_free (gate);
}

static void
refuse_unknown (GTask *task)
{
  g_task_return_new_error (task, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED,
                           _ ("the bus does not tell who you are"));
}

static void
refuse_unavailable (GTask *task, const GError *reason)
{
  g_task_return_new_error (task, LVSD_ERROR, LVSD_ERROR_AUTHORIZATION_UNAVAILABLE,
                           _ ("polkit cannot be asked whether you may do this (%s); do it as root, "
                              "or see that polkit is installed and running"),
                           reason->message);
}

static void
refuse_challenge (GTask *task, const Check *check)
{
  if (check->interactive)
    g_task_return_new_error (
        task, LVSD_ERROR, LVSD_ERROR_INTERACTION_REQUIRED,
        _ ("%s needs a password, and there is no polkit agent in your session "
           "that could ask for it; use lvsctl on a terminal, or do it as root"),
        check->action);
  else
    g_task_return_new_error (task, LVSD_ERROR, LVSD_ERROR_INTERACTION_REQUIRED,
                             _ ("%s needs a password, and the call did not allow that you are "
                                "asked for it"),
                             check->action);
}

static void
take_verdict (GTask *task, GVariant *reply)
{
  Check *check = g_task_get_task_data (task);
  g_autoptr (GVariant) details = NULL;
  const char *dismissed;
  gboolean authorized;
  gboolean challenge;

  g_variant_get (reply, "((bb@a{ss}))", &authorized, &challenge, &details);
  if (authorized)
    g_task_return_boolean (task, TRUE);
  else if (challenge)
    refuse_challenge (task, check);
  else if (g_variant_lookup (details, "polkit.dismissed", "&s", &dismissed))
    g_task_return_new_error (task, LVSD_ERROR, LVSD_ERROR_AUTHORIZATION_DISMISSED,
                             _ ("the question for the password was dismissed"));
  else
    g_task_return_new_error (task, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED,
                             _ ("you are not allowed to do this (%s)"), check->action);
}

static void
on_polkit_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  Check *check = g_task_get_task_data (task);

  if (check->caller == NULL)
    {
      refuse_as_gone (task);
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    cancel_question (check->caller, check);
  forget_pending (check);
  if (reply != NULL)
    {
      take_verdict (task, reply);
      return;
    }
  g_dbus_error_strip_remote_error (error);
  refuse_unavailable (task, error);
}

/* Consumes details. There is no time limit where somebody may be typing a password; a polkit that
 * goes away ends the call. */
static void
ask_polkit (Caller *caller, GTask *task, GVariant *details)
{
  LvsdGate *gate = caller->gate;
  Check *check = g_task_get_task_data (task);
  GVariantBuilder subject;

  check->caller = caller;
  check->cancellation_id = g_strdup_printf ("%" G_GUINT64_FORMAT, ++gate->n_asked);
  caller->asked = g_list_prepend (caller->asked, check);
  gate->n_pending++;

  g_variant_builder_init (&subject, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&subject, "{sv}", "name", g_variant_new_string (caller->name));
  g_dbus_connection_call (
      gate->connection, POLKIT_NAME, POLKIT_PATH, POLKIT_INTERFACE, "CheckAuthorization",
      g_variant_new ("((sa{sv})s@a{ss}us)", "system-bus-name", &subject, check->action, details,
                     check->interactive ? POLKIT_ALLOW_USER_INTERACTION : 0,
                     check->cancellation_id),
      G_VARIANT_TYPE ("((bba{ss}))"), G_DBUS_CALL_FLAGS_NONE,
      check->interactive ? G_MAXINT : ANSWER_TIMEOUT, caller->cancellable, on_polkit_answered,
      g_object_ref (task));
}

static guint
count_pending_of_user (const LvsdGate *gate, guint32 uid)
{
  GHashTableIter iter;
  gpointer caller;
  guint n = 0;

  g_hash_table_iter_init (&iter, gate->callers);
  while (g_hash_table_iter_next (&iter, NULL, &caller))
    if (((const Caller *) caller)->credentials.uid == uid)
      n += g_list_length (((const Caller *) caller)->asked);
  return n;
}

static gboolean
asks_too_much (const Caller *caller)
{
  const LvsdGate *gate = caller->gate;

  return g_list_length (caller->asked) >= MAX_PENDING_OF_CALLER || gate->n_pending >= MAX_PENDING
         || count_pending_of_user (gate, caller->credentials.uid) >= MAX_PENDING_OF_USER;
}

static void
return_credentials (const Caller *caller, GTask *task)
{
  LvsdCredentials *credentials = g_new0 (LvsdCredentials, 1);

  lvsd_credentials_copy (&caller->credentials, credentials);
  g_task_return_pointer (task, credentials, free_credentials);
}

static void
refuse_waiting (Caller *caller)
{
  GTask *task;

  while ((task = g_queue_pop_head (&caller->waiting)) != NULL)
    {
      refuse_unknown (task);
      g_object_unref (task);
    }
}

/* The bus knows the process of everybody who is on this machine. */
static void
on_credentials (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Caller *caller = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) credentials = NULL;
  GTask *task;

  /* Cancelled is what it says after the caller was freed. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (reply != NULL)
    credentials = g_variant_get_child_value (reply, 0);
  if (credentials == NULL
      || !g_variant_lookup (credentials, "UnixUserID", "u", &caller->credentials.uid))
    {
      refuse_waiting (caller);
      g_hash_table_remove (caller->gate->callers, caller->name);
      return;
    }
  g_variant_lookup (credentials, "ProcessID", "u", &caller->credentials.pid);
  caller->credentials.unit = lvsd_unit_new (caller->gate->units, caller->credentials.pid);
  caller->known = TRUE;
  while ((task = g_queue_pop_head (&caller->waiting)) != NULL)
    {
      return_credentials (caller, task);
      g_object_unref (task);
    }
}

static void
on_owner_changed (G_GNUC_UNUSED GDBusConnection *connection,
                  G_GNUC_UNUSED const char *sender,
                  G_GNUC_UNUSED const char *path,
                  G_GNUC_UNUSED const char *interface,
                  G_GNUC_UNUSED const char *signal,
                  GVariant *parameters,
                  gpointer user_data)
{
  LvsdGate *gate = user_data;
  const char *name;
  const char *new_owner;

  g_variant_get (parameters, "(&s&s&s)", &name, NULL, &new_owner);
  if (new_owner[0] == '\0')
    g_hash_table_remove (gate->callers, name);
}

/* The watch is set up before the question, so that one who leaves in between is noticed: either the
 * question fails or the signal comes. */
static Caller *
add_caller (LvsdGate *gate, const char *name)
{
  Caller *caller = g_new0 (Caller, 1);

  caller->gate = gate;
  caller->name = g_strdup (name);
  caller->cancellable = g_cancellable_new ();
  g_queue_init (&caller->waiting);
  caller->subscription =
      g_dbus_connection_signal_subscribe (gate->connection, DBUS_NAME, DBUS_NAME,
                                          "NameOwnerChanged", DBUS_PATH, name,
                                          G_DBUS_SIGNAL_FLAGS_NONE, on_owner_changed, gate, NULL);
  g_hash_table_insert (gate->callers, caller->name, caller);
  g_dbus_connection_call (gate->connection, DBUS_NAME, DBUS_PATH, DBUS_NAME,
                          "GetConnectionCredentials", g_variant_new ("(s)", name),
                          G_VARIANT_TYPE ("(a{sv})"), G_DBUS_CALL_FLAGS_NONE, -1,
                          caller->cancellable, on_credentials, caller);
  return caller;
}

/* Who the sender of a message is. */
void
lvsd_gate_identify_async (LvsdGate *gate,
                          const char *sender,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Caller *caller;

  if (sender == NULL)
    {
      refuse_unknown (task);
      return;
    }
  caller = g_hash_table_lookup (gate->callers, sender);
  if (caller == NULL)
    caller = add_caller (gate, sender);
  if (caller->known)
    return_credentials (caller, task);
  else
    g_queue_push_tail (&caller->waiting, g_object_ref (task));
}

/* ret_credentials is cleared by the caller. */
gboolean
lvsd_gate_identify_finish (GAsyncResult *result, LvsdCredentials *ret_credentials, GError **error)
{
  g_autofree LvsdCredentials *credentials = g_task_propagate_pointer (G_TASK (result), error);

  if (credentials != NULL)
    *ret_credentials = *credentials;
  return credentials != NULL;
}

/* Whether the sender, who was identified, may do what the action stands for. Root passes without
 * polkit being asked, so that it can work where there is none. interactive: a person may be asked
 * for a password, for which there is no time limit; otherwise what would need one fails with
 * LVSD_ERROR_INTERACTION_REQUIRED. details is an a{ss}. */
void
lvsd_gate_check_async (LvsdGate *gate,
                       const char *sender,
                       const char *action,
                       GVariant *details,
                       gboolean interactive,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Caller *caller = g_hash_table_lookup (gate->callers, sender);
  Check *check = g_new0 (Check, 1);

  check->action = g_strdup (action);
  check->interactive = interactive;
  g_task_set_task_data (task, check, free_check);
  if (caller == NULL || !caller->known)
    refuse_as_gone (task);
  else if (caller->credentials.uid == 0)
    g_task_return_boolean (task, TRUE);
  else if (asks_too_much (caller))
    g_task_return_new_error (task, LVSD_ERROR, LVSD_ERROR_LIMITS_EXCEEDED,
                             _ ("too many calls wait for an authorization; wait for the answers "
                                "of earlier ones"));
  else
    ask_polkit (caller, task, details);
}

gboolean
lvsd_gate_check_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
