/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/router.c: answers what the local cloud posts to swb: events, acknowledged once they are
 * committed.
 */
#include "app/internal.h"
#include "workbench/event.h"

/* One row a kind: what the sender of an event is answered. 5xx makes it try again. */
static const int statuses[ERR_KIND_COUNT] = {
	[ERR_NONE] = 204,
	[ERR_INVALID] = 400,
	[ERR_UNAUTHENTICATED] = 401,
	[ERR_DENIED] = 403,
	[ERR_NOT_FOUND] = 404,
	[ERR_CONFLICT] = 503, /* another writer was faster each time: later it will do */
	[ERR_TOO_LARGE] = 413,
	[ERR_THROTTLED] = 429,
	[ERR_TIMEOUT] = 503,
	[ERR_UPSTREAM] = 503,
	[ERR_IO] = 503,
};

static void
answer(struct arena *a, struct http_response *resp, int status, str text)
{
	*resp = (struct http_response){ .status = status, .body = text };
	http_header_add(a, &resp->headers, S("Content-Type"), S("text/plain; charset=utf-8"));
}

bool
app_route(void *cookie, struct arena *a, const struct http_request *req, struct http_response *resp,
    struct err *err)
{
	struct app *app = cookie;
	enum event_outcome outcome;
	struct err failure;

	(void)err; /* every request is answered */
	err_init(&failure, a);
	if (!str_is(http_path(req->target), APP_EVENTS_PATH)) {
		answer(a, resp, 404, str_fmt(a, "nothing is at " STR_FMT, STR_ARG(req->target)));
	} else if (!str_is(req->method, "POST")) {
		answer(a, resp, 405, S("events are posted"));
	} else if (app->workbench == NULL) {
		answer(a, resp, 503, S("swb is being set up"));
	} else if (!event_receive(app->workbench, a,
		       http_header_get(&req->headers, "X-Swb-Events-Secret"), req->body, &outcome,
		       &failure)) {
		answer(a, resp, statuses[failure.kind], failure.msg);
	} else {
		answer(a, resp, statuses[ERR_NONE], (str){ 0 });
	}
	app_tell_activity(app, APP_WORKBENCH);
	return true;
}
