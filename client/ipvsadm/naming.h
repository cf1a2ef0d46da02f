/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/key.h"

G_BEGIN_DECLS

/* HOST[:PORT] as ipvsadm reads and writes it: numbers, or names of hosts and services. */

typedef enum
{
  LVSCTL_HAS_NEITHER = 0, /* not understood */
  LVSCTL_HAS_ADDRESS = 1 << 0,
  LVSCTL_HAS_PORT = 1 << 1,
} LvsctlHasParts;

/* Fills in what is there. protocol is LvsdProtocol, for the names of services. */
LvsctlHasParts lvsctl_naming_parse (const char *text, guint protocol, LvsdEndpoint *ret_endpoint);

/* A dotted mask, or the name of a network. In host order. */
gboolean lvsctl_naming_parse_mask (const char *text, guint32 *ret_mask);

char *lvsctl_naming_format (const LvsdEndpoint *endpoint, guint protocol, gboolean numeric);

G_END_DECLS
