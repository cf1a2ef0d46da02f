/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <netlink/msg.h>

#include "kernel/ipvs-message.h"
#include "kernel/ipvs-reply.h"
#include "model/destination.h"
#include "model/service.h"
#include "model/sync-daemon.h"

/* Bit 15 of a nest's type (0x80 in its fourth byte) is NLA_F_NESTED, which libnl sets.
 *
 * The numbers are those of x86 and other little-endian machines; ports, addresses and the IPv4 mask
 * are in network order everywhere. */
#if G_BYTE_ORDER == G_LITTLE_ENDIAN

static LvsdServiceIdentity *
identity (const char *key_text)
{
  LvsdServiceKey key;

  g_assert_true (lvsd_service_key_parse (key_text, &key, NULL));
  return lvsd_service_identity_new ("web", &key);
}

static LvsdService *
service (const char *key, const char *scheduler)
{
  g_autoptr (LvsdServiceIdentity) of = identity (key);
  LvsdService *made = lvsd_service_new (of);

  g_strlcpy (made->scheduler, scheduler, sizeof made->scheduler);
  return made;
}

static LvsdDestination *
destination (const char *key, const char *endpoint_text)
{
  g_autoptr (LvsdServiceIdentity) of = identity (key);
  LvsdEndpoint endpoint;

  g_assert_true (lvsd_endpoint_parse (endpoint_text, &endpoint, NULL, NULL));
  return lvsd_destination_new (of, &endpoint);
}

/* The bytes behind the netlink header. Takes the message over. */
static void
assert_payload (struct nl_msg *message, const guint8 *expected, gsize size)
{
  struct nlmsghdr *header = nlmsg_hdr (message);

  g_assert_cmpmem (nlmsg_data (header), nlmsg_datalen (header), expected, size);
  g_assert_cmpuint (nlmsg_datalen (header), ==, size);
  nlmsg_free (message);
}

static void
test_tcp4_service (void)
{
  static const guint8 expected[] = {
    1,  1, 0, 0,                        /* NEW_SERVICE, version 1 */
    84, 0, 1, 0x80,                     /* SERVICE */
    6,  0, 1, 0,    2,    0,    0,   0, /* AF */
    6,  0, 2, 0,    6,    0,    0,   0, /* PROTOCOL */
    20, 0, 3, 0,    192,  0,    2,   1, 0,    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* ADDR */
    6,  0, 4, 0,    0,    80,   0,   0,                                        /* PORT */
    8,  0, 6, 0,    'w',  'l',  'c', 0,                                        /* SCHED_NAME */
    12, 0, 7, 0,    0x09, 0,    0,   0, 0x3d, 0, 0, 0, /* FLAGS: flags, mask */
    8,  0, 8, 0,    0x2c, 0x01, 0,   0,                /* TIMEOUT */
    8,  0, 9, 0,    255,  255,  255, 0,                /* NETMASK */
  };
  g_autoptr (LvsdService) wanted = service ("tcp/192.0.2.1:80", "wlc");

  wanted->persistence = 300;
  wanted->persistence_prefix = 24;
  wanted->scheduler_flags = 1;
  assert_payload (lvsd_ipvs_message_new_step (LVSD_STEP_NEW, &wanted->item), expected,
                  sizeof expected);
}

static void
test_udp6_service (void)
{
  static const guint8 expected[] = {
    2,  1, 0,  0,                         /* SET_SERVICE */
    92, 0, 1,  0x80,                      /* SERVICE */
    6,  0, 1,  0,    10,   0,    0,    0, /* AF */
    6,  0, 2,  0,    17,   0,    0,    0, /* PROTOCOL */
    20, 0, 3,  0,    0x20, 0x01, 0x0d, 0xb8, 0,    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, /* ADDR */
    6,  0, 4,  0,    0x13, 0xc4, 0,    0,                                           /* PORT 5060 */
    7,  0, 6,  0,    'r',  'r',  0,    0,                                           /* SCHED_NAME */
    8,  0, 11, 0,    's',  'i',  'p',  0,                                           /* PE_NAME */
    12, 0, 7,  0,    0x04, 0,    0,    0,    0x3d, 0, 0, 0, /* FLAGS: one packet */
    8,  0, 8,  0,    0,    0,    0,    0,                   /* TIMEOUT */
    8,  0, 9,  0,    128,  0,    0,    0,                   /* NETMASK, always */
  };
  g_autoptr (LvsdService) wanted = service ("udp/[2001:db8::1]:5060", "rr");

  wanted->one_packet = TRUE;
  g_strlcpy (wanted->engine, "sip", sizeof wanted->engine);
  assert_payload (lvsd_ipvs_message_new_step (LVSD_STEP_SET, &wanted->item), expected,
                  sizeof expected);
}

