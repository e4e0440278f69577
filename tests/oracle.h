/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON as jansson reads it, to compare with ours. In a file of its own, since jansson's names are
 * like ours.
 */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;

/*
 * Parses text (duplicate names refused, NUL allowed in strings) and writes the value in a form that
 * has one text per value: members sorted by name, strings in hexadecimal, numbers as doubles with
 * 17 digits. *own_limit: refused for a limit of jansson's own, a number too large for a double or a
 * NUL in a member name.
 */
bool oracle_canonical(struct arena *a, str text, str *out, bool *own_limit);

/* Parses and writes once, as a program that uses jansson would; returns the bytes written. */
size_t oracle_parse_and_write(str text);
