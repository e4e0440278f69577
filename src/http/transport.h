/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A transport carries one request to where it is answered: over the network by libcurl, or
 * straight to a handler in this process, with the same bytes and signatures.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "http/message.h"

struct err;
struct transport;

struct transport_ops {
	const char *name;
	/* Required. Any status is an answer; failing means that none came. */
	bool (*send)(struct transport *t, struct arena *a, const struct http_request *req,
	    struct http_response *resp, struct err *err);
};

struct transport {
	const struct transport_ops *ops;
};

/*
 * Fails: ERR_TIMEOUT (sent, no answer: the effect is unknown), ERR_UPSTREAM (could not be sent),
 * ERR_TOO_LARGE (the answer is over the transport's limit), ERR_INVALID (a header that would break
 * the message). The answer lives in a. Thread-safe.
 */
bool transport_send(struct transport *t, struct arena *a, const struct http_request *req,
    struct http_response *resp, struct err *err);

/* Calls handle with cookie, in the caller's thread. */
struct direct_transport {
	struct transport transport;
	bool (*handle)(void *cookie, struct arena *a, const struct http_request *req,
	    struct http_response *resp, struct err *err);
	void *cookie;
};
void direct_transport_init(struct direct_transport *t,
    bool (*handle)(
	void *, struct arena *, const struct http_request *, struct http_response *, struct err *),
    void *cookie);

/*
 * HTTP and HTTPS over the network, by libcurl: connections are kept, redirects are not followed,
 * certificates are checked, the environment's proxies are used. A program that speaks HTTPS
 * ignores SIGPIPE, which a TLS connection that was cut off may raise.
 */
struct curl_transport;
struct curl_transport_options {
	uint32_t connect_timeout_ms; /* 0 means 5,000 */
	uint32_t timeout_ms;         /* whole exchange; 0 means 60,000 */
	size_t max_body_bytes;       /* of an answer; 0 means 16 MiB */
};
bool curl_transport_new(
    const struct curl_transport_options *options, struct curl_transport **out, struct err *err);
void curl_transport_free(struct curl_transport *t);
struct transport *curl_transport_as_transport(struct curl_transport *t);
