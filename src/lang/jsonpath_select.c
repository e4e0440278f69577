/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/jsonpath_select.c: which nodes of a tree a compiled JSONPath selects.
 *
 * A segment turns a list of nodes into the next one; a filter is an expression over the node at
 * hand. An absent value is NULL ("Nothing" in RFC 9535) and equals only another absent one. One
 * budget of visits is shared by the whole evaluation, filters within filters included.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/regex.h"
#include "lang/jsonpath.h"
#include "lang/jsonpath_internal.h"

struct search {
	struct arena *a;
	const struct json *root;
	size_t visits;
	struct err *err;
};

static bool select_all(struct search *s, const struct jsonpath *path, const struct json *from,
    struct jsonpath_nodes *out);

static bool
visit(struct search *s)
{
	if (s->err->kind != ERR_NONE)
		return false;
	return ++s->visits <= JSONPATH_MAX_VISITS ||
	    err_set(s->err, ERR_TOO_LARGE, "the selector looks at more than %d values",
		JSONPATH_MAX_VISITS);
}

static bool
add(struct search *s, struct jsonpath_nodes *nodes, const struct json *node)
{
	if (!visit(s))
		return false;
	if (nodes->count == nodes->cap) {
		size_t cap = nodes->cap == 0 ? 4 : nodes->cap * 2;
		const struct json **list = arena_new(s->a, const struct json *, cap);

		for (size_t i = 0; i < nodes->count; i++)
			list[i] = nodes->list[i];
		nodes->list = list;
		nodes->cap = cap;
	}
	nodes->list[nodes->count++] = node;
	return true;
}

/* --- values and comparisons ---------------------------------------------------------- */

static int64_t
code_points(str text)
{
	int64_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += (text.ptr[i] & 0xc0) != 0x80;
	return n;
}

static const struct json *
length_of(struct search *s, const struct json *value)
{
	if (json_is(value, JSON_STRING))
		return json_new_i64(s->a, code_points(value->text));
	if (json_is(value, JSON_ARRAY) || json_is(value, JSON_OBJECT))
		return json_new_i64(s->a, (int64_t)json_count(value));
	return NULL;
}

/* The value of a literal, a query for one node or a function; NULL for none. */
static const struct json *
value_of(struct search *s, const struct jsonpath_expr *e, const struct json *node)
{
	struct jsonpath_nodes nodes = { 0 };

	if (e->kind == JSONPATH_LITERAL)
		return e->literal;
	if (e->kind == JSONPATH_CALL && e->function == JSONPATH_LENGTH)
		return length_of(s, value_of(s, e->left, node));
	if (!select_all(s, e->kind == JSONPATH_CALL ? e->left->query : e->query, node, &nodes))
		return NULL;
	if (e->kind == JSONPATH_CALL && e->function == JSONPATH_COUNT)
		return json_new_i64(s->a, (int64_t)nodes.count);
	return nodes.count == 1 ? nodes.list[0] : NULL;
}

static double
as_double(struct search *s, const struct json *number)
{
	return strtod(str_z(s->a, number->text), NULL);
}

static int
compare_numbers(struct search *s, const struct json *x, const struct json *y)
{
	int64_t i, j;
	double f, g;

	if (str_to_i64(x->text, &i) && str_to_i64(y->text, &j))
		return (i > j) - (i < j);
	f = as_double(s, x);
	g = as_double(s, y);
	return (f > g) - (f < g);
}

/* json_equal(), but with numbers by value: 1.0 is 1. */
static bool
equal_values(struct search *s, const struct json *x, const struct json *y)
{
	if (x == NULL || y == NULL || x->kind != y->kind)
		return x == y;
	if (!visit(s))
		return false;
	if (x->kind == JSON_NUMBER)
		return compare_numbers(s, x, y) == 0;
	if (x->kind == JSON_STRING)
		return str_eq(x->text, y->text);
	if (json_count(x) != json_count(y))
		return false;
	for (const struct json *m = json_first(x), *n = json_first(y); m != NULL; m = m->next) {
		if (!equal_values(s, m, x->kind == JSON_ARRAY ? n : json_get_str(y, m->key)))
			return false;
		n = n->next;
	}
	return true;
}

