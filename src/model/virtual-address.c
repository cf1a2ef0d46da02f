/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virtual-address.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"

static const LvsdField fields[] = {
  { "interface", LVSD_FIELD_WORD, G_STRUCT_OFFSET (LvsdVirtualAddress, interface), 1,
    LVSD_INTERFACE_MAX, 0, NULL, LVSD_FIELD_NONE, N_ ("INTERFACE"),
    N_ ("The interface that clients reach it by") },
  { "prefix-length", LVSD_FIELD_UINT8, G_STRUCT_OFFSET (LvsdVirtualAddress, prefix_length), 0, 128,
    0, NULL, LVSD_FIELD_NONE, N_ ("LENGTH"), N_ ("The length of its subnet's prefix") },
  { "label", LVSD_FIELD_WORD, G_STRUCT_OFFSET (LvsdVirtualAddress, label), 0, LVSD_INTERFACE_MAX, 0,
    NULL, LVSD_FIELD_NONE, N_ ("LABEL"),
    N_ ("How ifconfig shows an IPv4 address: INTERFACE:ANYTHING") },
  { "primary", LVSD_FIELD_BOOLEAN, G_STRUCT_OFFSET (LvsdVirtualAddress, primary), 0, 1, 0, NULL,
    LVSD_FIELD_NONE, NULL,
    N_ ("It may become the primary address of its subnet, and so the host's source address") },
  { "up", LVSD_FIELD_BOOLEAN, G_STRUCT_OFFSET (LvsdVirtualAddress, up), 0, 1, 1, NULL,
    LVSD_FIELD_NONE, NULL, N_ ("Put it on the interface, as is done unless told not to") },
};

static char *
dup_address_id (const LvsdItem *item)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];

  return g_strdup (lvsd_address_format (&((const LvsdVirtualAddress *) item)->address, text));
}

static guint
hash_virtual_address (const LvsdItem *item)
{
  return lvsd_address_hash (&((const LvsdVirtualAddress *) item)->address);
}

static gboolean
equal_virtual_address (const LvsdItem *a, const LvsdItem *b)
{
  return lvsd_address_compare (&((const LvsdVirtualAddress *) a)->address,
                               &((const LvsdVirtualAddress *) b)->address)
         == 0;
}

static gboolean
refuse (const LvsdVirtualAddress *address, const char *message, GError **error)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];

  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT, _ ("address %s: %s"),
               lvsd_address_format (&address->address, text), message);
  return FALSE;
}

/* A label is the interface's name, or that with a colon and more: the kernel takes any text, but
 * what does not begin so is invisible to ifconfig. */
static gboolean
label_fits (const LvsdVirtualAddress *address)
{
  gsize length = strlen (address->interface);

  return address->label[0] == '\0'
         || (g_str_has_prefix (address->label, address->interface)
             && (address->label[length] == '\0' || address->label[length] == ':'));
}

static gboolean
validate_virtual_address (const LvsdItem *item, GError **error)
{
  const LvsdVirtualAddress *address = (const LvsdVirtualAddress *) item;
  g_autoptr (GError) reason = NULL;

  if (lvsd_address_is_unspecified (&address->address)
      || lvsd_address_is_multicast (&address->address)
      || lvsd_address_is_broadcast (&address->address)
      || lvsd_address_is_loopback (&address->address))
    return refuse (address, _ ("address: must be a single host's, and not the loopback's"), error);
  if (address->interface[0] == '\0')
    return refuse (address, _ ("interface: is missing; name the one that clients reach it by"),
                   error);
  if (!lvsd_interface_check (address->interface, &reason))
    return refuse (address, reason->message, error);
  if (address->prefix_length == 0 || address->prefix_length > lvsd_address_bits (&address->address))
    return refuse (address, _ ("prefix-length: goes from 1 to 32 for IPv4, to 128 for IPv6"),
                   error);
  if (address->label[0] != '\0' && address->address.family == AF_INET6)
    return refuse (address, _ ("label: IPv6 addresses have none"), error);
  if (!label_fits (address))
    return refuse (address, _ ("label: must begin with the name of the interface and a colon"),
                   error);
  return TRUE;
}

static void
get_identity (const LvsdItem *item, LvsdVardict *into)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];

  lvsd_vardict_add_string (
      into, "address", lvsd_address_format (&((const LvsdVirtualAddress *) item)->address, text));
}

static gboolean
set_identity (LvsdItem *item, GVariantDict *from, GError **error)
{
  LvsdVirtualAddress *address = (LvsdVirtualAddress *) item;
  const char *text;

  if (!g_variant_dict_lookup (from, "address", "&s", &text))
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                           _ ("address: address: is missing"));
      return FALSE;
    }
  if (!lvsd_address_parse (text, &address->address, error))
    return FALSE;
  address->prefix_length = (guint8) lvsd_address_bits (&address->address);
  g_variant_dict_remove (from, "address");
  return TRUE;
}

const LvsdItemClass lvsd_virtual_address_class = {
  .name = "address",
  .size = sizeof (LvsdVirtualAddress),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .dup_id = dup_address_id,
  .identity_hash = hash_virtual_address,
  .identity_equal = equal_virtual_address,
  .validate = validate_virtual_address,
  .get_more = get_identity,
  .set_more = set_identity,
};

/* A draft. */
LvsdVirtualAddress *
lvsd_virtual_address_new (const LvsdAddress *address, guint prefix_length)
{
  LvsdVirtualAddress *virtual_address = lvsd_item_new (LVSD_KIND_ADDRESS);

  virtual_address->address = *address;
  virtual_address->prefix_length = (guint8) prefix_length;
  return virtual_address;
}

/* Whether the kernel, found to hold the one, holds what the other asks for. Where no label is asked
 * for the kernel gives an IPv4 address that of the interface; one on lo is a role's, to which none
 * matters, be it the "lo:0" of a script. */
gboolean
lvsd_virtual_address_kernel_equal (const LvsdVirtualAddress *wanted, const LvsdVirtualAddress *held)
{
  const char *label = wanted->label[0] != '\0' ? wanted->label : wanted->interface;

  return wanted->address.family == AF_INET6 || held->label[0] == '\0'
         || (wanted->label[0] == '\0' && g_str_equal (wanted->interface, "lo"))
         || g_str_equal (label, held->label);
}
