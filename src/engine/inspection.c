/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/inspection.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "engine/history.h"
#include "engine/holding.h"
#include "engine/problem.h"
#include "engine/reception.h"
#include "kernel/sysctl.h"

typedef struct
{
  LvsdNode *node;
  gboolean any; /* one is as good as all */
  GPtrArray *problems;
  const GArray *found;  /* LvsdFoundAddress of this machine */
  const GArray *links;  /* LvsdLink of this machine; NULL: not known */
  GHashTable *local;    /* their addresses */
  gint32 forwarding[2]; /* IPv4, IPv6; -1: not read */
} Inspection;

static gboolean
equal_addresses (gconstpointer a, gconstpointer b)
{
  return lvsd_address_compare (a, b) == 0;
}

static void
add (Inspection *inspection,
     gboolean severe,
     const char *subject,
     const char *id,
     const char *word,
     const char *message,
     const char *advice)
{
  g_ptr_array_add (inspection->problems,
                   lvsd_problem_new (severe, subject, id, word, message, advice));
}

static gboolean
is_enough (const Inspection *inspection)
{
  return inspection->any && inspection->problems->len > 0;
}

/* Unreadable counts as on: nothing is claimed that was not seen. */
static gint32
read_forwarding (int family)
{
  gint32 value;

  if (!lvsd_sysctl_read (family == AF_INET6 ? "net/ipv6/conf/all/forwarding"
                                            : "net/ipv4/ip_forward",
                         &value, NULL))
    return 1;
  return value;
}

static gboolean
is_forwarding (Inspection *inspection, int family)
{
  gint32 *value = &inspection->forwarding[family == AF_INET6];

  if (*value < 0)
    *value = read_forwarding (family);
  return *value != 0;
}

static char *
forwarding_message (int family)
{
  return g_strdup_printf (_ ("masquerade needs forwarding, and %s is 0"),
                          family == AF_INET6 ? "net.ipv6.conf.all.forwarding"
                                             : "net.ipv4.ip_forward");
}

static const char *
forwarding_advice (int family)
{
  return family == AF_INET6 ? "lvsctl sysctl set net.ipv6.conf.all.forwarding 1"
                            : "lvsctl sysctl set net.ipv4.ip_forward 1";
}

static gboolean
is_managed_setting (const LvsdItem *item)
{
  return lvsd_item_get_kind (item) == LVSD_KIND_REPLACED
         && lvsd_setting_is_managed (((const LvsdReplaced *) item)->name);
}

/* Nothing that is missing stays so unless somebody wants it. */
static const char *
advice_for_missing (const LvsdNode *node, const LvsdItem *item)
{
  gboolean on_interface =
      lvsd_item_get_kind (item) == LVSD_KIND_ADDRESS || lvsd_item_get_kind (item) == LVSD_KIND_ROLE;

  if (lvsd_holding_covers (node, item))
    return _ ("'lvsctl release' has it repaired again");
  if (!node->policy.repairs[on_interface ? LVSD_DRIFT_ADDRESS : LVSD_DRIFT_MISSING])
    return _ ("'lvsctl reconcile' puts it back; lvsd.conf says that lvsd does not by itself");
  return _ ("see why in the journal of lvsd");
}

static const char *
advice_for (const LvsdNode *node, const LvsdItem *item, LvsdState state)
{
  switch (state)
    {
    case LVSD_STATE_WAITING:
      return _ ("nothing: it is applied when what it waits for is there");
    case LVSD_STATE_MISSING:
      return advice_for_missing (node, item);
    case LVSD_STATE_CHANGED:
      if (is_managed_setting (item))
        return _ ("'lvsctl sysctl set NAME VALUE' writes it again, 'unset' leaves it to others");
      return _ ("'lvsctl reconcile' writes it again, and 'lvsctl adopt all' takes it as it is");
    case LVSD_STATE_FAILED:
      return _ ("mend what the kernel says, then 'lvsctl reconcile'");
    case LVSD_STATE_APPLIED:
    case LVSD_STATE_DOWN:
      break;
    }
  return "";
}

