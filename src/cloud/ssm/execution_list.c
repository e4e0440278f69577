/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm/execution_list.c: DescribeAutomationExecutions, newest first.
 */
#include "base/clock.h"
#include "cloud/ssm/internal.h"

#define PAGE 50

struct listing {
	struct json *list;
	const struct json *filters;
};

static bool
any_is(const struct json *values, str text)
{
	for (const struct json *v = json_first(values); v != NULL; v = v->next) {
		if (str_eq(json_str(v), text))
			return true;
	}
	return false;
}

static bool
any_begins(const struct json *values, str text)
{
	for (const struct json *v = json_first(values); v != NULL; v = v->next) {
		if (str_starts(text, json_str(v)))
			return true;
	}
	return false;
}

static bool
has_tag_key(const struct json *x, const struct json *values)
{
	for (const struct json *t = json_first(json_get(x, "tags")); t != NULL; t = t->next) {
		if (any_is(values, json_str(json_get(t, "Key"))))
			return true;
	}
	return false;
}

/* Before or after the time that a filter names. */
static bool
time_passes(const struct json *x, const struct json *values, bool before)
{
	int64_t limit, start = json_i64(json_get(x, "startMs"), 0);

	if (!time_parse(json_str(json_at(values, 0)), &limit))
		return false;
	return before ? start < limit : start > limit;
}

/* What the local cloud has none of (parents, targets, other types) passes nothing. */
static bool
passes(const struct json *filter, const struct json *x, const struct json *shown)
{
	str key = json_str(json_get(filter, "Key"));
	const struct json *values = json_get(filter, "Values");

	if (str_is(key, "DocumentNamePrefix"))
		return any_begins(values, json_str(json_get(x, "documentName"))) ||
		    any_begins(values, json_str(json_get(x, "definition")));
	if (str_is(key, "ExecutionStatus"))
		return any_is(values, json_str(json_get(x, "status")));
	if (str_is(key, "ExecutionId"))
		return any_is(values, json_str(json_get(x, "id")));
	if (str_is(key, "CurrentAction"))
		return any_is(values, json_str(json_get(shown, "CurrentAction")));
	if (str_is(key, "StartTimeBefore") || str_is(key, "StartTimeAfter"))
		return time_passes(x, values, str_is(key, "StartTimeBefore"));
	if (str_is(key, "AutomationType"))
		return any_is(values, S("Local"));
	return str_is(key, "TagKey") && has_tag_key(x, values);
}

static bool
each(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	struct listing *l = cookie;
	struct json *shown = ssm_execution_metadata_json(c, row->body, err);

	if (shown == NULL)
		return false;
	for (const struct json *f = json_first(l->filters); f != NULL; f = f->next) {
		if (!passes(f, row->body, shown))
			return true;
	}
	json_push(c->a, l->list, shown);
	return true;
}

static bool
check_filters(struct call *c, struct err *err)
{
	static const char *const keys[] = { "DocumentNamePrefix", "ExecutionStatus", "ExecutionId",
		"ParentExecutionId", "CurrentAction", "StartTimeBefore", "StartTimeAfter",
		"AutomationType", "TagKey", "TargetResourceGroup", "AutomationSubtype",
		"OpsItemId" };

	for (const struct json *f = json_first(json_get(c->in, "Filters")); f != NULL;
	     f = f->next) {
		size_t i = 0;

		while (i < countof(keys) && !str_is(json_str(json_get(f, "Key")), keys[i]))
			i++;
		if (i == countof(keys))
			return err_code(err, ERR_INVALID, "InvalidFilterKey",
			    "The specified filter key " STR_FMT " is not valid.",
			    STR_ARG(json_str(json_get(f, "Key"))));
	}
	return true;
}

bool
ssm_execution_list(struct call *c, struct err *err)
{
	static const struct input_rule rules[] = {
		{ .member = "MaxResults", .min = 1, .max = 50 }
	};
	struct listing l = {
		.list = json_new_array(c->a),
		.filters = json_get(c->in, "Filters"),
	};
	struct store_query q = {
		.index = S("byRef"),
		.hash = str_cat(c->a, ssm_partition(c, "execution"), S("#byTime")),
		.descending = true,
	};

	return input_check(c, rules, countof(rules), err) && check_filters(c, err) &&
	    row_each(c, &q, each, &l, err) &&
	    paginate(c, l.list, "AutomationExecutionMetadataList",
		json_i64(json_get(c->in, "MaxResults"), PAGE),
		json_str(json_get(c->in, "NextToken")), "NextToken", err);
}
