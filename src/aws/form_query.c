/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/form_query.c: trees as the parameters of the query protocols.
 *
 * The walk carries the name so far; what stands after it in the text is cut off again when a
 * member is done.
 */
#include "aws/forms.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/json.h"

struct writer {
	struct buf *out, name;
	enum form_names names;
	struct err *err;
};

static bool write_value(struct writer *w, const struct aws_shape *shape, const struct json *value);

static void
push_name(struct writer *w, str part)
{
	if (w->name.len > 0)
		buf_char(&w->name, '.');
	buf_add(&w->name, part);
}

static void
push_number(struct writer *w, size_t number)
{
	push_name(w, str_fmt(w->name.a, "%zu", number));
}

static void
write_text(struct writer *w, str text)
{
	buf_fmt(w->out, "&" STR_FMT "=" STR_FMT, STR_ARG(buf_str(&w->name)),
	    STR_ARG(percent_encode(w->out->a, text, false)));
}

static bool
is_flat(const struct writer *w, const struct aws_shape *shape)
{
	return shape->flattened || w->names == FORM_EC2_REQUEST;
}

static bool
write_list(struct writer *w, const struct aws_shape *shape, const struct json *value)
{
	size_t number = 1;

	if (value->count == 0) {
		if (w->names != FORM_EC2_REQUEST)
			write_text(w, S(""));
		return true;
	}
	if (!is_flat(w, shape))
		push_name(w, shape->item_name);
	for (const struct json *m = value->first; m != NULL; m = m->next) {
		size_t len = w->name.len;

		push_number(w, number++);
		if (!write_value(w, shape->item, m))
			return false;
		w->name.len = len;
	}
	return true;
}

static bool
write_map(struct writer *w, const struct aws_shape *shape, const struct json *value)
{
	size_t number = 1;

	if (!is_flat(w, shape))
		push_name(w, S("entry"));
	for (const struct json *m = value->first; m != NULL; m = m->next) {
		size_t outer = w->name.len, entry;

		push_number(w, number++);
		entry = w->name.len;
		push_name(w, shape->key_name);
		write_text(w, m->key);
		w->name.len = entry;
		push_name(w, shape->value_name);
		if (!write_value(w, shape->item, m))
			return false;
		w->name.len = outer;
	}
	return true;
}

static bool
write_structure(struct writer *w, const struct aws_shape *shape, const struct json *value)
{
	for (const struct json *m = value->first; m != NULL; m = m->next) {
		const struct aws_member *member = aws_member_find(shape, m->key);
		size_t len = w->name.len;

		if (member == NULL)
			return form_lacks(m, w->err);
		if (m->kind == JSON_NULL)
			continue;
		push_name(w, form_wire_name(w->name.a, member, w->names));
		if (!write_value(w, member->shape, m))
			return false;
		w->name.len = len;
	}
	return true;
}

static bool
write_value(struct writer *w, const struct aws_shape *shape, const struct json *value)
{
	size_t len = w->name.len;
	bool ok = true;

	if (!form_fits(shape, value, w->err))
		return false;
	if (shape->kind == AWS_LIST)
		ok = write_list(w, shape, value);
	else if (shape->kind == AWS_MAP)
		ok = write_map(w, shape, value);
	else if (shape->kind == AWS_STRUCTURE)
		ok = write_structure(w, shape, value);
	else
		write_text(w, form_scalar(w->name.a, shape, value, AWS_TIME_ISO));
	w->name.len = len;
	return ok;
}

bool
form_query_write(struct buf *b, const struct aws_shape *structure, const struct json *value,
    enum form_names names, struct err *err)
{
	struct writer w = { .out = b, .name = buf_in(b->a), .names = names, .err = err };

	return write_value(&w, structure, value);
}
