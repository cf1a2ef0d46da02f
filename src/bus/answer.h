/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Bytes of values, some 600 destinations: from there on a message is read and sent in a thread. */
#define LVSD_MESSAGE_LARGE ((gsize) 64 * 1024)

gboolean lvsd_message_is_large (GVariant *body);
void lvsd_answer_send (GDBusMethodInvocation *invocation, GVariant *reply);

G_END_DECLS
