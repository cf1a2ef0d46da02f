/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"

G_BEGIN_DECLS

/* What a signal of the daemon's says, or that the daemon came or went. */
typedef struct
{
  const char *event; /* "added", "changed", "removed", "state", "generation", "started", "gone" */
  char *kind;        /* "service", "destination", "address", "role"; NULL: the node itself */
  char *id;          /* as its commands name it: "web", "web/192.0.2.11:80", "192.0.2.100" */
  GVariant *fields;  /* a{sv}, named as the options are */
} LvsctlEvent;

/* FALSE for a signal that has nothing to tell. */
gboolean lvsctl_event_from_signal (LvsctlEvent *event,
                                   const char *path,
                                   const char *member,
                                   GVariant *parameters);
void lvsctl_event_clear (LvsctlEvent *event);

/* "changed service web: scheduler wlc, persistence 300" */
char *lvsctl_event_describe (const LvsctlEvent *event);

/* Prints events, a line each, until it is interrupted. */
gboolean lvsctl_monitor (LvsctlClient *client, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LvsctlEvent, lvsctl_event_clear)

G_END_DECLS