static void
test_marked_service (void)
{
  static const guint8 added[] = {
    1,  1, 0, 0,                            /* NEW_SERVICE */
    56, 0, 1, 0x80,                         /* SERVICE */
    6,  0, 1, 0,    2,    0,    0,    0,    /* AF */
    8,  0, 5, 0,    0x04, 0x03, 0x02, 0x01, /* FWMARK, and neither protocol, address nor port */
    7,  0, 6, 0,    's',  'h',  0,    0,    /* SCHED_NAME */
    12, 0, 7, 0,    0,    0,    0,    0,    0x3d, 0, 0, 0, /* FLAGS */
    8,  0, 8, 0,    0,    0,    0,    0,                   /* TIMEOUT */
    8,  0, 9, 0,    255,  255,  255,  255,                 /* NETMASK */
  };
  static const guint8 deleted[] = {
    3,  1, 0, 0,                            /* DEL_SERVICE */
    20, 0, 1, 0x80,                         /* SERVICE */
    6,  0, 1, 0,    2,    0,    0,    0,    /* AF */
    8,  0, 5, 0,    0x04, 0x03, 0x02, 0x01, /* FWMARK */
  };
  g_autoptr (LvsdService) wanted = service ("fwmark/16909060", "sh");

  assert_payload (lvsd_ipvs_message_new_step (LVSD_STEP_NEW, &wanted->item), added, sizeof added);
  assert_payload (lvsd_ipvs_message_new_step (LVSD_STEP_DELETE, &wanted->item), deleted,
                  sizeof deleted);
}

static void
test_direct4_destination (void)
{
  static const guint8 expected[] = {
    5,  1, 0,  0,                   /* NEW_DEST */
    48, 0, 1,  0x80,                /* SERVICE: identity alone */
    6,  0, 1,  0,    2,   0,  0, 0, /* AF */
    6,  0, 2,  0,    6,   0,  0, 0, /* PROTOCOL */
    20, 0, 3,  0,    192, 0,  2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* ADDR */
    6,  0, 4,  0,    0,   80, 0, 0,                                     /* PORT */
    72, 0, 2,  0x80,                                                    /* DEST */
    20, 0, 1,  0,    192, 0,  2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* ADDR */
    6,  0, 2,  0,    0,   80, 0, 0,                                     /* PORT */
    6,  0, 11, 0,    2,   0,  0, 0,                                     /* ADDR_FAMILY */
    8,  0, 3,  0,    3,   0,  0, 0,                                     /* FWD_METHOD: direct */
    8,  0, 4,  0,    7,   0,  0, 0, /* WEIGHT: the effective one */
    8,  0, 5,  0,    100, 0,  0, 0, /* U_THRESH */
    8,  0, 6,  0,    10,  0,  0, 0, /* L_THRESH */
  };
  g_autoptr (LvsdDestination) wanted = destination ("tcp/192.0.2.1:80", "192.0.2.2:80");

  wanted->weight = 1;
  wanted->runtime = g_new0 (LvsdOverride, 1);
  wanted->runtime->weight = 7;
  wanted->upper_threshold = 100;
  wanted->lower_threshold = 10;
  assert_payload (lvsd_ipvs_message_new_step (LVSD_STEP_NEW, &wanted->item), expected,
                  sizeof expected);
}

