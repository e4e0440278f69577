/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/input.c: a request's input against its shape.
 *
 * One walk makes a new tree in the shape's types and gathers every problem on the way, so that a
 * person who wrote a document sees all of them at once.
 */
#include <stdlib.h>

#include "aws/forms.h"
#include "aws/model.h"
#include "aws/timestamp.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/json.h"

#define MAX_PROBLEMS 50 /* told one by one; more are only counted */

struct check {
	struct arena *a;
	struct buf problems;
	size_t problem_count;
	str (*token)(void *cookie, struct arena *a);
	void *cookie;
};

/* Where we are, for messages: linked on the stack, so that a good input costs no text. */
struct place {
	const struct place *outer;
	str name;     /* of a member; empty for an element */
	size_t index; /* of an element */
};

static const struct json *check_value(
    struct check *c, const struct aws_shape *shape, const struct json *in, const struct place *at);

static void
write_place(struct buf *b, const struct place *at)
{
	if (at->outer == NULL)
		return;
	write_place(b, at->outer);
	if (at->name.ptr == NULL)
		buf_fmt(b, "[%zu]", at->index);
	else
		buf_fmt(b, "%s" STR_FMT, b->len == 0 ? "" : ".", STR_ARG(at->name));
}

static str
place_text(struct check *c, const struct place *at)
{
	struct buf b = buf_in(c->a);

	write_place(&b, at);
	return b.len == 0 ? S("input") : buf_str(&b);
}

/* Begins the line of one more problem; false where enough was told. */
static bool
problem(struct check *c)
{
	if (++c->problem_count > MAX_PROBLEMS)
		return false;
	buf_char(&c->problems, '\n');
	return true;
}

static const struct json *
wrong_type(struct check *c, const struct place *at, const struct json *in, const char *valid)
{
	if (problem(c))
		buf_fmt(&c->problems,
		    "Invalid type for parameter " STR_FMT ", type: %s, valid types: %s",
		    STR_ARG(place_text(c, at)), json_kind_name(in->kind), valid);
	return NULL;
}

static const struct json *
wrong_value(struct check *c, const struct place *at, const char *want)
{
	if (problem(c))
		buf_fmt(&c->problems, "Invalid value for parameter " STR_FMT ", must be %s",
		    STR_ARG(place_text(c, at)), want);
	return NULL;
}

static struct json *
number(struct check *c, str text)
{
	struct json *j = json_new(c->a, JSON_NUMBER);

	j->text = text;
	return j;
}

static const struct json *
check_integer(struct check *c, const struct json *in, const struct place *at)
{
	int64_t value;

	if (in->kind != JSON_NUMBER && in->kind != JSON_STRING)
		return wrong_type(c, at, in, "integer");
	if (!str_to_i64(in->text, &value))
		return wrong_value(c, at, "a whole number");
	return in->kind == JSON_NUMBER ? in : json_new_i64(c->a, value);
}

static bool
is_number(struct check *c, str text)
{
	const char *z = str_z(c->a, text);
	char *end;

	if (text.len == 0 || text.len > 40 || (z[0] != '-' && (z[0] < '0' || z[0] > '9')))
		return false;
	(void)strtod(z, &end);
	return *end == '\0' && z[1] != 'x' && z[1] != 'X';
}

static const struct json *
check_float(struct check *c, const struct json *in, const struct place *at)
{
	if (in->kind == JSON_NUMBER)
		return in;
	if (in->kind != JSON_STRING)
		return wrong_type(c, at, in, "float");
	if (str_is(in->text, "NaN") || str_is(in->text, "Infinity") ||
	    str_is(in->text, "-Infinity"))
		return in;
	return is_number(c, in->text) ? number(c, in->text) : wrong_value(c, at, "a number");
}

static const struct json *
check_boolean(struct check *c, const struct json *in, const struct place *at)
{
	if (in->kind == JSON_TRUE || in->kind == JSON_FALSE)
		return in;
	if (in->kind != JSON_STRING)
		return wrong_type(c, at, in, "boolean");
	if (str_eq_nocase(in->text, S("true")))
		return json_new_bool(c->a, true);
	if (str_eq_nocase(in->text, S("false")))
		return json_new_bool(c->a, false);
	return wrong_value(c, at, "true or false");
}

static const struct json *
check_timestamp(struct check *c, const struct json *in, const struct place *at)
{
	int64_t ms;

	if (in->kind != JSON_NUMBER && in->kind != JSON_STRING)
		return wrong_type(c, at, in, "timestamp");
	if (!timestamp_parse(in->text, &ms))
		return wrong_value(c, at, "a time");
	return number(c, timestamp_unix(c->a, ms));
}

static const struct json *
check_blob(struct check *c, const struct json *in, const struct place *at)
{
	str bytes;

	if (in->kind != JSON_STRING)
		return wrong_type(c, at, in, "blob");
	return base64_decode(c->a, in->text, &bytes) ? in : wrong_value(c, at, "base64");
}

