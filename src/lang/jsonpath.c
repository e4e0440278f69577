/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/jsonpath.c: from a selector's text to its compiled form.
 *
 * One function a rule of RFC 9535's grammar, from the whole query down to a digit. Filters are
 * typed as the RFC types them (a comparison needs values, a test needs nodes or a yes/no), and
 * that is checked here, so that the evaluator never meets a form without a meaning.
 */
#include "lang/jsonpath.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/jsonpath_internal.h"

#define MAX_WHOLE ((INT64_C(1) << 53) - 1) /* indexes are exact in any JSON implementation */

struct parser {
	struct arena *a;
	str text;
	size_t at;
	int nesting;
	struct err *err;
};

static const struct jsonpath_expr *parse_or(struct parser *p);
static const struct jsonpath *parse_query(struct parser *p);

static bool
fail(struct parser *p, const char *what)
{
	if (p->err->kind != ERR_NONE)
		return false;
	return err_set(p->err, ERR_INVALID, "selector " STR_FMT ": character %zu: %s",
	    STR_ARG(p->text), p->at + 1, what);
}

static char
peek(const struct parser *p)
{
	return p->at < p->text.len ? p->text.ptr[p->at] : '\0';
}

static bool
take(struct parser *p, const char *token)
{
	if (!str_starts(str_from(p->text, p->at), str_of(token)))
		return false;
	p->at += str_of(token).len;
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_name_first(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}

static void
skip_blanks(struct parser *p)
{
	while (p->at < p->text.len && is_blank(p->text.ptr[p->at]))
		p->at++;
}

static bool
enter(struct parser *p)
{
	return ++p->nesting <= JSONPATH_MAX_NESTING || fail(p, "nested too deeply");
}

/* --- strings and numbers ------------------------------------------------------------- */

static bool
parse_hex4(struct parser *p, uint32_t *out)
{
	*out = 0;
	for (int i = 0; i < 4; i++, p->at++) {
		char c = peek(p);
		uint32_t digit;

		if (is_digit(c))
			digit = (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (uint32_t)((c | 0x20) - 'a') + 10;
		else
			return fail(p, "\\u needs four hexadecimal digits");
		*out = *out << 4 | digit;
	}
	return true;
}

/* After "\u": one code point, which two escapes spell where it lies outside the first plane. */
static bool
parse_unicode(struct parser *p, struct buf *b)
{
	uint32_t high, low;

	if (!parse_hex4(p, &high))
		return false;
	if (high >= 0xd800 && high < 0xdc00) {
		if (!take(p, "\\u"))
			return fail(p, "half of a surrogate pair");
		if (!parse_hex4(p, &low))
			return false;
		if (low < 0xdc00 || low > 0xdfff)
			return fail(p, "half of a surrogate pair");
		high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	} else if (high >= 0xdc00 && high <= 0xdfff) {
		return fail(p, "half of a surrogate pair");
	}
	buf_code_point(b, high);
	return true;
}

static bool
parse_escape(struct parser *p, char quote, struct buf *b)
{
	static const char from[] = "bfnrt/\\", to[] = "\b\f\n\r\t/\\";
	char c = peek(p);

	p->at++;
	if (c == 'u')
		return parse_unicode(p, b);
	if (c == quote) {
		buf_char(b, c);
		return true;
	}
	for (size_t i = 0; i < sizeof(from) - 1; i++) {
		if (c == from[i]) {
			buf_char(b, to[i]);
			return true;
		}
	}
	p->at--;
	return fail(p, "not an escape");
}

static bool
parse_string(struct parser *p, str *out)
{
	char quote = peek(p);
	struct buf b = buf_in(p->a);

	for (p->at++; p->at < p->text.len;) {
		char c = p->text.ptr[p->at];

		if (c == quote) {
			p->at++;
			*out = buf_str(&b);
			return true;
		}
		if ((unsigned char)c < 0x20)
			return fail(p, "a control character must be escaped");
		p->at++;
		if (c != '\\')
			buf_char(&b, c);
		else if (!parse_escape(p, quote, &b))
			return false;
	}
	return fail(p, "the string does not end");
}

static bool
parse_whole(struct parser *p, int64_t *out)
{
	size_t begin = p->at;
	bool minus = take(p, "-");
	str text;

	if (!is_digit(peek(p)))
		return fail(p, "expected a whole number");
	if (take(p, "0") && (minus || is_digit(peek(p))))
		return fail(p, "a whole number has no leading zero and no -0");
	while (is_digit(peek(p)))
		p->at++;
	text = str_sub(p->text, begin, p->at - begin);
	if (!str_to_i64(text, out) || *out > MAX_WHOLE || *out < -MAX_WHOLE)
		return fail(p, "the number is too large for an index");
	return true;
}

/* A JSON number: the literal of a comparison. */
static bool
parse_number(struct parser *p, const struct json **out)
{
	size_t begin = p->at;
	struct err unused;

	while (is_digit(peek(p)) || (peek(p) != '\0' && strchr("+-.eE", peek(p)) != NULL))
		p->at++;
	err_init(&unused, p->a);
	if (json_parse(p->a, str_sub(p->text, begin, p->at - begin), out, &unused))
		return true;
	p->at = begin;
	return fail(p, "not a number");
}

/* --- filters ------------------------------------------------------------------------- */

static struct jsonpath_expr *
expr_new(struct parser *p, enum jsonpath_expr_kind kind, const struct jsonpath_expr *left,
    const struct jsonpath_expr *right)
{
	struct jsonpath_expr *e = arena_new(p->a, struct jsonpath_expr, 1);

	e->kind = kind;
	e->left = left;
	e->right = right;
	return e;
}

static const struct {
	const char *name;
	size_t arguments;
	bool nodes; /* its argument is a query of any kind; else values */
	bool test;  /* it answers yes or no; else a value */
} functions[] = {
	[JSONPATH_LENGTH] = { "length", 1, false, false },
	[JSONPATH_COUNT] = { "count", 1, true, false },
	[JSONPATH_VALUE] = { "value", 1, true, false },
	[JSONPATH_MATCH] = { "match", 2, false, true },
	[JSONPATH_SEARCH] = { "search", 2, false, true },
};

static bool
is_value(const struct jsonpath_expr *e)
{
	return e->kind == JSONPATH_LITERAL || (e->kind == JSONPATH_QUERY && e->query->singular) ||
	    (e->kind == JSONPATH_CALL && !functions[e->function].test);
}

static bool
is_test(const struct jsonpath_expr *e)
{
	return e->kind == JSONPATH_QUERY ||
	    (e->kind == JSONPATH_CALL && functions[e->function].test);
}

static const struct jsonpath_expr *
parse_literal(struct parser *p)
{
	struct jsonpath_expr *e = expr_new(p, JSONPATH_LITERAL, NULL, NULL);
	str text;

	if (peek(p) == '\'' || peek(p) == '"') {
		if (!parse_string(p, &text))
			return NULL;
		e->literal = json_new_str(p->a, text);
	} else if (peek(p) == '-' || is_digit(peek(p))) {
		if (!parse_number(p, &e->literal))
			return NULL;
	} else if (take(p, "true")) {
		e->literal = json_new_bool(p->a, true);
	} else if (take(p, "false")) {
		e->literal = json_new_bool(p->a, false);
	} else if (take(p, "null")) {
		e->literal = json_new(p->a, JSON_NULL);
	} else {
		fail(p, "expected a comparison, a query, a function or a literal");
		return NULL;
	}
	return e;
}

static const struct jsonpath_expr *parse_operand(struct parser *p);

static const struct jsonpath_expr *
parse_argument(struct parser *p, enum jsonpath_function f)
{
	const struct jsonpath_expr *e;

	skip_blanks(p);
	e = parse_operand(p);
	if (e == NULL)
		return NULL;
	if (functions[f].nodes ? e->kind != JSONPATH_QUERY : !is_value(e)) {
		fail(p,
		    functions[f].nodes ? "the function needs a query"
				       : "the function needs a value");
		return NULL;
	}
	skip_blanks(p);
	return e;
}

/* After "name(". */
static const struct jsonpath_expr *
parse_call(struct parser *p, enum jsonpath_function f)
{
	struct jsonpath_expr *e = expr_new(p, JSONPATH_CALL, NULL, NULL);

	e->function = f;
	if (!enter(p) || (e->left = parse_argument(p, f)) == NULL)
		return NULL;
	if (functions[f].arguments == 2) {
		if (!take(p, ",")) {
			fail(p, "the function needs two arguments");
			return NULL;
		}
		if ((e->right = parse_argument(p, f)) == NULL)
			return NULL;
	}
	if (!take(p, ")")) {
		fail(p, "expected ) after the arguments");
		return NULL;
	}
	p->nesting--;
	return e;
}

static const struct jsonpath_expr *
parse_operand(struct parser *p)
{
	if (peek(p) == '$' || peek(p) == '@') {
		struct jsonpath_expr *e = expr_new(p, JSONPATH_QUERY, NULL, NULL);

		if (!enter(p) || (e->query = parse_query(p)) == NULL)
			return NULL;
		p->nesting--;
		return e;
	}
	for (size_t i = 0; i < countof(functions); i++) {
		size_t begin = p->at;

		if (take(p, functions[i].name) && take(p, "("))
			return parse_call(p, (enum jsonpath_function)i);
		p->at = begin;
	}
	return parse_literal(p);
}

static bool
parse_compare(struct parser *p, enum jsonpath_compare *out)
{
	static const char *const tokens[] = { /* longer ones first */
		[JSONPATH_EQ] = "==",
		[JSONPATH_NE] = "!=",
		[JSONPATH_LE] = "<=",
		[JSONPATH_GE] = ">=",
		[JSONPATH_LT] = "<",
		[JSONPATH_GT] = ">"
	};

	for (size_t i = 0; i < countof(tokens); i++) {
		if (take(p, tokens[i])) {
			*out = (enum jsonpath_compare)i;
			return true;
		}
	}
	return false;
}

/* A comparison, or a test for existence. */
static const struct jsonpath_expr *
parse_comparison(struct parser *p)
{
	const struct jsonpath_expr *left = parse_operand(p);
	struct jsonpath_expr *e;
	enum jsonpath_compare compare;
	size_t end = p->at;

	if (left == NULL)
		return NULL;
	skip_blanks(p);
	if (!parse_compare(p, &compare)) {
		p->at = end;
		if (is_test(left))
			return left;
		fail(p, "a value must be compared with something");
		return NULL;
	}
	skip_blanks(p);
	e = expr_new(p, JSONPATH_COMPARE, left, parse_operand(p));
	e->compare = compare;
	if (e->right == NULL)
		return NULL;
	if (!is_value(left) || !is_value(e->right)) {
		fail(p, "only values and queries for one node can be compared");
		return NULL;
	}
	return e;
}

/* "(" a whole filter ")", after the parenthesis. */
static const struct jsonpath_expr *
parse_group(struct parser *p)
{
	const struct jsonpath_expr *e;

	if (!enter(p) || (e = parse_or(p)) == NULL)
		return NULL;
	skip_blanks(p);
	if (!take(p, ")")) {
		fail(p, "expected )");
		return NULL;
	}
	p->nesting--;
	return e;
}

static const struct jsonpath_expr *
parse_basic(struct parser *p)
{
	const struct jsonpath_expr *e;

	skip_blanks(p);
	if (!take(p, "!"))
		return take(p, "(") ? parse_group(p) : parse_comparison(p);
	skip_blanks(p);
	if (take(p, "(")) {
		e = parse_group(p);
	} else if ((e = parse_operand(p)) != NULL && !is_test(e)) {
		fail(p, "! needs a query, a yes-or-no function or parentheses");
		return NULL;
	}
	return e == NULL ? NULL : expr_new(p, JSONPATH_NOT, e, NULL);
}

static const struct jsonpath_expr *
parse_chain(struct parser *p, const char *token, enum jsonpath_expr_kind kind,
    const struct jsonpath_expr *(*parse_part)(struct parser *p))
{
	const struct jsonpath_expr *e = parse_part(p);

	while (e != NULL) {
		const struct jsonpath_expr *right;
		size_t end = p->at;

		skip_blanks(p);
		if (!take(p, token)) {
			p->at = end;
			return e;
		}
		right = parse_part(p);
		e = right == NULL ? NULL : expr_new(p, kind, e, right);
	}
	return NULL;
}

static const struct jsonpath_expr *
parse_and(struct parser *p)
{
	return parse_chain(p, "&&", JSONPATH_AND, parse_basic);
}

static const struct jsonpath_expr *
parse_or(struct parser *p)
{
	return parse_chain(p, "||", JSONPATH_OR, parse_and);
}

/* --- segments and selectors ---------------------------------------------------------- */

static bool
parse_part_of_slice(struct parser *p, int64_t *out, bool *has)
{
	skip_blanks(p);
	*has = peek(p) == '-' || is_digit(peek(p));
	return !*has || parse_whole(p, out);
}

/* An index, or a slice: start:end:step with each part optional. */
static bool
parse_index_or_slice(struct parser *p, struct jsonpath_selector *s)
{
	bool has_step = false;
	size_t end;

	s->kind = JSONPATH_INDEX;
	if (!parse_part_of_slice(p, &s->start, &s->has_start))
		return false;
	s->index = s->start;
	end = p->at;
	skip_blanks(p);
	if (!take(p, ":")) {
		p->at = end;
		return s->has_start || fail(p, "expected a name in quotes, an index, *, : or ?");
	}
	s->kind = JSONPATH_SLICE;
	if (!parse_part_of_slice(p, &s->end, &s->has_end))
		return false;
	skip_blanks(p);
	if (take(p, ":") && !parse_part_of_slice(p, &s->step, &has_step))
		return false;
	if (!has_step)
		s->step = 1;
	return true;
}

static bool
parse_selector(struct parser *p, struct jsonpath_selector *s)
{
	if (peek(p) == '\'' || peek(p) == '"') {
		s->kind = JSONPATH_NAME;
		return parse_string(p, &s->name);
	}
	if (take(p, "*")) {
		s->kind = JSONPATH_WILDCARD;
		return true;
	}
	if (take(p, "?")) {
		s->kind = JSONPATH_FILTER;
		if (!enter(p))
			return false;
		s->filter = parse_or(p);
		p->nesting--;
		return s->filter != NULL;
	}
	return parse_index_or_slice(p, s);
}

/* After "[". */
static bool
parse_bracket(struct parser *p, struct jsonpath_segment *segment)
{
	struct jsonpath_selector **tail = &segment->selectors;

	do {
		*tail = arena_new(p->a, struct jsonpath_selector, 1);
		skip_blanks(p);
		if (!parse_selector(p, *tail))
			return false;
		tail = &(*tail)->next;
		skip_blanks(p);
	} while (take(p, ","));
	return take(p, "]") || fail(p, "expected , or ]");
}

/* A name or a wildcard, after "." or "..". */
static bool
parse_short(struct parser *p, struct jsonpath_segment *segment)
{
	struct jsonpath_selector *s = arena_new(p->a, struct jsonpath_selector, 1);
	size_t begin = p->at;

	segment->selectors = s;
	if (take(p, "*")) {
		s->kind = JSONPATH_WILDCARD;
		return true;
	}
	if (!is_name_first(peek(p)))
		return fail(p,
		    "expected a name; other characters than letters, digits and _ are "
		    "written ['…']");
	while (is_name_first(peek(p)) || is_digit(peek(p)))
		p->at++;
	s->kind = JSONPATH_NAME;
	s->name = str_sub(p->text, begin, p->at - begin);
	return true;
}

/* *out is NULL where no segment begins here. */
static bool
parse_segment(struct parser *p, struct jsonpath_segment **out)
{
	struct jsonpath_segment *segment = arena_new(p->a, struct jsonpath_segment, 1);
	size_t begin = p->at;

	*out = segment;
	skip_blanks(p);
	if (take(p, "[") || take(p, "..[")) {
		segment->deep = p->text.ptr[p->at - 2] == '.';
		return parse_bracket(p, segment);
	}
	if (take(p, "..")) {
		segment->deep = true;
		return parse_short(p, segment);
	}
	if (take(p, "."))
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
static const struct jsonpath *
parse_query(struct parser *p)
{
	struct jsonpath *q = arena_new(p->a, struct jsonpath, 1);
	struct jsonpath_segment **tail = &q->segments;

	q->relative = peek(p) == '@';
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
	struct parser p = { .a = a, .text = text, .err = err };
	const struct jsonpath *q;

	err_clear(err);
	if (text.len > JSONPATH_MAX_BYTES)
		return err_set(
		    err, ERR_INVALID, "a selector has at most %d bytes", JSONPATH_MAX_BYTES);
	if (!str_is_utf8(text))
		return err_set(err, ERR_INVALID, "a selector must be UTF-8");
	if (peek(&p) != '$')
		return fail(&p, "a selector begins with $");
	q = parse_query(&p);
	if (q == NULL)
		return false;
	if (p.at < text.len)
		return fail(&p, "expected . or [");
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
