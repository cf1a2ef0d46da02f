/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bus/request.h"

G_BEGIN_DECLS

/* The sections of Apply and GetConfiguration. */
GVariant *lvsd_configuration_sections (const LvsdTable *table);

G_END_DECLS
