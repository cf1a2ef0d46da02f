/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/object-path.h"

#include "dbus/names.h"

/* As systemd writes the parts of its object paths: ASCII letters and digits stand for themselves,
 * anything else and a leading digit is _xx, and nothing at all is a lone underscore. */
char *
lvsd_object_path_escape (const char *id)
{
  GString *label = g_string_new (NULL);

  if (id[0] == '\0')
    g_string_append_c (label, '_');
  for (const char *byte = id; *byte != '\0'; byte++)
    if (g_ascii_isalpha (*byte) || (byte != id && g_ascii_isdigit (*byte)))
      g_string_append_c (label, *byte);
    else
      g_string_append_printf (label, "_%02x", (guchar) *byte);
  return g_string_free (label, FALSE);
}

/* NULL for what escape would not have written, so that no object has two paths. */
char *
lvsd_object_path_unescape (const char *label)
{
  g_autoptr (GString) id = g_string_new (NULL);
  g_autofree char *again = NULL;

  for (const char *byte = label; *byte != '\0' && !g_str_equal (label, "_"); byte++)
    if (*byte != '_')
      g_string_append_c (id, *byte);
    else if (g_ascii_isxdigit (byte[1]) && g_ascii_isxdigit (byte[2]))
      {
        g_string_append_c (id, (char) (g_ascii_xdigit_value (byte[1]) << 4
                                       | g_ascii_xdigit_value (byte[2])));
        byte += 2;
      }
    else
      return NULL;

  again = lvsd_object_path_escape (id->str);
  if (!g_str_equal (again, label))
    return NULL;
  return g_string_free (g_steal_pointer (&id), FALSE);
}

/* The node above the objects of a kind. */
char *
lvsd_object_path_for_kind (LvsdKind kind)
{
  return g_strconcat (LVSD_OBJECT_PATH_PREFIX, lvsd_item_class (kind)->name, NULL);
}

char *
lvsd_object_path_for_item (gconstpointer item)
{
  g_autofree char *id = lvsd_item_dup_id (item);
  g_autofree char *label = lvsd_object_path_escape (id);

  return g_strconcat (LVSD_OBJECT_PATH_PREFIX, lvsd_item_class (lvsd_item_get_kind (item))->name,
                      "/", label, NULL);
}
