/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/event_pattern_leaf.c: one alternative of a field: a plain value or a match type.
 *
 * The match types are a table; its texts of refusal are those that AWS was seen to answer.
 */
#include <arpa/inet.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/event_pattern_internal.h"

bool
event_pattern_refuse(struct event_pattern_parser *ps, const struct json *at, const char *fmt, ...)
{
	va_list args;
	str reason;

	va_start(args, fmt);
	reason = str_vfmt(ps->a, fmt, args);
	va_end(args);
	ps->at = at;
	return err_code(ps->err, ERR_INVALID, "InvalidEventPatternException",
	    "Event pattern is not valid. Reason: " STR_FMT, STR_ARG(reason));
}

/* --- match types ----------------------------------------------------------------- */

static double
number(struct event_pattern_parser *ps, const struct json *j)
{
	return strtod(str_z(ps->a, j->text), NULL);
}

static bool
parse_text_operand(struct event_pattern_parser *ps, const struct json *operand, const char *type,
    enum leaf_kind kind, struct leaf *out)
{
	if (!json_is(operand, JSON_STRING))
		return event_pattern_refuse(ps, operand, "%s match pattern must be a string", type);
	*out = (struct leaf){ .kind = kind, .text = operand->text };
	return true;
}

/* "p", or {"equals-ignore-case": "p"}. */
static bool
parse_affix(struct event_pattern_parser *ps, const struct json *operand, const char *type,
    enum leaf_kind kind, enum leaf_kind nocase, struct leaf *out)
{
	const struct json *inner = json_get(operand, "equals-ignore-case");

	if (inner != NULL && operand->count == 1)
		return parse_text_operand(ps, inner, type, nocase, out);
	return parse_text_operand(ps, operand, type, kind, out);
}

static bool
parse_prefix(struct event_pattern_parser *ps, const struct json *operand, struct leaf *out)
{
	return parse_affix(ps, operand, "prefix", LEAF_PREFIX, LEAF_PREFIX_NOCASE, out);
}

static bool
parse_suffix(struct event_pattern_parser *ps, const struct json *operand, struct leaf *out)
{
	return parse_affix(ps, operand, "suffix", LEAF_SUFFIX, LEAF_SUFFIX_NOCASE, out);
}

static bool
parse_exactly(struct event_pattern_parser *ps, const struct json *operand, struct leaf *out)
{
	return parse_text_operand(ps, operand, "exact", LEAF_STRING, out);
}

static bool
parse_nocase(struct event_pattern_parser *ps, const struct json *operand, struct leaf *out)
{
	return parse_text_operand(ps, operand, "equals-ignore-case", LEAF_NOCASE, out);
}

/*
 * Positions count the quote that AWS puts before the text. AWS weighs how many ways through a
 * pattern may be open at once; its bound is not published. What is recorded: two stars with
 * repeated text pass, six are too complex. (E)
 */
static bool
parse_wildcard(struct event_pattern_parser *ps, const struct json *operand, struct leaf *out)
{
	size_t stars = 0;

	if (!parse_text_operand(ps, operand, "wildcard", LEAF_WILDCARD, out))
		return false;
	for (size_t i = 0; i < out->text.len; i++) {
		char c = out->text.ptr[i];
		char next = i + 1 < out->text.len ? out->text.ptr[i + 1] : '\0';

		if (c == '*' && next == '*')
			return event_pattern_refuse(
			    ps, operand, "Consecutive wildcard characters at pos %zu", i + 1);
		if (c == '\\' && next != '*' && next != '\\')
			return event_pattern_refuse(
			    ps, operand, "Invalid escape character at pos %zu", i + 1);
		if (c == '\\')
			i++;
		stars += c == '*';
	}
	if (stars > EVENT_PATTERN_MAX_STARS)
		return event_pattern_refuse(ps, operand,
		    "Rule is too complex - try using fewer wildcard characters or fewer "
		    "repeating character sequences after a wildcard character");
	return true;
}

