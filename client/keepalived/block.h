/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client/reading.h"

G_BEGIN_DECLS

/* A keyword with its words, and the block that follows it. */
typedef struct _LvsctlKeepalivedStatement LvsctlKeepalivedStatement;
struct _LvsctlKeepalivedStatement
{
  LvsctlPlace place;
  GStrv words;     /* at least one */
  GPtrArray *body; /* of LvsctlKeepalivedStatement; NULL where no block follows */
};

/* Of LvsctlKeepalivedStatement; lines are those of lines.h. */
GPtrArray *lvsctl_keepalived_blocks_parse (const GPtrArray *lines, GError **error);

const char *lvsctl_keepalived_word (const LvsctlKeepalivedStatement *statement, guint index);

/* Refuses words after so many, and a block where there is none: what keepalived would pass over in
 * silence has been meant for something. */
gboolean lvsctl_keepalived_check_words (const LvsctlKeepalivedStatement *statement,
                                        guint most_words,
                                        gboolean has_block,
                                        GError **error);
gboolean lvsctl_keepalived_is (const LvsctlKeepalivedStatement *statement, const char *keyword);

G_END_DECLS
