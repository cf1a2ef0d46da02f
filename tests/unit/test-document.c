/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "samples.h"

#include <string.h>

#include "model/error.h"

static GPtrArray *
parse (const char *text, LvsdDocumentScope scope)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *items = lvsd_document_parse (text, strlen (text), scope, &error);

  g_assert_no_error (error);
  return items;
}

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func (lvsd_item_unref);
}

static void
assert_equal_items (gconstpointer a, gconstpointer b)
{
  g_autofree char *first = lvsd_item_dup_id (a);
  g_autofree char *second = lvsd_item_dup_id (b);

  g_assert_true (lvsd_item_identity_equal (a, b));
  g_assert_cmpstr (first, ==, second);
  g_assert_true (lvsd_item_fields_equal (a, b));
  if (lvsd_item_get_kind (a) == LVSD_KIND_DESTINATION)
    g_assert_true (lvsd_override_equal (((const LvsdDestination *) a)->runtime,
                                        ((const LvsdDestination *) b)->runtime));
}

static void
assert_comes_back (const GPtrArray *items, LvsdDocumentScope scope)
{
  g_autofree char *text = lvsd_document_format (items, scope);
  g_autoptr (GPtrArray) parsed = parse (text, scope);
  g_autofree char *again = lvsd_document_format (parsed, scope);

  g_assert_cmpstr (text, ==, again);
  g_assert_cmpuint (parsed->len, ==, items->len);
  for (guint i = 0; i < items->len; i++)
    assert_equal_items (g_ptr_array_index (items, i), g_ptr_array_index (parsed, i));
}

static LvsdOverride *
sample_override (void)
{
  LvsdOverride *override = g_new0 (LvsdOverride, 1);

  override->weight = 2147483647;
  override->since = -5;
  override->owner = g_strdup (":1.42 = \"root\"");
  override->reason = g_strdup ("100% [ü] \\ \n#x");
  override->boot_id = g_strdup ("");
  return override;
}

/* The identity of a sample, for which validation takes the most values. */
static LvsdItem *
sample_of (LvsdKind kind)
{
  g_autoptr (LvsdService) service = sample_service ("web", "udp/192.0.2.1:53");
  LvsdDestination *destination;
  LvsdRole *role;

  switch (kind)
    {
    case LVSD_KIND_SERVICE:
      service->persistence = 300;
      return lvsd_item_ref (service);
    case LVSD_KIND_DESTINATION:
      destination = sample_destination (service, "198.51.100.1:53");
      destination->method = LVSD_METHOD_TUNNEL;
      destination->tunnel = LVSD_TUNNEL_GUE;
      destination->tunnel_port = 5555;
      return (LvsdItem *) destination;
    case LVSD_KIND_ADDRESS:
      return (LvsdItem *) sample_virtual_address ("192.0.2.1", "eth0");
    case LVSD_KIND_ROLE:
      role = sample_role ("192.0.2.1");
      role->method = LVSD_METHOD_TUNNEL;
      role->tunnel = LVSD_TUNNEL_GUE;
      role->tunnel_port = 5555;
      return (LvsdItem *) role;
    case LVSD_KIND_SETTING:
      return (LvsdItem *) sample_setting ("net.ipv4.vs.sync_threshold", "3 50");
    case LVSD_KIND_SYNC:
      return (LvsdItem *) sample_sync_daemon (LVSD_SYNC_MASTER, "eth0");
    case LVSD_KIND_REPLACED:
      return (LvsdItem *) lvsd_replaced_new ("net/ipv4/conf/we]ird%:[/arp_ignore", "-1", "2");
    case LVSD_KIND_GENERATION:
      return (LvsdItem *) sample_generation (7);
    case LVSD_KIND_HOLD:
      return (LvsdItem *) sample_hold ("web");
    }
  g_assert_not_reached ();
}

