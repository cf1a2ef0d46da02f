/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "section.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "address.h"
#include "omission.h"
#include "model/destination.h"
#include "model/service.h"

#define MOST_ADDRESSES 65536 /* of one range */

typedef struct
{
  LvsctlPlace place;
  char *value;
} Real;

/* A section while it is read: real servers have to wait until the protocol is known, and until it
 * is known whether they are used. */
struct _LvsctlLdirectordSection
{
  LvsctlReading *reading;
  LvsctlPlace place;
  LvsdServiceKey key;
  const char *protocol; /* as far as it is known; "fwm" for a mark */
  GArray *reals;        /* of Real */
  LvsdService *service; /* its values, under a key that may have the wrong protocol */
  char *netmask;        /* NULL: none */
  LvsctlPlace netmask_place;
  gboolean one_packet;
  gboolean is_off; /* real servers are not to be used */
};

static void
real_clear (gpointer data)
{
  g_free (((Real *) data)->value);
}

void
lvsctl_ldirectord_section_free (LvsctlLdirectordSection *section)
{
  g_array_unref (section->reals);
  g_clear_pointer (&section->service, lvsd_item_unref);
  g_free (section->netmask);
  g_free (section);
}

/* sections */

static gboolean
set_scheduler (LvsctlLdirectordSection *section,
               const LvsctlLdirectordDirective *directive,
               GError **error)
{
  return lvsctl_reading_set (section->service, "scheduler", directive->value, &directive->place,
                             error);
}

static gboolean
set_persistent (LvsctlLdirectordSection *section,
                const LvsctlLdirectordDirective *directive,
                GError **error)
{
  return lvsctl_reading_set (section->service, "persistence", directive->value, &directive->place,
                             error);
}

static gboolean
set_netmask (LvsctlLdirectordSection *section,
             const LvsctlLdirectordDirective *directive,
             G_GNUC_UNUSED GError **error)
{
  g_free (section->netmask);
  section->netmask = g_strdup (directive->value);
  section->netmask_place = directive->place;
  return TRUE;
}

static gboolean
set_protocol (LvsctlLdirectordSection *section,
              const LvsctlLdirectordDirective *directive,
              GError **error)
{
  static const char *const words[] = { "tcp", "udp", NULL };

  if (section->key.fwmark != 0 && g_str_equal (directive->value, "fwm"))
    return TRUE;
  if (section->key.fwmark != 0 || !g_strv_contains (words, directive->value))
    return lvsctl_place_refuse (&directive->place, error,
                                section->key.fwmark != 0
                                    ? _ ("protocol: must be fwm for a firewall mark, not '%.20s'")
                                    : _ ("protocol: must be tcp or udp for an address, not "
                                         "'%.20s'"),
                                directive->value);
  section->protocol = g_str_equal (directive->value, "tcp") ? "tcp" : "udp";
  return TRUE;
}

static gboolean
set_one_packet (LvsctlLdirectordSection *section,
                const LvsctlLdirectordDirective *directive,
                GError **error)
{
  if (!g_str_equal (directive->value, "yes") && !g_str_equal (directive->value, "no"))
    return lvsctl_place_refuse (&directive->place, error, _ ("ops: must be yes or no, not '%.20s'"),
                                directive->value);
  section->one_packet = g_str_equal (directive->value, "yes");
  return TRUE;
}

static gboolean
set_check (LvsctlLdirectordSection *section,
           const LvsctlLdirectordDirective *directive,
           GError **error)
{
  section->is_off = g_str_equal (directive->value, "off");
  if (!section->is_off)
    return lvsctl_ldirectord_leave_out (section->reading, directive, error);
  lvsctl_reading_note (section->reading, &directive->place, "checktype=off",
                       _ ("keeps the real servers out of the kernel; they get weight 0"));
  return TRUE;
}

static gboolean
add_real (LvsctlLdirectordSection *section,
          const LvsctlLdirectordDirective *directive,
          G_GNUC_UNUSED GError **error)
{
  Real real = { .place = directive->place, .value = g_strdup (directive->value) };

  g_array_append_val (section->reals, real);
  return TRUE;
}

static const struct
{
  const char *name;
  gboolean (*set) (LvsctlLdirectordSection *section,
                   const LvsctlLdirectordDirective *directive,
                   GError **error);
} section_directives[] = {
  { "real", add_real },           { "real6", add_real },
  { "scheduler", set_scheduler }, { "persistent", set_persistent },
  { "netmask", set_netmask },     { "protocol", set_protocol },
  { "ops", set_one_packet },      { "checktype", set_check },
};

