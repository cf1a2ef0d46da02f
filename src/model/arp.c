/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arp.h"

#include <glib/gi18n-lib.h>

#include "error.h"
#include "receiver.h"

/* Answer only for addresses of the interface that was asked, and tell of none that is another's:
 * Documentation/networking/ip-sysctl.rst. 2 is as good as 1 for us; 3 answers for addresses of
 * greater scope, and 8 for none at all, so those are neither left nor lowered in silence. */
enum
{
  ARP_IGNORE_NEEDED = 1,
  ARP_IGNORE_HIGHEST = 2,
  ARP_ANNOUNCE_NEEDED = 2,
};

/* A tunnel's packets come from clients that are reached another way, which the strict 1 takes for a
 * forgery. 2 asks for some way back to them, and holds whatever "all" is set to later. */
#define RP_FILTER_NEEDED 2

typedef struct
{
  const LvsdTable *table;
  GArray *settings; /* as they would be without us, then with what was needed so far */
  const LvsdActual *receivers;
  GHashTable *needed; /* name -> LvsdReplaced, owned */
  const char *boot_id;
} ArpPlan;

static char *
setting_name (const char *interface, const char *setting)
{
  return g_strdup_printf ("net/ipv4/conf/%s/%s", interface, setting);
}

static LvsdArpSettings *
find_settings (GArray *settings, const char *interface)
{
  for (guint i = 0; i < settings->len; i++)
    if (g_str_equal (g_array_index (settings, LvsdArpSettings, i).interface, interface))
      return &g_array_index (settings, LvsdArpSettings, i);
  return NULL;
}

static LvsdReplaced *
find_replaced (const LvsdTable *table, const char *name)
{
  return lvsd_table_find_by_id (table, LVSD_KIND_REPLACED, name);
}

/* What would be there had no role written to it. */
static void
take_back (ArpPlan *plan, const char *interface, const char *setting, gint32 *value)
{
  g_autofree char *name = setting_name (interface, setting);
  const LvsdReplaced *replaced = find_replaced (plan->table, name);

  if (replaced != NULL && g_str_equal (replaced->boot_id, plan->boot_id)
      && *value == lvsd_replaced_to_number (replaced->written))
    *value = lvsd_replaced_to_number (replaced->previous);
}

static void
need_record (ArpPlan *plan, const char *name, gint32 previous, gint32 wanted)
{
  LvsdReplaced *replaced = lvsd_replaced_new_number (name, previous, wanted);

  g_strlcpy (replaced->boot_id, plan->boot_id, sizeof replaced->boot_id);
  g_hash_table_replace (plan->needed, replaced->name, replaced);
}

static void
need (ArpPlan *plan, const char *interface, const char *setting, gint32 *value, gint32 wanted)
{
  g_autofree char *name = setting_name (interface, setting);

  need_record (plan, name, *value, wanted);
  *value = wanted;
}

static gboolean
refuse_setting (const LvsdRole *role, const LvsdArpSettings *settings, GError **error)
{
  char address[LVSD_ADDRESS_TEXT_SIZE];

  g_set_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
               _ ("role %s: net.ipv4.conf.%s.arp_ignore is %d, with which the address would not be "
                  "hidden as it has to be; set it to 0, 1 or 2 first, or name another interface"),
               lvsd_address_format (&role->address, address), settings->interface,
               settings->arp_ignore);
  return FALSE;
}

static gboolean
need_for_one (ArpPlan *plan, const LvsdRole *role, GError **error)
{
  const LvsdArpSettings *all = find_settings (plan->settings, LVSD_ARP_ALL);
  LvsdArpSettings *one = find_settings (plan->settings, role->interface);
  char address[LVSD_ADDRESS_TEXT_SIZE];

  if (one == NULL)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                   _ ("role %s: interface '%s' does not exist on this machine"),
                   lvsd_address_format (&role->address, address), role->interface);
      return FALSE;
    }
  if (all->arp_ignore > ARP_IGNORE_HIGHEST)
    return refuse_setting (role, all, error);
  if (one->arp_ignore > ARP_IGNORE_HIGHEST)
    return refuse_setting (role, one, error);
  if (MAX (all->arp_ignore, one->arp_ignore) < ARP_IGNORE_NEEDED)
    need (plan, role->interface, "arp_ignore", &one->arp_ignore, ARP_IGNORE_NEEDED);
  if (MAX (all->arp_announce, one->arp_announce) < ARP_ANNOUNCE_NEEDED)
    need (plan, role->interface, "arp_announce", &one->arp_announce, ARP_ANNOUNCE_NEEDED);
  return TRUE;
}

static gboolean
need_for_all (ArpPlan *plan, const LvsdRole *role, GError **error)
{
  LvsdArpSettings *all = find_settings (plan->settings, LVSD_ARP_ALL);

  for (guint i = 0; i < plan->settings->len; i++)
    {
      const LvsdArpSettings *one = &g_array_index (plan->settings, LvsdArpSettings, i);

      if (one->arp_ignore > ARP_IGNORE_HIGHEST)
        return refuse_setting (role, one, error);
    }
  if (all->arp_ignore < ARP_IGNORE_NEEDED)
    need (plan, LVSD_ARP_ALL, "arp_ignore", &all->arp_ignore, ARP_IGNORE_NEEDED);
  if (all->arp_announce < ARP_ANNOUNCE_NEEDED)
    need (plan, LVSD_ARP_ALL, "arp_announce", &all->arp_announce, ARP_ANNOUNCE_NEEDED);
  return TRUE;
}

