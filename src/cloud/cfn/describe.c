/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/cfn/describe.c: what stacks are told as. */
#include <stdlib.h>
#include <string.h>

#include "cloud/cfn/internal.h"

#define STACKS_A_PAGE 50
#define LIST_A_PAGE 100

static bool
not_found(struct err *err, const char *before, str name, const char *after)
{
	return err_code(
	    err, ERR_NOT_FOUND, "ValidationError", "%s" STR_FMT "%s", before, STR_ARG(name), after);
}

/* "Stack with id X does not exist" and its like. */
static bool
load(struct call *c, struct cfn_stack *s, const char *before, const char *after, struct err *err)
{
	str name = input_str(c, "StackName");
	bool found;

	if (name.len == 0)
		return err_code(err, ERR_INVALID, "ValidationError",
		    "1 validation error detected: Value null at 'stackName' failed to satisfy "
		    "constraint: Member must not be null");
	return stack_find(c, name, s, &found, err) &&
	    (found || not_found(err, before, name, after));
}

static bool
next_page(struct call *c, const struct json *list, const char *key, int64_t limit, struct err *err)
{
	return paginate(c, list, key, limit, input_str(c, "NextToken"), "NextToken", err);
}

static void
put_text(struct arena *a, struct json *out, const char *key, str value)
{
	if (value.len > 0)
		json_put_str(a, out, key, value);
}

static void
put_time(struct arena *a, struct json *out, const char *key, const struct json *ms)
{
	if (ms != NULL)
		json_put(a, out, key, time_json(a, json_i64(ms, 0)));
}

static void
put_drift(struct arena *a, struct json *out, const char *member)
{
	json_put_str(
	    a, json_put(a, out, "DriftInformation", json_new_object(a)), member, S("NOT_CHECKED"));
}

/* --- stacks ------------------------------------------------------------------------------ */

static const struct {
	const char *key, *member;
} told[] = {
	{ "StackId", "id" },
	{ "StackName", "name" },
	{ "Parameters", "declared" },
	{ "StackStatus", STATUS },
	{ "NotificationARNs", "notificationArns" },
	{ "TimeoutInMinutes", "timeoutInMinutes" },
	{ "Capabilities", "capabilities" },
	{ "RoleARN", "roleArn" },
};

static const struct json *
or_empty(struct arena *a, const struct json *list)
{
	return list == NULL ? json_new_array(a) : list;
}

static bool
tell_stack(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	struct arena *a = c->a;
	const struct json *b = row->body;
	struct json *out = json_push(a, (struct json *)cookie, json_new_object(a));

	(void)err;
	for (size_t i = 0; i < countof(told); i++)
		json_put(a, out, told[i].key, json_get(b, told[i].member));
	put_text(a, out, "Description", json_str(json_get(b, "description")));
	put_text(a, out, "StackStatusReason", json_str(json_get(b, "reason")));
	put_time(a, out, "CreationTime", json_get(b, "created"));
	put_time(a, out, "DeletionTime", json_get(b, "deleted"));
	json_put_bool(
	    a, out, "DisableRollback", str_is(json_str(json_get(b, "onFailure")), "DO_NOTHING"));
	json_put(a, out, "RollbackConfiguration", json_new_object(a));
	json_put(a, out, "Outputs", json_get(b, "outputs"));
	json_put(a, out, "Tags", or_empty(a, json_get(b, "tags")));
	json_put_bool(
	    a, out, "EnableTerminationProtection", json_bool(json_get(b, "protected"), false));
	put_drift(a, out, "StackDriftStatus");
	return true;
}

static bool
tell_named(struct call *c, const struct item *name, void *cookie, struct err *err)
{
	struct item row;
	bool found;

	if (!row_find(c, stack_partition(c, "stack"), json_str(json_get(name->body, "key")), &row,
		&found, err))
		return false;
	return !found || tell_stack(c, &row, cookie, err);
}

bool
stack_describe(struct call *c, struct err *err)
{
	struct json *list = json_new_array(c->a);
	struct cfn_stack s;

	if (input_str(c, "StackName").len == 0) {
		if (!row_each(c, &(struct store_query){ .hash = stack_partition(c, "name") },
			tell_named, list, err))
			return false;
	} else {
		struct item row;

		if (!load(c, &s, "Stack with id ", " does not exist", err))
			return false;
		row = (struct item){ .body = s.row };
		if (!tell_stack(c, &row, list, err))
			return false;
	}
	return next_page(c, list, "Stacks", STACKS_A_PAGE, err);
}

/* --- lists of stacks --------------------------------------------------------------------- */

struct summaries {
	const struct json *filter;
	const struct json **rows;
	size_t count, cap;
};

static bool
collect(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	struct summaries *all = (struct summaries *)cookie;
	str status = json_str(json_get(row->body, STATUS));

	(void)err;
	if (json_count(all->filter) != 0 && !json_has_str(all->filter, status))
		return true;
	if (all->count == all->cap) {
		size_t cap = all->cap * 2 + 16;
		const struct json **more = arena_new(c->a, const struct json *, cap);

		if (all->count > 0)
			memcpy(more, all->rows, all->count * sizeof(*more));
		all->rows = more;
		all->cap = cap;
	}
	all->rows[all->count++] = row->body;
	return true;
}

