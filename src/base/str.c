/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/str.c: slices compared, cut, searched and copied.
 */
#include "base/str.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

str
str_of(const char *z)
{
	return z == NULL ? (str){ 0 } : (str){ z, strlen(z) };
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static char
upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

bool
str_eq_nocase(str a, str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	return true;
}

int
str_cmp(str a, str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n == 0 ? 0 : memcmp(a.ptr, b.ptr, n);

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool
str_starts(str s, str prefix)
{
	return s.len >= prefix.len && str_eq(str_sub(s, 0, prefix.len), prefix);
}

bool
str_ends(str s, str suffix)
{
	return s.len >= suffix.len && str_eq(str_from(s, s.len - suffix.len), suffix);
}

bool
str_has(str s, str part)
{
	return part.len == 0 || str_find(s, part) < s.len;
}

size_t
str_find(str s, str part)
{
	const char *at;

	if (part.len == 0)
		return 0;
	if (s.len < part.len)
		return s.len;
	at = memmem(s.ptr, s.len, part.ptr, part.len);
	return at == NULL ? s.len : (size_t)(at - s.ptr);
}

size_t
str_find_char(str s, char c)
{
	const char *at = s.len == 0 ? NULL : memchr(s.ptr, c, s.len);

	return at == NULL ? s.len : (size_t)(at - s.ptr);
}

str
str_from(str s, size_t begin)
{
	if (begin > s.len)
		begin = s.len;
	return begin == 0 ? s : (str){ s.ptr + begin, s.len - begin }; /* ptr may be NULL */
}

str
str_sub(str s, size_t begin, size_t len)
{
	str rest = str_from(s, begin);

	if (len < rest.len)
		rest.len = len;
	return rest;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

str
str_trim(str s)
{
	while (s.len > 0 && is_space(s.ptr[0]))
		s = str_from(s, 1);
	while (s.len > 0 && is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool
str_cut(str *rest, char sep, str *head)
{
	size_t at;

	/* NULL, not merely empty, says that the last piece is taken. */
	if (rest->ptr == NULL)
		return false;
	at = str_find_char(*rest, sep);
	*head = str_sub(*rest, 0, at);
	if (at == rest->len)
		*rest = (str){ 0 };
	else
		*rest = str_from(*rest, at + 1);
	return true;
}

str
str_dup(struct arena *a, str s)
{
	char *copy;

	if (s.len == 0)
		return (str){ "", 0 };
	copy = arena_raw(a, s.len);
	memcpy(copy, s.ptr, s.len);
	return (str){ copy, s.len };
}

str
str_cat(struct arena *a, str x, str y)
{
	char *text = arena_raw(a, x.len + y.len);

	if (x.len > 0)
		memcpy(text, x.ptr, x.len);
	if (y.len > 0)
		memcpy(text + x.len, y.ptr, y.len);
	return (str){ text, x.len + y.len };
}

static str
map_chars(struct arena *a, str s, char (*map)(char))
{
	char *text = arena_raw(a, s.len);

	for (size_t i = 0; i < s.len; i++)
		text[i] = map(s.ptr[i]);
	return (str){ text, s.len };
}

str
str_lower(struct arena *a, str s)
{
	return map_chars(a, s, lower);
}

str
str_upper(struct arena *a, str s)
{
	return map_chars(a, s, upper);
}

str
str_replace(struct arena *a, str s, str what, str with)
{
	size_t count = 0, len = 0;
	char *text;

	assert(what.len > 0);
	for (str rest = s; str_has(rest, what);
	     rest = str_from(rest, str_find(rest, what) + what.len))
		count++;
	if (count == 0)
		return s;
	text = arena_raw(a, s.len - count * what.len + count * with.len);
	for (; count > 0; count--) {
		size_t at = str_find(s, what);

		memcpy(text + len, s.ptr, at);
		len += at;
		if (with.len > 0)
			memcpy(text + len, with.ptr, with.len);
		len += with.len;
		s = str_from(s, at + what.len);
	}
	if (s.len > 0)
		memcpy(text + len, s.ptr, s.len);
	return (str){ text, len + s.len };
}

str
str_vfmt(struct arena *a, const char *fmt, va_list args)
{
	size_t room = (size_t)(a->end - a->cur); /* mostly enough: then it is formatted once */
	char *here = a->cur, *text;
	va_list again;
	int len;

	va_copy(again, args);
	len = vsnprintf(here, room, fmt, again);
	va_end(again);
	assert(len >= 0);
	text = arena_raw(a, (size_t)len + 1);
	if (text != here)
		(void)vsnprintf(text, (size_t)len + 1, fmt, args); /* measured above */
	return (str){ text, (size_t)len };
}

str
str_fmt(struct arena *a, const char *fmt, ...)
{
	va_list args;
	str text;

	va_start(args, fmt);
	text = str_vfmt(a, fmt, args);
	va_end(args);
	return text;
}

const char *
str_z(struct arena *a, str s)
{
	char *z = arena_raw(a, s.len + 1);

	if (s.len > 0)
		memcpy(z, s.ptr, s.len);
	z[s.len] = '\0';
	return z;
}

bool
str_to_i64(str s, int64_t *out)
{
	bool negative = s.len > 0 && s.ptr[0] == '-';
	int64_t value = 0;

	if (negative)
		s = str_from(s, 1);
	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		int digit = s.ptr[i] - '0';

		if (digit < 0 || digit > 9)
			return false;
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, negative ? -digit : digit, &value))
			return false;
	}
	*out = value;
	return true;
}

bool
str_is_utf8(str s)
{
	const unsigned char *p = (const unsigned char *)s.ptr, *end = s.len == 0 ? p : p + s.len;

	while (p < end) {
		size_t more;
		uint32_t code, least;

		if (*p < 0x80) {
			p++;
			continue;
		}
		if (*p >= 0xc2 && *p <= 0xdf)
			more = 1, code = *p & 0x1f, least = 0x80;
		else if ((*p & 0xf0) == 0xe0)
			more = 2, code = *p & 0x0f, least = 0x800;
		else if (*p >= 0xf0 && *p <= 0xf4)
			more = 3, code = *p & 0x07, least = 0x10000;
		else
			return false;
		if ((size_t)(end - p) <= more)
			return false;
		for (size_t i = 1; i <= more; i++) {
			if ((p[i] & 0xc0) != 0x80)
				return false;
			code = code << 6 | (p[i] & 0x3f);
		}
		if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
			return false;
		p += more + 1;
	}
	return true;
}

static bool
begins_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

size_t
str_characters(str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.len; i++)
		count += begins_character(s.ptr[i]);
	return count;
}

str
str_clip(str s, size_t characters)
{
	size_t end = 0;

	for (size_t count = 0; end < s.len; end++) {
		count += begins_character(s.ptr[end]);
		if (count > characters)
			break;
	}
	return str_sub(s, 0, end);
}

uint64_t
str_hash_more(uint64_t hash, str s)
{
	for (size_t i = 0; i < s.len; i++)
		hash = (hash ^ (unsigned char)s.ptr[i]) * 0x100000001b3u;
	return hash;
}

uint64_t
str_hash(str s)
{
	return str_hash_more(STR_HASH_EMPTY, s);
}