static LvsdItem *
copy_with (const LvsdItem *sample, const LvsdField *field, GVariant *value)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (value);
  g_autoptr (LvsdItem) copy = lvsd_item_copy (sample);

  if (!lvsd_field_set (field, copy, owned, NULL) || !lvsd_item_validate (copy, NULL))
    return NULL;
  return g_steal_pointer (&copy);
}

static void
take_unless_null (GPtrArray *items, LvsdItem *item)
{
  if (item != NULL)
    g_ptr_array_add (items, item);
}

/* Copies of the sample with the field at its ends, as far as they are valid. */
static void
add_extremes (GPtrArray *items, const LvsdItem *sample, const LvsdField *field)
{
  switch (field->type)
    {
    case LVSD_FIELD_UINT8:
    case LVSD_FIELD_UINT16:
    case LVSD_FIELD_UINT32:
      for (guint i = 0; i < 3; i++)
        take_unless_null (items, copy_with (sample, field,
                                            g_variant_new_uint32 (
                                                (guint32) (i == 0   ? field->minimum
                                                           : i == 1 ? field->maximum
                                                                    : MIN (field->maximum, 17)))));
      return;
    case LVSD_FIELD_INT32:
      take_unless_null (items, copy_with (sample, field, g_variant_new_int32 (G_MININT32)));
      take_unless_null (items, copy_with (sample, field, g_variant_new_int32 (G_MAXINT32)));
      return;
    case LVSD_FIELD_BOOLEAN:
      take_unless_null (items, copy_with (sample, field, g_variant_new_boolean (FALSE)));
      take_unless_null (items, copy_with (sample, field, g_variant_new_boolean (TRUE)));
      return;
    case LVSD_FIELD_TERM:
      for (const LvsdTerm *term = field->terms; term->word != NULL; term++)
        take_unless_null (items, copy_with (sample, field, g_variant_new_string (term->word)));
      return;
    case LVSD_FIELD_FLAGS:
      for (const LvsdTerm *term = field->terms; term->word != NULL; term++)
        {
          const char *words[] = { term->word, NULL };

          take_unless_null (items, copy_with (sample, field, g_variant_new_strv (words, -1)));
        }
      return;
    case LVSD_FIELD_WORD:
      take_unless_null (items, copy_with (sample, field, g_variant_new_string ("eth0:#;%41")));
      take_unless_null (items, copy_with (sample, field, g_variant_new_string ("e")));
      take_unless_null (items, copy_with (sample, field, g_variant_new_string ("4 60")));
      return;
    case LVSD_FIELD_ADDRESS:
      take_unless_null (items, copy_with (sample, field, g_variant_new_string ("239.255.255.255")));
      take_unless_null (items, copy_with (sample, field, g_variant_new_string ("ff02::81")));
      return;
    }
  g_assert_not_reached ();
}

/* A document may not hold one thing twice, so each variant goes by itself. */
static void
assert_variant_comes_back (LvsdItem *item, LvsdDocumentScope scope)
{
  g_autoptr (GPtrArray) items = new_list ();

  if (lvsd_kind_is_internal (lvsd_item_get_kind (item)) && scope == LVSD_DOCUMENT_EXPORT)
    return;
  if (lvsd_item_get_kind (item) == LVSD_KIND_DESTINATION)
    g_ptr_array_add (items, sample_of (LVSD_KIND_SERVICE));
  g_ptr_array_add (items, lvsd_item_ref (item));
  assert_comes_back (items, scope);
}

static void
test_every_field_of_every_kind_comes_back (void)
{
  for (guint kind = 0; kind < LVSD_N_KINDS; kind++)
    {
      const LvsdItemClass *class = lvsd_item_class ((LvsdKind) kind);
      g_autoptr (LvsdItem) sample = sample_of ((LvsdKind) kind);

      for (gsize i = 0; i < class->n_fields; i++)
        {
          const LvsdField *field = &class->fields[i];
          g_autoptr (GPtrArray) variants = new_list ();
          gboolean internal = (field->flags & LVSD_FIELD_INTERNAL) != 0;

          add_extremes (variants, sample, field);
          g_assert_cmpuint (variants->len, >, 0);
          for (guint v = 0; v < variants->len; v++)
            {
              assert_variant_comes_back (g_ptr_array_index (variants, v), LVSD_DOCUMENT_CHECKPOINT);
              if (!internal)
                assert_variant_comes_back (g_ptr_array_index (variants, v), LVSD_DOCUMENT_EXPORT);
            }
        }
    }
}

