/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "client/ipvsadm/format.h"
#include "client/ipvsadm/rule.h"

static LvsctlRule *
parse (const char *line, GError **error)
{
  g_auto (GStrv) words = NULL;
  guint word;

  g_assert_true (g_shell_parse_argv (line, NULL, &words, NULL));
  return lvsctl_rule_parse ((const char *const *) words, &word, error);
}

/* What a command line says, in the one way in which it is written. */
static const struct
{
  const char *line;
  const char *canonical;
} ways[] = {
  { "-A -t 192.0.2.1:80", "-A -t 192.0.2.1:80 -s wlc" },
  { "-At 192.0.2.1:80 -srr", "-A -t 192.0.2.1:80 -s rr" },
  { "-A -t=192.0.2.1:80 -s=rr", "-A -t 192.0.2.1:80 -s rr" },
  { "--add-service --tcp-service=192.0.2.1:80 --scheduler=rr", "-A -t 192.0.2.1:80 -s rr" },
  { "--add-service --tcp-service 192.0.2.1:80", "-A -t 192.0.2.1:80 -s wlc" },
  { "-A -s rr -t 192.0.2.1:http", "-A -t 192.0.2.1:80 -s rr" },
  { "-A -u 192.0.2.1:domain", "-A -u 192.0.2.1:53 -s wlc" },
  { "-A --udp-service 192.0.2.1:53 --ops", "-A -u 192.0.2.1:53 -s wlc -o" },
  { "-A --sctp-service 192.0.2.1:5060", "-A --sctp-service 192.0.2.1:5060 -s wlc" },
  { "-A -t localhost:80", "-A -t 127.0.0.1:80 -s wlc" },
  { "-A -t 10.1:80", "-A -t 10.0.0.1:80 -s wlc" },
  { "-A -t [2001:db8::1]:80", "-A -t [2001:db8::1]:80 -s wlc" },
  { "-A -t 2001:db8::1 -p", "-A -t [2001:db8::1]:0 -s wlc -p 360" },
  { "-A -t 192.0.2.1 -p", "-A -t 192.0.2.1:0 -s wlc -p 360" },
  { "-A -t 192.0.2.1:80 -p -s rr", "-A -t 192.0.2.1:80 -s rr -p 360" },
  { "-A -t 192.0.2.1:80 -p60", "-A -t 192.0.2.1:80 -s wlc -p 60" },
  { "-A -t 192.0.2.1:80 --persistent=60", "-A -t 192.0.2.1:80 -s wlc -p 60" },
  { "-A -t 192.0.2.1:80 -p 60 -M 255.255.255.0",
    "-A -t 192.0.2.1:80 -s wlc -p 60 -M 255.255.255.0" },
  { "-A -t 192.0.2.1:80 -p 60 -M 255.255.255.255", "-A -t 192.0.2.1:80 -s wlc -p 60" },
  { "-A -t 192.0.2.1:80 -M 255.255.0.0", "-A -t 192.0.2.1:80 -s wlc" },
  { "-A -t [2001:db8::1]:80 -p --netmask 64", "-A -t [2001:db8::1]:80 -s wlc -p 360 -M 64" },
  { "-A -M 255.0.0.0 -t [2001:db8::1]:80 -p", "-A -t [2001:db8::1]:80 -s wlc -p 360" },
  { "-A -f 5", "-A -f 5 -s wlc" },
  { "-A --fwmark-service 5 --ipv6 -6", "-A -f 5 -6 -s wlc" },
  { "-A -f 5 -6 -p -M 48", "-A -f 5 -6 -s wlc -p 360 -M 48" },
  { "-A -f 5 -o", "-A -f 5 -s wlc -o" },
  { "-A -t 192.0.2.1:80 -s sh -b sh-port,sh-fallback",
    "-A -t 192.0.2.1:80 -s sh -b sh-fallback,sh-port" },
  { "-A -t 192.0.2.1:80 --sched-flags mh-port --scheduler mh",
    "-A -t 192.0.2.1:80 -s mh -b mh-port" },
  { "-A -t 192.0.2.1:80 -s sh -b flag-1", "-A -t 192.0.2.1:80 -s sh -b sh-fallback" },
  { "-A -t 192.0.2.1:80 -b flag-1,flag-3", "-A -t 192.0.2.1:80 -s wlc -b flag-1,flag-3" },
  { "-A -u 192.0.2.1:5060 -p --pe sip", "-A -u 192.0.2.1:5060 -s wlc -p 360 --pe sip" },
  { "-E -t 192.0.2.1:80 --sort", "-A -t 192.0.2.1:80 -s wlc" },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2", "-a -t 192.0.2.1:80 -r 192.0.2.2:80 -g -w 1" },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2:90", "-a -t 192.0.2.1:80 -r 192.0.2.2:80 -g -w 1" },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2:90 -i",
    "-a -t 192.0.2.1:80 -r 192.0.2.2:80 -i -w 1 --tun-type ipip" },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2:90 -m", "-a -t 192.0.2.1:80 -r 192.0.2.2:90 -m -w 1" },
  { "-a -r 192.0.2.2 -t 192.0.2.1:80 -m", "-a -t 192.0.2.1:80 -r 192.0.2.2:0 -m -w 1" },
  { "-a -f 1 -r 192.0.2.2:8080 -g", "-a -f 1 -r 192.0.2.2:0 -g -w 1" },
  { "-a -f 1 -r 192.0.2.2:8080 -m", "-a -f 1 -r 192.0.2.2:8080 -m -w 1" },
  { "-e -f 1 -r 192.0.2.2:8080", "-a -f 1 -r 192.0.2.2:8080 -g -w 1" },
  { "-a -f 1 -6 -r [2001:db8::2]:0 -m", "-a -f 1 -6 -r [2001:db8::2]:0 -m -w 1" },
  { "-a -t 192.0.2.1:80 -r [2001:db8::2]:80 --ipip",
    "-a -t 192.0.2.1:80 -r [2001:db8::2]:80 -i -w 1 --tun-type ipip" },
  { "-e -t 192.0.2.1:80 --real-server 192.0.2.2 --gatewaying --weight 0",
    "-a -t 192.0.2.1:80 -r 192.0.2.2:80 -g -w 0" },
  { "-e -t 192.0.2.1:80 -r 192.0.2.2 --masquerading -w 2147483647",
    "-a -t 192.0.2.1:80 -r 192.0.2.2:80 -m -w 2147483647" },
  { "-e -t 192.0.2.1:80 -r 192.0.2.2 --u-threshold 9 --l-threshold 5",
    "-a -t 192.0.2.1:80 -r 192.0.2.2:80 -g -w 1 -x 9 -y 5" },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -x9 -y=5",
    "-a -t 192.0.2.1:80 -r 192.0.2.2:80 -g -w 1 -x 9 -y 5" },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -i --tun-type gue --tun-port 6080",
    "-a -t 192.0.2.1:80 -r 192.0.2.2:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum" },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -i --tun-type gue --tun-port 6080 --tun-remcsum",
    "-a -t 192.0.2.1:80 -r 192.0.2.2:80 -i -w 1 --tun-type gue --tun-port 6080 "
    "--tun-remcsum" },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -i --tun-type gre --tun-csum",
    "-a -t 192.0.2.1:80 -r 192.0.2.2:80 -i -w 1 --tun-type gre --tun-csum" },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -i --tun-type gre --tun-nocsum",
    "-a -t 192.0.2.1:80 -r 192.0.2.2:80 -i -w 1 --tun-type gre --tun-nocsum" },
  { "-d -t 192.0.2.1:80 -r 192.0.2.2:90", "-a -t 192.0.2.1:80 -r 192.0.2.2:90 -g -w 1" },
  { "-D -t 192.0.2.1:80", "-A -t 192.0.2.1:80 -s wlc" },
};

