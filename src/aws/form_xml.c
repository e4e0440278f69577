/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/form_xml.c: trees as XML elements, for the answers of query, ec2 and s3 and the bodies of
 * s3's requests.
 */
#include "aws/forms.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

static bool write_value(struct buf *b, const struct aws_shape *shape, str name,
    const struct json *value, enum form_names names, struct err *err);

/* XML 1.0 has no way to write these. */
static bool
is_unwritable(unsigned char c)
{
	return c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

static str
escape_of(unsigned char c)
{
	switch (c) {
	case '&':
		return S("&amp;");
	case '<':
		return S("&lt;");
	case '>':
		return S("&gt;");
	case '"':
		return S("&quot;");
	case '\r':
		return S("&#13;"); /* a reader would make it a line feed */
	default:
		return is_unwritable(c) ? S("\xef\xbf\xbd") : (str){ NULL, 0 };
	}
}

void
form_xml_text(struct buf *b, str text)
{
	size_t begin = 0;

	for (size_t i = 0; i < text.len; i++) {
		str escape = escape_of((unsigned char)text.ptr[i]);

		if (escape.ptr == NULL)
			continue;
		buf_add(b, str_sub(text, begin, i - begin));
		buf_add(b, escape);
		begin = i + 1;
	}
	buf_add(b, str_from(text, begin));
}

static void
open_tag(struct buf *b, str name)
{
	buf_fmt(b, "<" STR_FMT ">", STR_ARG(name));
}

static void
close_tag(struct buf *b, str name)
{
	buf_fmt(b, "</" STR_FMT ">", STR_ARG(name));
}

static bool
write_list(struct buf *b, const struct aws_shape *shape, str name, const struct json *value,
    enum form_names names, struct err *err)
{
	str item = shape->flattened ? name : shape->item_name;

	if (!shape->flattened)
		open_tag(b, name);
	for (const struct json *m = value->first; m != NULL; m = m->next) {
		if (m->kind != JSON_NULL && !write_value(b, shape->item, item, m, names, err))
			return false;
	}
	if (!shape->flattened)
		close_tag(b, name);
	return true;
}

static bool
write_map(struct buf *b, const struct aws_shape *shape, str name, const struct json *value,
    enum form_names names, struct err *err)
{
	str entry = shape->flattened ? name : S("entry");

	if (!shape->flattened)
		open_tag(b, name);
	for (const struct json *m = value->first; m != NULL; m = m->next) {
		if (m->kind == JSON_NULL)
			continue;
		open_tag(b, entry);
		open_tag(b, shape->key_name);
		form_xml_text(b, m->key);
		close_tag(b, shape->key_name);
		if (!write_value(b, shape->item, shape->value_name, m, names, err))
			return false;
		close_tag(b, entry);
	}
	if (!shape->flattened)
		close_tag(b, name);
	return true;
}

static bool
write_value(struct buf *b, const struct aws_shape *shape, str name, const struct json *value,
    enum form_names names, struct err *err)
{
	if (!form_fits(shape, value, err))
		return false;
	if (shape->kind == AWS_LIST)
		return write_list(b, shape, name, value, names, err);
	if (shape->kind == AWS_MAP)
		return write_map(b, shape, name, value, names, err);
	open_tag(b, name);
	if (shape->kind != AWS_STRUCTURE)
		form_xml_text(b, form_scalar(b->a, shape, value, AWS_TIME_ISO));
	else if (!form_xml_write(b, shape, value, names, err))
		return false;
	close_tag(b, name);
	return true;
}

bool
form_xml_write(struct buf *b, const struct aws_shape *structure, const struct json *value,
    enum form_names names, struct err *err)
{
	if (!form_fits(structure, value, err))
		return false;
	for (const struct json *m = value->first; m != NULL; m = m->next) {
		const struct aws_member *member = aws_member_find(structure, m->key);

		if (member == NULL)
			return form_lacks(m, err);
		if (m->kind == JSON_NULL || member->location != AWS_IN_BODY)
			continue;
		if (!write_value(
			b, member->shape, form_wire_name(b->a, member, names), m, names, err))
			return err_prefix(err, STR_FMT, STR_ARG(m->key));
	}
	return true;
}