static GPtrArray *
whole_document (void)
{
  GPtrArray *items = new_list ();
  LvsdService *web = sample_service ("web", "tcp/[2001:db8::1]:80");
  LvsdService *marked = sample_service ("tcp.only", "fwmark6/5");
  LvsdDestination *destination = sample_destination (web, "[2001:db8::2]:80");
  LvsdDestination *second = sample_destination (web, "[::ffff:192.0.2.9]:80");

  destination->weight = 0;
  destination->runtime = sample_override ();
  second->upper_threshold = 9;
  second->method = LVSD_METHOD_MASQUERADE;
  g_ptr_array_add (items, web);
  g_ptr_array_add (items, destination);
  g_ptr_array_add (items, second);
  g_ptr_array_add (items, marked);
  g_ptr_array_add (items, sample_destination (marked, "[2001:db8::2]:0"));
  g_ptr_array_add (items, sample_virtual_address ("2001:db8::1", "eth0"));
  g_ptr_array_add (items, sample_virtual_address ("192.0.2.1", "eth0.5"));
  g_ptr_array_add (items, sample_role ("2001:db8::9"));
  g_ptr_array_add (items, sample_setting ("net.ipv4.conf.all.send_redirects", "0"));
  g_ptr_array_add (items, sample_setting ("net/ipv4/conf/eth0.5/send_redirects", "0"));
  g_ptr_array_add (items, sample_setting ("timeout.tcp-fin", "60"));
  g_ptr_array_add (items, lvsd_replaced_new ("net/ipv4/conf/eth0.5/arp_ignore", "0", "1"));
  return items;
}

static void
test_a_whole_document_comes_back (void)
{
  g_autoptr (GPtrArray) items = whole_document ();

  assert_comes_back (items, LVSD_DOCUMENT_CHECKPOINT);
}

static void
test_an_export_has_neither_overrides_nor_replaced_settings (void)
{
  g_autoptr (GPtrArray) items = whole_document ();
  g_autofree char *text = lvsd_document_format (items, LVSD_DOCUMENT_EXPORT);
  g_autoptr (GPtrArray) parsed = parse (text, LVSD_DOCUMENT_EXPORT);

  g_assert_null (strstr (text, "runtime"));
  g_assert_null (strstr (text, "replaced"));
  g_assert_cmpuint (parsed->len, ==, items->len - 1);
  g_assert_cmpuint (((LvsdDestination *) g_ptr_array_index (parsed, 1))->weight, ==, 0);
}

static void
test_settings_are_lines_of_one_group (void)
{
  g_autoptr (GPtrArray) items = new_list ();
  g_autofree char *text = NULL;

  g_ptr_array_add (items, sample_role ("192.0.2.1"));
  g_ptr_array_add (items, sample_setting ("net.ipv4.vs.sync_threshold", "3\t50"));
  g_ptr_array_add (items, sample_setting ("net/ipv4/conf/eth0.5/send_redirects", "0"));
  g_ptr_array_add (items, sample_setting ("timeout.udp", "60"));
  text = lvsd_document_format (items, LVSD_DOCUMENT_EXPORT);
  g_assert_cmpstr (text, ==,
                   "[lvsd]\nformat=1\n\n[role 192.0.2.1]\n\n[settings]\n"
                   "net.ipv4.vs.sync_threshold=3 50\n"
                   "net/ipv4/conf/eth0.5/send_redirects=0\n"
                   "timeout.udp=60\n");
}

