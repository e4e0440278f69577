/* SPDX-License-Identifier: Apache-2.0 */
/* The compiled form of a JSONPath: what jsonpath.c writes and jsonpath_select.c reads. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "base/str.h"

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
