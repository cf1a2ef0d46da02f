/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "reading.h"

G_BEGIN_DECLS

/* One way to write a configuration down. */
typedef struct
{
  const char *name; /* for --format */

  /* Whether a text looks like it; NULL where such texts are not read. */
  gboolean (*recognize) (const char *text);

  /* Fills the reading, or refuses with a place in the file. The text ends with a NUL. */
  gboolean (*read) (LvsctlReading *reading,
                    const char *file,
                    const char *text,
                    gsize length,
                    GError **error);

  /* As read, but takes the text apart while it does; NULL: read is used. */
  gboolean (
      *take) (LvsctlReading *reading, const char *file, char *text, gsize length, GError **error);

  /* NULL where such texts are not written. notes, of char *, gets what the format cannot hold. */
  char *(*write) (GPtrArray *items, guint64 generation, GPtrArray *notes);

  gboolean is_own; /* what apply reads; the others are imported */
  gboolean
      is_lines; /* each line stands by itself, so that nothing else tells where a text is cut */
} LvsctlFormat;

const LvsctlFormat *lvsctl_format_find (const char *name, GError **error);
const LvsctlFormat *lvsctl_format_recognize (const char *text);

/* What messages call a file: "-" is standard input. */
const char *lvsctl_format_show_file (const char *file);

/* Reads a file, or standard input for "-", in the format that is given or recognized. */
LvsctlReading *lvsctl_format_read_file (const char *file, const char *format, GError **error);

/* The same for what export wrote. */
LvsctlReading *lvsctl_format_read_own_file (const char *file, GError **error);

G_END_DECLS
