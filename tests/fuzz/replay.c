/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

/* Calls a target with each file of its corpus: what fuzzing once found stays found in every build,
 * without libFuzzer. */

static void
replay (gconstpointer user_data)
{
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (user_data, &content, &length, &error);
  g_assert_no_error (error);
  LLVMFuzzerTestOneInput ((const guint8 *) content, length);
}

int
main (int argc, char **argv)
{
  const char *corpus = g_getenv ("LVSD_CORPUS");
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) directory = NULL;
  const char *name;

  g_test_init (&argc, &argv, NULL);
  directory = g_dir_open (corpus, 0, &error);
  g_assert_no_error (error);
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_strconcat ("/replay/", name, NULL);

      g_test_add_data_func_full (path, g_build_filename (corpus, name, NULL), replay, g_free);
    }
  return g_test_run ();
}
