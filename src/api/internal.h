/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of api/ share. */
#pragma once

#include "api/api.h"
#include "api/input.h"
#include "api/query.h"
#include "api/token.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

struct api {
	struct api_options options;
	struct token_keeper *tokens;
};

#define MAX_PARAMETERS 4

/* One request that has a route, being answered. */
struct request {
	struct api *api;
	struct workbench *wb;
	struct arena *a;
	const struct http_request *http;
	const struct caller *caller;    /* NULL for routes that need none */
	str parameters[MAX_PARAMETERS]; /* of the path, in its order, decoded */
	struct query query;
	const struct json *body; /* checked against the route's input; NULL where it has none */
	struct http_response *resp;
};

/*
 * Who may use a route. The id that an operation acts on is checked by the route itself
 * (may_use_project), because it stands in the stored item.
 */
enum permission {
	PERM_NONE_SET, /* a row without a permission is a mistake that the tests find */
	PERM_PUBLIC,   /* proves itself otherwise: events by their secret */
	PERM_ANYONE,   /* any valid token */
	PERM_ADMIN,
};

struct route {
	const char *method, *path; /* "/environments/{id}/stop" */
	enum permission permission;
	bool is_inline;            /* answers from the store without writing or waiting */
	int status;                /* of a good answer */
	const struct input *input; /* NULL: a body is ignored */
	bool (*run)(struct request *rq, struct err *err);
};

/* A folder's worth of routes; api.c lists the tables. */
struct route_table {
	const struct route *routes;
	size_t count;
};
extern const struct route_table env_routes, envtype_routes, config_routes, project_routes,
    event_routes;

/* Answers. The status was set from the route; these set type and body. */
void answer_json(struct request *rq, const struct json *body);
void answer_error(struct arena *a, struct http_response *resp, int status, str message);
/* The one mapping from error kinds to statuses. 500s are told without their cause. */
void answer_err(struct arena *a, struct http_response *resp, const struct err *err);

/* Admin, or member of the project in any role. Fails: ERR_DENIED. */
bool may_use_project(const struct request *rq, str project_id, struct err *err);
/* Fails: ERR_INVALID "<name> request parameter must be a valid uuid." unless id is one, with or
 * without its prefix. */
bool check_id(const char *name, str prefix, str id, struct err *err);

/* {data: list} and, where next is not empty, paginationToken. */
void answer_page(struct request *rq, const struct json *list, str next);
/* pageSize and paginationToken of the October form. */
bool read_page(struct request *rq, uint32_t *limit, str *start_after, struct err *err);
