/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "names.h"

#include <gio/gio.h>

typedef GResolver FuzzResolver;
typedef GResolverClass FuzzResolverClass;

static GType fuzz_resolver_get_type (void);

G_DEFINE_TYPE (FuzzResolver, fuzz_resolver, G_TYPE_RESOLVER)

static void
refuse (const char *name, GError **error)
{
  g_set_error (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "%s is not known", name);
}

static GList *
look_up_name (G_GNUC_UNUSED GResolver *resolver,
              const char *name,
              G_GNUC_UNUSED GResolverNameLookupFlags flags,
              G_GNUC_UNUSED GCancellable *cancellable,
              GError **error)
{
  if (g_ascii_strcasecmp (name, "web1") == 0)
    return g_list_prepend (NULL, g_inet_address_new_from_string ("192.0.2.11"));
  refuse (name, error);
  return NULL;
}

static char *
look_up_address (G_GNUC_UNUSED GResolver *resolver,
                 GInetAddress *address,
                 G_GNUC_UNUSED GCancellable *cancellable,
                 GError **error)
{
  g_autofree char *text = g_inet_address_to_string (address);

  if (g_str_equal (text, "192.0.2.11"))
    return g_strdup ("web1");
  refuse (text, error);
  return NULL;
}

static void
fuzz_resolver_init (G_GNUC_UNUSED FuzzResolver *resolver)
{
}

static void
fuzz_resolver_class_init (FuzzResolverClass *class)
{
  class->lookup_by_name_with_flags = look_up_name;
  class->lookup_by_address = look_up_address;
}

void
fuzz_know_names (void)
{
  static GResolver *resolver;

  if (resolver != NULL)
    return;
  resolver = g_object_new (fuzz_resolver_get_type (), NULL);
  g_resolver_set_default (resolver);
}
