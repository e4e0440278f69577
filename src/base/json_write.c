/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/json_write.c: trees and streams become text; every string is escaped here, once.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"

static bool
needs_escape(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\';
}

/*
 * Copies text up to its first byte that needs an escape, eight at a time, and returns how much that
 * is. out has room for all of it.
 */
static size_t
copy_plain(char *out, str text)
{
	static const uint64_t ones = 0x0101010101010101;
	size_t i = 0;

	for (; text.len - i >= 8; i += 8) {
		uint64_t w, quotes, slashes;

		memcpy(&w, text.ptr + i, sizeof(w));
		quotes = w ^ ones * '"';
		slashes = w ^ ones * '\\';
		if ((((w - ones * ' ') & ~w) | ((quotes - ones) & ~quotes) |
			((slashes - ones) & ~slashes)) &
		    ones * 0x80)
			break;
		memcpy(out + i, &w, sizeof(w));
	}
	for (; i < text.len && !needs_escape((unsigned char)text.ptr[i]); i++)
		out[i] = text.ptr[i];
	return i;
}

static void
write_escape(struct buf *b, unsigned char c)
{
	switch (c) {
	case '"':
		buf_add(b, S("\\\""));
		break;
	case '\\':
		buf_add(b, S("\\\\"));
		break;
	case '\n':
		buf_add(b, S("\\n"));
		break;
	case '\r':
		buf_add(b, S("\\r"));
		break;
	case '\t':
		buf_add(b, S("\\t"));
		break;
	default:
		buf_fmt(b, "\\u%04x", c);
	}
}

void
json_write_str(struct buf *b, str text)
{
	char *out = buf_room(b, text.len + 2); /* enough for all but escapes */
	size_t n = copy_plain(out + 1, text);

	*out = '"';
	b->len += n + 1;
	while (n < text.len) {
		write_escape(b, (unsigned char)text.ptr[n]);
		text = str_from(text, n + 1);
		n = copy_plain(buf_room(b, text.len), text);
		b->len += n;
	}
	buf_char(b, '"');
}

static void
indent(struct buf *b, int level)
{
	buf_char(b, '\n');
	for (int i = 0; i < level; i++)
		buf_add(b, S("  "));
}

/* level < 0 writes compactly. */
static void
write_value(struct buf *b, const struct json *j, int level)
{
	bool pretty = level >= 0, object;

	if (j == NULL || j->kind == JSON_NULL) {
		buf_add(b, S("null"));
		return;
	}
	if (j->kind == JSON_STRING) {
		json_write_str(b, j->text);
		return;
	}
	if (j->kind != JSON_OBJECT && j->kind != JSON_ARRAY) {
		buf_add(b, json_scalar(j));
		return;
	}
	object = j->kind == JSON_OBJECT;
	buf_char(b, object ? '{' : '[');
	for (const struct json *m = j->first; m != NULL; m = m->next) {
		if (m != j->first)
			buf_char(b, ',');
		if (pretty)
			indent(b, level + 1);
		if (object) {
			json_write_str(b, m->key);
			buf_add(b, pretty ? S(": ") : S(":"));
		}
		write_value(b, m, pretty ? level + 1 : -1);
	}
	if (pretty && j->first != NULL)
		indent(b, level);
	buf_char(b, object ? '}' : ']');
}

void
json_write(struct buf *b, const struct json *j)
{
	write_value(b, j, -1);
}

void
json_write_pretty(struct buf *b, const struct json *j)
{
	write_value(b, j, 0);
}

str
json_text(struct arena *a, const struct json *j)
{
	struct buf b = buf_in(a);

	json_write(&b, j);
	return buf_str(&b);
}

void
jw_init(struct jw *w, struct buf *out)
{
	*w = (struct jw){ .out = out };
}

/* What stands before any value: a comma where one is due, and the name in an object. */
static void
before(struct jw *w, const char *key)
{
	if (w->comma)
		buf_char(w->out, ',');
	w->comma = true;
	assert((key != NULL) == (w->depth > 0 && !w->is_array[w->depth - 1]));
	if (key != NULL) {
		json_write_str(w->out, str_of(key));
		buf_char(w->out, ':');
	}
}

static void
open(struct jw *w, const char *key, bool is_array)
{
	before(w, key);
	assert(w->depth < JSON_MAX_DEPTH);
	w->is_array[w->depth++] = is_array;
	w->comma = false;
	buf_char(w->out, is_array ? '[' : '{');
}

void
jw_begin(struct jw *w, const char *key)
{
	open(w, key, false);
}

void
jw_begin_array(struct jw *w, const char *key)
{
	open(w, key, true);
}

void
jw_end(struct jw *w)
{
	assert(w->depth > 0);
	buf_char(w->out, w->is_array[--w->depth] ? ']' : '}');
	w->comma = true;
}

void
jw_str(struct jw *w, const char *key, str value)
{
	before(w, key);
	json_write_str(w->out, value);
}

void
jw_i64(struct jw *w, const char *key, int64_t value)
{
	before(w, key);
	buf_fmt(w->out, "%lld", (long long)value);
}

void
jw_bool(struct jw *w, const char *key, bool value)
{
	before(w, key);
	buf_add(w->out, value ? S("true") : S("false"));
}

void
jw_null(struct jw *w, const char *key)
{
	before(w, key);
	buf_add(w->out, S("null"));
}

void
jw_value(struct jw *w, const char *key, const struct json *value)
{
	before(w, key);
	json_write(w->out, value);
}
