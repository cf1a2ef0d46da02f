/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libintl.h>
#include <locale.h>
#include <malloc.h>

#include "program.h"

#define DROP_IN "ipvsadm"
#define LARGEST_BLOCK (32 << 20) /* what malloc() keeps among the others at most */

/* Called by that name, through a link, it is the verb of the same name. */
static gboolean
is_drop_in (const char *program)
{
  g_autofree char *name = g_path_get_basename (program);

  return g_str_equal (name, DROP_IN);
}

/* The bus's thread makes what the main one reads. An arena of its own would grow by a system call
 * for each page. What a large text or message took is used again for the next, where the kernel
 * would have to give, and clear, other pages. */
static void
share_memory (void)
{
  mallopt (M_ARENA_MAX, 1);
  mallopt (M_TOP_PAD, 4 << 20);
  mallopt (M_MMAP_THRESHOLD, LARGEST_BLOCK);
}

int
main (int argc, char **argv)
{
  share_memory ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LVSD_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE); /* for ngettext(), which takes no domain */
  if (argc > 0 && is_drop_in (argv[0]))
    {
      argv[0] = (char *) DROP_IN;
      return lvsctl_program_run ((const char *const *) argv);
    }
  return lvsctl_program_run ((const char *const *) argv + (argc > 0 ? 1 : 0));
}