static void
test_ways_to_say_it (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LvsctlRule) rule = parse (ways[i].line, &error);
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *expected = g_strconcat (ways[i].canonical, "\n", NULL);

      g_assert_no_error (error);
      lvsctl_ipvsadm_append (
          text, rule->destination != NULL ? (gpointer) rule->destination : rule->service, TRUE);
      g_assert_cmpstr (text->str, ==, expected);
    }
}

/* Each with the status that ipvsadm 1.31 exits with. */
static const struct
{
  const char *line;
  int exit;
} refused[] = {
  { "-n", 255 },
  { "-t 192.0.2.1:80 -A", 255 },
  { "word", 255 },
  { "--", 255 },
  { "-", 255 },
  { "--bogus", 255 },
  { "--lis", 255 },
  { "-A --bogus", 255 },
  { "-A -q", 255 },
  { "-A -t", 255 },
  { "-A --tcp-service", 255 },
  { "-L --numeric=yes", 255 },
  { "--list=all", 255 },
  { "--start-daemon", 255 },
  { "-A", 2 },
  { "-A -D", 2 },
  { "-A -t 192.0.2.1:80 word", 2 },
  { "-A -t 192.0.2.1:80 -- -s rr", 2 },
  { "-A -t 192.0.2.1:80 -t 192.0.2.2:80", 2 },
  { "-A -t 192.0.2.1:80 -u 192.0.2.1:80", 2 },
  { "-A -t 192.0.2.1:80 -s rr -s lc", 2 },
  { "-A -t 80", 2 },
  { "-A -t 192.0.2.1:", 2 },
  { "-A -t 192.0.2.1:65536", 2 },
  { "-A -t 192.0.2.1:no-such-service", 2 },
  { "-A -t no-such-host.invalid:80", 2 },
  { "-A -t [2001:db8::1]", 2 },
  { "-A -t [2001:db8::1:80", 2 },
  { "-A -t 192.0.2.1", 2 },
  { "-A -t 192.0.2.1:0", 2 },
  { "-A -t 192.0.2.1:80 -o", 2 },
  { "-A -f 0", 2 },
  { "-A -f -1", 2 },
  { "-A -f 4294967296", 2 },
  { "-A -f x", 2 },
  { "-A -6 -f 1", 2 },
  { "-A -t 192.0.2.1:80 -6", 2 },
  { "-A -t 192.0.2.1:80 -p 0", 2 },
  { "-A -t 192.0.2.1:80 -p 2678401", 2 },
  { "-A -t 192.0.2.1:80 -p x", 2 },
  { "-A -t 192.0.2.1:80 -p -M x.invalid", 2 },
  { "-A -t 192.0.2.1:80 -p -M 255.0.255.0", 2 },
  { "-A -t [2001:db8::1]:80 -p -M 0", 2 },
  { "-A -t [2001:db8::1]:80 -p -M 129", 2 },
  { "-A -t 192.0.2.1:80 -b bogus", 2 },
  { "-A -t 192.0.2.1:80 -b sh-port", 2 },
  { "-A -t 192.0.2.1:80 -s sh -b mh-port", 2 },
  { "-A -t 192.0.2.1:80 -r 192.0.2.2", 2 },
  { "-A -t 192.0.2.1:80 -w 1", 2 },
  { "-A -t 192.0.2.1:80 -n", 2 },
  { "-D -t 192.0.2.1:80 -s rr", 2 },
  { "-a -t 192.0.2.1:80", 2 },
  { "-a -r 192.0.2.2", 2 },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -s rr", 2 },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -g -m", 2 },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -w x", 2 },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -w -1", 2 },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -x -1", 2 },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -y 2147483648", 2 },
  { "-a -t 192.0.2.1:80 -r [2001:db8::2]:80 -m", 2 },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 --tun-type gre", 2 },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -i --tun-type foo", 2 },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -i --tun-type gue", 2 },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -i --tun-type gue --tun-port 0", 2 },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -i --tun-type gre --tun-port 1", 2 },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -i --tun-type gre --tun-remcsum", 2 },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -i --tun-csum", 2 },
  { "-a -t 192.0.2.1:80 -r 192.0.2.2 -i --tun-type gre --tun-csum --tun-nocsum", 2 },
  { "-d -t 192.0.2.1:80 -r 192.0.2.2 -m", 2 },
  { "-C -n", 2 },
  { "-C -t 192.0.2.1:80", 2 },
  { "-S --exact", 2 },
  { "-R -n", 2 },
  { "-Z -n", 2 },
  { "-L -w 1", 2 },
  { "-L -c --timeout", 2 },
  { "-L -c -t 192.0.2.1:80", 2 },
  { "-L --timeout --daemon", 2 },
  { "-L -c --stats", 2 },
  { "-L --daemon --rate", 2 },
  { "-L --timeout --persistent-conn", 2 },
  { "--set 1 2", 2 },
  { "--set 1 2 3 4", 2 },
  { "--set 1 2 x", 2 },
  { "--set 1 2 2678401", 2 },
  { "--start-daemon both", 2 },
  { "--stop-daemon both", 2 },
  { "--start-daemon master --syncid 256", 2 },
  { "--start-daemon master --sync-maxlen 0", 2 },
  { "--start-daemon master --sync-maxlen 65508", 2 },
  { "--start-daemon master --mcast-group 192.0.2.1", 2 },
  { "--start-daemon master --mcast-port 0", 2 },
  { "--start-daemon master --mcast-ttl 256", 2 },
  { "--stop-daemon master --mcast-ttl 1", 2 },
};