static bool
less(struct search *s, const struct json *x, const struct json *y)
{
	if (json_is(x, JSON_NUMBER) && json_is(y, JSON_NUMBER))
		return compare_numbers(s, x, y) < 0;
	if (json_is(x, JSON_STRING) && json_is(y, JSON_STRING))
		return str_cmp(x->text, y->text) < 0;
	return false;
}

static bool
compares(struct search *s, const struct jsonpath_expr *e, const struct json *node)
{
	const struct json *x = value_of(s, e->left, node), *y = value_of(s, e->right, node);

	switch (e->compare) {
	case JSONPATH_EQ:
		return equal_values(s, x, y);
	case JSONPATH_NE:
		return !equal_values(s, x, y);
	case JSONPATH_LE:
		return less(s, x, y) || equal_values(s, x, y);
	case JSONPATH_GE:
		return less(s, y, x) || equal_values(s, x, y);
	case JSONPATH_LT:
		return less(s, x, y);
	case JSONPATH_GT:
		return less(s, y, x);
	}
	return false;
}

/* --- functions that answer yes or no ------------------------------------------------- */

/* RFC 9485 5.4: '.' outside brackets is any character but \n and \r. */
static str
plain_regex(struct arena *a, str pattern, bool whole)
{
	struct buf b = buf_in(a);
	bool in_class = false;

	buf_add(&b, whole ? S("(?:") : S("[\\s\\S]*(?:"));
	for (size_t i = 0; i < pattern.len; i++) {
		char c = pattern.ptr[i];

		if (c == '[' || c == ']')
			in_class = c == '[';
		if (c == '.' && !in_class)
			buf_add(&b, S("[^\\n\\r]"));
		else
			buf_char(&b, c);
		if (c == '\\' && i + 1 < pattern.len)
			buf_char(&b, pattern.ptr[++i]);
	}
	buf_add(&b, whole ? S(")") : S(")[\\s\\S]*"));
	return buf_str(&b);
}

/* What is no text or no pattern does not match; only too much work is an error. */
static bool
text_matches(struct search *s, const struct json *text, const struct json *pattern, bool whole)
{
	bool matches = false;
	struct err err;

	if (!json_is(text, JSON_STRING) || !json_is(pattern, JSON_STRING))
		return false;
	err_init(&err, s->a);
	if (!regex_check(pattern->text, &err))
		return false;
	if (!regex_matches_whole(
		plain_regex(s->a, pattern->text, whole), text->text, &matches, &err) &&
	    err.kind == ERR_TOO_LARGE)
		*s->err = err;
	return matches;
}

/* --- filters ------------------------------------------------------------------------- */

static bool
exists(struct search *s, const struct jsonpath *query, const struct json *node)
{
	struct jsonpath_nodes nodes = { 0 };

	return select_all(s, query, node, &nodes) && nodes.count > 0;
}

static bool
holds(struct search *s, const struct jsonpath_expr *e, const struct json *node)
{
	switch (e->kind) {
	case JSONPATH_OR:
		return holds(s, e->left, node) || holds(s, e->right, node);
	case JSONPATH_AND:
		return holds(s, e->left, node) && holds(s, e->right, node);
	case JSONPATH_NOT:
		return !holds(s, e->left, node);
	case JSONPATH_COMPARE:
		return compares(s, e, node);
	case JSONPATH_QUERY:
		return exists(s, e->query, node);
	case JSONPATH_CALL:
		return text_matches(s, value_of(s, e->left, node), value_of(s, e->right, node),
		    e->function == JSONPATH_MATCH);
	case JSONPATH_LITERAL:
		break;
	}
	assert(!"a literal is no test: the parser refuses it");
	return false;
}

/* --- segments ------------------------------------------------------------------------ */

/* start and end of a slice within a list of count (RFC 9535 2.3.4.2.2). */
static int64_t
bound(bool given, int64_t value, int64_t count, int64_t absent, int64_t low, int64_t high)
{
	if (!given)
		return absent;
	if (value < 0)
		value += count;
	return value < low ? low : value > high ? high : value;
}

static bool
select_slice(struct search *s, const struct jsonpath_selector *sel, const struct json *array,
    struct jsonpath_nodes *out)
{
	int64_t n = (int64_t)json_count(array), start, end;
	struct jsonpath_nodes all = { 0 };

