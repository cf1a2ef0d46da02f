/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

/* The place of each among the counters. */
enum
{
  LVSCTL_CONNECTIONS,
  LVSCTL_PACKETS_IN,
  LVSCTL_PACKETS_OUT,
  LVSCTL_BYTES_IN,
  LVSCTL_BYTES_OUT,
  LVSCTL_CONNECTION_RATE,
  LVSCTL_PACKET_RATE_IN,
  LVSCTL_PACKET_RATE_OUT,
  LVSCTL_BYTE_RATE_IN,
  LVSCTL_BYTE_RATE_OUT,
};

/* What rows of services and destinations end with: cells, and the columns that show them. */
#define LVSCTL_COUNTER_CELLS                                                                       \
  { "connections", LVSCTL_CELL_UINT64 }, { "packets-in", LVSCTL_CELL_UINT64 },                     \
      { "packets-out", LVSCTL_CELL_UINT64 }, { "bytes-in", LVSCTL_CELL_UINT64 },                   \
      { "bytes-out", LVSCTL_CELL_UINT64 }, { "connection-rate", LVSCTL_CELL_UINT64 },              \
      { "packet-rate-in", LVSCTL_CELL_UINT64 }, { "packet-rate-out", LVSCTL_CELL_UINT64 },         \
      { "byte-rate-in", LVSCTL_CELL_UINT64 },                                                      \
  {                                                                                                \
    "byte-rate-out", LVSCTL_CELL_UINT64                                                            \
  }

#define LVSCTL_COUNTER(name, cell)                                                                 \
  {                                                                                                \
    name, NULL, LVSCTL_COLUMN_NUMBER, cell, 0, NULL, NULL                                          \
  }

#define LVSCTL_COUNTERS(first)                                                                     \
  LVSCTL_COUNTER ("connections", first), LVSCTL_COUNTER ("packets-in", (first) + 1),               \
      LVSCTL_COUNTER ("packets-out", (first) + 2), LVSCTL_COUNTER ("bytes-in", (first) + 3),       \
      LVSCTL_COUNTER ("bytes-out", (first) + 4), LVSCTL_COUNTER ("connection-rate", (first) + 5),  \
      LVSCTL_COUNTER ("packet-rate-in", (first) + 6),                                              \
      LVSCTL_COUNTER ("packet-rate-out", (first) + 7),                                             \
      LVSCTL_COUNTER ("byte-rate-in", (first) + 8), LVSCTL_COUNTER ("byte-rate-out", (first) + 9)
