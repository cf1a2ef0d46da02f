/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "client/format.h"
#include "client/keepalived/keepalived.h"
#include "client/ldirectord/ldirectord.h"
#include "model/document.h"
#include "model/error.h"

typedef gboolean (*Read) (LvsctlReading *reading,
                          const char *file,
                          const char *text,
                          gsize length,
                          GError **error);

static LvsctlReading *
read_text (Read read, const char *text, GError **error)
{
  g_autoptr (LvsctlReading) reading = lvsctl_reading_new ();

  if (!read (reading, "x.conf", text, strlen (text), error))
    return NULL;
  return g_steal_pointer (&reading);
}

/* A text, what it becomes but for the head of the native text, and what is said about it. */
typedef struct
{
  const char *text;
  const char *native;
  const char *notes[4];
} Sample;

static void
check_notes (const Sample *sample, const LvsctlReading *reading)
{
  g_auto (GStrv) notes = lvsctl_reading_dup_notes (reading);
  g_autofree char *joined = g_strjoinv ("\n", notes);
  guint n = 0;

  for (; n < G_N_ELEMENTS (sample->notes) && sample->notes[n] != NULL; n++)
    if (strstr (joined, sample->notes[n]) == NULL)
      g_error ("no note '%s' for\n%s\nbut\n%s", sample->notes[n], sample->text, joined);
  if (n != g_strv_length (notes))
    g_error ("%u notes expected for\n%s\nbut there is\n%s", n, sample->text, joined);
}

static void
check_samples (Read read, const Sample *samples, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LvsctlReading) reading = read_text (read, samples[i].text, &error);
      g_autofree char *native = NULL;

      if (reading == NULL)
        g_error ("%s for\n%s", error->message, samples[i].text);
      native = lvsd_document_format (reading->items, LVSD_DOCUMENT_EXPORT);
      g_assert_cmpstr (native + strlen ("[lvsd]\nformat=1\n"), ==, samples[i].native);
      check_notes (&samples[i], reading);
    }
}

typedef struct
{
  const char *text;
  const char *message;
} Mistake;

static void
check_mistakes (Read read, const Mistake *mistakes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LvsctlReading) reading = read_text (read, mistakes[i].text, &error);

      if (reading != NULL)
        g_error ("no mistake was found in\n%s", mistakes[i].text);
      if (!g_str_has_prefix (error->message, mistakes[i].message))
        g_error ("'%s' does not begin with '%s' for\n%s", error->message, mistakes[i].message,
                 mistakes[i].text);
    }
}

/* keepalived */

#define WEB "virtual_server 192.0.2.1 80 {\n protocol TCP\n lb_algo rr\n lb_kind DR\n"
#define WEB_NATIVE "\n[service tcp-192.0.2.1-80]\nkey=tcp/192.0.2.1:80\nscheduler=rr\n"
#define RS1 " real_server 192.0.2.11 80 {\n  weight 1\n }\n"
#define RS1_NATIVE "destination 192.0.2.11 80=method=direct weight=1\n"
#define NO_CHECKS "lvsd has no health checks yet"

