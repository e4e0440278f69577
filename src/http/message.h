/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our own form of an HTTP message: what stands on the wire, in slices.
 */
#pragma once

#include <stddef.h>

#include "base/str.h"

struct arena;

struct http_header {
	str name, value; /* name in any case; value without outer white space */
};

struct http_headers {
	struct http_header *list;
	size_t count, cap;
};

struct http_request {
	str method;
	str endpoint; /* "https://host[:port]", where it is to be sent; servers leave it empty */
	str target;   /* path and query exactly as on the wire: "/a%20b?x=1" */
	struct http_headers headers;
	str body;
};

struct http_response {
	int status;
	struct http_headers headers;
	str body;
};

/* Adds a header at the end; name and value are borrowed. */
void http_header_add(struct arena *a, struct http_headers *h, str name, str value);

/* Adds it, or replaces the first of that name. */
void http_header_set(struct arena *a, struct http_headers *h, str name, str value);

/* The first value of that name in any case; empty when missing. */
str http_header_get(const struct http_headers *h, const char *name);

str http_path(str target);  /* before '?' */
str http_query(str target); /* after '?'; empty when there is none */
