/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* What every program of the benchmark works on: services tcp/10.1.x.y:80 with scheduler rr and so
 * many direct destinations each, 10.64.0.0/10 port 80, none in two services. */
#define WORKLOAD_PORT 80

static inline guint32
workload_service (guint service)
{
  return 0x0a010000 + service;
}

static inline guint32
workload_destination (guint service, guint destination, guint destinations)
{
  return 0x0a400001 + service * destinations + destination;
}
