/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/iam_condition.c: condition operators.
 *
 * An operator is a row: how one value of the request compares with one value of the policy, and
 * whether the operator is the negation of that. All rules about absent keys, several values and
 * quantifiers stand once, below the table (aws.md 6.3).
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/iam_internal.h"

struct comparison {
	struct arena *a;
	str wanted;   /* the policy's value, variables replaced */
	str given;    /* the request's */
	int relation; /* of numbers and dates: given - wanted must have this sign; 0 equal */
	bool or_equal;
};

struct iam_operator {
	const char *name;
	bool (*holds)(const struct comparison *c);
	bool negated;
	bool expands; /* ${…} in values stands for values of the request */
	int relation;
	bool or_equal;
};

/* The policy's text without the marks of iam_expand(). */
static str
plain(const struct comparison *c)
{
	str s = c->wanted;
	char *out;
	size_t n = 0;

	if (str_find_char(s, IAM_LITERAL) == s.len)
		return s;
	out = arena_raw(c->a, s.len);
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != IAM_LITERAL || (i > 0 && s.ptr[i - 1] == IAM_LITERAL))
			out[n++] = s.ptr[i];
	return (str){ out, n };
}

static bool
text_equals(const struct comparison *c)
{
	return str_eq(plain(c), c->given);
}

static bool
text_equals_nocase(const struct comparison *c)
{
	return str_eq_nocase(plain(c), c->given);
}

static bool
text_like(const struct comparison *c)
{
	return iam_glob(c->wanted, c->given, false);
}

/* Six parts, each a pattern of its own; the last takes all the rest. */
static bool
arn_like(const struct comparison *c)
{
	str want = c->wanted, have = c->given;

	for (int i = 0; i < 5; i++) {
		str w, h;

		if (!str_cut(&want, ':', &w) || !str_cut(&have, ':', &h) || !iam_glob(w, h, false))
			return false;
	}
	return want.ptr != NULL && have.ptr != NULL && iam_glob(want, have, false);
}

static bool
sign_fits(const struct comparison *c, double difference)
{
	int sign = (difference > 0) - (difference < 0);

	return sign == c->relation || (c->or_equal && sign == 0);
}

static bool
to_number(struct arena *a, str text, double *out)
{
	const char *z = str_z(a, text);
	char *end;

	*out = strtod(z, &end);
	return end != z && *end == '\0';
}

static bool
number_compares(const struct comparison *c)
{
	double want, have;

	return to_number(c->a, plain(c), &want) && to_number(c->a, c->given, &have) &&
	    sign_fits(c, have - want);
}

/* ISO 8601, or seconds since 1970. */
static bool
to_time(struct arena *a, str text, double *out)
{
	int64_t ms;

	if (!time_parse(text, &ms))
		return to_number(a, text, out);
	*out = (double)ms / 1000;
	return true;
}

static bool
date_compares(const struct comparison *c)
{
	double want, have;

	return to_time(c->a, plain(c), &want) && to_time(c->a, c->given, &have) &&
	    sign_fits(c, have - want);
}

static bool
bytes_equal(const struct comparison *c)
{
	str want, have;

	return base64_decode(c->a, plain(c), &want) && base64_decode(c->a, c->given, &have) &&
	    str_eq(want, have);
}

/* An address as 16 bytes, IPv4 as IPv6 writes it. */
static bool
to_address(struct arena *a, str text, unsigned char out[16], bool *v4)
{
	const char *z = str_z(a, text);

	memset(out, 0, 16);
	*v4 = inet_pton(AF_INET, z, out + 12) == 1;
	if (*v4) {
		out[10] = out[11] = 0xff;
		return true;
	}
	return inet_pton(AF_INET6, z, out) == 1;
}

static bool
in_network(const struct comparison *c)
{
	str prefix_text = plain(c), network;
	unsigned char want[16], have[16];
	bool want_v4, have_v4, masked = str_find_char(prefix_text, '/') < prefix_text.len;
	int64_t bits;

	(void)str_cut(&prefix_text, '/', &network); /* never empty: a list has values */
	if (!to_address(c->a, network, want, &want_v4) ||
	    !to_address(c->a, c->given, have, &have_v4) || want_v4 != have_v4)
		return false;
	bits = want_v4 ? 32 : 128;
	if (masked && (!str_to_i64(prefix_text, &bits) || bits < 0 || bits > (want_v4 ? 32 : 128)))
		return false;
	bits += want_v4 ? 96 : 0;
	for (int64_t i = 0; i < bits; i++)
		if (((want[i / 8] ^ have[i / 8]) >> (7 - i % 8)) & 1)
			return false;
	return true;
}

