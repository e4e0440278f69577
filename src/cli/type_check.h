/* SPDX-License-Identifier: Apache-2.0 */
/* swb type check: a type's folder, read and held against itself, without a server. */
#pragma once

#include "cli/verb.h"

struct arena;
struct bundle;
struct findings;
struct json;

extern const struct verb type_check_verb;

/* {type, version, ok, findings}: what --json says of a folder that was only read. */
struct json *type_report(struct arena *a, const struct bundle *b, const struct findings *findings);
