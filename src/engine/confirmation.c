/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/confirmation.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "engine/history.h"

/* When going back failed, on a full disk say. */
#define RETRY_SECONDS 5

struct _LvsdConfirmation
{
  LvsdNode *node;
  int fd;
  guint source;
  guint32 late; /* the generation whose time has been found over already; 0: none */
  LvsdConfirmationFunc expired;
  gpointer user_data;
};

/* seconds from now on; 0: never. */
static void
arm (LvsdConfirmation *confirmation, gint64 seconds)
{
  const struct itimerspec timer = { .it_value.tv_sec = seconds };

  if (timerfd_settime (confirmation->fd, 0, &timer, NULL) != 0)
    g_critical ("timerfd_settime: %s", g_strerror (errno));
}

static gboolean
on_timer (int fd, G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
  LvsdConfirmation *confirmation = user_data;
  const LvsdGeneration *pending;
  guint64 n_expirations;
  gint64 seconds;

  if (read (fd, &n_expirations, sizeof n_expirations) < 0)
    return G_SOURCE_CONTINUE;
  pending = lvsd_history_pending (confirmation->node, &seconds);
  if (pending == NULL || seconds > 0)
    {
      lvsd_confirmation_follow (confirmation);
      return G_SOURCE_CONTINUE;
    }
  confirmation->late = pending->number;
  confirmation->expired (pending->fallback, confirmation->user_data);
  return G_SOURCE_CONTINUE;
}

LvsdConfirmation *
lvsd_confirmation_new (LvsdNode *node,
                       LvsdConfirmationFunc expired,
                       gpointer user_data,
                       GError **error)
{
  int fd = timerfd_create (CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  LvsdConfirmation *confirmation;

  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "timerfd_create: %s",
                   g_strerror (errno));
      return NULL;
    }
  confirmation = g_new0 (LvsdConfirmation, 1);
  confirmation->node = node;
  confirmation->fd = fd;
  confirmation->expired = expired;
  confirmation->user_data = user_data;
  confirmation->source = g_unix_fd_add (fd, G_IO_IN, on_timer, confirmation);
  return confirmation;
}

void
lvsd_confirmation_free (LvsdConfirmation *confirmation)
{
  g_source_remove (confirmation->source);
  close (confirmation->fd);
  g_free (confirmation);
}

void
lvsd_confirmation_follow (LvsdConfirmation *confirmation)
{
  gint64 seconds = 0;
  const LvsdGeneration *pending = lvsd_history_pending (confirmation->node, &seconds);

  if (pending == NULL)
    arm (confirmation, 0);
  else
    arm (confirmation, pending->number == confirmation->late ? RETRY_SECONDS : MAX (seconds, 1));
}
