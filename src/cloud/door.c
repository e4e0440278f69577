/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/door.c: the one door: bytes in, bytes out.
 *
 * What comes in is named (cloud/wire.h), its signer known and the signature verified, its input
 * read; then it is a call like one engine's to another. What fails on the way is told in the
 * words of the protocol it came in.
 */
#include "cloud/internal.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/log.h"
#include "cloud/session.h"
#include "cloud/wire.h"

#define MAX_TARGET_BYTES ((size_t)16 << 10)
#define MAX_HEADERS 100
#define MAX_HEADER_BYTES ((size_t)16 << 10)
#define MAX_KEY_ID_BYTES 128

struct visit {
	struct cloud *cloud;
	struct arena *a;
	const struct http_request *req;
	struct http_request whole; /* req of one that came in chunks */
	struct wire_request wire;
	struct wire_stamp stamp;
	struct sigv4_claim claim;
	struct principal who;
};

static bool
body_too_large(enum aws_protocol protocol, struct err *err)
{
	return err_code(err, ERR_TOO_LARGE,
	    protocol == AWS_REST_XML ? "EntityTooLarge" : "RequestEntityTooLargeException",
	    "The body has more bytes than the local cloud takes: %zu.", CLOUD_MAX_BODY_BYTES);
}

static bool
check_size(const struct http_request *req, enum aws_protocol protocol, struct err *err)
{
	if (req->body.len > CLOUD_MAX_BODY_BYTES)
		return body_too_large(protocol, err);
	if (req->target.len > MAX_TARGET_BYTES)
		return err_code(err, ERR_TOO_LARGE, "RequestUriTooLong",
		    "The path has %zu bytes; the local cloud takes %zu.", req->target.len,
		    MAX_TARGET_BYTES);
	if (req->headers.count > MAX_HEADERS)
		return err_code(err, ERR_TOO_LARGE, "RequestHeaderSectionTooLarge",
		    "The request has %zu headers; the local cloud takes %d.", req->headers.count,
		    MAX_HEADERS);
	for (size_t i = 0; i < req->headers.count; i++)
		if (req->headers.list[i].value.len > MAX_HEADER_BYTES)
			return err_code(err, ERR_TOO_LARGE, "RequestHeaderSectionTooLarge",
			    "Header " STR_FMT " has %zu bytes; the local cloud takes %zu.",
			    STR_ARG(req->headers.list[i].name), req->headers.list[i].value.len,
			    MAX_HEADER_BYTES);
	return true;
}

/* --- who calls ---------------------------------------------------------------------------- */

/* A key that lasts: of an account's root. *found is false where no such key was ever given. */
static bool
find_key(struct visit *v, str *secret, bool *found, struct err *err)
{
	struct item row;

	if (!store_find(v->cloud->options.store, v->a, S("cloud#key"), v->claim.access_key_id, &row,
		found, err))
		return false;
	if (*found) {
		*secret = json_str(json_get(row.body, "secret"));
		v->who = principal_read(json_get(row.body, "principal"));
	}
	return true;
}

static enum sigv4_problem
find_session(struct visit *v, str *secret)
{
	struct session session;

	switch (session_open(v->cloud, v->a, v->claim.access_key_id, v->claim.session_token,
	    v->stamp.now_ms, &session)) {
	case SESSION_UNKNOWN:
		return v->claim.session_token.len == 0 ? SIGV4_UNKNOWN_KEY : SIGV4_BAD_TOKEN;
	case SESSION_EXPIRED:
		return SIGV4_TOKEN_EXPIRED;
	case SESSION_VALID:
		break;
	}
	*secret = session.secret_access_key;
	v->who = session.who;
	return SIGV4_FINE;
}

/* Fills v->who. Fails only where the store does: what is wrong with the key is in *problem. */
static bool
find_signer(struct visit *v, str *secret, enum sigv4_problem *problem, struct err *err)
{
	bool found = false;

	*problem = SIGV4_UNKNOWN_KEY;
	if (v->claim.access_key_id.len > MAX_KEY_ID_BYTES)
		return true;
	if (str_starts(v->claim.access_key_id, S("ASIA"))) {
		*problem = find_session(v, secret);
		return true;
	}
	if (!find_key(v, secret, &found, err))
		return false;
	if (found)
		*problem = v->claim.session_token.len == 0 ? SIGV4_FINE : SIGV4_BAD_TOKEN;
	return true;
}

