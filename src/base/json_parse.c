/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/json_parse.c: a recursive-descent parser into an arena.
 *
 * Speed comes from doing little: a string without escapes is a slice of the input, a
 * number is checked and stays text, a node is one bump of the arena.
 */
#include "base/json.h"

#include <endian.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct parser {
	struct arena *a;
	const char *p, *end, *line_start;
	uint32_t line;
	int depth;
	bool last_counts; /* of a name that stands twice; else it is refused */
	struct err *err;
};

static bool
fail(struct parser *ps, const char *at, const char *what)
{
	return err_set(
	    ps->err, ERR_INVALID, "%u:%zu: %s", ps->line, (size_t)(at - ps->line_start) + 1, what);
}

static void
skip_space(struct parser *ps)
{
	for (; ps->p < ps->end; ps->p++) {
		if (*ps->p == '\n') {
			ps->line++;
			ps->line_start = ps->p + 1;
		} else if (*ps->p != ' ' && *ps->p != '\t' && *ps->p != '\r') {
			return;
		}
	}
}

/* Bytes of a string that need no attention: not '"', '\\', control or above ASCII. */
static const unsigned char plain[256] = {
	[0x20 ... 0x21] = 1,
	[0x23 ... 0x5b] = 1,
	[0x5d ... 0x7f] = 1,
};

/* Past the plain bytes at p, eight at a time: marks gets the high bit of each that is not plain. */
static const char *
skip_plain(const char *p, const char *end)
{
	static const uint64_t ones = 0x0101010101010101;

	for (; end - p >= 8; p += 8) {
		uint64_t w, quotes, slashes, marks;

		memcpy(&w, p, sizeof(w));
		w = le64toh(w);
		quotes = (w ^ ones * '"') - ones;
		slashes = (w ^ ones * '\\') - ones;
		marks = (w | (w - ones * ' ') | quotes | slashes) & ones * 0x80;
		if (marks != 0)
			return p + __builtin_ctzll(marks) / 8;
	}
	while (p < end && plain[(unsigned char)*p])
		p++;
	return p;
}

