/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/policy-file.h"

static gboolean
read_policy (const char *path, LvsdPolicy *ret_policy, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (g_file_get_contents (path, &text, &length, &local_error))
    {
      if (lvsd_policy_parse (text, length, ret_policy, error))
        return TRUE;
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  if (!g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  lvsd_policy_reset (ret_policy);
  return TRUE;
}

void
lvsd_policy_file_read (LvsdNode *node)
{
  g_autoptr (GError) error = NULL;

  if (!read_policy (node->policy_path, &node->policy, &error))
    g_warning ("%s", error->message);
  lvsd_node_set_policy_problem (node, error != NULL ? error->message : NULL);
}
