/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/jsonpath_text.c: what a selector's text is made of: tokens, strings, whole numbers, literal
 * numbers; and how a fault in it is told.
 */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/jsonpath.h"
#include "lang/jsonpath_internal.h"

#define MAX_WHOLE ((INT64_C(1) << 53) - 1) /* indexes are exact in any JSON implementation */

bool
jsonpath_fail(struct jsonpath_parser *p, const char *what)
{
	if (p->err->kind != ERR_NONE)
		return false;
	return err_set(p->err, ERR_INVALID, "selector " STR_FMT ": character %zu: %s",
	    STR_ARG(p->text), p->at + 1, what);
}

char
jsonpath_peek(const struct jsonpath_parser *p)
{
	return p->at < p->text.len ? p->text.ptr[p->at] : '\0';
}

bool
jsonpath_take(struct jsonpath_parser *p, const char *token)
{
	if (!str_starts(str_from(p->text, p->at), str_of(token)))
		return false;
	p->at += str_of(token).len;
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool
jsonpath_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

void
jsonpath_skip_blanks(struct jsonpath_parser *p)
{
	while (p->at < p->text.len && is_blank(p->text.ptr[p->at]))
		p->at++;
}

bool
jsonpath_enter(struct jsonpath_parser *p)
{
	return ++p->nesting <= JSONPATH_MAX_NESTING || jsonpath_fail(p, "nested too deeply");
}

/* --- strings and numbers ------------------------------------------------------------- */

static bool
parse_hex4(struct jsonpath_parser *p, uint32_t *out)
{
	*out = 0;
	for (int i = 0; i < 4; i++, p->at++) {
		char c = jsonpath_peek(p);
		uint32_t digit;

		if (jsonpath_is_digit(c))
			digit = (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (uint32_t)((c | 0x20) - 'a') + 10;
		else
			return jsonpath_fail(p, "\\u needs four hexadecimal digits");
		*out = *out << 4 | digit;
	}
	return true;
}

/* After "\u": one code point, which two escapes spell where it lies outside the first plane. */
static bool
parse_unicode(struct jsonpath_parser *p, struct buf *b)
{
	uint32_t high, low;

	if (!parse_hex4(p, &high))
		return false;
	if (high >= 0xd800 && high < 0xdc00) {
		if (!jsonpath_take(p, "\\u"))
			return jsonpath_fail(p, "half of a surrogate pair");
		if (!parse_hex4(p, &low))
			return false;
		if (low < 0xdc00 || low > 0xdfff)
			return jsonpath_fail(p, "half of a surrogate pair");
		high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	} else if (high >= 0xdc00 && high <= 0xdfff) {
		return jsonpath_fail(p, "half of a surrogate pair");
	}
	buf_code_point(b, high);
	return true;
}

static bool
parse_escape(struct jsonpath_parser *p, char quote, struct buf *b)
{
	static const char from[] = "bfnrt/\\", to[] = "\b\f\n\r\t/\\";
	char c = jsonpath_peek(p);

	p->at++;
	if (c == 'u')
		return parse_unicode(p, b);
	if (c == quote) {
		buf_char(b, c);
		return true;
	}
	for (size_t i = 0; i < sizeof(from) - 1; i++) {
		if (c == from[i]) {
			buf_char(b, to[i]);
			return true;
		}
	}
	p->at--;
	return jsonpath_fail(p, "not an escape");
}

bool
jsonpath_read_string(struct jsonpath_parser *p, str *out)
{
	char quote = jsonpath_peek(p);
	struct buf b = buf_in(p->a);

	for (p->at++; p->at < p->text.len;) {
		char c = p->text.ptr[p->at];

		if (c == quote) {
			p->at++;
			*out = buf_str(&b);
			return true;
		}
		if ((unsigned char)c < 0x20)
			return jsonpath_fail(p, "a control character must be escaped");
		p->at++;
		if (c != '\\')
			buf_char(&b, c);
		else if (!parse_escape(p, quote, &b))
			return false;
	}
	return jsonpath_fail(p, "the string does not end");
}

bool
jsonpath_read_whole(struct jsonpath_parser *p, int64_t *out)
{
	size_t begin = p->at;
	bool minus = jsonpath_take(p, "-");
	str text;

	if (!jsonpath_is_digit(jsonpath_peek(p)))
		return jsonpath_fail(p, "expected a whole number");
	if (jsonpath_take(p, "0") && (minus || jsonpath_is_digit(jsonpath_peek(p))))
		return jsonpath_fail(p, "a whole number has no leading zero and no -0");
	while (jsonpath_is_digit(jsonpath_peek(p)))
		p->at++;
	text = str_sub(p->text, begin, p->at - begin);
	if (!str_to_i64(text, out) || *out > MAX_WHOLE || *out < -MAX_WHOLE)
		return jsonpath_fail(p, "the number is too large for an index");
	return true;
}

/* A JSON number: the literal of a comparison. */
bool
jsonpath_read_number(struct jsonpath_parser *p, const struct json **out)
{
	size_t begin = p->at;
	struct err unused;

	while (jsonpath_is_digit(jsonpath_peek(p)) ||
	    (jsonpath_peek(p) != '\0' && strchr("+-.eE", jsonpath_peek(p)) != NULL))
		p->at++;
	err_init(&unused, p->a);
	if (json_parse(p->a, str_sub(p->text, begin, p->at - begin), out, &unused))
		return true;
	p->at = begin;
	return jsonpath_fail(p, "not a number");
}