static void
test_text_is_as_people_know_it (void)
{
  g_autoptr (GPtrArray) items = new_list ();
  LvsdService *service = sample_service ("web", "tcp/192.0.2.1:80");
  LvsdDestination *destination = sample_destination (service, "198.51.100.2:80");
  g_autofree char *text = NULL;

  destination->lower_threshold = 1;
  destination->upper_threshold = 2;
  g_ptr_array_add (items, service);
  g_ptr_array_add (items, sample_destination (service, "198.51.100.1:80"));
  g_ptr_array_add (items, destination);
  g_ptr_array_add (items, sample_virtual_address ("192.0.2.1", "eth0"));
  text = lvsd_document_format (items, LVSD_DOCUMENT_EXPORT);
  g_assert_cmpstr (text, ==,
                   "[lvsd]\n"
                   "format=1\n"
                   "\n"
                   "[service web]\n"
                   "key=tcp/192.0.2.1:80\n"
                   "scheduler=rr\n"
                   "destination 198.51.100.1 80=method=direct weight=1\n"
                   "destination 198.51.100.2 80=method=direct weight=1 upper-threshold=2 "
                   "lower-threshold=1\n"
                   "\n"
                   "[address 192.0.2.1]\n"
                   "interface=eth0\n"
                   "prefix-length=32\n");
}

/* People may use other tools on it. */
static void
test_text_is_a_keyfile (void)
{
  g_autoptr (GPtrArray) items = whole_document ();
  g_autofree char *text = lvsd_document_format (items, LVSD_DOCUMENT_CHECKPOINT);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *value = NULL;
  g_autofree char *setting = NULL;
  g_auto (GStrv) groups = NULL;
  g_autoptr (GError) error = NULL;

  g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  groups = g_key_file_get_groups (file, NULL);
  g_assert_cmpuint (g_strv_length (groups), ==, 8);
  value = g_key_file_get_value (file, "service web", "destination 2001:db8::2 80", NULL);
  g_assert_cmpstr (value, ==, "method=direct weight=0");
  setting = g_key_file_get_value (file, "settings", "net/ipv4/conf/eth0.5/send_redirects", NULL);
  g_assert_cmpstr (setting, ==, "0");
}

static void
test_people_may_write_it_freely (void)
{
  g_autoptr (GPtrArray) items = parse ("# ours\r\n"
                                       "\r\n"
                                       " [lvsd]\r\n"
                                       "format = 1\r\n"
                                       "[ service web]\r\n"
                                       "destination 198.51.100.1=weight=0\tmethod=DR\r\n"
                                       "destination 198.51.100.2 80 =\r\n"
                                       "# between\r\n"
                                       "one-packet=off\r\n"
                                       "scheduler =  wlc \r\n"
                                       "key=tcp/192.0.2.1:80\r\n"
                                       "[role 192.0.2.5]\r\n"
                                       "[address 192.0.2.1]\r\n"
                                       "interface=eth0",
                                       LVSD_DOCUMENT_EXPORT);
  const LvsdDestination *first = g_ptr_array_index (items, 1);
  const LvsdDestination *second = g_ptr_array_index (items, 2);
  const LvsdVirtualAddress *address = g_ptr_array_index (items, 4);

  g_assert_cmpuint (items->len, ==, 5);
  g_assert_cmpuint (first->endpoint.port, ==, 80);
  g_assert_cmpuint (first->weight, ==, 0);
  g_assert_cmpuint (second->weight, ==, 1);
  g_assert_cmpuint (address->prefix_length, ==, 32);
}

/* What is wrong with a text, and what the message must hold. */
typedef struct
{
  const char *text;
  const char *words[3];
} Mistake;

#define HEAD "[lvsd]\nformat=1\n"
#define WEB HEAD "[service web]\nkey=tcp/192.0.2.1:80\nscheduler=rr\n"

