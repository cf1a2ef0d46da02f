/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "setting-value.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "error.h"
#include "replaced.h"

typedef struct
{
  gint64 minimum;
  gint64 maximum;
} Range;

static gboolean
parse_number (const Range *range, const char *text, gint64 *ret_number, GError **error)
{
  if (g_ascii_string_to_signed (text, 10, range->minimum, range->maximum, ret_number, NULL))
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("value: '%.40s' must be a number from %" PRId64 " to %" PRId64), text,
               range->minimum, range->maximum);
  return FALSE;
}

static char *
normalize_number (const Range *range, const char *text, GError **error)
{
  gint64 number;

  if (!parse_number (range, text, &number, error))
    return NULL;
  return g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

static char *
normalize_power (const Range *range, const char *text, GError **error)
{
  gint64 number;

  if (!parse_number (range, text, &number, error))
    return NULL;
  if ((number & (number - 1)) == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT, number);
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("value: %" PRId64 " is not a power of two, such as 1, 2, 4 or 8"), number);
  return NULL;
}

/* Words with any white space between them; the kernel prints a tab. */
static GPtrArray *
split (const char *text)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);

  for (text += strspn (text, " \t\n"); *text != '\0'; text += strspn (text, " \t\n"))
    {
      gsize length = strcspn (text, " \t\n");

      g_ptr_array_add (words, g_strndup (text, length));
      text += length;
    }
  return words;
}

static char *
normalize_pair (const Range *range, const char *text, GError **error)
{
  g_autoptr (GPtrArray) words = split (text);
  gint64 first;
  gint64 second;

  if (words->len != 2)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("value: '%.40s' must be two numbers, like '3 50'"), text);
      return NULL;
    }
  if (!parse_number (range, words->pdata[0], &first, error)
      || !parse_number (range, words->pdata[1], &second, error))
    return NULL;
  if (first < second || second == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, first, second);
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("value: of '%.40s' the first number must be less than the second, unless that is "
                  "0"),
               text);
  return NULL;
}

static gboolean
mark_range (const Range *range, const char *text, guint8 *marks, GError **error)
{
  g_auto (GStrv) ends = g_strsplit (text, "-", 2);
  gint64 first;
  gint64 last;

  if (ends[0] == NULL || !parse_number (range, ends[0], &first, NULL)
      || !parse_number (range, ends[1] != NULL ? ends[1] : ends[0], &last, NULL) || first > last)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("value: '%.40s' must be processors' numbers, like 0-3,8"), text);
      return FALSE;
    }
  memset (marks + first, TRUE, (gsize) (last - first + 1));
  return TRUE;
}

/* marks ends with one that is not set. */
static char *
format_marks (const guint8 *marks, gint64 length)
{
  GString *text = g_string_new (NULL);

  for (gint64 first = 0; first < length; first++)
    {
      gint64 last = first;

      if (!marks[first])
        continue;
      while (marks[last + 1])
        last++;
      g_string_append_printf (text, "%s%" G_GINT64_FORMAT, text->len > 0 ? "," : "", first);
      if (last > first)
        g_string_append_printf (text, "-%" G_GINT64_FORMAT, last);
      first = last;
    }
  return g_string_free (text, FALSE);
}

/* As the kernel prints the set, however it was written. No processor at all is left to
 * run_estimation=0, which says the same. */
static char *
normalize_processors (const Range *range, const char *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  g_autofree guint8 *marks = g_malloc0 ((gsize) range->maximum + 2);

  if (parts[0] == NULL)
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                           _ ("value: is empty; to stop estimation set run_estimation to 0"));
      return NULL;
    }
  for (guint i = 0; parts[i] != NULL; i++)
    if (!mark_range (range, parts[i], marks, error))
      return NULL;
  return format_marks (marks, range->maximum + 1);
}

static char *
normalize (LvsdSettingForm form, const Range *range, const char *text, GError **error)
{
  switch (form)
    {
    case LVSD_SETTING_NUMBER:
    case LVSD_SETTING_DEFENCE:
      return normalize_number (range, text, error);
    case LVSD_SETTING_POWER_OF_TWO:
      return normalize_power (range, text, error);
    case LVSD_SETTING_PAIR:
      return normalize_pair (range, text, error);
    case LVSD_SETTING_PROCESSORS:
      return normalize_processors (range, text, error);
    }
  g_assert_not_reached ();
}

/* A value as the kernel prints it, with one space between numbers. */
gboolean
lvsd_setting_value_normalize (LvsdSettingForm form,
                              gint64 minimum,
                              gint64 maximum,
                              const char *text,
                              char **ret_value,
                              GError **error)
{
  const Range range = { minimum, maximum };
  g_autofree char *value = normalize (form, &range, text, error);

  if (value == NULL)
    return FALSE;
  if (strlen (value) > LVSD_SYSCTL_VALUE_MAX)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("value: is longer than %d characters"), LVSD_SYSCTL_VALUE_MAX);
      return FALSE;
    }
  *ret_value = g_steal_pointer (&value);
  return TRUE;
}
