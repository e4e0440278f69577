/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/env_routes.c: environments: launch, list, get, start, stop, terminate, connect, and what swb
 * adds: explain and history.
 */
#include "api/internal.h"
#include "base/clock.h"
#include "workbench/env.h"

#define MOST_DATASETS 100

static const struct field launch_fields[] = {
	{ "name", F_STRING, true, 128, NULL },
	{ "description", F_STRING, true, 400, NULL },
	{ "envTypeId", F_STRING, true, 64, NULL },
	{ "envTypeConfigId", F_STRING, true, 64, NULL },
	{ "envType", F_STRING, true, 64, NULL },
	{ "projectId", F_STRING, true, 64, NULL },
	{ "datasetIds", F_STRINGS, true, MOST_DATASETS, NULL },
};
static const struct input launch_input = INPUT(launch_fields);

static str
text(const struct request *rq, const char *member)
{
	return json_str(json_get(rq->body, member));
}

static bool
launch(struct request *rq, struct err *err)
{
	const struct env_launch_request in = {
		.name = text(rq, "name"),
		.description = text(rq, "description"),
		.env_type = text(rq, "envType"),
		.env_type_id = text(rq, "envTypeId"),
		.env_type_config_id = text(rq, "envTypeConfigId"),
		.project_id = text(rq, "projectId"),
		.dataset_ids = json_get(rq->body, "datasetIds"),
		.owner = rq->caller->user_id,
	};
	const struct json *env;

	if (!may_use_project(rq, in.project_id, err) || !env_launch(rq->wb, rq->a, &in, &env, err))
		return false;
	answer_json(rq, env);
	return true;
}

/*
 * The environment of the path, if the caller may see it. Whoever may not learns no more than that
 * it is not theirs, whether it exists or not.
 */
static bool
load(struct request *rq, const struct json **env, struct err *err)
{
	str id = rq->parameters[0];

	if (!check_id("id", S("env-"), id, err))
		return false;
	if (!env_get(rq->wb, rq->a, id, env, err)) {
		if (err->kind == ERR_NOT_FOUND && !rq->caller->is_admin)
			return err_set(err, ERR_DENIED, "User is not authorized");
		return false;
	}
	return may_use_project(rq, json_str(json_get(*env, "projectId")), err);
}

static bool
get(struct request *rq, struct err *err)
{
	const struct json *env;

	if (!load(rq, &env, err))
		return false;
	answer_json(rq, env);
	return true;
}

static bool
ask(struct request *rq, bool (*verb)(struct workbench *, struct arena *, str, str, struct err *),
    struct err *err)
{
	const struct json *env;

	return load(rq, &env, err) &&
	    verb(rq->wb, rq->a, rq->parameters[0], rq->caller->user_id, err);
}

static bool
start(struct request *rq, struct err *err)
{
	return ask(rq, env_start, err);
}

static bool
stop(struct request *rq, struct err *err)
{
	return ask(rq, env_stop, err);
}

static bool
terminate(struct request *rq, struct err *err)
{
	return ask(rq, env_terminate, err);
}

static bool
tell(struct request *rq,
    bool (*what)(struct workbench *, struct arena *, str, const struct json **, struct err *),
    struct err *err)
{
	const struct json *env, *out;

	if (!load(rq, &env, err) || !what(rq->wb, rq->a, rq->parameters[0], &out, err))
		return false;
	answer_json(rq, out);
	return true;
}

static bool
explain(struct request *rq, struct err *err)
{
	return tell(rq, env_explain, err);
}

static bool
history(struct request *rq, struct err *err)
{
	const struct json *env, *out;

	if (!load(rq, &env, err) || !env_history(rq->wb, rq->a, rq->parameters[0], &out, err))
		return false;
	answer_page(rq, out, (str){ 0 });
	return true;
}

static bool
connect(struct request *rq, struct err *err)
{
	const struct json *env, *out;

	if (!load(rq, &env, err) ||
	    !env_connect(rq->wb, rq->a, rq->parameters[0], rq->caller->user_id, &out, err))
		return false;
	answer_json(rq, out);
	return true;
}

/* --- the list ----------------------------------------------------------------------- */

static const char *const env_statuses[] = { "PENDING", "COMPLETED", "STARTING", "STOPPING",
	"STOPPED", "TERMINATING", "TERMINATED", "FAILED", "TERMINATING_FAILED", "STARTING_FAILED",
	"STOPPING_FAILED" };

/* Query parameters that filter or sort, and the stored member that each means. */
static const struct {
	const char *parameter, *attribute;
} attributes[] = {
	{ "status", "status" },
	{ "name", "name" },
	{ "createdAt", "createdAt" },
	{ "project", "dependency" },
	{ "owner", "owner" },
	{ "type", "type" },
};

static const char *
attribute_of(str parameter)
{
	for (size_t i = 0; i < countof(attributes); i++)
		if (str_is(parameter, attributes[i].parameter))
			return attributes[i].attribute;
	return NULL;
}

