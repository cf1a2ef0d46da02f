/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "field.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "error.h"

/* How text says that no flag is set. */
#define NO_FLAGS "none"

#define MEMBER(type, field, record) (*(type *) G_STRUCT_MEMBER_P (record, (field)->offset))
#define CONST_MEMBER(type, field, record)                                                          \
  (*(const type *) (gconstpointer) ((const char *) (record) + (field)->offset))

static guint64
get_number (const LvsdField *field, gconstpointer record)
{
  switch (field->type)
    {
    case LVSD_FIELD_UINT8:
    case LVSD_FIELD_BOOLEAN:
    case LVSD_FIELD_TERM:
    case LVSD_FIELD_FLAGS:
      return CONST_MEMBER (guint8, field, record);
    case LVSD_FIELD_UINT16:
      return CONST_MEMBER (guint16, field, record);
    case LVSD_FIELD_UINT32:
      return CONST_MEMBER (guint32, field, record);
    case LVSD_FIELD_INT32:
      return (guint64) CONST_MEMBER (gint32, field, record);
    case LVSD_FIELD_WORD:
    case LVSD_FIELD_ADDRESS:
      break;
    }
  g_assert_not_reached ();
}

static void
put_number (const LvsdField *field, gpointer record, guint64 number)
{
  switch (field->type)
    {
    case LVSD_FIELD_UINT8:
    case LVSD_FIELD_BOOLEAN:
    case LVSD_FIELD_TERM:
    case LVSD_FIELD_FLAGS:
      MEMBER (guint8, field, record) = (guint8) number;
      return;
    case LVSD_FIELD_UINT16:
      MEMBER (guint16, field, record) = (guint16) number;
      return;
    case LVSD_FIELD_UINT32:
      MEMBER (guint32, field, record) = (guint32) number;
      return;
    case LVSD_FIELD_INT32:
      MEMBER (gint32, field, record) = (gint32) number;
      return;
    case LVSD_FIELD_WORD:
    case LVSD_FIELD_ADDRESS:
      break;
    }
  g_assert_not_reached ();
}

/* The kernel may hold a value that has no word yet; it is shown as a number. */
static const char *
get_term (const LvsdField *field, gconstpointer record, char number[12])
{
  guint value = (guint) get_number (field, record);
  const char *word = lvsd_terms_format (field->terms, value);

  if (word != NULL)
    return word;
  g_snprintf (number, 12, "%u", value);
  return number;
}

static const char *
get_word (const LvsdField *field, gconstpointer record)
{
  return (const char *) record + field->offset;
}

/* The same bit has another name with each word that it goes with: the kernel's scheduler flag 1 is
 * "sh-fallback" with sh, and "flag-1" with a scheduler that gives it no meaning. */
static const char *
get_flag (const LvsdField *field, gconstpointer record, guint bit)
{
  const char *word = (const char *) record + field->minimum;
  gsize length = strlen (word);

  for (const LvsdTerm *term = field->terms; term->word != NULL; term++)
    if (term->value == bit && strncmp (term->word, word, length) == 0 && term->word[length] == '-')
      return term->word;
  return lvsd_terms_format (field->terms, bit);
}

static GStrv
get_flags (const LvsdField *field, gconstpointer record)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint bit = 1; bit <= field->maximum; bit <<= 1)
    if ((get_number (field, record) & bit) != 0)
      g_strv_builder_add (builder, get_flag (field, record, bit));
  return g_strv_builder_end (builder);
}

static gboolean
set_flags (const LvsdField *field, gpointer record, const char *const *words, GError **error)
{
  guint bits = 0;
  guint bit;

  for (gsize i = 0; words[i] != NULL; i++)
    {
      if (!lvsd_terms_parse (field->terms, field->name, words[i], &bit, error))
        return FALSE;
      bits |= bit;
    }
  put_number (field, record, bits);
  return TRUE;
}

/* Checks the range; the record is changed on success alone. */
gboolean
lvsd_field_set_number (const LvsdField *field, gpointer record, guint64 number, GError **error)
{
  if (number < field->minimum || number > field->maximum)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("%s: %" PRIu64 " is out of range; it goes from %" PRIu64 " to %" PRIu64),
                   field->name, number, field->minimum, field->maximum);
      return FALSE;
    }
  put_number (field, record, number);
  return TRUE;
}

