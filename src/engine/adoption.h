/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/change.h"

G_BEGIN_DECLS

/* What of the things that the kernel holds a person wants lvsd to take over. */
typedef struct
{
  GStrv kinds;         /* of "services", "addresses", "roles", or "all"; at least one */
  char *service;       /* name or key: that one alone, and its address; NULL: all */
  gboolean one;        /* the address below alone, also where nothing else speaks for it */
  LvsdAddress address; /* with one */
  guint prefix_length; /* with one; 0: whichever it has */
  char *interface;     /* with one; NULL: whichever it is on */
} LvsdAdoptionScope;

/* A change whose afters the kernel holds already, and why the rest was left. */
typedef struct
{
  LvsdChange *change;
  GPtrArray *refusals; /* of char *, a sentence for each thing */
} LvsdAdoption;

void lvsd_adoption_scope_clear (LvsdAdoptionScope *scope);
void lvsd_adoption_free (LvsdAdoption *adoption);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LvsdAdoptionScope, lvsd_adoption_scope_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdAdoption, lvsd_adoption_free)

G_END_DECLS
