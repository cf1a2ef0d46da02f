/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/reception.h"

#include <glib/gi18n-lib.h>

#include "engine/problem.h"
#include "kernel/sysctl.h"
#include "model/error.h"
#include "model/receiver.h"

/* For the advice: what nearly every network carries, and the headers of IP and TCP. */
enum
{
  USUAL_MTU = 1500,
  IPV4_HEADERS = 40,
  IPV6_HEADERS = 60,
  RP_FILTER_STRICT = 1,
};

static gboolean
check_needs (LvsdNode *node,
             const LvsdRole *before,
             const LvsdRole *after,
             gboolean may_make,
             GError **error)
{
  const LvsdReceiver *receiver = lvsd_receiver_of_role (after);
  LvsdLink link;

  if (receiver == NULL)
    return TRUE;
  if (may_make && !lvsd_links_ensure (node->links, receiver, &link, error))
    return FALSE;
  if (before == NULL && after->tunnel == LVSD_TUNNEL_GUE
      && !lvsd_tunnels_check_port (node->tunnels, after->tunnel_port, error))
    return FALSE;
  return after->advmss == 0 || (before != NULL && before->advmss == after->advmss)
         || lvsd_tunnels_check_route (node->tunnels, after->address.family, error);
}

/* Whether the machine has what a role that is asked for needs: the device, which the kernel makes
 * now if it may and can, GUE, and a route for the advmss. Fails with NotFound, NotSupported or
 * KernelRefused. */
gboolean
lvsd_reception_check (LvsdNode *node, const LvsdEdit *edit, gboolean may_make, GError **error)
{
  const LvsdRole *after = (const LvsdRole *) edit->after;
  char text[LVSD_ADDRESS_TEXT_SIZE];

  if (after == NULL || check_needs (node, (const LvsdRole *) edit->before, after, may_make, error))
    return TRUE;
  g_prefix_error (error, _ ("role %s: "), lvsd_address_format (&after->address, text));
  return FALSE;
}

/* Has the kernel make the devices that roles among the items need, before their settings are looked
 * at: they are there only with the device. */
void
lvsd_reception_prepare (LvsdNode *node, const GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      const LvsdEdit edit = { .after = g_ptr_array_index (items, i) };
      const LvsdReceiver *receiver = NULL;
      g_autoptr (GError) error = NULL;
      LvsdLink link;

      if (lvsd_item_get_kind (edit.after) == LVSD_KIND_ROLE)
        receiver = lvsd_receiver_of_role ((const LvsdRole *) edit.after);
      if (receiver != NULL && !lvsd_links_ensure (node->links, receiver, &link, &error))
        g_warning ("%s", error->message);
    }
}

/* Adds a setting of model/receiver.h where the kernel has it. */
gboolean
lvsd_reception_read_setting (LvsdNode *node, const char *name, LvsdActual *into, GError **error)
{
  gint32 value;

  if (!lvsd_tunnels_read (node->tunnels, name, &value, error))
    return FALSE;
  if (value != 0)
    lvsd_actual_add (into, lvsd_replaced_new_number (name, value, value));
  return TRUE;
}

/* What is there now of the settings that the roles need; of LvsdRole. */
LvsdActual *
lvsd_reception_read (LvsdNode *node, const GPtrArray *roles, GError **error)
{
  g_autoptr (LvsdActual) actual = lvsd_actual_new ();

  for (guint i = 0; i < roles->len; i++)
    {
      g_autoptr (GPtrArray) needs = lvsd_receiver_needs (g_ptr_array_index (roles, i));

      for (guint j = 0; j < needs->len; j++)
        if (!lvsd_reception_read_setting (
                node, ((const LvsdReplaced *) g_ptr_array_index (needs, j))->name, actual, error))
          return NULL;
    }
  return g_steal_pointer (&actual);
}

