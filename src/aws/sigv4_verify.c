/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/sigv4_verify.c: the server's side of request signing.
 *
 * Reading and verifying are two calls, because the caller looks the secret up in between.
 */
#include "aws/sigv4_canonical.h"
#include "aws/timestamp.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/hash.h"

#define MAX_SIGNED_HEADERS 100
#define MAX_URL_AGE_S (7 * 24 * 3600)
#define MINUTE_MS 60000

static bool
split_credential(str credential, struct sigv4_claim *out)
{
	str rest = credential;

	return str_cut(&rest, '/', &out->access_key_id) && str_cut(&rest, '/', &out->day) &&
	    str_cut(&rest, '/', &out->region) && str_cut(&rest, '/', &out->service) &&
	    str_cut(&rest, '/', &out->terminator) && rest.ptr == NULL && out->access_key_id.len > 0;
}

static bool
names_sane(str names)
{
	size_t count = 0;
	str rest = names, name;

	while (str_cut(&rest, ';', &name)) {
		if (name.len == 0 || ++count > MAX_SIGNED_HEADERS)
			return false;
	}
	return true;
}

/* The time as signed, and in milliseconds. */
static bool
read_time(struct arena *a, str text, struct sigv4_claim *out)
{
	if (!timestamp_parse(text, &out->time_ms))
		return false;
	out->time = time_compact(a, out->time_ms);
	return true;
}

/* Which parts are missing, each in the words that AWS has for it. */
static enum sigv4_problem
incomplete(struct arena *a, const struct sigv4_claim *c, const char *where,
    const char *const *names, str *detail)
{
	const str values[] = { c->access_key_id, c->signed_headers, c->signature, c->time };
	struct buf b = buf_in(a);

	for (size_t i = 0; i < countof(values); i++) {
		if (values[i].len == 0)
			buf_fmt(&b, "%s requires '%s' parameter. ", where, names[i]);
	}
	*detail = buf_str(&b);
	return b.len == 0 ? SIGV4_FINE : SIGV4_MALFORMED;
}

static enum sigv4_problem
malformed(str *detail, str why)
{
	*detail = why;
	return SIGV4_MALFORMED;
}

static enum sigv4_problem
check_claim(struct arena *a, struct sigv4_claim *c, str credential, str time, const char *where,
    const char *const *names, str *detail)
{
	if (credential.len > 0 && !split_credential(credential, c))
		return malformed(detail,
		    str_fmt(a,
			"Credential must have exactly 5 slash-delimited elements, "
			"e.g. keyid/date/region/service/term, got '" STR_FMT "'",
			STR_ARG(credential)));
	if (!names_sane(c->signed_headers))
		return malformed(
		    detail, S("SignedHeaders names too many headers, or an empty one"));
	if (time.len > 0 && !read_time(a, time, c))
		return malformed(detail,
		    str_fmt(a, "Date must be in ISO-8601 'basic format'. Got '" STR_FMT "'",
			STR_ARG(time)));
	return incomplete(a, c, where, names, detail);
}

static enum sigv4_problem
read_header(struct arena *a, const struct http_request *req, str header, struct sigv4_claim *out,
    str *detail)
{
	static const char *const names[] = { "Credential", "SignedHeaders", "Signature",
		"X-Amz-Date" };
	str rest = str_from(header, sizeof(SIGV4_ALGORITHM) - 1), piece, credential = { 0 };
	str date = http_header_get(&req->headers, "X-Amz-Date");

	if (!str_starts(header, S(SIGV4_ALGORITHM " ")))
		return malformed(detail,
		    str_fmt(a,
			"Unsupported Authorization header: only " SIGV4_ALGORITHM
			" is understood"));
	while (str_cut(&rest, ',', &piece)) {
		str value = str_trim(piece), name = { 0 };

		(void)str_cut(&value, '=', &name);
		if (str_is(name, "Credential"))
			credential = value;
		else if (str_is(name, "SignedHeaders"))
			out->signed_headers = value;
		else if (str_is(name, "Signature"))
			out->signature = value;
	}
	if (date.len == 0)
		date = http_header_get(&req->headers, "Date");
	out->session_token = http_header_get(&req->headers, "X-Amz-Security-Token");
	return check_claim(a, out, credential, date, "Authorization header", names, detail);
}

