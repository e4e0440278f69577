/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/remove_steps.c: a stack being rolled back or deleted: the way of creation backward.
 *
 * A resource goes when all that need it are gone. One that cannot be removed does not stop the
 * others; what it needs stays with it, and the stack tells who failed.
 */
#include "cloud/cfn/internal.h"

static bool
is_rollback(const struct cfn_stack *s)
{
	return str_is(s->status, "ROLLBACK_IN_PROGRESS");
}

static bool
is_over(const struct cfn_resource_row *r)
{
	return r->status.len == 0 || str_is(r->status, "DELETE_COMPLETE") ||
	    str_is(r->status, "DELETE_SKIPPED") || resource_text(r, PHYSICAL).len == 0;
}

static bool
needs(const struct cfn_resource_row *r, str id)
{
	for (const struct json *n = json_first(json_get(r->row, "needs")); n != NULL; n = n->next)
		if (str_eq(json_str(n), id))
			return true;
	return false;
}

static bool
may_go(const struct cfn_stack *s, const struct cfn_resource_row *r)
{
	if (is_over(r) || str_is(r->status, "DELETE_FAILED") ||
	    str_is(r->status, "DELETE_IN_PROGRESS"))
		return false;
	for (size_t i = 0; i < s->resource_count; i++)
		if (!is_over(&s->resources[i]) && needs(&s->resources[i], r->id))
			return false;
	return true;
}

static bool
is_kept(const struct cfn_stack *s, const struct cfn_resource_row *r)
{
	str policy = resource_text(r, "deletion");

	return json_bool(json_get(r->row, "keep"), false) || str_is(policy, "Retain") ||
	    (str_is(policy, "RetainExceptOnCreate") && !is_rollback(s));
}

/* --- one resource
 * ---------------------------------------------------------------------------------- */

static bool
note_outcome(struct cfn_stack *s, struct cfn_resource_row *r, enum outcome outcome, str reason,
    struct err *err)
{
	switch (outcome) {
	case OUTCOME_FAILED:
		if (!resource_set_status(s, r, "DELETE_FAILED", reason, err))
			return false;
		break;
	case OUTCOME_DONE:
		if (!resource_set_status(s, r, "DELETE_COMPLETE", S(""), err))
			return false;
		break;
	case OUTCOME_WAITING:
		break;
	}
	return stack_go_on(s, err);
}

static bool
begin_removal(struct cfn_stack *s, struct cfn_resource_row *r, struct err *err)
{
	struct watch watch = { 0 };
	enum outcome outcome;
	str reason = S("");

	if (is_kept(s, r))
		return resource_set_status(s, r, "DELETE_SKIPPED", S(""), err) &&
		    stack_go_on(s, err);
	return resource_set_status(s, r, "DELETE_IN_PROGRESS", S(""), err) &&
	    resource_remove(s, r, true, &outcome, &reason, &watch, err) &&
	    note_outcome(s, r, outcome, reason, err);
}

static bool
go_on_with_one(struct cfn_stack *s, struct watch *watch, bool *moved, struct err *err)
{
	for (size_t i = 0; i < s->resource_count; i++) {
		struct cfn_resource_row *r = &s->resources[i];
		enum outcome outcome;
		str reason = S("");

		if (!str_is(r->status, "DELETE_IN_PROGRESS"))
			continue;
		if (!resource_remove(s, r, false, &outcome, &reason, watch, err))
			return false;
		if (outcome == OUTCOME_WAITING)
			continue;
		*moved = true;
		return note_outcome(s, r, outcome, reason, err);
	}
	return true;
}

/* --- the end
 * --------------------------------------------------------------------------------------- */

static bool
drop_export(struct cfn_stack *s, str name, struct err *err)
{
	struct item item;
	bool found;

	if (!row_find(s->c, stack_export_partition(s->c), name, &item, &found, err))
		return false;
	if (!found || !str_eq(json_str(json_get(item.body, "id")), s->id))
		return true;
	return row_del(s->c, item.pk, item.sk, err);
}

