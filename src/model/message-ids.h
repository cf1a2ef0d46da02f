/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* By these the journal is searched; data/lvsd.catalog says what each means and what to do. */
#define LVSD_MESSAGE_DONE "e4095654b733405d9f69943ba14faece"
#define LVSD_MESSAGE_REFUSED "ad28ad6b691946fd85c1c0b03f64b032"
#define LVSD_MESSAGE_FAILED "5260830ed18d41c9b6178ca09c6536d8"
#define LVSD_MESSAGE_DEGRADED "51aa261f1b17401c819da57a8a4a1984"
#define LVSD_MESSAGE_REPAIRED "fe57a7e1eebe43aa846cdf6a2b4d69e2"