static void
inspect_standing (Inspection *inspection, const LvsdItem *item)
{
  LvsdKind kind = lvsd_item_get_kind (item);
  gboolean is_record = kind == LVSD_KIND_REPLACED;
  g_autofree char *id =
      is_record ? lvsd_replaced_format_name ((const LvsdReplaced *) item) : lvsd_item_dup_id (item);
  const char *reason;
  LvsdState state = lvsd_node_standing (inspection->node, item, &reason);

  if (state == LVSD_STATE_APPLIED || state == LVSD_STATE_DOWN)
    return;
  add (inspection, state == LVSD_STATE_FAILED || state == LVSD_STATE_MISSING,
       is_record ? "setting" : lvsd_item_class (kind)->name, id,
       lvsd_terms_format (lvsd_state_terms, state), reason,
       advice_for (inspection->node, item, state));
}

/* One that the kernel has not had since the boot has no record yet, and so no standing. */
static gboolean
inspect_setting (gpointer item, gpointer user_data)
{
  Inspection *inspection = user_data;
  LvsdNode *node = inspection->node;

  if (lvsd_table_find_by_id (node->table, LVSD_KIND_REPLACED, ((const LvsdSetting *) item)->name)
          == NULL
      && lvsd_node_standing (node, item, NULL) == LVSD_STATE_MISSING)
    inspect_standing (inspection, item);
  return TRUE;
}

static void
inspect_standings (Inspection *inspection)
{
  GHashTableIter iter;
  gpointer item;

  if (inspection->node->standings == NULL)
    return;
  g_hash_table_iter_init (&iter, inspection->node->standings);
  while (!is_enough (inspection) && g_hash_table_iter_next (&iter, &item, NULL))
    inspect_standing (inspection, item);
}

static void
inspect_weights (Inspection *inspection, const LvsdService *service)
{
  const GPtrArray *destinations =
      lvsd_table_destinations (inspection->node->table, service->identity);
  guint with_weight = 0;
  gboolean masquerades = FALSE;
  int family = service->identity->key.endpoint.address.family;

  for (guint i = 0; i < destinations->len; i++)
    {
      const LvsdDestination *destination = g_ptr_array_index (destinations, i);

      with_weight += lvsd_destination_effective_weight (destination) > 0;
      masquerades |= destination->method == LVSD_METHOD_MASQUERADE;
    }
  if (destinations->len == 0)
    {
      g_autofree char *advice =
          g_strdup_printf (_ ("lvsctl destination add %s ADDRESS"), service->identity->name);

      add (inspection, FALSE, "service", service->identity->name, "no-destination",
           _ ("has no destination"), advice);
    }
  else if (with_weight == 0)
    {
      g_autofree char *advice = g_strdup_printf (
          _ ("lvsctl destination edit %s ADDRESS --weight 1"), service->identity->name);

      add (inspection, TRUE, "service", service->identity->name, "no-weight",
           _ ("has no destination with weight, so it takes no new connections"), advice);
    }
  if (masquerades && !is_forwarding (inspection, family))
    {
      g_autofree char *message = forwarding_message (family);

      add (inspection, TRUE, "service", service->identity->name, "no-forwarding", message,
           forwarding_advice (family));
    }
}

/* What is kept already cannot be added: it is down, or has a problem of its own. */
static char *
absence_advice (const LvsdTable *table, const LvsdAddress *address, const char *text)
{
  const LvsdVirtualAddress *kept = lvsd_table_find_address (table, address);

  if (kept == NULL)
    return g_strdup_printf (_ ("lvsctl address add %s/LENGTH --interface INTERFACE"), text);
  if (!kept->up)
    return g_strdup_printf (_ ("lvsctl address up %s"), text);
  return g_strdup_printf (_ ("lvsctl address show %s"), text);
}

static void
inspect_presence (Inspection *inspection, const LvsdService *service)
{
  const LvsdServiceKey *key = &service->identity->key;
  char address[LVSD_ADDRESS_TEXT_SIZE];
  g_autofree char *message = NULL;
  g_autofree char *advice = NULL;

  if (key->fwmark != 0 || g_hash_table_contains (inspection->local, &key->endpoint.address))
    return;
  lvsd_address_format (&key->endpoint.address, address);
  message = g_strdup_printf (_ ("its address %s is not on this machine"), address);
  advice = absence_advice (inspection->node->table, &key->endpoint.address, address);
  add (inspection, TRUE, "service", service->identity->name, "address-absent", message, advice);
}

static gboolean
inspect_service (gpointer item, gpointer user_data)
{
  Inspection *inspection = user_data;

  inspect_weights (inspection, item);
  inspect_presence (inspection, item);
  return !is_enough (inspection);
}

