/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "client/arguments.h"
#include "client/exit-status.h"
#include "client/option.h"

/* The command line as it came to be understood, in one line. */
static char *
describe (const LvsctlArguments *arguments)
{
  g_autofree char *name = lvsctl_command_name (arguments->command);
  g_autofree char *fields = g_variant_print (arguments->fields, FALSE);
  g_autofree char *options = g_variant_print (arguments->options, FALSE);
  GString *text = g_string_new (name);

  for (guint i = 0; i < LVSCTL_OPERANDS_MAX; i++)
    {
      g_autofree char *values =
          arguments->operands[i] != NULL ? g_strjoinv (",", arguments->operands[i]) : NULL;

      if (values != NULL)
        g_string_append_printf (text, " <%s>", values);
    }
  if (g_variant_n_children (arguments->fields) > 0)
    g_string_append_printf (text, " %s", fields);
  if (g_variant_n_children (arguments->options) > 0)
    g_string_append_printf (text, " + %s", options);
  if (arguments->hosts != NULL)
    {
      g_autofree char *hosts = g_strjoinv (",", arguments->hosts);

      g_string_append_printf (text, " on %s", hosts);
    }
  g_string_append (text, arguments->json ? " json" : "");
  g_string_append (text, arguments->terse ? " terse" : "");
  g_string_append (text, arguments->force ? " force" : "");
  g_string_append (text, arguments->quiet ? " quiet" : "");
  g_string_append (text, arguments->no_legend ? " no-legend" : "");
  g_string_append (text, arguments->no_pager ? " no-pager" : "");
  g_string_append (text, arguments->no_ask_password ? " no-ask-password" : "");
  return g_string_free (text, FALSE);
}

static LvsctlArguments *
parse (const char *line, GError **error)
{
  g_auto (GStrv) argv = NULL;

  if (line[0] == '\0')
    argv = g_new0 (char *, 1);
  else
    g_assert_true (g_shell_parse_argv (line, NULL, &argv, NULL));
  return lvsctl_arguments_parse ((const char *const *) argv, error);
}

