/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/remove_steps.c: a stack being rolled back or deleted: the way of creation backward.
 *
 * A resource goes when all that need it are gone: its users are counted. One that cannot be removed
 * does not stop the others; what it needs stays with it, and the stack tells who failed.
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

static void
add_users(struct cfn_stack *s, const struct cfn_resource_row *user, size_t change)
{
	for (const struct json *n = json_first(json_get(user->row, "needs")); n != NULL;
	     n = n->next)
		stack_resource(s, json_str(n))->users += change;
}

static void
count_users(struct cfn_stack *s)
{
	for (size_t i = 0; i < s->resource_count; i++)
		if (!is_over(&s->resources[i]))
			add_users(s, &s->resources[i], 1);
}

static bool
may_go(const struct cfn_resource_row *r)
{
	return r->users == 0 && !is_over(r) && !str_is(r->status, "DELETE_FAILED") &&
	    !str_is(r->status, "DELETE_IN_PROGRESS");
}

static bool
is_kept(const struct cfn_stack *s, const struct cfn_resource_row *r)
{
	str policy = resource_text(r, "deletion");

	return json_bool(json_get(r->row, "keep"), false) || str_is(policy, "Retain") ||
	    (str_is(policy, "RetainExceptOnCreate") && !is_rollback(s));
}

/* --- one resource ------------------------------------------------------------------------ */

/* It is gone, or left alone, and so holds nothing any more. */
static bool
let_go(struct cfn_stack *s, struct cfn_resource_row *r, const char *status, struct err *err)
{
	add_users(s, r, (size_t)-1);
	return resource_set_status(s, r, status, S(""), err);
}

static bool
note_outcome(struct cfn_stack *s, struct cfn_resource_row *r, enum outcome outcome, str reason,
    struct err *err)
{
	switch (outcome) {
	case OUTCOME_FAILED:
		return resource_set_status(s, r, "DELETE_FAILED", reason, err);
	case OUTCOME_DONE:
		return let_go(s, r, "DELETE_COMPLETE", err);
	case OUTCOME_WAITING:
		break;
	}
	return true;
}

static bool
begin_removal(struct cfn_stack *s, struct cfn_resource_row *r, struct err *err)
{
	struct watch watch = { 0 };
	enum outcome outcome;
	str reason = S("");

	s->moves++;
	if (is_kept(s, r))
		return let_go(s, r, "DELETE_SKIPPED", err);
	return resource_set_status(s, r, "DELETE_IN_PROGRESS", S(""), err) &&
	    resource_remove(s, r, true, &outcome, &reason, &watch, err) &&
	    note_outcome(s, r, outcome, reason, err);
}

/* Goes on with what is on its way. */
static bool
go_on(struct cfn_stack *s, struct watch *watch, struct err *err)
{
	for (size_t i = 0; i < s->resource_count && s->moves < s->most_moves; i++) {
		struct cfn_resource_row *r = &s->resources[i];
		enum outcome outcome;
		str reason = S("");

		if (!str_is(r->status, "DELETE_IN_PROGRESS"))
			continue;
		if (!resource_remove(s, r, false, &outcome, &reason, watch, err))
			return false;
		if (outcome == OUTCOME_WAITING)
			continue;
		s->moves++;
		if (!note_outcome(s, r, outcome, reason, err))
			return false;
	}
	return true;
}

/* Backward: who needs a resource comes after it, so none is passed over that may go. */
static bool
begin(struct cfn_stack *s, struct err *err)
{
	for (size_t i = s->resource_count; i-- > 0 && s->moves < s->most_moves;)
		if (may_go(&s->resources[i]) && !begin_removal(s, &s->resources[i], err))
			return false;
	return true;
}

/* --- the end ----------------------------------------------------------------------------- */

static bool
drop_export(struct cfn_stack *s, str name, struct err *err)
{
	struct item item;
	bool found;

	if (!row_find(s->c, stack_partition(s->c, "export"), name, &item, &found, err))
		return false;
	if (!found || !str_eq(json_str(json_get(item.body, "id")), s->id))
		return true;
	return row_del(s->c, item.pk, item.sk, err);
}

static bool
drop_ties(struct cfn_stack *s, struct err *err)
{
	struct store_query q = { .index = S("byRef"),
		.hash = str_cat(s->c->a, S("cloudformation#importer#"), s->id) };

	for (const struct json *o = json_first(json_get(s->row, "outputs")); o != NULL; o = o->next)
		if (!drop_export(s, json_str(json_get(o, "ExportName")), err))
			return false;
	return row_del_all(s->c, &q, err);
}

/* The name is free again; the stack can be seen by its id for a while. */
static bool
bury(struct cfn_stack *s, struct err *err)
{
	struct arena *a = s->c->a;

	json_set(a, s->row, "deleted", json_new_i64(a, s->c->now_ms));
	json_set_str(a, s->row, "ref", stack_grave(s->c));
	json_set_str(a, s->row, "refSort", str_fmt(a, "%016lld", (long long)s->c->now_ms));
	return row_del(s->c, stack_partition(s->c, "name"), s->name, err) &&
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
	struct store_query q = { .hash = stack_partition(s->c, "import"),
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
check_exports(struct cfn_stack *s, struct err *err)
{
	str users;

	for (const struct json *o = json_first(json_get(s->row, "outputs")); o != NULL;
	     o = o->next) {
		str name = json_str(json_get(o, "ExportName"));

		if (name.len == 0)
			continue;
		if (!users_of(s, name, &users, err))
			return false;
		if (users.len == 0)
			continue;
		return stack_finish(s, "DELETE_FAILED",
		    str_fmt(s->c->a,
			"Export " STR_FMT " cannot be deleted as it is in use by " STR_FMT,
			STR_ARG(name), STR_ARG(users)),
		    err);
	}
	return true;
}

/* As when creating: after all that was begun, what is waited for is asked again. */
static bool
advance(struct cfn_stack *s, struct err *err)
{
	for (;;) {
		struct watch watch = { 0 };
		size_t moves = s->moves;

		if (!go_on(s, &watch, err) || !begin(s, err))
			return false;
		if (s->moves >= s->most_moves)
			return stack_go_on(s, err);
		if (s->moves == moves)
			return stack_any_resource(s, "DELETE_IN_PROGRESS")
			    ? stack_wait(s, &watch, err)
			    : end(s, err);
	}
}

bool
stack_remove_step(struct cfn_stack *s, struct err *err)
{
	if (!is_rollback(s) && !check_exports(s, err))
		return false;
	if (s->is_ended)
		return true;
	count_users(s);
	return advance(s, err);
}