static bool
check_status(str status, struct err *err)
{
	for (size_t i = 0; i < countof(env_statuses); i++)
		if (str_is(status, env_statuses[i]))
			return true;
	return err_set(
	    err, ERR_INVALID, "Invalid environment status. Please try again with valid inputs.");
}

/* createdAtFrom and createdAtTo come as a pair. */
static bool
read_range(struct request *rq, struct env_query *q, size_t *filters, struct err *err)
{
	bool from = query_has(&rq->query, "createdAtFrom"),
	     to = query_has(&rq->query, "createdAtTo");
	int64_t ms;

	if (!from && !to)
		return true;
	if (from != to)
		return err_set(err, ERR_INVALID, "Invalid value for attribute %s.",
		    from ? "createdAtFrom" : "createdAtTo");
	q->attribute = S("createdAt");
	q->from = query_get(&rq->query, "createdAtFrom");
	q->to = query_get(&rq->query, "createdAtTo");
	(*filters)++;
	if (!time_parse(q->from, &ms))
		return err_set(err, ERR_INVALID, "Invalid value for attribute createdAtFrom.");
	if (!time_parse(q->to, &ms))
		return err_set(err, ERR_INVALID, "Invalid value for attribute createdAtTo.");
	return true;
}

static bool
read_filters(struct request *rq, struct env_query *q, size_t *filters, struct err *err)
{
	for (size_t i = 0; i < countof(attributes); i++) {
		const char *name = attributes[i].parameter;

		if (str_is(str_of(name), "createdAt") || !query_has(&rq->query, name))
			continue;
		q->attribute = str_of(attributes[i].attribute);
		q->from = q->to = query_get(&rq->query, name);
		(*filters)++;
		if (str_is(str_of(name), "status") && !check_status(q->from, err))
			return false;
	}
	return read_range(rq, q, filters, err);
}

static bool
read_sort(struct request *rq, struct env_query *q, size_t *sorts, struct err *err)
{
	static const char *const directions[] = { "ascending", "descending" };

	for (size_t i = 0; i < countof(directions); i++) {
		const char *attribute;

		if (!query_has(&rq->query, directions[i]))
			continue;
		attribute = attribute_of(query_get(&rq->query, directions[i]));
		if (attribute == NULL)
			return err_set(err, ERR_INVALID,
			    "Invalid sort attribute. Please try again with valid inputs.");
		q->attribute = str_of(attribute);
		q->descending = i == 1;
		(*sorts)++;
	}
	if (*sorts > 1)
		return err_set(err, ERR_INVALID,
		    "Cannot sort on two attributes. Please try again with valid inputs.");
	return true;
}

static bool
read_list(struct request *rq, struct env_query *q, struct err *err)
{
	struct env_query filter = { 0 }, sort = { 0 };
	size_t filters = 0, sorts = 0;

	if (!read_page(rq, &q->limit, &q->start_after, err) ||
	    !read_filters(rq, &filter, &filters, err) || !read_sort(rq, &sort, &sorts, err))
		return false;
	if (filters > 0 && sorts > 0)
		return err_set(err, ERR_INVALID, "Cannot apply a filter and sort at the same time");
	if (filters > 1)
		return err_set(err, ERR_INVALID, "Cannot apply more than one filter.");
	if (!rq->caller->is_admin) {
		/* Checked above and then not used, as it always was: people see their own. */
		q->attribute = S("owner");
		q->from = q->to = rq->caller->user_id;
		return true;
	}
	q->attribute = filters > 0 ? filter.attribute : sort.attribute;
	q->from = filter.from;
	q->to = filter.to;
	q->descending = sort.descending;
	return true;
}

static bool
list(struct request *rq, struct err *err)
{
	struct env_query q = { 0 };
	struct env_page page;

	if (!read_list(rq, &q, err) || !env_list(rq->wb, rq->a, &q, &page, err))
		return false;
	answer_page(rq, page.items, page.next);
	return true;
}

static const struct route routes[] = {
	{ "POST", "/environments", PERM_ANYONE, false, 201, &launch_input, launch },
	{ "GET", "/environments", PERM_ANYONE, true, 200, NULL, list },
	{ "GET", "/environments/{id}", PERM_ANYONE, true, 200, NULL, get },
	{ "PUT", "/environments/{id}/start", PERM_ANYONE, false, 204, NULL, start },
	{ "PUT", "/environments/{id}/stop", PERM_ANYONE, false, 204, NULL, stop },
	{ "PUT", "/environments/{id}/terminate", PERM_ANYONE, false, 204, NULL, terminate },
	{ "GET", "/environments/{id}/connections", PERM_ANYONE, false, 200, NULL, connect },
	{ "GET", "/environments/{id}/explain", PERM_ANYONE, true, 200, NULL, explain },
	{ "GET", "/environments/{id}/history", PERM_ANYONE, true, 200, NULL, history },
};
const struct route_table env_routes = { routes, countof(routes) };