/* clang-format off */
static const struct
{
  const char *line;
  const char *understood;
} right[] = {
  /* nouns, verbs, what is left out */
  { "", "list" },
  { "list", "list" },
  { "ls", "list" },
  { "service", "service list" },
  { "rs", "destination list <>" },
  { "vip", "address list" },
  { "sysctl", "sysctl list" },
  { "sy set drop_entry 1", "sysctl set <net.ipv4.vs.drop_entry> <1>" },
  { "sysctl set ip_forward 1", "sysctl set <net.ipv4.ip_forward> <1>" },
  { "sysctl set net/ipv4/vs/sync_threshold '3 50'", "sysctl set <net.ipv4.vs.sync_threshold> <3 50>" },
  { "sysctl unset net.ipv4.conf.eth0/5.send_redirects drop_entry", "sysctl unset <net/ipv4/conf/eth0.5/send_redirects,net.ipv4.vs.drop_entry>" },
  { "sysctl set kernel.panic 1", NULL },
  { "sysctl set drop_entry", NULL },
  { "timeouts", "timeouts list" },
  { "timeouts set --tcp 900 --tcp-fin=60 --udp 30", "timeouts set + {'tcp': <uint32 900>, 'tcp-fin': <uint32 60>, 'udp': <uint32 30>}" },
  { "timeouts set --tcp 0", NULL },
  { "timeouts unset", "timeouts unset" },
  { "role", "role list" },
  { "status", "status" },
  { "s s web", "service show <web>" },
  { "d l web", "destination list <web>" },
  { "export", "export" },
  { "apply -", "apply <->" },
  { "apply FILE", "apply <FILE>" },
  { "clear", "clear" },
  { "help", "help <>" },
  { "adopt", "adopt list" },
  { "adopt all", "adopt all <>" },
  { "adopt services", "adopt services <>" },
  { "adopt service TCP/192.0.2.1:80", "adopt services <tcp/192.0.2.1:80>" },
  { "adopt services -t 192.0.2.1:80 --dry-run",
    "adopt services <tcp/192.0.2.1:80> + {'dry-run': <true>}" },
  { "adopt addresses", "adopt addresses <>" },
  { "adopt addresses 192.0.2.1", "adopt addresses <192.0.2.1>" },
  { "adopt addresses 2001:DB8:0::1/64@eth0", "adopt addresses <2001:db8::1/64@eth0>" },
  { "adopt roles 192.0.2.1/32", "adopt roles <192.0.2.1>" },
  { "reconcile", "reconcile <>" },
  { "reconcile web mail", "reconcile <web,mail>" },
  { "hold", "hold <>" },
  { "hold all", "hold <all>" },
  { "hold web --for 15m", "hold <web> + {'for': <'15m'>}" },
  { "release web", "release <web>" },
  { "help service add", "help <service,add>" },
  /* keys */
  { "service add tcp/192.0.2.1:80", "service add <> <tcp/192.0.2.1:80>" },
  { "service add web tcp/192.0.2.1:80", "service add <web> <tcp/192.0.2.1:80>" },
  { "service add web TCP/192.0.2.1:80", "service add <web> <tcp/192.0.2.1:80>" },
  { "service add udp/[2001:DB8:0::1]:53", "service add <> <udp/[2001:db8::1]:53>" },
  { "service add fwmark6/7", "service add <> <fwmark6/7>" },
  { "service add -t 192.0.2.1:80", "service add <> <tcp/192.0.2.1:80>" },
  { "service add web -t 192.0.2.1:80", "service add <web> <tcp/192.0.2.1:80>" },
  { "service add -t 192.0.2.1:80 web", "service add <web> <tcp/192.0.2.1:80>" },
  { "service add web -t192.0.2.1:80", "service add <web> <tcp/192.0.2.1:80>" },
  { "service add -u '[2001:db8::1]:53'", "service add <> <udp/[2001:db8::1]:53>" },
  { "service add --sctp-service 192.0.2.1:9", "service add <> <sctp/192.0.2.1:9>" },
  { "service add --tcp-service=192.0.2.1:80", "service add <> <tcp/192.0.2.1:80>" },
  { "service add -f 5", "service add <> <fwmark/5>" },
  { "service add -f 5 -6", "service add <> <fwmark6/5>" },
  { "service add -6 -f 5 mark", "service add <mark> <fwmark6/5>" },
  { "service add -6f5", "service add <> <fwmark6/5>" },
  { "service delete -t 192.0.2.1:80", "service delete <tcp/192.0.2.1:80>" },
  { "-t 192.0.2.1:80 service show", "service show <tcp/192.0.2.1:80>" },
  { "destination list -f 5", "destination list <fwmark/5>" },
  { "destination add -t 192.0.2.1:80 192.0.2.7", "destination add <tcp/192.0.2.1:80> <192.0.2.7>" },
  { "destination add 192.0.2.7 -t 192.0.2.1:80", "destination add <tcp/192.0.2.1:80> <192.0.2.7>" },
  { "connections -t 192.0.2.1:80", "connections + {'service': <'tcp/192.0.2.1:80'>}" },
  { "connections --service web", "connections + {'service': <'web'>}" },
  { "connections --limit 20", "connections + {'limit': <uint32 20>}" },
  { "connections --client 192.0.2.0/24 --state ESTABLISHED --group destination", "connections + {'client': <'192.0.2.0/24'>, 'state': <'ESTABLISHED'>, 'group': <'destination'>}" },
  { "service list --columns name,key --sort -connections", "service list + {'columns': <'name,key'>, 'sort': <'-connections'>}" },
  { "list --terse", "list terse" },
  { "top --interval 5 --count 3", "top + {'interval': <uint32 5>, 'count': <uint32 3>}" },
  { "service delete web --dry-run", "service delete <web> + {'dry-run': <true>}" },
  { "-H node2,root@node3 role add 192.0.2.1", "role add <192.0.2.1> on node2,root@node3" },
  { "--host=node2 list", "list on node2" },
  { "connections --destination 192.0.2.7:80", "connections + {'destination': <'192.0.2.7:80'>}" },
  /* options: where they stand, how they are written */
  { "service add web tcp/192.0.2.1:80 --scheduler rr", "service add <web> <tcp/192.0.2.1:80> {'scheduler': <'rr'>}" },
  { "service add --scheduler=rr web tcp/192.0.2.1:80", "service add <web> <tcp/192.0.2.1:80> {'scheduler': <'rr'>}" },
  { "--scheduler rr service add web tcp/192.0.2.1:80", "service add <web> <tcp/192.0.2.1:80> {'scheduler': <'rr'>}" },
  { "service --sched rr add web tcp/192.0.2.1:80", "service add <web> <tcp/192.0.2.1:80> {'scheduler': <'rr'>}" },
  { "service edit web --persistence 1 --persistence 300", "service edit <web> {'persistence': <uint32 300>}" },
  { "service edit web --one-packet", "service edit <web> {'one-packet': <true>}" },
  { "service edit web --no-one-packet", "service edit <web> {'one-packet': <false>}" },
  { "service edit web --one-packet=no", "service edit <web> {'one-packet': <false>}" },
  { "service edit web --one-packet=ON", "service edit <web> {'one-packet': <true>}" },
  { "service edit -- web --one-packet", NULL },
  { "service show -- -t", "service show <-t>" },
  { "service show -- --json", "service show <--json>" },
  { "--json list", "list json" },
  { "list --json --no-legend --no-pager --no-ask-password", "list json no-legend no-pager no-ask-password" },
  { "-q service delete web --force", "service delete <web> force quiet" },
  /* destinations */
  { "rs add web 192.0.2.7 192.0.2.8:80", "destination add <web> <192.0.2.7,192.0.2.8:80>" },
  { "rs add web '[2001:db8::7]:80' 2001:db8::8", "destination add <web> <[2001:db8::7]:80,2001:db8::8>" },
  { "rs add web 192.0.2.7 --method dr", "destination add <web> <192.0.2.7> {'method': <'direct'>}" },
  { "rs add web 192.0.2.7 --method NAT", "destination add <web> <192.0.2.7> {'method': <'masquerade'>}" },
  { "rs add web 192.0.2.7 --method ipip", "destination add <web> <192.0.2.7> {'method': <'tunnel'>}" },
  { "rs set web 192.0.2.7 --weight 2147483647", "destination edit <web> <192.0.2.7> {'weight': <uint32 2147483647>}" },
  { "rs set web 192.0.2.7 --upper-threshold 9", "destination edit <web> <192.0.2.7> {'upper-threshold': <uint32 9>}" },
  { "rs set web 192.0.2.7 --runtime 0 --reason 'a b'", "destination edit <web> <192.0.2.7> + {'runtime': <uint32 0>, 'reason': <'a b'>}" },
  { "rs set web 192.0.2.7 --no-runtime", "destination edit <web> <192.0.2.7> + {'no-runtime': <true>}" },
  { "rs rm web 192.0.2.7", "destination delete <web> <192.0.2.7>" },
  /* addresses and roles */
  { "address add 192.0.2.1/24 --interface eth0 --label eth0:2", "address add <192.0.2.1/24> {'interface': <'eth0'>, 'label': <'eth0:2'>}" },
  { "vip add 2001:DB8::1 --interface eth0 --primary", "address add <2001:db8::1> {'interface': <'eth0'>, 'primary': <true>}" },
  { "vip add 192.0.2.1 --interface eth0 --no-up", "address add <192.0.2.1> {'interface': <'eth0'>, 'up': <false>}" },
  { "vip delete 192.0.2.1/24", "address delete <192.0.2.1>" },
  { "vip edit 192.0.2.1 --prefix-length 24", "address edit <192.0.2.1> {'prefix-length': <uint32 24>}" },
  { "vip up 192.0.2.1", "address up <192.0.2.1>" },
  { "vip down 192.0.2.1", "address down <192.0.2.1>" },
  { "vip announce 192.0.2.1", "address announce <192.0.2.1>" },
  { "role add 192.0.2.1", "role add <192.0.2.1>" },
  { "role add 192.0.2.1/32 --method route", "role add <192.0.2.1> {'method': <'direct'>}" },
  { "role add 192.0.2.1 --method tun --tunnel gue --tunnel-port 5555 --advmss 1400",
    "role add <192.0.2.1> {'method': <'tunnel'>, 'tunnel': <'gue'>, 'tunnel-port': <uint32 5555>, "
    "'advmss': <uint32 1400>}" },
  { "role edit 192.0.2.1 --advmss 0", "role edit <192.0.2.1> {'advmss': <uint32 0>}" },
  { "role edit 192.0.2.1 --interface=", "role edit <192.0.2.1> {'interface': <''>}" },
};

