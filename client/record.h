/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "json-writer.h"
#include "listing.h"

G_BEGIN_DECLS

/* How rows of a listing become objects of JSON: worked out once, for very many of them. */
typedef struct _LvsctlRecord LvsctlRecord;

LvsctlRecord *lvsctl_record_new (const LvsctlListing *listing);
void lvsctl_record_free (LvsctlRecord *record);

/* The members of a row, into the object that is open. */
void lvsctl_record_write (const LvsctlRecord *record, LvsctlJsonWriter *writer, gpointer row);

/* Each of them as an element of the array that is open. */
void
lvsctl_record_write_rows (const LvsctlRecord *record, LvsctlJsonWriter *writer, GPtrArray *rows);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsctlRecord, lvsctl_record_free)

G_END_DECLS
