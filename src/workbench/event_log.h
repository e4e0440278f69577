/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which events were taken: they are delivered at least once, and up to a day late. An entry stands
 * for two days.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct change;
struct err;
struct workbench;

bool event_log_has(
    struct workbench *wb, struct arena *a, str account, str id, bool *out, struct err *err);

/* Into c: the commit fails with ERR_CONFLICT where another delivery was faster. */
void event_log_add(struct change *c, str account, str id, int64_t now_ms);

/* Forgets entries whose time has passed. What cannot be forgotten now is tried at the next sweep.
 */
void event_log_sweep(struct workbench *wb, int64_t now_ms);
