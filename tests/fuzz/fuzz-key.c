/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/object-path.h"
#include "client/operand.h"
#include "fuzz.h"
#include "model/receiver.h"
#include "model/setting.h"

/* Addresses, keys and names: whatever is taken is the same when it is written and read again. */

static void
read_address (const char *text)
{
  char written[LVSD_ADDRESS_TEXT_SIZE];
  LvsdAddress address = { .family = AF_UNSPEC };
  LvsdAddress again;
  guint length;

  if (lvsd_address_parse (text, &address, NULL))
    {
      g_assert_true (lvsd_address_parse (lvsd_address_format (&address, written), &again, NULL));
      g_assert_cmpint (lvsd_address_compare (&address, &again), ==, 0);
    }
  if (lvsd_prefix_parse (text, &address, &length, NULL))
    g_assert_cmpuint (length, <=, lvsd_address_bits (&address));
  if (lvsd_netmask_parse (text, &length, NULL))
    g_assert_cmpuint (length, <=, 128);
}

static void
read_endpoint (const char *text)
{
  char written[LVSD_ENDPOINT_TEXT_SIZE];
  LvsdEndpoint endpoint;
  LvsdEndpoint again;
  gboolean has_port;

  if (!lvsd_endpoint_parse (text, &endpoint, &has_port, NULL))
    return;
  g_assert_true (
      lvsd_endpoint_parse (lvsd_endpoint_format (&endpoint, written), &again, NULL, NULL));
  g_assert_cmpint (lvsd_endpoint_compare (&endpoint, &again), ==, 0);
}

/* The name that is made of a key is one that this key may have. */
static void
read_key (const char *text, LvsdServiceKey *key)
{
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;
  char written[LVSD_SERVICE_KEY_TEXT_SIZE];
  LvsdServiceKey again;

  if (!lvsd_service_key_parse (text, key, NULL))
    return;
  g_assert_true (lvsd_service_key_parse (lvsd_service_key_format (key, written), &again, NULL));
  g_assert_true (lvsd_service_key_equal (key, &again));
  g_assert_cmpuint (lvsd_service_key_hash (key), ==, lvsd_service_key_hash (&again));
  name = lvsd_service_key_derive_name (key);
  lvsd_service_name_check (name, key, &error);
  g_assert_no_error (error);
}

/* No name gets out of its line in the store, its group, or its object's path. */
static void
read_name (const char *text, const LvsdServiceKey *key)
{
  g_autofree char *label = lvsd_object_path_escape (text);
  g_autofree char *path = g_strconcat ("/", label, NULL);
  g_autofree char *back = lvsd_object_path_unescape (label);
  g_autofree char *direct = lvsd_object_path_unescape (text);

  g_assert_true (g_variant_is_object_path (path));
  g_assert_cmpstr (back, ==, text);
  if (direct != NULL)
    {
      g_autofree char *again = lvsd_object_path_escape (direct);

      g_assert_cmpstr (again, ==, text);
    }
  if (lvsd_service_name_check (text, key, NULL))
    {
      g_assert_cmpuint (strlen (text), <=, LVSD_NAME_MAX);
      g_assert_null (strpbrk (text, "/[]= \t\r\n\"'\\"));
    }
}

/* NAME or NAME=VALUE. */
static void
read_setting (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "=", 2);
  g_autoptr (LvsdSetting) setting = NULL;
  g_autoptr (LvsdSetting) again = NULL;
  g_autofree char *shown = NULL;
  char name[LVSD_SYSCTL_MAX + 1];
  LvsdReceiverSetting receiver;

  lvsd_receiver_parse (text, &receiver);
  if (parts[0] == NULL || !lvsd_setting_parse_name (parts[0], name, NULL))
    return;
  g_assert_null (strstr (name, "/../"));
  g_assert_cmpint (name[0], !=, '/');
  setting = parts[1] != NULL ? lvsd_setting_new (parts[0], parts[1], NULL) : NULL;
  if (setting == NULL)
    return;
  shown = lvsd_setting_format_name (setting->name);
  again = lvsd_setting_new (shown, setting->value, NULL);
  g_assert_nonnull (again);
  fuzz_assert_same_item (setting, again);
  g_assert_true (lvsd_item_validate (setting, NULL));
}

/* What lvsctl makes of a word it makes of its own word again. */
static void
read_operands (const char *text)
{
  for (int type = LVSCTL_OPERAND_TEXT; type <= LVSCTL_OPERAND_BINDING; type++)
    {
      g_autofree char *once = lvsctl_operand_canonical ((LvsctlOperandType) type, text, NULL);
      g_autofree char *twice =
          once != NULL ? lvsctl_operand_canonical ((LvsctlOperandType) type, once, NULL) : NULL;

      g_assert_cmpstr (once, ==, twice);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = fuzz_dup_text (data, size);
  LvsdServiceKey key = { .fwmark = 1, .endpoint.address.family = AF_INET };

  fuzz_begin ();
  if (text == NULL)
    return 0;
  read_address (text);
  read_endpoint (text);
  read_key (text, &key);
  read_name (text, &key);
  if (!g_utf8_validate (text, -1, NULL))
    return 0;
  read_setting (text);
  read_operands (text);
  return 0;
}
