/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "server.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "omission.h"
#include "model/terms.h"

static void
setting_clear (gpointer data)
{
  g_free (((LvsctlKeepalivedSetting *) data)->text);
}

static GArray *
new_settings (void)
{
  GArray *settings = g_array_new (FALSE, FALSE, sizeof (LvsctlKeepalivedSetting));

  g_array_set_clear_func (settings, setting_clear);
  return settings;
}

static void
add_setting (GArray *settings, const char *field, const char *text, const LvsctlPlace *place)
{
  LvsctlKeepalivedSetting setting = { .field = field, .text = g_strdup (text), .place = *place };

  g_array_append_val (settings, setting);
}

static void
real_server_free (gpointer data)
{
  LvsctlKeepalivedRealServer *real = data;

  g_array_unref (real->settings);
  g_array_unref (real->forwarding);
  g_free (real);
}

void
lvsctl_keepalived_server_clear (LvsctlKeepalivedServer *server)
{
  g_clear_pointer (&server->targets, g_array_unref);
  g_clear_pointer (&server->settings, g_array_unref);
  g_clear_pointer (&server->forwarding, g_array_unref);
  g_clear_pointer (&server->servers, g_ptr_array_unref);
}

/* The word behind the keyword, which has to be there. */
static gboolean
get_value (const LvsctlKeepalivedStatement *statement, const char **ret_text, GError **error)
{
  *ret_text = lvsctl_keepalived_word (statement, 1);
  if (*ret_text != NULL)
    return lvsctl_keepalived_check_words (statement, 2, FALSE, error);
  return lvsctl_place_refuse (&statement->place, error, _ ("%s: a value is missing"),
                              statement->words[0]);
}

/* forwarding */

static gboolean
refuse_method (const LvsctlKeepalivedStatement *statement, GError **error)
{
  g_autofree char *line = g_strjoinv (" ", statement->words);

  return lvsctl_place_refuse (&statement->place, error,
                              _ ("'%.80s': the method must be NAT, DR or TUN, and a tunnel's type "
                                 "ipip, gue port NUMBER or gre, then nocsum, csum or remcsum"),
                              line);
}

static const char *
translate (const char *const table[][2], const char *word)
{
  for (gsize i = 0; word != NULL && table[i][0] != NULL; i++)
    if (g_str_equal (table[i][0], word))
      return table[i][1];
  return NULL;
}

/* TUN [type ipip|gue port NUMBER|gre] [nocsum|csum|remcsum] */
static gboolean
read_tunnel (const LvsctlKeepalivedStatement *statement, GArray *forwarding, GError **error)
{
  static const char *const checksums[][2] = {
    { "nocsum", "none" }, { "csum", "checksum" }, { "remcsum", "remote-checksum" }, { NULL, NULL }
  };

  for (guint i = 2; lvsctl_keepalived_word (statement, i) != NULL; i++)
    {
      const char *word = statement->words[i];
      const char *value = lvsctl_keepalived_word (statement, i + 1);
      const char *checksum = translate (checksums, word);

      if (checksum != NULL)
        add_setting (forwarding, "tunnel-checksum", checksum, &statement->place);
      else if (g_str_equal (word, "type") && value != NULL)
        add_setting (forwarding, "tunnel", value, &statement->place), i++;
      else if (g_str_equal (word, "port") && value != NULL)
        add_setting (forwarding, "tunnel-port", value, &statement->place), i++;
      else
        return refuse_method (statement, error);
    }
  return TRUE;
}

static gboolean
read_method (const LvsctlKeepalivedStatement *statement, GArray *forwarding, GError **error)
{
  static const char *const methods[][2] = {
    { "NAT", "masquerade" }, { "DR", "direct" }, { "TUN", "tunnel" }, { NULL, NULL }
  };
  const char *method = translate (methods, lvsctl_keepalived_word (statement, 1));

  if (method == NULL)
    return refuse_method (statement, error);
  g_array_set_size (forwarding, 0);
  add_setting (forwarding, "method", method, &statement->place);
  if (g_str_equal (method, "tunnel"))
    return read_tunnel (statement, forwarding, error);
  return lvsctl_keepalived_word (statement, 2) == NULL || refuse_method (statement, error);
}

/* real servers */

