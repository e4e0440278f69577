/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS Signature Version 4 (aws.md 7.1 to 7.4): signs a request, in headers or in its URL, and
 * verifies one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "aws/credentials.h"
#include "http/message.h"

struct arena;
struct err;

enum sigv4_path {
	SIGV4_PATH_NORMAL,  /* dot segments removed, slashes collapsed, escaped once more */
	SIGV4_PATH_AS_SENT, /* escaped once more */
	SIGV4_PATH_S3,      /* what is escaped stays so */
};

struct sigv4_signing {
	const struct aws_credentials *credentials;
	str region, service;
	int64_t now_ms;
	enum sigv4_path path;
	bool content_sha256; /* adds the body's hash as a header; S3 needs it */
	bool token_unsigned; /* the session token is added, but not signed */
};

/* What came about on the way, for tests and for people who debug. */
struct sigv4_parts {
	str canonical_request, string_to_sign, signed_headers, signature;
};

/*
 * Adds X-Amz-Security-Token (for session keys), X-Amz-Date and Authorization to req, which must
 * have its Host header. Signs every header but those that proxies change (Connection, …).
 * parts may be NULL. Thread-safe, as all below.
 */
void sigv4_sign(struct arena *a, struct http_request *req, const struct sigv4_signing *signing,
    struct sigv4_parts *parts);

/* The target of a request that is signed in its URL, for expires_s seconds from now. */
str sigv4_presign(struct arena *a, const struct http_request *req,
    const struct sigv4_signing *signing, int64_t expires_s);

/* --- the server's side ------------------------------------------------------------------ */

enum sigv4_problem {
	SIGV4_FINE,
	SIGV4_MISSING,       /* the request is not signed at all */
	SIGV4_MALFORMED,     /* it is, but not so that anyone could check it */
	SIGV4_UNKNOWN_KEY,   /* for the caller of sigv4_verify(), who looks keys up */
	SIGV4_BAD_TOKEN,     /* the same */
	SIGV4_TOKEN_EXPIRED, /* the same */
	SIGV4_SCOPE,         /* signed for another region, service or day */
	SIGV4_TOO_OLD,
	SIGV4_TOO_EARLY,
	SIGV4_URL_EXPIRED,
	SIGV4_BODY_MISMATCH, /* the body is not the one whose hash is signed */
	SIGV4_MISMATCH,
	SIGV4_PROBLEM_COUNT
};

/* What a request says about its signature. */
struct sigv4_claim {
	bool in_url;
	str access_key_id, day, region, service, terminator; /* the credential's parts */
	str signed_headers, signature, session_token;
	str time;                   /* "20150830T123600Z" */
	int64_t time_ms, expires_s; /* expires_s: in_url only */
};

/*
 * Reads what a request says. detail, for SIGV4_MALFORMED, tells a person what is wrong. Returns
 * SIGV4_FINE, SIGV4_MISSING or SIGV4_MALFORMED; in the latter case what could be read is in out.
 */
enum sigv4_problem sigv4_read(
    struct arena *a, const struct http_request *req, struct sigv4_claim *out, str *detail);

struct sigv4_check {
	str secret_access_key; /* of claim->access_key_id */
	str region, service;   /* as they should be; an empty region: any */
	int64_t now_ms;
	enum sigv4_path path; /* SIGV4_PATH_S3: S3's rules for body and clock, too */
};

/*
 * Does the signature hold? Only the headers that the claim names are looked at, and Host must be
 * among them. parts, unless NULL, is what the server computed; detail as above.
 */
enum sigv4_problem sigv4_verify(struct arena *a, const struct http_request *req,
    const struct sigv4_claim *claim, const struct sigv4_check *check, struct sigv4_parts *parts,
    str *detail);

/*
 * Does the body come in S3's own chunks (x-amz-content-sha256: STREAMING-…), in a form that is
 * understood?
 */
bool sigv4_is_chunked(const struct http_request *req);

/*
 * The same request with its body in one piece, and what trailed it as headers; for a verified
 * claim. Fails: IncompleteBody, MissingContentLength, MalformedTrailerError, and
 * SignatureDoesNotMatch where a chunk is signed wrongly.
 */
bool sigv4_unchunk(struct arena *a, const struct http_request *req, const struct sigv4_claim *claim,
    str secret, struct http_request *out, struct err *err);
