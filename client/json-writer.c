/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "json-writer.h"

#include <string.h>

#include "model/field.h"

#define INDENTATION 2

void
lvsctl_json_writer_init (LvsctlJsonWriter *writer, gboolean pretty)
{
  *writer = (LvsctlJsonWriter){ .text = g_string_new (NULL), .pretty = pretty };
}

void
lvsctl_json_writer_clear (LvsctlJsonWriter *writer)
{
  if (writer->text != NULL)
    g_string_free (writer->text, TRUE);
  writer->text = NULL;
}

static void
begin_line (LvsctlJsonWriter *writer)
{
  gsize at = writer->text->len;
  guint indent = INDENTATION * writer->depth;

  if (!writer->pretty)
    return;
  g_string_set_size (writer->text, at + 1 + indent);
  writer->text->str[at] = '\n';
  memset (writer->text->str + at + 1, ' ', indent);
}

void
lvsctl_json_begin (LvsctlJsonWriter *writer, char bracket)
{
  g_string_append_c (writer->text, bracket);
  writer->depth++;
  writer->filled = FALSE;
}

void
lvsctl_json_end (LvsctlJsonWriter *writer, char bracket)
{
  writer->depth--;
  if (writer->filled)
    begin_line (writer);
  g_string_append_c (writer->text, bracket);
  writer->filled = TRUE;
}

void
lvsctl_json_element (LvsctlJsonWriter *writer)
{
  if (writer->filled)
    g_string_append_c (writer->text, ',');
  writer->filled = TRUE;
  begin_line (writer);
}

void
lvsctl_json_member (LvsctlJsonWriter *writer, const char *name)
{
  gsize at;

  lvsctl_json_element (writer);
  g_string_append_c (writer->text, '"');
  at = writer->text->len;
  g_string_append (writer->text, name);
  for (char *dash = writer->text->str + at; (dash = strchr (dash, '-')) != NULL;)
    *dash = '_';
  g_string_append (writer->text, writer->pretty ? "\" : " : "\":");
}

static void
append_escaped (GString *output, char character)
{
  static const char letters[] = "\bb\ff\nn\rr\tt\"\"\\\\";
  const char *found = NULL;

  for (gsize i = 0; i < sizeof letters - 1 && found == NULL; i += 2)
    if (letters[i] == character)
      found = &letters[i + 1];
  if (found != NULL)
    g_string_append_printf (output, "\\%c", *found);
  else
    g_string_append_printf (output, "\\u%04x", (guint) character);
}

static gboolean
is_plain (char character)
{
  return (guchar) character >= 0x20 && character != 0x7f && character != '"' && character != '\\';
}

void
lvsctl_json_string (LvsctlJsonWriter *writer, const char *text)
{
  g_string_append_c (writer->text, '"');
  while (*text != '\0')
    {
      const char *end = text;

      while (is_plain (*end))
        end++;
      g_string_append_len (writer->text, text, end - text);
      text = end;
      if (*text != '\0')
        append_escaped (writer->text, *text++);
    }
  g_string_append_c (writer->text, '"');
}

void
lvsctl_json_number (LvsctlJsonWriter *writer, guint64 number)
{
  lvsd_number_append (writer->text, number);
}

static void
append_array (LvsctlJsonWriter *writer, GVariant *array)
{
  lvsctl_json_begin (writer, '[');
  for (gsize i = 0; i < g_variant_n_children (array); i++)
    {
      g_autoptr (GVariant) element = g_variant_get_child_value (array, i);

      lvsctl_json_element (writer);
      lvsctl_json_value (writer, element);
    }
  lvsctl_json_end (writer, ']');
}

void
lvsctl_json_members (LvsctlJsonWriter *writer, GVariant *object)
{
  for (gsize i = 0; i < g_variant_n_children (object); i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (object, i);
      g_autoptr (GVariant) name = g_variant_get_child_value (entry, 0);
      g_autoptr (GVariant) value = g_variant_get_child_value (entry, 1);

      lvsctl_json_element (writer);
      lvsctl_json_string (writer, g_variant_get_string (name, NULL));
      g_string_append (writer->text, writer->pretty ? " : " : ":");
      lvsctl_json_value (writer, value);
    }
}

static void
append_container (LvsctlJsonWriter *writer, GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE ("a{s*}")))
    {
      lvsctl_json_begin (writer, '{');
      lvsctl_json_members (writer, value);
      lvsctl_json_end (writer, '}');
    }
  else
    append_array (writer, value);
}

static void
append_maybe (LvsctlJsonWriter *writer, GVariant *value)
{
  GVariant *inner = g_variant_get_maybe (value);

  if (inner == NULL)
    {
      g_string_append (writer->text, "null");
      return;
    }
  lvsctl_json_value (writer, inner);
  g_variant_unref (inner);
}

static void
append_inner (LvsctlJsonWriter *writer, GVariant *value)
{
  g_autoptr (GVariant) inner = g_variant_get_variant (value);

  lvsctl_json_value (writer, inner);
}

void
lvsctl_json_value (LvsctlJsonWriter *writer, GVariant *value)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (value);

  switch ((int) g_variant_classify (owned))
    {
    case G_VARIANT_CLASS_STRING:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
      lvsctl_json_string (writer, g_variant_get_string (owned, NULL));
      return;
    case G_VARIANT_CLASS_BOOLEAN:
      g_string_append (writer->text, g_variant_get_boolean (owned) ? "true" : "false");
      return;
    case G_VARIANT_CLASS_UINT32:
      lvsctl_json_number (writer, g_variant_get_uint32 (owned));
      return;
    case G_VARIANT_CLASS_UINT64:
      lvsctl_json_number (writer, g_variant_get_uint64 (owned));
      return;
    case G_VARIANT_CLASS_VARIANT:
      append_inner (writer, owned);
      return;
    case G_VARIANT_CLASS_MAYBE:
      append_maybe (writer, owned);
      return;
    case G_VARIANT_CLASS_ARRAY:
    case G_VARIANT_CLASS_TUPLE:
      append_container (writer, owned);
      return;
    default: /* the other numbers */
      g_variant_print_string (owned, writer->text, FALSE);
    }
}