static const struct iam_operator operators[] = {
	/* name, comparison, negated, variables, sign of given - wanted, or equal */
	{ "ArnEquals", arn_like, false, true, 0, false },
	{ "ArnLike", arn_like, false, true, 0, false },
	{ "ArnNotEquals", arn_like, true, true, 0, false },
	{ "ArnNotLike", arn_like, true, true, 0, false },
	{ "BinaryEquals", bytes_equal, false, false, 0, false },
	{ "Bool", text_equals_nocase, false, false, 0, false },
	{ "DateEquals", date_compares, false, false, 0, false },
	{ "DateGreaterThan", date_compares, false, false, 1, false },
	{ "DateGreaterThanEquals", date_compares, false, false, 1, true },
	{ "DateLessThan", date_compares, false, false, -1, false },
	{ "DateLessThanEquals", date_compares, false, false, -1, true },
	{ "DateNotEquals", date_compares, true, false, 0, false },
	{ "IpAddress", in_network, false, false, 0, false },
	{ "NotIpAddress", in_network, true, false, 0, false },
	{ "Null", NULL, false, false, 0, false },
	{ "NumericEquals", number_compares, false, false, 0, false },
	{ "NumericGreaterThan", number_compares, false, false, 1, false },
	{ "NumericGreaterThanEquals", number_compares, false, false, 1, true },
	{ "NumericLessThan", number_compares, false, false, -1, false },
	{ "NumericLessThanEquals", number_compares, false, false, -1, true },
	{ "NumericNotEquals", number_compares, true, false, 0, false },
	{ "StringEquals", text_equals, false, true, 0, false },
	{ "StringEqualsIgnoreCase", text_equals_nocase, false, true, 0, false },
	{ "StringLike", text_like, false, true, 0, false },
	{ "StringNotEquals", text_equals, true, true, 0, false },
	{ "StringNotEqualsIgnoreCase", text_equals_nocase, true, true, 0, false },
	{ "StringNotLike", text_like, true, true, 0, false },
};

const struct iam_operator *
iam_operator_find(str name)
{
	for (size_t i = 0; i < countof(operators); i++)
		if (str_is(name, operators[i].name))
			return &operators[i];
	return NULL;
}

/* Does one value of the request compare with any of the policy's? */
static bool
any_wanted(struct arena *a, const struct iam_condition *c, str given,
    const struct iam_request *request, bool variables)
{
	for (size_t i = 0; i < c->values.count; i++) {
		struct comparison cmp = {
			.a = a,
			.wanted = c->values.items[i],
			.given = given,
			.relation = c->op->relation,
			.or_equal = c->op->or_equal,
		};

		if (variables && c->op->expands &&
		    !iam_expand(a, cmp.wanted, request->context, &cmp.wanted))
			continue; /* a variable without value equals nothing */
		if (c->op->holds(&cmp))
			return true;
	}
	return false;
}

/* "true": the key must be absent. */
static bool
null_holds(const struct iam_condition *c, bool absent)
{
	for (size_t i = 0; i < c->values.count; i++)
		if (str_eq_nocase(c->values.items[i], S("true")) == absent)
			return true;
	return false;
}

bool
iam_condition_holds(struct arena *a, const struct iam_condition *c,
    const struct iam_request *request, bool variables)
{
	const struct json *value = iam_context_get(request->context, c->key);
	bool is_list = json_is(value, JSON_ARRAY);
	bool absent = value == NULL || (is_list && json_count(value) == 0);
	bool all = c->quantifier == IAM_FOR_ALL_VALUES;
	/* Without a quantifier a negated operator must hold for every value, others for one. */
	bool every = all || (c->quantifier == IAM_SINGLE && c->op->negated);

	if (c->op->holds == NULL)
		return null_holds(c, absent);
	if (absent)
		return c->if_exists || all || (c->op->negated && c->quantifier == IAM_SINGLE);
	for (const struct json *v = is_list ? json_first(value) : value; v != NULL;
	     v = is_list ? v->next : NULL) {
		bool holds = any_wanted(a, c, json_scalar(v), request, variables) != c->op->negated;

		if (holds != every)
			return holds;
	}
	return every;
}
