/* SPDX-License-Identifier: Apache-2.0 */
/* A receiver of events behind an API destination, which keeps what it gets. */
#pragma once

#include "cloud_rig.h"

#define SECRET "a-secret-of-16-chars"

/* What an API destination got; answers with statuses[n], 0 for no answer, then with 200. */
struct receiver {
	struct transport transport;
	struct arena *a;
	struct rig *rig;
	struct http_request got[64];
	int64_t at_ms[64];
	size_t count;
	int statuses[200];
	const char *retry_after;
};

static inline bool
receive(struct transport *t, struct arena *a, const struct http_request *req,
    struct http_response *resp, struct err *err)
{
	struct receiver *rv = (struct receiver *)t;
	int status = rv->statuses[rv->count < 200 ? rv->count : 199];

	if (rv->count < countof(rv->got)) {
		struct http_request *got = &rv->got[rv->count];

		got->method = str_dup(rv->a, req->method);
		got->endpoint = str_dup(rv->a, req->endpoint);
		got->target = str_dup(rv->a, req->target);
		got->body = str_dup(rv->a, req->body);
		for (size_t i = 0; i < req->headers.count; i++)
			http_header_add(rv->a, &got->headers,
			    str_dup(rv->a, req->headers.list[i].name),
			    str_dup(rv->a, req->headers.list[i].value));
		rv->at_ms[rv->count] = rv->rig->now_ms;
	}
	rv->count++;
	if (status < 0)
		return err_set(err, ERR_UPSTREAM, "connection refused");
	resp->status = status == 0 ? 200 : status;
	if (rv->retry_after != NULL)
		http_header_add(a, &resp->headers, S("Retry-After"), str_of(rv->retry_after));
	return true;
}

static inline void
open_with_receiver(struct rig *r, struct receiver *rv, struct arena *a)
{
	static const struct transport_ops ops = { .name = "receiver", .send = receive };

	*rv = (struct receiver){ .transport.ops = &ops, .a = a, .rig = r };
	rig_init(r, a);
	r->deliver = &rv->transport;
	rig_start(r);
}

/* A rule on a bus of r->as whose events go to POST https://swb.test/events. */
static inline void
route_to_receiver(struct rig *r, const char *bus, const char *target)
{
	str connection, destination;

	connection = rig_text(
	    rig_ok(r, "events", "CreateConnection",
		"{'Name':'c','AuthorizationType':'API_KEY','AuthParameters':{"
		"'ApiKeyAuthParameters':{'ApiKeyName':'X-Swb-Secret','ApiKeyValue':'" SECRET
		"'}}}"),
	    "ConnectionArn");
	destination = rig_text(
	    rig_ok(r, "events", "CreateApiDestination",
		"{'Name':'d','ConnectionArn':'" STR_FMT "','InvocationEndpoint':'https://swb.test/"
		"events','HttpMethod':'POST'}",
		STR_ARG(connection)),
	    "ApiDestinationArn");
	rig_ok(r, "events", "PutRule",
	    "{'Name':'r','EventBusName':'%s','EventPattern':'{\\'source\\':[{\\'anything-but\\':"
	    "\\'quiet\\'}]}'}",
	    bus);
	rig_ok(r, "events", "PutTargets",
	    "{'Rule':'r','EventBusName':'%s','Targets':[{'Id':'t','Arn':'" STR_FMT "'%s}]}", bus,
	    STR_ARG(destination), target);
}
