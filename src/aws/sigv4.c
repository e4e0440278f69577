/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/sigv4.c: the client's side of request signing.
 */
#include "aws/sigv4.h"

#include <assert.h>
#include <stdlib.h>

#include "aws/sigv4_canonical.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/hash.h"

/* Proxies and libraries add or change these, so no signature may depend on them. */
static const char *const never_signed[] = { "authorization", "connection", "expect", "keep-alive",
	"proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
	"transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id" };

static bool
may_sign(str name)
{
	for (size_t i = 0; i < countof(never_signed); i++) {
		if (str_is(name, never_signed[i]))
			return false;
	}
	return true;
}

static int
compare_names(const void *x, const void *y)
{
	return str_cmp(*(const str *)x, *(const str *)y);
}

/* "host;x-amz-date": each name once, in order. */
static str
names_to_sign(struct arena *a, const struct http_headers *headers, bool token)
{
	str *names = arena_new(a, str, headers->count + 1);
	struct buf b = buf_in(a);
	size_t count = 0;

	for (size_t i = 0; i < headers->count; i++) {
		str name = str_lower(a, headers->list[i].name);

		if (may_sign(name) && (token || !str_is(name, "x-amz-security-token")))
			names[count++] = name;
	}
	qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || !str_eq(names[i], names[i - 1]))
			buf_fmt(&b, "%s" STR_FMT, b.len == 0 ? "" : ";", STR_ARG(names[i]));
	}
	return buf_str(&b);
}

static struct sigv4_scope
scope_of(struct arena *a, const struct sigv4_signing *s)
{
	str time = time_compact(a, s->now_ms);

	return (struct sigv4_scope){ time, str_sub(time, 0, 8), s->region, s->service };
}

/* Adds the headers that carry the signature's circumstances; returns the body's hash. */
static str
add_headers(struct arena *a, struct http_request *req, const struct sigv4_signing *s,
    const struct sigv4_scope *scope)
{
	str hash = sha256_hex(a, req->body);

	if (s->credentials->session_token.len > 0)
		http_header_set(
		    a, &req->headers, S("X-Amz-Security-Token"), s->credentials->session_token);
	http_header_set(a, &req->headers, S("X-Amz-Date"), scope->time);
	if (s->content_sha256)
		http_header_set(a, &req->headers, S("x-amz-content-sha256"), hash);
	return hash;
}

void
sigv4_sign(struct arena *a, struct http_request *req, const struct sigv4_signing *s,
    struct sigv4_parts *parts)
{
	struct sigv4_scope scope = scope_of(a, s);
	struct sigv4_parts p = { 0 };
	str hash = add_headers(a, req, s, &scope);

	assert(http_header_get(&req->headers, "Host").len > 0);
	p.signed_headers = names_to_sign(a, &req->headers, !s->token_unsigned);
	sigv4_compute(a, req, s->path, &scope, s->credentials->secret_access_key, hash, &p);
	http_header_set(a, &req->headers, S("Authorization"),
	    str_fmt(a,
		SIGV4_ALGORITHM " Credential=" STR_FMT "/" STR_FMT "/" STR_FMT "/" STR_FMT
				"/" SIGV4_TERMINATOR ", SignedHeaders=" STR_FMT
				", Signature=" STR_FMT,
		STR_ARG(s->credentials->access_key_id), STR_ARG(scope.day), STR_ARG(scope.region),
		STR_ARG(scope.service), STR_ARG(p.signed_headers), STR_ARG(p.signature)));
	if (parts != NULL)
		*parts = p;
}

static void
add_parameter(struct buf *b, const char *name, str value)
{
	buf_fmt(b, "%c%s=" STR_FMT, str_has(buf_str(b), S("?")) ? '&' : '?', name,
	    STR_ARG(percent_encode(b->a, value, false)));
}

str
sigv4_presign(struct arena *a, const struct http_request *req, const struct sigv4_signing *s,
    int64_t expires_s)
{
	struct sigv4_scope scope = scope_of(a, s);
	struct sigv4_parts p = { .signed_headers = names_to_sign(a, &req->headers, true) };
	struct http_request url = *req;
	struct buf b = buf_in(a);

	buf_add(&b, req->target);
	add_parameter(&b, "X-Amz-Algorithm", S(SIGV4_ALGORITHM));
	add_parameter(&b, "X-Amz-Credential",
	    str_fmt(a, STR_FMT "/" STR_FMT "/" STR_FMT "/" STR_FMT "/" SIGV4_TERMINATOR,
		STR_ARG(s->credentials->access_key_id), STR_ARG(scope.day), STR_ARG(s->region),
		STR_ARG(s->service)));
	add_parameter(&b, "X-Amz-Date", scope.time);
	add_parameter(&b, "X-Amz-Expires", str_fmt(a, "%lld", (long long)expires_s));
	add_parameter(&b, "X-Amz-SignedHeaders", p.signed_headers);
	if (s->credentials->session_token.len > 0)
		add_parameter(&b, "X-Amz-Security-Token", s->credentials->session_token);
	url.target = str_dup(a, buf_str(&b));
	sigv4_compute(a, &url, s->path, &scope, s->credentials->secret_access_key,
	    s->path == SIGV4_PATH_S3 ? S("UNSIGNED-PAYLOAD") : sha256_hex(a, req->body), &p);
	add_parameter(&b, "X-Amz-Signature", p.signature);
	return buf_str(&b);
}
