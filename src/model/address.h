/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <sys/socket.h>

G_BEGIN_DECLS

/* An IP address. family is AF_INET, AF_INET6, or AF_UNSPEC for "none"; bytes are in network order,
 * IPv4 in the first four with the rest zero, which is also how IPVS wants them in its messages. */
typedef struct
{
  guint8 bytes[16];
  guint8 family;
} LvsdAddress;

#define LVSD_ADDRESS_TEXT_SIZE 46

/* An address with a port in host order. */
typedef struct
{
  LvsdAddress address;
  guint16 port;
} LvsdEndpoint;

#define LVSD_PORT_TEXT_SIZE 6
#define LVSD_ENDPOINT_TEXT_SIZE (LVSD_ADDRESS_TEXT_SIZE + 8)

gboolean lvsd_address_parse (const char *text, LvsdAddress *ret_address, GError **error);
const char *lvsd_address_format (const LvsdAddress *address, char buffer[LVSD_ADDRESS_TEXT_SIZE]);
int lvsd_address_compare (const LvsdAddress *a, const LvsdAddress *b);
guint lvsd_address_hash (const LvsdAddress *address);
gboolean lvsd_address_is_unspecified (const LvsdAddress *address);
gboolean lvsd_address_is_multicast (const LvsdAddress *address);
gboolean lvsd_address_is_broadcast (const LvsdAddress *address);
gboolean lvsd_address_is_loopback (const LvsdAddress *address);
gboolean lvsd_address_is_link_local (const LvsdAddress *address);
guint lvsd_address_bits (const LvsdAddress *address);
gboolean
lvsd_address_same_network (const LvsdAddress *a, const LvsdAddress *b, guint prefix_length);

gboolean lvsd_prefix_parse (const char *text,
                            LvsdAddress *ret_address,
                            guint *ret_prefix_length,
                            GError **error);

gboolean lvsd_netmask_parse (const char *text, guint *ret_prefix_length, GError **error);
gboolean lvsd_address_advance (LvsdAddress *address);

gboolean lvsd_endpoint_parse (const char *text,
                              LvsdEndpoint *ret_endpoint,
                              gboolean *ret_has_port,
                              GError **error);
void lvsd_port_format (guint16 port, char at[LVSD_PORT_TEXT_SIZE]);
const char *
lvsd_endpoint_format (const LvsdEndpoint *endpoint, char buffer[LVSD_ENDPOINT_TEXT_SIZE]);
int lvsd_endpoint_compare (const LvsdEndpoint *a, const LvsdEndpoint *b);

G_END_DECLS