static enum sigv4_problem
verify(struct visit *v, str secret, str *detail)
{
	const struct aws_service *service = v->wire.service;

	if (!text_matches(v->claim.region, "[a-z]{2}(-[a-z]+){1,3}-\\d{1,2}")) {
		*detail =
		    str_fmt(v->a, "Credential should be scoped to a valid Region, not " STR_FMT,
			STR_ARG(v->claim.region));
		return SIGV4_SCOPE;
	}
	return sigv4_verify(v->a, v->req, &v->claim,
	    &(struct sigv4_check){
		.secret_access_key = secret,
		.region = service->global ? S("us-east-1") : S(""),
		.service = str_of(service->signing_name),
		.now_ms = v->stamp.now_ms,
		.path = service->protocol == AWS_REST_XML ? SIGV4_PATH_S3 : SIGV4_PATH_NORMAL,
	    },
	    NULL, detail);
}

/* Chunks are part of what is signed: they are put together here. */
static bool
authenticate(struct visit *v, struct err *err)
{
	str detail = { 0 }, secret = { 0 };
	enum sigv4_problem problem = sigv4_read(v->a, v->req, &v->claim, &detail);

	if (problem == SIGV4_FINE && !find_signer(v, &secret, &problem, err))
		return false;
	if (problem == SIGV4_FINE)
		problem = verify(v, secret, &detail);
	if (problem != SIGV4_FINE)
		return wire_auth_error(&v->wire, &v->claim, problem, detail, err);
	if (!sigv4_is_chunked(v->req))
		return true;
	if (!sigv4_unchunk(v->a, v->req, &v->claim, secret, &v->whole, err))
		return false;
	v->req = &v->whole;
	return true;
}

/* --- the visit ------------------------------------------------------------------------------ */

static bool
serve(struct visit *v, struct http_response *resp, struct err *err)
{
	const struct aws_operation *op;
	const struct json *in, *out;

	if (!wire_identify(v->a, v->req, &v->wire, err) ||
	    !check_size(v->req, v->wire.protocol, err) || !authenticate(v, err) ||
	    !wire_read(v->a, v->req, &v->wire, &in, err))
		return false;
	op = v->wire.operation;
	if (!cloud_invoke(v->cloud, v->a,
		&(struct cloud_request){
		    .service = op->service->name,
		    .action = op->name,
		    .as = &v->who,
		    .region = v->claim.region,
		    .in = in,
		    .request_id = v->stamp.request_id,
		    .from_outside = true,
		},
		&out, err))
		return false;
	return wire_write_output(v->a, &v->wire, &v->stamp, out, resp, err);
}

bool
cloud_handle(void *cloud, struct arena *a, const struct http_request *req,
    struct http_response *resp, struct err *err)
{
	struct cloud *c = cloud;
	struct visit v = { .cloud = c, .a = a, .req = req };
	struct err failed;

	v.stamp.request_id = id_uuid(a);
	v.stamp.now_ms = clock_now_ms(c->options.clock);
	err_init(&failed, a);
	if (serve(&v, resp, &failed))
		return true;
	if (failed.kind == ERR_TIMEOUT && err_is(&failed, CALL_ANSWER_LOST))
		return err_set(err, ERR_TIMEOUT, STR_FMT, STR_ARG(failed.msg));
	if (failed.code.len == 0)
		log_error(c->options.log, "cloud: request=" STR_FMT " failed: " STR_FMT,
		    STR_ARG(v.stamp.request_id), STR_ARG(failed.msg));
	wire_write_error(a, &v.wire, &v.stamp, &failed, resp);
	return true;
}

void
cloud_refuse_large(
    void *cloud, struct arena *a, const struct http_request *head, struct http_response *resp)
{
	struct cloud *c = cloud;
	struct visit v = { .cloud = c, .a = a, .req = head };
	struct err failed;

	v.stamp.request_id = id_uuid(a);
	v.stamp.now_ms = clock_now_ms(c->options.clock);
	err_init(&failed, a);
	(void)wire_identify(a, head, &v.wire, &failed); /* sets the form in any case */
	err_clear(&failed);
	(void)body_too_large(v.wire.protocol, &failed);
	wire_write_error(a, &v.wire, &v.stamp, &failed, resp);
}