static bool
parse_exists(struct event_pattern_parser *ps, const struct json *operand, struct leaf *out)
{
	if (!json_is(operand, JSON_TRUE) && !json_is(operand, JSON_FALSE))
		return event_pattern_refuse(
		    ps, operand, "exists match pattern must be either true or false.");
	*out = (struct leaf){ .kind = operand->kind == JSON_TRUE ? LEAF_EXISTS : LEAF_ABSENT };
	return true;
}

bool
event_pattern_address(str text, struct address *out)
{
	char z[INET6_ADDRSTRLEN];
	int family = str_find_char(text, ':') < text.len ? AF_INET6 : AF_INET;

	if (text.len == 0 || text.len >= sizeof(z))
		return false;
	memcpy(z, text.ptr, text.len);
	z[text.len] = '\0';
	out->len = family == AF_INET ? 4 : 16;
	return strlen(z) == text.len && inet_pton(family, z, out->bytes) == 1;
}

/* From the address as it is written, which need not be the first of its network, to the last. */
static void
fill_network(struct leaf *out, int64_t mask)
{
	out->last = out->first;
	for (size_t bit = (size_t)mask; bit < out->last.len * 8; bit++)
		out->last.bytes[bit / 8] |= (unsigned char)(0x80u >> (bit % 8));
}

static bool
parse_cidr(struct event_pattern_parser *ps, const struct json *operand, struct leaf *out)
{
	str rest, ip, mask_text;
	int64_t mask, bits;

	/* AWS's own words, though the type is another. */
	if (!parse_text_operand(ps, operand, "prefix", LEAF_ADDRESS, out))
		return false;
	rest = out->text;
	if (!str_cut(&rest, '/', &ip) || !str_cut(&rest, '/', &mask_text) || mask_text.len == 0 ||
	    rest.ptr != NULL)
		return event_pattern_refuse(ps, operand, "Malformed CIDR, one '/' required");
	if (!str_to_i64(mask_text, &mask) || mask > INT32_MAX || mask < INT32_MIN)
		return event_pattern_refuse(
		    ps, operand, "Malformed CIDR, mask bits must be an integer");
	if (mask < 0)
		return event_pattern_refuse(
		    ps, operand, "Malformed CIDR, mask bits must not be negative");
	if (!event_pattern_address(ip, &out->first))
		return event_pattern_refuse(
		    ps, operand, "Nonstandard IP address: " STR_FMT, STR_ARG(ip));
	bits = (int64_t)out->first.len * 8;
	if (mask >= bits)
		return event_pattern_refuse(
		    ps, operand, "IPv%c mask bits must be < %d", bits == 32 ? '4' : '6', (int)bits);
	fill_network(out, mask);
	return true;
}

/* The number after an operator. */
static bool
parse_bound(struct event_pattern_parser *ps, const struct json *op, double *out)
{
	if (!json_is(op->next, JSON_NUMBER))
		return event_pattern_refuse(ps, op, "Value of " STR_FMT " must be numeric",
		    STR_ARG(str_is(op->text, "=") ? S("equals") : op->text));
	*out = number(ps, op->next);
	return true;
}

/* After ">" or ">=" and its number: "<" or "<=" and a number. */
static bool
parse_upper(struct event_pattern_parser *ps, const struct json *op, struct leaf *out)
{
	str text = json_scalar(op);

	if (op->kind != JSON_STRING)
		return event_pattern_refuse(
		    ps, op, "Bad value in numeric range: " STR_FMT, STR_ARG(text));
	if (!str_is(text, "<") && !str_is(text, "<="))
		return event_pattern_refuse(
		    ps, op, "Bad numeric range operator: " STR_FMT, STR_ARG(text));
	if (!parse_bound(ps, op, &out->high))
		return false;
	out->high_open = text.len == 1;
	if (op->next->next != NULL)
		return event_pattern_refuse(
		    ps, op->next->next, "Too many terms in numeric range expression");
	if (out->high <= out->low)
		return event_pattern_refuse(ps, op, "Bottom must be less than top");
	return true;
}

static const struct {
	const char *name;
	bool lower, upper, open;
} comparisons[] = {
	{ "<", false, true, true },
	{ "<=", false, true, false },
	{ "=", true, true, false },
	{ ">", true, false, true },
	{ ">=", true, false, false },
};

