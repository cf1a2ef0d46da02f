/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "address.h"
#include "terms.h"

G_BEGIN_DECLS

/* How a member of an item's struct is stored, and so what it looks like as GVariant and as text. */
typedef enum
{
  LVSD_FIELD_UINT8,   /* guint8,  'u' */
  LVSD_FIELD_UINT16,  /* guint16, 'u' */
  LVSD_FIELD_UINT32,  /* guint32, 'u' */
  LVSD_FIELD_INT32,   /* gint32,  'i' */
  LVSD_FIELD_BOOLEAN, /* guint8,  'b', yes or no */
  LVSD_FIELD_TERM,    /* guint8,  's', a word of terms */
  LVSD_FIELD_FLAGS,   /* guint8,  'as', a bit for each; as text with commas between the words */
  LVSD_FIELD_WORD,    /* char[maximum + 1], 's', printable and without white space */
  LVSD_FIELD_ADDRESS, /* LvsdAddress, 's'; the preset is an IPv4 address in host order */
} LvsdFieldType;

typedef enum
{
  LVSD_FIELD_NONE = 0,
  LVSD_FIELD_FIXED = 1 << 0,    /* given when the item is added, never edited */
  LVSD_FIELD_INTERNAL = 1 << 1, /* stored, but neither an option of a caller nor exported */
  LVSD_FIELD_SPACED = 1 << 2,   /* a WORD that may be several, each one space apart */
} LvsdFieldFlags;

/* One row of the table that describes an item: from it come the options that the bus takes, the
 * properties it shows, and the key in the store, the journal and the export. The name is the
 * option's, in lower case with dashes; the property's is the same in CamelCase. */
typedef struct
{
  const char *name;
  LvsdFieldType type;
  gsize offset;
  guint64 minimum; /* WORD: least length; FLAGS: offset of the WORD that has flags of its own */
  guint64 maximum; /* WORD: greatest length; the array holds one more. FLAGS: all bits */
  guint64 preset;  /* the value of a new item; not written out where it is also the default */
  const LvsdTerm *terms; /* FLAGS: those of the WORD "sh" begin with "sh-" */
  LvsdFieldFlags flags;
  const char *value_name; /* how help calls its value, untranslated; NULL for BOOLEAN */
  const char *help;       /* one line for whoever gives it, untranslated */
} LvsdField;

void lvsd_field_reset (const LvsdField *field, gpointer record);
gboolean lvsd_field_is_preset (const LvsdField *field, gconstpointer record);
gboolean lvsd_field_equal (const LvsdField *field, gconstpointer a, gconstpointer b);
const GVariantType *lvsd_field_variant_type (const LvsdField *field);
GVariant *lvsd_field_get (const LvsdField *field, gconstpointer record);
gboolean lvsd_field_set (const LvsdField *field, gpointer record, GVariant *value, GError **error);
gboolean
lvsd_field_set_number (const LvsdField *field, gpointer record, guint64 number, GError **error);
void lvsd_number_append (GString *text, guint64 number);
void lvsd_field_format (const LvsdField *field, gconstpointer record, GString *text);
gboolean
lvsd_field_parse (const LvsdField *field, gpointer record, const char *text, GError **error);

G_END_DECLS