static const Mistake mistakes[] = {
  { "", { "line 1", "[lvsd]" } },
  { "format=1\n", { "line 1" } },
  { "[lvsd]\n", { "line 1", "format" } },
  { "[service web]\nkey=tcp/192.0.2.1:80\n", { "line 1", "[lvsd]" } },
  { "[lvsd]\nformat=x\n", { "line 2", "format" } },
  { "[lvsd]\nformat=0\n", { "line 2", "format" } },
  { "[lvsd]\nformat=1\nformat=1\n", { "line 3", "format", "twice" } },
  { "[lvsd]\nformat=1\nother=1\n", { "line 3", "other" } },
  { "[lvsd]\nformat=1\nsequence=1\n", { "line 3", "sequence" } },
  { HEAD "[lvsd]\nformat=1\n", { "line 3", "[lvsd]" } },
  { HEAD "[servce web]\n", { "line 3", "[servce web]" } },
  { HEAD "[service]\n", { "line 3", "[service]" } },
  { HEAD "[]\n", { "line 3" } },
  { HEAD "[service web\n", { "line 3", "]" } },
  { HEAD "[destination 192.0.2.1]\n", { "line 3", "[destination 192.0.2.1]" } },
  { HEAD "[replaced net/a]\nwritten=1\n", { "line 3", "[replaced net/a]" } },
  { HEAD "[setting net.ipv4.ip_forward]\nvalue=1\n", { "line 3", "[setting " } },
  { HEAD "[settings]\nnet.ipv4.ip_forward=1\nnet/ipv4/ip_forward=0\n",
    { "line 5", "net/ipv4/ip_forward", "further up" } },
  { HEAD "[settings]\nnet.ipv4.vs.drop_entry=4\n", { "line 4", "[settings]", "drop_entry" } },
  { HEAD "[settings]\nkernel.panic=4\n", { "line 4", "[settings]", "kernel.panic" } },
  { HEAD "nonsense\n", { "line 3" } },
  { HEAD "=1\n", { "line 3" } },
  { HEAD "[service web]\nscheduler=rr\n", { "line 3", "[service web]", "key" } },
  { HEAD "[service web]\nkey=http\nscheduler=rr\n", { "line 4", "[service web]", "http" } },
  { HEAD "[service web]\nkey=tcp/192.0.2.1:80\n", { "line 3", "scheduler" } },
  { HEAD "[service -web]\nkey=tcp/192.0.2.1:80\n", { "-web", "name" } },
  { WEB "key=tcp/192.0.2.1:80\n", { "line 6", "key", "twice" } },
  { WEB "scheduler=wlc\n", { "line 6", "scheduler", "twice" } },
  { WEB "sheduler=wlc\n", { "line 6", "sheduler" } },
  { WEB "persistence=x\n", { "line 6", "[service web]", "persistence" } },
  { WEB "persistence=2678401\n", { "line 6", "persistence", "2678400" } },
  { WEB "persistence-prefix=24\n", { "line 3", "persistence-prefix" } },
  { WEB "[service web]\nkey=tcp/192.0.2.2:80\nscheduler=rr\n", { "line 6", "[service web]" } },
  { WEB "[service b]\nkey=tcp/192.0.2.1:80\nscheduler=rr\n",
    { "line 6", "[service b]", "already" } },
  { WEB "destination \n", { "line 6" } },
  { WEB "destination=weight=1\n", { "line 6", "destination" } },
  { WEB "destination x 80=weight=1\n", { "line 6", "destination x 80", "'x'" } },
  { WEB "destination 192.0.2.2 x=weight=1\n", { "line 6", "destination 192.0.2.2 x", "port" } },
  { WEB "destination 192.0.2.2 80 1=weight=1\n", { "line 6", "80 1" } },
  { WEB "destination 192.0.2.2 81=weight=1\n", { "line 6", "destination 192.0.2.2 81", "port" } },
  { WEB "destination 192.0.2.2 80=weight\n", { "line 6", "'weight'" } },
  { WEB "destination 192.0.2.2 80=weight=-1\n",
    { "line 6", "destination 192.0.2.2 80", "weight" } },
  { WEB "destination 192.0.2.2 80=weight=1 weight=1\n", { "line 6", "weight", "twice" } },
  { WEB "destination 192.0.2.2 80=wait=1\n", { "line 6", "'wait'" } },
  { WEB "destination 192.0.2.2 80=method=fast\n", { "line 6", "method", "fast" } },
  { WEB "destination 192.0.2.2 80=\n\ndestination 192.0.2.2=\n", { "line 8", "already" } },
  { WEB "destination 2001:db8::1 80=\n", { "line 6", "2001:db8::1", "family" } },
  { WEB "runtime 192.0.2.2 80=weight=1\n", { "line 6", "runtime 192.0.2.2 80" } },
  { HEAD "[address 192.0.2.1]\n", { "line 3", "[address 192.0.2.1]", "interface" } },
  { HEAD "[address x]\ninterface=eth0\n", { "line 3", "[address x]", "'x'" } },
  { HEAD "[address 192.0.2.1]\ninterface=eth0\nup=maybe\n", { "line 5", "up", "maybe" } },
  { HEAD "[address 192.0.2.1]\ninterface=eth0\nkey=tcp/192.0.2.1:80\n", { "line 5", "'key'" } },
  { HEAD "[role 2001:db8::1]\n[role 2001:db8:0::1]\n", { "line 4", "already" } },
  { HEAD "[role 192.0.2.1]\nmethod=local\n", { "[role 192.0.2.1]", "method" } },
  { HEAD "# f\xfcr\n", { "line 3", "UTF-8" } },
};