static void
test_what_is_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LvsctlRule) rule = parse (refused[i].line, &error);

      g_test_message ("%s", refused[i].line);
      g_assert_null (rule);
      g_assert_cmpuint (error->domain, ==, LVSCTL_IPVSADM_ERROR);
      g_assert_cmpint (error->code, ==, refused[i].exit);
      g_assert_cmpstr (error->message, !=, "");
    }
}

static void
test_lists_and_the_rest (void)
{
  static const struct
  {
    const char *line;
    LvsctlSwitchId command;
    LvsctlSwitchId given;
  } cases[] = {
    { "-Ln", LVSCTL_SWITCH_LIST, LVSCTL_SWITCH_NUMERIC },
    { "-ln", LVSCTL_SWITCH_LIST, LVSCTL_SWITCH_NUMERIC },
    { "-L --connection --persistent-conn", LVSCTL_SWITCH_LIST, LVSCTL_SWITCH_PERSISTENT_CONN },
    { "-Lcn", LVSCTL_SWITCH_LIST, LVSCTL_SWITCH_CONNECTION },
    { "--list --timeout", LVSCTL_SWITCH_LIST, LVSCTL_SWITCH_TIMEOUT },
    { "-L --daemon -n", LVSCTL_SWITCH_LIST, LVSCTL_SWITCH_DAEMON },
    { "-L --stats --rate --exact", LVSCTL_SWITCH_LIST, LVSCTL_SWITCH_EXACT },
    { "-LX", LVSCTL_SWITCH_LIST, LVSCTL_SWITCH_EXACT },
    { "-L --thresholds", LVSCTL_SWITCH_LIST, LVSCTL_SWITCH_THRESHOLDS },
    { "-L --tun-info --nosort", LVSCTL_SWITCH_LIST, LVSCTL_SWITCH_NOSORT },
    { "-L -t 192.0.2.1:80 -n", LVSCTL_SWITCH_LIST, LVSCTL_SWITCH_TCP_SERVICE },
    { "-Sn", LVSCTL_SWITCH_SAVE, LVSCTL_SWITCH_NUMERIC },
    { "-Z -f 1", LVSCTL_SWITCH_ZERO, LVSCTL_SWITCH_FWMARK_SERVICE },
    { "--stop-daemon backup --syncid 3", LVSCTL_SWITCH_STOP_DAEMON, LVSCTL_SWITCH_SYNCID },
  };
  static const struct
  {
    const char *line;
    LvsctlSwitchId command;
  } alone[] = {
    { "-C", LVSCTL_SWITCH_CLEAR },    { "--clear", LVSCTL_SWITCH_CLEAR },
    { "-R", LVSCTL_SWITCH_RESTORE },  { "--restore", LVSCTL_SWITCH_RESTORE },
    { "--save", LVSCTL_SWITCH_SAVE }, { "--zero", LVSCTL_SWITCH_ZERO },
    { "-h", LVSCTL_SWITCH_HELP },     { "--help", LVSCTL_SWITCH_HELP },
    { "-v", LVSCTL_SWITCH_VERSION },  { "--version", LVSCTL_SWITCH_VERSION },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LvsctlRule) rule = parse (cases[i].line, &error);

      g_assert_no_error (error);
      g_assert_cmpint (rule->command, ==, cases[i].command);
      g_assert_true (lvsctl_rule_has (rule, cases[i].given));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (alone); i++)
    {
      g_autoptr (LvsctlRule) rule = parse (alone[i].line, NULL);

      g_assert_cmpint (rule->command, ==, alone[i].command);
    }
}

