/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "rule.h"

G_BEGIN_DECLS

/* What the options of a command line have said so far. They are taken from left to right, and some
 * mean what those before them make of them: -M is a mask or a length, -r without a port has the
 * service's. */
typedef struct
{
  LvsctlRule *rule;          /* its items have no identity yet */
  LvsdServiceIdentity *last; /* borrowed; NULL, or what the service's may be equal to */
  LvsdServiceKey key;
  LvsdEndpoint server;
  guint32 netmask;    /* IPv4: the mask; IPv6: the length of the prefix */
  const char *flags;  /* as given; NULL: none */
  GVariantDict *sync; /* NULL where nothing was said of one */
} LvsctlRuleDraft;

void lvsctl_rule_draft_init (LvsctlRuleDraft *draft, LvsctlRule *rule, LvsdServiceIdentity *last);
void lvsctl_rule_draft_clear (LvsctlRuleDraft *draft);

/* value is NULL where the option has none. */
gboolean lvsctl_rule_draft_take (LvsctlRuleDraft *draft,
                                 const LvsctlSwitch *given,
                                 const char *value,
                                 GError **error);
gboolean lvsctl_rule_draft_take_timeout (LvsctlRuleDraft *draft,
                                         LvsctlTimeout timeout,
                                         const char *value,
                                         GError **error);

/* What can be said only when all options are known. */
gboolean lvsctl_rule_draft_settle (LvsctlRuleDraft *draft, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LvsctlRuleDraft, lvsctl_rule_draft_clear)

G_END_DECLS
