/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/jsonpath_filter.c: the expression behind a "?", from "||" down to a literal.
 *
 * Filters are typed as RFC 9535 types them (a comparison needs values, a test needs nodes or a
 * yes/no), and that is checked here, so that the evaluator never meets a form without a meaning.
 */
#include "base/arena.h"
#include "base/json.h"
#include "lang/jsonpath_internal.h"

static struct jsonpath_expr *
expr_new(struct jsonpath_parser *p, enum jsonpath_expr_kind kind, const struct jsonpath_expr *left,
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
parse_literal(struct jsonpath_parser *p)
{
	struct jsonpath_expr *e = expr_new(p, JSONPATH_LITERAL, NULL, NULL);
	str text;

	if (jsonpath_peek(p) == '\'' || jsonpath_peek(p) == '"') {
		if (!jsonpath_read_string(p, &text))
			return NULL;
		e->literal = json_new_str(p->a, text);
	} else if (jsonpath_peek(p) == '-' || jsonpath_is_digit(jsonpath_peek(p))) {
		if (!jsonpath_read_number(p, &e->literal))
			return NULL;
	} else if (jsonpath_take(p, "true")) {
		e->literal = json_new_bool(p->a, true);
	} else if (jsonpath_take(p, "false")) {
		e->literal = json_new_bool(p->a, false);
	} else if (jsonpath_take(p, "null")) {
		e->literal = json_new(p->a, JSON_NULL);
	} else {
		jsonpath_fail(p, "expected a comparison, a query, a function or a literal");
		return NULL;
	}
	return e;
}

static const struct jsonpath_expr *parse_operand(struct jsonpath_parser *p);

static const struct jsonpath_expr *
parse_argument(struct jsonpath_parser *p, enum jsonpath_function f)
{
	const struct jsonpath_expr *e;

	jsonpath_skip_blanks(p);
	e = parse_operand(p);
	if (e == NULL)
		return NULL;
	if (functions[f].nodes ? e->kind != JSONPATH_QUERY : !is_value(e)) {
		jsonpath_fail(p,
		    functions[f].nodes ? "the function needs a query"
				       : "the function needs a value");
		return NULL;
	}
	jsonpath_skip_blanks(p);
	return e;
}

/* After "name(". */
static const struct jsonpath_expr *
parse_call(struct jsonpath_parser *p, enum jsonpath_function f)
{
	struct jsonpath_expr *e = expr_new(p, JSONPATH_CALL, NULL, NULL);

	e->function = f;
	if (!jsonpath_enter(p) || (e->left = parse_argument(p, f)) == NULL)
		return NULL;
	if (functions[f].arguments == 2) {
		if (!jsonpath_take(p, ",")) {
			jsonpath_fail(p, "the function needs two arguments");
			return NULL;
		}
		if ((e->right = parse_argument(p, f)) == NULL)
			return NULL;
	}
	if (!jsonpath_take(p, ")")) {
		jsonpath_fail(p, "expected ) after the arguments");
		return NULL;
	}
	p->nesting--;
	return e;
}

static const struct jsonpath_expr *
parse_operand(struct jsonpath_parser *p)
{
	if (jsonpath_peek(p) == '$' || jsonpath_peek(p) == '@') {
		struct jsonpath_expr *e = expr_new(p, JSONPATH_QUERY, NULL, NULL);

		if (!jsonpath_enter(p) || (e->query = jsonpath_read_query(p)) == NULL)
			return NULL;
		p->nesting--;
		return e;
	}
	for (size_t i = 0; i < countof(functions); i++) {
		size_t begin = p->at;

		if (jsonpath_take(p, functions[i].name) && jsonpath_take(p, "("))
			return parse_call(p, (enum jsonpath_function)i);
		p->at = begin;
	}
	return parse_literal(p);
}

static bool
parse_compare(struct jsonpath_parser *p, enum jsonpath_compare *out)
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
		if (jsonpath_take(p, tokens[i])) {
			*out = (enum jsonpath_compare)i;
			return true;
		}
	}
	return false;
}

/* A comparison, or a test for existence. */
static const struct jsonpath_expr *
parse_comparison(struct jsonpath_parser *p)
{
	const struct jsonpath_expr *left = parse_operand(p);
	struct jsonpath_expr *e;
	enum jsonpath_compare compare;
	size_t end = p->at;

	if (left == NULL)
		return NULL;
	jsonpath_skip_blanks(p);
	if (!parse_compare(p, &compare)) {
		p->at = end;
		if (is_test(left))
			return left;
		jsonpath_fail(p, "a value must be compared with something");
		return NULL;
	}
	jsonpath_skip_blanks(p);
	e = expr_new(p, JSONPATH_COMPARE, left, parse_operand(p));
	e->compare = compare;
	if (e->right == NULL)
		return NULL;
	if (!is_value(left) || !is_value(e->right)) {
		jsonpath_fail(p, "only values and queries for one node can be compared");
		return NULL;
	}
	return e;
}

/* "(" a whole filter ")", after the parenthesis. */
static const struct jsonpath_expr *
parse_group(struct jsonpath_parser *p)
{
	const struct jsonpath_expr *e;

	if (!jsonpath_enter(p) || (e = jsonpath_read_filter(p)) == NULL)
		return NULL;
	jsonpath_skip_blanks(p);
	if (!jsonpath_take(p, ")")) {
		jsonpath_fail(p, "expected )");
		return NULL;
	}
	p->nesting--;
	return e;
}

static const struct jsonpath_expr *
parse_basic(struct jsonpath_parser *p)
{
	const struct jsonpath_expr *e;

	jsonpath_skip_blanks(p);
	if (!jsonpath_take(p, "!"))
		return jsonpath_take(p, "(") ? parse_group(p) : parse_comparison(p);
	jsonpath_skip_blanks(p);
	if (jsonpath_take(p, "(")) {
		e = parse_group(p);
	} else if ((e = parse_operand(p)) != NULL && !is_test(e)) {
		jsonpath_fail(p, "! needs a query, a yes-or-no function or parentheses");
		return NULL;
	}
	return e == NULL ? NULL : expr_new(p, JSONPATH_NOT, e, NULL);
}

static const struct jsonpath_expr *
parse_chain(struct jsonpath_parser *p, const char *token, enum jsonpath_expr_kind kind,
    const struct jsonpath_expr *(*parse_part)(struct jsonpath_parser *p))
{
	const struct jsonpath_expr *e = parse_part(p);

	while (e != NULL) {
		const struct jsonpath_expr *right;
		size_t end = p->at;

		jsonpath_skip_blanks(p);
		if (!jsonpath_take(p, token)) {
			p->at = end;
			return e;
		}
		right = parse_part(p);
		e = right == NULL ? NULL : expr_new(p, kind, e, right);
	}
	return NULL;
}

static const struct jsonpath_expr *
parse_and(struct jsonpath_parser *p)
{
	return parse_chain(p, "&&", JSONPATH_AND, parse_basic);
}

const struct jsonpath_expr *
jsonpath_read_filter(struct jsonpath_parser *p)
{
	return parse_chain(p, "||", JSONPATH_OR, parse_and);
}
