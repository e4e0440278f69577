/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regular expressions as AWS writes them (Java-like: \d, \w, \b), by PCRE2 with limits on
 * matching work and depth, ASCII classes, any newline ending '.', UTF-8 subjects.
 */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct err;

#define REGEX_MAX_PATTERN_BYTES 4096

/*
 * Does pattern match the whole of text? Compiled patterns are kept for the next use.
 * Thread-safe. Fails: ERR_INVALID (the pattern; says where), ERR_TOO_LARGE (gave up: too much
 * work).
 */
bool regex_matches_whole(str pattern, str text, bool *matches, struct err *err);

/* Is it a pattern at all? Fails: ERR_INVALID. */
bool regex_check(str pattern, struct err *err);
