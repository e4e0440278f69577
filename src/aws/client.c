/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/client.c: one call path for every operation.
 *
 * The request is written once, so that tokens stay the same over retries, and signed anew for
 * each attempt. What came back decides whether there is another one.
 */
#include "aws/client.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "aws/assume.h"
#include "aws/endpoint.h"
#include "aws/error.h"
#include "aws/exchange.h"
#include "aws/internal.h"
#include "aws/retry.h"
#include "aws/sigv4.h"
#include "aws/timestamp.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "http/transport.h"

#define DEFAULT_ATTEMPTS 3
#define SKEW_MATTERS_MS 60000

struct aws_client {
	struct aws_client_options options; /* its texts live in arena */
	struct arena arena;
	struct retry_quota quota;
	struct assume_cache assumed;
	_Atomic int64_t skew_ms; /* AWS's clock minus ours, once it was seen to matter */
};

struct aws_client *
aws_client_new(const struct aws_client_options *options)
{
	struct aws_client *c = calloc(1, sizeof(*c));

	assert(c != NULL && options->transport != NULL && options->clock != NULL);
	c->options = *options;
	c->options.region = str_dup(&c->arena, options->region);
	c->options.endpoint = str_dup(&c->arena, options->endpoint);
	if (c->options.max_attempts <= 0)
		c->options.max_attempts = DEFAULT_ATTEMPTS;
	retry_quota_init(&c->quota);
	assume_cache_init(&c->assumed);
	return c;
}

void
aws_client_free(struct aws_client *c)
{
	if (c == NULL)
		return;
	assume_cache_fini(&c->assumed);
	retry_quota_fini(&c->quota);
	arena_fini(&c->arena);
	free(c);
}

str
aws_client_region(struct aws_client *c)
{
	return c->options.region;
}

/* --- one attempt ----------------------------------------------------------------------- */

/* All that stays the same over the attempts of a call. */
struct exchange {
	struct aws_client *client;
	struct arena *a;
	const struct aws_credentials *credentials;
	const struct aws_operation *op;
	struct endpoint endpoint;
	struct http_request request; /* unsigned */
};

static bool
exchange_init(struct exchange *x, const struct json *in, struct err *err)
{
	struct arena *a = x->a;
	const struct aws_client_options *o = &x->client->options;

	if (!exchange_write(a, x->op, in, &x->request, err))
		return false;
	x->endpoint = endpoint_of(a, x->op->service, o->region, o->endpoint);
	x->request.endpoint = x->endpoint.url;
	http_header_set(a, &x->request.headers, S("Host"), x->endpoint.host);
	http_header_set(a, &x->request.headers, S("User-Agent"), S("swb/" SWB_VERSION));
	return true;
}

static void
sign(struct exchange *x, struct http_request *req)
{
	bool s3 = x->op->service->protocol == AWS_REST_XML;
	struct sigv4_signing signing = {
		.credentials = x->credentials,
		.region = x->endpoint.signing_region,
		.service = str_of(x->op->service->signing_name),
		.now_ms = clock_now_ms(x->client->options.clock) +
		    atomic_load_explicit(&x->client->skew_ms, memory_order_relaxed),
		.path = s3 ? SIGV4_PATH_S3 : SIGV4_PATH_NORMAL,
		.content_sha256 = s3,
	};

	/* A list of its own: the headers of an attempt are not those of the next. */
	req->headers = (struct http_headers){ 0 };
	for (size_t i = 0; i < x->request.headers.count; i++)
		http_header_add(x->a, &req->headers, x->request.headers.list[i].name,
		    x->request.headers.list[i].value);
	sigv4_sign(x->a, req, &signing, NULL);
}

/* resp->status is 0 where no answer came. */
static bool
attempt(struct exchange *x, const struct json **out, struct http_response *resp, struct err *err)
{
	struct http_request req = x->request;

	*resp = (struct http_response){ 0 };
	sign(x, &req);
	if (!transport_send(x->client->options.transport, x->a, &req, resp, err)) {
		*resp = (struct http_response){ 0 };
		return err_prefix(err, "%s:%s", x->op->service->name, x->op->name);
	}
	return exchange_read(x->a, x->op, resp, out, err);
}

/* Takes AWS's time from an answer; false where it tells nothing new. */
static bool
adjust_clock(struct exchange *x, const struct http_response *resp)
{
	struct aws_client *c = x->client;
	int64_t theirs, skew, before = atomic_load_explicit(&c->skew_ms, memory_order_relaxed);

	if (!timestamp_parse(http_header_get(&resp->headers, "Date"), &theirs))
		return false;
	skew = theirs - clock_now_ms(c->options.clock);
	if (llabs(skew - before) < SKEW_MATTERS_MS)
		return false;
	atomic_store_explicit(&c->skew_ms, skew, memory_order_relaxed);
	return true;
}

