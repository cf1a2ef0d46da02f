/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/properties.h"

/* Properties that come from somewhere else than the table of fields. */
static const char *const extras[LVSD_N_KINDS][8] = {
  [LVSD_KIND_SERVICE] = { "Name", "Key" },
  [LVSD_KIND_DESTINATION] = { "Service", "Endpoint", "EffectiveWeight", "Overrides" },
  [LVSD_KIND_ADDRESS] = { "Address", "State", "StateReason" },
  [LVSD_KIND_ROLE] = { "Address", "State", "StateReason" },
};

static const LvsdField *
find_field (const LvsdItemClass *class, const char *property)
{
  for (gsize i = 0; i < class->n_fields; i++)
    {
      g_autofree char *name = lvsd_properties_name (&class->fields[i]);

      if (g_str_equal (name, property))
        return &class->fields[i];
    }
  return NULL;
}

static void
test_name_of_field (void)
{
  const LvsdField field = { .name = "upper-threshold" };
  g_autofree char *name = lvsd_properties_name (&field);

  g_assert_cmpstr (name, ==, "UpperThreshold");
}

static void
check_fields (const LvsdItemClass *class, GDBusInterfaceInfo *interface)
{
  for (gsize i = 0; i < class->n_fields; i++)
    {
      const LvsdField *field = &class->fields[i];
      g_autofree char *name = lvsd_properties_name (field);
      const GDBusPropertyInfo *property = g_dbus_interface_info_lookup_property (interface, name);

      if ((field->flags & LVSD_FIELD_INTERNAL) != 0)
        g_assert_null (property);
      else if (property == NULL)
        g_error ("field %s of a %s has no property %s in %s", field->name, class->name, name,
                 interface->name);
      else
        g_assert_true (g_variant_type_equal (G_VARIANT_TYPE (property->signature),
                                             lvsd_field_variant_type (field)));
    }
}

static void
check_properties (LvsdKind kind, const GDBusInterfaceInfo *interface)
{
  for (guint i = 0; interface->properties[i] != NULL; i++)
    {
      const GDBusPropertyInfo *property = interface->properties[i];

      g_assert_cmpuint (property->flags, ==, G_DBUS_PROPERTY_INFO_FLAGS_READABLE);
      if (find_field (lvsd_item_class (kind), property->name) == NULL
          && !g_strv_contains (extras[kind], property->name))
        g_error ("property %s of %s comes from no field", property->name, interface->name);
    }
}

static void
test_fields_and_interfaces_agree (void)
{
  for (guint kind = 0; kind < LVSD_N_KINDS; kind++)
    {
      const GDBusInterfaceInfo *interface = lvsd_properties_interface ((LvsdKind) kind);

      if (interface == NULL)
        continue;
      check_fields (lvsd_item_class ((LvsdKind) kind), (GDBusInterfaceInfo *) interface);
      check_properties ((LvsdKind) kind, interface);
    }
}

/* Those of the item itself; what is live needs an engine with a kernel. */
static void
check_values (LvsdItem *item)
{
  const GDBusInterfaceInfo *interface = lvsd_properties_interface (lvsd_item_get_kind (item));

  for (guint i = 0; interface->properties[i] != NULL; i++)
    {
      const GDBusPropertyInfo *property = interface->properties[i];
      g_autoptr (GVariant) value = NULL;

      if (lvsd_properties_is_live (property->name))
        continue;
      value = lvsd_properties_get (NULL, item, property->name);
      g_assert_nonnull (value);
      g_variant_ref_sink (value);
      g_assert_cmpstr (g_variant_get_type_string (value), ==, property->signature);
    }
  g_assert_null (lvsd_properties_get (NULL, item, "Nothing"));
}

static void
test_values_are_of_their_types (void)
{
  LvsdServiceKey key;
  LvsdEndpoint endpoint;
  g_autoptr (LvsdServiceIdentity) identity = NULL;
  g_autoptr (LvsdService) service = NULL;
  g_autoptr (LvsdDestination) destination = NULL;
  g_autoptr (LvsdVirtualAddress) address = NULL;
  g_autoptr (LvsdRole) role = NULL;

  g_assert_true (lvsd_service_key_parse ("udp/[2001:db8::1]:53", &key, NULL));
  g_assert_true (lvsd_endpoint_parse ("[2001:db8::2]:53", &endpoint, NULL, NULL));
  identity = lvsd_service_identity_new ("dns", &key);
  service = lvsd_service_new (identity);
  destination = lvsd_destination_new (identity, &endpoint);
  destination->runtime = g_new0 (LvsdOverride, 1);
  destination->runtime->owner = g_strdup ("root");
  destination->runtime->reason = g_strdup ("");
  address = lvsd_virtual_address_new (&endpoint.address, 64);
  role = lvsd_role_new (&endpoint.address);
  check_values ((LvsdItem *) service);
  check_values ((LvsdItem *) destination);
  check_values ((LvsdItem *) address);
  check_values ((LvsdItem *) role);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/properties/name-of-field", test_name_of_field);
  g_test_add_func ("/properties/fields-and-interfaces-agree", test_fields_and_interfaces_agree);
  g_test_add_func ("/properties/values-are-of-their-types", test_values_are_of_their_types);
  return g_test_run ();
}
