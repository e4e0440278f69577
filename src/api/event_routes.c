/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/event_routes.c: what the cloud posts. Its secret is its proof; 2xx means committed.
 */
#include "api/internal.h"
#include "workbench/event.h"

static bool
receive(struct request *rq, struct err *err)
{
	enum event_outcome outcome;

	if (event_receive(rq->wb, rq->a, http_header_get(&rq->http->headers, "X-Swb-Events-Secret"),
		rq->http->body, &outcome, err))
		return true;
	if (err->kind == ERR_CONFLICT)
		err->kind = ERR_IO; /* the sender shall try again: 5xx, not 409 */
	return false;
}

static const struct route routes[] = {
	{ "POST", "/events", PERM_PUBLIC, false, 204, NULL, receive },
};
const struct route_table event_routes = { routes, countof(routes) };
