/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/item.h"

G_BEGIN_DECLS

/* The sections of Apply and GetConfiguration, a{sv}, from and to items of the model's. */
GVariant *lvsctl_sections_from_items (GPtrArray *items);
GVariant *lvsctl_sections_pack (GVariant *sections);
GPtrArray *lvsctl_sections_to_items (GVariant *sections, GError **error);

G_END_DECLS
