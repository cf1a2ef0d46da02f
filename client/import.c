/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "import.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "configuration.h"
#include "format.h"
#include "model/document.h"
#include "terminal.h"

static void
print_native (GPtrArray *items)
{
  g_autofree char *text = lvsd_document_format (items, LVSD_DOCUMENT_EXPORT);

  lvsctl_terminal_print (text);
}

/* Takes over what another program's file says: all of it that has a counterpart, or nothing. */
gboolean
lvsctl_import (LvsctlClient *client, GError **error)
{
  const char *file = lvsctl_arguments_operand (client->arguments, 0);
  g_autoptr (LvsctlReading) reading = NULL;
  g_auto (GStrv) notes = NULL;
  const char *format = NULL;
  gboolean convert = FALSE;

  g_variant_lookup (client->arguments->options, "format", "&s", &format);
  g_variant_lookup (client->arguments->options, "convert", "b", &convert);
  reading = lvsctl_format_read_file (file, format, error);
  if (reading == NULL)
    {
      g_prefix_error (error, _ ("nothing was imported: "));
      return FALSE;
    }
  notes = lvsctl_reading_dup_notes (reading);
  lvsctl_client_warn ((const char *const *) notes);
  if (!convert)
    return lvsctl_configuration_take (client, file, reading->items, error);
  print_native (reading->items);
  return TRUE;
}
