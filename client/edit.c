/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "arguments.h"
#include "configuration.h"
#include "exit-status.h"
#include "plan.h"
#include "prompt.h"
#include "terminal.h"

/* A file that nobody else can look into, and what stood in it at first. */
typedef struct
{
  char *directory;
  char *path;
  char *text;
  gboolean keep; /* what is in it would be lost */
} Draft;

static void
clear_draft (Draft *draft)
{
  if (draft->path != NULL && !draft->keep)
    g_unlink (draft->path);
  if (draft->directory != NULL && !draft->keep)
    g_rmdir (draft->directory);
  g_free (draft->path);
  g_free (draft->directory);
  g_free (draft->text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draft, clear_draft)

static gboolean
begin (LvsctlClient *client, Draft *draft, GError **error)
{
  draft->text = lvsctl_configuration_fetch (client, error);
  if (draft->text == NULL)
    return FALSE;
  draft->directory = g_dir_make_tmp ("lvsctl-XXXXXX", error);
  if (draft->directory == NULL)
    return FALSE;
  draft->path = g_build_filename (draft->directory, "configuration.lvs", NULL);
  return g_file_set_contents_full (draft->path, draft->text, -1, G_FILE_SET_CONTENTS_NONE, 0600,
                                   error);
}

static const char *
editor_name (void)
{
  const char *visual = g_getenv ("VISUAL");
  const char *editor = g_getenv ("EDITOR");

  if (visual != NULL && visual[0] != '\0')
    return visual;
  return editor != NULL && editor[0] != '\0' ? editor : "vi";
}

/* The variable may hold options, as "emacs -nw". */
static gboolean
run_editor (const Draft *draft, GError **error)
{
  g_auto (GStrv) words = NULL;
  g_autofree char **argv = NULL;
  int n;
  int status;

  if (!g_shell_parse_argv (editor_name (), &n, &words, error))
    return FALSE;
  argv = g_new0 (char *, (gsize) n + 2);
  for (int i = 0; i < n; i++)
    argv[i] = words[i];
  argv[n] = draft->path;
  if (g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN, NULL,
                    NULL, NULL, NULL, &status, error)
      && g_spawn_check_wait_status (status, error))
    return TRUE;
  g_prefix_error (error, "%s: ", editor_name ());
  return FALSE;
}

static gboolean
is_unchanged (const Draft *draft)
{
  g_autofree char *now = NULL;

  return g_file_get_contents (draft->path, &now, NULL, NULL) && g_str_equal (now, draft->text);
}

/* Somebody else's change would be taken back by what was written on top of what was before it. */
static gboolean
check_base (LvsctlClient *client, const Draft *draft, GError **error)
{
  g_autofree char *now = lvsctl_configuration_fetch (client, error);

  if (now == NULL)
    return FALSE;
  if (g_str_equal (now, draft->text))
    return TRUE;
  g_set_error_literal (error, LVSCTL_ERROR, LVSCTL_ERROR_FAILED,
                       _ ("the configuration was changed by somebody else while you edited it"));
  return FALSE;
}

/* What the text would do, and whether that is wanted. ret_nothing: it would do nothing. */
static gboolean
review (LvsctlClient *client, GPtrArray *items, gboolean *ret_nothing, GError **error)
{
  g_autoptr (GVariant) result = lvsctl_configuration_apply (client, items, TRUE, TRUE, error);
  gsize n_steps;

  if (result == NULL || !lvsctl_plan_print (client, result, &n_steps, error))
    return FALSE;
  *ret_nothing = n_steps == 0 || lvsctl_plan_is_dry (client);
  return *ret_nothing || client->arguments->force
         || lvsctl_prompt_yes_or_no ("", _ ("Apply it?"), error);
}

static gboolean
submit (LvsctlClient *client, const Draft *draft, GPtrArray *items, GError **error)
{
  g_autoptr (GVariant) result = NULL;

  if (!check_base (client, draft, error))
    return FALSE;
  result = lvsctl_configuration_apply (client, items, TRUE, FALSE, error);
  if (result == NULL)
    return FALSE;
  lvsctl_plan_say_done (client, _ ("Applied"), result);
  return TRUE;
}

/* One time through the editor. */
static gboolean
try_once (LvsctlClient *client, const Draft *draft, GError **error)
{
  g_autoptr (GPtrArray) items = NULL;
  gboolean nothing = FALSE;

  if (!run_editor (draft, error))
    return FALSE;
  if (is_unchanged (draft))
    {
      lvsctl_client_say (client, _ ("Nothing was changed."));
      return TRUE;
    }
  items = lvsctl_configuration_read (draft->path, error);
  return items != NULL && review (client, items, &nothing, error)
         && (nothing || submit (client, draft, items, error));
}

/* A mistake in the text is shown and can be mended, as visudo does it. */
static gboolean
wants_another_try (LvsctlClient *client, const GError *reason)
{
  g_autoptr (GError) declined = NULL;

  if (client->arguments->force || g_error_matches (reason, LVSCTL_ERROR, LVSCTL_ERROR_UNREACHABLE)
      || g_error_matches (reason, LVSCTL_ERROR, LVSCTL_ERROR_DECLINED))
    return FALSE;
  return lvsctl_prompt_yes_or_no (reason->message, _ ("Edit it again?"), &declined);
}

gboolean
lvsctl_edit (LvsctlClient *client, GError **error)
{
  g_auto (Draft) draft = { 0 };

  if (!client->arguments->force && !lvsctl_plan_is_dry (client) && !lvsctl_prompt_is_possible ())
    {
      g_set_error_literal (error, LVSCTL_ERROR, LVSCTL_ERROR_DECLINED,
                           _ ("edit asks before it applies, and nobody is there to ask; add "
                              "--force, or use 'export' and 'apply --replace'"));
      return FALSE;
    }
  if (!begin (client, &draft, error))
    return FALSE;
  for (;;)
    {
      g_autoptr (GError) reason = NULL;

      if (try_once (client, &draft, &reason))
        return TRUE;
      if (wants_another_try (client, reason))
        continue;
      draft.keep = !is_unchanged (&draft);
      g_propagate_error (error, g_steal_pointer (&reason));
      if (draft.keep)
        g_prefix_error (error, _ ("what you wrote is kept in %s: "), draft.path);
      return FALSE;
    }
}
