/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiled form of a JSONPath: what jsonpath.c and its parts write and jsonpath_select.c reads;
 * and what those parts share while they read a text.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "base/str.h"

struct arena;
struct err;
struct jsonpath_expr;

enum jsonpath_selector_kind {
	JSONPATH_NAME,
	JSONPATH_INDEX,
	JSONPATH_SLICE,
	JSONPATH_WILDCARD,
	JSONPATH_FILTER,
};

struct jsonpath_selector {
	enum jsonpath_selector_kind kind;
	str name;
	int64_t index;
	int64_t start, end, step; /* of a slice; step is 1 where the text has none */
	bool has_start, has_end;
	const struct jsonpath_expr *filter;
	struct jsonpath_selector *next;
};

struct jsonpath_segment {
	bool deep; /* ..: apply to every node below as well */
	struct jsonpath_selector *selectors;
	struct jsonpath_segment *next;
};

struct jsonpath {
	bool relative; /* begins with @ */
	bool singular;
	struct jsonpath_segment *segments;
};

enum jsonpath_expr_kind {
	JSONPATH_OR,
	JSONPATH_AND,
	JSONPATH_NOT,
	JSONPATH_COMPARE,
	JSONPATH_LITERAL,
	JSONPATH_QUERY,
	JSONPATH_CALL,
};

enum jsonpath_compare {
	JSONPATH_EQ,
	JSONPATH_NE,
	JSONPATH_LE,
	JSONPATH_GE,
	JSONPATH_LT,
	JSONPATH_GT
};

enum jsonpath_function {
	JSONPATH_LENGTH,
	JSONPATH_COUNT,
	JSONPATH_VALUE,
	JSONPATH_MATCH,
	JSONPATH_SEARCH,
};

struct jsonpath_expr {
	enum jsonpath_expr_kind kind;
	const struct jsonpath_expr *left, *right; /* operands, or arguments of a function */
	enum jsonpath_compare compare;
	enum jsonpath_function function;
	const struct json *literal;
	const struct jsonpath *query;
};

/* --- jsonpath_text.c -------------------------------------------------------------------- */

struct jsonpath_parser {
	struct arena *a;
	str text;
	size_t at; /* the next byte */
	int nesting;
	struct err *err;
};

/* Returns false. The first fault counts: ERR_INVALID, with the character and what is wrong there.
 */
bool jsonpath_fail(struct jsonpath_parser *p, const char *what);

char jsonpath_peek(const struct jsonpath_parser *p); /* '\0' at the end */
bool jsonpath_take(struct jsonpath_parser *p, const char *token);
void jsonpath_skip_blanks(struct jsonpath_parser *p);
bool jsonpath_is_digit(char c);

/* One level deeper; whoever leaves it takes one from p->nesting. Fails: too deep. */
bool jsonpath_enter(struct jsonpath_parser *p);

/* At a quote of either kind. */
bool jsonpath_read_string(struct jsonpath_parser *p, str *out);
/* Of an index or a slice: exact in any JSON implementation. */
bool jsonpath_read_whole(struct jsonpath_parser *p, int64_t *out);
/* A JSON number: the literal of a comparison. */
bool jsonpath_read_number(struct jsonpath_parser *p, const struct json **out);

/* --- jsonpath_filter.c and jsonpath.c; NULL where they fail ------------------------------- */

/* What stands behind a "?". */
const struct jsonpath_expr *jsonpath_read_filter(struct jsonpath_parser *p);
/* At "$" or "@": that and its segments. */
const struct jsonpath *jsonpath_read_query(struct jsonpath_parser *p);
