/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/properties.h"

#include "dbus/interfaces.h"

/* A property that is not a field. */
typedef struct
{
  LvsdKind kind;
  const char *name;
  GVariant *(*get) (LvsdEngine *engine, gpointer item);
} Extra;

const GDBusInterfaceInfo *
lvsd_properties_interface (LvsdKind kind)
{
  switch (kind)
    {
    case LVSD_KIND_SERVICE:
      return &org_lvsd1_virtual_service_interface;
    case LVSD_KIND_DESTINATION:
      return &org_lvsd1_destination_interface;
    case LVSD_KIND_ADDRESS:
      return &org_lvsd1_virtual_address_interface;
    case LVSD_KIND_ROLE:
      return &org_lvsd1_real_server_role_interface;
    case LVSD_KIND_SETTING:
    case LVSD_KIND_SYNC:
    case LVSD_KIND_REPLACED:
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      return NULL;
    }
  g_assert_not_reached ();
}

char *
lvsd_properties_name (const LvsdField *field)
{
  GString *name = g_string_new (NULL);
  gboolean begins = TRUE;

  for (const char *letter = field->name; *letter != '\0'; letter++)
    {
      if (*letter != '-')
        g_string_append_c (name, begins ? g_ascii_toupper (*letter) : *letter);
      begins = *letter == '-';
    }
  return g_string_free (name, FALSE);
}

static GVariant *
get_service_name (G_GNUC_UNUSED LvsdEngine *engine, gpointer item)
{
  return g_variant_new_string (((const LvsdService *) item)->identity->name);
}

static GVariant *
get_key (G_GNUC_UNUSED LvsdEngine *engine, gpointer item)
{
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];

  return g_variant_new_string (
      lvsd_service_key_format (&((const LvsdService *) item)->identity->key, key));
}

static GVariant *
get_service_of (G_GNUC_UNUSED LvsdEngine *engine, gpointer item)
{
  return g_variant_new_string (((const LvsdDestination *) item)->identity->name);
}

static GVariant *
get_endpoint (G_GNUC_UNUSED LvsdEngine *engine, gpointer item)
{
  char endpoint[LVSD_ENDPOINT_TEXT_SIZE];

  return g_variant_new_string (
      lvsd_endpoint_format (&((const LvsdDestination *) item)->endpoint, endpoint));
}

static GVariant *
get_effective_weight (G_GNUC_UNUSED LvsdEngine *engine, gpointer item)
{
  return g_variant_new_uint32 (lvsd_destination_effective_weight (item));
}

/* In which boot it was set is the daemon's affair. */
GVariant *
lvsd_properties_override (const LvsdOverride *override)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "weight", "u", override->weight);
  g_variant_dict_insert (&dict, "owner", "s", override->owner);
  g_variant_dict_insert (&dict, "reason", "s", override->reason);
  g_variant_dict_insert (&dict, "since", "x", override->since);
  return g_variant_dict_end (&dict);
}

static GVariant *
get_overrides (G_GNUC_UNUSED LvsdEngine *engine, gpointer item)
{
  const LvsdDestination *destination = item;
  GVariantBuilder overrides;

  g_variant_builder_init (&overrides, G_VARIANT_TYPE ("a{sa{sv}}"));
  if (destination->runtime != NULL)
    g_variant_builder_add (&overrides, "{s@a{sv}}", "runtime",
                           lvsd_properties_override (destination->runtime));
  return g_variant_builder_end (&overrides);
}

static GVariant *
get_address (G_GNUC_UNUSED LvsdEngine *engine, gpointer item)
{
  const LvsdAddress *address = lvsd_item_get_kind (item) == LVSD_KIND_ROLE
                                   ? &((const LvsdRole *) item)->address
                                   : &((const LvsdVirtualAddress *) item)->address;
  char text[LVSD_ADDRESS_TEXT_SIZE];

  return g_variant_new_string (lvsd_address_format (address, text));
}

static GVariant *
get_state (LvsdEngine *engine, gpointer item)
{
  return g_variant_new_string (
      lvsd_terms_format (lvsd_state_terms, lvsd_engine_item_state (engine, item, NULL)));
}

static GVariant *
get_state_reason (LvsdEngine *engine, gpointer item)
{
  const char *reason = NULL;

  lvsd_engine_item_state (engine, item, &reason);
  return g_variant_new_string (reason != NULL ? reason : "");
}

static const Extra extras[] = {
  { LVSD_KIND_SERVICE, "Name", get_service_name },
  { LVSD_KIND_SERVICE, "Key", get_key },
  { LVSD_KIND_DESTINATION, "Service", get_service_of },
  { LVSD_KIND_DESTINATION, "Endpoint", get_endpoint },
  { LVSD_KIND_DESTINATION, "EffectiveWeight", get_effective_weight },
  { LVSD_KIND_DESTINATION, "Overrides", get_overrides },
  { LVSD_KIND_ADDRESS, "Address", get_address },
  { LVSD_KIND_ADDRESS, "State", get_state },
  { LVSD_KIND_ADDRESS, "StateReason", get_state_reason },
  { LVSD_KIND_ROLE, "Address", get_address },
  { LVSD_KIND_ROLE, "State", get_state },
  { LVSD_KIND_ROLE, "StateReason", get_state_reason },
};

