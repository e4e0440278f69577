/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/properties.c: a resource's properties against the shapes of its type.
 *
 * The first thing wrong ends it: the words are those that a resource's events tell, and they know
 * one place. Scalars become what the shape says, since "5" and 5 are the same in a template.
 */
#include "aws/model.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "cloud/cfn/types.h"

struct place {
	const struct place *outer;
	str name; /* of a member; NULL pointer: an element */
	size_t index;
};

struct check {
	struct arena *a;
	const struct cfn_type *type;
	str logical_id;
	struct err *err;
};

static void
write_place(struct buf *b, const struct place *at)
{
	if (at == NULL)
		return;
	write_place(b, at->outer);
	if (at->name.ptr == NULL)
		buf_fmt(b, "/%zu", at->index);
	else
		buf_fmt(b, "/" STR_FMT, STR_ARG(at->name));
}

static str
place_text(struct check *c, const struct place *at)
{
	struct buf b = buf_in(c->a);

	write_place(&b, at);
	return buf_str(&b);
}

static const struct json *
refuse(struct check *c, const struct place *at, const char *what)
{
	err_code(c->err, ERR_INVALID, CFN_PLAIN_REASON,
	    "Properties validation failed for resource " STR_FMT " with message: #" STR_FMT ": %s",
	    STR_ARG(c->logical_id), STR_ARG(place_text(c, at)), what);
	return NULL;
}

static const struct json *
refuse_unknown(struct check *c, const struct place *at, str name)
{
	if (!c->type->is_legacy)
		return refuse(c, at,
		    str_z(c->a,
			str_fmt(
			    c->a, "extraneous key [" STR_FMT "] is not permitted", STR_ARG(name))));
	err_code(c->err, ERR_INVALID, CFN_PLAIN_REASON, "Encountered unsupported property " STR_FMT,
	    STR_ARG(name));
	return NULL;
}

static const struct json *
refuse_missing(struct check *c, const struct place *at, str name)
{
	err_code(c->err, ERR_INVALID, CFN_PLAIN_REASON,
	    "Property validation failure: [The property {" STR_FMT "/" STR_FMT "} is required]",
	    STR_ARG(place_text(c, at)), STR_ARG(name));
	return NULL;
}

static const struct json *
refuse_kind(struct check *c, const struct place *at, const char *want, const struct json *in)
{
	static const char *const found[] = {
		[JSON_NULL] = "Null",
		[JSON_FALSE] = "Boolean",
		[JSON_TRUE] = "Boolean",
		[JSON_NUMBER] = "Number",
		[JSON_STRING] = "String",
		[JSON_ARRAY] = "JSONArray",
		[JSON_OBJECT] = "JSONObject",
	};

	return refuse(c, at,
	    str_z(c->a, str_fmt(c->a, "expected type: %s, found: %s", want, found[in->kind])));
}

static const struct json *check_value(
    struct check *c, const struct aws_shape *shape, const struct json *in, const struct place *at);

static const struct json *
check_structure(
    struct check *c, const struct aws_shape *shape, const struct json *in, const struct place *at)
{
	struct json *out = json_new_object(c->a);

	if (!json_is(in, JSON_OBJECT))
		return refuse_kind(c, at, "JSONObject", in);
	for (const struct json *m = in->first; m != NULL; m = m->next)
		if (aws_member_find(shape, m->key) == NULL)
			return refuse_unknown(c, at, m->key);
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct aws_member *m = &shape->members[i];
		const struct json *value = json_get_str(in, m->name);
		struct place here = { at, m->name, 0 };

		if (value == NULL && m->required)
			return refuse_missing(c, at, m->name);
		if (value == NULL)
			continue;
		value = check_value(c, m->shape, value, &here);
		if (value == NULL)
			return NULL;
		json_put_key(c->a, out, m->name, value);
	}
	return out;
}

static const struct json *
check_list(
    struct check *c, const struct aws_shape *shape, const struct json *in, const struct place *at)
{
	struct json *out = json_new_array(c->a);
	struct place here = { .outer = at };

	if (!json_is(in, JSON_ARRAY))
		return refuse_kind(c, at, "JSONArray", in);
	for (const struct json *e = in->first; e != NULL; e = e->next, here.index++) {
		const struct json *value = check_value(c, shape->item, e, &here);

		if (value == NULL)
			return NULL;
		json_push(c->a, out, value);
	}
	return out;
}

static const struct json *
check_map(
    struct check *c, const struct aws_shape *shape, const struct json *in, const struct place *at)
{
	struct json *out = json_new_object(c->a);

	if (!json_is(in, JSON_OBJECT))
		return refuse_kind(c, at, "JSONObject", in);
	for (const struct json *m = in->first; m != NULL; m = m->next) {
		struct place here = { at, m->key, 0 };
		const struct json *value = check_value(c, shape->item, m, &here);

		if (value == NULL)
			return NULL;
		json_put_key(c->a, out, m->key, value);
	}
	return out;
}

static bool
is_scalar(const struct json *j)
{
	return j->kind != JSON_ARRAY && j->kind != JSON_OBJECT && j->kind != JSON_NULL;
}

static const struct json *
check_integer(struct check *c, const struct json *in, const struct place *at)
{
	int64_t value;

	if (!is_scalar(in) || !str_to_i64(json_scalar(in), &value))
		return refuse_kind(c, at, "Integer", in);
	return json_new_i64(c->a, value);
}

static const struct json *
check_boolean(struct check *c, const struct json *in, const struct place *at)
{
	str text = is_scalar(in) ? json_scalar(in) : S("");

	if (!str_eq_nocase(text, S("true")) && !str_eq_nocase(text, S("false")))
		return refuse_kind(c, at, "Boolean", in);
	return json_new_bool(c->a, str_eq_nocase(text, S("true")));
}

static const struct json *
check_value(
    struct check *c, const struct aws_shape *shape, const struct json *in, const struct place *at)
{
	switch (shape->kind) {
	case AWS_STRING:
	case AWS_TIMESTAMP:
	case AWS_BLOB:
	case AWS_FLOAT:
		return is_scalar(in) ? json_new_str(c->a, json_scalar(in))
				     : refuse_kind(c, at, "String", in);
	case AWS_INTEGER:
		return check_integer(c, in, at);
	case AWS_BOOLEAN:
		return check_boolean(c, in, at);
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

static const struct aws_named_shape shapes[] = {
	{ "Tag", "Key!:s Value!:s" },
};

static const struct aws_service language = {
	.name = "properties of CloudFormation resources",
	.protocol = AWS_JSON_1_1,
	.shapes = shapes,
	.shape_count = countof(shapes),
};

/* A type's row is read once. */
static bool
make_shape(struct call *c, struct arena *a, const void *from, const void **out, struct err *err)
{
	const struct cfn_type *type = from;
	const struct aws_operation_row row = {
		.name = type->name, .input = type->properties, .output = ""
	};

	(void)c;
	(void)err;
	*out = aws_operation_parse(a, &language, &row)->input;
	return true;
}

bool
cfn_properties_check(struct call *c, const struct cfn_type *type, str logical_id,
    const struct json *in, const struct json **out, struct err *err)
{
	struct check check = { c->a, type, logical_id, err };
	str key = str_cat(c->a, S("cloudformation/properties/"), str_of(type->name));
	const struct json *checked;
	const void *shape;

	if (!memo_get(c, key, make_shape, type, &shape, err))
		return false;
	checked = check_value(&check, shape, in, NULL);
	if (checked == NULL)
		return false;
	*out = checked;
	return true;
}
