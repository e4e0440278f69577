/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/form_json.c: trees as JSON bodies. Differs from plain JSON in names, in the forms of times,
 * and in what is left out.
 */
#include "aws/forms.h"
#include "aws/timestamp.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

bool
form_fits(const struct aws_shape *shape, const struct json *value, struct err *err)
{
	static const struct {
		const char *name;
		unsigned kinds;
	} fits[] = {
#define KIND(k) (1u << JSON_##k)
		[AWS_STRING] = { "a string", KIND(STRING) },
		[AWS_INTEGER] = { "an integer", KIND(NUMBER) },
		[AWS_FLOAT] = { "a number", KIND(NUMBER) | KIND(STRING) },
		[AWS_BOOLEAN] = { "a boolean", KIND(TRUE) | KIND(FALSE) },
		[AWS_TIMESTAMP] = { "a time in seconds", KIND(NUMBER) },
		[AWS_BLOB] = { "base64 text", KIND(STRING) },
		[AWS_DOCUMENT] = { "any JSON", ~0u },
		[AWS_STRUCTURE] = { "an object", KIND(OBJECT) },
		[AWS_LIST] = { "a list", KIND(ARRAY) },
		[AWS_MAP] = { "an object", KIND(OBJECT) },
#undef KIND
	};

	if ((fits[shape->kind].kinds & (1u << value->kind)) != 0)
		return true;
	return err_set(err, ERR_INVALID, "%s stands where the model has %s",
	    json_kind_name(value->kind), fits[shape->kind].name);
}

bool
form_lacks(const struct json *member, struct err *err)
{
	return err_set(err, ERR_INVALID, "the model has no member " STR_FMT, STR_ARG(member->key));
}

/* Errors inside a member tell the way to it. */
static bool
in_member(str name, struct err *err)
{
	return err_prefix(err, STR_FMT, STR_ARG(name));
}

static bool
write_structure(
    struct buf *b, const struct aws_shape *shape, const struct json *value, struct err *err)
{
	bool comma = false;

	buf_char(b, '{');
	for (const struct json *m = value->first; m != NULL; m = m->next) {
		const struct aws_member *member = aws_member_find(shape, m->key);

		if (member == NULL)
			return form_lacks(m, err);
		if (m->kind == JSON_NULL || member->location != AWS_IN_BODY)
			continue;
		if (comma)
			buf_char(b, ',');
		comma = true;
		json_write_str(b, member->wire_name);
		buf_char(b, ':');
		if (!form_json_write(b, member->shape, m, err))
			return in_member(m->key, err);
	}
	buf_char(b, '}');
	return true;
}

static bool
write_children(
    struct buf *b, const struct aws_shape *shape, const struct json *value, struct err *err)
{
	bool map = shape->kind == AWS_MAP;

	buf_char(b, map ? '{' : '[');
	for (const struct json *m = value->first; m != NULL; m = m->next) {
		if (m != value->first)
			buf_char(b, ',');
		if (map) {
			json_write_str(b, m->key);
			buf_char(b, ':');
		}
		if (m->kind == JSON_NULL)
			buf_add(b, S("null"));
		else if (!form_json_write(b, shape->item, m, err))
			return map ? in_member(m->key, err) : false;
	}
	buf_char(b, map ? '}' : ']');
	return true;
}

static void
write_time(struct buf *b, const struct aws_shape *shape, const struct json *value)
{
	enum aws_time_form form =
	    shape->time_form == AWS_TIME_DEFAULT ? AWS_TIME_UNIX : shape->time_form;
	str text = timestamp_write(b->a, value, form);

	if (form == AWS_TIME_UNIX)
		buf_add(b, text);
	else
		json_write_str(b, text);
}

bool
form_json_write(
    struct buf *b, const struct aws_shape *shape, const struct json *value, struct err *err)
{
	if (!form_fits(shape, value, err))
		return false;
	switch (shape->kind) {
	case AWS_STRUCTURE:
		return write_structure(b, shape, value, err);
	case AWS_LIST:
	case AWS_MAP:
		return write_children(b, shape, value, err);
	case AWS_TIMESTAMP:
		write_time(b, shape, value);
		return true;
	case AWS_STRING:
	case AWS_INTEGER:
	case AWS_FLOAT:
	case AWS_BOOLEAN:
	case AWS_BLOB:
	case AWS_DOCUMENT:
		json_write(b, value);
		return true;
	}
	return true;
}

/* A member by its name on the wire. */
static const struct aws_member *
member_by_wire(const struct aws_shape *shape, str name)
{
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct aws_member *m = &shape->members[i];

		if (m->location == AWS_IN_BODY && str_eq(m->wire_name, name))
			return m;
	}
	return NULL;
}

static bool
read_structure(struct arena *a, const struct aws_shape *shape, const struct json *in,
    struct json *out, struct err *err)
{
	for (const struct json *m = in->first; m != NULL; m = m->next) {
		const struct aws_member *member = member_by_wire(shape, m->key);
		const struct json *value;

		if (member == NULL || m->kind == JSON_NULL)
			continue;
		if (!form_json_read(a, member->shape, m, &value, err))
			return in_member(m->key, err);
		json_add(a, out, member->name, value);
	}
	return true;
}

static bool
read_children(struct arena *a, const struct aws_shape *shape, const struct json *in,
    struct json *out, struct err *err)
{
	for (const struct json *m = in->first; m != NULL; m = m->next) {
		const struct json *value = m;

		if (m->kind == JSON_NULL && shape->kind == AWS_MAP)
			continue;
		if (m->kind != JSON_NULL && !form_json_read(a, shape->item, m, &value, err))
			return false;
		json_add(a, out, m->key, value);
	}
	return true;
}

static bool
read_time(struct arena *a, const struct json *in, const struct json **out, struct err *err)
{
	struct json *seconds;
	int64_t ms;

	if ((in->kind != JSON_NUMBER && in->kind != JSON_STRING) || !timestamp_parse(in->text, &ms))
		return err_set(err, ERR_INVALID, "%s stands where the model has a time",
		    json_kind_name(in->kind));
	seconds = json_new(a, JSON_NUMBER);
	seconds->text = timestamp_unix(a, ms);
	*out = seconds;
	return true;
}

bool
form_json_read(struct arena *a, const struct aws_shape *shape, const struct json *in,
    const struct json **out, struct err *err)
{
	struct json *parent;

	if (shape->kind == AWS_TIMESTAMP)
		return read_time(a, in, out, err);
	if (!form_fits(shape, in, err))
		return false;
	if (shape->kind != AWS_STRUCTURE && shape->kind != AWS_LIST && shape->kind != AWS_MAP) {
		*out = in;
		return true;
	}
	parent = json_new(a, in->kind);
	*out = parent;
	return shape->kind == AWS_STRUCTURE ? read_structure(a, shape, in, parent, err)
					    : read_children(a, shape, in, parent, err);
}
