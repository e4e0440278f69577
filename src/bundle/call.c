/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle/call.c: AWS calls of a manifest or a document, held against the model of operations.
 */
#include "aws/model.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "bundle/internal.h"
#include "lang/jsonpath.h"

#define MAX_CALLS 10

/* --- does an input fit its shape? ---------------------------------------------------------- */

static const struct aws_member *
member_find(const struct aws_shape *shape, str name)
{
	for (size_t i = 0; i < shape->member_count; i++)
		if (str_eq(shape->members[i].name, name))
			return &shape->members[i];
	return NULL;
}

static bool
is_besides(const char *const *besides, str name)
{
	for (; besides != NULL && *besides != NULL; besides++)
		if (str_is(name, *besides))
			return true;
	return false;
}

static bool
is_filled_in(str text)
{
	return str_has(text, S("${")) || str_has(text, S("{{"));
}

static void
unknown_input(struct check *c, const struct json *m, const struct aws_shape *shape, str what)
{
	str *names = arena_new(c->a, str, shape->member_count);

	for (size_t i = 0; i < shape->member_count; i++)
		names[i] = shape->members[i].name;
	find_error(c, place_of_key(m), "call-input-unknown",
	    S("use the names of the AWS API, with their capital letters"),
	    STR_FMT " takes no '" STR_FMT "'" STR_FMT, STR_ARG(what), STR_ARG(m->key),
	    STR_ARG(did_you_mean(c->a, m->key, names, shape->member_count)));
}

static void check_value(
    struct check *c, const struct json *value, const struct aws_shape *shape, str what);

void
check_input(struct check *c, const struct json *input, const struct aws_shape *shape, str what,
    struct place at, const char *const *besides)
{
	for (const struct json *m = json_first(input); m != NULL; m = m->next) {
		const struct aws_member *known = member_find(shape, m->key);

		if (known != NULL)
			check_value(c, m, known->shape,
			    str_fmt(c->a, STR_FMT "." STR_FMT, STR_ARG(what), STR_ARG(m->key)));
		else if (!is_besides(besides, m->key))
			unknown_input(c, m, shape, what);
	}
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct aws_member *known = &shape->members[i];

		if (known->required && !known->idempotency_token &&
		    json_get_str(input, known->name) == NULL)
			find_error(c, at, "call-input-missing",
			    str_fmt(c->a, "add '" STR_FMT ":'", STR_ARG(known->name)),
			    STR_FMT " needs '" STR_FMT "'", STR_ARG(what), STR_ARG(known->name));
	}
}

static void
wrong_input(struct check *c, const struct json *value, str what, const char *wanted)
{
	find_error(c, place_of(value), "call-input-kind", str_fmt(c->a, "write %s here", wanted),
	    STR_FMT " must be %s and is %s", STR_ARG(what), wanted, json_kind_name(value->kind));
}

static void
check_scalar(struct check *c, const struct json *value, const struct aws_shape *shape, str what)
{
	int64_t number;

	if (value->kind == JSON_OBJECT || value->kind == JSON_ARRAY || value->kind == JSON_NULL) {
		wrong_input(c, value, what, "a single value");
		return;
	}
	if (shape->kind == AWS_INTEGER && !str_to_i64(json_scalar(value), &number))
		wrong_input(c, value, what, "a whole number");
	if (shape->kind == AWS_BOOLEAN && !str_is(json_scalar(value), "true") &&
	    !str_is(json_scalar(value), "false"))
		wrong_input(c, value, what, "true or false");
}

static void
check_value(struct check *c, const struct json *value, const struct aws_shape *shape, str what)
{
	if (is_filled_in(json_str(value)))
		return;
	switch (shape->kind) {
	case AWS_STRUCTURE:
		if (json_is(value, JSON_OBJECT))
			check_input(c, value, shape, what, place_of(value), NULL);
		else
			wrong_input(c, value, what, "an object");
		break;
	case AWS_LIST:
		if (!json_is(value, JSON_ARRAY))
			wrong_input(c, value, what, "a list");
		for (const struct json *e = json_first(value); e != NULL; e = e->next)
			check_value(c, e, shape->item, what);
		break;
	case AWS_MAP:
		if (!json_is(value, JSON_OBJECT))
			wrong_input(c, value, what, "an object");
		for (const struct json *m = json_first(value); m != NULL; m = m->next)
			check_value(c, m, shape->item, what);
		break;
	case AWS_DOCUMENT:
		break;
	case AWS_STRING:
	case AWS_INTEGER:
	case AWS_FLOAT:
	case AWS_BOOLEAN:
	case AWS_TIMESTAMP:
	case AWS_BLOB:
		check_scalar(c, value, shape, what);
		break;
	}
}

