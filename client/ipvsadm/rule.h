/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/destination.h"
#include "model/service.h"
#include "switches.h"

G_BEGIN_DECLS

/* Timeouts in the order of --set. */
typedef enum
{
  LVSCTL_TIMEOUT_TCP,
  LVSCTL_TIMEOUT_TCP_FIN,
  LVSCTL_TIMEOUT_UDP,
  LVSCTL_N_TIMEOUTS,
} LvsctlTimeout;

/* One command line of ipvsadm, understood and checked as far as it can be without a kernel. */
typedef struct
{
  LvsctlSwitchId command;
  guint64 given;                /* LVSCTL_SWITCH_BIT of each option */
  LvsdService *service;         /* NULL where none is named; what is not given is at its preset */
  LvsdDestination *destination; /* likewise; not validated by the model */
  guint32 timeouts[LVSCTL_N_TIMEOUTS]; /* seconds; 0: as it is */
  const char *sync_state;              /* "master" or "backup" */
  GVariant *sync; /* a{sv}: the options of StartSync, where that is asked for */
} LvsctlRule;

/* On an error ret_word is the index of the word that it is about. The error's code is the exit
 * status. */
LvsctlRule *lvsctl_rule_parse (const char *const *words, guint *ret_word, GError **error);

/* The same for one of many lines: last, which may be NULL, is mostly the service of this one too.
 */
LvsctlRule *lvsctl_rule_parse_behind (const char *const *words,
                                      LvsdServiceIdentity *last,
                                      guint *ret_word,
                                      GError **error);
void lvsctl_rule_free (LvsctlRule *rule);
gboolean lvsctl_rule_has (const LvsctlRule *rule, LvsctlSwitchId id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsctlRule, lvsctl_rule_free)

G_END_DECLS
