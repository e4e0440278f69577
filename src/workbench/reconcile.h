/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Environments that no job looks after: they are asked for when an event says so, when a status
 * that should pass does not, now and then while they run, and more rarely while they are stopped.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "workbench/internal.h"

struct state;

/* How long each status may last before something is done about it. */
#define RECONCILE_LAUNCH_MS (40 * MINUTE_MS)
#define RECONCILE_TERMINATE_MS (40 * MINUTE_MS)
#define RECONCILE_POWER_MS (15 * MINUTE_MS)

/* After every change of an environment: when is it to be reviewed, if at all? */
void reconcile_plan(struct state *s, int64_t now_ms);

/* Something hints at a change that must be asked for. */
void reconcile_soon(struct state *s, int64_t now_ms);

/* Reviews the environment whose own item has that key, if it is due. False: not committed. */
bool reconcile_run(struct workbench *wb, str own_pk, int64_t now_ms);
