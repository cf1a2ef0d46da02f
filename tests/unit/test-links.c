/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>

#include "kernel/link-message.h"

#if G_BYTE_ORDER == G_LITTLE_ENDIAN

static LvsdVirtualAddress *
address (const char *text, const char *label)
{
  LvsdAddress parsed;
  LvsdVirtualAddress *made;
  guint length;

  g_assert_true (lvsd_prefix_parse (text, &parsed, &length, NULL));
  made = lvsd_virtual_address_new (&parsed, length);
  g_strlcpy (made->interface, "eth0", sizeof made->interface);
  g_strlcpy (made->label, label, sizeof made->label);
  return made;
}

/* Takes the message over. */
static void
assert_message (struct nl_msg *message, guint type, guint flags, const guint8 *expected, gsize size)
{
  struct nlmsghdr *header = nlmsg_hdr (message);

  g_assert_cmpuint (header->nlmsg_type, ==, type);
  g_assert_cmpuint (header->nlmsg_flags, ==, flags);
  g_assert_cmpmem (nlmsg_data (header), nlmsg_datalen (header), expected, size);
  nlmsg_free (message);
}

static void
test_ipv4_is_added_with_its_label (void)
{
  static const guint8 added[] = {
    2,  24, 0, 0, 7,   0,   0,   0,                   /* family, prefix, flags, scope */
    8,  0,  2, 0, 192, 0,   2,   100,                 /* IFA_LOCAL */
    8,  0,  1, 0, 192, 0,   2,   100,                 /* IFA_ADDRESS */
    11, 0,  3, 0, 'e', 't', 'h', '0', ':', '2', 0, 0, /* IFA_LABEL */
  };
  static const guint8 removed[] = {
    2, 24, 0, 0, 7, 0, 0, 0, 8, 0, 2, 0, 192, 0, 2, 100, 8, 0, 1, 0, 192, 0, 2, 100,
  };
  static const guint8 on_loopback[] = {
    2, 8, 0, 254, 1,   0, 0, 0, /* scope host */
    8, 0, 2, 0,   127, 0, 0, 2, 8, 0, 1, 0, 127, 0, 0, 2,
  };
  g_autoptr (LvsdVirtualAddress) labelled = address ("192.0.2.100/24", "eth0:2");
  g_autoptr (LvsdVirtualAddress) host = address ("127.0.0.2/8", "");

  assert_message (lvsd_link_message_new_add (labelled, 7), RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL,
                  added, sizeof added);
  assert_message (lvsd_link_message_new_remove (labelled, 7), RTM_DELADDR, 0, removed,
                  sizeof removed);
  assert_message (lvsd_link_message_new_add (host, 1), RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL,
                  on_loopback, sizeof on_loopback);
}

static void
test_a_link_is_made_and_set_up (void)
{
  static const guint8 made[] = {
    0,   0,   0,   0,   0,   0,   0,   0,   0,   0, 0, 0,
    0,   0,   0,   0,                                     /* all of it left to the kernel */
    10,  0,   3,   0,   't', 'u', 'n', 'l', '0', 0, 0, 0, /* IFLA_IFNAME */
    16,  0,   18,  128, 9,   0,   1,   0, /* IFLA_LINKINFO (nested), IFLA_INFO_KIND */
    'i', 'p', 'i', 'p', 0,   0,   0,   0,
  };
  static const guint8 up[] = { 0, 0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0 };
  static const guint8 down[] = { 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0 };

  assert_message (lvsd_link_message_new_create ("tunl0", "ipip"), RTM_NEWLINK,
                  NLM_F_CREATE | NLM_F_EXCL, made, sizeof made);
  assert_message (lvsd_link_message_new_switch (7, TRUE), RTM_NEWLINK, 0, up, sizeof up);
  assert_message (lvsd_link_message_new_switch (7, FALSE), RTM_NEWLINK, 0, down, sizeof down);
}

static void
test_ipv6_is_added_without_detection (void)
{
  static const guint8 whole[] = {
    10, 128, 2, 0, 7, 0, 0, 0, 20,   0,    2,   0,   0x20, 0x01, 0x0d, 0xb8, 0,    0, 0,
    0,  0,   0, 0, 0, 0, 0, 0, 0x64, 20,   0,   1,   0,    0x20, 0x01, 0x0d, 0xb8, 0, 0,
    0,  0,   0, 0, 0, 0, 0, 0, 0,    0x64, 8,   0,   8,    0,    0x02, 0x02, 0,    0, /* IFA_FLAGS:
                                                                                         NOPREFIXROUTE,
                                                                                         NODAD */
    20, 0,   6, 0, 0, 0, 0, 0, 255,  255,  255, 255, /* IFA_CACHEINFO: preferred 0, valid */
    0,  0,   0, 0, 0, 0, 0, 0,
  };
  static const guint8 shorter[] = {
    10, 64, 2, 0,   7,   0,   0,   0,   20,   0,    2,   0, 0x20, 0x01, 0x0d, 0xb8, 0,    0, 0,
    0,  0,  0, 0,   0,   0,   0,   0,   0x64, 20,   0,   1, 0,    0x20, 0x01, 0x0d, 0xb8, 0, 0,
    0,  0,  0, 0,   0,   0,   0,   0,   0,    0x64, 8,   0, 8,    0,    0x02, 0,    0,    0, 20,
    0,  6,  0, 255, 255, 255, 255, 255, 255,  255,  255, 0, 0,    0,    0,    0,    0,    0, 0,
  };
  g_autoptr (LvsdVirtualAddress) first = address ("2001:db8::64/128", "");
  g_autoptr (LvsdVirtualAddress) second = address ("2001:db8::64/64", "");

  assert_message (lvsd_link_message_new_add (first, 7), RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL,
                  whole, sizeof whole);
  assert_message (lvsd_link_message_new_add (second, 7), RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL,
                  shorter, sizeof shorter);
}

