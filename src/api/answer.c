/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/answer.c: how answers and refusals look.
 */
#include "api/internal.h"

#include <stdlib.h>

static const struct {
	int status;
	const char *reason;
} kinds[ERR_KIND_COUNT] = {
	[ERR_NONE] = { 500, "Internal Server Error" },
	[ERR_INVALID] = { 400, "Bad Request" },
	[ERR_UNAUTHENTICATED] = { 401, "Unauthorized" },
	[ERR_DENIED] = { 403, "Forbidden" },
	[ERR_NOT_FOUND] = { 404, "Not Found" },
	[ERR_CONFLICT] = { 409, "Conflict" },
	[ERR_TOO_LARGE] = { 413, "Payload Too Large" },
	[ERR_THROTTLED] = { 429, "Too Many Requests" },
	[ERR_TIMEOUT] = { 500, "Internal Server Error" },
	[ERR_UPSTREAM] = { 500, "Internal Server Error" },
	[ERR_IO] = { 500, "Internal Server Error" },
};

static void
set_body(struct arena *a, struct http_response *resp, str type, str body)
{
	http_header_set(a, &resp->headers, S("Content-Type"), type);
	http_header_set(a, &resp->headers, S("Cache-Control"), S("no-store"));
	resp->body = body;
}

static void
set_json(struct arena *a, struct http_response *resp, const struct json *body)
{
	set_body(a, resp, S("application/json; charset=utf-8"), json_text(a, body));
}

void
answer_json(struct request *rq, const struct json *body)
{
	set_json(rq->a, rq->resp, body);
}

static const char *
reason_of(int status)
{
	for (size_t i = 0; i < countof(kinds); i++)
		if (kinds[i].status == status)
			return kinds[i].reason;
	return "Error";
}

static void
set_text(struct request *rq, str text)
{
	set_body(rq->a, rq->resp, S("text/plain; charset=utf-8"), text);
}

static void
answer_error(struct request *rq, int status, str message)
{
	struct json *body = json_new_object(rq->a);

	json_put_i64(rq->a, body, "statusCode", status);
	json_put_str(rq->a, body, "error", str_of(reason_of(status)));
	json_put_str(rq->a, body, "message", message);
	json_put(rq->a, body, "findings", rq->findings);
	answer_json(rq, body);
}

static void
answer_denied(struct request *rq, str message)
{
	struct json *body = json_new_object(rq->a);

	json_put_str(rq->a, body, "error", message);
	answer_json(rq, body);
}

void
answer_err(struct request *rq, const struct err *err)
{
	int status = kinds[err->kind].status;

	rq->resp->status = status;
	if (status == 401) {
		http_header_set(rq->a, &rq->resp->headers, S("WWW-Authenticate"), S("Bearer"));
		set_text(rq, S("Unauthorized"));
	} else if (status == 403) {
		answer_denied(rq, err->msg);
	} else if (status == 500) {
		answer_error(rq, status, S("An internal server error occurred"));
	} else if (rq->refuse_as_text) {
		set_text(rq, err->msg);
	} else {
		answer_error(rq, status, err->msg);
	}
}

void
answer_page(struct request *rq, const struct json *list, str next)
{
	struct json *body = json_new_object(rq->a);

	json_put(rq->a, body, "data", list);
	if (next.len > 0)
		json_put_str(rq->a, body, "paginationToken", next);
	answer_json(rq, body);
}

#define DEFAULT_PAGE 50
#define LARGEST_PAGE 1000

/* As JavaScript's Number() has it: what is no number counts as not given, "" is 0. */
static double
page_size(str text, struct arena *a)
{
	const char *z = str_z(a, str_trim(text));
	char *end;
	double number = strtod(z, &end);

	return *end != '\0' || number != number ? DEFAULT_PAGE : number;
}

bool
read_page(const struct request *rq, uint32_t *limit, str *start_after, struct err *err)
{
	double size = DEFAULT_PAGE;

	if (query_has(&rq->query, "pageSize"))
		size = page_size(query_get(&rq->query, "pageSize"), rq->a);
	if (query_count(&rq->query, "paginationToken") > 1 ||
	    query_count(&rq->query, "pageSize") > 1 || size <= 0)
		return err_set(err, ERR_INVALID,
		    "Invalid pagination token and/or page size. Please try again with valid inputs.");
	*limit = size > LARGEST_PAGE ? LARGEST_PAGE : size < 1 ? 1 : (uint32_t)size;
	*start_after = query_get(&rq->query, "paginationToken");
	return true;
}

bool
page_refused(const struct request *rq, struct err *err)
{
	if (err->kind == ERR_INVALID && query_get(&rq->query, "paginationToken").len > 0) {
		err_clear(err);
		return err_set(err, ERR_INVALID, "Invalid paginationToken");
	}
	return false;
}