static const Sample keepalived_samples[] = {
  { "", "", { NULL } },
  { WEB RS1 "}\n", WEB_NATIVE RS1_NATIVE, { NULL } },
  { "! comment\n\n# another\n" WEB RS1 "} # end\n", WEB_NATIVE RS1_NATIVE, { NULL } },
  { "virtual_server 192.0.2.1 80\r\n{\r\n\tprotocol tcp\r\n\treal_server 192.0.2.11 8080\r\n\t{\r\n"
    "\t}\r\n}\r\n",
    "\n[service tcp-192.0.2.1-80]\nkey=tcp/192.0.2.1:80\nscheduler=wlc\n"
    "destination 192.0.2.11 8080=method=masquerade weight=1\n",
    { NULL } },
  { "virtual_server 192.0.2.1 80 { protocol TCP\n real_server 192.0.2.11 { weight 5 } }",
    "\n[service tcp-192.0.2.1-80]\nkey=tcp/192.0.2.1:80\nscheduler=wlc\n"
    "destination 192.0.2.11 80=method=masquerade weight=5\n",
    { NULL } },
  { WEB " delay_loop 6\n" RS1 " real_server 192.0.2.12 80 {\n  TCP_CHECK {\n   connect_timeout 3\n"
        "  }\n }\n real_server 192.0.2.13 80 {\n  TCP_CHECK { }\n  notify_down \"/bin/x {\"\n }\n}",
    WEB_NATIVE RS1_NATIVE "destination 192.0.2.12 80=method=direct weight=1\n"
                          "destination 192.0.2.13 80=method=direct weight=1\n",
    { "x.conf:5:2: delay_loop: " NO_CHECKS,
      "x.conf:10:3: TCP_CHECK: lvsd has no health checks yet; left out, so the real servers "
      "keep their weights (also in line 15)",
      "x.conf:16:3: notify_down: lvsd runs no scripts" } },
  { WEB " persistence_timeout 50\n persistence_granularity 255.255.255.0\n" RS1 "}",
    WEB_NATIVE "persistence=50\npersistence-prefix=24\n" RS1_NATIVE,
    { NULL } },
  { WEB " persistence_timeout\n" RS1 "}", WEB_NATIVE "persistence=360\n" RS1_NATIVE, { NULL } },
  { WEB " persistence_timeout 0\n" RS1 "}", WEB_NATIVE RS1_NATIVE, { NULL } },
  { "virtual_server 2001:db8::1 5060 {\n protocol UDP\n lvs_sched mh\n mh-port\n mh-fallback\n "
    "ops\n"
    " persistence_engine sip\n persistence_granularity 64\n snmp_name sip\n"
    " real_server 2001:db8::11 5060 {\n  lvs_method DR\n  uthreshold 9\n  lthreshold 3\n"
    "  weight 0\n }\n}",
    "\n[service sip]\nkey=udp/[2001:db8::1]:5060\nscheduler=mh\nflags=mh-fallback,mh-port\n"
    "persistence=360\npersistence-prefix=64\npersistence-engine=sip\none-packet=yes\n"
    "destination 2001:db8::11 5060=method=direct weight=0 upper-threshold=9 lower-threshold=3\n",
    { NULL } },
  { "virtual_server 192.0.2.1 53 {\n protocol SCTP\n lvs_method TUN type gue port 6080 remcsum\n"
    " real_server 198.51.100.1 53 { }\n real_server 2001:db8::9 53 {\n  lvs_method TUN\n }\n"
    " real_server 198.51.100.2 53 {\n  lvs_method TUN type gre csum\n }\n}",
    "\n[service sctp-192.0.2.1-53]\nkey=sctp/192.0.2.1:53\nscheduler=wlc\n"
    "destination 198.51.100.1 53=method=tunnel weight=1 tunnel=gue tunnel-port=6080 "
    "tunnel-checksum=remote-checksum\n"
    "destination 2001:db8::9 53=method=tunnel weight=1\n"
    "destination 198.51.100.2 53=method=tunnel weight=1 tunnel=gre tunnel-checksum=checksum\n",
    { NULL } },
  { "virtual_server fwmark 5 {\n lb_kind DR\n real_server 2001:db8::9 443 { }\n}",
    "\n[service fwmark6-5]\nkey=fwmark6/5\nscheduler=wlc\n"
    "destination 2001:db8::9 0=method=direct weight=1\n",
    { "x.conf:3:2: port 443: packets keep theirs" } },
  { "virtual_server fwmark 5 {\n lb_kind TUN\n ip_family inet6\n real_server 192.0.2.9 { }\n}",
    "\n[service fwmark6-5]\nkey=fwmark6/5\nscheduler=wlc\n"
    "destination 192.0.2.9 0=method=tunnel weight=1\n",
    { NULL } },
  { "virtual_server group g {\n protocol TCP\n lb_kind DR\n" RS1 "}\nvirtual_server_group g {\n"
    " 192.0.2.254-192.0.3.0 80\n 192.0.2.8/31 80\n fwmark 3\n}",
    "\n[service tcp-192.0.2.254-80]\nkey=tcp/192.0.2.254:80\nscheduler=wlc\n" RS1_NATIVE
    "\n[service tcp-192.0.2.255-80]\nkey=tcp/192.0.2.255:80\nscheduler=wlc\n" RS1_NATIVE
    "\n[service tcp-192.0.3.0-80]\nkey=tcp/192.0.3.0:80\nscheduler=wlc\n" RS1_NATIVE
    "\n[service tcp-192.0.2.8-80]\nkey=tcp/192.0.2.8:80\nscheduler=wlc\n" RS1_NATIVE
    "\n[service tcp-192.0.2.9-80]\nkey=tcp/192.0.2.9:80\nscheduler=wlc\n" RS1_NATIVE
    "\n[service fwmark-3]\nkey=fwmark/3\nscheduler=wlc\n"
    "destination 192.0.2.11 0=method=direct weight=1\n",
    { "x.conf:4:2: port 80: packets keep theirs" } },
  { "virtual_server 192.0.2.1 {\n protocol TCP\n lb_kind DR\n real_server 192.0.2.11 { }\n}",
    "\n[service tcp-192.0.2.1-0]\nkey=tcp/192.0.2.1:0\nscheduler=wlc\npersistence=360\n"
    "destination 192.0.2.11 0=method=direct weight=1\n",
    { "x.conf:1:1: no port: all ports go with persistence only" } },
  { "virtual_server 192.0.2.1 80 {\n lb_kind DR\n" RS1 "}",
    "\n[service udp-192.0.2.1-80]\nkey=udp/192.0.2.1:80\nscheduler=wlc\n" RS1_NATIVE,
    { "x.conf:1:1: no protocol: UDP is taken" } },
  { WEB " real_server 192.0.2.11 8080 { }\n real_server 192.0.2.11 80 { }\n}",
    WEB_NATIVE RS1_NATIVE,
    { "x.conf:5:2: port 8080: packets keep the service's unless they are masqueraded; 80",
      "x.conf:6:2: real_server: stands further up already" } },
  { WEB " sorry_server 127.0.0.1 80\n quorum 2\n frobnicate 3\n" RS1 "}",
    WEB_NATIVE RS1_NATIVE,
    { "x.conf:5:2: sorry_server: ", "x.conf:6:2: quorum: " NO_CHECKS,
      "x.conf:7:2: frobnicate: lvsctl does not know" } },
  { WEB "}", "", { "x.conf:1:1: virtual_server: has no real_server" } },
  { "virtual_server_group g {\n}\nvirtual_server group g {\n" RS1 "}",
    "",
    { "x.conf:3:1: virtual_server: its group has no entries" } },
  { "vrrp_instance V {\n interface eth7\n virtual_ipaddress {\n  192.0.2.7/24 label eth7:1\n"
    "  2001:db8::7 dev eth8\n }\n}",
    "",
    { "x.conf:1:1: vrrp_instance: lvsd does not do VRRP",
      "lvsctl address add 192.0.2.7/24 --interface eth7",
      "lvsctl address add 2001:db8::7 --interface eth8" } },
  { "$IP=192.0.2\n$VIP = 9\n$KIND=DR\nvirtual_server ${IP}.1 80 {\n protocol TCP\n lb_algo rr\n"
    " lb_kind $KIND\n real_server ${IP}.11 80 { }\n}",
    WEB_NATIVE RS1_NATIVE,
    { "x.conf:2:1: $VIP: lvsctl does not know" } },
  { "$RS= \\\n real_server 192.0.2.${N} 80 { \\\n  weight ${N} \\\n }\n" WEB
    "$N=1\n$RS\n$N=2\n$RS\n}",
    WEB_NATIVE "destination 192.0.2.1 80=method=direct weight=1\n"
               "destination 192.0.2.2 80=method=direct weight=2\n",
    { NULL } },
  { "$A=10.2.${B}\n$B=0\n$B=9\n" WEB "real_server ${A}.7 80 { }\n}",
    WEB_NATIVE "destination 10.2.9.7 80=method=direct weight=1\n",
    { NULL } },
  { "$LAST=13\n" WEB "~SEQ(N, 11, 2, $LAST) real_server 192.0.2.${N} 80 { }\n"
    "~SEQx(N, 0x1a, 0x1b) real_server 2001:db8::${N} 80 { lvs_method TUN }\n"
    "~LST({A, B}, {1,2}, {3,4}) real_server 10.0.${A}.${B} 80 { }\n}",
    WEB_NATIVE "destination 192.0.2.11 80=method=direct weight=1\n"
               "destination 192.0.2.13 80=method=direct weight=1\n"
               "destination 2001:db8::1a 80=method=tunnel weight=1\n"
               "destination 2001:db8::1b 80=method=tunnel weight=1\n"
               "destination 10.0.1.2 80=method=direct weight=1\n"
               "destination 10.0.3.4 80=method=direct weight=1\n",
    { NULL } },
  { WEB
    "@no-such-host real_server 192.0.2.10 80 { }\n@^no-such-host real_server 192.0.2.11 80 { }\n}",
    WEB_NATIVE RS1_NATIVE,
    { "x.conf:5:1: condition: the configuration id is taken to be" } },
};