/* --- all attempts ---------------------------------------------------------------------- */

/* Is there another attempt? Waits for it. *cost: what it took from the quota. */
static bool
prepare_retry(struct exchange *x, const struct http_response *resp, const struct err *err, int nth,
    bool *clock_adjusted, int *cost)
{
	struct aws_client *c = x->client;
	enum aws_retry retry = aws_error_retry(err, resp->status);

	if (retry == AWS_RETRY_NEVER || (retry == AWS_RETRY_CLOCK && *clock_adjusted))
		return false;
	if (retry == AWS_RETRY_CLOCK)
		return *clock_adjusted = adjust_clock(x, resp);
	if (nth >= c->options.max_attempts)
		return false;
	*cost = retry_quota_take(&c->quota, err->kind == ERR_TIMEOUT);
	if (*cost == 0)
		return false;
	clock_wait_ms(c->options.clock, retry_wait_ms(nth));
	return true;
}

static bool
call(struct exchange *x, const struct json **out, struct err *err)
{
	bool clock_adjusted = false;
	int cost = 0;

	for (int nth = 1;; nth++) {
		struct http_response resp;

		err_clear(err);
		if (attempt(x, out, &resp, err)) {
			retry_quota_give(&x->client->quota, cost);
			return true;
		}
		if (!prepare_retry(x, &resp, err, nth, &clock_adjusted, &cost))
			return false;
	}
}

static str
fresh_token(void *cookie, struct arena *a)
{
	(void)cookie;
	return id_uuid(a);
}

bool
client_call(struct aws_client *c, struct arena *a, const struct aws_credentials *creds,
    const struct aws_operation *op, const struct json *in, const struct json **out, struct err *err)
{
	struct exchange x = { .client = c, .a = a, .credentials = creds, .op = op };
	const struct json *checked, *output;

	if (!aws_input_check(a, op, in, fresh_token, NULL, &checked, err) ||
	    !exchange_init(&x, checked, err) || !call(&x, &output, err))
		return false;
	if (out != NULL)
		*out = output;
	return true;
}

bool
aws_call(struct aws_client *c, struct arena *a, const struct aws_credentials *creds,
    const char *service, const char *operation, const struct json *in, const struct json **out,
    struct err *err)
{
	const struct aws_operation *op;

	return aws_operation_find(str_of(service), str_of(operation), &op, err) &&
	    client_call(c, a, creds, op, in, out, err);
}

/* --- roles ----------------------------------------------------------------------------- */

static bool
read_session(
    struct arena *a, const struct json *answer, struct aws_credentials *out, struct err *err)
{
	const struct json *keys = json_get(answer, "Credentials");

	*out = (struct aws_credentials){
		.access_key_id = str_dup(a, json_str(json_get(keys, "AccessKeyId"))),
		.secret_access_key = str_dup(a, json_str(json_get(keys, "SecretAccessKey"))),
		.session_token = str_dup(a, json_str(json_get(keys, "SessionToken"))),
	};
	if (out->access_key_id.len > 0 && out->secret_access_key.len > 0 &&
	    timestamp_parse(json_scalar(json_get(keys, "Expiration")), &out->expires_at_ms))
		return true;
	return err_set(err, ERR_UPSTREAM, "sts:AssumeRole gave no whole set of keys");
}

bool
aws_assume_role(struct aws_client *c, struct arena *a, const struct aws_credentials *creds,
    str role_arn, str session_name, str external_id, struct aws_credentials *out, struct err *err)
{
	const struct assume_key key = { role_arn, session_name, external_id, creds->access_key_id };
	struct json *in = json_new_object(a);
	const struct json *answer;
	struct aws_credentials session;

	if (assume_cache_find(&c->assumed, a, &key, clock_now_ms(c->options.clock), out))
		return true;
	json_put_str(a, in, "RoleArn", role_arn);
	json_put_str(a, in, "RoleSessionName", session_name);
	if (external_id.len > 0)
		json_put_str(a, in, "ExternalId", external_id);
	if (!aws_call(c, a, creds, "sts", "AssumeRole", in, &answer, err) ||
	    !read_session(a, answer, &session, err))
		return false;
	assume_cache_put(&c->assumed, &key, &session);
	*out = session;
	return true;
}
