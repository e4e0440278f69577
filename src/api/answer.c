/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/answer.c: how answers and refusals look.
 */
#include "api/internal.h"

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

void
answer_error(struct arena *a, struct http_response *resp, int status, str message)
{
	struct json *body = json_new_object(a);

	resp->status = status;
	json_put_i64(a, body, "statusCode", status);
	json_put_str(a, body, "error", str_of(reason_of(status)));
	json_put_str(a, body, "message", message);
	set_json(a, resp, body);
}

void
answer_err(struct arena *a, struct http_response *resp, const struct err *err)
{
	int status = kinds[err->kind].status;

	if (status == 401) {
		resp->status = status;
		set_body(a, resp, S("text/plain; charset=utf-8"), S("Unauthorized"));
	} else if (str_is(err->msg, "User is not authorized")) {
		struct json *body = json_new_object(a);

		resp->status = status;
		json_put_str(a, body, "error", err->msg);
		set_json(a, resp, body);
	} else if (status == 500) {
		answer_error(a, resp, status, S("An internal server error occurred"));
	} else {
		answer_error(a, resp, status, err->msg);
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

bool
read_page(struct request *rq, uint32_t *limit, str *start_after, struct err *err)
{
	str size = query_get(&rq->query, "pageSize");
	int64_t number = DEFAULT_PAGE;

	if (query_count(&rq->query, "paginationToken") > 1 ||
	    query_count(&rq->query, "pageSize") > 1 || (str_to_i64(size, &number) && number <= 0))
		return err_set(err, ERR_INVALID,
		    "Invalid pagination token and/or page size. Please try again with valid inputs.");
	*limit = (uint32_t)(number > LARGEST_PAGE ? LARGEST_PAGE : number);
	*start_after = query_get(&rq->query, "paginationToken");
	return true;
}