static gboolean
is_word (const char *text)
{
  for (; *text != '\0'; text++)
    if (!g_ascii_isgraph (*text) || strchr ("[]=\"'\\", *text) != NULL)
      return FALSE;
  return TRUE;
}

static gboolean
are_words (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] == '\0' || !is_word (words[i]))
      return FALSE;
  return TRUE;
}

static gboolean
set_word (const LvsdField *field, gpointer record, const char *text, GError **error)
{
  gsize length = strlen (text);
  gboolean fits = (field->flags & LVSD_FIELD_SPACED) != 0 ? are_words (text) : is_word (text);

  if (length < field->minimum || length > field->maximum || !fits)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("%s: '%.40s' must be %" PRIu64 " to %" PRIu64
                      " printable characters without white space or any of []=\"'\\"),
                   field->name, text, field->minimum, field->maximum);
      return FALSE;
    }
  g_strlcpy ((char *) record + field->offset, text, field->maximum + 1);
  return TRUE;
}

static gboolean
set_term (const LvsdField *field, gpointer record, const char *word, GError **error)
{
  guint value;

  if (!lvsd_terms_parse (field->terms, field->name, word, &value, error))
    return FALSE;
  put_number (field, record, value);
  return TRUE;
}

static gboolean
set_address (const LvsdField *field, gpointer record, const char *text, GError **error)
{
  if (lvsd_address_parse (text, &MEMBER (LvsdAddress, field, record), error))
    return TRUE;
  g_prefix_error (error, "%s: ", field->name);
  return FALSE;
}

static LvsdAddress
preset_address (const LvsdField *field)
{
  LvsdAddress address = { .family = AF_INET };

  for (guint i = 0; i < 4; i++)
    address.bytes[i] = (guint8) (field->preset >> (24 - 8 * i));
  return address;
}

/* Gives the member the value that a new item has. */
void
lvsd_field_reset (const LvsdField *field, gpointer record)
{
  if (field->type == LVSD_FIELD_WORD)
    ((char *) record + field->offset)[0] = '\0';
  else if (field->type == LVSD_FIELD_ADDRESS)
    MEMBER (LvsdAddress, field, record) = preset_address (field);
  else
    put_number (field, record, field->preset);
}

gboolean
lvsd_field_is_preset (const LvsdField *field, gconstpointer record)
{
  LvsdAddress address;

  if (field->type == LVSD_FIELD_WORD)
    return get_word (field, record)[0] == '\0';
  if (field->type == LVSD_FIELD_ADDRESS)
    {
      address = preset_address (field);
      return lvsd_address_compare (&CONST_MEMBER (LvsdAddress, field, record), &address) == 0;
    }
  return get_number (field, record) == field->preset;
}

gboolean
lvsd_field_equal (const LvsdField *field, gconstpointer a, gconstpointer b)
{
  if (field->type == LVSD_FIELD_WORD)
    return g_str_equal (get_word (field, a), get_word (field, b));
  if (field->type == LVSD_FIELD_ADDRESS)
    return lvsd_address_compare (&CONST_MEMBER (LvsdAddress, field, a),
                                 &CONST_MEMBER (LvsdAddress, field, b))
           == 0;
  return get_number (field, a) == get_number (field, b);
}

const GVariantType *
lvsd_field_variant_type (const LvsdField *field)
{
  switch (field->type)
    {
    case LVSD_FIELD_UINT8:
    case LVSD_FIELD_UINT16:
    case LVSD_FIELD_UINT32:
      return G_VARIANT_TYPE_UINT32;
    case LVSD_FIELD_INT32:
      return G_VARIANT_TYPE_INT32;
    case LVSD_FIELD_BOOLEAN:
      return G_VARIANT_TYPE_BOOLEAN;
    case LVSD_FIELD_FLAGS:
      return G_VARIANT_TYPE_STRING_ARRAY;
    case LVSD_FIELD_TERM:
    case LVSD_FIELD_WORD:
    case LVSD_FIELD_ADDRESS:
      return G_VARIANT_TYPE_STRING;
    }
  g_assert_not_reached ();
}

