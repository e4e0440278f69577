/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/json.c: the tree: how it is asked, and how code builds one. Text becomes a tree in
 * json_parse.c and a tree becomes text in json_write.c.
 */
#include "base/json.h"

#include <assert.h>
#include <stdarg.h>

#include "base/arena.h"

/* --- asking ---------------------------------------------------------------------------------- */

const struct json *
json_first(const struct json *j)
{
	if (j == NULL || (j->kind != JSON_OBJECT && j->kind != JSON_ARRAY))
		return NULL;
	return j->first;
}

size_t
json_count(const struct json *j)
{
	return json_first(j) == NULL ? 0 : j->count;
}

bool
json_has_str(const struct json *array, str text)
{
	for (const struct json *e = json_first(array); e != NULL; e = e->next)
		if (e->kind == JSON_STRING && str_eq(e->text, text))
			return true;
	return false;
}

const struct json *
json_get_str(const struct json *object, str key)
{
	if (!json_is(object, JSON_OBJECT))
		return NULL;
	for (const struct json *m = object->first; m != NULL; m = m->next)
		if (str_eq(m->key, key))
			return m;
	return NULL;
}

const struct json *
json_at(const struct json *array, size_t index)
{
	const struct json *e = json_is(array, JSON_ARRAY) ? array->first : NULL;

	for (; e != NULL && index > 0; index--)
		e = e->next;
	return e;
}

const struct json *
json_path(const struct json *j, ...)
{
	va_list keys;
	const char *key;

	va_start(keys, j);
	while ((key = va_arg(keys, const char *)) != NULL)
		j = json_get(j, key);
	va_end(keys);
	return j;
}

bool
json_is(const struct json *j, enum json_kind kind)
{
	return j != NULL && j->kind == kind;
}

const char *
json_kind_name(enum json_kind kind)
{
	static const char *const names[] = {
		[JSON_NULL] = "null",
		[JSON_FALSE] = "a boolean",
		[JSON_TRUE] = "a boolean",
		[JSON_NUMBER] = "a number",
		[JSON_STRING] = "a string",
		[JSON_ARRAY] = "a list",
		[JSON_OBJECT] = "an object",
	};

	return names[kind];
}

str
json_str(const struct json *j)
{
	return json_is(j, JSON_STRING) ? j->text : (str){ 0 };
}

str
json_scalar(const struct json *j)
{
	if (json_is(j, JSON_TRUE))
		return S("true");
	if (json_is(j, JSON_FALSE))
		return S("false");
	return json_is(j, JSON_NUMBER) ? j->text : json_str(j);
}

bool
json_bool(const struct json *j, bool absent)
{
	if (json_is(j, JSON_TRUE))
		return true;
	return json_is(j, JSON_FALSE) ? false : absent;
}

int64_t
json_i64(const struct json *j, int64_t absent)
{
	int64_t value;

	return json_is(j, JSON_NUMBER) && str_to_i64(j->text, &value) ? value : absent;
}

/* Members of the same name; mostly they stand in the same order. */
static const struct json *
counterpart(const struct json *m, const struct json *n, const struct json *y)
{
	return y->kind == JSON_ARRAY || str_eq(m->key, n->key) ? n : json_get_str(y, m->key);
}

static bool
equal_children(const struct json *x, const struct json *y)
{
	const struct json *n = y->first;

	if (x->count != y->count)
		return false;
	for (const struct json *m = x->first; m != NULL; m = m->next, n = n->next)
		if (!json_equal(m, counterpart(m, n, y)))
			return false;
	return true;
}

bool
json_equal(const struct json *x, const struct json *y)
{
	if (x == NULL || y == NULL || x->kind != y->kind)
		return x == y;
	switch (x->kind) {
	case JSON_NULL:
	case JSON_FALSE:
	case JSON_TRUE:
		return true;
	case JSON_NUMBER:
	case JSON_STRING:
		return str_eq(x->text, y->text);
	case JSON_ARRAY:
	case JSON_OBJECT:
		return equal_children(x, y);
	}
	return false;
}

/* --- building --------------------------------------------------------------------------------- */

static struct json *
node(struct arena *a)
{
	struct json *j = (struct json *)arena_raw(a, sizeof(*j));

	*j = (struct json){ 0 };
	return j;
}

struct json *
json_new(struct arena *a, enum json_kind kind)
{
	struct json *j = node(a);

	j->kind = kind;
	return j;
}

struct json *
json_new_str(struct arena *a, str text)
{
	struct json *j = json_new(a, JSON_STRING);

	j->text = text;
	return j;
}