static gboolean
read_real_statement (LvsctlKeepalivedServer *server,
                     LvsctlKeepalivedRealServer *real,
                     const LvsctlKeepalivedStatement *statement,
                     GError **error)
{
  static const char *const fields[][2] = { { "weight", "weight" },
                                           { "uthreshold", "upper-threshold" },
                                           { "lthreshold", "lower-threshold" },
                                           { NULL, NULL } };
  const char *field = translate (fields, statement->words[0]);
  const char *text;

  if (lvsctl_keepalived_is (statement, "lvs_method") || lvsctl_keepalived_is (statement, "lb_kind"))
    return read_method (statement, real->forwarding, error);
  if (field == NULL)
    {
      /* The name that snmp shows is a real server's own, and a destination has none. */
      if (lvsctl_keepalived_is (statement, "snmp_name"))
        lvsctl_reading_note (server->reading, &statement->place, statement->words[0],
                             _ ("has no counterpart in lvsd; left out"));
      else
        lvsctl_keepalived_leave_out (server->reading, statement);
      return TRUE;
    }
  if (!get_value (statement, &text, error))
    return FALSE;
  add_setting (real->settings, field, text, &statement->place);
  return TRUE;
}

static gboolean
read_real_server (LvsctlKeepalivedServer *server,
                  const LvsctlKeepalivedStatement *statement,
                  GError **error)
{
  LvsctlKeepalivedRealServer *real = g_new0 (LvsctlKeepalivedRealServer, 1);

  real->place = statement->place;
  real->settings = new_settings ();
  real->forwarding = new_settings ();
  g_ptr_array_add (server->servers, real);
  if (!lvsctl_keepalived_check_words (statement, 3, TRUE, error)
      || !lvsctl_keepalived_parse_address (statement, 1, &real->endpoint.address, error)
      || !lvsctl_keepalived_parse_port (statement, 2, &real->endpoint.port, error))
    return FALSE;
  for (guint i = 0; statement->body != NULL && i < statement->body->len; i++)
    if (!read_real_statement (server, real, statement->body->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* what a virtual server says of its service */

static gboolean
read_scheduler (LvsctlKeepalivedServer *server,
                const LvsctlKeepalivedStatement *statement,
                GError **error)
{
  const char *text;

  if (!get_value (statement, &text, error))
    return FALSE;
  add_setting (server->settings, "scheduler", text, &statement->place);
  return TRUE;
}

/* One of the scheduler's flags, by a keyword of its own; they add up. */
static gboolean
read_flag (LvsctlKeepalivedServer *server,
           const LvsctlKeepalivedStatement *statement,
           GError **error)
{
  for (guint i = 0; i < server->settings->len; i++)
    {
      LvsctlKeepalivedSetting *setting =
          &g_array_index (server->settings, LvsctlKeepalivedSetting, i);
      g_autofree char *before = NULL;

      if (!g_str_equal (setting->field, "flags"))
        continue;
      before = g_steal_pointer (&setting->text);
      setting->text = g_strconcat (before, ",", statement->words[0], NULL);
      return lvsctl_keepalived_check_words (statement, 1, FALSE, error);
    }
  add_setting (server->settings, "flags", statement->words[0], &statement->place);
  return lvsctl_keepalived_check_words (statement, 1, FALSE, error);
}

static gboolean
read_default_method (LvsctlKeepalivedServer *server,
                     const LvsctlKeepalivedStatement *statement,
                     GError **error)
{
  return read_method (statement, server->forwarding, error);
}

/* keepalived refuses 0 and then has no persistence, which is what people mean by it. */
static gboolean
read_persistence (LvsctlKeepalivedServer *server,
                  const LvsctlKeepalivedStatement *statement,
                  GError **error)
{
  const char *text = lvsctl_keepalived_word (statement, 1);

  if (text == NULL)
    text = LVSCTL_KEEPALIVED_PERSISTENCE;
  add_setting (server->settings, "persistence", text, &statement->place);
  return lvsctl_keepalived_check_words (statement, 2, FALSE, error);
}

/* A netmask for IPv4, the length of a prefix for IPv6. */
static gboolean
read_granularity (LvsctlKeepalivedServer *server,
                  const LvsctlKeepalivedStatement *statement,
                  GError **error)
{
  g_autofree char *length_text = NULL;
  const char *text;
  guint length;

  if (!get_value (statement, &text, error))
    return FALSE;
  if (strchr (text, '.') == NULL)
    length_text = g_strdup (text);
  else if (lvsd_netmask_parse (text, &length, error))
    length_text = g_strdup_printf ("%u", length);
  else
    return lvsctl_place_prefix (&statement->place, error);
  if (server->family == AF_UNSPEC)
    server->family = strchr (text, '.') != NULL ? AF_INET : AF_INET6;
  add_setting (server->settings, "persistence-prefix", length_text, &statement->place);
  return TRUE;
}

static gboolean
read_engine (LvsctlKeepalivedServer *server,
             const LvsctlKeepalivedStatement *statement,
             GError **error)
{
  const char *text;

  if (!get_value (statement, &text, error))
    return FALSE;
  add_setting (server->settings, "persistence-engine", text, &statement->place);
  return TRUE;
}

static gboolean
read_protocol (LvsctlKeepalivedServer *server,
               const LvsctlKeepalivedStatement *statement,
               GError **error)
{
  const char *text;
  guint protocol;

  if (!get_value (statement, &text, error))
    return FALSE;
  if (!lvsd_terms_parse (lvsd_protocol_terms, statement->words[0], text, &protocol, error))
    return lvsctl_place_prefix (&statement->place, error);
  server->protocol = lvsd_terms_format (lvsd_protocol_terms, protocol);
  return TRUE;
}

static gboolean
read_family (LvsctlKeepalivedServer *server,
             const LvsctlKeepalivedStatement *statement,
             GError **error)
{
  const char *text;

  if (!get_value (statement, &text, error))
    return FALSE;
  if (!g_str_equal (text, "inet") && !g_str_equal (text, "inet6"))
    return lvsctl_place_refuse (&statement->place, error, _ ("%s: '%.40s' is not inet or inet6"),
                                statement->words[0], text);
  server->family = g_str_equal (text, "inet") ? AF_INET : AF_INET6;
  return TRUE;
}

static gboolean
read_one_packet (LvsctlKeepalivedServer *server,
                 const LvsctlKeepalivedStatement *statement,
                 GError **error)
{
  add_setting (server->settings, "one-packet", "yes", &statement->place);
  return lvsctl_keepalived_check_words (statement, 1, FALSE, error);
}

static gboolean
read_name (LvsctlKeepalivedServer *server,
           const LvsctlKeepalivedStatement *statement,
           GError **error)
{
  return get_value (statement, &server->name, error);
}

static gboolean
read_weight (LvsctlKeepalivedServer *server,
             const LvsctlKeepalivedStatement *statement,
             GError **error)
{
  return get_value (statement, &server->weight, error);
}

static const struct
{
  const char *keyword;
  gboolean (*read) (LvsctlKeepalivedServer *server,
                    const LvsctlKeepalivedStatement *statement,
                    GError **error);
} keywords[] = {
  { "real_server", read_real_server },
  { "lvs_sched", read_scheduler },
  { "lb_algo", read_scheduler },
  { "lvs_method", read_default_method },
  { "lb_kind", read_default_method },
  { "persistence_timeout", read_persistence },
  { "persistence_granularity", read_granularity },
  { "persistence_engine", read_engine },
  { "protocol", read_protocol },
  { "ip_family", read_family },
  { "ops", read_one_packet },
  { "flag-1", read_flag },
  { "flag-2", read_flag },
  { "flag-3", read_flag },
  { "sh-port", read_flag },
  { "sh-fallback", read_flag },
  { "mh-port", read_flag },
  { "mh-fallback", read_flag },
  { "snmp_name", read_name },
  { "weight", read_weight },
};

static gboolean
read_statement (LvsctlKeepalivedServer *server,
                const LvsctlKeepalivedStatement *statement,
                GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keywords); i++)
    if (lvsctl_keepalived_is (statement, keywords[i].keyword))
      return keywords[i].read (server, statement, error);
  lvsctl_keepalived_leave_out (server->reading, statement);
  return TRUE;
}

static gboolean
find_targets (LvsctlKeepalivedServer *server,
              GHashTable *groups,
              const LvsctlKeepalivedStatement *statement,
              GError **error)
{
  const char *name = lvsctl_keepalived_word (statement, 2);
  const GArray *group;

  if (g_strcmp0 (lvsctl_keepalived_word (statement, 1), "group") != 0)
    return lvsctl_keepalived_targets_add (server->targets, statement, 1, error);
  group = name != NULL ? g_hash_table_lookup (groups, name) : NULL;
  if (group == NULL)
    return lvsctl_place_refuse (&statement->place, error,
                                _ ("there is no virtual_server_group '%.60s'"),
                                name != NULL ? name : "");
  g_array_append_vals (server->targets, group->data, group->len);
  return TRUE;
}

gboolean
lvsctl_keepalived_server_read (LvsctlKeepalivedServer *server,
                               LvsctlReading *reading,
                               GHashTable *groups,
                               const LvsctlKeepalivedStatement *statement,
                               GError **error)
{
  server->reading = reading;
  server->place = statement->place;
  server->targets = g_array_new (FALSE, FALSE, sizeof (LvsctlKeepalivedTarget));
  server->settings = new_settings ();
  server->forwarding = new_settings ();
  server->servers = g_ptr_array_new_with_free_func (real_server_free);
  if (!lvsctl_keepalived_check_words (statement, 3, TRUE, error)
      || !find_targets (server, groups, statement, error))
    return FALSE;
  for (guint i = 0; statement->body != NULL && i < statement->body->len; i++)
    if (!read_statement (server, statement->body->pdata[i], error))
      return FALSE;
  return TRUE;
}