static bool
parse_numeric(struct event_pattern_parser *ps, const struct json *operand, struct leaf *out)
{
	const struct json *op = json_at(operand, 0);
	double bound;

	if (!json_is(operand, JSON_ARRAY))
		return event_pattern_refuse(ps, operand, "Value of numeric must be an array.");
	if (!json_is(op, JSON_STRING))
		return event_pattern_refuse(ps, operand,
		    "Invalid member in numeric match: " STR_FMT,
		    STR_ARG(op == NULL ? S("]") : json_scalar(op)));
	for (size_t i = 0; i < countof(comparisons); i++) {
		if (!str_is(op->text, comparisons[i].name))
			continue;
		if (!parse_bound(ps, op, &bound))
			return false;
		*out = (struct leaf){
			.kind = LEAF_RANGE,
			.low = comparisons[i].lower ? bound : -INFINITY,
			.high = comparisons[i].upper ? bound : INFINITY,
			.low_open = comparisons[i].lower && comparisons[i].open,
			.high_open = comparisons[i].upper && comparisons[i].open,
		};
		if (operand->count == 2)
			return true;
		if (comparisons[i].upper)
			return event_pattern_refuse(
			    ps, operand, "Too many elements in numeric expression");
		return parse_upper(ps, op->next->next, out);
	}
	return event_pattern_refuse(
	    ps, op, "Unrecognized numeric range operator: " STR_FMT, STR_ARG(op->text));
}

/* --- anything-but ---------------------------------------------------------------- */

static const char *const affix_refusal = "prefix/suffix match pattern must be a string";
static const char *const nocase_refusal =
    "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.";

/* What may stand inside anything-but besides plain values: a text, or a list of texts. */
static const struct {
	const char *name, *not_a_string;
	bool may_be_empty;
	bool (*parse)(
	    struct event_pattern_parser *ps, const struct json *operand, struct leaf *out);
} inner_types[] = {
	{ "equals-ignore-case", nocase_refusal, true, parse_nocase },
	{ "prefix", affix_refusal, false, parse_prefix },
	{ "suffix", affix_refusal, false, parse_suffix },
	{ "wildcard", "wildcard match pattern must be a string", true, parse_wildcard },
};

bool
event_pattern_count_leaf(struct event_pattern_parser *ps, const struct json *j)
{
	if (++ps->leaves > EVENT_PATTERN_MAX_LEAVES)
		return event_pattern_refuse(ps, j,
		    "Rule is too complex - more than %d values in one pattern",
		    EVENT_PATTERN_MAX_LEAVES);
	return true;
}

/* One element of a list, or the value that stands alone. */
static bool
parse_unwanted(struct event_pattern_parser *ps, size_t type, const struct json *j, struct leaf *out)
{
	if (!event_pattern_count_leaf(ps, j))
		return false;
	if (type == countof(inner_types)) {
		if (!json_is(j, JSON_STRING) && !json_is(j, JSON_NUMBER))
			return event_pattern_refuse(ps, j,
			    "Inside anything but list, start|null|boolean is not supported.");
		return event_pattern_parse_leaf(ps, j, out);
	}
	if (!json_is(j, JSON_STRING))
		return event_pattern_refuse(ps, j, "%s", inner_types[type].not_a_string);
	if (j->text.len == 0 && !inner_types[type].may_be_empty)
		return event_pattern_refuse(ps, j, "Null prefix/suffix not allowed");
	return inner_types[type].parse(ps, j, out);
}

static bool
check_unwanted_list(struct event_pattern_parser *ps, size_t type, const struct json *list)
{
	const struct json *first = json_first(list);
	bool mixed = first == NULL;

	if (type != countof(inner_types))
		return first != NULL ||
		    event_pattern_refuse(ps, list, "Empty arrays are not allowed");
	for (const struct json *j = first; j != NULL && !mixed; j = j->next)
		mixed = j->kind != first->kind;
	return !mixed ||
	    event_pattern_refuse(ps, list,
		"Inside anything but list, either all values are number or string, mixed type is "
		"not supported");
}

static bool
parse_unwanted_list(
    struct event_pattern_parser *ps, size_t type, const struct json *operand, struct leaf *out)
{
	bool list = json_is(operand, JSON_ARRAY);
	struct leaf *none = arena_new(ps->a, struct leaf, list ? operand->count : 1);
	size_t n = 0;