/* Returns a floating reference. */
GVariant *
lvsd_field_get (const LvsdField *field, gconstpointer record)
{
  char address[LVSD_ADDRESS_TEXT_SIZE];
  g_auto (GStrv) words = NULL;
  char number[12];

  switch (field->type)
    {
    case LVSD_FIELD_UINT8:
    case LVSD_FIELD_UINT16:
    case LVSD_FIELD_UINT32:
      return g_variant_new_uint32 ((guint32) get_number (field, record));
    case LVSD_FIELD_INT32:
      return g_variant_new_int32 ((gint32) get_number (field, record));
    case LVSD_FIELD_BOOLEAN:
      return g_variant_new_boolean (get_number (field, record) != 0);
    case LVSD_FIELD_TERM:
      return g_variant_new_string (get_term (field, record, number));
    case LVSD_FIELD_FLAGS:
      words = get_flags (field, record);
      return g_variant_new_strv ((const char *const *) words, -1);
    case LVSD_FIELD_WORD:
      return g_variant_new_string (get_word (field, record));
    case LVSD_FIELD_ADDRESS:
      return g_variant_new_string (
          lvsd_address_format (&CONST_MEMBER (LvsdAddress, field, record), address));
    }
  g_assert_not_reached ();
}

/* Takes any number type that busctl and gdbus users would reach for, not 'u' alone. */
static gboolean
read_unsigned (const LvsdField *field, GVariant *value, guint64 *ret_number, GError **error)
{
  gint64 number;

  switch ((int) g_variant_classify (value))
    {
    case G_VARIANT_CLASS_BYTE:
      *ret_number = g_variant_get_byte (value);
      return TRUE;
    case G_VARIANT_CLASS_UINT16:
      *ret_number = g_variant_get_uint16 (value);
      return TRUE;
    case G_VARIANT_CLASS_UINT32:
      *ret_number = g_variant_get_uint32 (value);
      return TRUE;
    case G_VARIANT_CLASS_UINT64:
      *ret_number = g_variant_get_uint64 (value);
      return TRUE;
    case G_VARIANT_CLASS_INT16:
      number = g_variant_get_int16 (value);
      break;
    case G_VARIANT_CLASS_INT32:
      number = g_variant_get_int32 (value);
      break;
    case G_VARIANT_CLASS_INT64:
      number = g_variant_get_int64 (value);
      break;
    default:
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("%s: a number is expected, not a value of type '%s'"), field->name,
                   g_variant_get_type_string (value));
      return FALSE;
    }
  if (number < 0)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("%s: %" PRId64 " is out of range; it goes from %" PRIu64 " to %" PRIu64),
                   field->name, number, field->minimum, field->maximum);
      return FALSE;
    }
  *ret_number = (guint64) number;
  return TRUE;
}

static gboolean
check_type (const LvsdField *field, GVariant *value, GError **error)
{
  const GVariantType *type = lvsd_field_variant_type (field);

  if (g_variant_is_of_type (value, type))
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("%s: a value of type '%.*s' is expected, not '%s'"), field->name,
               (int) g_variant_type_get_string_length (type), g_variant_type_peek_string (type),
               g_variant_get_type_string (value));
  return FALSE;
}

/* Checks type and range; the record is changed on success alone. */
gboolean
lvsd_field_set (const LvsdField *field, gpointer record, GVariant *value, GError **error)
{
  g_autofree const char **words = NULL;
  guint64 number;

  switch (field->type)
    {
    case LVSD_FIELD_UINT8:
    case LVSD_FIELD_UINT16:
    case LVSD_FIELD_UINT32:
      return read_unsigned (field, value, &number, error)
             && lvsd_field_set_number (field, record, number, error);
    case LVSD_FIELD_INT32:
      if (!check_type (field, value, error))
        return FALSE;
      put_number (field, record, (guint64) g_variant_get_int32 (value));
      return TRUE;
    case LVSD_FIELD_BOOLEAN:
      if (!check_type (field, value, error))
        return FALSE;
      put_number (field, record, g_variant_get_boolean (value));
      return TRUE;
    case LVSD_FIELD_TERM:
      return check_type (field, value, error)
             && set_term (field, record, g_variant_get_string (value, NULL), error);
    case LVSD_FIELD_FLAGS:
      if (!check_type (field, value, error))
        return FALSE;
      words = g_variant_get_strv (value, NULL);
      return set_flags (field, record, words, error);
    case LVSD_FIELD_WORD:
      return check_type (field, value, error)
             && set_word (field, record, g_variant_get_string (value, NULL), error);
    case LVSD_FIELD_ADDRESS:
      return check_type (field, value, error)
             && set_address (field, record, g_variant_get_string (value, NULL), error);
    }
  g_assert_not_reached ();
}

