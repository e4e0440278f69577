/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a request's body must be, as a table, and the refusals made from it. Their texts are those
 * of the October 2022 API, which checked bodies by JSON Schema.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct err;
struct json;

enum field_kind { F_STRING, F_STRINGS, F_OBJECTS, F_ENUM };

struct field {
	const char *name;
	enum field_kind kind;
	bool required;
	uint32_t most;             /* characters of a text, elements of a list; 0 means 4,096 */
	const char *const *values; /* F_ENUM: NULL-ended */
};

struct input {
	const struct field *fields;
	size_t count;
};
#define INPUT(table) \
	{ \
		(table), countof(table) \
	}

/*
 * Parses text, which may be empty for {}, and holds it against the table. Fails: ERR_INVALID, every
 * problem in one message: wrong types first, then what is missing, then what is too much.
 */
bool input_read(
    struct arena *a, const struct input *input, str text, const struct json **out, struct err *err);
