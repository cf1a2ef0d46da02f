/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "setting.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"
#include "interface.h"
#include "setting-value.h"

#define DIRECTORY "net/ipv4/vs/"
#define TIMEOUT "timeout/"

/* The kernel refuses what does not fit an int when it is multiplied by HZ, at most 1000:
 * proc_dointvec_jiffies in kernel/sysctl.c. */
#define JIFFIES_MAX (G_MAXINT32 / 1000)

/* What may be managed. The ranges of net.ipv4.vs are those that vs_vars in ip_vs_ctl.c enforces
 * and, where it enforces none, those that Documentation/networking/ipvs-sysctl.rst gives a meaning;
 * the others are from Documentation/networking/ip-sysctl.rst. A * stands for an interface. The
 * preset is what a kernel of any version begins with: ip_vs_control_net_init_sysctl in ip_vs_ctl.c,
 * tcp_timeouts and udp_timeouts in ip_vs_proto_tcp.c and ip_vs_proto_udp.c; NULL where that depends
 * on the machine or on the interface. */
static const struct
{
  const char *name;
  LvsdSettingForm form;
  gint64 minimum;
  gint64 maximum;
  const char *preset;
} managed[] = {
  { TIMEOUT "tcp", LVSD_SETTING_NUMBER, 1, LVSD_TIMEOUT_MAX, "900" },
  { TIMEOUT "tcp-fin", LVSD_SETTING_NUMBER, 1, LVSD_TIMEOUT_MAX, "120" },
  { TIMEOUT "udp", LVSD_SETTING_NUMBER, 1, LVSD_TIMEOUT_MAX, "300" },
  { DIRECTORY "am_droprate", LVSD_SETTING_NUMBER, 0, G_MAXINT32, "10" },
  { DIRECTORY "amemthresh", LVSD_SETTING_NUMBER, 0, G_MAXINT32, "1024" },
  { DIRECTORY "backup_only", LVSD_SETTING_NUMBER, 0, 1, "0" },
  { DIRECTORY "cache_bypass", LVSD_SETTING_NUMBER, 0, 1, "0" },
  { DIRECTORY "conn_lfactor", LVSD_SETTING_NUMBER, -8, 8, NULL },
  { DIRECTORY "conn_max", LVSD_SETTING_NUMBER, 0, 1 << 30, NULL },
  { DIRECTORY "conn_reuse_mode", LVSD_SETTING_NUMBER, 0, 3, "1" },
  { DIRECTORY "conntrack", LVSD_SETTING_NUMBER, 0, 1, "0" },
  { DIRECTORY "debug_level", LVSD_SETTING_NUMBER, 0, 12, "0" },
  { DIRECTORY "drop_entry", LVSD_SETTING_DEFENCE, 0, 3, "0" },
  { DIRECTORY "drop_packet", LVSD_SETTING_DEFENCE, 0, 3, "0" },
  { DIRECTORY "est_cpulist", LVSD_SETTING_PROCESSORS, 0, 8191, NULL },
  { DIRECTORY "est_nice", LVSD_SETTING_NUMBER, -20, 19, "0" },
  { DIRECTORY "expire_nodest_conn", LVSD_SETTING_NUMBER, 0, 1, "0" },
  { DIRECTORY "expire_quiescent_template", LVSD_SETTING_NUMBER, 0, 1, "0" },
  { DIRECTORY "ignore_tunneled", LVSD_SETTING_NUMBER, 0, 1, "0" },
  { DIRECTORY "nat_icmp_send", LVSD_SETTING_NUMBER, 0, 1, "0" },
  { DIRECTORY "pmtu_disc", LVSD_SETTING_NUMBER, 0, 1, "1" },
  { DIRECTORY "run_estimation", LVSD_SETTING_NUMBER, 0, 1, "1" },
  { DIRECTORY "schedule_icmp", LVSD_SETTING_NUMBER, 0, 1, "0" },
  { DIRECTORY "secure_tcp", LVSD_SETTING_DEFENCE, 0, 3, "0" },
  { DIRECTORY "sloppy_sctp", LVSD_SETTING_NUMBER, 0, 1, "0" },
  { DIRECTORY "sloppy_tcp", LVSD_SETTING_NUMBER, 0, 1, "0" },
  { DIRECTORY "snat_reroute", LVSD_SETTING_NUMBER, 0, 1, "1" },
  { DIRECTORY "svc_lfactor", LVSD_SETTING_NUMBER, -8, 8, NULL },
  { DIRECTORY "sync_persist_mode", LVSD_SETTING_NUMBER, 0, 1, "0" },
  { DIRECTORY "sync_ports", LVSD_SETTING_POWER_OF_TWO, 1, 64, "1" },
  { DIRECTORY "sync_qlen_max", LVSD_SETTING_NUMBER, 0, G_MAXINT32, NULL },
  { DIRECTORY "sync_refresh_period", LVSD_SETTING_NUMBER, 0, JIFFIES_MAX, "0" },
  { DIRECTORY "sync_retries", LVSD_SETTING_NUMBER, 0, 3, "0" },
  { DIRECTORY "sync_sock_size", LVSD_SETTING_NUMBER, 0, G_MAXINT32, "0" },
  { DIRECTORY "sync_threshold", LVSD_SETTING_PAIR, 0, G_MAXINT32, "3 50" },
  { DIRECTORY "sync_version", LVSD_SETTING_NUMBER, 0, 1, "1" },
  { "net/ipv4/ip_forward", LVSD_SETTING_NUMBER, 0, 1, "0" },
  { "net/ipv4/conf/all/send_redirects", LVSD_SETTING_NUMBER, 0, 1, "1" },
  { "net/ipv4/conf/*/send_redirects", LVSD_SETTING_NUMBER, 0, 1, NULL },
  { "net/ipv6/conf/all/forwarding", LVSD_SETTING_NUMBER, 0, 1, "0" },
  { "net/ipv6/conf/*/accept_ra", LVSD_SETTING_NUMBER, 0, 2, NULL },
};

