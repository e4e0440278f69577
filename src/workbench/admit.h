/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the main account opens to a hosting account (api.md 6.2): its bus, its artifact bucket, its
 * keys. Both act as the API's role and are safe to repeat.
 */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct err;
struct json;
struct workbench;

/* Its events may be put on the main account's default bus. */
bool admit_events(struct workbench *wb, struct arena *a, str account, struct err *err);

/*
 * Its roles may read environment files and use both keys, as far as the hosting account lets them.
 *
 * accounts: all that shall be let in, an array. Policies are read and written back without a
 * version: whoever calls makes sure, by the version of that list, that of two who wrote at once
 * one writes again.
 * Fails: ERR_INVALID (AWS knows no such account; a policy stands that accounts cannot be added
 * to), and as AWS fails. What was written until then stays.
 */
bool admit_reading(
    struct workbench *wb, struct arena *a, const struct json *accounts, struct err *err);