static void
test_keepalived (void)
{
  check_samples (lvsctl_keepalived_read, keepalived_samples, G_N_ELEMENTS (keepalived_samples));
}

static const Mistake keepalived_mistakes[] = {
  { WEB RS1, "x.conf:1:1: the block of 'virtual_server' is never closed" },
  { WEB RS1 "}\n}", "x.conf:9:1: '}' closes no block" },
  { "{", "x.conf:1:1: '{' follows no keyword" },
  { WEB " real_server \"192.0.2.11 80 {\n }\n}", "x.conf:5:14: the quote that opens here" },
  { "virtual_server {\n}", "x.conf:1:1: '' is no address" },
  { "virtual_server www 80 {\n}", "x.conf:1:1: 'www' is no address" },
  { "virtual_server 192.0.2.1 http {\n}", "x.conf:1:1: port 'http' must be a number" },
  { "virtual_server 192.0.2.1 65536 {\n}", "x.conf:1:1: port '65536' must be a number" },
  { "virtual_server 192.0.2.1 80 81 {\n}",
    "x.conf:1:1: virtual_server: '81' is one word too many" },
  { "virtual_server 224.0.0.1 80 {\n protocol TCP\n" RS1 "}", "x.conf:1:1: key " },
  { "virtual_server fwmark 0 {\n}", "x.conf:1:1: fwmark '0' must be a number" },
  { "virtual_server group g {\n}", "x.conf:1:1: there is no virtual_server_group 'g'" },
  { "virtual_server_group g {\n 10.0.0.0/8 80\n}\nvirtual_server group g {\n}",
    "x.conf:2:2: '10.0.0.0/8' holds more than 65536" },
  { "virtual_server_group g {\n 192.0.2.9-1 80\n}", "x.conf:2:2: '192.0.2.9-1' is no address" },
  { WEB " lb_kind NOT\n}", "x.conf:5:2: 'lb_kind NOT': the method must be NAT, DR or TUN" },
  { WEB " lb_kind TUN type\n}", "x.conf:5:2: 'lb_kind TUN type': the method must be" },
  { WEB " lb_kind TUN type gue\n" RS1 "}", "x.conf:6:2: destination 192.0.2.11:80" },
  { WEB " protocol ICMP\n}", "x.conf:5:2: protocol: 'ICMP' is not one of tcp, udp, sctp" },
  { WEB " protocol\n}", "x.conf:5:2: protocol: a value is missing" },
  { WEB " persistence_timeout 9999999\n" RS1 "}", "x.conf:5:2: persistence: '9999999' must be" },
  { WEB " persistence_granularity 255.0.255.0\n" RS1 "}",
    "x.conf:5:2: '255.0.255.0' is not a netm" },
  { WEB " real_server 192.0.2.11 80 {\n  weight heavy\n }\n}",
    "x.conf:6:3: weight: 'heavy' must be a number" },
  { WEB " real_server 192.0.2.11 80 {\n  weight 1 2\n }\n}",
    "x.conf:6:3: weight: '2' is one word too many" },
  { WEB " real_server 2001:db8::1 80 { }\n}", "x.conf:5:2: destination [2001:db8::1]:80" },
  { WEB RS1 "}\n" WEB RS1 "}", "x.conf:9:1: service tcp-192.0.2.1-80 stands further up" },
  { "virtual_server_group g {\n 10.0.0.0/16 80\n}\nvirtual_server group g {\n protocol UDP\n"
    "~SEQ(N,1,9) real_server 192.0.2.${N} 80 { }\n}",
    "x.conf:2:2: the text makes more than 500000" },
  { "$A=$B\n$B=$A\n$A\n", "x.conf:3:1: the definitions in this line refer to themselves" },
  { "~SEQ(N, 1, 100000000) x\n", "x.conf:1:1: '~SEQ(N, 1, 100000000) x': write ~SEQ(" },
  { "~SEQ(A,1,60000) ~SEQ(B,1,60000) virtual_server 10.0.0.1 80\n",
    "x.conf:1:1: definitions, repetitions and included files make more" },
  { "~LST(A) x\n", "x.conf:1:1: '~LST(A) x': write ~SEQ(" },
  { "virtual_server \x01 80 {\n}", "x.conf:1:16: byte 0x01 is no text" },
};