static bool
drop_import(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	(void)cookie;
	return row_del(c, row->pk, row->sk, err);
}

static bool
drop_ties(struct cfn_stack *s, struct err *err)
{
	struct store_query q = { .index = S("byRef"),
		.hash = str_cat(s->c->a, S("cloudformation#importer#"), s->id) };

	for (const struct json *o = json_first(json_get(s->row, "outputs")); o != NULL; o = o->next)
		if (!drop_export(s, json_str(json_get(o, "ExportName")), err))
			return false;
	return row_each(s->c, &q, drop_import, NULL, err);
}

/* The name is free again; the stack can be seen by its id for a while. */
static bool
bury(struct cfn_stack *s, struct err *err)
{
	struct arena *a = s->c->a;

	json_set(a, s->row, "deleted", json_new_i64(a, s->c->now_ms));
	json_set_str(a, s->row, "ref", stack_grave(s->c));
	json_set_str(a, s->row, "refSort", str_fmt(a, "%016lld", (long long)s->c->now_ms));
	return row_del(s->c, stack_name_partition(s->c), s->name, err) &&
	    stack_finish(s, "DELETE_COMPLETE", S(""), err);
}

static bool
end(struct cfn_stack *s, struct err *err)
{
	str failed = stack_failed_names(s, "DELETE_FAILED");
	bool all = str_is(failed, "[]");
	str reason = all
	    ? S("")
	    : str_fmt(s->c->a, "The following resource(s) failed to delete: " STR_FMT ". ",
		  STR_ARG(failed));

	if (all && !drop_ties(s, err))
		return false;
	if (is_rollback(s))
		return stack_finish(s, all ? "ROLLBACK_COMPLETE" : "ROLLBACK_FAILED", reason, err);
	return all ? bury(s, err) : stack_finish(s, "DELETE_FAILED", reason, err);
}

/* "S1 and S2" where other stacks import what this one exports; empty where none does. */
static bool
users_of(struct cfn_stack *s, str export_name, str *users, struct err *err)
{
	struct store_query q = { .hash = stack_import_partition(s->c),
		.condition = STORE_BEGINS,
		.a = str_cat(s->c->a, export_name, S("/")) };
	struct store_page page;

	*users = S("");
	if (!row_query(s->c, &q, &page, err))
		return false;
	for (size_t i = 0; i < page.count; i++)
		*users = str_fmt(s->c->a, STR_FMT "%s" STR_FMT, STR_ARG(*users),
		    i == 0 ? "" : " and ", STR_ARG(json_str(json_get(page.items[i].body, "name"))));
	return true;
}

/* A stack whose exports are in use stays. */
static bool
check_exports(struct cfn_stack *s, bool *stays, struct err *err)
{
	str users;

	*stays = false;
	for (const struct json *o = json_first(json_get(s->row, "outputs")); o != NULL;
	     o = o->next) {
		str name = json_str(json_get(o, "ExportName"));

		if (name.len == 0)
			continue;
		if (!users_of(s, name, &users, err))
			return false;
		if (users.len == 0)
			continue;
		*stays = true;
		return stack_finish(s, "DELETE_FAILED",
		    str_fmt(s->c->a,
			"Export " STR_FMT " cannot be deleted as it is in use by " STR_FMT,
			STR_ARG(name), STR_ARG(users)),
		    err);
	}
	return true;
}

bool
stack_remove_step(struct cfn_stack *s, struct err *err)
{
	struct watch watch = { 0 };
	bool moved = false, waits = false, ok = true;

	if (!is_rollback(s))
		ok = check_exports(s, &moved, err);
	if (ok && !moved)
		ok = go_on_with_one(s, &watch, &moved, err);
	if (!ok || moved)
		return ok;
	for (size_t i = s->resource_count; i-- > 0;) {
		if (may_go(s, &s->resources[i]))
			return begin_removal(s, &s->resources[i], err);
		waits = waits || str_is(s->resources[i].status, "DELETE_IN_PROGRESS");
	}
	return waits ? stack_wait(s, &watch, err) : end(s, err);
}
