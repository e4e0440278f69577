/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/jsonpath.c: from a selector's text to its compiled form; and what can be asked of that.
 *
 * One function a rule of RFC 9535's grammar, from the whole query down to a selector. A filter is
 * read by jsonpath_filter.c, which comes back here for the queries within it.
 */
#include "lang/jsonpath.h"

#include "base/arena.h"
#include "base/err.h"
#include "lang/jsonpath_internal.h"

static bool
is_name_first(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}

static bool
parse_part_of_slice(struct jsonpath_parser *p, int64_t *out, bool *has)
{
	jsonpath_skip_blanks(p);
	*has = jsonpath_peek(p) == '-' || jsonpath_is_digit(jsonpath_peek(p));
	return !*has || jsonpath_read_whole(p, out);
}

/* An index, or a slice: start:end:step with each part optional. */
static bool
parse_index_or_slice(struct jsonpath_parser *p, struct jsonpath_selector *s)
{
	bool has_step = false;
	size_t end;

	s->kind = JSONPATH_INDEX;
	if (!parse_part_of_slice(p, &s->start, &s->has_start))
		return false;
	s->index = s->start;
	end = p->at;
	jsonpath_skip_blanks(p);
	if (!jsonpath_take(p, ":")) {
		p->at = end;
		return s->has_start ||
		    jsonpath_fail(p, "expected a name in quotes, an index, *, : or ?");
	}
	s->kind = JSONPATH_SLICE;
	if (!parse_part_of_slice(p, &s->end, &s->has_end))
		return false;
	jsonpath_skip_blanks(p);
	if (jsonpath_take(p, ":") && !parse_part_of_slice(p, &s->step, &has_step))
		return false;
	if (!has_step)
		s->step = 1;
	return true;
}

static bool
parse_selector(struct jsonpath_parser *p, struct jsonpath_selector *s)
{
	if (jsonpath_peek(p) == '\'' || jsonpath_peek(p) == '"') {
		s->kind = JSONPATH_NAME;
		return jsonpath_read_string(p, &s->name);
	}
	if (jsonpath_take(p, "*")) {
		s->kind = JSONPATH_WILDCARD;
		return true;
	}
	if (jsonpath_take(p, "?")) {
		s->kind = JSONPATH_FILTER;
		if (!jsonpath_enter(p))
			return false;
		s->filter = jsonpath_read_filter(p);
		p->nesting--;
		return s->filter != NULL;
	}
	return parse_index_or_slice(p, s);
}

/* After "[". */
static bool
parse_bracket(struct jsonpath_parser *p, struct jsonpath_segment *segment)
{
	struct jsonpath_selector **tail = &segment->selectors;

	do {
		*tail = arena_new(p->a, struct jsonpath_selector, 1);
		jsonpath_skip_blanks(p);
		if (!parse_selector(p, *tail))
			return false;
		tail = &(*tail)->next;
		jsonpath_skip_blanks(p);
	} while (jsonpath_take(p, ","));
	return jsonpath_take(p, "]") || jsonpath_fail(p, "expected , or ]");
}

/* A name or a wildcard, after "." or "..". */
static bool
parse_short(struct jsonpath_parser *p, struct jsonpath_segment *segment)
{
	struct jsonpath_selector *s = arena_new(p->a, struct jsonpath_selector, 1);
	size_t begin = p->at;

	segment->selectors = s;
	if (jsonpath_take(p, "*")) {
		s->kind = JSONPATH_WILDCARD;
		return true;
	}
	if (!is_name_first(jsonpath_peek(p)))
		return jsonpath_fail(p,
		    "expected a name; other characters than letters, digits and _ are "
		    "written ['…']");
	while (is_name_first(jsonpath_peek(p)) || jsonpath_is_digit(jsonpath_peek(p)))
		p->at++;
	s->kind = JSONPATH_NAME;
	s->name = str_sub(p->text, begin, p->at - begin);
	return true;
}

/* *out is NULL where no segment begins here. */
static bool
parse_segment(struct jsonpath_parser *p, struct jsonpath_segment **out)
{
	struct jsonpath_segment *segment = arena_new(p->a, struct jsonpath_segment, 1);
	size_t begin = p->at;

	*out = segment;
	jsonpath_skip_blanks(p);
	if (jsonpath_take(p, "[") || jsonpath_take(p, "..[")) {
		segment->deep = p->text.ptr[p->at - 2] == '.';
		return parse_bracket(p, segment);
	}
	if (jsonpath_take(p, "..")) {
		segment->deep = true;
		return parse_short(p, segment);
	}
	if (jsonpath_take(p, "."))
		return parse_short(p, segment);
	p->at = begin;
	*out = NULL;
	return true;
}

static bool
selects_one(const struct jsonpath_segment *segment)
{
	const struct jsonpath_selector *s = segment->selectors;

	return !segment->deep && s->next == NULL &&
	    (s->kind == JSONPATH_NAME || s->kind == JSONPATH_INDEX);
}

/* "$" or "@" and its segments. */
const struct jsonpath *
jsonpath_read_query(struct jsonpath_parser *p)
{
	struct jsonpath *q = arena_new(p->a, struct jsonpath, 1);
	struct jsonpath_segment **tail = &q->segments;

	q->relative = jsonpath_peek(p) == '@';
	q->singular = true;
	p->at++;
	for (;;) {
		if (!parse_segment(p, tail))
			return NULL;
		if (*tail == NULL)
			return q;
		q->singular = q->singular && selects_one(*tail);
		tail = &(*tail)->next;
	}
}

bool
jsonpath_parse(struct arena *a, str text, const struct jsonpath **out, struct err *err)
{
	struct jsonpath_parser p = { .a = a, .text = text, .err = err };
	const struct jsonpath *q;

	err_clear(err);
	if (text.len > JSONPATH_MAX_BYTES)
		return err_set(
		    err, ERR_INVALID, "a selector has at most %d bytes", JSONPATH_MAX_BYTES);
	if (!str_is_utf8(text))
		return err_set(err, ERR_INVALID, "a selector must be UTF-8");
	if (jsonpath_peek(&p) != '$')
		return jsonpath_fail(&p, "a selector begins with $");
	q = jsonpath_read_query(&p);
	if (q == NULL)
		return false;
	if (p.at < text.len)
		return jsonpath_fail(&p, "expected . or [");
	*out = q;
	return true;
}

bool
jsonpath_is_singular(const struct jsonpath *path)
{
	return path->singular;
}

const struct jsonpath *
jsonpath_parent(const struct jsonpath *path, struct arena *a)
{
	struct jsonpath *parent = arena_new(a, struct jsonpath, 1);
	struct jsonpath_segment **tail = &parent->segments;

	if (path->segments == NULL)
		return NULL;
	parent->singular = true;
	for (const struct jsonpath_segment *s = path->segments; s->next != NULL; s = s->next) {
		*tail = arena_new(a, struct jsonpath_segment, 1);
		**tail = *s;
		(*tail)->next = NULL;
		parent->singular = parent->singular && selects_one(s);
		tail = &(*tail)->next;
	}
	return parent;
}

str
jsonpath_head(const struct jsonpath *path)
{
	const struct jsonpath_segment *first = path->segments;

	if (first == NULL || !selects_one(first) || first->selectors->kind != JSONPATH_NAME)
		return (str){ 0 };
	return first->selectors->name;
}
