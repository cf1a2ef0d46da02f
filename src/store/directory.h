/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The directory that a store lives in, locked against a second daemon. The functions may be called
 * from a worker thread: nothing in here changes after it was opened. */
typedef struct
{
  char *path;
  char *refusal; /* why nothing can be written; NULL where it can */
  int fd;
} LvsdDirectory;

LvsdDirectory *lvsd_directory_open (const char *path, GError **error);
void lvsd_directory_close (LvsdDirectory *directory);

/* Names are PREFIX-NUMBER with twenty digits, so that they sort. */
char *lvsd_directory_name (const char *prefix, guint64 number);
GArray *lvsd_directory_list (const LvsdDirectory *directory, const char *prefix, GError **error);

GBytes *lvsd_directory_read (const LvsdDirectory *directory, const char *name, GError **error);
GBytes *lvsd_directory_read_beginning (const LvsdDirectory *directory,
                                       const char *name,
                                       gsize most,
                                       GError **error);
gboolean lvsd_directory_write (const LvsdDirectory *directory,
                               const char *name,
                               const char *data,
                               gsize length,
                               GError **error);
gboolean lvsd_directory_exists (const LvsdDirectory *directory, const char *name);
gboolean
lvsd_directory_keep_aside (const LvsdDirectory *directory, const char *name, GError **error);
void lvsd_directory_remove (const LvsdDirectory *directory, const char *name);
void lvsd_directory_remove_unfinished (const LvsdDirectory *directory);

gboolean lvsd_write_all (int fd, const char *data, gsize length, goffset offset);
gboolean
lvsd_directory_fail (const LvsdDirectory *directory, const char *name, int code, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdDirectory, lvsd_directory_close)

G_END_DECLS
