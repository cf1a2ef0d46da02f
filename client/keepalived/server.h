/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "block.h"
#include "key.h"

G_BEGIN_DECLS

#define LVSCTL_KEEPALIVED_PERSISTENCE "360" /* IPVS_SVC_PERSISTENT_TIMEOUT in its check_data.h */

/* A field that the text gives a value. */
typedef struct
{
  const char *field;
  char *text;
  LvsctlPlace place;
} LvsctlKeepalivedSetting;

typedef struct
{
  LvsctlPlace place;
  LvsdEndpoint endpoint; /* port 0: none was given */
  GArray *settings;      /* of LvsctlKeepalivedSetting */
  GArray *forwarding;    /* of LvsctlKeepalivedSetting; empty: as the virtual server has it */
} LvsctlKeepalivedRealServer;

typedef struct
{
  LvsctlReading *reading;
  LvsctlPlace place;
  GArray *targets;      /* of LvsctlKeepalivedTarget */
  GArray *settings;     /* of LvsctlKeepalivedSetting, for the service */
  GArray *forwarding;   /* of LvsctlKeepalivedSetting, for destinations without their own */
  GPtrArray *servers;   /* of LvsctlKeepalivedRealServer */
  const char *weight;   /* of real servers without their own; borrowed, or NULL */
  const char *name;     /* borrowed, or NULL */
  const char *protocol; /* NULL: none was given */
  int family;           /* AF_UNSPEC: none was given */
} LvsctlKeepalivedServer;

/* What a virtual_server says, as far as it has a counterpart; groups has the targets of each
 * virtual_server_group, a GArray, by its name. The server borrows from the statement. */
gboolean lvsctl_keepalived_server_read (LvsctlKeepalivedServer *server,
                                        LvsctlReading *reading,
                                        GHashTable *groups,
                                        const LvsctlKeepalivedStatement *statement,
                                        GError **error);
void lvsctl_keepalived_server_clear (LvsctlKeepalivedServer *server);

/* One service with its destinations for each target, taken into the server's reading. */
gboolean lvsctl_keepalived_server_take (LvsctlKeepalivedServer *server, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LvsctlKeepalivedServer, lvsctl_keepalived_server_clear)

G_END_DECLS