/* The next ".Name" or "[index]" (an empty name) of a selector; false at its end, and where it
 * goes on in another way, which only an answer can tell. */
static bool
next_segment(str *rest, str *name)
{
	size_t end = 1;
	int64_t index;

	if (rest->len == 0 || (rest->ptr[0] != '.' && rest->ptr[0] != '['))
		return false;
	if (rest->ptr[0] == '[') {
		end = str_find_char(*rest, ']');
		*name = str_sub(*rest, 1, end - 1);
		*rest = str_from(*rest, end + 1);
		if (!str_to_i64(*name, &index) && !str_is(*name, "*"))
			return false;
		*name = (str){ "", 0 };
		return true;
	}
	while (end < rest->len && rest->ptr[end] != '.' && rest->ptr[end] != '[')
		end++;
	*name = str_sub(*rest, 1, end - 1);
	*rest = str_from(*rest, end);
	return name->len > 0 && !str_is(*name, "*");
}

bool
check_selector_shape(
    struct check *c, const struct json *node, str selector, const struct aws_shape *shape)
{
	str rest = str_from(selector, 1), name;

	while (shape != NULL && next_segment(&rest, &name)) {
		const struct aws_member *m;

		if (name.len == 0) {
			shape = shape->kind == AWS_LIST ? shape->item : NULL;
			continue;
		}
		if (shape->kind != AWS_STRUCTURE)
			return true;
		m = member_find(shape, name);
		if (m == NULL) {
			find_error(c, place_of(node), "selector-unknown",
			    S("use the names of the AWS API's answer, with their capital letters"),
			    "the answer has no member '" STR_FMT "', which '" STR_FMT "' names",
			    STR_ARG(name), STR_ARG(selector));
			return false;
		}
		shape = m->shape;
	}
	return true;
}

/* --- one call -------------------------------------------------------------------------------- */

static void
unknown_service(struct check *c, const struct json *node, str service)
{
	const struct aws_service *known;
	size_t count = 0;
	str *names;

	while (aws_service_at(count) != NULL)
		count++;
	names = arena_new(c->a, str, count);
	for (size_t i = 0; (known = aws_service_at(i)) != NULL; i++)
		names[i] = str_of(known->name);
	find_error(c, place_of(node), "call-unknown",
	    S("use a service's SDK name, as SSM documents do: sagemaker, servicecatalog, ec2"),
	    "there is no service '" STR_FMT "'" STR_FMT, STR_ARG(service),
	    STR_ARG(did_you_mean(c->a, service, names, count)));
}

static void
unknown_operation(
    struct check *c, const struct json *node, const struct aws_service *service, str operation)
{
	str *names = arena_new(c->a, str, service->operation_count);

	for (size_t i = 0; i < service->operation_count; i++)
		names[i] = str_of(service->operations[i].name);
	find_error(c, place_of(node), "call-unknown",
	    S("use the name of an operation of the service's API"),
	    "%s has no operation '" STR_FMT "'" STR_FMT, service->name, STR_ARG(operation),
	    STR_ARG(did_you_mean(c->a, operation, names, service->operation_count)));
}

const struct aws_operation *
find_operation(struct check *c, const struct json *node, str service, str operation)
{
	const struct aws_service *known = aws_service_find(service);
	const struct aws_operation *op = NULL;
	struct err err;

	err_init(&err, c->a);
	if (known == NULL)
		unknown_service(c, node, service);
	else if (!aws_operation_find(service, operation, &op, &err))
		unknown_operation(c, node, known, operation);
	return op;
}

/* ignore, secret, gone: lists of texts. */
bool
check_texts(struct check *c, const struct json *list, const char *what)
{
	for (const struct json *e = json_first(list); e != NULL; e = e->next) {
		if (json_is(e, JSON_STRING) && e->text.len > 0)
			continue;
		find_error(c, place_of(e), "wrong-kind", S("write a text here"),
		    "'%s' must be a list of texts", what);
		return false;
	}
	return true;
}