static void
test_timeouts_may_stand_anywhere (void)
{
  static const char *const lines[] = { "--set 1 0 3", "1 --set 0 3", "1 0 3 --set" };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (LvsctlRule) rule = parse (lines[i], NULL);

      g_assert_cmpint (rule->command, ==, LVSCTL_SWITCH_SET);
      g_assert_cmpuint (rule->timeouts[LVSCTL_TIMEOUT_TCP], ==, 1);
      g_assert_cmpuint (rule->timeouts[LVSCTL_TIMEOUT_TCP_FIN], ==, 0);
      g_assert_cmpuint (rule->timeouts[LVSCTL_TIMEOUT_UDP], ==, 3);
    }
}

static void
test_sync_options (void)
{
  static const struct
  {
    const char *line;
    const char *state;
    const char *options;
  } cases[] = {
    { "--start-daemon master", "master", "{'interface': <'eth0'>}" },
    { "--start-daemon=backup --mcast-interface lan --syncid 7 --sync-maxlen 1400 --mcast-group "
      "224.0.0.9 --mcast-port 9000 --mcast-ttl 3",
      "backup",
      "{'interface': <'lan'>, 'id': <uint32 7>, 'max-length': <uint32 1400>, 'group': "
      "<'224.0.0.9'>, 'port': <uint32 9000>, 'ttl': <uint32 3>}" },
    { "--start-daemon master --mcast-group ff02::9", "master",
      "{'interface': <'eth0'>, 'group': <'ff02::9'>}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LvsctlRule) rule = parse (cases[i].line, NULL);
      g_autoptr (GVariant) expected =
          g_variant_parse (G_VARIANT_TYPE_VARDICT, cases[i].options, NULL, NULL, NULL);
      GVariantIter iter;
      const char *name;
      GVariant *value;

      g_assert_cmpstr (rule->sync_state, ==, cases[i].state);
      g_assert_cmpuint (g_variant_n_children (rule->sync), ==, g_variant_n_children (expected));
      g_variant_iter_init (&iter, expected);
      while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
        {
          g_autoptr (GVariant) found = g_variant_lookup_value (rule->sync, name, NULL);

          g_assert_true (found != NULL && g_variant_equal (found, value));
        }
    }
}

/* An option that the table lacks would be refused as unknown. */
static void
test_every_switch_is_in_order (void)
{
  for (guint id = 0; id < LVSCTL_N_SWITCHES; id++)
    {
      const LvsctlSwitch *entry = lvsctl_switch_get (id);

      g_assert_cmpuint (entry->id, ==, id);
      g_assert_nonnull (entry->name);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ipvsadm-rules/ways-to-say-it", test_ways_to_say_it);
  g_test_add_func ("/ipvsadm-rules/what-is-refused", test_what_is_refused);
  g_test_add_func ("/ipvsadm-rules/lists-and-the-rest", test_lists_and_the_rest);
  g_test_add_func ("/ipvsadm-rules/timeouts-may-stand-anywhere", test_timeouts_may_stand_anywhere);
  g_test_add_func ("/ipvsadm-rules/sync-options", test_sync_options);
  g_test_add_func ("/ipvsadm-rules/every-switch-is-in-order", test_every_switch_is_in_order);
  return g_test_run ();
}