static void
test_tunnelled6_destination (void)
{
  static const guint8 set[] = {
    6,  1, 0,  0,                                                                /* SET_DEST */
    20, 0, 1,  0x80,                                                             /* SERVICE */
    6,  0, 1,  0,    10,   0,    0,    0,                                        /* AF */
    8,  0, 5,  0,    5,    0,    0,    0,                                        /* FWMARK */
    96, 0, 2,  0x80,                                                             /* DEST */
    20, 0, 1,  0,    0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, /* ADDR */
    6,  0, 2,  0,    0,    0,    0,    0,                                        /* PORT */
    6,  0, 11, 0,    10,   0,    0,    0,                                        /* ADDR_FAMILY */
    8,  0, 3,  0,    2,    0,    0,    0,    /* FWD_METHOD: tunnel */
    8,  0, 4,  0,    0xff, 0xff, 0xff, 0x7f, /* WEIGHT */
    8,  0, 5,  0,    0,    0,    0,    0,    /* U_THRESH */
    8,  0, 6,  0,    0,    0,    0,    0,    /* L_THRESH */
    5,  0, 13, 0,    1,    0,    0,    0,    /* TUN_TYPE: gue */
    6,  0, 14, 0,    0x17, 0xc0, 0,    0,    /* TUN_PORT 6080, network order */
    6,  0, 15, 0,    2,    0,    0,    0,    /* TUN_FLAGS, host order */
  };
  static const guint8 deleted[] = {
    7,  1, 0,  0,                                                                /* DEL_DEST */
    20, 0, 1,  0x80,                                                             /* SERVICE */
    6,  0, 1,  0,    10,   0,    0,    0,                                        /* AF */
    8,  0, 5,  0,    5,    0,    0,    0,                                        /* FWMARK */
    40, 0, 2,  0x80,                                                             /* DEST */
    20, 0, 1,  0,    0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, /* ADDR */
    6,  0, 2,  0,    0,    0,    0,    0,                                        /* PORT */
    6,  0, 11, 0,    10,   0,    0,    0,                                        /* ADDR_FAMILY */
  };
  g_autoptr (LvsdDestination) wanted = destination ("fwmark6/5", "[2001:db8::2]:0");

  wanted->method = LVSD_METHOD_TUNNEL;
  wanted->weight = LVSD_WEIGHT_MAX;
  wanted->tunnel = LVSD_TUNNEL_GUE;
  wanted->tunnel_port = 6080;
  wanted->tunnel_flags = 2;
  assert_payload (lvsd_ipvs_message_new_step (LVSD_STEP_SET, &wanted->item), set, sizeof set);
  assert_payload (lvsd_ipvs_message_new_step (LVSD_STEP_DELETE, &wanted->item), deleted,
                  sizeof deleted);
}

static void
test_sync_master (void)
{
  static const guint8 started[] = {
    9,  1, 0, 0,                                      /* NEW_DAEMON */
    56, 0, 3, 0x80,                                   /* DAEMON */
    8,  0, 1, 0,    1,    0,    0,   0,               /* STATE */
    9,  0, 2, 0,    'e',  't',  'h', '0', 0, 0, 0, 0, /* MCAST_IFN */
    8,  0, 3, 0,    7,    0,    0,   0,               /* SYNC_ID */
    8,  0, 5, 0,    224,  0,    0,   81,              /* MCAST_GROUP */
    6,  0, 7, 0,    0x90, 0x22, 0,   0,               /* MCAST_PORT 8848, host order */
    5,  0, 8, 0,    1,    0,    0,   0,               /* MCAST_TTL */
  };
  static const guint8 stopped[] = {
    10, 1, 0, 0,                /* DEL_DAEMON */
    12, 0, 3, 0x80,             /* DAEMON */
    8,  0, 1, 0,    1, 0, 0, 0, /* STATE */
  };
  g_autoptr (LvsdSyncDaemon) wanted = lvsd_sync_daemon_new (LVSD_SYNC_MASTER);

  g_strlcpy (wanted->interface, "eth0", sizeof wanted->interface);
  wanted->id = 7;
  assert_payload (lvsd_ipvs_message_new_step (LVSD_STEP_NEW, &wanted->item), started,
                  sizeof started);
  assert_payload (lvsd_ipvs_message_new_step (LVSD_STEP_DELETE, &wanted->item), stopped,
                  sizeof stopped);
}

