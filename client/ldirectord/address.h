/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/address.h"
#include "client/reading.h"

G_BEGIN_DECLS

/* ADDRESS, ADDRESS:PORT, [ADDRESS]:PORT or a range of IPv4 addresses FIRST->LAST:PORT, with names
 * of hosts and services in the place of numbers; names are looked up at once, and a note says so.
 * A port that is left out is 0. */
gboolean lvsctl_ldirectord_parse_address (LvsctlReading *reading,
                                          const char *text,
                                          int family,
                                          const LvsctlPlace *place,
                                          LvsdEndpoint *ret_first,
                                          LvsdAddress *ret_last,
                                          GError **error);

G_END_DECLS