/* The kernel lets an address stay on an interface that goes down, and nobody reaches it. */
static void
inspect_link (Inspection *inspection, const LvsdItem *item, const char *interface)
{
  g_autofree char *id = lvsd_item_dup_id (item);

  for (guint i = 0; inspection->links != NULL && i < inspection->links->len; i++)
    {
      const LvsdLink *link = &g_array_index (inspection->links, LvsdLink, i);
      g_autofree char *message = NULL;

      if (!g_str_equal (link->name, interface) || (link->up && link->running))
        continue;
      message = g_strdup_printf (link->up ? _ ("its interface '%s' has no carrier")
                                          : _ ("its interface '%s' is down"),
                                 interface);
      add (inspection, TRUE, lvsd_item_class (lvsd_item_get_kind (item))->name, id, "link-down",
           message, _ ("ip link set INTERFACE up; or see to the cable"));
    }
}

static gboolean
inspect_role (gpointer item, gpointer user_data)
{
  if (((const LvsdRole *) item)->method == LVSD_METHOD_DIRECT)
    inspect_link (user_data, item, "lo");
  return TRUE;
}

/* With promote_secondaries the kernel makes a VIP primary when the machine's own address goes. */
static gboolean
inspect_address (gpointer item, gpointer user_data)
{
  Inspection *inspection = user_data;
  const LvsdVirtualAddress *address = item;
  char text[LVSD_ADDRESS_TEXT_SIZE];

  if (address->up)
    inspect_link (inspection, item, address->interface);
  if (address->primary || address->address.family != AF_INET || address->prefix_length == 32)
    return TRUE;
  for (guint i = 0; i < inspection->found->len; i++)
    {
      const LvsdFoundAddress *found = &g_array_index (inspection->found, LvsdFoundAddress, i);

      if (!found->secondary && found->prefix_length == address->prefix_length
          && lvsd_address_compare (&found->address, &address->address) == 0)
        add (inspection, TRUE, "address", lvsd_address_format (&address->address, text), "primary",
             _ ("has become the primary address of its subnet, and so this machine's own source"),
             _ ("give the interface its own address back, then 'address down' and 'address up'"));
    }
  return TRUE;
}

static void
inspect_found (Inspection *inspection)
{
  g_autoptr (GArray) found = lvsd_links_addresses (inspection->node->links, NULL, NULL);
  g_autoptr (GArray) links = lvsd_links_list (inspection->node->links, NULL);

  if (found == NULL)
    return;
  inspection->found = found;
  inspection->links = links;
  for (guint i = 0; i < found->len; i++)
    g_hash_table_add (inspection->local, &g_array_index (found, LvsdFoundAddress, i).address);
  lvsd_table_walk (inspection->node->table, LVSD_KIND_SERVICE, NULL, inspect_service, inspection);
  lvsd_table_walk (inspection->node->table, LVSD_KIND_ADDRESS, NULL, inspect_address, inspection);
  lvsd_table_walk (inspection->node->table, LVSD_KIND_ROLE, NULL, inspect_role, inspection);
  g_hash_table_remove_all (inspection->local);
}

static void
inspect_pending (Inspection *inspection)
{
  gint64 seconds;
  const LvsdGeneration *pending = lvsd_history_pending (inspection->node, &seconds);
  g_autofree char *id = pending != NULL ? lvsd_item_dup_id (pending) : NULL;
  g_autofree char *message = NULL;

  if (pending == NULL)
    return;
  message =
      g_strdup_printf (_ ("is taken back in %" PRId64 " seconds unless it is confirmed"), seconds);
  add (inspection, FALSE, "generation", id, "confirm-pending", message,
       _ ("'lvsctl confirm' keeps it, 'lvsctl rollback' goes back at once"));
}

static gboolean
inspect_hold (gpointer item, gpointer user_data)
{
  const LvsdHold *hold = item;
  Inspection *inspection = user_data;
  gboolean is_of_all = g_str_equal (hold->name, LVSD_HOLD_ALL);
  g_autofree char *message = NULL;
  gint64 seconds;

  if (!lvsd_holding_is_active (inspection->node, hold, &seconds))
    return TRUE;
  message = hold->deadline != 0
                ? g_strdup_printf (_ ("is held for another %" PRId64 " seconds: nothing of it is "
                                      "repaired"),
                                   seconds)
                : g_strdup (_ ("is held: nothing of it is repaired"));
  add (inspection, FALSE, is_of_all ? "node" : "service", is_of_all ? "" : hold->name, "held",
       message, _ ("'lvsctl release' ends it"));
  return TRUE;
}

