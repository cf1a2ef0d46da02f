/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "adoption.h"

#include <glib/gi18n-lib.h>

#include "destination.h"
#include "role.h"
#include "service.h"
#include "virtual-address.h"

static char *
command_for_service (const LvsdServiceKey *key)
{
  char text[LVSD_SERVICE_KEY_TEXT_SIZE];

  return g_strdup_printf ("lvsctl adopt services %s", lvsd_service_key_format (key, text));
}

static char *
command_for_role (const LvsdAddress *address)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];

  return g_strdup_printf ("lvsctl adopt roles %s", lvsd_address_format (address, text));
}

/* What is on lo as a whole address is a role's. */
static char *
command_for_address (const LvsdVirtualAddress *address)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];

  if (g_str_equal (address->interface, "lo"))
    return command_for_role (&address->address);
  return g_strdup_printf ("lvsctl adopt addresses %s/%u%s%s",
                          lvsd_address_format (&address->address, text), address->prefix_length,
                          address->interface[0] != '\0' ? "@" : "", address->interface);
}

char *
lvsd_adoption_command (const LvsdItem *item)
{
  switch (lvsd_item_get_kind (item))
    {
    case LVSD_KIND_SERVICE:
      return command_for_service (&((const LvsdService *) item)->identity->key);
    case LVSD_KIND_DESTINATION:
      return command_for_service (&((const LvsdDestination *) item)->identity->key);
    case LVSD_KIND_ADDRESS:
      return command_for_address ((const LvsdVirtualAddress *) item);
    case LVSD_KIND_ROLE:
      return command_for_role (&((const LvsdRole *) item)->address);
    case LVSD_KIND_SYNC:
      return g_strdup ("lvsctl adopt sync");
    case LVSD_KIND_SETTING:
    case LVSD_KIND_REPLACED:
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      break;
    }
  g_assert_not_reached ();
}

/* The kernel takes any protocol from whoever asks by netlink. */
static gboolean
check_key (const LvsdItem *item, GError **error)
{
  char text[LVSD_SERVICE_KEY_TEXT_SIZE];
  LvsdServiceKey key;

  return lvsd_item_get_kind (item) != LVSD_KIND_SERVICE
         || lvsd_service_key_parse (
             lvsd_service_key_format (&((const LvsdService *) item)->identity->key, text), &key,
             error);
}

/* Each value must be one that a caller could have given: so it goes through store, export and
 * import as well. */
static gboolean
check_fields (const LvsdItem *item, GError **error)
{
  const LvsdItemClass *class = lvsd_item_class (lvsd_item_get_kind (item));
  g_autoptr (LvsdItem) scratch = lvsd_item_new (lvsd_item_get_kind (item));

  for (gsize i = 0; i < class->n_fields; i++)
    {
      const LvsdField *field = &class->fields[i];
      g_autoptr (GVariant) value = NULL;

      if (lvsd_field_is_preset (field, item))
        continue;
      value = g_variant_ref_sink (lvsd_field_get (field, item));
      if (!lvsd_field_set (field, scratch, value, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
lvsd_adoption_check (gconstpointer item, GError **error)
{
  g_autofree char *id = NULL;

  if (check_key (item, error) && check_fields (item, error))
    return lvsd_item_validate (item, error);
  id = lvsd_item_dup_id (item);
  g_prefix_error (error, "%s %s: ", lvsd_item_class (lvsd_item_get_kind (item))->name, id);
  return FALSE;
}
