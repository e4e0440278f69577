/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/buf.c: a growable text; its room doubles.
 */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

struct buf
buf_in(struct arena *a)
{
	return (struct buf){ .a = a };
}

char *
buf_room(struct buf *b, size_t more)
{
	size_t cap = b->cap == 0 ? 64 : b->cap;
	char *moved;

	if (b->cap - b->len >= more && b->ptr != NULL)
		return b->ptr + b->len;
	while (cap - b->len < more)
		cap *= 2;
	moved = arena_raw(b->a, cap);
	if (b->len > 0)
		memcpy(moved, b->ptr, b->len);
	b->ptr = moved;
	b->cap = cap;
	return b->ptr + b->len;
}

void
buf_add(struct buf *b, str s)
{
	if (s.len == 0)
		return;
	memcpy(buf_room(b, s.len), s.ptr, s.len);
	b->len += s.len;
}

void
buf_char(struct buf *b, char c)
{
	*buf_room(b, 1) = c;
	b->len++;
}

void
buf_code_point(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_char(b, (char)c);
	} else if (c < 0x800) {
		buf_char(b, (char)(0xc0 | c >> 6));
		buf_char(b, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_char(b, (char)(0xe0 | c >> 12));
		buf_char(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_char(b, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_char(b, (char)(0xf0 | c >> 18));
		buf_char(b, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_char(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_char(b, (char)(0x80 | (c & 0x3f)));
	}
}

void
buf_fmt(struct buf *b, const char *fmt, ...)
{
	size_t room = b->cap - b->len;
	va_list args, again;
	int len;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(b->ptr == NULL ? NULL : b->ptr + b->len, room, fmt, args);
	va_end(args);
	assert(len >= 0);
	if ((size_t)len >= room)
		(void)vsnprintf(buf_room(b, (size_t)len + 1), (size_t)len + 1, fmt, again);
	va_end(again);
	b->len += (size_t)len;
}

str
buf_str(const struct buf *b)
{
	return (str){ b->ptr == NULL ? "" : b->ptr, b->len };
}