static void
test_sync_backup_over_ipv6 (void)
{
  static const guint8 started[] = {
    9,  1, 0, 0,                                      /* NEW_DAEMON */
    76, 0, 3, 0x80,                                   /* DAEMON */
    8,  0, 1, 0,    2,    0,    0,   0,               /* STATE */
    9,  0, 2, 0,    'e',  't',  'h', '0', 0, 0, 0, 0, /* MCAST_IFN */
    8,  0, 3, 0,    255,  0,    0,   0,               /* SYNC_ID */
    6,  0, 4, 0,    0x00, 0x20, 0,   0,               /* SYNC_MAXLEN 8192 */
    20, 0, 6, 0,    0xff, 0x02, 0,   0,   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x81, /* MCAST_GROUP6 */
    6,  0, 7, 0,    0xd2, 0x04, 0,   0, /* MCAST_PORT 1234, host order */
    5,  0, 8, 0,    64,   0,    0,   0, /* MCAST_TTL */
  };
  g_autoptr (LvsdSyncDaemon) wanted = lvsd_sync_daemon_new (LVSD_SYNC_BACKUP);

  g_strlcpy (wanted->interface, "eth0", sizeof wanted->interface);
  wanted->id = 255;
  wanted->max_length = 8192;
  wanted->port = 1234;
  wanted->ttl = 64;
  g_assert_true (lvsd_address_parse ("ff02::81", &wanted->group, NULL));
  assert_payload (lvsd_ipvs_message_new_step (LVSD_STEP_NEW, &wanted->item), started,
                  sizeof started);
}

/* Never without a service: that would be everybody's. */
static void
test_zero_names_a_service (void)
{
  static const guint8 expected[] = {
    16, 1, 0, 0, 20, 0, 1, 0x80, 6, 0, 1, 0, 2, 0, 0, 0, 8, 0, 5, 0, 5, 0, 0, 0,
  };
  g_autoptr (LvsdServiceIdentity) of = identity ("fwmark/5");

  assert_payload (lvsd_ipvs_message_new_zero (&of->key), expected, sizeof expected);
}

static void
test_questions (void)
{
  static const guint8 all[] = { 4, 1, 0, 0 };
  static const guint8 daemons[] = { 11, 1, 0, 0 };
  static const guint8 destinations[] = {
    8, 1, 0, 0, 20, 0, 1, 0x80, 6, 0, 1, 0, 2, 0, 0, 0, 8, 0, 5, 0, 5, 0, 0, 0,
  };
  g_autoptr (LvsdServiceIdentity) of = identity ("fwmark/5");
  struct nl_msg *message = lvsd_ipvs_message_new_get_services ();

  g_assert_cmpuint (nlmsg_hdr (message)->nlmsg_flags & NLM_F_DUMP, ==, NLM_F_DUMP);
  assert_payload (message, all, sizeof all);
  message = lvsd_ipvs_message_new_get_service (&of->key);
  g_assert_cmpuint (nlmsg_hdr (message)->nlmsg_flags & NLM_F_DUMP, ==, 0);
  nlmsg_free (message);
  message = lvsd_ipvs_message_new_get_destinations (&of->key);
  g_assert_cmpuint (nlmsg_hdr (message)->nlmsg_flags & NLM_F_DUMP, ==, NLM_F_DUMP);
  assert_payload (message, destinations, sizeof destinations);
  message = lvsd_ipvs_message_new_get_daemons ();
  g_assert_cmpuint (nlmsg_hdr (message)->nlmsg_flags & NLM_F_DUMP, ==, NLM_F_DUMP);
  assert_payload (message, daemons, sizeof daemons);
}

/* The kernel must refuse it, so the length of the prefix is none. */
static void
test_probe_can_never_be_accepted (void)
{
  static const guint8 expected[] = {
    1,  1, 0, 0,                                           /* NEW_SERVICE */
    56, 0, 1, 0x80,                                        /* SERVICE */
    6,  0, 1, 0,    10,   0,    0,    0,                   /* AF */
    8,  0, 5, 0,    0xff, 0xff, 0xff, 0xff,                /* FWMARK */
    7,  0, 6, 0,    'r',  'r',  0,    0,                   /* SCHED_NAME */
    12, 0, 7, 0,    0,    0,    0,    0,    0x3d, 0, 0, 0, /* FLAGS */
    8,  0, 8, 0,    0,    0,    0,    0,                   /* TIMEOUT */
    8,  0, 9, 0,    0,    0,    0,    0,                   /* NETMASK */
  };

  assert_payload (lvsd_ipvs_message_new_probe ("rr", ""), expected, sizeof expected);
}

