/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* As many messages as go into one system call. */
#define IPVS_BATCH 256

typedef struct _Ipvs Ipvs;

Ipvs *ipvs_open (void);
void ipvs_put_service (Ipvs *ipvs, guint service);
void ipvs_put_destination (Ipvs *ipvs,
                           guint8 command,
                           guint service,
                           guint32 destination,
                           guint32 weight);
void ipvs_flush (Ipvs *ipvs);
guint ipvs_dump_services (Ipvs *ipvs, guint32 *ret_addresses, guint size);
guint ipvs_dump_destinations (Ipvs *ipvs, guint32 service, guint32 weight, guint *ret_weighed);
guint16 ipvs_family (const Ipvs *ipvs);
