/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "preferences.h"

#include <glib/gi18n-lib.h>

#include "error.h"

#define GROUP "ipvsadm"

static gboolean
refuse (const char *path, const char *reason, GError **error)
{
  g_set_error (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_ILLEGAL, "%s: %s", path, reason);
  return FALSE;
}

static gboolean
read_weights (GKeyFile *file, const char *path, gboolean *ret_runtime, GError **error)
{
  g_autofree char *word = g_key_file_get_string (file, GROUP, "weights", NULL);
  g_autofree char *reason = NULL;

  *ret_runtime = g_strcmp0 (word, "runtime") == 0;
  if (word == NULL || *ret_runtime || g_str_equal (word, "configured"))
    return TRUE;
  reason =
      g_strdup_printf (_ ("[" GROUP "] weights: '%s' is neither configured nor runtime"), word);
  return refuse (path, reason, error);
}

gboolean
lvsctl_preferences_read (const char *path, LvsctlPreferences *ret_preferences, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) reason = NULL;
  LvsctlPreferences preferences = { 0 };

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &reason)
      && !g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return refuse (path, reason->message, error);
  if (!read_weights (file, path, &preferences.runtime_weights, error))
    return FALSE;
  *ret_preferences = preferences;
  return TRUE;
}
