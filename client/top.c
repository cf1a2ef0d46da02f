/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "top.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "arguments.h"
#include "destination.h"
#include "json.h"
#include "selection.h"
#include "service.h"
#include "statistics.h"
#include "terminal.h"
#include "tree.h"

#define PRESET_INTERVAL 2 /* seconds; what the kernel's own rates are of */
#define PRESET_ORDER "-connection-rate"

#define ENTER_SCREEN "\033[?1049h\033[?25l"
#define LEAVE_SCREEN "\033[?25h\033[?1049l"
#define TO_TOP "\033[H"
#define END_LINE "\033[K\n"
#define CLEAR_REST "\033[J"

typedef struct
{
  LvsctlClient *client;
  GMainLoop *loop;
  LvsctlOverview overview;
  GError *failure;   /* of the last time, while it goes on */
  const char *order; /* interned */
  guint left;        /* pictures; 0: any number */
  gboolean is_screen;
  gboolean has_keys;
  struct termios before;
} Top;

/* What the key 's' goes through. */
static const char *const orders[] = { "-connection-rate", "-byte-rate-in", "-byte-rate-out",
                                      "-connections",     "-active",       "name" };

/* What is shown on terminals of at least so many columns. */
static const struct
{
  guint least;
  const char *columns;
} views[] = {
  { 100, "name,key,weight,active,inactive,connection-rate,byte-rate-in,byte-rate-out,connections,"
         "state" },
  { 72, "name,key,active,inactive,connection-rate,byte-rate-in,byte-rate-out,state" },
  { 0, "name,key,active,connection-rate,byte-rate-in,byte-rate-out" },
};

static const char *
choose_view (guint columns)
{
  gsize i = 0;

  while (columns != 0 && columns < views[i].least)
    i++;
  return views[i].columns;
}

static gboolean
fetch (Top *top, GError **error)
{
  LvsctlOverview *overview = &top->overview;

  lvsctl_overview_clear (overview);
  overview->services = lvsctl_listing_fetch (top->client, &lvsctl_service_listing, NULL,
                                             &overview->generation, error);
  if (overview->services == NULL)
    return FALSE;
  overview->destinations =
      lvsctl_listing_fetch (top->client, &lvsctl_destination_listing, NULL, NULL, error);
  return overview->destinations != NULL
         && lvsctl_condition_fetch (top->client, 0, &overview->condition, error);
}

static char *
describe (const LvsctlOverview *overview, const char *order)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%T");
  g_autofree char *state = lvsctl_condition_describe (&overview->condition);

  return g_strdup_printf (_ ("%s  %s  services %u, destinations %u  by %s"), time, state,
                          overview->services->len, overview->destinations->len, order);
}

char *
lvsctl_top_draw (const LvsctlOverview *overview,
                 const char *order,
                 guint columns,
                 guint lines,
                 gboolean color)
{
  g_autoptr (LvsctlTree) tree = lvsctl_tree_new (choose_view (columns));
  g_autoptr (LvsctlRoster) roster = NULL;
  g_autofree char *head = describe (overview, order);
  g_autofree char *text = NULL;
  g_auto (GStrv) rows = NULL;
  GString *picture = g_string_new (NULL);

  lvsctl_selection_sort (&lvsctl_service_listing, order, overview->services);
  lvsctl_selection_sort (&lvsctl_destination_listing, order, overview->destinations);
  roster =
      lvsctl_roster_new_of_rows (overview->services, overview->destinations, overview->generation);
  lvsctl_tree_add_all (tree, roster, NULL);
  lvsctl_table_set_width (lvsctl_tree_table (tree), columns);
  text = lvsctl_table_format (lvsctl_tree_table (tree), TRUE, color);
  if (columns > 0)
    {
      g_autofree char *cut = lvsctl_terminal_cut (head, columns);

      g_string_append_printf (picture, "%s\n", cut);
    }
  else
    g_string_append_printf (picture, "%s\n", head);
  rows = g_strsplit (text, "\n", -1);
  for (guint i = 0; rows[i] != NULL && rows[i][0] != '\0' && (lines == 0 || i + 2 < lines); i++)
    g_string_append_printf (picture, "%s\n", rows[i]);
  return g_string_free (picture, FALSE);
}

/* Drawn over what was there, so that nothing flickers. The last line has the keys. */
static void
show_on_screen (Top *top)
{
  guint columns = lvsctl_terminal_columns ();
  guint lines = lvsctl_terminal_lines ();
  g_autofree char *picture = NULL;
  g_autofree char *keys =
      lvsctl_terminal_cut (_ ("s: sort by another column   r: turn the order   q: quit"), columns);
  g_auto (GStrv) rows = NULL;

  picture = top->failure != NULL ? g_strdup_printf ("%s\n", top->failure->message)
                                 : lvsctl_top_draw (&top->overview, top->order, columns, lines,
                                                    lvsctl_terminal_has_color ());
  rows = g_strsplit (picture, "\n", -1);
  fputs (TO_TOP, stdout);
  for (guint i = 0; rows[i] != NULL && rows[i + 1] != NULL; i++)
    printf ("%s" END_LINE, rows[i]);
  printf ("%s\033[K" CLEAR_REST, top->has_keys ? keys : "");
  fflush (stdout);
}

