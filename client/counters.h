/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

/* The columns of the counters that rows of services and destinations end with. */
#define LVSCTL_COUNTER(name, child, member)                                                        \
  {                                                                                                \
    name, NULL, LVSCTL_COLUMN_NUMBER, child, member, NULL, NULL                                    \
  }

#define LVSCTL_COUNTERS(child)                                                                     \
  LVSCTL_COUNTER ("connections", child, 0), LVSCTL_COUNTER ("packets-in", child, 1),               \
      LVSCTL_COUNTER ("packets-out", child, 2), LVSCTL_COUNTER ("bytes-in", child, 3),             \
      LVSCTL_COUNTER ("bytes-out", child, 4), LVSCTL_COUNTER ("connection-rate", child, 5),        \
      LVSCTL_COUNTER ("packet-rate-in", child, 6), LVSCTL_COUNTER ("packet-rate-out", child, 7),   \
      LVSCTL_COUNTER ("byte-rate-in", child, 8), LVSCTL_COUNTER ("byte-rate-out", child, 9)
