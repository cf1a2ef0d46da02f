/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "address.h"
#include "terms.h"

G_BEGIN_DECLS

/* What the kernel knows a virtual service by: protocol, address and port, or a firewall mark.
 * With a mark, endpoint.address.family alone is set: marks of the two families are separate. */
typedef struct
{
  LvsdEndpoint endpoint;
  guint32 fwmark;
  guint8 protocol;
} LvsdServiceKey;

#define LVSD_SERVICE_KEY_TEXT_SIZE (LVSD_ENDPOINT_TEXT_SIZE + 8)
#define LVSD_NAME_MAX 64

gboolean lvsd_service_key_check (const LvsdServiceKey *key, GError **error);
gboolean lvsd_service_key_parse (const char *text, LvsdServiceKey *ret_key, GError **error);
const char *
lvsd_service_key_format (const LvsdServiceKey *key, char buffer[LVSD_SERVICE_KEY_TEXT_SIZE]);
guint lvsd_service_key_hash (const LvsdServiceKey *key);
gboolean lvsd_service_key_equal (const LvsdServiceKey *a, const LvsdServiceKey *b);
int lvsd_service_key_compare (const LvsdServiceKey *a, const LvsdServiceKey *b);

char *lvsd_service_key_derive_name (const LvsdServiceKey *key);
gboolean lvsd_service_name_check (const char *name, const LvsdServiceKey *key, GError **error);

/* A service's two names, which never change: shared by the service and all of its destinations, so
 * that a destination costs one pointer for them. Items read from the kernel have an empty name. */
typedef struct
{
  gatomicrefcount references;
  LvsdServiceKey key;
  char name[LVSD_NAME_MAX + 1];
} LvsdServiceIdentity;

LvsdServiceIdentity *lvsd_service_identity_new (const char *name, const LvsdServiceKey *key);
LvsdServiceIdentity *lvsd_service_identity_ref (LvsdServiceIdentity *identity);
void lvsd_service_identity_unref (LvsdServiceIdentity *identity);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdServiceIdentity, lvsd_service_identity_unref)

G_END_DECLS