static void
test_keepalived_mistakes (void)
{
  check_mistakes (lvsctl_keepalived_read, keepalived_mistakes, G_N_ELEMENTS (keepalived_mistakes));
}

/* ldirectord */

#define LD_WEB "virtual=192.0.2.1:80\n\tscheduler=rr\n"

static const Sample ldirectord_samples[] = {
  { "", "", { NULL } },
  { LD_WEB "\treal=192.0.2.11:80 gate\n", WEB_NATIVE RS1_NATIVE, { NULL } },
  { "# c\nvirtual = 192.0.2.1:http\n        scheduler = rr # round\n    # more\n"
    "    real = 192.0.2.11:http gate 1 \"index.html\", \"Test Page\"\n\n",
    WEB_NATIVE RS1_NATIVE,
    { "x.conf:5:5: request: " NO_CHECKS } },
  { LD_WEB "\treal=192.0.2.254->192.0.3.1:8080 masq 7\n",
    WEB_NATIVE "destination 192.0.2.254 8080=method=masquerade weight=7\n"
               "destination 192.0.2.255 8080=method=masquerade weight=7\n"
               "destination 192.0.3.0 8080=method=masquerade weight=7\n"
               "destination 192.0.3.1 8080=method=masquerade weight=7\n",
    { NULL } },
  { LD_WEB "\treal=192.0.2.11 ipip\n\treal=192.0.2.12::81 gate\n\treal=192.0.2.13 masq\n",
    WEB_NATIVE "destination 192.0.2.11 80=method=tunnel weight=1\n"
               "destination 192.0.2.12 80=method=direct weight=1\n"
               "destination 192.0.2.13 80=method=masquerade weight=1\n",
    { "x.conf:4:2: port 81: packets keep the service's" } },
  { "virtual=192.0.2.1:53\n\tpersistent=600\n\tnetmask=255.255.255.0\n\tops=yes\n",
    "\n[service udp-192.0.2.1-53]\nkey=udp/192.0.2.1:53\nscheduler=wrr\npersistence=600\n"
    "persistence-prefix=24\none-packet=yes\n",
    { NULL } },
  { "virtual=192.0.2.1:53\n\tprotocol=tcp\n\tnetmask=255.255.255.0\n\tops=yes\n",
    "\n[service tcp-192.0.2.1-53]\nkey=tcp/192.0.2.1:53\nscheduler=wrr\n",
    { "x.conf:1:1: ops: goes with UDP only", "x.conf:3:2: netmask: goes with persistent only" } },
  { "virtual=7\n\tprotocol=fwm\n\treal=192.0.2.11:80 gate\n",
    "\n[service fwmark-7]\nkey=fwmark/7\nscheduler=wrr\n"
    "destination 192.0.2.11 0=method=direct weight=1\n",
    { "x.conf:3:2: port 80: packets keep theirs" } },
  { "virtual6=[2001:db8::5]:119\n\tpersistent=9\n\tnetmask=64\n\treal6=[2001:db8::6]:119 masq\n"
    "virtual6=9\n",
    "\n[service tcp-2001_db8__5-119]\nkey=tcp/[2001:db8::5]:119\nscheduler=wrr\npersistence=9\n"
    "persistence-prefix=64\ndestination 2001:db8::6 119=method=masquerade weight=1\n"
    "\n[service fwmark6-9]\nkey=fwmark6/9\nscheduler=wrr\n",
    { NULL } },
  { "checktimeout=3\nfallback=127.0.0.1:80\nautoreload=yes\n" LD_WEB "\tchecktype=off\n"
    "\treal=192.0.2.11:80 gate 9\n",
    WEB_NATIVE "destination 192.0.2.11 80=method=direct weight=0\n",
    { "x.conf:1:1: checktimeout: " NO_CHECKS, "x.conf:2:1: fallback: ",
      "x.conf:3:1: autoreload: is", "x.conf:6:2: checktype=off: keeps the real servers out" } },
  { LD_WEB "\treal=localhost:80 gate\n",
    WEB_NATIVE "destination 127.0.0.1 80=method=direct weight=1\n",
    { "x.conf:3:2: localhost: is 127.0.0.1 now" } },
};

