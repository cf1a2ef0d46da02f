/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bus/request.h"

G_BEGIN_DECLS

/* Leads a request, which it takes over, to its handler or to its refusal: decodes it, finds what it
 * needs, and asks the gate for it. */
void lvsd_admission_begin (LvsdRequest *request);

G_END_DECLS