static int
newest_first(const void *x, const void *y)
{
	int64_t a = json_i64(json_get(*(const struct json *const *)x, "created"), 0);
	int64_t b = json_i64(json_get(*(const struct json *const *)y, "created"), 0);

	return a > b ? -1 : a < b;
}

static void
tell_summary(struct arena *a, struct json *list, const struct json *b)
{
	struct json *out = json_push(a, list, json_new_object(a));

	json_put(a, out, "StackId", json_get(b, "id"));
	json_put(a, out, "StackName", json_get(b, "name"));
	put_text(a, out, "TemplateDescription", json_str(json_get(b, "description")));
	put_time(a, out, "CreationTime", json_get(b, "created"));
	put_time(a, out, "DeletionTime", json_get(b, "deleted"));
	json_put(a, out, "StackStatus", json_get(b, STATUS));
	put_text(a, out, "StackStatusReason", json_str(json_get(b, "reason")));
	put_drift(a, out, "StackDriftStatus");
}

bool
stack_list(struct call *c, struct err *err)
{
	struct summaries all = { .filter = json_get(c->in, "StackStatusFilter") };
	struct json *list = json_new_array(c->a);

	if (!row_each(c, &(struct store_query){ .hash = stack_partition(c, "stack") }, collect,
		&all, err))
		return false;
	if (all.count > 0)
		qsort(all.rows, all.count, sizeof(*all.rows), newest_first);
	for (size_t i = 0; i < all.count; i++)
		tell_summary(c->a, list, all.rows[i]);
	return next_page(c, list, "StackSummaries", LIST_A_PAGE, err);
}

static bool
tell_export(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	struct json *out = json_push(c->a, (struct json *)cookie, json_new_object(c->a));

	(void)err;
	json_put(c->a, out, "ExportingStackId", json_get(row->body, "id"));
	json_put_str(c->a, out, "Name", row->sk);
	json_put(c->a, out, "Value", json_get(row->body, "value"));
	return true;
}

bool
stack_list_exports(struct call *c, struct err *err)
{
	struct json *list = json_new_array(c->a);

	return row_each(c, &(struct store_query){ .hash = stack_partition(c, "export") },
		   tell_export, list, err) &&
	    next_page(c, list, "Exports", LIST_A_PAGE, err);
}

/* --- resources and events ---------------------------------------------------------------- */

static void
tell_resource(const struct cfn_stack *s, const struct cfn_resource_row *r, struct json *out,
    const char *time_key, bool with_stack)
{
	struct arena *a = s->c->a;

	if (with_stack) {
		json_put_str(a, out, "StackName", s->name);
		json_put_str(a, out, "StackId", s->id);
	}
	json_put_str(a, out, "LogicalResourceId", r->id);
	put_text(a, out, "PhysicalResourceId", resource_text(r, PHYSICAL));
	json_put_str(a, out, "ResourceType", resource_text(r, "type"));
	put_time(a, out, time_key, json_get(r->row, "updated"));
	json_put_str(a, out, "ResourceStatus", r->status);
	put_text(a, out, "ResourceStatusReason", resource_text(r, "reason"));
	put_drift(a, out, "StackResourceDriftStatus");
}

bool
stack_list_resources(struct call *c, struct err *err)
{
	struct json *list = json_new_array(c->a);
	struct cfn_stack s;

	if (!load(c, &s, "Stack with id ", " does not exist", err) ||
	    !stack_load_resources(&s, err))
		return false;
	for (size_t i = 0; i < s.resource_count; i++)
		if (s.resources[i].status.len > 0)
			tell_resource(&s, &s.resources[i],
			    json_push(c->a, list, json_new_object(c->a)), "LastUpdatedTimestamp",
			    false);
	return next_page(c, list, "StackResourceSummaries", LIST_A_PAGE, err);
}

static bool
no_resource(struct cfn_stack *s, str id, struct err *err)
{
	return err_code(err, ERR_NOT_FOUND, "ValidationError",
	    "Resource " STR_FMT " does not exist for stack " STR_FMT, STR_ARG(id),
	    STR_ARG(s->name));
}

bool
stack_describe_resource(struct call *c, struct err *err)
{
	str id = input_str(c, "LogicalResourceId");
	struct cfn_resource_row *r;
	const struct cfn_resource *resource;
	const struct cfn_template *t;
	struct cfn_stack s;
	struct json *out;

	if (!load(c, &s, "Stack '", "' does not exist", err) || !stack_load_resources(&s, err) ||
	    !stack_template(&s, &t, err))
		return false;
	r = stack_resource(&s, id);
	if (r == NULL || r->status.len == 0)
		return no_resource(&s, id, err);
	out = json_put(c->a, c->out, "StackResourceDetail", json_new_object(c->a));
	tell_resource(&s, r, out, "LastUpdatedTimestamp", true);
	resource = cfn_resource_find(t, id);
	json_put_str(c->a, out, "Metadata",
	    resource == NULL || resource->metadata == NULL ? S("{}")
							   : json_text(c->a, resource->metadata));
	return true;
}

