/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/sigv4_chunks.c: bodies that S3's clients send in chunks of their own ("aws-chunked"), each
 * signed, or none of them, with headers behind the last one.
 *
 *   5;chunk-signature=<64 hex digits>\r\n          the signature only where chunks are signed
 *   hello\r\n
 *   0;chunk-signature=…\r\n
 *   x-amz-checksum-crc32:NhCmhg==\r\n              in the forms with a trailer
 *   x-amz-trailer-signature:…\r\n                  where that is signed
 *   \r\n
 *
 * Each signature covers the one before it, and the first that of the request's head.
 */
#include "aws/sigv4_canonical.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/hash.h"

#define MAX_SIZE_DIGITS 8
#define MAX_TRAILERS 10
#define EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static const struct form {
	const char *name; /* of x-amz-content-sha256 */
	bool is_signed, has_trailer;
} forms[] = {
	{ "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", true, false },
	{ "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", true, true },
	{ "STREAMING-UNSIGNED-PAYLOAD-TRAILER", false, true },
};

struct chunks {
	struct arena *a;
	const struct form *form;
	struct sigv4_scope scope;
	str secret, before; /* before: the signature that the next one covers */
	str rest;
	struct buf body;
	struct err *err;
};

static const struct form *
form_of(const struct http_request *req)
{
	str told = http_header_get(&req->headers, "x-amz-content-sha256");

	for (size_t i = 0; i < countof(forms); i++)
		if (str_is(told, forms[i].name))
			return &forms[i];
	return NULL;
}

bool
sigv4_is_chunked(const struct http_request *req)
{
	return form_of(req) != NULL;
}

static bool
incomplete(struct chunks *c, const char *why)
{
	return err_code(c->err, ERR_INVALID, "IncompleteBody",
	    "The request body terminated unexpectedly: %s", why);
}

static bool
malformed_trailer(struct chunks *c)
{
	return err_code(c->err, ERR_INVALID, "MalformedTrailerError",
	    "The request contained trailing data that was not well-formed or did not conform to our "
	    "published schema.");
}

/* Up to the next line end, which is taken. */
static bool
take_line(struct chunks *c, str *line)
{
	size_t end = str_find(c->rest, S("\r\n"));

	if (end == c->rest.len)
		return incomplete(c, "a line has no end");
	*line = str_sub(c->rest, 0, end);
	c->rest = str_from(c->rest, end + 2);
	return true;
}

/* --- signatures ------------------------------------------------------------------------- */

static bool
check_signature(struct chunks *c, const char *kind, str covered, str told)
{
	str text = str_fmt(c->a,
	    SIGV4_ALGORITHM "-%s\n" STR_FMT "\n" STR_FMT "/" STR_FMT "/" STR_FMT
			    "/" SIGV4_TERMINATOR "\n" STR_FMT "\n" STR_FMT,
	    kind, STR_ARG(c->scope.time), STR_ARG(c->scope.day), STR_ARG(c->scope.region),
	    STR_ARG(c->scope.service), STR_ARG(c->before), STR_ARG(covered));
	str right = sigv4_sign_text(c->a, c->secret, &c->scope, text);

	c->before = right;
	return equal_constant_time(right, told) ||
	    err_code(c->err, ERR_UNAUTHENTICATED, "SignatureDoesNotMatch",
		"The signature of a chunk, or of what trails the last one, does not match what was "
		"computed. Check your AWS Secret Access Key and signing method.");
}

static bool
check_chunk(struct chunks *c, str data, str extension)
{
	str told = str_from(extension, S("chunk-signature=").len);

	if (!c->form->is_signed)
		return true;
	if (!str_starts(extension, S("chunk-signature=")))
		return incomplete(c, "a chunk has no chunk-signature");
	return check_signature(c, "PAYLOAD",
	    str_fmt(c->a, EMPTY_SHA256 "\n" STR_FMT, STR_ARG(sha256_hex(c->a, data))), told);
}

/* --- chunks ------------------------------------------------------------------------------- */

static bool
read_size(str text, size_t *size)
{
	*size = 0;
	for (size_t i = 0; i < text.len; i++) {
		char ch = text.ptr[i];
		int digit = ch >= '0' && ch <= '9' ? ch - '0'
		    : ch >= 'a' && ch <= 'f'       ? ch - 'a' + 10
		    : ch >= 'A' && ch <= 'F'       ? ch - 'A' + 10
						   : -1;

		if (digit < 0)
			return false;
		*size = *size * 16 + (size_t)digit;
	}
	return text.len > 0 && text.len <= MAX_SIZE_DIGITS;
}

