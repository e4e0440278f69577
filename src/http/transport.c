/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http/transport.c: any transport, and the direct one, whose wire is a function call.
 */
#include "http/transport.h"

#include <assert.h>

#include "base/err.h"

bool
transport_send(struct transport *t, struct arena *a, const struct http_request *req,
    struct http_response *resp, struct err *err)
{
	return t->ops->send(t, a, req, resp, err);
}

/*
 * The handler is the server: it is shown what a wire would carry, so not where the client sent it
 * to, but the Host header that says so.
 */
static bool
direct_send(struct transport *t, struct arena *a, const struct http_request *req,
    struct http_response *resp, struct err *err)
{
	struct direct_transport *direct = (struct direct_transport *)t;
	struct http_request seen = *req;

	seen.endpoint = (str){ NULL, 0 };
	*resp = (struct http_response){ 0 };
	if (!direct->handle(direct->cookie, a, &seen, resp, err))
		return false;
	assert(resp->status >= 200 && resp->status <= 599);
	return true;
}

static const struct transport_ops direct_ops = { "direct", direct_send };

void
direct_transport_init(struct direct_transport *t,
    bool (*handle)(
	void *, struct arena *, const struct http_request *, struct http_response *, struct err *),
    void *cookie)
{
	*t = (struct direct_transport){ { &direct_ops }, handle, cookie };
}
