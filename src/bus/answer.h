/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void lvsd_answer_send (GDBusMethodInvocation *invocation, GVariant *reply);

G_END_DECLS