static void
inspect_contention (gpointer item, guint times, gint64 seconds, gpointer user_data)
{
  gboolean is_record = lvsd_item_get_kind (item) == LVSD_KIND_REPLACED;
  g_autofree char *id = is_record ? lvsd_replaced_format_name (item) : lvsd_item_dup_id (item);
  g_autofree char *message = g_strdup_printf (
      _ ("something keeps undoing it: lvsd has repaired it %u times, and does it again in %" PRId64
         " seconds at the earliest"),
      times, seconds);

  add (user_data, TRUE, is_record ? "setting" : lvsd_item_class (lvsd_item_get_kind (item))->name,
       id, "conflict", message,
       _ ("find what does it (keepalived, ldirectord, kube-proxy, a script) and end it, or have "
          "lvsd leave it with 'lvsctl hold'"));
}

static int
compare_severity (gconstpointer a, gconstpointer b)
{
  const LvsdProblem *first = *(LvsdProblem *const *) a;
  const LvsdProblem *second = *(LvsdProblem *const *) b;

  if (first->severe != second->severe)
    return first->severe ? -1 : 1;
  return g_strcmp0 (first->id, second->id);
}

static GPtrArray *
inspect (LvsdNode *node, gboolean any)
{
  g_autoptr (GHashTable) local = g_hash_table_new ((GHashFunc) lvsd_address_hash, equal_addresses);
  Inspection inspection = {
    .node = node,
    .any = any,
    .problems = g_ptr_array_new_with_free_func ((GDestroyNotify) lvsd_problem_free),
    .local = local,
    .forwarding = { -1, -1 },
  };
  const char *refusal;

  if (node->degraded != NULL)
    add (&inspection, TRUE, "store", "", "degraded", node->degraded,
         _ ("see the journal of lvsd; nothing is repaired until 'lvsctl reconcile'"));
  if (!lvsd_store_is_writable (node->store, &refusal) && node->degraded == NULL)
    add (&inspection, TRUE, "store", "", "read-only", refusal,
         _ ("nothing can be changed until it is mended; then restart lvsd"));
  if (node->kernel_problem != NULL
      && lvsd_table_count (node->table, LVSD_KIND_SERVICE)
                 + lvsd_table_count (node->table, LVSD_KIND_SYNC)
             > 0)
    add (&inspection, TRUE, "kernel", "ipvs", "unavailable", node->kernel_problem,
         _ ("load the module with 'modprobe ip_vs'"));
  if (node->policy_problem != NULL)
    add (&inspection, FALSE, "configuration", node->policy_path, "invalid", node->policy_problem,
         _ ("correct it, then 'systemctl reload lvsd'; until then it is as before, or as preset"));
  inspect_pending (&inspection);
  lvsd_table_walk (node->table, LVSD_KIND_HOLD, NULL, inspect_hold, &inspection);
  lvsd_contention_walk (node->contention, inspect_contention, &inspection);
  inspect_standings (&inspection);
  lvsd_table_walk (node->table, LVSD_KIND_SETTING, NULL, inspect_setting, &inspection);
  inspect_found (&inspection);
  lvsd_reception_inspect (node, inspection.problems);
  g_ptr_array_sort (inspection.problems, compare_severity);
  return inspection.problems;
}

GPtrArray *
lvsd_inspect (LvsdNode *node)
{
  return inspect (node, FALSE);
}

/* Ten thousand services may each have one, and the state is asked for after every change. */
gboolean
lvsd_inspect_is_clean (LvsdNode *node)
{
  g_autoptr (GPtrArray) problems = inspect (node, TRUE);

  return problems->len == 0;
}

char *
lvsd_inspect_destination (G_GNUC_UNUSED LvsdNode *node, const LvsdDestination *destination)
{
  int family = destination->identity->key.endpoint.address.family;
  g_autofree char *message = NULL;

  if (destination->method != LVSD_METHOD_MASQUERADE || read_forwarding (family) != 0)
    return NULL;
  message = forwarding_message (family);
  return g_strdup_printf ("%s; %s", message, forwarding_advice (family));
}
