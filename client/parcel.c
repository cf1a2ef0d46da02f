/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "parcel.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dbus/names.h"
#include "sections.h"

/* Bytes, as many as lvsd takes from nobody who may not apply at all: of fewer everybody may ask
 * what would be done, and lvsd takes no file from them. */
#define WORTH_A_FILE (64 * 1024)

/* Over ssh there is no way for files. */
static gboolean
takes_files (const LvsctlClient *client)
{
  return client->bus != NULL
         && (g_dbus_connection_get_capabilities (client->bus)
             & G_DBUS_CAPABILITY_FLAGS_UNIX_FD_PASSING)
                != 0;
}

static gboolean
write_all (int file, const guint8 *data, gsize size)
{
  while (size > 0)
    {
      gssize n = write (file, data, size);

      if (n < 0 && errno != EINTR)
        return FALSE;
      data += MAX (n, 0);
      size -= (gsize) MAX (n, 0);
    }
  return TRUE;
}

/* NULL where it cannot be made. */
static GUnixFDList *
make_file (GVariant *bytes)
{
  int file = memfd_create ("lvsctl", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (file < 0)
    return NULL;
  if (write_all (file, g_variant_get_data (bytes), g_variant_get_size (bytes))
      && fcntl (file, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0)
    return g_unix_fd_list_new_from_array (&file, 1);
  close (file);
  return NULL;
}

GVariant *
lvsctl_parcel_pack (LvsctlClient *client, GVariant *sections)
{
  g_autoptr (GVariant) packed = g_variant_ref_sink (lvsctl_sections_pack (sections));
  g_autoptr (GVariant) services = g_variant_lookup_value (packed, LVSD_SECTION_SERVICES, NULL);
  GVariantDict dict;

  /* Where it fails, so does the call, which says why. */
  lvsctl_client_connect (client, NULL);
  if (services != NULL && g_variant_get_size (services) >= WORTH_A_FILE && takes_files (client))
    client->parcel = make_file (services);
  g_variant_dict_init (&dict, packed);
  if (client->parcel != NULL)
    g_variant_dict_insert (&dict, LVSD_SECTION_SERVICES, "h", 0);
  return g_variant_dict_end (&dict);
}

void
lvsctl_parcel_clear (LvsctlClient *client)
{
  g_clear_object (&client->parcel);
}
