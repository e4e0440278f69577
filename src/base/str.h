/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strings: a borrowed slice of bytes, not terminated, usually UTF-8.
 *
 * Parsing is cutting slices; nothing is copied until it must outlive its input.
 * The empty string may have a NULL pointer.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>
#include <string.h>

struct arena;

typedef struct str {
	const char *ptr;
	size_t len;
} str;

#define S(lit) ((str){ (lit), sizeof(lit) - 1 })
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).len, (s).ptr

#define countof(array) (sizeof(array) / sizeof((array)[0]))

/* A slice of a C string, which must outlive it; NULL gives the empty one. */
str str_of(const char *z);

/* Inline, as str_is(): most C strings are literals, whose length the compiler then knows. */
static inline bool
str_eq(str a, str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Equal to a C string? */
static inline bool
str_is(str a, const char *z)
{
	return str_eq(a, (str){ z, strlen(z) });
}

bool str_eq_nocase(str a, str b); /* ASCII letters of either case are equal */
int str_cmp(str a, str b);        /* by bytes, as memcmp; a prefix comes first */
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
bool str_has(str s, str part);

/* Where part begins in s, or s.len where it does not. */
size_t str_find(str s, str part);
size_t str_find_char(str s, char c);

/* From begin (clipped) to the end; at most len bytes from begin. */
str str_from(str s, size_t begin);
str str_sub(str s, size_t begin, size_t len);
str str_trim(str s); /* without ASCII white space at both ends */

/*
 * Takes the next piece off rest into head: up to sep, which is dropped, or all of it.
 * False when none is left. "a//b" gives "a", "", "b"; "a/" gives "a", ""; "" gives "";
 * a string whose pointer is NULL gives nothing.
 */
bool str_cut(str *rest, char sep, str *head);

str str_dup(struct arena *a, str s);
str str_cat(struct arena *a, str x, str y);
str str_lower(struct arena *a, str s); /* ASCII */
str str_upper(struct arena *a, str s);
str str_replace(struct arena *a, str s, str what, str with); /* every occurrence */
str str_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
str str_vfmt(struct arena *a, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));

/* Terminated copy for system calls and libraries; ends early where s holds a NUL. */
const char *str_z(struct arena *a, str s);

/* Whole decimal integer with optional '-': false where s is anything else or too large. */
bool str_to_i64(str s, int64_t *out);

/* Is s well-formed UTF-8 (no surrogates, no over-long forms)? */
bool str_is_utf8(str s);
/* Characters of well-formed UTF-8, and the first so many of them. */
size_t str_characters(str s);
str str_clip(str s, size_t characters);

/* FNV-1a, for tables in memory; not stable over versions. */
uint64_t str_hash(str s);
/* The hash of a text that is given in pieces: begin with STR_HASH_EMPTY. */
#define STR_HASH_EMPTY UINT64_C(0xcbf29ce484222325)
uint64_t str_hash_more(uint64_t hash, str s);
