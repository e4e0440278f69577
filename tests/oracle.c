/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

static void
add_text(struct buf *b, const char *text, size_t len)
{
	buf_char(b, '"');
	for (size_t i = 0; i < len; i++)
		buf_fmt(b, "%02x", (unsigned char)text[i]);
	buf_char(b, '"');
}

struct member {
	const char *key;
	size_t len;
	json_t *value;
};

static int
compare_members(const void *x, const void *y)
{
	const struct member *m = x, *n = y;

	return str_cmp((str){ m->key, m->len }, (str){ n->key, n->len });
}

static void add_value(struct buf *b, json_t *j);

static void
add_object(struct buf *b, json_t *j)
{
	size_t count = 0;
	struct member *members = arena_new(b->a, struct member, json_object_size(j));

	for (void *it = json_object_iter(j); it != NULL; it = json_object_iter_next(j, it))
		members[count++] = (struct member){ json_object_iter_key(it),
			json_object_iter_key_len(it), json_object_iter_value(it) };
	if (count > 0)
		qsort(members, count, sizeof(*members), compare_members);
	buf_char(b, '{');
	for (size_t i = 0; i < count; i++) {
		add_text(b, members[i].key, members[i].len);
		buf_char(b, ':');
		add_value(b, members[i].value);
	}
	buf_char(b, '}');
}

static void
add_value(struct buf *b, json_t *j)
{
	switch (json_typeof(j)) {
	case JSON_OBJECT:
		add_object(b, j);
		break;
	case JSON_ARRAY:
		buf_char(b, '[');
		for (size_t i = 0; i < json_array_size(j); i++)
			add_value(b, json_array_get(j, i));
		buf_char(b, ']');
		break;
	case JSON_STRING:
		add_text(b, json_string_value(j), json_string_length(j));
		break;
	case JSON_INTEGER:
	case JSON_REAL:
		buf_fmt(b, "#%.17g", json_number_value(j));
		break;
	case JSON_TRUE:
		buf_char(b, 't');
		break;
	case JSON_FALSE:
		buf_char(b, 'f');
		break;
	case JSON_NULL:
		buf_char(b, 'n');
		break;
	}
}

bool
oracle_canonical(struct arena *a, str text, str *out, bool *own_limit)
{
	const size_t flags =
	    JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES;
	struct buf b = buf_in(a);
	json_error_t error;
	json_t *j = json_loadb(text.len == 0 ? "" : text.ptr, text.len, flags, &error);

	enum json_error_code code = j == NULL ? json_error_code(&error) : json_error_unknown;

	*own_limit = code == json_error_numeric_overflow || code == json_error_null_byte_in_key;
	if (j == NULL)
		return false;
	add_value(&b, j);
	json_decref(j);
	*out = buf_str(&b);
	return true;
}

size_t
oracle_parse_and_write(str text)
{
	json_error_t error;
	json_t *j = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, &error);
	char *written = j == NULL ? NULL : json_dumps(j, JSON_COMPACT);
	size_t len = written == NULL ? 0 : strlen(written);

	free(written);
	json_decref(j);
	return len;
}
