/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* From then on the names of hosts are looked up in a table of this program's alone, so that an
 * input is worth the same on every machine and no name server is asked. */
void fuzz_know_names (void);
