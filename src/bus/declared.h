/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

/* What the sections of Apply declare, read without a look at what there is. A row describes the
 * whole of an item: what it does not name gets the value of a new item, as the text that people
 * apply leaves those values out. */
typedef struct
{
  GPtrArray *drafts;   /* services before their destinations */
  GHashTable *index;   /* the drafts by identity */
  GHashTable *unnamed; /* LvsdServiceIdentity whose name comes of the key, for want of another */
  guint kinds;         /* bits of the kinds of which there was a section, be it empty */
} LvsdDeclared;

/* files: what came with the sections; NULL: none. */
LvsdDeclared *lvsd_declared_read (GVariant *sections, GUnixFDList *files, GError **error);
void lvsd_declared_free (LvsdDeclared *declared);

void lvsd_declared_read_async (GVariant *sections,
                               GUnixFDList *files,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
LvsdDeclared *lvsd_declared_read_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdDeclared, lvsd_declared_free)

G_END_DECLS