static void
test_each_mistake_is_named_with_its_line (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      const Mistake *mistake = &mistakes[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) items =
          lvsd_document_parse (mistake->text, strlen (mistake->text), LVSD_DOCUMENT_EXPORT, &error);

      g_test_message ("%s", error != NULL ? error->message : mistake->text);
      g_assert_null (items);
      g_assert_nonnull (error);
      g_assert_true (error->domain == LVSD_ERROR);
      g_assert_null (strchr (error->message, '\n'));
      for (gsize w = 0; w < G_N_ELEMENTS (mistake->words) && mistake->words[w] != NULL; w++)
        g_assert_nonnull (strstr (error->message, mistake->words[w]));
    }
}

static void
test_mistakes_in_overrides_are_refused (void)
{
  static const char *const values[] = {
    "",
    "weight=1 since=1 owner=a boot-id=b",
    "weight=1 since=1 owner=a boot-id=b reason=c reason=d",
    "weight=1 since=1 owner=a boot-id=b reason=%zz",
    "weight=1 since=1 owner=a boot-id=b reason=%ff",
    "weight=1 since=1 owner=a boot-id=b reason=%00",
    "weight=2147483648 since=1 owner=a boot-id=b reason=",
    "weight=1 since=x owner=a boot-id=b reason=",
    "weight=1 since=1 owner=a boot-id=b reason= more=1",
    "weight=1 weight=1 owner=a boot-id=b reason=",
    "weight=1 since=1 owner=a boot-id=b reason",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *text =
          g_strdup_printf (WEB "destination 192.0.2.2 80=\nruntime 192.0.2.2 80=%s\n", values[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (lvsd_document_parse (text, strlen (text), LVSD_DOCUMENT_CHECKPOINT, &error));
      g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, "line 7"));
      g_assert_nonnull (strstr (error->message, "runtime 192.0.2.2 80"));
    }
}

static void
test_a_newer_format_is_refused (void)
{
  static const char text[] = "[lvsd]\nformat=2\n[what is=this\n";
  g_autoptr (GError) error = NULL;

  g_assert_null (lvsd_document_parse (text, strlen (text), LVSD_DOCUMENT_EXPORT, &error));
  g_assert_nonnull (strstr (error->message, "newer"));
}