/* One chunk to the body. *size is 0 for the last. */
static bool
take_chunk(struct chunks *c, size_t *size)
{
	str line, digits, data;

	if (!take_line(c, &line))
		return false;
	(void)str_cut(&line, ';', &digits);
	if (!read_size(digits, size))
		return incomplete(c, "a chunk's size is no number");
	data = str_sub(c->rest, 0, *size);
	if (*size > 0 && (data.len < *size || !str_starts(str_from(c->rest, *size), S("\r\n"))))
		return incomplete(c, "a chunk is shorter or longer than it says");
	if (*size > 0)
		c->rest = str_from(c->rest, *size + 2);
	buf_add(&c->body, data);
	return check_chunk(c, data, line);
}

static bool
take_chunks(struct chunks *c)
{
	size_t size;

	do {
		if (!take_chunk(c, &size))
			return false;
	} while (size > 0);
	return true;
}

/* --- what trails ---------------------------------------------------------------------------- */

/* Is it among those that the head announced? */
static bool
is_announced(const struct http_request *req, str name)
{
	str list = http_header_get(&req->headers, "x-amz-trailer"), one;

	while (str_cut(&list, ',', &one))
		if (str_eq_nocase(str_trim(one), name))
			return true;
	return false;
}

/* To the request's headers, as if they had stood there. */
static bool
take_trailers(struct chunks *c, const struct http_request *req, struct http_request *out)
{
	struct buf covered = buf_in(c->a);
	bool is_checked = !c->form->is_signed;
	str line = { NULL, 0 };

	for (int i = 0; i <= MAX_TRAILERS && c->rest.len > 0; i++) {
		str name;

		if (!take_line(c, &line))
			return false;
		if (line.len == 0)
			break;
		if (!str_cut(&line, ':', &name) || line.ptr == NULL)
			return malformed_trailer(c);
		line = str_trim(line);
		if (c->form->is_signed && str_eq_nocase(name, S("x-amz-trailer-signature"))) {
			is_checked = true;
			if (!check_signature(
				c, "TRAILER", sha256_hex(c->a, buf_str(&covered)), line))
				return false;
			continue;
		}
		if (is_checked && c->form->is_signed)
			return malformed_trailer(c); /* behind the signature */
		if (!is_announced(req, name))
			return malformed_trailer(c);
		name = str_lower(c->a, str_trim(name));
		buf_fmt(&covered, STR_FMT ":" STR_FMT "\n", STR_ARG(name), STR_ARG(line));
		http_header_add(c->a, &out->headers, name, line);
	}
	return (is_checked && c->rest.len == 0) || malformed_trailer(c);
}

/* --- the request ---------------------------------------------------------------------------- */

/* "aws-chunked" is not how the object is encoded, only how it came. */
static str
encoding_without_chunks(struct arena *a, str list)
{
	struct buf b = buf_in(a);
	str one;

	while (str_cut(&list, ',', &one)) {
		one = str_trim(one);
		if (one.len > 0 && !str_eq_nocase(one, S("aws-chunked")))
			buf_fmt(&b, "%s" STR_FMT, b.len > 0 ? "," : "", STR_ARG(one));
	}
	return buf_str(&b);
}

static void
copy_headers(struct arena *a, const struct http_headers *from, struct http_headers *to)
{
	*to = (struct http_headers){ 0 };
	for (size_t i = 0; i < from->count; i++) {
		struct http_header h = from->list[i];

		if (str_eq_nocase(h.name, S("x-amz-content-sha256")))
			continue;
		if (str_eq_nocase(h.name, S("content-encoding")))
			h.value = encoding_without_chunks(a, h.value);
		if (h.value.len > 0)
			http_header_add(a, to, h.name, h.value);
	}
}

bool
sigv4_unchunk(struct arena *a, const struct http_request *req, const struct sigv4_claim *claim,
    str secret, struct http_request *out, struct err *err)
{
	struct chunks c = {
		.a = a,
		.form = form_of(req),
		.scope = { claim->time, claim->day, claim->region, claim->service },
		.secret = secret,
		.before = claim->signature,
		.rest = req->body,
		.body = buf_in(a),
		.err = err,
	};
	int64_t length;

	if (!str_to_i64(http_header_get(&req->headers, "x-amz-decoded-content-length"), &length))
		return err_code(err, ERR_INVALID, "MissingContentLength",
		    "You must provide the x-amz-decoded-content-length HTTP header.");
	if (!take_chunks(&c))
		return false;
	if (length < 0 || c.body.len != (size_t)length)
		return incomplete(&c, "it is not of x-amz-decoded-content-length");
	*out = *req;
	copy_headers(a, &req->headers, &out->headers);
	out->body = buf_str(&c.body);
	if (c.form->has_trailer)
		return take_trailers(&c, req, out);
	return c.rest.len == 0 || str_is(c.rest, "\r\n") || incomplete(&c, "more stands behind it");
}