static void
test_ldirectord (void)
{
  check_samples (lvsctl_ldirectord_read, ldirectord_samples, G_N_ELEMENTS (ldirectord_samples));
}

static const Mistake ldirectord_mistakes[] = {
  { "\treal=192.0.2.11:80 gate\n", "x.conf:1:2: 'real' is indented but follows no virtual" },
  { LD_WEB "\n\treal=192.0.2.11:80 gate\n", "x.conf:4:2: 'real' is indented but follows no" },
  { LD_WEB "  real=192.0.2.11:80 gate\n", "x.conf:3:3: indent what belongs to a virtual service" },
  { "virtual\n", "x.conf:1:1: 'virtual': write NAME = VALUE" },
  { "virtual=\n", "x.conf:1:1: '' is not an IP address" },
  { "virtual=192.0.2.300:80\n", "x.conf:1:1: '192.0.2.300' is not an IP address" },
  { "virtual=192.0.2.1:70000\n", "x.conf:1:1: port '70000' is no number" },
  { "virtual=192.0.2.1:no-such-thing\n", "x.conf:1:1: port 'no-such-thing' is no number" },
  { "virtual=192.0.2.1\n", "x.conf:1:1: service tcp-192.0.2.1-0: port: 0 means" },
  { "virtual=[2001:db8::1]:80\n", "x.conf:1:1: '2001:db8::1' is no IPv4 address" },
  { "virtual=0\n", "x.conf:1:1: firewall mark '0' must be" },
  { LD_WEB "\treal6=[2001:db8::1]:80 gate\n", "x.conf:3:2: 'real6' goes with virtual6 only" },
  { "virtual6=[2001:db8::1]:80\n\treal=192.0.2.1 gate\n", "x.conf:2:2: 'real' goes with virtual" },
  { LD_WEB "\treal=192.0.2.11:80\n", "x.conf:3:2: real: '' is not one of gate, masq, ipip" },
  { LD_WEB "\treal=192.0.2.11:80 dr\n", "x.conf:3:2: real: 'dr' is not one of gate, masq, ipip" },
  { LD_WEB "\treal=192.0.2.11:80 gate x\n", "x.conf:3:2: weight: 'x' must be a number" },
  { LD_WEB "\treal=192.0.2.11->192.0.2.1:80 gate\n", "x.conf:3:2: the range ends before it" },
  { LD_WEB "\treal=10.0.0.0->10.255.0.0:80 gate\n", "x.conf:3:2: the range holds more than 65536" },
  { LD_WEB "\treal=192.0.2.11:80 gate\n\treal=192.0.2.11:80 gate\n",
    "x.conf:4:2: destination tcp-192.0.2.1-80/192.0.2.11:80 stands further up" },
  { LD_WEB "\tprotocol=fwm\n", "x.conf:3:2: protocol: must be tcp or udp" },
  { "virtual=7\n\tprotocol=tcp\n", "x.conf:2:2: protocol: must be fwm" },
  { LD_WEB "\tpersistent=x\n", "x.conf:3:2: persistence: 'x' must be a number" },
  { LD_WEB "\tpersistent=9\n\tnetmask=255.0.255.0\n",
    "x.conf:4:2: '255.0.255.0' is not a netmask" },
  { LD_WEB "\tops=maybe\n", "x.conf:3:2: ops: must be yes or no" },
  { LD_WEB "\tfrob=1\n", "x.conf:3:2: 'frob' is not a directive" },
  { "timeout=3\n", "x.conf:1:1: 'timeout' is not a directive" },
  { LD_WEB LD_WEB, "x.conf:3:1: service tcp-192.0.2.1-80 stands further up" },
  { "virtual=\x1b[2J\n", "x.conf:1:9: byte 0x1b is no text" },
};

