/* SPDX-License-Identifier: Apache-2.0 */
/* What an account holds, so that two moments can be compared: nothing may be left behind. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct app;
struct arena;
struct err;
struct json;

/* {"role": [names], "notebook instance": [names], …}, each list sorted as AWS answers it. */
bool inventory_take(
    struct app *app, struct arena *a, str account, const struct json **out, struct err *err);

/* "role x, stack y": what after holds and before did not; empty when nothing. */
str inventory_more(struct arena *a, const struct json *before, const struct json *after);
