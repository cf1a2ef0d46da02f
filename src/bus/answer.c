/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/answer.h"

/* Bytes of a call and its reply that are sent and freed in a thread. */
#define LARGE ((gsize) 64 * 1024)

typedef struct
{
  GDBusMethodInvocation *invocation;
  GVariant *reply;
} Answer;

static void
send_in_thread (GTask *task,
                G_GNUC_UNUSED gpointer source,
                gpointer data,
                G_GNUC_UNUSED GCancellable *cancellable)
{
  Answer *answer = data;

  g_dbus_method_invocation_return_value (answer->invocation, answer->reply);
  g_clear_pointer (&answer->reply, g_variant_unref);
  g_task_return_boolean (task, TRUE);
}

static void
send_later (GDBusMethodInvocation *invocation, GVariant *reply)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  Answer *answer = g_new0 (Answer, 1);

  answer->invocation = invocation;
  answer->reply = reply;
  g_task_set_source_tag (task, send_later);
  g_task_set_task_data (task, answer, g_free);
  g_task_run_in_thread (task, send_in_thread);
}

/* Takes both over; reply is NULL for (), and not floating. Putting many rows into a message, and
 * freeing those of the call, takes as long as many small calls together, so a thread does that. */
void
lvsd_answer_send (GDBusMethodInvocation *invocation, GVariant *reply)
{
  gsize size = g_variant_get_size (g_dbus_method_invocation_get_parameters (invocation));

  if (reply != NULL)
    size += g_variant_get_size (reply);
  if (size >= LARGE)
    {
      send_later (invocation, reply);
      return;
    }
  g_dbus_method_invocation_return_value (invocation, reply);
  g_clear_pointer (&reply, g_variant_unref);
}
