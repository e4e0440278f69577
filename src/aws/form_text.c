/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/form_text.c: scalars as the text protocols have them, and names as ec2 spells them.
 */
#include "aws/forms.h"
#include "aws/timestamp.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

bool
form_is_scalar(const struct aws_shape *shape)
{
	return shape->kind != AWS_STRUCTURE && shape->kind != AWS_LIST && shape->kind != AWS_MAP;
}

str
form_scalar(struct arena *a, const struct aws_shape *shape, const struct json *value,
    enum aws_time_form time_form)
{
	if (shape->kind == AWS_TIMESTAMP)
		return timestamp_write(
		    a, value, shape->time_form == AWS_TIME_DEFAULT ? time_form : shape->time_form);
	if (shape->kind == AWS_DOCUMENT)
		return json_text(a, value);
	return json_scalar(value);
}

static struct json *
number(struct arena *a, str text)
{
	struct json *j = json_new(a, JSON_NUMBER);

	j->text = text;
	return j;
}

/* Numbers that JSON could not write (NaN, Infinity) stay text. */
static const struct json *
read_float(struct arena *a, str text)
{
	const struct json *parsed;
	struct err err;

	err_init(&err, a);
	if (json_parse(a, text, &parsed, &err) && parsed->kind == JSON_NUMBER)
		return parsed;
	return str_is(text, "NaN") || str_is(text, "Infinity") || str_is(text, "-Infinity")
	    ? json_new_str(a, text)
	    : NULL;
}

const struct json *
form_scalar_read(struct arena *a, const struct aws_shape *shape, str text)
{
	int64_t value;

	switch (shape->kind) {
	case AWS_INTEGER:
		return str_to_i64(str_trim(text), &value) ? json_new_i64(a, value) : NULL;
	case AWS_FLOAT:
		return read_float(a, str_trim(text));
	case AWS_BOOLEAN:
		text = str_trim(text);
		if (!str_is(text, "true") && !str_is(text, "false"))
			return NULL;
		return json_new_bool(a, str_is(text, "true"));
	case AWS_TIMESTAMP:
		if (!timestamp_parse(str_trim(text), &value))
			return NULL;
		return number(a, timestamp_unix(a, value));
	case AWS_STRING:
	case AWS_BLOB:
	case AWS_DOCUMENT:
		return json_new_str(a, text);
	case AWS_STRUCTURE:
	case AWS_LIST:
	case AWS_MAP:
		return NULL;
	}
	return NULL;
}

str
form_wire_name(struct arena *a, const struct aws_member *m, enum form_names names)
{
	char *copy;

	if (names == FORM_NAMES || (names == FORM_EC2_ANSWER && m->renamed))
		return m->wire_name;
	copy = (char *)str_dup(a, m->wire_name).ptr;
	if (names == FORM_EC2_REQUEST && copy[0] >= 'a' && copy[0] <= 'z')
		copy[0] = (char)(copy[0] - ('a' - 'A'));
	if (names == FORM_EC2_ANSWER && copy[0] >= 'A' && copy[0] <= 'Z')
		copy[0] = (char)(copy[0] + ('a' - 'A'));
	return (str){ copy, m->wire_name.len };
}
