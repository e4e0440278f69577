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

	/* How a refusal looks, where the route sets it. */
	bool refuse_as_text;         /* a bare text and no JSON, as some lists always did */
	const struct json *findings; /* stands in a refusal as a member of its own; NULL for none */
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
	PERMISSION_COUNT
};

struct route {
	const char *method, *path; /* "/environments/{id}/stop" */
	enum permission permission;
	bool is_inline;            /* answers from the store without writing or waiting */
	int status;                /* of a good answer */
	const struct input *input; /* NULL: a body is ignored */
	bool (*run)(struct request *rq, struct err *err);
};

/* A folder's worth of routes. */
struct route_table {
	const struct route *routes;
	size_t count;
};
extern const struct route_table env_routes, envtype_routes, version_routes, config_routes,
    project_routes, event_routes;

/* All of them, for whoever walks them. */
extern const struct route_table *const route_tables[];
extern const size_t route_table_count;

/* The route of a request and its path's parameters, as they were sent; NULL when there is none. A
 * slash at the end is tolerated. */
const struct route *route_find(str method, str target, str parameters[MAX_PARAMETERS]);

/* --- answers. The status was set from the route; these set type and body. ------------------- */

void answer_json(struct request *rq, const struct json *body);
/* The one mapping from error kinds to statuses. 500s are told without their cause. */
void answer_err(struct request *rq, const struct err *err);
/* {data: list} and, where next is not empty, paginationToken. */
void answer_page(struct request *rq, const struct json *list, str next);

/*
 * A stored item as this caller may see it: id first, then pk and sk and the rest; without what is
 * swb's own, and for those who are no administrators without roles, keys and external ids.
 */
const struct json *view_item(const struct request *rq, const struct json *item);
/* The same of each item of an array. */
const struct json *view_items(const struct request *rq, const struct json *items);

/* --- what was sent ---------------------------------------------------------------------------- */

/* Ids of the path, and what their canonical form begins with: nothing for types. */
enum id_kind { ID_ENVIRONMENT, ID_TYPE, ID_CONFIG, ID_PROJECT, ID_KIND_COUNT };

/* Any form of an id ("env-<uuid>" or "<uuid>", either case) in its canonical one; false for none.
 */
bool id_read(struct arena *a, enum id_kind kind, str text, str *out);
/* The path's nth parameter. Fails: ERR_INVALID "<name> request parameter must be a valid uuid." */
bool path_id(const struct request *rq, size_t n, enum id_kind kind, const char *name, str *out,
    struct err *err);

/* Admin, or member of the project in any role. Fails: ERR_DENIED. */
bool may_use_project(const struct request *rq, str project_id, struct err *err);

/* pageSize and paginationToken of the October form. */
bool read_page(const struct request *rq, uint32_t *limit, str *start_after, struct err *err);
/* After a list failed: a token that is no page's is told in the API's words. Always false. */
bool page_refused(const struct request *rq, struct err *err);

/* GET /environments */
bool env_list_route(struct request *rq, struct err *err);