static int
family_of (const LvsctlLdirectordSection *section)
{
  return section->key.endpoint.address.family;
}

/* real6 goes with virtual6 and real with virtual. */
static gboolean
check_family (const LvsctlLdirectordSection *section,
              const LvsctlLdirectordDirective *directive,
              GError **error)
{
  gboolean is_ipv6 = g_str_has_suffix (directive->name, "6");

  if (is_ipv6 == (family_of (section) == AF_INET6))
    return TRUE;
  return lvsctl_place_refuse (&directive->place, error,
                              is_ipv6 ? _ ("'%s' goes with virtual6 only")
                                      : _ ("'%s' goes with virtual only; write it with a 6"),
                              directive->name);
}

gboolean
lvsctl_ldirectord_section_read (LvsctlLdirectordSection *section,
                                const LvsctlLdirectordDirective *directive,
                                GError **error)
{
  if ((g_str_has_prefix (directive->name, "real") || g_str_equal (directive->name, "fallback")
       || g_str_equal (directive->name, "fallback6"))
      && !check_family (section, directive, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (section_directives); i++)
    if (g_str_equal (section_directives[i].name, directive->name))
      return section_directives[i].set (section, directive, error);
  return lvsctl_ldirectord_leave_out (section->reading, directive, error);
}

static gboolean
parse_target (LvsctlLdirectordSection *section,
              const LvsctlLdirectordDirective *directive,
              GError **error)
{
  int family = g_str_has_suffix (directive->name, "6") ? AF_INET6 : AF_INET;
  const char *text = directive->value;
  LvsdAddress last;
  guint64 mark;

  if (strspn (text, "0123456789") != strlen (text) || text[0] == '\0')
    {
      section->protocol =
          g_str_has_suffix (text, ":53") || g_str_has_suffix (text, ":domain") ? "udp" : "tcp";
      return lvsctl_ldirectord_parse_address (section->reading, text, family, &directive->place,
                                              &section->key.endpoint, &last, error);
    }
  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &mark, NULL))
    return lvsctl_place_refuse (&directive->place, error,
                                _ ("firewall mark '%.20s' must be a number from 1 to 4294967295"),
                                text);
  section->key.fwmark = (guint32) mark;
  section->key.endpoint.address.family = (guint8) family;
  return TRUE;
}

LvsctlLdirectordSection *
lvsctl_ldirectord_section_begin (LvsctlReading *reading,
                                 const LvsctlLdirectordDirective *directive,
                                 GError **error)
{
  g_autoptr (LvsctlLdirectordSection) section = g_new0 (LvsctlLdirectordSection, 1);
  g_autoptr (LvsdServiceIdentity) identity = NULL;

  section->reading = reading;
  section->place = directive->place;
  section->reals = g_array_new (FALSE, FALSE, sizeof (Real));
  g_array_set_clear_func (section->reals, real_clear);
  if (!parse_target (section, directive, error))
    return NULL;
  identity = lvsd_service_identity_new ("", &section->key);
  section->service = lvsd_service_new (identity);
  g_strlcpy (section->service->scheduler, "wrr", sizeof section->service->scheduler);
  return g_steal_pointer (&section);
}

/* what becomes of it */

static gboolean
settle_key (LvsctlLdirectordSection *section, GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;
  char address[LVSD_ADDRESS_TEXT_SIZE];

  if (section->key.fwmark == 0)
    {
      text = g_strdup_printf ("%s/[%s]:%u", section->protocol,
                              lvsd_address_format (&section->key.endpoint.address, address),
                              section->key.endpoint.port);
      if (!lvsd_service_key_parse (text, &section->key, error))
        return lvsctl_place_prefix (&section->place, error);
    }
  name = lvsd_service_key_derive_name (&section->key);
  lvsd_service_identity_unref (section->service->identity);
  section->service->identity = lvsd_service_identity_new (name, &section->key);
  return TRUE;
}

/* Without persistence ldirectord gives the kernel no netmask, and one-packet for UDP alone. */
static gboolean
settle_options (LvsctlLdirectordSection *section, GError **error)
{
  g_autofree char *length = NULL;
  guint prefix_length;

  if (section->one_packet && g_strcmp0 (section->protocol, "udp") != 0)
    lvsctl_reading_note (section->reading, &section->place, "ops",
                         _ ("goes with UDP only; left out"));
  else
    section->service->one_packet = section->one_packet;
  if (section->netmask == NULL)
    return TRUE;
  if (section->service->persistence == 0)
    {
      lvsctl_reading_note (section->reading, &section->netmask_place, "netmask",
                           _ ("goes with persistent only; left out"));
      return TRUE;
    }
  if (family_of (section) == AF_INET6)
    length = g_strdup (section->netmask);
  else if (lvsd_netmask_parse (section->netmask, &prefix_length, error))
    length = g_strdup_printf ("%u", prefix_length);
  else
    return lvsctl_place_prefix (&section->netmask_place, error);
  return lvsctl_reading_set (section->service, "persistence-prefix", length,
                             &section->netmask_place, error);
}