/* A reply with this payload, of which the caller may then change bytes. */
static struct nlmsghdr *
reply (const guint8 *payload, gsize size)
{
  struct nlmsghdr *message = g_malloc0 (NLMSG_HDRLEN + NLMSG_ALIGN (size));

  message->nlmsg_len = (guint32) (NLMSG_HDRLEN + size);
  message->nlmsg_type = 30;
  memcpy (nlmsg_data (message), payload, size);
  return message;
}

static const guint8 service_reply[] = {
  1,    2, 0,  0,                        /* NEW_SERVICE */
  0xf0, 0, 1,  0x80,                     /* SERVICE */
  6,    0, 1,  0,    2,    0,    0,   0, /* AF */
  6,    0, 2,  0,    6,    0,    0,   0, /* PROTOCOL */
  20,   0, 3,  0,    192,  0,    2,   1, 0,    0,    0,    0,    0, 0, 0, 0, 0, 0, 0, 0, /* ADDR */
  6,    0, 4,  0,    0x1f, 0x90, 0,   0,                         /* PORT 8080 */
  8,    0, 6,  0,    'w',  'l',  'c', 0,                         /* SCHED_NAME */
  12,   0, 7,  0,    0x1b, 0,    0,   0, 0xff, 0xff, 0xff, 0xff, /* FLAGS with HASHED */
  8,    0, 8,  0,    0x2c, 0x01, 0,   0,                         /* TIMEOUT */
  8,    0, 9,  0,    255,  255,  0,   0,                         /* NETMASK */
  12,   0, 99, 0,    1,    2,    3,   4, 5,    6,    7,    8,    /* not known to us */
  52,   0, 10, 0x80,                                             /* STATS */
  8,    0, 1,  0,    1,    0,    0,   0,                         /* CONNS */
  8,    0, 2,  0,    2,    0,    0,   0,                         /* INPKTS */
  12,   0, 4,  0,    4,    0,    0,   0, 1,    0,    0,    0,    /* INBYTES */
  12,   0, 5,  0,    5,    0,    0,   0, 0,    0,    0,    0,    /* OUTBYTES */
  8,    0, 6,  0,    6,    0,    0,   0,                         /* CPS */
  92,   0, 12, 0x80,                                             /* STATS64 */
  12,   0, 1,  0,    1,    0,    0,   0, 2,    0,    0,    0,    /* CONNS */
  4,    0, 11, 0,                                                /* PAD */
  12,   0, 2,  0,    2,    0,    0,   0, 2,    0,    0,    0,    /* INPKTS */
  12,   0, 3,  0,    3,    0,    0,   0, 2,    0,    0,    0,    /* OUTPKTS */
  12,   0, 4,  0,    4,    0,    0,   0, 2,    0,    0,    0,    /* INBYTES */
  12,   0, 5,  0,    5,    0,    0,   0, 2,    0,    0,    0,    /* OUTBYTES */
  12,   0, 6,  0,    6,    0,    0,   0, 2,    0,    0,    0,    /* CPS */
  12,   0, 10, 0,    10,   0,    0,   0, 2,    0,    0,    0,    /* OUTBPS */
};

static void
test_service_is_read (void)
{
  g_autofree struct nlmsghdr *message = reply (service_reply, sizeof service_reply);
  g_autoptr (LvsdService) expected = service ("tcp/192.0.2.1:8080", "wlc");
  g_autoptr (LvsdItem) item = NULL;
  const guint64 high = G_GUINT64_CONSTANT (2) << 32;
  LvsdActualEntry entry;

  expected->persistence = 300;
  expected->persistence_prefix = 16;
  expected->scheduler_flags = 3;
  g_assert_true (lvsd_ipvs_reply_read_service (message, &entry));
  item = entry.item;
  g_assert_true (lvsd_item_identity_equal (item, expected));
  g_assert_true (lvsd_service_kernel_equal (expected, (LvsdService *) item));
  g_assert_cmpstr (((LvsdService *) item)->identity->name, ==, "");
  g_assert_cmpuint (entry.counters.connections, ==, high + 1);
  g_assert_cmpuint (entry.counters.packets_in, ==, high + 2);
  g_assert_cmpuint (entry.counters.packets_out, ==, high + 3);
  g_assert_cmpuint (entry.counters.bytes_in, ==, high + 4);
  g_assert_cmpuint (entry.counters.bytes_out, ==, high + 5);
  g_assert_cmpuint (entry.counters.connection_rate, ==, high + 6);
  g_assert_cmpuint (entry.counters.packet_rate_in, ==, 0);
  g_assert_cmpuint (entry.counters.byte_rate_out, ==, high + 10);
}

