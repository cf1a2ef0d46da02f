/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "interface.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"

static gboolean
is_dots (const char *text, gsize length)
{
  return (length == 1 || length == 2) && strspn (text, ".") >= length;
}

/* Whether an interface can have this name: dev_valid_name in net/core/dev.c. It becomes a part of
 * the paths of sysctls. */
gboolean
lvsd_interface_is_name (const char *text, gsize length)
{
  return length > 0 && length <= LVSD_INTERFACE_MAX && strcspn (text, "/: \t\n\v\f\r") >= length
         && !is_dots (text, length);
}

/* Fails with InvalidArgument. */
gboolean
lvsd_interface_check (const char *name, GError **error)
{
  if (lvsd_interface_is_name (name, strlen (name)))
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("interface: '%s' cannot be the name of one; 'ip link' lists them"), name);
  return FALSE;
}
