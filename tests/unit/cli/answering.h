/* SPDX-License-Identifier: Apache-2.0 */
/* A server of the test's own, which answers whatever the test says. */
#pragma once

#include "check.h"

#include "http/server.h"

static inline bool
answers_inline(void *cookie, const struct http_request *head)
{
	(void)cookie;
	(void)head;
	return true;
}

/* *url: its address, in a. Ends by http_server_stop(). */
static inline struct http_server *
answering_start(struct arena *a,
    void (*answer)(
	void *cookie, struct arena *a, const struct http_request *req, struct http_response *resp),
    const char **url)
{
	const struct http_server_options options = {
		.address = S("127.0.0.1"),
		.loops = 1,
		.workers = 1,
		.is_inline = answers_inline,
		.handle = answer,
	};
	struct http_server *s;
	struct err err;

	err_init(&err, a);
	CHECK_OK(http_server_start(&options, &s, &err), &err);
	*url = str_z(a, str_fmt(a, "http://127.0.0.1:%u", http_server_port(s)));
	return s;
}
