/* SPDX-License-Identifier: Apache-2.0 */
/* swb token */
#pragma once

#include "cli/verb.h"

struct arena;
struct err;

/* For struct cli_context. */
bool token_for_person(
    struct arena *a, const char *data_dir, const char *person, str *token, struct err *err);

extern const struct verb token_verb;