static void
test_ldirectord_mistakes (void)
{
  check_mistakes (lvsctl_ldirectord_read, ldirectord_mistakes, G_N_ELEMENTS (ldirectord_mistakes));
}

/* Bytes replaced, taken out and put in: whatever comes of it, it ends with items that can be
 * written and read again, or with a place. */
static void
mutate (Read read, const char *text, const char *alphabet, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GString) mutant = g_string_new (text);
  g_autoptr (LvsctlReading) reading = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *native = NULL;

  for (int n = g_rand_int_range (rand, 1, 8); n > 0 && mutant->len > 4; n--)
    {
      gssize at = g_rand_int_range (rand, 0, (gint32) mutant->len - 3);

      if (g_rand_boolean (rand))
        g_string_erase (mutant, at, g_rand_int_range (rand, 1, 3));
      if (g_rand_boolean (rand))
        g_string_insert_c (mutant, at,
                           alphabet[g_rand_int_range (rand, 0, (gint32) strlen (alphabet))]);
    }
  reading = read_text (read, mutant->str, &error);
  if (reading == NULL)
    {
      g_assert_true (g_str_has_prefix (error->message, "x.conf:"));
      return;
    }
  native = lvsd_document_format (reading->items, LVSD_DOCUMENT_EXPORT);
  g_ptr_array_unref (lvsd_document_parse (native, strlen (native), LVSD_DOCUMENT_EXPORT, &error));
  g_assert_no_error (error);
}

static void
test_mutations (void)
{
  for (guint32 i = 0; i < 6000; i++)
    {
      const Sample *sample = &keepalived_samples[i % G_N_ELEMENTS (keepalived_samples)];

      mutate (lvsctl_keepalived_read, sample->text, "{}$\"~()@,!#\\ \n0195.:-\x80", i);
      sample = &ldirectord_samples[i % G_N_ELEMENTS (ldirectord_samples)];
      if (strstr (sample->text, "localhost") == NULL)
        mutate (lvsctl_ldirectord_read, sample->text, "=\t \n#\"[]->0195.:\x80", i);
    }
}

