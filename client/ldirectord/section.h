/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client/reading.h"

G_BEGIN_DECLS

/* NAME = VALUE of a line; both are borrowed from it. */
typedef struct
{
  LvsctlPlace place;
  const char *name;
  const char *value;
} LvsctlLdirectordDirective;

/* A virtual service with the indented lines that follow it. */
typedef struct _LvsctlLdirectordSection LvsctlLdirectordSection;

LvsctlLdirectordSection *
lvsctl_ldirectord_section_begin (LvsctlReading *reading,
                                 const LvsctlLdirectordDirective *directive,
                                 GError **error);
gboolean lvsctl_ldirectord_section_read (LvsctlLdirectordSection *section,
                                         const LvsctlLdirectordDirective *directive,
                                         GError **error);

/* Its service and destinations, into the reading, once all of its lines were read. */
gboolean lvsctl_ldirectord_section_take (LvsctlLdirectordSection *section, GError **error);
void lvsctl_ldirectord_section_free (LvsctlLdirectordSection *section);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsctlLdirectordSection, lvsctl_ldirectord_section_free)

G_END_DECLS
