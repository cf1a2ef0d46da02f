/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* polkit's text agent, pkttyagent, which asks for a password on our terminal in the name of polkit;
 * lvsctl never sees one. */
typedef struct _LvsctlAgent LvsctlAgent;

/* Whether there is a terminal that somebody may be asked on. */
gboolean lvsctl_agent_is_possible (void);

/* Returns when polkit knows the agent, or the agent could not be made known to it. Errors: there is
 * no pkttyagent, or it does not start. */
LvsctlAgent *lvsctl_agent_new (GError **error);

/* Ends it and leaves the terminal as it was. */
void lvsctl_agent_free (LvsctlAgent *agent);

/* Between these two, what is typed to interrupt ends the agent's question and not this program,
 * so that it is the daemon that says what became of the call. Returns whether it was typed: polkit
 * does not tell an agent that went away from a wrong password. */
void lvsctl_agent_begin (LvsctlAgent *agent);
gboolean lvsctl_agent_end (LvsctlAgent *agent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsctlAgent, lvsctl_agent_free)

G_END_DECLS
