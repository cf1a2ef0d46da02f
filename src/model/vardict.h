/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A dictionary a{sv} that is written straight into its serialized form, since for a hundred
 * thousand items trees of GVariants cost more than all else in recording a change. It is read by
 * GVariant: the form is that of the "GVariant Specification", in this machine's byte order. */

#define LVSD_VARDICT_MAX 24 /* entries: what an item has at most, and some more */

typedef struct
{
  GByteArray *bytes;
  gboolean is_brief; /* which service it is of is known to the reader */
  guint n_entries;
  gsize start;
  gsize ends[LVSD_VARDICT_MAX];
} LvsdVardict;

void lvsd_vardict_begin (LvsdVardict *dict, GByteArray *bytes);
void lvsd_vardict_add_string (LvsdVardict *dict, const char *name, const char *value);
void lvsd_vardict_add_value (LvsdVardict *dict, const char *name, GVariant *value);
void lvsd_vardict_end (LvsdVardict *dict);

/* What containers of such dictionaries are made of. */
void lvsd_serial_align (GByteArray *bytes);
void lvsd_serial_add_string (GByteArray *bytes, const char *text);
void lvsd_serial_add_uint32 (GByteArray *bytes, guint32 number);
void lvsd_serial_add_ends (GByteArray *bytes, gsize start, const gsize *ends, gsize n_ends);

/* The form read back, without a value for each part of it. It must be the normal one, which
 * GVariant gives to what it makes and tells of what others made. */
typedef struct
{
  const guint8 *data;
  gsize size;
} LvsdSerial;

guint lvsd_serial_count (const LvsdSerial *array);
LvsdSerial lvsd_serial_child (const LvsdSerial *array, guint index);
const char *lvsd_serial_take_string (const LvsdSerial *tuple, gsize *at);
guint32 lvsd_serial_take_uint32 (const LvsdSerial *tuple, gsize *at);
LvsdSerial lvsd_serial_take_last (const LvsdSerial *tuple, gsize at, guint n_ends);

/* A value as bytes in little endian, and what such bytes hold; of another byte order than this
 * machine's, it is the same function that leads to the one and back. */
GVariant *lvsd_serial_little_endian (GVariant *value);
GVariant *lvsd_serial_pack (GVariant *value);
GVariant *lvsd_serial_unpack (GVariant *bytes, const GVariantType *type);

G_END_DECLS
