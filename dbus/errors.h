/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/error.h"

G_BEGIN_DECLS

/* Gives every LvsdError its name on the bus, for the daemon that sends and the client that gets. */
void lvsd_errors_register (void);

G_END_DECLS