/* What would be there of it had no role made it so. */
static gint32
receiver_value (const ArpPlan *plan, const LvsdReplaced *need)
{
  const LvsdActualEntry *entry = lvsd_actual_find (plan->receivers, need);
  const char *value =
      entry != NULL ? ((const LvsdReplaced *) entry->item)->written : LVSD_REPLACED_NONE;
  const LvsdReplaced *replaced = find_replaced (plan->table, need->name);

  if (replaced != NULL && g_str_equal (replaced->boot_id, plan->boot_id)
      && g_str_equal (value, replaced->written))
    value = replaced->previous;
  return lvsd_replaced_to_number (value);
}

/* The least that any role wants, unless the route asks for less already. */
static void
need_segment_size (ArpPlan *plan, const LvsdReplaced *need)
{
  const LvsdReplaced *other = g_hash_table_lookup (plan->needed, need->name);
  gint32 wanted = lvsd_replaced_to_number (need->written);
  gint32 value = receiver_value (plan, need);

  if ((value == 0 || value > wanted)
      && (other == NULL || lvsd_replaced_to_number (other->written) > wanted))
    need_record (plan, need->name, value, wanted);
}

/* What is as it should be is recorded too, with nothing to put back: it has to stay so. */
static void
need_for_receiver (ArpPlan *plan, const LvsdRole *role)
{
  g_autoptr (GPtrArray) needs = lvsd_receiver_needs (role);
  LvsdReceiverSetting setting;

  for (guint i = 0; i < needs->len; i++)
    {
      const LvsdReplaced *need = g_ptr_array_index (needs, i);

      if (lvsd_receiver_parse (need->name, &setting) && setting.part == LVSD_RECEIVER_ROUTE)
        need_segment_size (plan, need);
      else
        need_record (plan, need->name, receiver_value (plan, need),
                     lvsd_replaced_to_number (need->written));
    }
}

/* Without the device there is nothing to put back; it is made as it has to be. */
static void
need_for_source_check (ArpPlan *plan, const LvsdRole *role)
{
  const char *device = lvsd_receiver_bound_device (role);
  LvsdArpSettings *one = find_settings (plan->settings, device);

  if (role->method == LVSD_METHOD_TUNNEL && one != NULL && one->rp_filter != RP_FILTER_NEEDED)
    need (plan, device, "rp_filter", &one->rp_filter, RP_FILTER_NEEDED);
}

static gboolean
need_for_role (ArpPlan *plan, const LvsdRole *role, GError **error)
{
  need_for_receiver (plan, role);
  /* Neighbour discovery does not answer for what is on another interface, and the source of a
   * packet is not checked, so IPv6 needs nothing. Nor does a role that binds no address. */
  if (role->method == LVSD_METHOD_MASQUERADE || role->address.family != AF_INET)
    return TRUE;
  need_for_source_check (plan, role);
  return role->interface[0] != '\0' ? need_for_one (plan, role, error)
                                    : need_for_all (plan, role, error);
}

typedef struct
{
  ArpPlan *plan;
  LvsdChange *change;
} Comparison;

static gboolean
compare_record (gpointer item, gpointer user_data)
{
  Comparison *comparison = user_data;
  LvsdReplaced *replaced = item;
  LvsdReplaced *needed = g_hash_table_lookup (comparison->plan->needed, replaced->name);

  /* What the settings need is lvsd_setting_plan's. */
  if (lvsd_setting_is_managed (replaced->name))
    return TRUE;
  if (needed == NULL)
    lvsd_change_add (comparison->change, replaced, NULL);
  else if (!lvsd_item_fields_equal (replaced, needed))
    lvsd_change_add (comparison->change, replaced, needed);
  if (needed != NULL)
    g_hash_table_remove (comparison->plan->needed, replaced->name);
  return TRUE;
}

static void
add_edits (ArpPlan *plan, LvsdChange *change)
{
  Comparison comparison = { .plan = plan, .change = change };
  GHashTableIter iter;
  gpointer needed;

  lvsd_table_walk (plan->table, LVSD_KIND_REPLACED, NULL, compare_record, &comparison);
  g_hash_table_iter_init (&iter, plan->needed);
  while (g_hash_table_iter_next (&iter, NULL, &needed))
    lvsd_change_add (change, NULL, needed);
}

gboolean
lvsd_arp_plan (const GPtrArray *roles,
               const LvsdTable *table,
               const GArray *settings,
               const LvsdActual *receivers,
               const char *boot_id,
               LvsdChange *change,
               GError **error)
{
  g_autoptr (GArray) work = g_array_copy ((GArray *) settings);
  g_autoptr (GHashTable) needed =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, lvsd_item_unref);
  ArpPlan plan = {
    .table = table, .settings = work, .receivers = receivers, .needed = needed, .boot_id = boot_id
  };

  for (guint i = 0; i < work->len; i++)
    {
      LvsdArpSettings *one = &g_array_index (work, LvsdArpSettings, i);

      take_back (&plan, one->interface, "arp_ignore", &one->arp_ignore);
      take_back (&plan, one->interface, "arp_announce", &one->arp_announce);
      take_back (&plan, one->interface, "rp_filter", &one->rp_filter);
    }
  for (guint i = 0; i < roles->len; i++)
    if (!need_for_role (&plan, g_ptr_array_index (roles, i), error))
      return FALSE;
  add_edits (&plan, change);
  return TRUE;
}
