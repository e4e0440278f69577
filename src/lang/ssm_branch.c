/* SPDX-License-Identifier: Apache-2.0 */
/* lang/ssm_branch.c: which way an aws:branch goes, once its inputs have values. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/ssm_values.h"

/* --- operators ----------------------------------------------------------------------- */

static bool
equals(str x, str y)
{
	return str_eq(x, y);
}

static bool
equals_ignore_case(str x, str y)
{
	return str_eq_nocase(x, y);
}

static bool
starts(str x, str y)
{
	return str_starts(x, y);
}

static bool
ends(str x, str y)
{
	return str_ends(x, y);
}

static bool
contains(str x, str y)
{
	return str_has(x, y);
}

/* Is it a decimal number? "1e3" and "-0.5" are, "" and "0x10" are not. */
static bool
number_of(str text, double *out)
{
	char copy[64], *end;

	if (text.len == 0 || text.len >= sizeof(copy))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (!((c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' ||
			c == 'E'))
			return false;
		copy[i] = c;
	}
	copy[text.len] = '\0';
	*out = strtod(copy, &end);
	return *end == '\0';
}

/* Less, equal, greater: -1, 0, 1; 2 where one of them is no number. */
static int
compare(str x, str y)
{
	double a, b;

	if (!number_of(x, &a) || !number_of(y, &b))
		return 2;
	return (a > b) - (a < b);
}

static bool
number_equals(str x, str y)
{
	return compare(x, y) == 0;
}

static bool
greater(str x, str y)
{
	return compare(x, y) == 1;
}

static bool
lesser(str x, str y)
{
	return compare(x, y) == -1;
}

static bool
greater_or_equals(str x, str y)
{
	return compare(x, y) == 0 || compare(x, y) == 1;
}

static bool
lesser_or_equals(str x, str y)
{
	return compare(x, y) <= 0;
}

static const struct {
	const char *name;
	bool (*holds)(str variable, str constant);
} operators[] = {
	{ "StringEquals", equals },
	{ "EqualsIgnoreCase", equals_ignore_case },
	{ "StartsWith", starts },
	{ "EndsWith", ends },
	{ "Contains", contains },
	{ "NumericEquals", number_equals },
	{ "NumericGreater", greater },
	{ "NumericLesser", lesser },
	{ "NumericGreaterOrEquals", greater_or_equals },
	{ "NumericLesserOrEquals", lesser_or_equals },
	{ "BooleanEquals", equals_ignore_case },
};

/* --- conditions ---------------------------------------------------------------------- */

static bool
compare_variable(const struct json *condition, bool *holds, struct err *err)
{
	const struct json *variable = json_get(condition, "Variable"), *constant;

	if (json_is(variable, JSON_ARRAY) || json_is(variable, JSON_OBJECT))
		return err_set(err, ERR_INVALID,
		    "The Variable of a choice must be a String, an Integer or a Boolean, and is %s",
		    json_kind_name(variable->kind));
	for (size_t i = 0; i < countof(operators); i++) {
		constant = json_get(condition, operators[i].name);
		if (constant != NULL)
			*holds = operators[i].holds(json_scalar(variable), json_scalar(constant));
	}
	return true;
}

/* The document was checked: exactly one of Variable, And, Or and Not stands in a condition. */
static bool
evaluate(const struct json *condition, bool *holds, struct err *err)
{
	const struct json *all = json_get(condition, "And"), *any = json_get(condition, "Or");
	const struct json *negated = json_get(condition, "Not");

	*holds = false;
	if (negated != NULL) {
		if (!evaluate(negated, holds, err))
			return false;
		*holds = !*holds;
		return true;
	}
	if (all == NULL && any == NULL)
		return compare_variable(condition, holds, err);
	for (const struct json *c = json_first(all == NULL ? any : all); c != NULL; c = c->next) {
		if (!evaluate(c, holds, err))
			return false;
		if (*holds == (all == NULL))
			break;
	}
	return true;
}

bool
ssm_branch_choose(const struct json *inputs, str *next, struct err *err)
{
	const struct json *choices = json_get(inputs, "Choices");

	for (const struct json *c = json_first(choices); c != NULL; c = c->next) {
		bool holds;

		if (!evaluate(c, &holds, err))
			return false;
		if (holds) {
			*next = json_str(json_get(c, "NextStep"));
			return true;
		}
	}
	*next = json_str(json_get(inputs, "Default"));
	return true;
}
