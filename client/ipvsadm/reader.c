/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "format.h"
#include "model/error.h"
#include "rule-lines.h"

typedef struct
{
  LvsctlRuleLines lines;
  GPtrArray *items;
  GHashTable *known; /* the items, by identity */
} Reader;

static void
reader_clear (Reader *reader)
{
  lvsctl_rule_lines_clear (&reader->lines);
  g_clear_pointer (&reader->known, g_hash_table_unref);
  g_clear_pointer (&reader->items, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static gboolean
refuse (const Reader *reader, const char *message, GError **error)
{
  g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT, message);
  return lvsctl_rule_lines_locate (&reader->lines, 0, error);
}

static gboolean
take_item (Reader *reader, gpointer item, GError **error)
{
  if (!lvsd_item_validate (item, error))
    return lvsctl_rule_lines_locate (&reader->lines, 0, error);
  if (g_hash_table_contains (reader->known, item))
    return refuse (reader, _ ("the same stands further up already; remove one of the two"), error);
  g_ptr_array_add (reader->items, lvsd_item_ref (item));
  g_hash_table_add (reader->known, item);
  return TRUE;
}

static gboolean
take_destination (Reader *reader, LvsctlRule *rule, GError **error)
{
  const LvsdService *service = g_hash_table_lookup (reader->known, rule->service);

  if (service == NULL)
    return refuse (reader, _ ("the service is not added by a line further up"), error);
  lvsd_service_identity_unref (rule->destination->identity);
  rule->destination->identity = lvsd_service_identity_ref (service->identity);
  return take_item (reader, rule->destination, error);
}

static gboolean
take_rule (Reader *reader, LvsctlRule *rule, GError **error)
{
  if (rule->command == LVSCTL_SWITCH_ADD_SERVICE)
    return take_item (reader, rule->service, error);
  if (rule->command == LVSCTL_SWITCH_ADD_SERVER)
    return take_destination (reader, rule, error);
  return refuse (reader, _ ("only -A and -a say what there is to be"), error);
}

GPtrArray *
lvsctl_ipvsadm_read (const char *text, gsize length, GError **error)
{
  g_auto (Reader) reader = { 0 };
  g_autoptr (GError) reason = NULL;

  lvsctl_rule_lines_init (&reader.lines, text, length);
  reader.items = g_ptr_array_new_with_free_func (lvsd_item_unref);
  reader.known = g_hash_table_new (lvsd_item_identity_hash, lvsd_item_identity_equal);
  for (;;)
    {
      g_autoptr (LvsctlRule) rule = NULL;

      if (!lvsctl_rule_lines_next (&reader.lines, &rule, &reason))
        break;
      if (rule == NULL)
        return g_steal_pointer (&reader.items);
      if (!take_rule (&reader, rule, &reason))
        break;
    }
  g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT, reason->message);
  return NULL;
}
