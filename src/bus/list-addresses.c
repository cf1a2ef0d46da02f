/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "bus/handlers.h"
#include "bus/listing.h"
#include "model/error.h"

#define ADDRESSES_TYPE "a(sussssa{sv})"
#define ROLES_TYPE "a(sssssa{sv})"

static const char *
describe_state (const LvsdListing *listing, gpointer item, const char **ret_reason)
{
  LvsdState state = lvsd_engine_item_state (listing->engine, item, ret_reason);

  if (*ret_reason == NULL)
    *ret_reason = "";
  return lvsd_terms_format (lvsd_state_terms, state);
}

static gboolean
add_address (gpointer item, gpointer user_data)
{
  static const char *const columns[] = { "prefix-length", "interface", "label", NULL };
  const LvsdVirtualAddress *address = item;
  LvsdListing *listing = user_data;
  g_autoptr (GVariantDict) fields = NULL;
  char text[LVSD_ADDRESS_TEXT_SIZE];
  const char *state;
  const char *reason;

  if (lvsd_listing_is_full (listing))
    return FALSE;
  fields = lvsd_listing_fields (address, columns);
  state = describe_state (listing, item, &reason);
  lvsd_listing_add_row (
      listing, g_variant_new ("(sussss@a{sv})", lvsd_address_format (&address->address, text),
                              (guint32) address->prefix_length, address->interface, address->label,
                              state, reason, g_variant_dict_end (fields)));
  return TRUE;
}

static gboolean
add_role (gpointer item, gpointer user_data)
{
  static const char *const columns[] = { "method", "interface", NULL };
  const LvsdRole *role = item;
  LvsdListing *listing = user_data;
  g_autoptr (GVariantDict) fields = NULL;
  char text[LVSD_ADDRESS_TEXT_SIZE];
  const char *state;
  const char *reason;

  if (lvsd_listing_is_full (listing))
    return FALSE;
  fields = lvsd_listing_fields (role, columns);
  state = describe_state (listing, item, &reason);
  lvsd_listing_add_row (
      listing, g_variant_new ("(sssss@a{sv})", lvsd_address_format (&role->address, text),
                              lvsd_terms_format (lvsd_method_terms, role->method), role->interface,
                              state, reason, g_variant_dict_end (fields)));
  return TRUE;
}

static gboolean
list (LvsdRequest *request,
      LvsdKind kind,
      const char *row_type,
      LvsdTableFunc add_row,
      GError **error)
{
  g_auto (LvsdListing) listing = { 0 };
  LvsdAddress after;

  if (!lvsd_listing_init (&listing, request, row_type, error))
    return FALSE;
  if (listing.after != NULL && !lvsd_address_parse (listing.after, &after, error))
    {
      g_prefix_error_literal (error, "after: ");
      return FALSE;
    }
  lvsd_table_walk (listing.table, kind, listing.after, add_row, &listing);
  lvsd_listing_answer (&listing, request);
  return TRUE;
}

gboolean
lvsd_call_manager_list_addresses (LvsdRequest *request, GError **error)
{
  return list (request, LVSD_KIND_ADDRESS, ADDRESSES_TYPE, add_address, error);
}

gboolean
lvsd_call_manager_list_roles (LvsdRequest *request, GError **error)
{
  return list (request, LVSD_KIND_ROLE, ROLES_TYPE, add_role, error);
}