/* files */

typedef struct
{
  char *directory;
} Files;

static void
set_up (Files *files, G_GNUC_UNUSED gconstpointer data)
{
  files->directory = g_dir_make_tmp ("lvsctl-XXXXXX", NULL);
}

static char *
put (const Files *files, const char *name, const char *text)
{
  char *path = g_build_filename (files->directory, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static void
tear_down (Files *files, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GDir) directory = g_dir_open (files->directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (files->directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (files->directory);
  g_free (files->directory);
}

static void
test_included_files (Files *files, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *main_file =
      put (files, "keepalived.conf", "$KIND=DR\ninclude web-*.inc\ninclude no-such-file\n");
  g_autofree char *first = put (files, "web-1.inc",
                                "virtual_server 192.0.2.1 80 {\n protocol TCP\n lb_algo rr\n"
                                " lb_kind $KIND\n include rs.part\n}");
  g_autofree char *part = put (files, "rs.part", RS1);
  g_autofree char *second = put (files, "web-2.inc", "virtual_server 192.0.2.2 80 {\n}");
  g_autoptr (GError) error = NULL;
  g_autoptr (LvsctlReading) reading = lvsctl_format_read_file (main_file, NULL, &error);
  g_autofree char *native = NULL;
  g_auto (GStrv) notes = NULL;

  g_assert_no_error (error);
  native = lvsd_document_format (reading->items, LVSD_DOCUMENT_EXPORT);
  g_assert_cmpstr (native, ==, "[lvsd]\nformat=1\n" WEB_NATIVE RS1_NATIVE);
  notes = lvsctl_reading_dup_notes (reading);
  g_assert_cmpuint (g_strv_length (notes), ==, 2);
  g_assert_nonnull (strstr (notes[0], "keepalived.conf:3:1: "));
  g_assert_nonnull (strstr (notes[0], "no-such-file: there is no such file to include"));
  g_assert_nonnull (strstr (notes[1], "web-2.inc:1:1: virtual_server: has no real_server"));
}

static void
test_a_mistake_in_an_included_file (Files *files, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *main_file = put (files, "keepalived.conf", "\ninclude bad.inc\n");
  g_autofree char *bad = put (files, "bad.inc", "\n\nvirtual_server x 80 {\n}\n");
  g_autofree char *expected = g_strconcat (bad, ":3:1: 'x' is no address", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (lvsctl_format_read_file (main_file, NULL, &error));
  g_assert_true (g_str_has_prefix (error->message, expected));
}

static void
test_files_that_include_themselves (Files *files, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *main_file =
      put (files, "keepalived.conf", "include keepalived.conf\ninclude keepalived.conf\n");
  g_autoptr (GError) error = NULL;

  g_assert_null (lvsctl_format_read_file (main_file, NULL, &error));
  g_assert_nonnull (strstr (error->message, ":1:1: 'keepalived.conf': files include each other"));
}

static void
test_formats_are_recognized (G_GNUC_UNUSED Files *files, G_GNUC_UNUSED gconstpointer data)
{
  static const struct
  {
    const char *text;
    const char *format;
  } cases[] = {
    { "[lvsd]\nformat=1\n", "native" },
    { "# mine\n\n [lvsd]\n", "native" },
    { "\n { \"services\": [] }", "json" },
    { "! Configuration File for keepalived\n\nglobal_defs {\n}\n", "keepalived" },
    { "virtual_server 192.0.2.1 80 {\n}", "keepalived" },
    { "include /etc/keepalived/conf.d/*.conf\n", "keepalived" },
    { "checktimeout=3\nvirtual=192.0.2.1:80\n", "ldirectord" },
    { "virtual6 = [2001:db8::1]:80\n", "ldirectord" },
    { "", NULL },
    { "hello, world\n", NULL },
    { "\x7f"
      "ELF\x02\x01",
      NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const LvsctlFormat *format = lvsctl_format_recognize (cases[i].text);

      g_assert_cmpstr (format != NULL ? format->name : NULL, ==, cases[i].format);
    }
}

static void
test_what_is_no_configuration (Files *files, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = put (files, "x", "hello, world\n");
  g_autofree char *foreign = put (files, "y", "virtual_server 192.0.2.1 80 {\n}");
  g_autoptr (GError) error = NULL;

  g_assert_null (lvsctl_format_read_file (path, NULL, &error));
  g_assert_nonnull (strstr (error->message, "x:1:1: the text is of no format that is known"));
  g_clear_error (&error);
  g_assert_null (lvsctl_format_read_own_file (path, &error));
  g_assert_nonnull (strstr (error->message, "x: line 1: "));
  g_clear_error (&error);
  g_assert_null (lvsctl_format_read_own_file (foreign, &error));
  g_assert_nonnull (strstr (error->message, "y:1:1: this is a file of keepalived; 'lvsctl import"));
  g_clear_error (&error);
  g_assert_null (lvsctl_format_read_file (path, "toml", &error));
  g_assert_cmpstr (error->message, ==,
                   "--format: 'toml' is not one of native, json, ldirectord, ipvsadm, keepalived");
  g_clear_error (&error);
  g_assert_null (lvsctl_format_read_file (files->directory, NULL, &error));
  g_assert_nonnull (strstr (error->message, "cannot be read"));
}

static void
test_what_was_cut_within_a_line (Files *files, G_GNUC_UNUSED gconstpointer data)
{
  static const char *const texts[] = {
    "-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.1:80 -r 192.0.2.1",
    "virtual=192.0.2.1:80\n\treal=192.0.2.11:80 gate",
    "[lvsd]\nformat=1",
  };
  static const char *const places[] = { "x:2:32: ", "x:2:25: ", "x:2:9: " };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *path = put (files, "x", texts[i]);
      g_autofree char *whole = g_strconcat (texts[i], "\n", NULL);
      g_autoptr (LvsctlReading) reading = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_null (lvsctl_format_read_file (path, NULL, &error));
      g_assert_nonnull (strstr (error->message, "the text ends within a line"));
      if (strstr (error->message, places[i]) == NULL)
        g_error ("'%s' does not hold '%s'", error->message, places[i]);
      g_free (put (files, "x", whole));
      reading = lvsctl_format_read_file (path, NULL, NULL);
      g_assert_nonnull (reading);
    }
}

static char *
put_many (const Files *files, const char *line, gsize size)
{
  g_autoptr (GString) text = g_string_sized_new (size + strlen (line));

  while (text->len < size)
    g_string_append (text, line);
  return put (files, "huge", text->str);
}

/* However much there is, it comes to an end with a place, in little time and memory. */
static void
test_huge_files (Files *files, G_GNUC_UNUSED gconstpointer data)
{
  static const struct
  {
    const char *line;
    gsize size;
    const char *message;
  } cases[] = {
    { "virtual_server 192.0.2.1 80 {\n", 65 * 1024 * 1024, "1: here the text is larger than 64" },
    { "virtual_server 192.0.2.1 80 {\n", 17 * 1024 * 1024, "1: the text is larger than 16 MiB" },
    { "virtual_server 192.0.2.1 80 {\n", 15 * 1024 * 1024, "17:29: blocks nest deeper than 16" },
    { "x { y { } z { } }\n", 15 * 1024 * 1024, "more than 1000000 statements" },
    { "virtual=192.0.2.1:80\n", 17 * 1024 * 1024, "1: the text is larger than 16 MiB" },
    { "{\"services\": [\n", 15 * 1024 * 1024, "17:1: nests deeper than 32" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = put_many (files, cases[i].line, cases[i].size);
      const char *format = cases[i].line[0] == 'x' ? "keepalived" : NULL;
      g_autoptr (GError) error = NULL;

      g_assert_null (lvsctl_format_read_file (path, format, &error));
      if (strstr (error->message, cases[i].message) == NULL)
        g_error ("'%s' does not hold '%s'", error->message, cases[i].message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import/keepalived", test_keepalived);
  g_test_add_func ("/import/keepalived-mistakes", test_keepalived_mistakes);
  g_test_add_func ("/import/ldirectord", test_ldirectord);
  g_test_add_func ("/import/ldirectord-mistakes", test_ldirectord_mistakes);
  g_test_add_func ("/import/mutations", test_mutations);
#define ADD(name, function) g_test_add (name, Files, NULL, set_up, function, tear_down)
  ADD ("/import/included-files", test_included_files);
  ADD ("/import/a-mistake-in-an-included-file", test_a_mistake_in_an_included_file);
  ADD ("/import/files-that-include-themselves", test_files_that_include_themselves);
  ADD ("/import/formats-are-recognized", test_formats_are_recognized);
  ADD ("/import/what-is-no-configuration", test_what_is_no_configuration);
  ADD ("/import/what-was-cut-within-a-line", test_what_was_cut_within_a_line);
  ADD ("/import/huge-files", test_huge_files);
  return g_test_run ();
}