#define N_MANAGED ((int) G_N_ELEMENTS (managed))

/* "all" and "default" are no interfaces: of the one there is a row where it has an effect, the
 * other has none on what is there. */
static gboolean
matches (const char *pattern, const char *name)
{
  const char *star = strchr (pattern, '*');
  gsize before = star != NULL ? (gsize) (star - pattern) : 0;
  gsize length;

  if (star == NULL)
    return g_str_equal (pattern, name);
  if (strncmp (name, pattern, before) != 0)
    return FALSE;
  name += before;
  length = strcspn (name, "/");
  return lvsd_interface_is_name (name, length) && g_str_equal (name + length, star + 1)
         && !g_str_has_prefix (name, "all/") && !g_str_has_prefix (name, "default/");
}

/* The index of its row, -1 where it has none. */
static int
find_row (const char *name)
{
  for (int i = 0; i < N_MANAGED; i++)
    if (matches (managed[i].name, name))
      return i;
  return -1;
}

gboolean
lvsd_setting_is_managed (const char *name)
{
  return find_row (name) >= 0;
}

/* The three that are not files, but that IPVS is asked for. */
gboolean
lvsd_setting_is_timeout (const char *name)
{
  return g_str_has_prefix (name, TIMEOUT) && find_row (name) >= 0;
}

/* Names that a node has whatever its interfaces; NULL behind the last. */
const char *
lvsd_setting_known (guint index)
{
  for (int i = 0; i < N_MANAGED; i++)
    if (strchr (managed[i].name, '*') == NULL && index-- == 0)
      return managed[i].name;
  return NULL;
}

/* Whether two values of a setting are as good as the same: IPVS itself switches a defence between
 * 1 and 2, which mean "when memory runs short" and "now". */
gboolean
lvsd_setting_same_value (const char *name, const char *a, const char *b)
{
  int row = find_row (name);

  if (row >= 0 && managed[row].form == LVSD_SETTING_DEFENCE)
    {
      a = g_str_equal (a, "2") ? "1" : a;
      b = g_str_equal (b, "2") ? "1" : b;
    }
  return g_str_equal (a, b);
}

/* Whether somebody has set it: a kernel is known to begin with another value. */
gboolean
lvsd_setting_is_off_preset (const char *name, const char *value)
{
  int row = find_row (name);

  return row >= 0 && managed[row].preset != NULL
         && !lvsd_setting_same_value (name, value, managed[row].preset);
}

static gboolean
refuse_unmanaged (const char *name, GError **error)
{
  g_autofree char *shown = lvsd_setting_format_name (name);

  if (g_str_has_suffix (name, "/arp_ignore") || g_str_has_suffix (name, "/arp_announce")
      || g_str_has_suffix (name, "/rp_filter"))
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                 _ ("setting %s: belongs to the real-server roles, which set it as they need it; "
                    "see 'lvsctl role'"),
                 shown);
  else
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                 _ ("setting %s: is none of those that lvsd manages: timeout.*, net.ipv4.vs.*, "
                    "net.ipv4.ip_forward, net.ipv4.conf.INTERFACE.send_redirects, "
                    "net.ipv6.conf.all.forwarding, net.ipv6.conf.INTERFACE.accept_ra; use "
                    "/etc/sysctl.d for others"),
                 shown);
  return FALSE;
}