static bool
hex4(const char *p, const char *end, uint32_t *out)
{
	uint32_t value = 0;

	if (end - p < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		char c = p[i];

		value <<= 4;
		if (c >= '0' && c <= '9')
			value |= (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			value |= (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return false;
	}
	*out = value;
	return true;
}

/* At a backslash: adds what the escape means and steps over it. */
static bool
unescape(struct parser *ps, struct buf *b)
{
	static const char meaning[256] = { ['"'] = '"',
		['\\'] = '\\',
		['/'] = '/',
		['b'] = '\b',
		['f'] = '\f',
		['n'] = '\n',
		['r'] = '\r',
		['t'] = '\t' };
	const char *at = ps->p;
	uint32_t c, low;

	if (ps->end - ps->p < 2)
		return fail(ps, at, "the string does not end");
	if (ps->p[1] != 'u') {
		char one = meaning[(unsigned char)ps->p[1]];

		if (one == '\0')
			return fail(ps, at, "unknown escape in a string");
		buf_char(b, one);
		ps->p += 2;
		return true;
	}
	if (!hex4(ps->p + 2, ps->end, &c))
		return fail(ps, at, "\\u needs four hexadecimal digits");
	ps->p += 6;
	if (c >= 0xdc00 && c <= 0xdfff)
		return fail(ps, at, "a low surrogate stands alone");
	if (c >= 0xd800 && c <= 0xdbff) {
		if (ps->end - ps->p < 6 || ps->p[0] != '\\' || ps->p[1] != 'u' ||
		    !hex4(ps->p + 2, ps->end, &low) || low < 0xdc00 || low > 0xdfff)
			return fail(ps, at, "a high surrogate stands alone");
		ps->p += 6;
		c = 0x10000 + ((c - 0xd800) << 10 | (low - 0xdc00));
	}
	buf_code_point(b, c);
	return true;
}

/* Past the opening quote. */
static bool
parse_string(struct parser *ps, str *out)
{
	const char *begin = ps->p;
	bool ascii = true, copied = false;
	struct buf b = buf_in(ps->a);

	for (;;) {
		unsigned char c;

		ps->p = skip_plain(ps->p, ps->end);
		if (ps->p == ps->end)
			return fail(ps, begin - 1, "the string does not end");
		c = (unsigned char)*ps->p;
		if (c == '"')
			break;
		if (c == '\\') {
			buf_add(&b, (str){ begin, (size_t)(ps->p - begin) });
			copied = true;
			if (!unescape(ps, &b))
				return false;
			begin = ps->p;
		} else if (c < 0x20) {
			return fail(ps, ps->p, "a control character in a string must be escaped");
		} else {
			ascii = false;
			ps->p++;
		}
	}
	*out = (str){ begin, (size_t)(ps->p - begin) };
	if (copied) {
		buf_add(&b, *out);
		*out = buf_str(&b);
	}
	if (!ascii && !str_is_utf8(*out))
		return fail(ps, begin, "the string is not UTF-8");
	ps->p++;
	return true;
}

static bool
skip_digits(struct parser *ps)
{
	const char *begin = ps->p;

	while (ps->p < ps->end && *ps->p >= '0' && *ps->p <= '9')
		ps->p++;
	return ps->p > begin;
}

static bool
parse_number(struct parser *ps, str *out)
{
	const char *begin = ps->p;

	if (*ps->p == '-')
		ps->p++;
	if (ps->p < ps->end && *ps->p == '0')
		ps->p++;
	else if (!skip_digits(ps))
		return fail(ps, begin, "a number needs a digit");
	if (ps->p < ps->end && *ps->p == '.') {
		ps->p++;
		if (!skip_digits(ps))
			return fail(ps, begin, "a number needs a digit after its point");
	}
	if (ps->p < ps->end && (*ps->p == 'e' || *ps->p == 'E')) {
		ps->p++;
		if (ps->p < ps->end && (*ps->p == '+' || *ps->p == '-'))
			ps->p++;
		if (!skip_digits(ps))
			return fail(ps, begin, "a number needs a digit in its exponent");
	}
	*out = (str){ begin, (size_t)(ps->p - begin) };
	return true;
}

#define FEW_MEMBERS 48

/* A large object's names, in an open-addressed table of their own. */
static const struct json *
find_duplicate_hashed(struct arena *a, const struct json *object)
{
	size_t size = 64;
	const struct json **table;

	while (size < (size_t)object->count * 2)
		size *= 2;
	table = arena_new(a, const struct json *, size);
	for (const struct json *m = object->first; m != NULL; m = m->next) {
		size_t at = str_hash(m->key) & (size - 1);

		for (; table[at] != NULL; at = (at + 1) & (size - 1))
			if (str_eq(table[at]->key, m->key))
				return m;
		table[at] = m;
	}
	return NULL;
}

/* Compares only where two names look alike, which most objects have none of. */
const struct json *
json_find_duplicate(const struct json *object)
{
	auto_arena scratch = { 0 };
	uint64_t looks = 0;

	if (object->count > FEW_MEMBERS)
		return find_duplicate_hashed(&scratch, object);
	for (const struct json *m = object->first; m != NULL; m = m->next) {
		unsigned char last =
		    m->key.len == 0 ? 0 : (unsigned char)m->key.ptr[m->key.len - 1];
		uint64_t look = (uint64_t)1 << ((m->key.len * 13 + last) & 63);

		for (const struct json *n = looks & look ? object->first : m; n != m; n = n->next)
			if (str_eq(m->key, n->key))
				return m;
		looks |= look;
	}
	return NULL;
}

/* Drops members whose name stands again further on. */
static void
keep_last(struct json *object)
{
	auto_arena scratch = { 0 };
	struct json *m = object->first, **link = &object->first;
	struct json **table;
	size_t size = 64;

	while (size < (size_t)object->count * 2)
		size *= 2;
	table = arena_new(&scratch, struct json *, size);
	for (; m != NULL; m = m->next) {
		size_t at = str_hash(m->key) & (size - 1);

		while (table[at] != NULL && !str_eq(table[at]->key, m->key))
			at = (at + 1) & (size - 1);
		table[at] = m;
	}
	object->last = NULL;
	object->count = 0;
	for (m = object->first; m != NULL; m = m->next) {
		size_t at = str_hash(m->key) & (size - 1);

		while (!str_eq(table[at]->key, m->key))
			at = (at + 1) & (size - 1);
		if (table[at] != m)
			continue;
		*link = object->last = m;
		link = &m->next;
		object->count++;
	}
	*link = NULL;
}

static bool parse_value(struct parser *ps, struct json *out);

static bool
parse_member(struct parser *ps, struct json *object)
{
	struct json *m = json_new(ps->a, JSON_NULL);

	if (ps->p == ps->end || *ps->p != '"')
		return fail(ps, ps->p, "a member name in double quotes must stand here");
	m->key_line = ps->line;
	m->key_column = (uint32_t)(ps->p - ps->line_start) + 1;
	ps->p++;
	if (!parse_string(ps, &m->key))
		return false;
	skip_space(ps);
	if (ps->p == ps->end || *ps->p != ':')
		return fail(ps, ps->p, "':' must follow a member name");
	ps->p++;
	skip_space(ps);
	if (!parse_value(ps, m))
		return false;
	json_append(object, m);
	return true;
}

static bool
parse_element(struct parser *ps, struct json *array)
{
	struct json *e = json_new(ps->a, JSON_NULL);

	if (!parse_value(ps, e))
		return false;
	json_append(array, e);
	return true;
}

/* Past the opening bracket. */
static bool
parse_children(struct parser *ps, struct json *parent, char close)
{
	bool object = close == '}';

	if (++ps->depth > JSON_MAX_DEPTH)
		return fail(ps, ps->p - 1, "nested too deeply: at most 64 levels");
	skip_space(ps);
	if (ps->p < ps->end && *ps->p == close) {
		ps->p++;
		ps->depth--;
		return true;
	}
	for (;;) {
		if (object ? !parse_member(ps, parent) : !parse_element(ps, parent))
			return false;
		skip_space(ps);
		if (ps->p < ps->end && *ps->p == ',') {
			ps->p++;
			skip_space(ps);
			continue;
		}
		if (ps->p == ps->end || *ps->p != close)
			return fail(ps, ps->p,
			    object ? "',' or '}' must stand here" : "',' or ']' must stand here");
		ps->p++;
		ps->depth--;
		return true;
	}
}

static bool
parse_object(struct parser *ps, struct json *out)
{
	const struct json *twice;

	if (!parse_children(ps, out, '}'))
		return false;
	if (ps->last_counts) {
		keep_last(out);
		return true;
	}
	twice = json_find_duplicate(out);
	if (twice != NULL)
		return err_set(ps->err, ERR_INVALID,
		    "%u:%u: the member '" STR_FMT "' stands twice in one object", twice->key_line,
		    twice->key_column, STR_ARG(twice->key));
	return true;
}

static bool
parse_word(struct parser *ps, struct json *out, const char *word, enum json_kind kind)
{
	size_t len = strlen(word);

	if ((size_t)(ps->end - ps->p) < len || memcmp(ps->p, word, len) != 0)
		return fail(ps, ps->p, "a value must stand here");
	ps->p += len;
	out->kind = kind;
	return true;
}

static bool
parse_value(struct parser *ps, struct json *out)
{
	if (ps->p == ps->end)
		return fail(ps, ps->p, "a value must stand here, but the text ends");
	out->line = ps->line;
	out->column = (uint32_t)(ps->p - ps->line_start) + 1;
	switch (*ps->p) {
	case '{':
		out->kind = JSON_OBJECT;
		ps->p++;
		return parse_object(ps, out);
	case '[':
		out->kind = JSON_ARRAY;
		ps->p++;
		return parse_children(ps, out, ']');
	case '"':
		out->kind = JSON_STRING;
		ps->p++;
		return parse_string(ps, &out->text);
	case 't':
		return parse_word(ps, out, "true", JSON_TRUE);
	case 'f':
		return parse_word(ps, out, "false", JSON_FALSE);
	case 'n':
		return parse_word(ps, out, "null", JSON_NULL);
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		out->kind = JSON_NUMBER;
		return parse_number(ps, &out->text);
	default:
		return fail(ps, ps->p, "a value must stand here");
	}
}

static bool
parse(struct arena *a, str text, bool last_counts, const struct json **out, struct err *err)
{
	struct parser ps;
	struct json *root;

	if (text.len == 0)
		return err_set(
		    err, ERR_INVALID, "1:1: a value must stand here, but the text is empty");
	ps = (struct parser){
		.a = a,
		.p = text.ptr,
		.end = text.ptr + text.len,
		.line_start = text.ptr,
		.line = 1,
		.last_counts = last_counts,
		.err = err,
	};
	root = json_new(a, JSON_NULL);
	skip_space(&ps);
	if (!parse_value(&ps, root))
		return false;
	skip_space(&ps);
	if (ps.p != ps.end)
		return fail(&ps, ps.p, "only one value may stand in a JSON text");
	*out = root;
	return true;
}

bool
json_parse(struct arena *a, str text, const struct json **out, struct err *err)
{
	return parse(a, text, false, out, err);
}

bool
json_parse_last(struct arena *a, str text, const struct json **out, struct err *err)
{
	return parse(a, text, true, out, err);
}
