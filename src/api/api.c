/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/api.c: finds the route, asks who is calling, reads what they sent, runs it, tells the log.
 *
 * The order decides which refusal wins: no route 403 for those who are known, no token 401, not
 * permitted 403, bad input 400, and then whatever the route says.
 */
#include "api/internal.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/id.h"
#include "base/log.h"

bool
api_new(const struct api_options *options, struct api **out, struct err *err)
{
	struct api *api = calloc(1, sizeof(*api));

	if (api == NULL)
		abort(); /* as base/arena.c */
	api->options = *options;
	if (!token_keeper_new(
		options->key_file, options->issuer, options->clock, &api->tokens, err)) {
		api_free(api);
		return false;
	}
	*out = api;
	return true;
}

void
api_free(struct api *api)
{
	if (api == NULL)
		return;
	token_keeper_free(api->tokens);
	free(api);
}

bool
api_token_mint(struct api *api, struct arena *a, const struct api_identity *who,
    uint32_t lifetime_s, str *token, struct err *err)
{
	return token_mint(
	    api->tokens, a, who->user_id, who->groups, who->group_count, lifetime_s, token, err);
}

bool
api_is_inline(void *cookie, const struct http_request *head)
{
	str parameters[MAX_PARAMETERS];
	const struct route *r = route_find(head->method, head->target, parameters);

	(void)cookie;
	return r != NULL && r->is_inline;
}

/* Authorization: the token, bare or after "Bearer". */
static str
token_of(const struct http_request *req)
{
	str value = http_header_get(&req->headers, "Authorization");

	if (value.len > 7 && str_eq_nocase(str_sub(value, 0, 7), S("Bearer ")))
		value = str_trim(str_from(value, 7));
	return value;
}

static bool
is_permitted(const struct route *r, const struct caller *caller)
{
	switch (r->permission) {
	case PERM_PUBLIC:
	case PERM_ANYONE:
		return true;
	case PERM_ADMIN:
		return caller->is_admin;
	case PERM_NONE_SET:
	case PERMISSION_COUNT:
		break;
	}
	return false;
}

static bool
decode_parameters(struct request *rq, struct err *err)
{
	for (size_t i = 0; i < MAX_PARAMETERS && rq->parameters[i].len > 0; i++) {
		str raw = rq->parameters[i];

		if (!percent_decode(rq->a, raw, false, &rq->parameters[i]) ||
		    !str_is_utf8(rq->parameters[i]))
			return err_set(err, ERR_INVALID,
			    "the path holds '" STR_FMT "', which is no encoded UTF-8",
			    STR_ARG(query_shown(rq->a, raw)));
	}
	return true;
}

static bool
run_route(struct request *rq, const struct route *r, struct err *err)
{
	rq->resp->status = r->status;
	return decode_parameters(rq, err) &&
	    query_parse(rq->a, http_query(rq->http->target), &rq->query, err) &&
	    (r->input == NULL || input_read(rq->a, r->input, rq->http->body, &rq->body, err)) &&
	    r->run(rq, err);
}

/* An error with AWS's name is AWS refusing swb: nothing that the caller did, or could mend. */
static void
blame_upstream(struct err *err)
{
	if (err->code.len > 0)
		err->kind = ERR_UPSTREAM;
}

static void
dispatch(struct request *rq, struct caller *caller)
{
	const struct route *r = route_find(rq->http->method, rq->http->target, rq->parameters);
	struct err err;

	err_init(&err, rq->a);
	if (r == NULL || r->permission != PERM_PUBLIC) {
		if (!token_verify(rq->api->tokens, rq->a, token_of(rq->http), caller, &err)) {
			answer_err(rq, &err);
			return;
		}
		rq->caller = caller;
	}
	if (r == NULL || !is_permitted(r, caller)) {
		err_set(&err, ERR_DENIED, "User is not authorized");
		answer_err(rq, &err);
	} else if (!run_route(rq, r, &err)) {
		blame_upstream(&err);
		answer_err(rq, &err);
		if (rq->resp->status >= 500)
			log_error(rq->api->options.log,
			    "request failed: " STR_FMT " " STR_FMT ": " STR_FMT,
			    STR_ARG(rq->http->method), STR_ARG(http_path(rq->http->target)),
			    STR_ARG(err.msg));
	}
}

void
api_handle(
    void *cookie, struct arena *a, const struct http_request *req, struct http_response *resp)
{
	struct api *api = cookie;
	struct request rq = {
		.api = api,
		.wb = api->options.workbench,
		.a = a,
		.http = req,
		.resp = resp,
	};
	int64_t began = clock_now_ms(api->options.clock);
	struct caller caller = { 0 };
	str id = id_uuid(a);

	*resp = (struct http_response){ 0 };
	dispatch(&rq, &caller);
	http_header_set(a, &resp->headers, S("x-amzn-RequestId"), id);
	/* The query may hold a page token or a name: the log needs neither. */
	log_info(api->options.log,
	    "request method=" STR_FMT " path=" STR_FMT " status=%d user=" STR_FMT
	    " ms=%lld id=" STR_FMT,
	    STR_ARG(req->method), STR_ARG(http_path(req->target)), resp->status,
	    STR_ARG(caller.user_id), (long long)(clock_now_ms(api->options.clock) - began),
	    STR_ARG(id));
}
