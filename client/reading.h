/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/destination.h"

G_BEGIN_DECLS

/* Where something stands in a text, counted from 1. file is interned. */
typedef struct
{
  const char *file;
  guint line;
  guint column; /* in bytes */
} LvsctlPlace;

/* Set "FILE:LINE:COLUMN: message", or put the place in front of one. Return FALSE. */
gboolean lvsctl_place_refuse (const LvsctlPlace *place, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
gboolean lvsctl_place_prefix (const LvsctlPlace *place, GError **error);

/* What is made of a text of another program's: the model's items, and what was left out. */
typedef struct
{
  GPtrArray *items;  /* of LvsdItem, validated, each destination behind its service */
  GHashTable *known; /* the items, by identity */
  GHashTable *names; /* of the services; borrowed from the items */
  GPtrArray *notes;  /* what people have to be told, in the order of the text */
  GHashTable *noted; /* the same by what they say */
} LvsctlReading;

LvsctlReading *lvsctl_reading_new (void);
void lvsctl_reading_free (LvsctlReading *reading);

/* The items of a reading that has none yet, where they were found to be right already. */
void lvsctl_reading_take_all (LvsctlReading *reading, GPtrArray *items);

gboolean lvsctl_reading_take (LvsctlReading *reading,
                              gpointer item,
                              const LvsctlPlace *place,
                              GError **error);
gboolean lvsctl_reading_has_name (const LvsctlReading *reading, const char *name);

/* That what stands at the place was left out or changed, and why. What is said of many places is
 * said once, with all of their lines. */
void lvsctl_reading_note (LvsctlReading *reading,
                          const LvsctlPlace *place,
                          const char *what,
                          const char *why);
GStrv lvsctl_reading_dup_notes (const LvsctlReading *reading);

/* A field of an item by its name and a text, as a person would give it. */
gboolean lvsctl_reading_set (gpointer item,
                             const char *field,
                             const char *text,
                             const LvsctlPlace *place,
                             GError **error);

/* Gives a draft the port that packets get to, with a note where the text says another: only
 * masquerade can change it. A port of 0 was left out. */
void lvsctl_reading_settle_port (LvsctlReading *reading,
                                 LvsdDestination *destination,
                                 const LvsctlPlace *place);

/* Whether it is text at all, and no more of it than anybody writes. */
gboolean
lvsctl_reading_check_text (const char *file, const char *text, gsize length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsctlReading, lvsctl_reading_free)

G_END_DECLS
