/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/input.c: one pass a kind of problem, since clients know the order of the texts.
 */
#include "api/input.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

#define MOST_BY_DEFAULT 4096
#define SHOWN 100 /* characters of a name that is not ours */

static void
problem(struct buf *b)
{
	if (b->len > 0)
		buf_add(b, S(". "));
}

static uint32_t
most(const struct field *f)
{
	return f->most == 0 ? MOST_BY_DEFAULT : f->most;
}

static void
check_text(struct buf *b, const struct field *f, const struct json *value)
{
	if (!json_is(value, JSON_STRING)) {
		problem(b);
		buf_fmt(b, "%s is not of a type(s) string", f->name);
	} else if (str_characters(value->text) > most(f)) {
		problem(b);
		buf_fmt(b, "%s does not meet maximum length of %u", f->name, most(f));
	}
}

static void
check_enum(struct buf *b, const struct field *f, const struct json *value)
{
	const char *const *v = f->values;

	while (*v != NULL && !str_is(json_str(value), *v))
		v++;
	if (*v != NULL)
		return;
	problem(b);
	buf_fmt(b, "%s is not one of enum values: ", f->name);
	for (v = f->values; *v != NULL; v++)
		buf_fmt(b, "%s%s", v == f->values ? "" : ",", *v);
}

static void
check_list(struct buf *b, const struct field *f, const struct json *value)
{
	enum json_kind element = f->kind == F_STRINGS ? JSON_STRING : JSON_OBJECT;
	size_t i = 0;

	if (!json_is(value, JSON_ARRAY)) {
		problem(b);
		buf_fmt(b, "%s is not of a type(s) array", f->name);
		return;
	}
	if (value->count > most(f)) {
		problem(b);
		buf_fmt(b, "%s does not meet maximum length of %u", f->name, most(f));
		return;
	}
	for (const struct json *e = json_first(value); e != NULL; e = e->next, i++) {
		if (e->kind == element)
			continue;
		problem(b);
		buf_fmt(b, "%s[%zu] is not of a type(s) %s", f->name, i,
		    element == JSON_STRING ? "string" : "object");
	}
}

static void
check_type(struct buf *b, const struct field *f, const struct json *value)
{
	switch (f->kind) {
	case F_STRING:
		check_text(b, f, value);
		break;
	case F_ENUM:
		check_enum(b, f, value);
		break;
	case F_STRINGS:
	case F_OBJECTS:
		check_list(b, f, value);
		break;
	}
}

static bool
is_known(const struct input *input, str name)
{
	for (size_t i = 0; i < input->count; i++)
		if (str_is(name, input->fields[i].name))
			return true;
	return false;
}

static str
check(struct arena *a, const struct input *input, const struct json *body)
{
	struct buf b = buf_in(a);

	if (!json_is(body, JSON_OBJECT))
		return S("is not of a type(s) object");
	for (size_t i = 0; i < input->count; i++) {
		const struct json *value = json_get(body, input->fields[i].name);

		if (value != NULL)
			check_type(&b, &input->fields[i], value);
	}
	for (size_t i = 0; i < input->count; i++) {
		if (!input->fields[i].required || json_get(body, input->fields[i].name) != NULL)
			continue;
		problem(&b);
		buf_fmt(&b, "requires property '%s'", input->fields[i].name);
	}
	for (const struct json *m = json_first(body); m != NULL; m = m->next) {
		if (is_known(input, m->key))
			continue;
		problem(&b);
		buf_fmt(&b, "is not allowed to have the additional property '" STR_FMT "'",
		    STR_ARG(str_clip(m->key, SHOWN)));
	}
	return buf_str(&b);
}

bool
input_read(
    struct arena *a, const struct input *input, str text, const struct json **out, struct err *err)
{
	const struct json *body;
	str problems;

	if (str_trim(text).len == 0)
		text = S("{}");
	if (!json_parse(a, text, &body, err))
		return err_prefix(err, "the body is not JSON");
	problems = check(a, input, body);
	if (problems.len > 0)
		return err_set(err, ERR_INVALID, STR_FMT, STR_ARG(problems));
	*out = body;
	return true;
}