static void
test_old_kernels_have_narrow_counters (void)
{
  gsize size = sizeof service_reply - 92;
  g_autofree struct nlmsghdr *message = reply (service_reply, size);
  LvsdActualEntry entry;

  ((guint8 *) nlmsg_data (message))[4] = (guint8) (size - 4);
  g_assert_true (lvsd_ipvs_reply_read_service (message, &entry));
  g_assert_cmpuint (entry.counters.connections, ==, 1);
  g_assert_cmpuint (entry.counters.packets_in, ==, 2);
  g_assert_cmpuint (entry.counters.bytes_in, ==, (G_GUINT64_CONSTANT (1) << 32) + 4);
  g_assert_cmpuint (entry.counters.bytes_out, ==, 5);
  g_assert_cmpuint (entry.counters.connection_rate, ==, 6);
  lvsd_item_unref (entry.item);
}

/* By what stands in the message at the offset of the mask: 255.255.0.0 above. */
static guint
read_prefix (const guint8 mask[4])
{
  g_autofree struct nlmsghdr *message = reply (service_reply, sizeof service_reply);
  g_autoptr (LvsdItem) item = NULL;
  LvsdActualEntry entry;

  memcpy ((guint8 *) nlmsg_data (message) + 84, mask, 4);
  g_assert_true (lvsd_ipvs_reply_read_service (message, &entry));
  item = entry.item;
  return ((LvsdService *) item)->persistence_prefix;
}

static void
test_masks_that_are_no_prefix_are_beyond_our_limits (void)
{
  g_assert_cmpuint (read_prefix ((const guint8[]){ 255, 255, 0, 0 }), ==, 16);
  g_assert_cmpuint (read_prefix ((const guint8[]){ 128, 0, 0, 0 }), ==, 1);
  g_assert_cmpuint (read_prefix ((const guint8[]){ 255, 255, 255, 254 }), ==, 31);
  g_assert_cmpuint (read_prefix ((const guint8[]){ 255, 255, 255, 255 }), ==, 0);
  g_assert_cmpuint (read_prefix ((const guint8[]){ 0, 0, 0, 0 }), ==, 255);
  g_assert_cmpuint (read_prefix ((const guint8[]){ 255, 0, 255, 0 }), ==, 255);
}

static const guint8 destination_reply[] = {
  5,    2, 0,  0,                                                          /* NEW_DEST */
  0x7c, 0, 2,  0x80,                                                       /* DEST */
  20,   0, 1,  0,    192,  0,    2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* ADDR */
  6,    0, 2,  0,    0x1f, 0x90, 0, 0,                                     /* PORT 8080 */
  8,    0, 3,  0,    2,    0,    0, 0,                                     /* FWD_METHOD */
  8,    0, 4,  0,    5,    0,    0, 0,                                     /* WEIGHT */
  5,    0, 13, 0,    1,    0,    0, 0,                                     /* TUN_TYPE */
  6,    0, 14, 0,    0x17, 0xc0, 0, 0,                                     /* TUN_PORT */
  6,    0, 15, 0,    1,    0,    0, 0,                                     /* TUN_FLAGS */
  8,    0, 5,  0,    100,  0,    0, 0,                                     /* U_THRESH */
  8,    0, 6,  0,    10,   0,    0, 0,                                     /* L_THRESH */
  8,    0, 7,  0,    11,   0,    0, 0,                                     /* ACTIVE_CONNS */
  8,    0, 8,  0,    12,   0,    0, 0,                                     /* INACT_CONNS */
  8,    0, 9,  0,    13,   0,    0, 0,                                     /* PERSIST_CONNS */
  12,   0, 10, 0x80, 8,    0,    1, 0, 9, 0, 0, 0,                         /* STATS: CONNS */
};