/* What stands behind the address of a real server. */
typedef struct
{
  LvsdMethod method;
  char *weight; /* points into the line; NULL: none was given */
} RealOptions;

/* gate|masq|ipip [WEIGHT] ["REQUEST", "RECEIVE"]; the text is cut apart. */
static gboolean
parse_real_options (const LvsctlLdirectordSection *section,
                    char *text,
                    const LvsctlPlace *place,
                    RealOptions *ret_options,
                    GError **error)
{
  static const LvsdTerm methods[] = { { "gate", LVSD_METHOD_DIRECT },
                                      { "masq", LVSD_METHOD_MASQUERADE },
                                      { "ipip", LVSD_METHOD_TUNNEL },
                                      { NULL, 0 } };
  char *quote = strchr (text, '"');
  guint method;

  if (quote != NULL)
    {
      LvsctlLdirectordDirective request = { .place = *place, .name = "request" };

      *quote = '\0';
      if (!lvsctl_ldirectord_leave_out (section->reading, &request, error))
        return FALSE;
    }
  g_strstrip (text);
  ret_options->weight = text + strcspn (text, " \t");
  if (*ret_options->weight != '\0')
    *ret_options->weight++ = '\0';
  g_strchug (ret_options->weight);
  if (!lvsd_terms_parse (methods, "real", text, &method, error))
    return lvsctl_place_prefix (place, error);
  ret_options->method = (LvsdMethod) method;
  return TRUE;
}

static gboolean
take_destination (const LvsctlLdirectordSection *section,
                  const LvsdEndpoint *endpoint,
                  const RealOptions *options,
                  const LvsctlPlace *place,
                  GError **error)
{
  g_autoptr (LvsdDestination) destination =
      lvsd_destination_new (section->service->identity, endpoint);

  destination->method = (guint8) options->method;
  if (options->weight[0] != '\0'
      && !lvsctl_reading_set (destination, "weight", options->weight, place, error))
    return FALSE;
  if (section->is_off)
    destination->weight = 0;
  lvsctl_reading_settle_port (section->reading, destination, place);
  return lvsctl_reading_take (section->reading, destination, place, error);
}

static gboolean
take_range (const LvsctlLdirectordSection *section,
            const LvsdEndpoint *first,
            const LvsdAddress *last,
            const RealOptions *options,
            const LvsctlPlace *place,
            GError **error)
{
  LvsdEndpoint endpoint = *first;

  if (lvsd_address_compare (&first->address, last) > 0)
    return lvsctl_place_refuse (place, error, _ ("the range ends before it begins"));
  for (guint n = 0; n < MOST_ADDRESSES; n++)
    {
      if (!take_destination (section, &endpoint, options, place, error))
        return FALSE;
      if (lvsd_address_compare (&endpoint.address, last) == 0)
        return TRUE;
      lvsd_address_advance (&endpoint.address);
    }
  return lvsctl_place_refuse (place, error, _ ("the range holds more than %d addresses"),
                              MOST_ADDRESSES);
}

static gboolean
take_real (const LvsctlLdirectordSection *section, const Real *real, GError **error)
{
  g_autofree char *text = g_strdup (real->value);
  gsize length = strcspn (text, " \t");
  char *rest = text + length + (text[length] != '\0');
  RealOptions options = { 0 };
  LvsdEndpoint first;
  LvsdAddress last;

  text[length] = '\0';
  return lvsctl_ldirectord_parse_address (section->reading, text, family_of (section), &real->place,
                                          &first, &last, error)
         && parse_real_options (section, rest, &real->place, &options, error)
         && take_range (section, &first, &last, &options, &real->place, error);
}

gboolean
lvsctl_ldirectord_section_take (LvsctlLdirectordSection *section, GError **error)
{
  if (!settle_key (section, error) || !settle_options (section, error)
      || !lvsctl_reading_take (section->reading, section->service, &section->place, error))
    return FALSE;
  for (guint i = 0; i < section->reals->len; i++)
    if (!take_real (section, &g_array_index (section->reals, Real, i), error))
      return FALSE;
  return TRUE;
}
