/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/project_routes.c: projects; everyone sees those that are theirs.
 */
#include "api/internal.h"
#include "workbench/project.h"

static bool
list(struct request *rq, struct err *err)
{
	struct json *mine = json_new_array(rq->a);
	const struct json *all;
	struct err denied;

	if (!project_list(rq->wb, rq->a, &all, err))
		return false;
	err_init(&denied, rq->a);
	for (const struct json *p = json_first(all); p != NULL; p = p->next)
		if (may_use_project(rq, json_str(json_get(p, "id")), &denied))
			json_push(rq->a, mine, p);
	answer_page(rq, view_items(rq, mine), (str){ 0 });
	return true;
}

static const struct route routes[] = {
	{ "GET", "/projects", PERM_ANYONE, true, 200, NULL, list },
};
const struct route_table project_routes = { routes, countof(routes) };