	for (const struct json *m = json_first(array); m != NULL; m = m->next) {
		if (!add(s, &all, m))
			return false;
	}
	if (sel->step > 0) {
		start = bound(sel->has_start, sel->start, n, 0, 0, n);
		end = bound(sel->has_end, sel->end, n, n, 0, n);
		for (int64_t i = start; i < end; i += sel->step) {
			if (!add(s, out, all.list[i]))
				return false;
		}
	} else if (sel->step < 0) {
		start = bound(sel->has_start, sel->start, n, n - 1, -1, n - 1);
		end = bound(sel->has_end, sel->end, n, -1, -1, n - 1);
		for (int64_t i = start; i > end; i += sel->step) {
			if (!add(s, out, all.list[i]))
				return false;
		}
	}
	return true;
}

static bool
select_children(struct search *s, const struct jsonpath_selector *sel, const struct json *node,
    struct jsonpath_nodes *out)
{
	for (const struct json *m = json_first(node); m != NULL; m = m->next) {
		if (!visit(s))
			return false;
		if (sel->kind == JSONPATH_FILTER && !holds(s, sel->filter, m))
			continue;
		if (!add(s, out, m))
			return false;
	}
	return s->err->kind == ERR_NONE;
}

static bool
select_index(struct search *s, const struct jsonpath_selector *sel, const struct json *array,
    struct jsonpath_nodes *out)
{
	int64_t n = (int64_t)json_count(array), i = sel->index < 0 ? sel->index + n : sel->index;

	return i < 0 || i >= n || add(s, out, json_at(array, (size_t)i));
}

static bool
select_one(struct search *s, const struct jsonpath_selector *sel, const struct json *node,
    struct jsonpath_nodes *out)
{
	const struct json *member;

	switch (sel->kind) {
	case JSONPATH_NAME:
		member = json_get_str(node, sel->name);
		return member == NULL || add(s, out, member);
	case JSONPATH_INDEX:
		return !json_is(node, JSON_ARRAY) || select_index(s, sel, node, out);
	case JSONPATH_SLICE:
		return !json_is(node, JSON_ARRAY) || select_slice(s, sel, node, out);
	case JSONPATH_WILDCARD:
	case JSONPATH_FILTER:
		return select_children(s, sel, node, out);
	}
	return true;
}

static bool
select_segment(struct search *s, const struct jsonpath_segment *segment, const struct json *node,
    struct jsonpath_nodes *out)
{
	if (!visit(s))
		return false;
	for (const struct jsonpath_selector *sel = segment->selectors; sel != NULL;
	     sel = sel->next) {
		if (!select_one(s, sel, node, out))
			return false;
	}
	for (const struct json *m = segment->deep ? json_first(node) : NULL; m != NULL;
	     m = m->next) {
		if (!select_segment(s, segment, m, out))
			return false;
	}
	return true;
}

static bool
select_all(struct search *s, const struct jsonpath *path, const struct json *from,
    struct jsonpath_nodes *out)
{
	struct jsonpath_nodes now = { 0 };

	if (!add(s, &now, path->relative ? from : s->root))
		return false;
	for (const struct jsonpath_segment *seg = path->segments; seg != NULL; seg = seg->next) {
		struct jsonpath_nodes next = { 0 };

		for (size_t i = 0; i < now.count; i++) {
			if (!select_segment(s, seg, now.list[i], &next))
				return false;
		}
		now = next;
	}
	*out = now;
	return true;
}

bool
jsonpath_select(const struct jsonpath *path, struct arena *a, const struct json *root,
    struct jsonpath_nodes *out, struct err *err)
{
	struct search s = { .a = a, .root = root, .err = err };
	struct jsonpath_nodes nodes = { 0 };

	err_clear(err);
	if (!select_all(&s, path, root, &nodes))
		return false;
	if (nodes.count > JSONPATH_MAX_RESULTS)
		return err_set(err, ERR_TOO_LARGE, "the selector selects more than %d values",
		    JSONPATH_MAX_RESULTS);
	*out = nodes;
	return true;
}

bool
jsonpath_find(const struct jsonpath *path, struct arena *a, const struct json *root,
    const struct json **out, struct err *err)
{
	struct jsonpath_nodes nodes = { 0 };

	if (!jsonpath_select(path, a, root, &nodes, err))
		return false;
	*out = nodes.count > 0 ? nodes.list[0] : NULL;
	return true;
}
