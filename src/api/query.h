/* SPDX-License-Identifier: Apache-2.0 */
/* The part of a URL after '?', decoded. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;
struct err;

#define QUERY_MAX_PAIRS 32

struct query {
	struct {
		str name, value;
	} pairs[QUERY_MAX_PAIRS];
	size_t count;
};

/* Fails: ERR_INVALID (a broken escape, not UTF-8, too many pairs). */
bool query_parse(struct arena *a, str text, struct query *out, struct err *err);

/* The first of that name; an empty text with a NULL pointer where it is missing. */
str query_get(const struct query *q, const char *name);
bool query_has(const struct query *q, const char *name);
size_t query_count(const struct query *q, const char *name);

/* A part of a URL as it was sent, for a message: whatever it holds, this is short and UTF-8. */
str query_shown(struct arena *a, str raw);