static void
check_secrets(struct check *c, const struct json *secret, const struct aws_operation *op)
{
	for (const struct json *e = json_first(secret); e != NULL; e = e->next)
		if (op->output == NULL || member_find(op->output, json_str(e)) == NULL)
			find_error(c, place_of(e), "selector-unknown",
			    S("name members of the answer, with their capital letters"),
			    "the answer of %s has no member '" STR_FMT "'", op->name,
			    STR_ARG(json_str(e)));
}

bool
read_call(struct check *c, const struct json *node, const struct variable_use *use,
    struct bundle_call *out)
{
	static const struct json no_input = { .kind = JSON_OBJECT };
	const struct json *call = json_get(node, "call"), *with = json_get(node, "with");
	str rest = json_str(call), service, operation;
	size_t errors = c->findings->errors;

	*out = (struct bundle_call){
		.as = json_str(json_get(node, "as")),
		.with = with,
		.ignore = json_get(node, "ignore"),
		.secret = json_get(node, "secret"),
	};
	if (!str_cut(&rest, ':', &service) || !str_cut(&rest, ':', &operation) ||
	    rest.ptr != NULL) {
		find_error(c, place_of(call), "call-malformed",
		    S("write service:Operation, e.g. sagemaker:StopNotebookInstance"),
		    "'" STR_FMT "' is not a call", STR_ARG(json_str(call)));
		return false;
	}
	out->model = find_operation(c, call, service, operation);
	if (out->model == NULL || !check_texts(c, out->ignore, "ignore") ||
	    !check_texts(c, out->secret, "secret"))
		return false;
	out->service = str_of(out->model->service->name);
	out->operation = str_of(out->model->name);
	check_secrets(c, out->secret, out->model);
	check_input(c, with == NULL ? &no_input : with, out->model->input, out->operation,
	    place_of(node), NULL);
	check_variables(c, with, use);
	return c->findings->errors == errors;
}

/* --- a list of calls ---------------------------------------------------------------------- */

static const struct field call_fields[] = {
	{ "as", KIND(STRING), false },
	{ "call", KIND(STRING), true },
	{ "ignore", KIND(ARRAY), false },
	{ "secret", KIND(ARRAY), false },
	{ "with", KIND(OBJECT), false },
};

/* A name of its own, which no scope bears. */
static bool
check_as(struct check *c, const struct json *node, const struct bundle_call *calls, size_t count)
{
	static const char *const scopes[] = { "config", "datasets", "environment", "exec", "launch",
		"links", "main", "operation", "outputs", "project", "type" };
	const struct json *as = json_get(node, "as");
	bool taken = false;

	if (as == NULL)
		return true;
	for (size_t i = 0; i < countof(scopes); i++)
		taken |= str_is(json_str(as), scopes[i]);
	for (size_t i = 0; i < count; i++)
		taken |= str_eq(json_str(as), calls[i].as);
	if (!taken && json_str(as).len > 0 && str_find_char(json_str(as), '.') == json_str(as).len)
		return true;
	find_error(c, place_of(as), "call-name",
	    S("choose a short name of letters that nothing else bears"),
	    "the answer cannot be called '" STR_FMT "'", STR_ARG(json_str(as)));
	return false;
}

bool
read_calls(struct check *c, const struct json *list, enum bundle_verb verb,
    struct bundle_call **out, size_t *count)
{
	struct variable_use use = { .verb = verb };
	size_t n = 0;
	bool ok = true;

	if (json_count(list) == 0 || json_count(list) > MAX_CALLS) {
		find_error(c, place_of(list), "calls-count",
		    str_fmt(c->a, "write at least one call and at most %d", MAX_CALLS),
		    "there are %zu calls", json_count(list));
		return false;
	}
	*out = arena_new(c->a, struct bundle_call, json_count(list));
	for (const struct json *node = json_first(list); node != NULL; node = node->next) {
		use.answered = *out;
		use.answered_count = n;
		ok = check_fields(c, node, "a call", call_fields, countof(call_fields)) &&
		    check_as(c, node, *out, n) && read_call(c, node, &use, &(*out)[n]) && ok;
		n++;
	}
	*count = n;
	return ok;
}
