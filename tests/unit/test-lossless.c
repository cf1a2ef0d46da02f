/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "bus/configuration.h"
#include "client/json-document.h"
#include "client/sections.h"
#include "samples.h"

/* Whatever a field can be, each way out and in again carries it. A field or a kind that is new in
 * the model and missing in one of them fails here. */

typedef GPtrArray *(*Way) (GPtrArray *items);

static GPtrArray *
through_native (GPtrArray *items)
{
  g_autofree char *text = lvsd_document_format (items, LVSD_DOCUMENT_EXPORT);
  g_autoptr (GError) error = NULL;
  GPtrArray *parsed = lvsd_document_parse (text, strlen (text), LVSD_DOCUMENT_EXPORT, &error);

  g_assert_no_error (error);
  return parsed;
}

static GPtrArray *
through_json (GPtrArray *items)
{
  g_autofree char *text = lvsctl_json_document_write (items, 1, NULL);
  g_autoptr (LvsctlReading) reading = lvsctl_reading_new ();
  g_autoptr (GError) error = NULL;

  lvsctl_json_document_read (reading, "json", text, strlen (text), &error);
  g_assert_no_error (error);
  return g_ptr_array_ref (reading->items);
}

static GPtrArray *
through_apply (GPtrArray *items)
{
  g_autoptr (GVariant) sections = g_variant_ref_sink (lvsctl_sections_from_items (items));
  g_autoptr (GError) error = NULL;
  GPtrArray *parsed = lvsctl_sections_to_items (sections, &error);

  g_assert_no_error (error);
  return parsed;
}

/* What GetConfiguration answers, as the client reads it. */
static GPtrArray *
through_configuration (GPtrArray *items, gboolean compressed)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  g_autoptr (GPtrArray) snapshot = NULL;
  g_autoptr (GVariant) sections = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *parsed;

  for (guint i = 0; i < items->len; i++)
    lvsd_table_replace (table, NULL, items->pdata[i]);
  snapshot = lvsd_table_snapshot (table);
  sections = g_variant_ref_sink (lvsd_configuration_sections (snapshot, compressed));
  parsed = lvsctl_sections_to_items (sections, &error);
  g_assert_no_error (error);
  return parsed;
}

static GPtrArray *
through_snapshot (GPtrArray *items)
{
  return through_configuration (items, FALSE);
}

static GPtrArray *
through_compressed (GPtrArray *items)
{
  return through_configuration (items, TRUE);
}

static const struct
{
  const char *name;
  Way way;
} ways[] = {
  { "the native text", through_native },
  { "JSON", through_json },
  { "the rows of Apply", through_apply },
  { "the bus snapshot", through_snapshot },
  { "the compressed bus snapshot", through_compressed },
};

static gconstpointer
find_same (GPtrArray *items, gconstpointer like)
{
  for (guint i = 0; i < items->len; i++)
    if (lvsd_item_identity_equal (items->pdata[i], like))
      return items->pdata[i];
  return NULL;
}

static void
assert_same (GPtrArray *items, GPtrArray *parsed, const char *way, const char *field)
{
  if (parsed->len != items->len)
    g_error ("%s: %u items became %u in %s", field, items->len, parsed->len, way);
  for (guint i = 0; i < items->len; i++)
    {
      gconstpointer same = find_same (parsed, items->pdata[i]);
      g_autofree char *id = lvsd_item_dup_id (items->pdata[i]);
      g_autofree char *same_id = same != NULL ? lvsd_item_dup_id (same) : NULL;

      if (g_strcmp0 (id, same_id) != 0 || !lvsd_item_fields_equal (items->pdata[i], same))
        g_error ("%s of %s is lost in %s", field, id, way);
    }
}

static void
assert_carried (GPtrArray *items, const char *field)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autoptr (GPtrArray) parsed = ways[i].way (items);

      assert_same (items, parsed, ways[i].name, field);
    }
}

/* An item for which validation takes the most values of its fields. For a
 * destination, its service goes before it. */
static LvsdItem *
sample_of (LvsdKind kind, LvsdTunnel tunnel, GPtrArray *before)
{
  g_autoptr (LvsdService) service = sample_service ("web", "udp/192.0.2.1:5060");
  LvsdDestination *destination;
  LvsdRole *role;

  service->persistence = 300;
  g_strlcpy (service->scheduler, "mh", sizeof service->scheduler);
  switch (kind)
    {
    case LVSD_KIND_SERVICE:
      return (LvsdItem *) g_steal_pointer (&service);
    case LVSD_KIND_DESTINATION:
      g_ptr_array_add (before, lvsd_item_ref (service));
      destination = sample_destination (service, "198.51.100.1:5060");
      if (tunnel != LVSD_TUNNEL_IPIP)
        destination->method = LVSD_METHOD_TUNNEL;
      destination->tunnel = (guint8) tunnel;
      if (tunnel == LVSD_TUNNEL_GUE)
        destination->tunnel_port = 6080;
      destination->upper_threshold = 1000;
      return (LvsdItem *) destination;
    case LVSD_KIND_ADDRESS:
      return (LvsdItem *) sample_virtual_address ("192.0.2.1", "eth0");
    case LVSD_KIND_ROLE:
      role = sample_role ("192.0.2.1");
      if (tunnel != LVSD_TUNNEL_IPIP)
        role->method = LVSD_METHOD_TUNNEL;
      role->tunnel = (guint8) tunnel;
      if (tunnel == LVSD_TUNNEL_GUE)
        role->tunnel_port = 6080;
      return (LvsdItem *) role;
    case LVSD_KIND_SETTING:
      return (LvsdItem *) sample_setting ("net.ipv4.vs.sync_retries", "0");
    case LVSD_KIND_SYNC:
      return (LvsdItem *) sample_sync_daemon (LVSD_SYNC_MASTER, "eth1");
    case LVSD_KIND_REPLACED: /* the daemon's own */
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      break;
    }
  g_assert_not_reached ();
}

