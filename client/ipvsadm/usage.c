/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "usage.h"

#include <glib/gi18n-lib.h>

/* Scripts take the second word for the version of ipvsadm. */
const char *
lvsctl_ipvsadm_version (void)
{
  return "ipvsadm v1.31 (lvsctl " LVSD_VERSION ")\n";
}

static const char *const parts[] = {
  N_ ("Usage: ipvsadm COMMAND [SERVICE] [PARAMETER]…\n\n"
      "Changes and shows virtual services as ipvsadm does, through lvsd: what is changed is\n"
      "kept over a reboot. See lvsctl-ipvsadm(1) for what is different.\n\n"
      "Commands, one of which comes first:\n"
      "  -A, --add-service             Add a virtual service\n"
      "  -E, --edit-service            Change one; what is not given is as at first\n"
      "  -D, --delete-service          Delete one with its real servers\n"
      "  -a, --add-server              Add a real server to a service\n"
      "  -e, --edit-server             Change one; what is not given is as at first\n"
      "  -d, --delete-server           Delete one\n"
      "  -C, --clear                   Delete all services that lvsd owns\n"
      "  -L, -l, --list                List the services, or the one that is named\n"
      "  -S, --save                    Print the services as -R reads them\n"
      "  -R, --restore                 Run each line of standard input as a command line\n"
      "  -Z, --zero                    Set the counters to zero, of all or of one service\n"
      "      --set TCP TCPFIN UDP      Set the timeouts of connections, in seconds\n"
      "      --start-daemon STATE      Start a sync daemon: master or backup\n"
      "      --stop-daemon STATE       Stop it\n"
      "  -h, --help                    Show this\n"
      "  -v, --version                 Show the version\n\n"),
  N_ ("Service:\n"
      "  -t, --tcp-service HOST[:PORT]\n"
      "  -u, --udp-service HOST[:PORT]\n"
      "      --sctp-service HOST[:PORT]\n"
      "  -f, --fwmark-service MARK     Packets with this mark; with -6 after it, of IPv6\n\n"
      "Parameters of -A and -E:\n"
      "  -s, --scheduler NAME          rr, wrr, lc, wlc (at first) or another of the kernel's\n"
      "  -b, --sched-flags FLAG,…      sh-fallback, sh-port, mh-fallback, mh-port, flag-1 to "
      "-3\n"
      "  -p, --persistent [SECONDS]    Clients stay with their server; 360 unless given\n"
      "  -M, --netmask MASK            Clients that count as one; for IPv6 a length\n"
      "      --pe NAME                 Persistence engine: sip\n"
      "  -o, --ops                     Schedule each UDP packet by itself\n\n"),
  N_ ("Parameters of -a, -e and -d:\n"
      "  -r, --real-server HOST[:PORT]\n"
      "  -g, --gatewaying              Forward by direct routing (at first)\n"
      "  -i, --ipip                    Forward through a tunnel\n"
      "  -m, --masquerading            Forward by NAT\n"
      "      --tun-type TYPE           ipip (at first), gue or gre\n"
      "      --tun-port PORT           Of gue\n"
      "      --tun-nocsum, --tun-csum, --tun-remcsum\n"
      "  -w, --weight WEIGHT           1 unless given\n"
      "  -x, --u-threshold NUMBER      No new connections above so many\n"
      "  -y, --l-threshold NUMBER      New ones again below so many\n\n"),
  N_ ("Parameters of -L:\n"
      "  -c, --connection              The connections\n"
      "      --timeout                 The timeouts\n"
      "      --daemon                  The sync daemons\n"
      "      --stats, --rate           Counters, in all or per second\n"
      "      --thresholds, --persistent-conn, --tun-info\n"
      "  -n, --numeric                 Numbers instead of names; of -S too\n"
      "  -X, --exact                   Numbers in full\n"
      "      --sort, --nosort          It is sorted either way\n\n"
      "Parameters of --start-daemon:\n"
      "      --mcast-interface NAME    eth0 unless given\n"
      "      --syncid ID, --sync-maxlen LENGTH\n"
      "      --mcast-group ADDRESS, --mcast-port PORT, --mcast-ttl TTL\n"),
};

char *
lvsctl_ipvsadm_usage (void)
{
  GString *text = g_string_new (lvsctl_ipvsadm_version ());

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_string_append (text, _ (parts[i]));
  return g_string_free (text, FALSE);
}