static const struct
{
  const char *line;
  const char *message;
} wrong[] = {
  /* words */
  { "servce", "unknown command 'servce'; did you mean 'service'? (see 'lvsctl --help')" },
  { "frobnicate", "unknown command 'frobnicate'; see 'lvsctl --help'" },
  { "flush", "unknown command 'flush'; did you mean 'clear'? (see 'lvsctl --help')" },
  { "save", "unknown command 'save'; did you mean 'export'? (see 'lvsctl --help')" },
  { "virtual_server 192.0.2.1 80", "unknown command 'virtual_server'; did you mean 'service'? (see 'lvsctl --help')" },
  { "drain web 192.0.2.7", "unknown command 'drain'; did you mean 'destination edit SERVICE ADDRESS --weight 0'? (see 'lvsctl --help')" },
  { "-Ln", "unknown option '-L'; did you mean 'lvsctl ipvsadm -L'? (see 'lvsctl --help')" },
  { "-A -t 192.0.2.1:80", "unknown option '-A'; did you mean 'lvsctl ipvsadm -A'? (see 'lvsctl --help')" },
  { "''", "unknown command ''; see 'lvsctl --help'" },
  { "add service web", "'add' is a verb, and the noun comes before it: lvsctl service|destination|address|role add" },
  { "del web", "'del' is a verb, and the noun comes before it: lvsctl service|destination|address|role delete" },
  { "service ad0", "unknown verb 'ad0' of 'service'; did you mean 'add'? (see 'lvsctl service --help')" },
  { "service up", "unknown verb 'up' of 'service'; see 'lvsctl service --help'" },
  { "role web", "unknown verb 'web' of 'role'; see 'lvsctl role --help'" },
  { "dest remvoe web", "unknown verb 'remvoe' of 'destination'; did you mean 'delete'? (see 'lvsctl destination --help')" },
  { "service ''", "unknown verb '' of 'service'; see 'lvsctl service --help'" },
  /* operands: missing, too many */
  { "service show", "service show: SERVICE is missing\nUsage: lvsctl service show SERVICE [OPTION]…" },
  { "service add", "service add: KEY is missing\nUsage: lvsctl service add [NAME] KEY [OPTION]…" },
  { "service edit", "service edit: SERVICE is missing\nUsage: lvsctl service edit SERVICE [OPTION]…" },
  { "service delete", "service delete: SERVICE is missing\nUsage: lvsctl service delete SERVICE [OPTION]…" },
  { "dest add", "destination add: SERVICE is missing\nUsage: lvsctl destination add SERVICE ADDRESS[:PORT]… [OPTION]…" },
  { "dest add web", "destination add: ADDRESS[:PORT] is missing\nUsage: lvsctl destination add SERVICE ADDRESS[:PORT]… [OPTION]…" },
  { "dest add -t 192.0.2.1:80", "destination add: ADDRESS[:PORT] is missing\nUsage: lvsctl destination add SERVICE ADDRESS[:PORT]… [OPTION]…" },
  { "dest delete web", "destination delete: ADDRESS[:PORT] is missing\nUsage: lvsctl destination delete SERVICE ADDRESS[:PORT] [OPTION]…" },
  { "address add", "address add: VIP[/LENGTH] is missing\nUsage: lvsctl address add VIP[/LENGTH] --interface INTERFACE [OPTION]…" },
  { "address add 192.0.2.1/24", "address add: --interface is missing\nUsage: lvsctl address add VIP[/LENGTH] --interface INTERFACE [OPTION]…" },
  { "role add", "role add: VIP is missing\nUsage: lvsctl role add VIP [OPTION]…" },
  { "apply", "apply: FILE|- is missing\nUsage: lvsctl apply FILE|- [OPTION]…" },
  { "list web", "list: 'web' is one argument too many\nUsage: lvsctl list [OPTION]…" },
  { "service show web dns", "service show: 'dns' is one argument too many\nUsage: lvsctl service show SERVICE [OPTION]…" },
  { "service add web tcp/192.0.2.1:80 rr", "service add: 'rr' is one argument too many\nUsage: lvsctl service add [NAME] KEY [OPTION]…" },
  { "service add web dns -t 192.0.2.1:80", "service add: 'dns' is one argument too many\nUsage: lvsctl service add [NAME] KEY [OPTION]…" },
  { "dest delete web 192.0.2.7 192.0.2.8", "destination delete: '192.0.2.8' is one argument too many\nUsage: lvsctl destination delete SERVICE ADDRESS[:PORT] [OPTION]…" },
  { "clear all", "clear: 'all' is one argument too many\nUsage: lvsctl clear [OPTION]…" },
  { "service edit web", "service edit: nothing to change; name what is to be different\nUsage: lvsctl service edit SERVICE [OPTION]…" },
  { "rs set web 192.0.2.7", "destination edit: nothing to change; name what is to be different\nUsage: lvsctl destination edit SERVICE ADDRESS[:PORT] [OPTION]…" },
  { "rs set 192.0.2.7 -t 192.0.2.1:80 --json", "destination edit: nothing to change; name what is to be different\nUsage: lvsctl destination edit SERVICE ADDRESS[:PORT] [OPTION]…" },
  /* operands: malformed */
  { "service add web", "key 'web': write it like tcp/192.0.2.1:80, udp/[2001:db8::1]:53 or fwmark/1" },
  { "service add tcp/192.0.2.1:80 web", "'tcp/192.0.2.1:80' is not a name; a service's name comes before its key, and the key last" },
  { "service add icmp/192.0.2.1:80",
    "key 'icmp/192.0.2.1:80': protocol: 'icmp' is not one of tcp, udp, sctp" },
  { "service add tcp/192.0.2.1", "key 'tcp/192.0.2.1': '192.0.2.1': a port is missing; write ADDRESS:PORT, or [ADDRESS]:PORT for IPv6" },
  { "service add tcp/192.0.2.1:70000", "key 'tcp/192.0.2.1:70000': '192.0.2.1:70000': the port must be a number from 1 to 65535" },
  { "service add tcp/192.0.2.300:80", "key 'tcp/192.0.2.300:80': '192.0.2.300' is not an IP address; write it like 192.0.2.1 or 2001:db8::1" },
  { "service add tcp/0.0.0.0:80", "key 'tcp/0.0.0.0:80': the address must be a single host's" },
  { "service add tcp/224.0.0.1:80", "key 'tcp/224.0.0.1:80': the address must be a single host's" },
  { "service add fwmark/0", "key: firewall mark '0' must be a number from 1 to 4294967295" },
  { "service show tcp/web:80", "key 'tcp/web:80': 'web' is not an IP address; write it like 192.0.2.1 or 2001:db8::1" },
  { "service add -t 192.0.2.1", "key 'tcp/192.0.2.1': '192.0.2.1': a port is missing; write ADDRESS:PORT, or [ADDRESS]:PORT for IPv6" },
  { "service add -f x", "key: firewall mark 'x' must be a number from 1 to 4294967295" },
  { "rs add web 192.0.2", "destination 192.0.2: '192.0.2' is not an IP address; write it like 192.0.2.1 or 2001:db8::1" },
  { "rs add web 192.0.2.7:x", "destination 192.0.2.7:x: '192.0.2.7:x': the port must be a number from 1 to 65535" },
  { "rs add web node2", "destination node2: 'node2' is not an IP address; write it like 192.0.2.1 or 2001:db8::1" },
  { "vip add 192.0.2.1/33 --interface eth0", "address 192.0.2.1/33: '192.0.2.1/33': the prefix length must be a number from 1 to 32" },
  { "vip add 192.0.2.1/ --interface eth0", "address 192.0.2.1/: '192.0.2.1/': the prefix length must be a number from 1 to 32" },
  { "vip delete eth0:2", "address eth0:2: 'eth0:2' is not an IP address; write it like 192.0.2.1 or 2001:db8::1" },
  { "role add 192.0.2.1/24", "'192.0.2.1/24': a real server holds the address as /32; leave the length out" },
  { "role add 2001:db8::1/64", "'2001:db8::1/64': a real server holds the address as /128; leave the length out" },
  /* options: unknown, or of another verb */
  { "--jsno", "unknown option '--jsno'; did you mean '--json'? (see 'lvsctl --help')" },
  { "list --jsno", "'--jsno' is not an option of 'list'; did you mean '--json'? (see 'lvsctl list --help')" },
  { "rs set web 192.0.2.7 --wieght 3", "'--wieght' is not an option of 'destination edit'; did you mean '--weight'? (see 'lvsctl destination edit --help')" },
  { "service edit web --weight 3", "'--weight' is not an option of 'service edit'; see 'lvsctl service edit --help'" },
  { "--weight 3 service edit web", "'--weight' is not an option of 'service edit'; see 'lvsctl service edit --help'" },
  { "role add 192.0.2.1 --label x", "'--label' is not an option of 'role add'; see 'lvsctl role add --help'" },
  { "role edit 192.0.2.1 --tunnel gre", "'--tunnel' is not an option of 'role edit'; see 'lvsctl role edit --help'" },
  { "role edit 192.0.2.1 --method tunnel", "'--method' is not an option of 'role edit'; see 'lvsctl role edit --help'" },
  { "vip add 192.0.2.1 --interface eth0 --prefix-length 24", "'--prefix-length' is not an option of 'address add'; see 'lvsctl address add --help'" },
  { "list -t 192.0.2.1:80", "'-t' is not an option of 'list'; see 'lvsctl list --help'" },
  { "-t 192.0.2.1:80", "'--tcp-service' is not an option of 'list'; see 'lvsctl list --help'" },
  { "list -x", "'-x' is not an option of 'list'; see 'lvsctl list --help'" },
  { "-z", "unknown option '-z'; see 'lvsctl --help'" },
  /* options of other tools */
  { "service add web tcp/192.0.2.1:80 -s rr", "'-s' is not an option of 'service add'; did you mean '--scheduler'? (see 'lvsctl service add --help')" },
  { "service edit web -p 300", "'-p' is not an option of 'service edit'; did you mean '--persistence'? (see 'lvsctl service edit --help')" },
  { "service edit web --pe sip", "option '--pe' may be --persistence, --persistence-prefix, --persistence-engine; see 'lvsctl service edit --help'" },
  { "rs add web 192.0.2.7 -m", "'-m' is not an option of 'destination add'; did you mean '--method masquerade'? (see 'lvsctl destination add --help')" },
  { "rs add web 192.0.2.7 --gatewaying", "'--gatewaying' is not an option of 'destination add'; did you mean '--method direct'? (see 'lvsctl destination add --help')" },
  { "rs set web 192.0.2.7 -w 3", "'-w' is not an option of 'destination edit'; did you mean '--weight'? (see 'lvsctl destination edit --help')" },
  { "rs add web 192.0.2.7 -i", "'-i' is not an option of 'destination add'; did you mean '--method tunnel'? (see 'lvsctl destination add --help')" },
  { "vip add 192.0.2.1 -i eth0", "'-i' is not an option of 'address add'; did you mean '--interface'? (see 'lvsctl address add --help')" },
  { "sync start master --mcast-interface eth0", "'--mcast-interface' is not an option of 'sync start'; did you mean '--interface'? (see 'lvsctl sync start --help')" },
  { "clear --yes", "'--yes' is not an option of 'clear'; did you mean '--force'? (see 'lvsctl clear --help')" },
  { "-v", "unknown option '-v'; did you mean '--version'? (see 'lvsctl --help')" },
  /* verbs of other tools */
  { "rs drain web 192.0.2.7", "unknown verb 'drain' of 'destination'; did you mean 'destination edit SERVICE ADDRESS --weight 0'? (see 'lvsctl destination --help')" },
  { "rs enable web 192.0.2.7", "unknown verb 'enable' of 'destination'; did you mean 'destination edit SERVICE ADDRESS --weight 1'? (see 'lvsctl destination --help')" },
  { "sysctl get drop_entry", "unknown verb 'get' of 'sysctl'; did you mean 'sysctl list'? (see 'lvsctl sysctl --help')" },
  { "sync delete master", "unknown verb 'delete' of 'sync'; did you mean 'sync stop'? (see 'lvsctl sync --help')" },
  { "backend add", "unknown command 'backend'; did you mean 'destination'? (see 'lvsctl --help')" },
  { "stop", "unknown command 'stop'; did you mean 'sync stop'? (see 'lvsctl --help')" },
  { "list --=x", "'--' is not an option of 'list'; see 'lvsctl list --help'" },
  { "list --no", "option '--no' may be --no-legend, --no-pager, --no-ask-password; see 'lvsctl list --help'" },
  /* options: values */
  { "rs set web 192.0.2.7 --weight", "--weight needs a value: --weight WEIGHT; see 'lvsctl destination edit --help'" },
  { "rs set web 192.0.2.7 --weight --json", "--weight needs a value: --weight WEIGHT; see 'lvsctl destination edit --help'" },
  { "service show -t", "--tcp-service needs a value: --tcp-service ADDRESS:PORT; see 'lvsctl service show --help'" },
  { "list --json=yes", "--json takes no value, and 'yes' was given; see 'lvsctl list --help'" },
  { "service edit web --no-one-packet=yes", "--no-one-packet takes no value, and 'yes' was given; see 'lvsctl service edit --help'" },
  { "service edit web --one-packet=maybe", "--one-packet: 'maybe' is not one of yes, no" },
  { "service edit web --persistence x", "--persistence: 'x' must be a number from 0 to 2678400" },
  { "service edit web --persistence 2678401", "--persistence: '2678401' must be a number from 0 to 2678400" },
  { "service edit web --scheduler ''", "--scheduler: '' must be 1 to 15 printable characters without white space or any of []=\"'\\" },
  { "service edit web --scheduler 'r r'", "--scheduler: 'r r' must be 1 to 15 printable characters without white space or any of []=\"'\\" },
  { "rs set web 192.0.2.7 --weight -1", "--weight: '-1' must be a number from 0 to 2147483647" },
  { "rs set web 192.0.2.7 --weight 2147483648", "--weight: '2147483648' must be a number from 0 to 2147483647" },
  { "rs add web 192.0.2.7 --method teleport", "--method: 'teleport' is not one of direct, tunnel, masquerade, local" },
  { "rs set web 192.0.2.7 --runtime 2147483648", "--runtime: '2147483648' must be a number from 0 to 2147483647" },
  { "connections --limit 0", "--limit: '0' must be a number from 1 to 100000" },
  { "connections --destination node2", "--destination: destination node2: 'node2' is not an IP address; write it like 192.0.2.1 or 2001:db8::1" },
  { "vip add 192.0.2.1 --interface averyveryverylongname", "--interface: 'averyveryverylongname' must be 1 to 15 printable characters without white space or any of []=\"'\\" },
  { "top --interval 0", "--interval: '0' must be a number from 1 to 3600" },
  { "connections --client node2", "--client: address node2: 'node2' is not an IP address; write it like 192.0.2.1 or 2001:db8::1" },
  { "list -H", "--host needs a value: --host [USER@]HOST[,…]; see 'lvsctl list --help'" },
  { "list -H node2,,node3", "--host: '' is not a host; write it like node2 or root@192.0.2.2; see 'lvsctl list --help'" },
  { "list --host=-oProxyCommand=x", "--host: '-oProxyCommand=x' is not a host; write it like node2 or root@192.0.2.2; see 'lvsctl list --help'" },
  { "-H node2 ipvsadm -Ln", "--host does not go with the command line of ipvsadm; see 'lvsctl ipvsadm --help'" },
  { "rs set web 192.0.2.7 --dry-run", "destination edit: nothing to change; name what is to be different\nUsage: lvsctl destination edit SERVICE ADDRESS[:PORT] [OPTION]…" },
  /* options: together */
  { "rs set web 192.0.2.7 --runtime 0 --no-runtime", "--runtime and --no-runtime exclude each other; see 'lvsctl destination edit --help'" },
  { "rs set web 192.0.2.7 --reason x", "--reason goes with --runtime only; see 'lvsctl destination edit --help'" },
  { "service show -6", "-6 goes with -f MARK only; see 'lvsctl service show --help'" },
  { "service show -6 -t 192.0.2.1:80", "-6 goes with -f MARK only; see 'lvsctl service show --help'" },
  { "service show -t 192.0.2.1:80 -u 192.0.2.1:53", "'--udp-service 192.0.2.1:53' is one service too many; see 'lvsctl service show --help'" },
  { "service show web -t 192.0.2.1:80", "service show: 'web' is one argument too many\nUsage: lvsctl service show SERVICE [OPTION]…" },
  { "connections --service web -t 192.0.2.1:80", "'web' and 'tcp/192.0.2.1:80' are one service too many; see 'lvsctl connections --help'" },
};
/* clang-format on */

