/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/document.h"
#include "model/table.h"

/* Short ways to the items that tests are about. Each returns a draft that would pass validation. */

static inline LvsdAddress
sample_address (const char *text)
{
  LvsdAddress address;

  g_assert_true (lvsd_address_parse (text, &address, NULL));
  return address;
}

static inline LvsdService *
sample_service (const char *name, const char *key_text)
{
  g_autoptr (LvsdServiceIdentity) identity = NULL;
  LvsdServiceKey key;
  LvsdService *service;

  g_assert_true (lvsd_service_key_parse (key_text, &key, NULL));
  identity = lvsd_service_identity_new (name, &key);
  service = lvsd_service_new (identity);
  g_strlcpy (service->scheduler, "rr", sizeof service->scheduler);
  return service;
}

static inline LvsdDestination *
sample_destination (const LvsdService *service, const char *endpoint_text)
{
  LvsdEndpoint endpoint;

  g_assert_true (lvsd_endpoint_parse (endpoint_text, &endpoint, NULL, NULL));
  return lvsd_destination_new (service->identity, &endpoint);
}

static inline LvsdVirtualAddress *
sample_virtual_address (const char *text, const char *interface)
{
  LvsdAddress address = sample_address (text);
  LvsdVirtualAddress *item = lvsd_virtual_address_new (&address, lvsd_address_bits (&address));

  g_strlcpy (item->interface, interface, sizeof item->interface);
  return item;
}

static inline LvsdRole *
sample_role (const char *text)
{
  LvsdAddress address = sample_address (text);

  return lvsd_role_new (&address);
}

static inline LvsdSetting *
sample_setting (const char *name, const char *value)
{
  g_autoptr (GError) error = NULL;
  LvsdSetting *setting = lvsd_setting_new (name, value, &error);

  g_assert_no_error (error);
  return setting;
}

static inline LvsdSyncDaemon *
sample_sync_daemon (LvsdSyncState state, const char *interface)
{
  LvsdSyncDaemon *daemon = lvsd_sync_daemon_new (state);

  g_strlcpy (daemon->interface, interface, sizeof daemon->interface);
  return daemon;
}

static inline LvsdGeneration *
sample_generation (guint32 number)
{
  LvsdGeneration *generation = lvsd_generation_new (LVSD_CAUSE_APPLY);

  generation->number = number;
  generation->fallback = 1;
  return generation;
}

static inline LvsdHold *
sample_hold (const char *name)
{
  LvsdHold *hold = lvsd_hold_new (name);

  hold->seconds = 60;
  hold->deadline = 1000;
  return hold;
}

/* The whole content of a table, for comparing and for reading in a failure. */
static inline char *
sample_text (const LvsdTable *table)
{
  g_autoptr (GPtrArray) items = lvsd_table_snapshot (table);

  return lvsd_document_format (items, LVSD_DOCUMENT_CHECKPOINT);
}