static void
swap (char *name, char a, char b)
{
  for (; *name != '\0'; name++)
    if (*name == a)
      *name = b;
    else if (*name == b)
      *name = a;
}

/* As sysctl(8) does: which of dot and slash comes first is what separates, and the other one stands
 * for a dot in an interface's name. Fails with InvalidArgument for what may not be managed. */
gboolean
lvsd_setting_parse_name (const char *text, char name[LVSD_SYSCTL_MAX + 1], GError **error)
{
  static const LvsdField field = {
    .name = "name", .type = LVSD_FIELD_WORD, .minimum = 1, .maximum = LVSD_SYSCTL_MAX
  };
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_string (text));

  if (!lvsd_field_set (&field, name, value, error))
    {
      g_prefix_error (error, _ ("setting: "));
      return FALSE;
    }
  if (name[strcspn (name, "./")] == '.')
    swap (name, '.', '/');
  return lvsd_setting_is_managed (name) || refuse_unmanaged (name, error);
}

/* With dots, unless one of them would be an interface's. */
char *
lvsd_setting_format_name (const char *name)
{
  char *text = g_strdup (name);

  if (strchr (name, '.') == NULL)
    swap (text, '/', '.');
  return text;
}

static char *
dup_setting_id (const LvsdItem *item)
{
  return lvsd_setting_format_name (((const LvsdSetting *) item)->name);
}

static guint
hash_setting (const LvsdItem *item)
{
  return g_str_hash (((const LvsdSetting *) item)->name);
}

static gboolean
equal_setting (const LvsdItem *a, const LvsdItem *b)
{
  return g_str_equal (((const LvsdSetting *) a)->name, ((const LvsdSetting *) b)->name);
}

static gboolean
normalize_value (const char *name, const char *text, char **ret_value, GError **error)
{
  int row = find_row (name);
  g_autofree char *shown = lvsd_setting_format_name (name);

  if (row < 0)
    return refuse_unmanaged (name, error);
  if (lvsd_setting_value_normalize (managed[row].form, managed[row].minimum, managed[row].maximum,
                                    text, ret_value, error))
    return TRUE;
  g_prefix_error (error, _ ("setting %s: "), shown);
  return FALSE;
}

static gboolean
validate_setting (const LvsdItem *item, GError **error)
{
  const LvsdSetting *setting = (const LvsdSetting *) item;
  g_autofree char *normal = NULL;

  if (!normalize_value (setting->name, setting->value, &normal, error))
    return FALSE;
  if (g_str_equal (normal, setting->value))
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("setting %s: value: '%s' is written '%s'"), setting->name, setting->value,
               normal);
  return FALSE;
}

static void
get_identity (const LvsdItem *item, LvsdVardict *into)
{
  g_autofree char *name = dup_setting_id (item);

  lvsd_vardict_add_string (into, "name", name);
}

static gboolean
set_identity (LvsdItem *item, GVariantDict *from, GError **error)
{
  const char *name;

  if (!g_variant_dict_lookup (from, "name", "&s", &name))
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                           _ ("setting: name: is missing"));
      return FALSE;
    }
  if (!lvsd_setting_parse_name (name, ((LvsdSetting *) item)->name, error))
    return FALSE;
  g_variant_dict_remove (from, "name");
  return TRUE;
}

static const LvsdField fields[] = {
  { "value", LVSD_FIELD_WORD, G_STRUCT_OFFSET (LvsdSetting, value), 1, LVSD_SYSCTL_VALUE_MAX, 0,
    NULL, LVSD_FIELD_SPACED, N_ ("VALUE"), N_ ("What the kernel is to hold") },
};

const LvsdItemClass lvsd_setting_class = {
  .name = "setting",
  .size = sizeof (LvsdSetting),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .dup_id = dup_setting_id,
  .identity_hash = hash_setting,
  .identity_equal = equal_setting,
  .validate = validate_setting,
  .get_more = get_identity,
  .set_more = set_identity,
};

/* A draft that would pass validation, or NULL: name and value are taken as people write them. */
LvsdSetting *
lvsd_setting_new (const char *name, const char *value, GError **error)
{
  g_autoptr (LvsdSetting) setting = lvsd_item_new (LVSD_KIND_SETTING);
  g_autofree char *normal = NULL;

  if (!lvsd_setting_parse_name (name, setting->name, error)
      || !normalize_value (setting->name, value, &normal, error))
    return NULL;
  g_strlcpy (setting->value, normal, sizeof setting->value);
  return g_steal_pointer (&setting);
}
