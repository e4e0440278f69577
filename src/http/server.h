/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An HTTP/1.1 server over libmicrohttpd: one event loop for each core, and a pool of workers.
 *
 * A request whose answer needs no waiting (is_inline says so from its head) is handled on the
 * loop's thread; any other is handed to a worker, which runs plain blocking code. Every door has a
 * limit: connections, head, body, and the time that a peer may take over either.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/message.h"

struct err;
struct http_server;

struct http_server_options {
	str address;              /* numeric, "127.0.0.1" or "::1" */
	uint16_t port;            /* 0 takes a free one */
	unsigned loops;           /* 0: as many as there are cores */
	unsigned workers;         /* 0 means 32 */
	unsigned max_connections; /* 0 means 8,192 */
	size_t max_body_bytes;    /* 0 means 1 MiB; larger ones are answered 413 */
	uint32_t
	    head_timeout_ms; /* from a connection's or request's first moment; 0 means 10,000 */
	uint32_t body_timeout_ms; /* from the end of the head; 0 means 30,000 */
	uint32_t idle_timeout_ms; /* between requests; 0 means 60,000 */

	/* Both are called by several threads at once. The head has neither body nor endpoint. */
	bool (*is_inline)(void *cookie, const struct http_request *head);
	/* Answers every request; the answer lives in a. */
	void (*handle)(void *cookie, struct arena *a, const struct http_request *req,
	    struct http_response *resp);
	/* How large the body of this request may be; NULL: max_body_bytes for all. */
	size_t (*body_limit)(void *cookie, const struct http_request *head);
	/*
	 * What a refusal of the server's own looks like (400, 408, 413, 431, 503); NULL: plain
	 * text. resp comes with the status, which may be changed.
	 */
	void (*refuse)(void *cookie, struct arena *a, const struct http_request *head, str why,
	    struct http_response *resp);
	void *cookie;
};

/* Listens and serves. Fails: ERR_CONFLICT (the address is in use), ERR_INVALID (no address),
 * ERR_IO. */
bool http_server_start(
    const struct http_server_options *options, struct http_server **out, struct err *err);

uint16_t http_server_port(const struct http_server *s);

/*
 * Takes no new connections, lets requests under way end for at most drain_ms, then closes all and
 * frees the server. What a connected peer asks meanwhile is answered, as the last of its
 * connection. True: nothing was cut off.
 */
bool http_server_stop(struct http_server *s, uint32_t drain_ms);
