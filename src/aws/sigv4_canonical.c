/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/sigv4_canonical.c: one text for all ways to write the same request, and its signature.
 *
 * The signing key depends on secret, day, region and service only, and takes four of the five
 * HMACs of a signature; a small table keeps the keys that were used last.
 */
#include "aws/sigv4_canonical.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/encode.h"
#include "base/hash.h"

/* --- path ------------------------------------------------------------------------------ */

/* Without "." and "..", and no slash twice in a row. */
static str
normalize(struct arena *a, str path)
{
	char *out = arena_raw(a, path.len + 1);
	size_t len = 0;
	str rest = path, segment;

	while (str_cut(&rest, '/', &segment)) {
		if (str_is(segment, "..")) {
			while (len > 0 && out[--len] != '/')
				;
		} else if (segment.len > 0 && !str_is(segment, ".")) {
			out[len++] = '/';
			memcpy(out + len, segment.ptr, segment.len);
			len += segment.len;
		}
	}
	if (len == 0 || str_ends(path, S("/")))
		out[len++] = '/';
	return (str){ out, len };
}

/* What is escaped stays as it is, in capitals; the rest is escaped. */
static str
escape_rest(struct arena *a, str path)
{
	struct buf b = buf_in(a);

	for (size_t i = 0; i < path.len; i++) {
		char c = path.ptr[i];

		if (c == '/' || isalnum((unsigned char)c)) {
			buf_char(&b, c);
		} else if (c == '%' && i + 2 < path.len &&
		    isxdigit((unsigned char)path.ptr[i + 1]) &&
		    isxdigit((unsigned char)path.ptr[i + 2])) {
			buf_add(&b, str_upper(a, str_sub(path, i, 3)));
			i += 2;
		} else {
			buf_add(&b, percent_encode(a, str_sub(path, i, 1), true));
		}
	}
	return buf_str(&b);
}

static str
canonical_path(struct arena *a, str path, enum sigv4_path how)
{
	if (path.len == 0)
		return S("/");
	if (how == SIGV4_PATH_S3)
		return escape_rest(a, path);
	if (how == SIGV4_PATH_NORMAL)
		path = normalize(a, path);
	return percent_encode(a, path, true);
}

/* --- query ----------------------------------------------------------------------------- */

struct pair {
	str name, value;
};

static int
compare_pairs(const void *x, const void *y)
{
	const struct pair *p = x, *q = y;
	int order = str_cmp(p->name, q->name);

	return order != 0 ? order : str_cmp(p->value, q->value);
}

static str
recode(struct arena *a, str text)
{
	str plain;

	if (!percent_decode(a, text, false, &plain))
		plain = text;
	return percent_encode(a, plain, false);
}

static str
canonical_query(struct arena *a, str query)
{
	struct pair *pairs;
	size_t count = 0, most = 1;
	struct buf b = buf_in(a);
	str rest = query, piece;

	for (size_t i = 0; i < query.len; i++)
		most += query.ptr[i] == '&';
	pairs = arena_new(a, struct pair, most);
	while (query.len > 0 && str_cut(&rest, '&', &piece)) {
		str value = piece, name = { NULL, 0 };

		if (piece.len == 0)
			continue;
		(void)str_cut(&value, '=', &name);
		if (str_is(name, "X-Amz-Signature"))
			continue;
		pairs[count++] = (struct pair){ recode(a, name), recode(a, value) };
	}
	qsort(pairs, count, sizeof(*pairs), compare_pairs);
	for (size_t i = 0; i < count; i++)
		buf_fmt(&b, "%s" STR_FMT "=" STR_FMT, i == 0 ? "" : "&", STR_ARG(pairs[i].name),
		    STR_ARG(pairs[i].value));
	return buf_str(&b);
}

/* --- headers --------------------------------------------------------------------------- */

/* Trimmed, and every run of blanks one blank. */
static void
add_value(struct buf *b, str value)
{
	bool blank = false;

	value = str_trim(value);
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';

		if (!is_blank)
			buf_char(b, c);
		else if (!blank)
			buf_char(b, ' ');
		blank = is_blank;
	}
}