/* What might be a value of the field that is not the sample's; FALSE behind the last. */
static gboolean
try_value (const LvsdField *field, guint index, LvsdItem *item)
{
  static const char *const words[] = { "1",   "7",    "1400",   "65535", "yes",      "no",
                                       "sip", "eth0", "eth0:7", "rr",    "239.1.2.3" };

  if (field->terms != NULL)
    {
      if (field->terms[index].word == NULL)
        return FALSE;
      lvsd_field_parse (field, item, field->terms[index].word, NULL);
      return TRUE;
    }
  if (index == G_N_ELEMENTS (words))
    return FALSE;
  lvsd_field_parse (field, item, words[index], NULL);
  return TRUE;
}

static guint
try_values (LvsdKind kind, const LvsdField *field, LvsdTunnel tunnel)
{
  guint n_tried = 0;

  for (guint i = 0;; i++)
    {
      g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (lvsd_item_unref);
      LvsdItem *item = sample_of (kind, tunnel, items);
      g_autoptr (LvsdItem) plain = lvsd_item_copy (item);

      g_ptr_array_add (items, item);
      if (!try_value (field, i, item))
        return n_tried;
      if (lvsd_field_equal (field, plain, item) || !lvsd_item_validate (item, NULL))
        continue;
      assert_carried (items, field->name);
      n_tried++;
    }
}

static void
check_field (LvsdKind kind, const LvsdField *field)
{
  guint n_tried = 0;

  for (guint tunnel = LVSD_TUNNEL_IPIP; tunnel <= LVSD_TUNNEL_GRE; tunnel++)
    n_tried += try_values (kind, field, (LvsdTunnel) tunnel);
  if (n_tried == 0)
    g_error ("no value of %s was tried; add one that a %s can have", field->name,
             lvsd_item_class (kind)->name);
}

static void
test_every_field_goes_every_way (void)
{
  for (guint kind = 0; kind < LVSD_N_KINDS; kind++)
    {
      const LvsdItemClass *class = lvsd_item_class ((LvsdKind) kind);

      if (lvsd_kind_is_internal ((LvsdKind) kind))
        continue;
      for (gsize i = 0; i < class->n_fields; i++)
        if ((class->fields[i].flags & LVSD_FIELD_INTERNAL) == 0)
          check_field ((LvsdKind) kind, &class->fields[i]);
    }
}

static void
test_a_whole_configuration_goes_every_way (void)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (lvsd_item_unref);
  LvsdService *marked = sample_service ("fwmark6-5", "fwmark6/5");
  LvsdService *web = sample_service ("web", "tcp/[2001:db8::1]:80");

  g_ptr_array_add (items, marked);
  g_ptr_array_add (items, sample_destination (marked, "[2001:db8::2]:0"));
  g_ptr_array_add (items, web);
  g_ptr_array_add (items, sample_destination (web, "[2001:db8::2]:80"));
  g_ptr_array_add (items, sample_destination (web, "[2001:db8::3]:80"));
  g_ptr_array_add (items, sample_virtual_address ("192.0.2.1", "eth0.5"));
  g_ptr_array_add (items, sample_virtual_address ("2001:db8::1", "eth0"));
  g_ptr_array_add (items, sample_role ("2001:db8::9"));
  assert_carried (items, "all");
}

static void
test_compressed_sections_are_bytes (void)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_autoptr (GVariant) sections = g_variant_ref_sink (lvsd_configuration_sections (items, TRUE));

  for (gsize i = 0; i < g_variant_n_children (sections); i++)
    {
      g_autoptr (GVariant) rows = NULL;

      g_variant_get_child (sections, i, "{&sv}", NULL, &rows);
      g_assert_true (g_variant_is_of_type (rows, G_VARIANT_TYPE_BYTESTRING));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lossless/every-field-goes-every-way", test_every_field_goes_every_way);
  g_test_add_func ("/lossless/a-whole-configuration-goes-every-way",
                   test_a_whole_configuration_goes_every_way);
  g_test_add_func ("/lossless/compressed-sections-are-bytes", test_compressed_sections_are_bytes);
  return g_test_run ();
}
