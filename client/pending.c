/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pending.h"

#include "dbus/names.h"

struct _LvsctlPending
{
  GMainContext *context; /* its own, so that waiting does nothing else */
  GCancellable *cancellable;
  GDBusConnection *bus;
  GAsyncResult *result; /* NULL: not answered yet */
};

static void
on_answer (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  LvsctlPending *pending = user_data;

  pending->result = g_object_ref (result);
}

LvsctlPending *
lvsctl_pending_new (LvsctlClient *client,
                    const LvsctlObject *object,
                    const char *method,
                    GVariant *parameters,
                    const char *reply_type,
                    GError **error)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (parameters);
  LvsctlPending *pending;

  if (!lvsctl_client_connect (client, error))
    return NULL;
  pending = g_new0 (LvsctlPending, 1);
  pending->context = g_main_context_new ();
  pending->cancellable = g_cancellable_new ();
  pending->bus = g_object_ref (client->bus);
  g_main_context_push_thread_default (pending->context);
  g_dbus_connection_call (pending->bus, LVSD_BUS_NAME, object->path, object->interface, method,
                          owned, G_VARIANT_TYPE (reply_type), G_DBUS_CALL_FLAGS_NONE, G_MAXINT,
                          pending->cancellable, on_answer, pending);
  g_main_context_pop_thread_default (pending->context);
  return pending;
}

static void
await (LvsctlPending *pending)
{
  while (pending->result == NULL)
    g_main_context_iteration (pending->context, TRUE);
}

GVariant *
lvsctl_pending_wait (LvsctlPending *pending, GError **error)
{
  GError *reason = NULL;
  GVariant *reply;

  await (pending);
  reply = g_dbus_connection_call_finish (pending->bus, pending->result, &reason);
  if (reply == NULL)
    lvsctl_client_explain (reason, error);
  return reply;
}

void
lvsctl_pending_free (LvsctlPending *pending)
{
  g_cancellable_cancel (pending->cancellable);
  await (pending);
  g_object_unref (pending->result);
  g_object_unref (pending->cancellable);
  g_object_unref (pending->bus);
  g_main_context_unref (pending->context);
  g_free (pending);
}
