/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/cfn/delete.c: DeleteStack: the way back begins. */
#include "cloud/cfn/internal.h"

static const struct input_rule rules[] = {
	{ "ClientRequestToken", 1, 128, "[a-zA-Z0-9][-a-zA-Z0-9]*", NULL },
	{ "RoleARN", 20, 2048, NULL, NULL },
};

static bool
retain(struct cfn_stack *s, const struct json *names, struct err *err)
{
	if (json_count(names) == 0)
		return true;
	if (!str_is(s->status, "DELETE_FAILED"))
		return err_code(err, ERR_INVALID, "ValidationError",
		    "Invalid operation on stack [" STR_FMT
		    "]. When you delete a stack, specify which resources to retain only when the "
		    "stack is in the DELETE_FAILED state.",
		    STR_ARG(s->id));
	for (const struct json *n = json_first(names); n != NULL; n = n->next) {
		struct cfn_resource_row *r = stack_resource(s, json_str(n));

		if (r == NULL)
			return err_code(err, ERR_INVALID, "ValidationError",
			    "The specified resources to retain must be in a valid state. Do not "
			    "specify resources that are in [DELETE_COMPLETE]: " STR_FMT,
			    STR_ARG(json_str(n)));
		json_set(s->c->a, r->row, "keep", json_new_bool(s->c->a, true));
		r->is_changed = true;
	}
	return true;
}

/* What failed to be removed is tried again. */
static void
try_again(struct cfn_stack *s)
{
	for (size_t i = 0; i < s->resource_count; i++) {
		struct cfn_resource_row *r = &s->resources[i];

		if (!str_is(r->status, "DELETE_FAILED"))
			continue;
		r->status = S("CREATE_COMPLETE");
		resource_set(s, r, STATUS, r->status);
	}
}

static bool
begin(struct cfn_stack *s, struct err *err)
{
	struct call *c = s->c;
	str given = input_str(c, "RoleARN"), role = stack_text(s, "roleArn");

	if (!stack_load_resources(s, err) || !retain(s, json_get(c->in, "RetainResources"), err) ||
	    !stack_assume(s, given.len > 0 ? given : role, err))
		return false;
	try_again(s);
	json_remove(s->row, "token");
	json_put(c->a, s->row, "token", json_get(c->in, "ClientRequestToken"));
	json_remove(s->row, "deadline");
	return stack_set_status(s, "DELETE_IN_PROGRESS", S("User Initiated"), err) &&
	    stack_go_on(s, err);
}

bool
stack_delete(struct call *c, struct err *err)
{
	struct cfn_stack s;
	bool found;

	if (!input_check(c, rules, countof(rules), err) ||
	    !stack_find(c, input_str(c, "StackName"), &s, &found, err))
		return false;
	if (!found || str_is(s.status, "DELETE_COMPLETE") || str_is(s.status, "DELETE_IN_PROGRESS"))
		return true;
	if (json_bool(json_get(s.row, "protected"), false))
		return err_code(err, ERR_INVALID, "ValidationError",
		    "Stack [" STR_FMT "] cannot be deleted while TerminationProtection is enabled",
		    STR_ARG(s.name));
	return begin(&s, err);
}