static void
test_destination_is_read (void)
{
  g_autofree struct nlmsghdr *message = reply (destination_reply, sizeof destination_reply);
  g_autoptr (LvsdDestination) expected = destination ("tcp/192.0.2.1:80", "192.0.2.2:8080");
  g_autoptr (LvsdItem) item = NULL;
  LvsdActualEntry entry;

  expected->method = LVSD_METHOD_TUNNEL;
  expected->weight = 5;
  expected->upper_threshold = 100;
  expected->lower_threshold = 10;
  expected->tunnel = LVSD_TUNNEL_GUE;
  expected->tunnel_port = 6080;
  expected->tunnel_flags = 1;
  g_assert_true (lvsd_ipvs_reply_read_destination (message, expected->identity, &entry));
  item = entry.item;
  g_assert_true (lvsd_item_identity_equal (item, expected));
  g_assert_true (lvsd_destination_kernel_equal (expected, (LvsdDestination *) item));
  g_assert_cmpuint (entry.connections.active, ==, 11);
  g_assert_cmpuint (entry.connections.inactive, ==, 12);
  g_assert_cmpuint (entry.connections.persistent, ==, 13);
  g_assert_cmpuint (entry.counters.connections, ==, 9);
}

static const guint8 daemon_reply[] = {
  9,  1, 0, 0,                                      /* NEW_DAEMON */
  64, 0, 3, 0x80,                                   /* DAEMON */
  8,  0, 1, 0,    2,    0,    0,   0,               /* STATE */
  9,  0, 2, 0,    'e',  't',  'h', '0', 0, 0, 0, 0, /* MCAST_IFN */
  8,  0, 3, 0,    7,    0,    0,   0,               /* SYNC_ID */
  6,  0, 4, 0,    0xc0, 0x05, 0,   0,               /* SYNC_MAXLEN 1472 */
  6,  0, 7, 0,    0x90, 0x22, 0,   0,               /* MCAST_PORT 8848 */
  5,  0, 8, 0,    1,    0,    0,   0,               /* MCAST_TTL */
  8,  0, 5, 0,    239,  0,    0,   81,              /* MCAST_GROUP */
};

static void
test_daemon_is_read (void)
{
  g_autofree struct nlmsghdr *message = reply (daemon_reply, sizeof daemon_reply);
  g_autoptr (LvsdSyncDaemon) daemon = lvsd_ipvs_reply_read_daemon (message);
  g_autoptr (LvsdSyncDaemon) wanted = lvsd_sync_daemon_new (LVSD_SYNC_BACKUP);

  g_strlcpy (wanted->interface, "eth0", sizeof wanted->interface);
  wanted->id = 7;
  g_assert_true (lvsd_address_parse ("239.0.0.81", &wanted->group, NULL));
  g_assert_nonnull (daemon);
  g_assert_cmpuint (daemon->state, ==, LVSD_SYNC_BACKUP);
  g_assert_cmpuint (daemon->max_length, ==, 1472);
  g_assert_true (lvsd_sync_daemon_kernel_equal (wanted, daemon));
  wanted->max_length = 1400;
  g_assert_false (lvsd_sync_daemon_kernel_equal (wanted, daemon));
}

/* They run with what is built into them, and show none of it. */
static void
test_daemon_of_an_old_kernel_has_the_presets (void)
{
  gsize size = sizeof daemon_reply - 32;
  g_autofree struct nlmsghdr *message = reply (daemon_reply, size);
  g_autoptr (LvsdSyncDaemon) daemon = NULL;
  g_autoptr (LvsdSyncDaemon) wanted = lvsd_sync_daemon_new (LVSD_SYNC_BACKUP);

  g_strlcpy (wanted->interface, "eth0", sizeof wanted->interface);
  wanted->id = 7;
  ((guint8 *) nlmsg_data (message))[4] = (guint8) (size - 4);
  daemon = lvsd_ipvs_reply_read_daemon (message);
  g_assert_nonnull (daemon);
  g_assert_true (lvsd_sync_daemon_kernel_equal (wanted, daemon));
}

static void
test_daemon_without_a_state_we_know_is_refused (void)
{
  g_autofree struct nlmsghdr *message = reply (daemon_reply, sizeof daemon_reply);

  ((guint8 *) nlmsg_data (message))[12] = 3;
  g_assert_null (lvsd_ipvs_reply_read_daemon (message));
}

static void
try_reading (struct nlmsghdr *message, LvsdServiceIdentity *of)
{
  LvsdSyncDaemon *daemon;
  LvsdActualEntry entry;

  if (lvsd_ipvs_reply_read_service (message, &entry))
    lvsd_item_unref (entry.item);
  if (lvsd_ipvs_reply_read_destination (message, of, &entry))
    lvsd_item_unref (entry.item);
  daemon = lvsd_ipvs_reply_read_daemon (message);
  g_clear_pointer (&daemon, lvsd_item_unref);
}