/* In decimal. A checkpoint has several for each destination, which printf would make up half of. */
void
lvsd_number_append (GString *text, guint64 number)
{
  char digits[20];
  gsize begin = sizeof digits;

  do
    {
      digits[--begin] = (char) ('0' + number % 10);
      number /= 10;
    }
  while (number != 0);
  g_string_append_len (text, digits + begin, (gssize) (sizeof digits - begin));
}

/* Appends the value as it stands in the store and in an export. */
void
lvsd_field_format (const LvsdField *field, gconstpointer record, GString *text)
{
  char address[LVSD_ADDRESS_TEXT_SIZE];
  g_auto (GStrv) words = NULL;
  g_autofree char *joined = NULL;
  char number[12];

  switch (field->type)
    {
    case LVSD_FIELD_UINT8:
    case LVSD_FIELD_UINT16:
    case LVSD_FIELD_UINT32:
      lvsd_number_append (text, get_number (field, record));
      return;
    case LVSD_FIELD_INT32:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, (gint64) get_number (field, record));
      return;
    case LVSD_FIELD_BOOLEAN:
      g_string_append (text, get_number (field, record) != 0 ? "yes" : "no");
      return;
    case LVSD_FIELD_TERM:
      g_string_append (text, get_term (field, record, number));
      return;
    case LVSD_FIELD_FLAGS:
      words = get_flags (field, record);
      joined = g_strjoinv (",", words);
      g_string_append (text, words[0] != NULL ? joined : NO_FLAGS);
      return;
    case LVSD_FIELD_WORD:
      g_string_append (text, get_word (field, record));
      return;
    case LVSD_FIELD_ADDRESS:
      lvsd_address_format (&CONST_MEMBER (LvsdAddress, field, record), address);
      g_string_append (text, address);
      return;
    }
  g_assert_not_reached ();
}

static gboolean
parse_signed (const LvsdField *field, gpointer record, const char *text, GError **error)
{
  gint64 number;

  if (!g_ascii_string_to_signed (text, 10, G_MININT32, G_MAXINT32, &number, NULL))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("%s: '%s' must be a number from %d to %d"), field->name, text, G_MININT32,
                   G_MAXINT32);
      return FALSE;
    }
  put_number (field, record, (guint64) number);
  return TRUE;
}

static gboolean
parse_boolean (const LvsdField *field, gpointer record, const char *text, GError **error)
{
  static const LvsdTerm boolean_terms[] = { { "yes", 1 },   { "no", 0 }, { "true", 1 },
                                            { "false", 0 }, { "on", 1 }, { "off", 0 },
                                            { "1", 1 },     { "0", 0 },  { NULL, 0 } };
  guint value;

  if (!lvsd_terms_parse (boolean_terms, field->name, text, &value, error))
    return FALSE;
  put_number (field, record, value);
  return TRUE;
}

static gboolean
parse_flags (const LvsdField *field, gpointer record, const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit (g_str_equal (text, NO_FLAGS) ? "" : text, ",", -1);

  return set_flags (field, record, (const char *const *) words, error);
}

gboolean
lvsd_field_parse (const LvsdField *field, gpointer record, const char *text, GError **error)
{
  guint64 number;

  switch (field->type)
    {
    case LVSD_FIELD_UINT8:
    case LVSD_FIELD_UINT16:
    case LVSD_FIELD_UINT32:
      if (!g_ascii_string_to_unsigned (text, 10, field->minimum, field->maximum, &number, NULL))
        {
          g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                       _ ("%s: '%s' must be a number from %" PRIu64 " to %" PRIu64), field->name,
                       text, field->minimum, field->maximum);
          return FALSE;
        }
      put_number (field, record, number);
      return TRUE;
    case LVSD_FIELD_INT32:
      return parse_signed (field, record, text, error);
    case LVSD_FIELD_BOOLEAN:
      return parse_boolean (field, record, text, error);
    case LVSD_FIELD_TERM:
      return set_term (field, record, text, error);
    case LVSD_FIELD_FLAGS:
      return parse_flags (field, record, text, error);
    case LVSD_FIELD_WORD:
      return set_word (field, record, text, error);
    case LVSD_FIELD_ADDRESS:
      return set_address (field, record, text, error);
    }
  g_assert_not_reached ();
}