static struct nlmsghdr *
reply (guint type, const guint8 *payload, gsize size)
{
  struct nlmsghdr *message = g_malloc0 (NLMSG_HDRLEN + NLMSG_ALIGN (size));

  message->nlmsg_len = (guint32) (NLMSG_HDRLEN + size);
  message->nlmsg_type = (guint16) type;
  memcpy (nlmsg_data (message), payload, size);
  return message;
}

static const guint8 address_reply[] = {
  2,   24, 0x80, 0,  7,    0,   0,   0,   8,   0,   1, 0,
  192, 0,  2,    99,                                      /* IFA_ADDRESS: the other end */
  8,   0,  2,    0,  192,  0,   2,   100,                 /* IFA_LOCAL */
  11,  0,  3,    0,  'e',  't', 'h', '0', ':', '2', 0, 0, /* IFA_LABEL */
  8,   0,  8,    0,  0x81, 0,   0,   0,                   /* IFA_FLAGS */
  5,   0,  77,   0,  1,    0,   0,   0,                   /* not known to us */
};

static void
test_address_is_read (void)
{
  static const guint8 six[] = {
    10, 64, 0x88, 0, 7,    0,    0,    0, /* failed, permanent */
    20, 0,  1,    0, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x64,
  };
  g_autofree struct nlmsghdr *message = reply (RTM_NEWADDR, address_reply, sizeof address_reply);
  g_autofree struct nlmsghdr *failed = reply (RTM_NEWADDR, six, sizeof six);
  LvsdFoundAddress found;
  char label[LVSD_INTERFACE_MAX + 1];
  char text[LVSD_ADDRESS_TEXT_SIZE];

  g_assert_true (lvsd_link_message_read_address (message, &found, label));
  g_assert_cmpstr (lvsd_address_format (&found.address, text), ==, "192.0.2.100");
  g_assert_cmpstr (label, ==, "eth0:2");
  g_assert_cmpuint (found.prefix_length, ==, 24);
  g_assert_cmpint (found.index, ==, 7);
  g_assert_true (found.secondary);
  g_assert_false (found.failed);
  g_assert_true (lvsd_link_message_read_address (failed, &found, label));
  g_assert_cmpstr (lvsd_address_format (&found.address, text), ==, "2001:db8::64");
  g_assert_cmpstr (label, ==, "");
  g_assert_false (found.secondary);
  g_assert_true (found.failed);
}

static const guint8 link_reply[] = {
  0,  0, 1, 0, 7,   0,   0,   0,   0x43, 0x10, 1, 0,
  0,  0, 0, 0,                                       /* up, broadcast, running, multicast */
  9,  0, 3, 0, 'e', 't', 'h', '0', 0,    0,    0, 0, /* IFLA_IFNAME */
  10, 0, 1, 0, 2,   0,   0,   0,   0,    7,    0, 0, /* IFLA_ADDRESS */
};

static void
test_link_is_read (void)
{
  g_autofree struct nlmsghdr *message = reply (RTM_NEWLINK, link_reply, sizeof link_reply);
  guint8 *payload = nlmsg_data (message);
  LvsdLink link;

  g_assert_true (lvsd_link_message_read_link (message, &link));
  g_assert_cmpint (link.index, ==, 7);
  g_assert_cmpstr (link.name, ==, "eth0");
  g_assert_true (link.up && link.running && link.speaks_arp && !link.loopback);
  g_assert_cmpmem (link.hardware_address, 6, "\x02\0\0\0\0\x07", 6);
  payload[8] |= IFF_NOARP;
  g_assert_true (lvsd_link_message_read_link (message, &link));
  g_assert_false (link.speaks_arp);
  payload[0] = AF_BRIDGE;
  g_assert_false (lvsd_link_message_read_link (message, &link));
}

static void
try_reading (struct nlmsghdr *message)
{
  LvsdFoundAddress found;
  LvsdLink link;
  char label[LVSD_INTERFACE_MAX + 1];

  lvsd_link_message_read_link (message, &link);
  lvsd_link_message_read_address (message, &found, label);
}

static void
damage (guint type, const guint8 *payload, gsize size)
{
  for (gsize length = 0; length <= size; length++)
    {
      g_autofree struct nlmsghdr *cut = reply (type, payload, length);

      try_reading (cut);
    }
  for (gsize at = 0; at < size; at++)
    for (guint value = 0; value < 256; value++)
      {
        g_autofree struct nlmsghdr *changed = reply (type, payload, size);

        ((guint8 *) nlmsg_data (changed))[at] = (guint8) value;
        try_reading (changed);
      }
}

static void
test_damaged_replies_are_refused_or_read (void)
{
  damage (RTM_NEWADDR, address_reply, sizeof address_reply);
  damage (RTM_NEWLINK, link_reply, sizeof link_reply);
  damage (RTM_NEWROUTE, link_reply, sizeof link_reply);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/links/ipv4-is-added-with-its-label", test_ipv4_is_added_with_its_label);
  g_test_add_func ("/links/ipv6-is-added-without-detection", test_ipv6_is_added_without_detection);
  g_test_add_func ("/links/a-link-is-made-and-set-up", test_a_link_is_made_and_set_up);
  g_test_add_func ("/links/address-is-read", test_address_is_read);
  g_test_add_func ("/links/link-is-read", test_link_is_read);
  g_test_add_func ("/links/damaged-replies-are-refused-or-read",
                   test_damaged_replies_are_refused_or_read);
  return g_test_run ();
}

#else

int
main (void)
{
  return 77;
}

#endif