/* The stack that made a thing. */
static bool
load_by_physical_id(struct call *c, str physical_id, struct cfn_stack *s, struct err *err)
{
	struct store_query q = {
		.index = S("byRef"), .hash = stack_physical_ref(c, physical_id), .descending = true
	};
	struct store_page page;
	bool found = false;

	if (!row_query(c, &q, &page, err))
		return false;
	for (size_t i = 0; i < page.count && !found; i++)
		if (!stack_find(c, json_str(json_get(page.items[i].body, "stack")), s, &found, err))
			return false;
	return found || not_found(err, "Stack for ", physical_id, " does not exist");
}

bool
stack_describe_resources(struct call *c, struct err *err)
{
	str id = input_str(c, "LogicalResourceId"), thing = input_str(c, "PhysicalResourceId");
	struct json *list = json_put(c->a, c->out, "StackResources", json_new_array(c->a));
	struct cfn_stack s;

	if (thing.len > 0 ? !load_by_physical_id(c, thing, &s, err)
			  : !load(c, &s, "Stack with id ", " does not exist", err))
		return false;
	if (!stack_load_resources(&s, err))
		return false;
	for (size_t i = 0; i < s.resource_count; i++) {
		const struct cfn_resource_row *r = &s.resources[i];

		if (r->status.len > 0 && (id.len == 0 || str_eq(id, r->id)))
			tell_resource(
			    &s, r, json_push(c->a, list, json_new_object(c->a)), "Timestamp", true);
	}
	return id.len == 0 || json_count(list) > 0 || no_resource(&s, id, err);
}

bool
stack_describe_events(struct call *c, struct err *err)
{
	struct cfn_stack s;
	struct json *list;

	return load(c, &s, "Stack [", "] does not exist", err) && stack_events(&s, &list, err) &&
	    next_page(c, list, "StackEvents", EVENTS_A_PAGE, err);
}

/* --- templates --------------------------------------------------------------------------- */

bool
stack_get_template(struct call *c, struct err *err)
{
	struct cfn_stack s;
	struct json *stages;
	str text;

	if (!load(c, &s, "Stack with id ", " does not exist", err) ||
	    !stack_template_text(&s, &text, err))
		return false;
	json_put_str(c->a, c->out, "TemplateBody", text);
	stages = json_put(c->a, c->out, "StagesAvailable", json_new_array(c->a));
	json_push_str(c->a, stages, S("Original"));
	json_push_str(c->a, stages, S("Processed"));
	return true;
}

/* The template's parameters with those members that the operation's answer has. */
static struct json *
tell_parameters(struct arena *a, const struct json *summary, bool whole)
{
	static const char *const members[] = { "ParameterKey", "DefaultValue", "NoEcho",
		"Description" };
	struct json *list = json_new_array(a);

	for (const struct json *p = json_first(json_get(summary, "Parameters")); p != NULL;
	     p = p->next) {
		struct json *out = json_push(a, list, json_new_object(a)), *constraints;

		for (size_t i = 0; i < countof(members); i++)
			json_put(a, out, members[i], json_get(p, members[i]));
		if (!whole)
			continue;
		json_put(a, out, "ParameterType", json_get(p, "ParameterType"));
		constraints = json_put(a, out, "ParameterConstraints", json_new_object(a));
		json_put(a, constraints, "AllowedValues",
		    json_path(p, "ParameterConstraints", "AllowedValues", NULL));
	}
	return list;
}

/* whole: as GetTemplateSummary; else the part of it that ValidateTemplate tells. */
static void
answer_summary(struct call *c, const struct cfn_template *t, bool whole)
{
	static const char *const members[] = { "Description", "Capabilities", "CapabilitiesReason",
		"ResourceTypes", "Version", "Metadata" };
	const struct json *summary = json_copy(c->a, cfn_template_summary(c->a, t));

	json_put(c->a, c->out, "Parameters", tell_parameters(c->a, summary, whole));
	for (size_t i = 0; i < (whole ? countof(members) : 3); i++)
		json_put(c->a, c->out, members[i], json_get(summary, members[i]));
}

bool
stack_get_template_summary(struct call *c, struct err *err)
{
	struct cfn_source source;
	struct cfn_stack s;

	if (input_str(c, "StackName").len == 0) {
		if (!source_read(c, &source, err))
			return false;
	} else if (!load(c, &s, "Stack with id ", " does not exist", err) ||
	    !stack_template(&s, &source.t, err)) {
		return false;
	}
	answer_summary(c, source.t, true);
	return true;
}

bool
stack_validate_template(struct call *c, struct err *err)
{
	struct cfn_source source;
	struct cfn_plan plan;

	if (!source_read(c, &source, err) ||
	    !cfn_plan_build(c->a, source.t, NULL, &plan, NULL, err))
		return false;
	answer_summary(c, source.t, false);
	return true;
}