	if (!list && !json_is(operand, JSON_STRING) && !json_is(operand, JSON_NUMBER))
		return event_pattern_refuse(ps, operand,
		    "Value of anything-but must be an array or single string/number value.");
	for (const struct json *j = list ? json_first(operand) : operand; j != NULL;
	     j = list ? j->next : NULL)
		if (!parse_unwanted(ps, type, j, &none[n++]))
			return false;
	*out = (struct leaf){ .kind = LEAF_NOT, .none = none, .none_count = n };
	return !list || check_unwanted_list(ps, type, operand);
}

static bool
parse_anything_but(struct event_pattern_parser *ps, const struct json *operand, struct leaf *out)
{
	const struct json *inner = json_first(operand);
	size_t type = 0;

	if (!json_is(operand, JSON_OBJECT))
		return parse_unwanted_list(ps, countof(inner_types), operand, out);
	if (inner == NULL)
		return event_pattern_refuse(ps, operand, "Anything-But expression name not found");
	while (type < countof(inner_types) && !str_is(inner->key, inner_types[type].name))
		type++;
	if (type == countof(inner_types))
		return event_pattern_refuse(
		    ps, inner, "Unsupported anything-but pattern: " STR_FMT, STR_ARG(inner->key));
	if (!parse_unwanted_list(ps, type, inner, out))
		return false;
	if (inner->next != NULL)
		return event_pattern_refuse(
		    ps, inner->next, "Only one key allowed in match expression");
	return true;
}

/* --- leaves ------------------------------------------------------------------------ */

static const struct match_type {
	const char *name;
	bool (*parse)(
	    struct event_pattern_parser *ps, const struct json *operand, struct leaf *out);
} match_types[] = {
	{ "anything-but", parse_anything_but },
	{ "cidr", parse_cidr },
	{ "equals-ignore-case", parse_nocase },
	{ "exactly", parse_exactly },
	{ "exists", parse_exists },
	{ "numeric", parse_numeric },
	{ "prefix", parse_prefix },
	{ "suffix", parse_suffix },
	{ "wildcard", parse_wildcard },
};

static const struct match_type *
match_type_find(str name)
{
	for (size_t i = 0; i < countof(match_types); i++)
		if (str_is(name, match_types[i].name))
			return &match_types[i];
	return NULL;
}

static bool
parse_expression(struct event_pattern_parser *ps, const struct json *j, struct leaf *out)
{
	const struct json *operand = json_first(j);
	const struct match_type *type;

	if (operand == NULL)
		return event_pattern_refuse(ps, j, "Match expression name not found");
	type = match_type_find(operand->key);
	if (type == NULL)
		return event_pattern_refuse(
		    ps, operand, "Unrecognized match type " STR_FMT, STR_ARG(operand->key));
	if (!type->parse(ps, operand, out))
		return false;
	if (operand->next != NULL)
		return event_pattern_refuse(
		    ps, operand->next, "Only one key allowed in match expression");
	return true;
}

bool
event_pattern_parse_leaf(struct event_pattern_parser *ps, const struct json *j, struct leaf *out)
{
	*out = (struct leaf){ 0 };
	switch (j->kind) {
	case JSON_OBJECT:
		return parse_expression(ps, j, out);
	case JSON_ARRAY:
		return event_pattern_refuse(
		    ps, j, "Match value must be String, number, true, false, or null");
	case JSON_STRING:
		out->text = j->text;
		/* An address is the same however it is spelled. */
		out->kind =
		    event_pattern_address(j->text, &out->first) ? LEAF_ADDRESS : LEAF_STRING;
		out->last = out->first;
		return true;
	case JSON_NUMBER:
		out->kind = LEAF_NUMBER;
		out->text = j->text;
		out->low = number(ps, j);
		return true;
	case JSON_NULL:
	case JSON_FALSE:
	case JSON_TRUE:
		out->kind = LEAF_LITERAL;
		out->literal = j;
		return true;
	}
	return false;
}

bool
event_pattern_is_match_type(str name)
{
	return match_type_find(name) != NULL;
}