/* The copy ends where the message does, so that a sanitizer sees each byte too far. */
static void
damage (const guint8 *payload, gsize size, LvsdServiceIdentity *of)
{
  for (gsize length = 0; length <= size; length++)
    {
      g_autofree struct nlmsghdr *cut = reply (payload, length);

      try_reading (cut, of);
    }
  for (gsize at = 0; at < size; at++)
    for (guint value = 0; value < 256; value++)
      {
        g_autofree struct nlmsghdr *changed = reply (payload, size);

        ((guint8 *) nlmsg_data (changed))[at] = (guint8) value;
        try_reading (changed, of);
      }
}

static void
test_damaged_replies_are_refused_or_read (void)
{
  g_autoptr (LvsdServiceIdentity) of = identity ("tcp/[2001:db8::1]:80");

  damage (service_reply, sizeof service_reply, of);
  damage (destination_reply, sizeof destination_reply, of);
  damage (daemon_reply, sizeof daemon_reply, of);
}

static void
test_what_lacks_an_attribute_is_refused (void)
{
  g_autofree struct nlmsghdr *message = reply (service_reply, sizeof service_reply);
  guint8 *payload = nlmsg_data (message);
  LvsdActualEntry entry;

  payload[8 + 2] = 98; /* AF is now something else */
  g_assert_false (lvsd_ipvs_reply_read_service (message, &entry));
  payload[8 + 2] = 1;
  payload[8 + 4] = 3; /* and now neither IPv4 nor IPv6 */
  g_assert_false (lvsd_ipvs_reply_read_service (message, &entry));
  payload[8 + 4] = 10; /* IPv6, and the address has all 16 bytes */
  g_assert_true (lvsd_ipvs_reply_read_service (message, &entry));
  lvsd_item_unref (entry.item);
  payload[16 + 5] = 1; /* protocol 262 */
  g_assert_false (lvsd_ipvs_reply_read_service (message, &entry));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ipvs-message/tcp4-service", test_tcp4_service);
  g_test_add_func ("/ipvs-message/udp6-service", test_udp6_service);
  g_test_add_func ("/ipvs-message/marked-service", test_marked_service);
  g_test_add_func ("/ipvs-message/direct4-destination", test_direct4_destination);
  g_test_add_func ("/ipvs-message/tunnelled6-destination", test_tunnelled6_destination);
  g_test_add_func ("/ipvs-message/sync-master", test_sync_master);
  g_test_add_func ("/ipvs-message/sync-backup-over-ipv6", test_sync_backup_over_ipv6);
  g_test_add_func ("/ipvs-message/zero-names-a-service", test_zero_names_a_service);
  g_test_add_func ("/ipvs-message/questions", test_questions);
  g_test_add_func ("/ipvs-message/probe-can-never-be-accepted", test_probe_can_never_be_accepted);
  g_test_add_func ("/ipvs-reply/service-is-read", test_service_is_read);
  g_test_add_func ("/ipvs-reply/old-kernels-have-narrow-counters",
                   test_old_kernels_have_narrow_counters);
  g_test_add_func ("/ipvs-reply/masks-that-are-no-prefix-are-beyond-our-limits",
                   test_masks_that_are_no_prefix_are_beyond_our_limits);
  g_test_add_func ("/ipvs-reply/destination-is-read", test_destination_is_read);
  g_test_add_func ("/ipvs-reply/daemon-is-read", test_daemon_is_read);
  g_test_add_func ("/ipvs-reply/daemon-of-an-old-kernel-has-the-presets",
                   test_daemon_of_an_old_kernel_has_the_presets);
  g_test_add_func ("/ipvs-reply/daemon-without-a-state-we-know-is-refused",
                   test_daemon_without_a_state_we_know_is_refused);
  g_test_add_func ("/ipvs-reply/damaged-replies-are-refused-or-read",
                   test_damaged_replies_are_refused_or_read);
  g_test_add_func ("/ipvs-reply/what-lacks-an-attribute-is-refused",
                   test_what_lacks_an_attribute_is_refused);
  return g_test_run ();
}

#else

int
main (void)
{
  return 77;
}

#endif
