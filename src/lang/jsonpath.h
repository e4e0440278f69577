/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSONPath (RFC 9535), as the selectors of SSM documents and of type.yaml use it: $.A.B,
 * $['a-b'], indexes from either end, wildcards, slices, deep scan, filters with comparisons and
 * the five functions of the RFC. Compiled once, evaluated over a tree any number of times.
 *
 * Filters look at every element they are given and deep scans at every node below, so work is
 * counted: a selector that looks at more than JSONPATH_MAX_VISITS nodes, or selects more than
 * JSONPATH_MAX_RESULTS, fails instead of running on.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;
struct err;
struct json;
struct jsonpath;

#define JSONPATH_MAX_BYTES 4096
#define JSONPATH_MAX_NESTING 16 /* of parentheses, filters and function calls */
#define JSONPATH_MAX_VISITS 200000
#define JSONPATH_MAX_RESULTS 10000

/* What a selector selects, in order; the nodes are those of the tree that was searched. */
struct jsonpath_nodes {
	const struct json **list;
	size_t count, cap;
};

/*
 * Compiles text, which is borrowed for as long as the path lives. Fails: ERR_INVALID, saying at
 * which character and what is wrong.
 */
bool jsonpath_parse(struct arena *a, str text, const struct jsonpath **out, struct err *err);

/*
 * All nodes that path selects in root; nothing found is an ordinary answer.
 * Fails: ERR_TOO_LARGE (one of the limits above), ERR_INVALID (a regular expression that came
 * out of the data).
 */
bool jsonpath_select(const struct jsonpath *path, struct arena *a, const struct json *root,
    struct jsonpath_nodes *out, struct err *err);

/* The first node that path selects, NULL where it selects none. Fails as jsonpath_select(). */
bool jsonpath_find(const struct jsonpath *path, struct arena *a, const struct json *root,
    const struct json **out, struct err *err);

/* Names and indexes only: it selects one node at most. */
bool jsonpath_is_singular(const struct jsonpath *path);

/* The path without its last segment: of what holds a leaf; NULL for "$". */
const struct jsonpath *jsonpath_parent(const struct jsonpath *path, struct arena *a);

/* The member of the root that it begins with: "link" in $.link.url; empty for any other form. */
str jsonpath_head(const struct jsonpath *path);
