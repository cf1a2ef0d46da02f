/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/answer.h"

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

/* That of an array of numbers is known without looking at each of them. */
static gboolean
knows_its_size (GVariant *value)
{
  const GVariantType *type = g_variant_get_type (value);
  const GVariantType *element;

  if (!g_variant_type_is_container (type))
    return TRUE;
  if (!g_variant_type_is_array (type))
    return FALSE;
  element = g_variant_type_element (type);
  return g_variant_type_is_basic (element)
         && !g_variant_type_is_subtype_of (element, G_VARIANT_TYPE_STRING)
         && !g_variant_type_is_subtype_of (element, G_VARIANT_TYPE_OBJECT_PATH)
         && !g_variant_type_is_subtype_of (element, G_VARIANT_TYPE_SIGNATURE);
}

/* Whether the value takes more bytes than are left, which becomes what is left then. A value that
 * came in a message knows its size only after a walk through all of it, so this one ends in time.
 */
static gboolean
exceeds (GVariant *value, gsize *left)
{
  gboolean is_walked = !knows_its_size (value);
  gsize size = is_walked ? 1 : g_variant_get_size (value);

  if (size > *left)
    return TRUE;
  *left -= size;
  for (gsize i = 0; is_walked && i < g_variant_n_children (value); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (value, i);

      if (exceeds (child, left))
        return TRUE;
    }
  return FALSE;
}

gboolean
lvsd_message_is_large (GVariant *body)
{
  gsize left = LVSD_MESSAGE_LARGE;

  return exceeds (body, &left);
}

/* Takes both over; reply is NULL for (), and not floating. Putting many rows into a message, and
 * freeing those of the call, takes as long as many small calls together, so a thread does that. */
void
lvsd_answer_send (GDBusMethodInvocation *invocation, GVariant *reply)
{
  if (lvsd_message_is_large (g_dbus_method_invocation_get_parameters (invocation))
      || (reply != NULL && lvsd_message_is_large (reply)))
    {
      send_later (invocation, reply);
      return;
    }
  g_dbus_method_invocation_return_value (invocation, reply);
  g_clear_pointer (&reply, g_variant_unref);
}
