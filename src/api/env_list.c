/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/env_list.c: the list of environments: one filter or one sort, by the October form's names.
 */
#include <stdlib.h>

#include "api/internal.h"
#include "base/clock.h"
#include "workbench/env.h"

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

/* In the form in which times are stored, since they are compared as texts. */
static bool
read_time(struct request *rq, const char *name, str *out, struct err *err)
{
	int64_t ms;

	if (!time_parse(query_get(&rq->query, name), &ms))
		return err_set(err, ERR_INVALID, "Invalid value for attribute %s.", name);
	*out = time_iso_ms(rq->a, ms);
	return true;
}

/* createdAtFrom and createdAtTo come as a pair. */
static bool
read_range(struct request *rq, struct env_query *q, size_t *filters, struct err *err)
{
	bool from = query_has(&rq->query, "createdAtFrom"),
	     to = query_has(&rq->query, "createdAtTo");

	if (!from && !to)
		return true;
	if (from != to)
		return err_set(err, ERR_INVALID, "Invalid value for attribute %s.",
		    from ? "createdAtFrom" : "createdAtTo");
	q->attribute = S("createdAt");
	(*filters)++;
	return read_time(rq, "createdAtFrom", &q->from, err) &&
	    read_time(rq, "createdAtTo", &q->to, err);
}

/* An empty text filters nothing, except a status, which it is not. */
static bool
read_filters(struct request *rq, struct env_query *q, size_t *filters, struct err *err)
{
	for (size_t i = 0; i < countof(attributes); i++) {
		const char *name = attributes[i].parameter;
		str value = query_get(&rq->query, name);

		if (str_is(str_of(name), "status") && query_has(&rq->query, name) &&
		    !check_status(value, err))
			return false;
		if (str_is(str_of(name), "createdAt") || value.len == 0)
			continue;
		if (str_is(str_of(name), "project"))
			(void)id_read(rq->a, ID_PROJECT, value, &value); /* or it matches nothing */
		q->attribute = str_of(attributes[i].attribute);
		q->from = q->to = value;
		(*filters)++;
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

/* What is asked for; *sorted: the page's order is the client's wish. */
static bool
read_list(struct request *rq, struct env_query *q, bool *sorted, struct err *err)
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
	*sorted = sorts > 0 && rq->caller->is_admin;
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

static int
compare_newest(const void *x, const void *y)
{
	const struct json *const *a = x, *const *b = y;

	return str_cmp(json_str(json_get(*b, "createdAt")), json_str(json_get(*a, "createdAt")));
}

/* Within the page; which items are on it follows the index. */
static const struct json *
newest_first(struct request *rq, const struct json *items)
{
	const struct json **list = arena_new(rq->a, const struct json *, json_count(items));
	struct json *out = json_new_array(rq->a);
	size_t count = 0;

	for (const struct json *i = json_first(items); i != NULL; i = i->next)
		list[count++] = i;
	if (count > 1)
		qsort(list, count, sizeof(list[0]), compare_newest);
	for (size_t i = 0; i < count; i++)
		json_push(rq->a, out, list[i]);
	return out;
}

bool
env_list_route(struct request *rq, struct err *err)
{
	struct env_query q = { 0 };
	struct env_page page;
	bool sorted;

	if (!read_list(rq, &q, &sorted, err))
		return false;
	if (!env_list(rq->wb, rq->a, &q, &page, err))
		return page_refused(rq, err);
	answer_page(
	    rq, view_items(rq, sorted ? page.items : newest_first(rq, page.items)), page.next);
	return true;
}