/* A parameter of the query, decoded; empty when missing. */
static str
parameter(struct arena *a, str query, const char *name)
{
	str rest = query, piece;

	while (query.len > 0 && str_cut(&rest, '&', &piece)) {
		str value = piece, key = { 0 };

		if (str_cut(&value, '=', &key) && str_is(key, name) &&
		    percent_decode(a, value, false, &value))
			return value;
	}
	return (str){ NULL, 0 };
}

static enum sigv4_problem
read_url(struct arena *a, str query, struct sigv4_claim *out, str *detail)
{
	static const char *const names[] = { "X-Amz-Credential", "X-Amz-SignedHeaders",
		"X-Amz-Signature", "X-Amz-Date" };
	enum sigv4_problem problem;

	out->in_url = true;
	out->signed_headers = parameter(a, query, "X-Amz-SignedHeaders");
	out->signature = parameter(a, query, "X-Amz-Signature");
	out->session_token = parameter(a, query, "X-Amz-Security-Token");
	problem = check_claim(a, out, parameter(a, query, "X-Amz-Credential"),
	    parameter(a, query, "X-Amz-Date"), "AWS query-string", names, detail);
	if (problem != SIGV4_FINE)
		return problem;
	if (!str_is(parameter(a, query, "X-Amz-Algorithm"), SIGV4_ALGORITHM))
		return malformed(detail, S("X-Amz-Algorithm only supports " SIGV4_ALGORITHM));
	if (!str_to_i64(parameter(a, query, "X-Amz-Expires"), &out->expires_s))
		return malformed(detail, S("X-Amz-Expires should be a number"));
	if (out->expires_s < 1 || out->expires_s > MAX_URL_AGE_S)
		return malformed(detail,
		    S("X-Amz-Expires must be between a second and a week (604800 seconds)"));
	return SIGV4_FINE;
}

enum sigv4_problem
sigv4_read(struct arena *a, const struct http_request *req, struct sigv4_claim *out, str *detail)
{
	str header = http_header_get(&req->headers, "Authorization");
	str query = http_query(req->target);

	*out = (struct sigv4_claim){ 0 };
	*detail = (str){ NULL, 0 };
	if (header.len > 0)
		return read_header(a, req, header, out, detail);
	if (str_has(query, S("X-Amz-Signature=")) || str_has(query, S("X-Amz-Credential=")))
		return read_url(a, query, out, detail);
	if (str_has(query, S("AWSAccessKeyId="))) { /* signed as it was before 2012 */
		out->in_url = true;
		return malformed(detail,
		    S("The authorization mechanism you have provided is not supported. Please use " SIGV4_ALGORITHM
		      "."));
	}
	return SIGV4_MISSING;
}

static bool
is_s3(const struct sigv4_check *check)
{
	return check->path == SIGV4_PATH_S3;
}

static enum sigv4_problem
check_scope(
    struct arena *a, const struct sigv4_claim *c, const struct sigv4_check *check, str *detail)
{
	struct buf b = buf_in(a);

	if (check->region.len > 0 && !str_eq(c->region, check->region))
		buf_fmt(&b, "Credential should be scoped to a valid Region, not '" STR_FMT "'. ",
		    STR_ARG(c->region));
	if (!str_eq(c->service, check->service))
		buf_fmt(&b, "Credential should be scoped to correct service: '" STR_FMT "'. ",
		    STR_ARG(check->service));
	if (!str_is(c->terminator, SIGV4_TERMINATOR))
		buf_fmt(&b,
		    "Credential should be scoped with a valid terminator: '%s', not '" STR_FMT
		    "'. ",
		    SIGV4_TERMINATOR, STR_ARG(c->terminator));
	if (!str_eq(c->day, str_sub(c->time, 0, 8)))
		buf_fmt(&b,
		    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version "
		    "of date from HTTP: '" STR_FMT "' != '" STR_FMT "', from '" STR_FMT "'. ",
		    STR_ARG(c->day), STR_ARG(str_sub(c->time, 0, 8)), STR_ARG(c->time));
	*detail = str_trim(buf_str(&b));
	return b.len == 0 ? SIGV4_FINE : SIGV4_SCOPE;
}

