/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/form_xml_read.c: XML elements as trees, by shape.
 */
#include "aws/forms.h"
#include "aws/xml.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

struct reader {
	struct arena *a;
	enum form_names names;
	enum form_use use;
	struct err *err;
};

static bool read_value(
    struct reader *r, const struct aws_shape *shape, const struct xml *x, const struct json **out);

static const struct aws_member *
member_of(struct reader *r, const struct aws_shape *shape, str name)
{
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct aws_member *m = &shape->members[i];

		if (m->location == AWS_IN_BODY && str_eq(form_wire_name(r->a, m, r->names), name))
			return m;
	}
	return NULL;
}

/* The value of a member that exists already: flattened lists and maps come in pieces. */
static struct json *
existing(struct json *object, const struct aws_member *m, enum json_kind kind)
{
	struct json *found = (struct json *)json_get_str(object, m->name);

	if (found != NULL && found->kind == kind)
		return found;
	return NULL;
}

static struct json *
collection(struct reader *r, struct json *object, const struct aws_member *m)
{
	enum json_kind kind = m->shape->kind == AWS_LIST ? JSON_ARRAY : JSON_OBJECT;
	struct json *found = existing(object, m, kind);

	if (found == NULL) {
		json_add(r->a, object, m->name, json_new(r->a, kind));
		found = object->last;
	}
	return found;
}

static bool
add_entry(
    struct reader *r, const struct aws_shape *shape, const struct xml *entry, struct json *map)
{
	const struct xml *key = xml_child(entry, str_z(r->a, shape->key_name));
	const struct xml *value = xml_child(entry, str_z(r->a, shape->value_name));
	const struct json *read;

	if (key == NULL || value == NULL)
		return true;
	if (!read_value(r, shape->item, value, &read))
		return false;
	json_add(r->a, map, key->text, read);
	return true;
}

static bool
add_flattened(
    struct reader *r, const struct aws_member *m, const struct xml *x, struct json *object)
{
	struct json *all = collection(r, object, m);
	const struct json *read;

	if (m->shape->kind == AWS_MAP)
		return add_entry(r, m->shape, x, all);
	if (!read_value(r, m->shape->item, x, &read))
		return false;
	json_add(r->a, all, (str){ NULL, 0 }, read);
	return true;
}

static bool
add_member(
    struct reader *r, const struct aws_shape *shape, const struct xml *x, struct json *object)
{
	const struct aws_member *m = member_of(r, shape, x->name);
	const struct json *read;

	if (m == NULL) {
		if (r->use == FORM_REQUEST && aws_member_find(shape, x->name) == NULL)
			json_add(r->a, object, x->name, json_new_str(r->a, x->text));
		return true;
	}
	if (m->shape->flattened)
		return add_flattened(r, m, x, object);
	if (json_get_str(object, m->name) != NULL)
		return true; /* the first one counts */
	if (!read_value(r, m->shape, x, &read))
		return false;
	json_add(r->a, object, m->name, read);
	return true;
}

static bool
read_list(struct reader *r, const struct aws_shape *shape, const struct xml *x, struct json *list)
{
	for (const struct xml *c = x->first; c != NULL; c = c->next) {
		const struct json *read;

		if (!str_eq(c->name, shape->item_name))
			continue;
		if (!read_value(r, shape->item, c, &read))
			return false;
		json_add(r->a, list, (str){ NULL, 0 }, read);
	}
	return true;
}

static bool
read_scalar(
    struct reader *r, const struct aws_shape *shape, const struct xml *x, const struct json **out)
{
	*out = r->use == FORM_REQUEST ? json_new_str(r->a, x->text)
				      : form_scalar_read(r->a, shape, x->text);
	return *out != NULL ||
	    err_set(r->err, ERR_INVALID, "element " STR_FMT " holds '" STR_FMT "'",
		STR_ARG(x->name), STR_ARG(str_sub(x->text, 0, 100)));
}

static bool
read_value(
    struct reader *r, const struct aws_shape *shape, const struct xml *x, const struct json **out)
{
	struct json *parent;

	if (form_is_scalar(shape))
		return read_scalar(r, shape, x, out);
	parent = json_new(r->a, shape->kind == AWS_LIST ? JSON_ARRAY : JSON_OBJECT);
	*out = parent;
	if (shape->kind == AWS_LIST)
		return read_list(r, shape, x, parent);
	for (const struct xml *c = x->first; c != NULL; c = c->next) {
		bool ok = shape->kind == AWS_MAP ? add_entry(r, shape, c, parent)
						 : add_member(r, shape, c, parent);

		if (!ok)
			return false;
	}
	return true;
}

bool
form_xml_read(struct arena *a, const struct aws_shape *structure, const struct xml *element,
    enum form_names names, enum form_use use, const struct json **out, struct err *err)
{
	struct reader r = { a, names, use, err };

	return read_value(&r, structure, element, out);
}