static void
show_plainly (Top *top)
{
  g_autofree char *text = NULL;

  if (top->failure != NULL)
    return;
  if (top->client->arguments->json)
    lvsctl_statistics_print_line (&top->overview);
  else if (top->client->arguments->terse)
    lvsctl_statistics_print_tersely (&top->overview);
  else
    {
      text = lvsctl_top_draw (&top->overview, top->order, lvsctl_terminal_columns (), 0, FALSE);
      lvsctl_terminal_print (text);
    }
  fflush (stdout);
}

static void
show (Top *top)
{
  if (top->is_screen)
    show_on_screen (top);
  else
    show_plainly (top);
}

/* While lvsd is being restarted, that is what is shown. */
static gboolean
on_interval (gpointer user_data)
{
  Top *top = user_data;

  g_clear_error (&top->failure);
  fetch (top, &top->failure);
  show (top);
  if (top->left > 0 && --top->left == 0)
    g_main_loop_quit (top->loop);
  return G_SOURCE_CONTINUE;
}

static void
turn_order (Top *top)
{
  g_autofree char *turned = g_strconcat ("-", top->order, NULL);

  top->order = top->order[0] == '-' ? g_intern_string (top->order + 1) : g_intern_string (turned);
}

static void
next_order (Top *top)
{
  gsize next = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    if (g_str_equal (orders[i] + strspn (orders[i], "-"), top->order + strspn (top->order, "-")))
      next = (i + 1) % G_N_ELEMENTS (orders);
  top->order = orders[next];
}

static gboolean
on_key (int fd, G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
  Top *top = user_data;
  char key = '\0';

  if (read (fd, &key, 1) <= 0)
    return G_SOURCE_REMOVE;
  if (key == 'q')
    g_main_loop_quit (top->loop);
  else if (key == 's')
    next_order (top);
  else if (key == 'r')
    turn_order (top);
  if (top->failure == NULL)
    show (top);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_resize (gpointer user_data)
{
  fputs (TO_TOP CLEAR_REST, stdout);
  show (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_interrupt (gpointer user_data)
{
  g_main_loop_quit (((Top *) user_data)->loop);
  return G_SOURCE_CONTINUE;
}

/* Keys come one by one and are not shown; the rest of the terminal stays as it is. */
static void
take_screen (Top *top)
{
  struct termios raw;

  top->is_screen = lvsctl_terminal_columns () > 0 && !top->client->arguments->json
                   && !top->client->arguments->terse && !lvsctl_terminal_is_dumb ();
  if (!top->is_screen)
    return;
  fputs (ENTER_SCREEN, stdout);
  top->has_keys = isatty (STDIN_FILENO) && tcgetattr (STDIN_FILENO, &top->before) == 0;
  if (!top->has_keys)
    return;
  raw = top->before;
  raw.c_lflag &= ~(tcflag_t) (ICANON | ECHO);
  tcsetattr (STDIN_FILENO, TCSANOW, &raw);
}

static void
give_screen_back (Top *top)
{
  if (top->has_keys)
    tcsetattr (STDIN_FILENO, TCSANOW, &top->before);
  if (top->is_screen)
    fputs (LEAVE_SCREEN, stdout);
  fflush (stdout);
}

static void
run (Top *top, guint interval)
{
  guint sources[6] = { g_timeout_add_seconds (interval, on_interval, top),
                       g_unix_signal_add (SIGINT, on_interrupt, top),
                       g_unix_signal_add (SIGTERM, on_interrupt, top),
                       g_unix_signal_add (SIGHUP, on_interrupt, top) };

  take_screen (top);
  if (top->is_screen)
    sources[4] = g_unix_signal_add (SIGWINCH, on_resize, top);
  if (top->has_keys)
    sources[5] = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, on_key, top);
  show (top);
  if (top->left == 0 || --top->left > 0)
    g_main_loop_run (top->loop);
  give_screen_back (top);
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    if (sources[i] != 0 && g_main_context_find_source_by_id (NULL, sources[i]) != NULL)
      g_source_remove (sources[i]);
}

gboolean
lvsctl_top (LvsctlClient *client, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  const char *order = lvsctl_selection_order (client->arguments);
  Top top = { .client = client, .loop = loop };
  guint32 interval = PRESET_INTERVAL;
  gboolean ok;

  if (!lvsctl_selection_check_order (&lvsctl_destination_listing, order, NULL)
      && !lvsctl_selection_check_order (&lvsctl_service_listing, order, error))
    return FALSE;
  top.order = g_intern_string (order != NULL ? order : PRESET_ORDER);
  g_variant_lookup (client->arguments->options, "interval", "u", &interval);
  g_variant_lookup (client->arguments->options, "count", "u", &top.left);
  ok = fetch (&top, error);
  if (ok)
    run (&top, interval);
  g_clear_error (&top.failure);
  lvsctl_overview_clear (&top.overview);
  return ok;
}