static enum sigv4_problem
check_time(
    struct arena *a, const struct sigv4_claim *c, const struct sigv4_check *check, str *detail)
{
	int64_t minutes = is_s3(check) ? 15 : 5, window_ms = minutes * MINUTE_MS;
	str now = time_compact(a, check->now_ms);

	if (c->time_ms > check->now_ms + window_ms) {
		*detail = str_fmt(a,
		    "Signature not yet current: " STR_FMT " is still later than " STR_FMT
		    " (" STR_FMT " + %d min.)",
		    STR_ARG(c->time), STR_ARG(time_compact(a, check->now_ms + window_ms)),
		    STR_ARG(now), (int)minutes);
		return SIGV4_TOO_EARLY;
	}
	if (c->in_url)
		return check->now_ms > c->time_ms + c->expires_s * 1000 ? SIGV4_URL_EXPIRED
									: SIGV4_FINE;
	if (c->time_ms < check->now_ms - window_ms) {
		*detail = str_fmt(a,
		    "Signature expired: " STR_FMT " is now earlier than " STR_FMT " (" STR_FMT
		    " - %d min.)",
		    STR_ARG(c->time), STR_ARG(time_compact(a, check->now_ms - window_ms)),
		    STR_ARG(now), (int)minutes);
		return SIGV4_TOO_OLD;
	}
	return SIGV4_FINE;
}

/* Host must be signed, and the date where it stands in a header. */
static bool
signs(const struct sigv4_claim *c, const char *name)
{
	str rest = c->signed_headers, piece;

	while (str_cut(&rest, ';', &piece)) {
		if (str_is(piece, name))
			return true;
	}
	return false;
}

static enum sigv4_problem
check_names(const struct sigv4_claim *c, str *detail)
{
	if (!signs(c, "host"))
		return malformed(detail,
		    S("'Host' or ':authority' must be a 'SignedHeader' in the "
		      "AWS Authorization."));
	if (!c->in_url && !signs(c, "x-amz-date") && !signs(c, "date"))
		return malformed(detail,
		    S("'X-Amz-Date' or 'Date' must be a 'SignedHeader' in the "
		      "AWS Authorization."));
	return SIGV4_FINE;
}

/* The hash that was signed for the body; false where the body has another. */
static bool
payload_hash(struct arena *a, const struct http_request *req, const struct sigv4_claim *c,
    const struct sigv4_check *check, str *out)
{
	str told = http_header_get(&req->headers, "x-amz-content-sha256"), real;

	if (is_s3(check) && told.len == 0 && c->in_url)
		told = S("UNSIGNED-PAYLOAD");
	if (is_s3(check) &&
	    (str_is(told, "UNSIGNED-PAYLOAD") || str_starts(told, S("STREAMING-")))) {
		*out = told;
		return true;
	}
	real = sha256_hex(a, req->body);
	*out = told.len > 0 ? told : real;
	return str_eq_nocase(*out, real);
}

enum sigv4_problem
sigv4_verify(struct arena *a, const struct http_request *req, const struct sigv4_claim *claim,
    const struct sigv4_check *check, struct sigv4_parts *parts, str *detail)
{
	struct sigv4_scope scope = { claim->time, claim->day, claim->region, claim->service };
	struct sigv4_parts p = { .signed_headers = claim->signed_headers };
	enum sigv4_problem problem;
	str hash;
	bool same_body;

	*detail = (str){ NULL, 0 };
	if ((problem = check_names(claim, detail)) != SIGV4_FINE ||
	    (problem = check_scope(a, claim, check, detail)) != SIGV4_FINE ||
	    (problem = check_time(a, claim, check, detail)) != SIGV4_FINE)
		return problem;
	same_body = payload_hash(a, req, claim, check, &hash);
	sigv4_compute(a, req, check->path, &scope, check->secret_access_key, hash, &p);
	if (parts != NULL)
		*parts = p;
	if (!equal_constant_time(p.signature, claim->signature))
		return SIGV4_MISMATCH;
	return same_body ? SIGV4_FINE : SIGV4_BODY_MISMATCH;
}
