/* SPDX-License-Identifier: Apache-2.0 */
/* Projects: who works together, and in which account, network and key their environments run. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct err;
struct json;
struct workbench;

/* Fails: ERR_INVALID (the name is in use; no such cost center, or it was deleted). */
bool project_create(struct workbench *wb, struct arena *a, str name, str description,
    str cost_center_id, const struct json **out, struct err *err);

/* Fails: ERR_NOT_FOUND. */
bool project_get(
    struct workbench *wb, struct arena *a, str id, const struct json **out, struct err *err);

/* An array, oldest first; without deleted ones. */
bool project_list(struct workbench *wb, struct arena *a, const struct json **out, struct err *err);
