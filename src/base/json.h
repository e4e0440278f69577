/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON (RFC 8259) as an immutable tree in an arena, and a writer that escapes once.
 *
 * Objects keep source order. Numbers stay text, so 2^53+1 and 1.10 survive. Getters
 * tolerate absence: json_get(NULL, ...) is NULL, json_str(NULL) is empty, so a path
 * reads as a path and only validation decides what must be there.
 *
 * Strict: UTF-8, depth JSON_MAX_DEPTH, duplicate member names refused. YAML parses to
 * the same tree (base/yaml.h). Lines and columns are 1-based; columns count bytes in JSON and
 * characters in YAML. All are 0 in what code built.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct buf;
struct err;

#define JSON_MAX_DEPTH 64

enum json_kind {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

struct json {
	enum json_kind kind;
	uint32_t line, column;         /* where the value begins in its source */
	uint32_t count;                /* elements or members */
	uint32_t key_line, key_column; /* where the member name begins */
	str key;                       /* member name, where this is a member of an object */
	struct json *next;             /* next element or member */
	union {
		str text; /* JSON_NUMBER, JSON_STRING */
		struct {
			struct json *first, *last;
		};
	};
};

/* --- reading ------------------------------------------------------------------- */

/*
 * Parses one JSON text. The tree borrows text, which must live as long as the tree.
 * Fails: ERR_INVALID "line:column: what is wrong" (no file name: the caller adds it).
 */
bool json_parse(struct arena *a, str text, const struct json **out, struct err *err);

/* The same, but of a member name that stands twice in one object, the last one counts. */
bool json_parse_last(struct arena *a, str text, const struct json **out, struct err *err);

const struct json *json_get_str(const struct json *object, str key);
static inline const struct json *
json_get(const struct json *object, const char *key)
{
	return json_get_str(object, (str){ key, strlen(key) }); /* a literal's is known */
}
const struct json *json_at(const struct json *array, size_t index);

/* Follows member names, up to a NULL: json_path(j, "Role", "Arn", NULL). */
const struct json *json_path(const struct json *j, ...) __attribute__((sentinel));

/* for (const struct json *m = json_first(j); m != NULL; m = m->next): NULL for scalars */
const struct json *json_first(const struct json *j);
size_t json_count(const struct json *j);
bool json_has_str(const struct json *array, str text); /* does that string stand in it? */

bool json_is(const struct json *j, enum json_kind kind); /* false for NULL */
const char *json_kind_name(enum json_kind kind);         /* "a string", "an object", … */

str json_str(const struct json *j);                     /* empty unless a string */
str json_scalar(const struct json *j);                  /* text of a string, number or boolean */
bool json_bool(const struct json *j, bool absent);      /* absent unless a boolean */
int64_t json_i64(const struct json *j, int64_t absent); /* absent unless a whole number */

/* A member whose name stands earlier in the object too; NULL where all differ. */
const struct json *json_find_duplicate(const struct json *object);

/* Same value? Numbers by text, members in any order. */
bool json_equal(const struct json *x, const struct json *y);

/* --- building ------------------------------------------------------------------ */

struct json *json_new(struct arena *a, enum json_kind kind);
struct json *json_new_str(struct arena *a, str text); /* borrows text */
struct json *json_new_i64(struct arena *a, int64_t value);
struct json *json_new_bool(struct arena *a, bool value);
struct json *json_new_object(struct arena *a);
struct json *json_new_array(struct arena *a);

/*
 * Adds a member or an element at the end. The value's node is copied and its children
 * are shared, so a part of one tree may stand in another. A name may be put only once
 * (json_set replaces). Putting NULL puts nothing. The copy that stands in the object is returned.
 */
struct json *json_put(
    struct arena *a, struct json *object, const char *key, const struct json *value);
struct json *json_put_key(struct arena *a, struct json *object, str key, const struct json *value);
void json_put_str(struct arena *a, struct json *object, const char *key, str value);
void json_put_i64(struct arena *a, struct json *object, const char *key, int64_t value);
void json_put_bool(struct arena *a, struct json *object, const char *key, bool value);
struct json *json_push(struct arena *a, struct json *array, const struct json *value);
void json_push_str(struct arena *a, struct json *array, str value);

/*
 * As json_put_key() and json_push() (key empty), where key is known to be new: nobody looks, so
 * building an object of n members costs n.
 */
void json_add(struct arena *a, struct json *parent, str key, const struct json *value);
/* The same with child itself, which must stand nowhere else and bear its key. */
void json_append(struct json *parent, struct json *child);

/* Puts, or replaces the value where the name stands already. */
void json_set(struct arena *a, struct json *object, const char *key, const struct json *value);
void json_set_str(struct arena *a, struct json *object, const char *key, str value);

/* Removes the member if it stands there. */
void json_remove(struct json *object, const char *key);

/* A copy whose members may be put and set without touching the original. */
struct json *json_copy_shallow(struct arena *a, const struct json *j);
/* A copy that shares nothing with the original, texts included. */
struct json *json_copy(struct arena *a, const struct json *j);

/* --- writing ------------------------------------------------------------------- */

void json_write(struct buf *b, const struct json *j);        /* compact; NULL writes null */
void json_write_pretty(struct buf *b, const struct json *j); /* two blanks a level */
str json_text(struct arena *a, const struct json *j);
void json_write_str(struct buf *b, str text); /* quoted and escaped */

/* Writes without a tree. key is NULL in arrays and at the top. Nesting is asserted. */
struct jw {
	struct buf *out;
	int depth;
	bool comma;
	bool is_array[JSON_MAX_DEPTH];
};
void jw_init(struct jw *w, struct buf *out);
void jw_begin(struct jw *w, const char *key);       /* { */
void jw_begin_array(struct jw *w, const char *key); /* [ */
void jw_end(struct jw *w);                          /* closes what was begun last */
void jw_str(struct jw *w, const char *key, str value);
void jw_i64(struct jw *w, const char *key, int64_t value);
void jw_bool(struct jw *w, const char *key, bool value);
void jw_null(struct jw *w, const char *key);
void jw_value(struct jw *w, const char *key, const struct json *value);
