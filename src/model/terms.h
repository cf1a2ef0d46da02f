/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One word of an enumeration. The first row with a value is the canonical word and the only one
 * ever printed; later rows with the same value are the synonyms that people type. */
typedef struct
{
  const char *word;
  guint value;
} LvsdTerm;

/* Values are the kernel's: linux/ip_vs.h IP_VS_CONN_F_* and linux/in.h IPPROTO_*. */
typedef enum
{
  LVSD_METHOD_MASQUERADE = 0,
  LVSD_METHOD_LOCAL = 1,
  LVSD_METHOD_TUNNEL = 2,
  LVSD_METHOD_DIRECT = 3,
} LvsdMethod;

typedef enum
{
  LVSD_PROTOCOL_NONE = 0,
  LVSD_PROTOCOL_TCP = 6,
  LVSD_PROTOCOL_UDP = 17,
  LVSD_PROTOCOL_SCTP = 132,
} LvsdProtocol;

typedef enum
{
  LVSD_TUNNEL_IPIP = 0,
  LVSD_TUNNEL_GUE = 1,
  LVSD_TUNNEL_GRE = 2,
} LvsdTunnel;

/* Checksums of a tunnel's outer header: IP_VS_TUNNEL_ENCAP_FLAG_*. */
typedef enum
{
  LVSD_CHECKSUM_NONE = 0,
  LVSD_CHECKSUM_PLAIN = 1,
  LVSD_CHECKSUM_REMOTE = 2,
} LvsdChecksum;

/* The kernel's scheduler flags 1 to 3, shifted to begin with bit 0. */
enum
{
  LVSD_SCHEDULER_FLAG_1 = 1 << 0, /* sh, mh: go on to another destination when one takes none */
  LVSD_SCHEDULER_FLAG_2 = 1 << 1, /* sh, mh: the client's port counts too */
  LVSD_SCHEDULER_FLAG_3 = 1 << 2,
};

#define LVSD_SCHEDULER_FLAGS_ALL 0x7

/* NULL-word terminated tables. */
extern const LvsdTerm lvsd_method_terms[];
extern const LvsdTerm lvsd_protocol_terms[];
extern const LvsdTerm lvsd_tunnel_terms[];
extern const LvsdTerm lvsd_checksum_terms[];
extern const LvsdTerm lvsd_scheduler_flag_terms[];

gboolean lvsd_terms_parse (const LvsdTerm *terms,
                           const char *field,
                           const char *word,
                           guint *ret_value,
                           GError **error);
const char *lvsd_terms_format (const LvsdTerm *terms, guint value);

G_END_DECLS
