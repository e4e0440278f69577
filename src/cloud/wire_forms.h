/* SPDX-License-Identifier: Apache-2.0 */
/* What the wire_*.c files share. */
#pragma once

#include "cloud/wire.h"

/* wire_error.c: the headers of every answer. */
void wire_stamp_write(struct arena *a, const struct wire_request *w, const struct wire_stamp *stamp,
    struct http_response *resp);

/* What of a request may stand in a message for people: its beginning, as UTF-8. */
str wire_shown(struct arena *a, str text);

/* wire_query.c: parameters as a tree. */
bool wire_query_read(
    struct arena *a, const struct wire_request *w, const struct json **in, struct err *err);
/* The value of one parameter, decoded; empty when missing. */
str wire_query_parameter(struct arena *a, str query, const char *name);

/* wire_rest.c */
const struct aws_operation *wire_rest_match(const struct aws_service *service,
    const struct http_request *req, const struct wire_request *w);
bool wire_rest_read(struct arena *a, const struct http_request *req, const struct wire_request *w,
    const struct json **in, struct err *err);
bool wire_rest_write(struct arena *a, const struct wire_request *w, const struct json *output,
    struct http_response *resp, struct err *err);

/* S3: the path with the bucket in front that the host bears; path itself where it bears none. */
str wire_s3_path(struct arena *a, str host, str path);
