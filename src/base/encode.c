/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/encode.c: bytes as text and back; decoders are strict, so one value has one text.
 */
#include "base/encode.h"

#include "base/arena.h"

static const char lower_digits[] = "0123456789abcdef";
static const char upper_digits[] = "0123456789ABCDEF";

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

str
hex_encode(struct arena *a, str bytes)
{
	char *text = arena_raw(a, bytes.len * 2);

	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];

		text[2 * i] = lower_digits[c >> 4];
		text[2 * i + 1] = lower_digits[c & 15];
	}
	return (str){ text, bytes.len * 2 };
}

bool
hex_decode(struct arena *a, str text, str *out)
{
	char *bytes;

	if (text.len % 2 != 0)
		return false;
	bytes = arena_raw(a, text.len / 2);
	for (size_t i = 0; i < text.len / 2; i++) {
		int high = hex_value(text.ptr[2 * i]), low = hex_value(text.ptr[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes[i] = (char)(high << 4 | low);
	}
	*out = (str){ bytes, text.len / 2 };
	return true;
}

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static str
encode64(struct arena *a, str bytes, const char *alphabet, bool pad)
{
	char *text = arena_raw(a, (bytes.len + 2) / 3 * 4);
	size_t n = 0;

	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t have = bytes.len - i < 3 ? bytes.len - i : 3;
		uint32_t group = 0;

		for (size_t k = 0; k < 3; k++)
			group = group << 8 | (k < have ? (unsigned char)bytes.ptr[i + k] : 0);
		for (size_t k = 0; k <= have; k++)
			text[n++] = alphabet[group >> (18 - 6 * k) & 63];
		for (size_t k = have; pad && k < 3; k++)
			text[n++] = '=';
	}
	return (str){ text, n };
}

static int
value64(char c, const char *alphabet)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == alphabet[62])
		return 62;
	return c == alphabet[63] ? 63 : -1;
}

/* text without '='. Bits left over must be zero, so no two texts mean the same bytes. */
static bool
decode64(struct arena *a, str text, const char *alphabet, str *out)
{
	char *bytes = arena_raw(a, text.len / 4 * 3 + 3);
	uint32_t bits = 0;
	size_t n = 0;
	int have = 0;

	if (text.len % 4 == 1)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		int value = value64(text.ptr[i], alphabet);

		if (value < 0)
			return false;
		bits = (bits << 6 | (uint32_t)value) & 0xffffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			bytes[n++] = (char)(bits >> have & 0xff);
		}
	}
	if ((bits & ((1u << have) - 1)) != 0)
		return false;
	*out = (str){ bytes, n };
	return true;
}

str
base64_encode(struct arena *a, str bytes)
{
	return encode64(a, bytes, standard, true);
}

bool
base64_decode(struct arena *a, str text, str *out)
{
	size_t pad = 0;

	if (text.len % 4 != 0)
		return false;
	while (pad < 2 && text.len > 0 && text.ptr[text.len - 1] == '=') {
		text.len--;
		pad++;
	}
	return decode64(a, text, standard, out);
}

str
base64url_encode(struct arena *a, str bytes)
{
	return encode64(a, bytes, url_safe, false);
}

bool
base64url_decode(struct arena *a, str text, str *out)
{
	return decode64(a, text, url_safe, out);
}

static bool
is_unreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	    c == '-' || c == '.' || c == '_' || c == '~';
}

str
percent_encode(struct arena *a, str text, bool keep_slash)
{
	char *out = arena_raw(a, text.len * 3);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (is_unreserved((char)c) || (keep_slash && c == '/')) {
			out[n++] = (char)c;
			continue;
		}
		out[n++] = '%';
		out[n++] = upper_digits[c >> 4];
		out[n++] = upper_digits[c & 15];
	}
	return (str){ out, n };
}

bool
percent_decode(struct arena *a, str text, bool plus_is_blank, str *out)
{
	char *bytes = arena_raw(a, text.len);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		int high, low;

		if (c != '%') {
			bytes[n++] = c == '+' && plus_is_blank ? ' ' : c;
			continue;
		}
		if (text.len - i < 3)
			return false;
		high = hex_value(text.ptr[i + 1]);
		low = hex_value(text.ptr[i + 2]);
		if (high < 0 || low < 0)
			return false;
		bytes[n++] = (char)(high << 4 | low);
		i += 2;
	}
	*out = (str){ bytes, n };
	return true;
}