/* Any text at all gives items or an error. */
static void
test_broken_text_does_no_harm (void)
{
  g_autoptr (GPtrArray) items = whole_document ();
  g_autofree char *text = lvsd_document_format (items, LVSD_DOCUMENT_CHECKPOINT);
  gsize length = strlen (text);
  g_autofree char *copy = g_malloc (length);

  for (guint i = 0; i < 20000; i++)
    {
      gsize n = (gsize) g_test_rand_int_range (0, (gint32) length + 1);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) parsed = NULL;

      memcpy (copy, text, length);
      for (int flips = g_test_rand_int_range (0, 4); flips > 0; flips--)
        copy[g_test_rand_int_range (0, (gint32) length)] = "\0[]= #\n%:/\xff"
                                                           "1a"[g_test_rand_int_range (0, 13)];
      parsed = lvsd_document_parse (
          copy, n, i % 2 ? LVSD_DOCUMENT_EXPORT : LVSD_DOCUMENT_CHECKPOINT, &error);
      g_assert_true ((parsed == NULL) == (error != NULL));
    }
}

static GPtrArray *
large_document (guint n_services)
{
  GPtrArray *items = new_list ();

  for (guint s = 0; s < n_services; s++)
    {
      g_autofree char *name = g_strdup_printf ("service-number-%u", s);
      g_autofree char *key = g_strdup_printf ("tcp/10.%u.%u.%u:80", s >> 16, s >> 8 & 255, s & 255);
      LvsdService *service = sample_service (name, key);

      g_ptr_array_add (items, service);
      for (guint d = 1; d <= 10; d++)
        {
          g_autofree char *endpoint = g_strdup_printf ("172.16.%u.%u:80", s & 255, d);

          g_ptr_array_add (items, sample_destination (service, endpoint));
        }
    }
  return items;
}

static void
report (const char *what)
{
  double milliseconds = g_test_timer_elapsed () * 1000;

  g_test_minimized_result (milliseconds, "%s: %.1f ms", what, milliseconds);
}

static void
test_speed (void)
{
  g_autoptr (GPtrArray) items = large_document (g_test_perf () ? 10000 : 100);
  g_autoptr (GPtrArray) parsed = NULL;
  g_autofree char *text = NULL;

  g_test_timer_start ();
  text = lvsd_document_format (items, LVSD_DOCUMENT_CHECKPOINT);
  report ("format");
  g_test_timer_start ();
  parsed = parse (text, LVSD_DOCUMENT_CHECKPOINT);
  report ("parse");
  g_assert_cmpuint (parsed->len, ==, items->len);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/every-field-of-every-kind-comes-back",
                   test_every_field_of_every_kind_comes_back);
  g_test_add_func ("/document/a-whole-document-comes-back", test_a_whole_document_comes_back);
  g_test_add_func ("/document/settings-are-lines-of-one-group",
                   test_settings_are_lines_of_one_group);
  g_test_add_func ("/document/an-export-has-neither-overrides-nor-replaced-settings",
                   test_an_export_has_neither_overrides_nor_replaced_settings);
  g_test_add_func ("/document/text-is-as-people-know-it", test_text_is_as_people_know_it);
  g_test_add_func ("/document/text-is-a-keyfile", test_text_is_a_keyfile);
  g_test_add_func ("/document/people-may-write-it-freely", test_people_may_write_it_freely);
  g_test_add_func ("/document/each-mistake-is-named-with-its-line",
                   test_each_mistake_is_named_with_its_line);
  g_test_add_func ("/document/mistakes-in-overrides-are-refused",
                   test_mistakes_in_overrides_are_refused);
  g_test_add_func ("/document/a-newer-format-is-refused", test_a_newer_format_is_refused);
  g_test_add_func ("/document/broken-text-does-no-harm", test_broken_text_does_no_harm);
  g_test_add_func ("/document/speed", test_speed);
  return g_test_run ();
}