static void
test_right_lines (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (right); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LvsctlArguments) arguments = parse (right[i].line, &error);
      g_autofree char *understood = arguments != NULL ? describe (arguments) : NULL;

      g_test_message ("lvsctl %s", right[i].line);
      if (right[i].understood != NULL)
        g_assert_no_error (error);
      g_assert_cmpstr (understood, ==, right[i].understood);
    }
}

static void
test_wrong_lines (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LvsctlArguments) arguments = parse (wrong[i].line, &error);

      g_test_message ("lvsctl %s", wrong[i].line);
      g_assert_null (arguments);
      g_assert_nonnull (error);
      g_assert_cmpstr (error->message, ==, wrong[i].message);
      g_assert_cmpint (lvsctl_exit_of_error (error), ==, LVSCTL_EXIT_USAGE);
    }
}

/* What is sent over the bus has to be UTF-8, or GLib aborts. */
static void
test_other_encodings_are_refused (void)
{
  static const char *const argv[] = { "service", "show",
                                      "w\xe4"
                                      "b",
                                      NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (lvsctl_arguments_parse (argv, &error));
  g_assert_cmpstr (error->message, ==, "argument 3 is not valid UTF-8");
}

static void
test_help_needs_nothing_else (void)
{
  static const struct
  {
    const char *line;
    const char *noun;
    const char *command;
  } cases[] = {
    { "--help", NULL, NULL },
    { "-h", NULL, NULL },
    { "service --help", "service", NULL },
    { "service help", "service", NULL },
    { "service add --help", "service", "service add" },
    { "--help service add", "service", "service add" },
    { "rs set web --weight x -h", "destination", "destination edit" },
    { "apply -h", NULL, "apply" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LvsctlArguments) arguments = parse (cases[i].line, &error);
      g_autofree char *name = NULL;

      g_assert_no_error (error);
      g_assert_true (arguments->help);
      if (arguments->command != NULL)
        name = lvsctl_command_name (arguments->command);
      g_assert_cmpstr (arguments->noun, ==, cases[i].noun);
      g_assert_cmpstr (name, ==, cases[i].command);
    }
}

/* Before the verb is known, an option takes a value or not whatever it will turn out to be. */
static void
test_options_agree_on_having_a_value (void)
{
  g_autoptr (GArray) options = lvsctl_options_of (NULL);

  for (guint i = 0; i < options->len; i++)
    {
      const LvsctlOption *option = &g_array_index (options, LvsctlOption, i);
      const LvsctlOption *first = lvsctl_options_find (options, option->name);

      g_assert_cmpint (option->value != NULL, ==, first->value != NULL);
      g_assert_true (option->letter == first->letter);
    }
}

/* A new field of the model is an option by itself, but somebody has to say what it is for. */
static void
test_options_have_help (void)
{
  g_autoptr (GArray) options = lvsctl_options_of (NULL);

  for (guint i = 0; i < options->len; i++)
    {
      const LvsctlOption *option = &g_array_index (options, LvsctlOption, i);

      g_test_message ("--%s", option->name);
      g_assert_nonnull (option->help);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/arguments/right-lines", test_right_lines);
  g_test_add_func ("/arguments/wrong-lines", test_wrong_lines);
  g_test_add_func ("/arguments/other-encodings-are-refused", test_other_encodings_are_refused);
  g_test_add_func ("/arguments/help-needs-nothing-else", test_help_needs_nothing_else);
  g_test_add_func ("/arguments/options-agree-on-having-a-value",
                   test_options_agree_on_having_a_value);
  g_test_add_func ("/arguments/options-have-help", test_options_have_help);
  return g_test_run ();
}