static const struct json *
check_string(struct check *c, const struct json *in, const struct place *at)
{
	if (in->kind == JSON_STRING)
		return in;
	if (in->kind == JSON_ARRAY || in->kind == JSON_OBJECT)
		return wrong_type(c, at, in, "string");
	return json_new_str(c->a, json_scalar(in));
}

static void
check_missing(struct check *c, const struct aws_shape *shape, const struct json *in,
    struct json *out, const struct place *at)
{
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct aws_member *m = &shape->members[i];
		const struct json *given = json_get_str(in, m->name);

		if (given != NULL && given->kind != JSON_NULL)
			continue;
		if (m->idempotency_token && c->token != NULL)
			json_add(c->a, out, m->name, json_new_str(c->a, c->token(c->cookie, c->a)));
		else if (m->required && problem(c))
			buf_fmt(&c->problems,
			    "Missing required parameter in " STR_FMT ": \"" STR_FMT "\"",
			    STR_ARG(place_text(c, at)), STR_ARG(m->name));
	}
}

static void
unknown(struct check *c, const struct aws_shape *shape, str name, const struct place *at)
{
	if (!problem(c))
		return;
	buf_fmt(&c->problems, "Unknown parameter in " STR_FMT ": \"" STR_FMT "\", must be one of:",
	    STR_ARG(place_text(c, at)), STR_ARG(name));
	for (size_t i = 0; i < shape->member_count; i++)
		buf_fmt(&c->problems, "%s" STR_FMT, i == 0 ? " " : ", ",
		    STR_ARG(shape->members[i].name));
}

static const struct json *
check_structure(
    struct check *c, const struct aws_shape *shape, const struct json *in, const struct place *at)
{
	struct json *out;

	if (in->kind != JSON_OBJECT)
		return wrong_type(c, at, in, "structure");
	out = json_new_object(c->a);
	for (const struct json *m = in->first; m != NULL; m = m->next) {
		const struct aws_member *member = aws_member_find(shape, m->key);
		struct place here = { at, m->key, 0 };

		if (member == NULL)
			unknown(c, shape, m->key, at);
		else if (m->kind != JSON_NULL)
			json_add(c->a, out, m->key, check_value(c, member->shape, m, &here));
	}
	check_missing(c, shape, in, out, at);
	return out;
}

static const struct json *
check_list(
    struct check *c, const struct aws_shape *shape, const struct json *in, const struct place *at)
{
	struct place here = { .outer = at };
	struct json *out;

	if (in->kind != JSON_ARRAY)
		return wrong_type(c, at, in, "list");
	out = json_new_array(c->a);
	for (const struct json *m = in->first; m != NULL; m = m->next, here.index++)
		json_add(c->a, out, (str){ 0 }, check_value(c, shape->item, m, &here));
	return out;
}

static const struct json *
check_map(
    struct check *c, const struct aws_shape *shape, const struct json *in, const struct place *at)
{
	struct json *out;

	if (in->kind != JSON_OBJECT)
		return wrong_type(c, at, in, "map");
	out = json_new_object(c->a);
	for (const struct json *m = in->first; m != NULL; m = m->next) {
		struct place here = { at, m->key, 0 };

		if (m->kind != JSON_NULL)
			json_add(c->a, out, m->key, check_value(c, shape->item, m, &here));
	}
	return out;
}

static const struct json *
check_value(
    struct check *c, const struct aws_shape *shape, const struct json *in, const struct place *at)
{
	switch (shape->kind) {
	case AWS_STRING:
		return check_string(c, in, at);
	case AWS_INTEGER:
		return check_integer(c, in, at);
	case AWS_FLOAT:
		return check_float(c, in, at);
	case AWS_BOOLEAN:
		return check_boolean(c, in, at);
	case AWS_TIMESTAMP:
		return check_timestamp(c, in, at);
	case AWS_BLOB:
		return check_blob(c, in, at);
	case AWS_DOCUMENT:
		return in;
	case AWS_STRUCTURE:
		return check_structure(c, shape, in, at);
	case AWS_LIST:
		return check_list(c, shape, in, at);
	case AWS_MAP:
		return check_map(c, shape, in, at);
	}
	return NULL;
}

bool
aws_input_check(struct arena *a, const struct aws_operation *op, const struct json *in,
    str (*token)(void *cookie, struct arena *a), void *cookie, const struct json **out,
    struct err *err)
{
	struct check c = { .a = a, .problems = buf_in(a), .token = token, .cookie = cookie };
	struct place top = { 0 };
	const struct json *result;

	if (in == NULL)
		in = json_new_object(a);
	result = check_value(&c, op->input, in, &top);
	if (c.problem_count > MAX_PROBLEMS)
		buf_fmt(&c.problems, "\nand %zu more", c.problem_count - MAX_PROBLEMS);
	if (c.problem_count > 0)
		return err_code(err, ERR_INVALID, "ParamValidation",
		    "Parameter validation failed:" STR_FMT, STR_ARG(buf_str(&c.problems)));
	*out = result;
	return true;
}
