/* SPDX-License-Identifier: Apache-2.0 */
/* How a launch ends well, for its job and for the reconciler, which may find it out later. */
#pragma once

#include <stdbool.h>

#include "bundle/bundle.h"

struct change;
struct err;
struct record;
struct state;

/* Does the record hold every output that the type reads? */
bool launch_has_outputs(const struct bundle *b, const struct record *r);

/*
 * Takes over what a finished launch made: instance ids, outputs, and the items that lead from the
 * instance to the environment (6 and 7 of api.md 5.2), so that they are stored together with the
 * status that makes them visible.
 */
void launch_adopt(struct state *s, struct change *c, const struct bundle *b, const struct record *r,
    int64_t now_ms);