static void
add_headers(struct buf *b, const struct http_headers *headers, str signed_headers)
{
	str rest = signed_headers, name;

	while (str_cut(&rest, ';', &name)) {
		bool first = true;

		buf_fmt(b, STR_FMT ":", STR_ARG(name));
		for (size_t i = 0; i < headers->count; i++) {
			if (!str_eq_nocase(headers->list[i].name, name))
				continue;
			if (!first)
				buf_char(b, ',');
			first = false;
			add_value(b, headers->list[i].value);
		}
		buf_char(b, '\n');
	}
}

/* --- key and signature ----------------------------------------------------------------- */

#define KEY_TEXT_MAX 256
#define KEYS 64

static struct {
	char text[KEY_TEXT_MAX]; /* "secret\nday\nregion\nservice" */
	size_t len;
	unsigned char key[SHA256_BYTES];
} keys[KEYS]; /* guarded by keys_lock */
static pthread_mutex_t keys_lock = PTHREAD_MUTEX_INITIALIZER;

static str
bytes(const unsigned char *digest)
{
	return (str){ (const char *)digest, SHA256_BYTES };
}

static void
derive(struct arena *a, str secret, const struct sigv4_scope *scope, unsigned char *key)
{
	unsigned char next[SHA256_BYTES];
	const str steps[] = { scope->region, scope->service, S(SIGV4_TERMINATOR) };

	hmac_sha256(str_cat(a, S("AWS4"), secret), scope->day, key);
	for (size_t i = 0; i < countof(steps); i++) {
		hmac_sha256(bytes(key), steps[i], next);
		memcpy(key, next, SHA256_BYTES);
	}
}

static void
signing_key(struct arena *a, str secret, const struct sigv4_scope *scope, unsigned char *key)
{
	str text = str_fmt(a, STR_FMT "\n" STR_FMT "\n" STR_FMT "\n" STR_FMT, STR_ARG(secret),
	    STR_ARG(scope->day), STR_ARG(scope->region), STR_ARG(scope->service));
	size_t at = str_hash(text) % KEYS;
	bool known;

	if (text.len > KEY_TEXT_MAX) {
		derive(a, secret, scope, key);
		return;
	}
	pthread_mutex_lock(&keys_lock);
	known = str_eq(text, (str){ keys[at].text, keys[at].len });
	if (known)
		memcpy(key, keys[at].key, SHA256_BYTES);
	pthread_mutex_unlock(&keys_lock);
	if (known)
		return;
	derive(a, secret, scope, key);
	pthread_mutex_lock(&keys_lock);
	memcpy(keys[at].text, text.ptr, text.len);
	keys[at].len = text.len;
	memcpy(keys[at].key, key, SHA256_BYTES);
	pthread_mutex_unlock(&keys_lock);
}

str
sigv4_sign_text(struct arena *a, str secret, const struct sigv4_scope *scope, str text)
{
	unsigned char key[SHA256_BYTES], signature[SHA256_BYTES];

	signing_key(a, secret, scope, key);
	hmac_sha256(bytes(key), text, signature);
	return hex_encode(a, bytes(signature));
}

void
sigv4_compute(struct arena *a, const struct http_request *req, enum sigv4_path path,
    const struct sigv4_scope *scope, str secret, str payload_hash, struct sigv4_parts *parts)
{
	struct buf b = buf_in(a);

	buf_fmt(&b, STR_FMT "\n" STR_FMT "\n" STR_FMT "\n", STR_ARG(req->method),
	    STR_ARG(canonical_path(a, http_path(req->target), path)),
	    STR_ARG(canonical_query(a, http_query(req->target))));
	add_headers(&b, &req->headers, parts->signed_headers);
	buf_fmt(
	    &b, "\n" STR_FMT "\n" STR_FMT, STR_ARG(parts->signed_headers), STR_ARG(payload_hash));
	parts->canonical_request = buf_str(&b);
	parts->string_to_sign = str_fmt(a,
	    SIGV4_ALGORITHM "\n" STR_FMT "\n" STR_FMT "/" STR_FMT "/" STR_FMT "/" SIGV4_TERMINATOR
			    "\n" STR_FMT,
	    STR_ARG(scope->time), STR_ARG(scope->day), STR_ARG(scope->region),
	    STR_ARG(scope->service), STR_ARG(sha256_hex(a, parts->canonical_request)));
	parts->signature = sigv4_sign_text(a, secret, scope, parts->string_to_sign);
}