char *
lvsd_reception_obstacle (LvsdNode *node, const LvsdReplaced *setting, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  LvsdReceiverSetting parsed;

  if (!lvsd_receiver_parse (setting->name, &parsed) || parsed.part != LVSD_RECEIVER_ROUTE
      || lvsd_tunnels_check_route (node->tunnels, parsed.family, &local_error))
    return NULL;
  if (g_error_matches (local_error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND))
    return g_strdup (local_error->message);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

typedef struct
{
  LvsdNode *node;
  GPtrArray *problems;
} Inspection;

static void
add (Inspection *inspection,
     gboolean severe,
     const LvsdRole *role,
     const char *word,
     const char *message,
     const char *advice)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];

  g_ptr_array_add (inspection->problems,
                   lvsd_problem_new (severe, "role", lvsd_address_format (&role->address, text),
                                     word, message, advice));
}

/* Whether the network carries larger packets between director and real server cannot be known
 * here, so this is a warning. */
static void
inspect_segment_size (Inspection *inspection, const LvsdRole *role)
{
  guint overhead = lvsd_receiver_overhead (role);
  guint headers = role->address.family == AF_INET6 ? IPV6_HEADERS : IPV4_HEADERS;
  char text[LVSD_ADDRESS_TEXT_SIZE];
  g_autofree char *message = NULL;
  g_autofree char *advice = NULL;

  if (role->advmss != 0)
    return;
  message = g_strdup_printf (_ ("has no advmss: the tunnel takes %u bytes of each packet, so "
                                "full-sized ones of clients do not fit"),
                             overhead);
  advice = g_strdup_printf (_ ("lvsctl role edit %s --advmss %u, where the MTU is %d"),
                            lvsd_address_format (&role->address, text),
                            USUAL_MTU - overhead - headers, USUAL_MTU);
  add (inspection, FALSE, role, "no-advmss", message, advice);
}

static gint32
read_rp_filter (const char *interface)
{
  g_autofree char *name = g_strdup_printf ("net/ipv4/conf/%s/rp_filter", interface);
  gint32 value;

  return lvsd_sysctl_read (name, &value, NULL) ? value : 0;
}

static void
inspect_source_check (Inspection *inspection, const LvsdRole *role, const char *device)
{
  g_autofree char *message = NULL;
  g_autofree char *advice = NULL;

  if (role->address.family != AF_INET
      || MAX (read_rp_filter ("all"), read_rp_filter (device)) != RP_FILTER_STRICT)
    return;
  message =
      g_strdup_printf (_ ("its packets are dropped: the source check of %s is strict"), device);
  advice = g_strdup_printf (_ ("set net.ipv4.conf.%s.rp_filter to 2"), device);
  add (inspection, TRUE, role, "rp-filter", message, advice);
}

/* Whether the way back leads through the director is for the director to know; without any it
 * certainly does not. */
static void
inspect_return_route (Inspection *inspection, const LvsdRole *role)
{
  if (!lvsd_tunnels_have_way_back (inspection->node->tunnels, role->address.family))
    add (
        inspection, TRUE, role, "no-return-route",
        _ ("no route leads through another machine, and answers must go back through the director"),
        _ ("route the clients' networks, or by default everything, through the director"));
}

static gboolean
inspect_role (gpointer item, gpointer user_data)
{
  Inspection *inspection = user_data;
  const LvsdRole *role = item;

  if (role->method == LVSD_METHOD_TUNNEL)
    {
      inspect_segment_size (inspection, role);
      inspect_source_check (inspection, role, lvsd_receiver_bound_device (role));
    }
  else if (role->method == LVSD_METHOD_MASQUERADE)
    inspect_return_route (inspection, role);
  return TRUE;
}

void
lvsd_reception_inspect (LvsdNode *node, GPtrArray *problems)
{
  Inspection inspection = { .node = node, .problems = problems };

  lvsd_table_walk (node->table, LVSD_KIND_ROLE, NULL, inspect_role, &inspection);
}
