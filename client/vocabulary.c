/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vocabulary.h"

#include "option.h"

/* Words of ipvsadm, ipvsadm-save and -restore, keepalived.conf, nmcli and systemctl for what is a
 * whole command here. */
static const struct
{
  const char *word;
  const char *command;
} translations[] = {
  { "save", "export" },
  { "ipvsadm-save", "export" },
  { "restore", "apply" },
  { "ipvsadm-restore", "apply" },
  { "load", "apply" },
  { "reload", "apply" },
  { "restart", "reconcile" },
  { "pause", "hold" },
  { "unhold", "release" },
  { "resume", "release" },
  { "flush", "clear" },
  { "reset", "clear" },
  { "virtual_server", "service" },
  { "virtual", "service" },
  { "real_server", "destination" },
  { "real", "destination" },
  { "virtual_ipaddress", "address" },
  { "virtual-service", "service" },
  { "vs", "service" },
  { "frontend", "service" },
  { "pool", "service" },
  { "farm", "service" },
  { "backend", "destination" },
  { "node", "destination" },
  { "vrrp_instance", "address" },
  { "static_ipaddress", "address" },
  { "device", "address" },
  { "start-daemon", "sync start" },
  { "stop-daemon", "sync stop" },
  { "timeout", "timeouts" },
  { "drain", "destination edit SERVICE ADDRESS --weight 0" },
  { "disable", "destination edit SERVICE ADDRESS --weight 0" },
  { "enable", "destination edit SERVICE ADDRESS --weight 1" },
  { "weight", "destination edit SERVICE ADDRESS --weight" },
  { "failover", "address down" },
  { "promote", "address up" },
  { "start", "sync start" },
  { "stop", "sync stop" },
  { "counters", "statistics" },
  { "log", "monitor" },
  { "up", "address up" },
  { "down", "address down" },
  { "announce", "address announce" },
  { "rates", "statistics --rate" },
  { "stats", "statistics" },
  { "watch", "monitor" },
  { "general", "status" },
  { "is-active", "status" },
  { "cat", "export" },
  { "plan", "apply FILE --dry-run" },
  { "undo", "rollback" },
};

/* Of verbs, where the noun has the one that is meant. */
static const struct
{
  const char *word;
  const char *verb;
  const char *command; /* behind the noun */
} verb_translations[] = {
  { "drain", "edit", "edit SERVICE ADDRESS --weight 0" },
  { "disable", "edit", "edit SERVICE ADDRESS --weight 0" },
  { "enable", "edit", "edit SERVICE ADDRESS --weight 1" },
  { "weight", "edit", "edit SERVICE ADDRESS --weight" },
  { "status", "show", "show" },
  { "show", "list", "list" },
  { "get", "list", "list" },
  { "info", "list", "list" },
  { "reset", "unset", "unset" },
  { "delete", "unset", "unset" },
  { "remove", "unset", "unset" },
  { "add", "set", "set" },
  { "add", "start", "start" },
  { "delete", "stop", "stop" },
  { "everything", "all", "all" },
};

/* The options of ipvsadm and nmcli, by what they are here; several where the verb decides. */
static const struct
{
  const char *typed;
  const char *option;
  const char *written;
} option_translations[] = {
  { "-s", "scheduler", "--scheduler" },
  { "-p", "persistence", "--persistence" },
  { "--persistent", "persistence", "--persistence" },
  { "-M", "persistence-prefix", "--persistence-prefix" },
  { "--netmask", "persistence-prefix", "--persistence-prefix" },
  { "--persistence-mask", "persistence-prefix", "--persistence-prefix" },
  { "--pe", "persistence-engine", "--persistence-engine" },
  { "-b", "flags", "--flags" },
  { "--sched-flags", "flags", "--flags" },
  { "-o", "one-packet", "--one-packet" },
  { "--ops", "one-packet", "--one-packet" },
  { "-w", "weight", "--weight" },
  { "-x", "upper-threshold", "--upper-threshold" },
  { "--u-threshold", "upper-threshold", "--upper-threshold" },
  { "-y", "lower-threshold", "--lower-threshold" },
  { "--l-threshold", "lower-threshold", "--lower-threshold" },
  { "-g", "method", "--method direct" },
  { "--gatewaying", "method", "--method direct" },
  { "-m", "method", "--method masquerade" },
  { "--masquerading", "method", "--method masquerade" },
  { "--masquerade", "method", "--method masquerade" },
  { "--ipip", "method", "--method tunnel" },
  { "-i", "method", "--method tunnel" },
  { "-i", "interface", "--interface" },
  { "--dev", "interface", "--interface" },
  { "--mcast-interface", "interface", "--interface" },
  { "--tun-type", "tunnel", "--tunnel" },
  { "--tun-port", "tunnel-port", "--tunnel-port" },
  { "--syncid", "id", "--id" },
  { "--sync-maxlen", "max-length", "--max-length" },
  { "--mcast-group", "group", "--group" },
  { "--mcast-port", "port", "--port" },
  { "--mcast-ttl", "ttl", "--ttl" },
  { "-y", "force", "--force" },
  { "--yes", "force", "--force" },
  { "-j", "json", "--json" },
  { "-o", "columns", "--columns" },
  { "--fields", "columns", "--columns" },
  { "--output", "columns", "--columns" },
  { "-v", "version", "--version" },
  { "-V", "version", "--version" },
};

const char *
lvsctl_vocabulary_find_command (const char *typed)
{
  for (gsize i = 0; i < G_N_ELEMENTS (translations); i++)
    if (g_ascii_strcasecmp (translations[i].word, typed) == 0)
      return translations[i].command;
  return NULL;
}

const char *
lvsctl_vocabulary_find_verb (const char *const *verbs, const char *typed)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verb_translations); i++)
    if (g_ascii_strcasecmp (verb_translations[i].word, typed) == 0
        && g_strv_contains (verbs, verb_translations[i].verb))
      return verb_translations[i].command;
  return NULL;
}

const char *
lvsctl_vocabulary_find_option (const GArray *options, const char *typed)
{
  for (gsize i = 0; i < G_N_ELEMENTS (option_translations); i++)
    if (g_str_equal (option_translations[i].typed, typed)
        && lvsctl_options_find (options, option_translations[i].option) != NULL)
      return option_translations[i].written;
  return NULL;
}