gboolean
lvsd_properties_is_live (const char *name)
{
  return g_str_equal (name, "State") || g_str_equal (name, "StateReason");
}

GVariant *
lvsd_properties_get (LvsdEngine *engine, gpointer item, const char *name)
{
  LvsdKind kind = lvsd_item_get_kind (item);
  const LvsdItemClass *class = lvsd_item_class (kind);

  for (gsize i = 0; i < G_N_ELEMENTS (extras); i++)
    if (extras[i].kind == kind && g_str_equal (extras[i].name, name))
      return extras[i].get (engine, item);
  for (gsize i = 0; i < class->n_fields; i++)
    {
      g_autofree char *field_name = lvsd_properties_name (&class->fields[i]);

      if (g_str_equal (field_name, name))
        return lvsd_field_get (&class->fields[i], item);
    }
  return NULL;
}

static GVariant *
get_policy (LvsdEngine *engine)
{
  const LvsdPolicy *policy = lvsd_engine_policy (engine);
  GVariantBuilder verdicts;

  g_variant_builder_init (&verdicts, G_VARIANT_TYPE ("a{ss}"));
  for (guint drift = 0; drift < LVSD_N_DRIFTS; drift++)
    g_variant_builder_add (&verdicts, "{ss}", lvsd_terms_format (lvsd_drift_terms, drift),
                           lvsd_terms_format (lvsd_remedy_terms, (guint) policy->repairs[drift]));
  return g_variant_builder_end (&verdicts);
}

static GVariant *
get_ipvsadm_weights (LvsdEngine *engine)
{
  guint runtime = (guint) lvsd_engine_policy (engine)->runtime_weights;

  return g_variant_new_string (lvsd_terms_format (lvsd_weights_terms, runtime));
}

typedef struct
{
  LvsdEngine *engine;
  GVariantBuilder rows;
} Holds;

static gboolean
add_hold (gpointer item, gpointer user_data)
{
  const LvsdHold *hold = item;
  Holds *holds = user_data;
  gboolean is_of_all = g_str_equal (hold->name, LVSD_HOLD_ALL);

  if (lvsd_engine_is_in_force (holds->engine, hold))
    g_variant_builder_add (&holds->rows, "(sxuu)", is_of_all ? "" : hold->name, (gint64) hold->time,
                           hold->seconds, hold->uid);
  return TRUE;
}

static GVariant *
get_holds (LvsdEngine *engine)
{
  Holds holds = { .engine = engine };

  g_variant_builder_init (&holds.rows, G_VARIANT_TYPE ("a(sxuu)"));
  lvsd_table_walk (lvsd_engine_table (engine), LVSD_KIND_HOLD, NULL, add_hold, &holds);
  return g_variant_builder_end (&holds.rows);
}

/* Of the manager. */
GVariant *
lvsd_properties_get_of_node (LvsdEngine *engine, const char *name)
{
  const char *reason = NULL;
  const char *state;
  gint64 seconds;

  if (g_str_equal (name, "Version"))
    return g_variant_new_string (LVSD_VERSION);
  if (g_str_equal (name, "Generation"))
    return g_variant_new_uint64 (lvsd_engine_generation (engine));
  if (g_str_equal (name, "Schedulers"))
    return g_variant_new_strv (lvsd_engine_schedulers (engine), -1);
  if (g_str_equal (name, "ConfirmSeconds"))
    return g_variant_new_uint32 (
        lvsd_engine_pending (engine, &seconds) != NULL ? (guint32) MAX (seconds, 1) : 0);
  if (g_str_equal (name, "Policy"))
    return get_policy (engine);
  if (g_str_equal (name, "IpvsadmWeights"))
    return get_ipvsadm_weights (engine);
  if (g_str_equal (name, "Holds"))
    return get_holds (engine);
  state = lvsd_engine_state (engine, &reason);
  if (g_str_equal (name, "State"))
    return g_variant_new_string (state);
  if (g_str_equal (name, "StateReason"))
    return g_variant_new_string (reason != NULL ? reason : "");
  return NULL;
}

/* Returns a floating a{sv}, in the order of the interface. */
GVariant *
lvsd_properties_get_all (LvsdEngine *engine, gpointer item)
{
  GDBusPropertyInfo **properties =
      lvsd_properties_interface (lvsd_item_get_kind (item))->properties;
  GVariantBuilder all;

  g_variant_builder_init (&all, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; properties[i] != NULL; i++)
    g_variant_builder_add (&all, "{sv}", properties[i]->name,
                           lvsd_properties_get (engine, item, properties[i]->name));
  return g_variant_builder_end (&all);
}
