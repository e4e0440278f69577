/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What event_pattern.c and event_pattern_leaf.c make and event_pattern_match.c walks: every way
 * through the $or lists is a combo, a set of fields that must all match; a field is a path and its
 * alternatives (leaves).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "lang/event_pattern.h"

struct arena;
struct err;
struct json;

enum leaf_kind {
	LEAF_STRING,
	LEAF_NUMBER,
	LEAF_LITERAL, /* true, false, null */
	LEAF_PREFIX,
	LEAF_SUFFIX,
	LEAF_NOCASE,
	LEAF_PREFIX_NOCASE,
	LEAF_SUFFIX_NOCASE,
	LEAF_WILDCARD,
	LEAF_ADDRESS, /* of a network, or one that is spelled another way */
	LEAF_RANGE,
	LEAF_EXISTS,
	LEAF_ABSENT,
	LEAF_NOT, /* matches where none of its own leaves does */
	LEAF_KIND_COUNT
};

struct address {
	unsigned char bytes[16];
	size_t len; /* 4 or 16 */
};

struct leaf {
	enum leaf_kind kind;
	str text;                   /* strings and their kin; a number as it is spelled */
	const struct json *literal; /* LEAF_LITERAL */
	double low, high;           /* LEAF_RANGE; LEAF_NUMBER: low */
	bool low_open, high_open;
	struct address first, last; /* LEAF_ADDRESS, inclusive */
	const struct leaf *none;    /* LEAF_NOT */
	size_t none_count;
};

struct field {
	str path; /* a '.' before every name: ".detail.state" */
	size_t index;
	const struct leaf *leaves;
	size_t leaf_count;
};

struct combo {
	const struct field **fields;
	size_t count;
};

struct event_pattern {
	const struct combo *combos;
	size_t combo_count, field_count;
};

/* --- event_pattern_leaf.c ------------------------------------------------------------------ */

/* While a pattern is read. */
struct event_pattern_parser {
	struct arena *a;
	size_t fields, leaves; /* so far, of the whole pattern */
	const struct json *at; /* the value at fault */
	struct err *err;
};

/* Returns false: InvalidEventPatternException "Event pattern is not valid. Reason: …", about at. */
bool event_pattern_refuse(struct event_pattern_parser *ps, const struct json *at, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

/* One leaf more. Fails where the pattern has too many. */
bool event_pattern_count_leaf(struct event_pattern_parser *ps, const struct json *j);

/* An element of a field's list. Fails: refused. */
bool event_pattern_parse_leaf(
    struct event_pattern_parser *ps, const struct json *j, struct leaf *out);

bool event_pattern_is_match_type(str name); /* "prefix", "anything-but", … */

/* An address literal of either family; false for anything else. */
bool event_pattern_address(str text, struct address *out);