struct json *
json_new_i64(struct arena *a, int64_t value)
{
	struct json *j = json_new(a, JSON_NUMBER);

	j->text = str_fmt(a, "%lld", (long long)value);
	return j;
}

struct json *
json_new_bool(struct arena *a, bool value)
{
	return json_new(a, value ? JSON_TRUE : JSON_FALSE);
}

struct json *
json_new_object(struct arena *a)
{
	return json_new(a, JSON_OBJECT);
}

struct json *
json_new_array(struct arena *a)
{
	return json_new(a, JSON_ARRAY);
}

struct json *
json_copy_shallow(struct arena *a, const struct json *j)
{
	struct json *copy = node(a);

	*copy = *j;
	copy->next = NULL;
	if (j->kind != JSON_OBJECT && j->kind != JSON_ARRAY)
		return copy;
	copy->first = copy->last = NULL;
	copy->count = 0;
	for (const struct json *m = j->first; m != NULL; m = m->next) {
		struct json *child = node(a);

		*child = *m;
		child->next = NULL;
		json_append(copy, child);
	}
	return copy;
}

struct json *
json_copy(struct arena *a, const struct json *j)
{
	struct json *copy = json_copy_shallow(a, j);

	copy->key = str_dup(a, j->key);
	if (j->kind == JSON_NUMBER || j->kind == JSON_STRING) {
		copy->text = str_dup(a, j->text);
	} else if (j->kind == JSON_ARRAY || j->kind == JSON_OBJECT) {
		copy->first = copy->last = NULL;
		copy->count = 0;
		for (const struct json *m = j->first; m != NULL; m = m->next)
			json_append(copy, json_copy(a, m));
	}
	return copy;
}

void
json_append(struct json *parent, struct json *child)
{
	assert(child->next == NULL);
	if (parent->last == NULL)
		parent->first = child;
	else
		parent->last->next = child;
	parent->last = child;
	parent->count++;
}

/* The value's node with a name of its own and without its neighbours. */
static struct json *
adopt(struct arena *a, str key, const struct json *value)
{
	struct json *child = node(a);

	*child = *value;
	child->key = key;
	child->key_line = child->key_column = 0;
	child->next = NULL;
	return child;
}

struct json *
json_put_key(struct arena *a, struct json *object, str key, const struct json *value)
{
	struct json *member;

	assert(object->kind == JSON_OBJECT);
	if (value == NULL)
		return NULL;
	assert(json_get_str(object, key) == NULL);
	member = adopt(a, key, value);
	json_append(object, member);
	return member;
}

struct json *
json_put(struct arena *a, struct json *object, const char *key, const struct json *value)
{
	return json_put_key(a, object, str_of(key), value);
}

void
json_put_str(struct arena *a, struct json *object, const char *key, str value)
{
	json_put(a, object, key, json_new_str(a, value));
}

void
json_put_i64(struct arena *a, struct json *object, const char *key, int64_t value)
{
	json_put(a, object, key, json_new_i64(a, value));
}

void
json_put_bool(struct arena *a, struct json *object, const char *key, bool value)
{
	json_put(a, object, key, json_new_bool(a, value));
}

struct json *
json_push(struct arena *a, struct json *array, const struct json *value)
{
	struct json *element;

	assert(array->kind == JSON_ARRAY);
	if (value == NULL)
		return NULL;
	element = adopt(a, (str){ 0 }, value);
	json_append(array, element);
	return element;
}

void
json_add(struct arena *a, struct json *parent, str key, const struct json *value)
{
	if (value != NULL)
		json_append(parent, adopt(a, key, value));
}

void
json_push_str(struct arena *a, struct json *array, str value)
{
	json_push(a, array, json_new_str(a, value));
}

void
json_set(struct arena *a, struct json *object, const char *key, const struct json *value)
{
	struct json *m;

	assert(object->kind == JSON_OBJECT && value != NULL);
	for (m = object->first; m != NULL && !str_is(m->key, key); m = m->next)
		;
	if (m == NULL) {
		json_put(a, object, key, value);
	} else {
		struct json *next = m->next;
		str name = m->key;

		*m = *value;
		m->key = name;
		m->next = next;
	}
}

void
json_set_str(struct arena *a, struct json *object, const char *key, str value)
{
	json_set(a, object, key, json_new_str(a, value));
}

void
json_remove(struct json *object, const char *key)
{
	struct json *before = NULL;

	assert(object->kind == JSON_OBJECT);
	for (struct json *m = object->first; m != NULL; before = m, m = m->next) {
		if (!str_is(m->key, key))
			continue;
		if (before == NULL)
			object->first = m->next;
		else
			before->next = m->next;
		if (object->last == m)
			object->last = before;
		object->count--;
		return;
	}
}
