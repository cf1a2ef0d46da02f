/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "model/error.h"
#include "model/setting.h"

#define ROOT "/proc/sys/"

static void
set_failure (GError **error, const char *name, int failure)
{
  g_autofree char *shown = lvsd_setting_format_name (name);

  if (failure == ENOENT || failure == ENODEV)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                 _ ("setting %s: this kernel has none; its interface does not exist, or its module "
                    "is not loaded"),
                 shown);
  else if (failure == EROFS || failure == EACCES || failure == EPERM)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
                 _ ("setting %s: lvsd may not write it: %s; its unit needs CAP_NET_ADMIN and "
                    "ReadWritePaths=/proc/sys/net"),
                 shown, g_strerror (failure));
  else if (failure == EINVAL || failure == ERANGE)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                 _ ("setting %s: the kernel does not take this value: %s"), shown,
                 g_strerror (failure));
  else
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED, _ ("setting %s: %s (error %d)"),
                 shown, g_strerror (failure), failure);
}

/* Returns a descriptor, or -1 and an error. The name must not lead out of the network's settings:
 * where it comes from a store it has been looked at before, and is again. */
static int
open_setting (const char *name, int flags, GError **error)
{
  g_autofree char *path = g_strconcat (ROOT, name, NULL);
  int fd;

  if (!g_str_has_prefix (name, "net/") || strstr (name, "/../") != NULL
      || g_str_has_suffix (name, "/.."))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("setting '%s' is not one of the network's"), name);
      return -1;
    }
  fd = open (path, flags | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    set_failure (error, name, errno);
  return fd;
}

/* One line of it: one space where the kernel prints more white space, none at the end. */
static char *
tidy (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t\n", -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();

  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] != '\0')
      g_ptr_array_add (kept, words[i]);
  g_ptr_array_add (kept, NULL);
  return g_strjoinv (" ", (GStrv) kept->pdata);
}

/* Returns what it holds, as a line. Fails with NotFound, KernelRefused, or InvalidArgument where
 * that is no text. */
char *
lvsd_sysctl_read_text (const char *name, GError **error)
{
  int fd = open_setting (name, O_RDONLY, error);
  char text[1024];
  ssize_t length;
  int failure;

  if (fd < 0)
    return NULL;
  length = read (fd, text, sizeof text - 1);
  failure = errno;
  close (fd);
  if (length < 0)
    {
      set_failure (error, name, failure);
      return NULL;
    }
  text[length] = '\0';
  if (g_str_is_ascii (text))
    return tidy (text);
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT, _ ("setting '%s' is not text"),
               name);
  return NULL;
}

/* Reads a setting that is one number. Fails as above, and with InvalidArgument where it is not a
 * number. */
gboolean
lvsd_sysctl_read (const char *name, gint32 *ret_value, GError **error)
{
  g_autofree char *text = lvsd_sysctl_read_text (name, error);
  gint64 value;

  if (text == NULL)
    return FALSE;
  if (!g_ascii_string_to_signed (text, 10, G_MININT32, G_MAXINT32, &value, NULL))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("setting %s: is '%s', not a single number"), name, text);
      return FALSE;
    }
  *ret_value = (gint32) value;
  return TRUE;
}

/* Writes it in one write(), as the kernel wants it. Fails with NotFound, KernelRefused, or
 * InvalidArgument. */
gboolean
lvsd_sysctl_write_text (const char *name, const char *value, GError **error)
{
  int fd = open_setting (name, O_WRONLY, error);
  g_autofree char *text = g_strconcat (value, "\n", NULL);
  gsize length = strlen (text);
  gboolean done;
  int failure;

  if (fd < 0)
    return FALSE;
  done = write (fd, text, length) == (gssize) length;
  failure = errno;
  close (fd);
  if (!done)
    set_failure (error, name, failure);
  return done;
}

gboolean
lvsd_sysctl_write (const char *name, gint32 value, GError **error)
{
  char text[12];

  g_snprintf (text, sizeof text, "%d", value);
  return lvsd_sysctl_write_text (name, text, error);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* family is AF_INET or AF_INET6. In the order of their names. Fails with NotFound when the kernel
 * has no such family. */
GStrv
lvsd_sysctl_list_interfaces (int family, GError **error)
{
  const char *path = family == AF_INET6 ? ROOT "net/ipv6/conf" : ROOT "net/ipv4/conf";
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (directory == NULL)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                   _ ("the settings of the interfaces are not in %s; is that family loaded?"),
                   path);
      return NULL;
    }
  while ((name = g_dir_read_name (directory)) != NULL)
    if (!g_str_equal (name, "all") && !g_str_equal (name, "default"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}
