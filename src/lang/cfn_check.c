/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/cfn_check.c: what can be said of a template's expressions before there are values.
 *
 * Each block is walked once: every function must have its form, and every name that it refers to
 * must stand in the template. Names that stand nowhere are collected, since CloudFormation tells
 * all of a block in one text.
 */
#include "lang/cfn_internal.h"

#include "base/arena.h"
#include "base/buf.h"

#define MAX_CONDITION_DEPTH 64
#define MAX_UNRESOLVED 200 /* names told in one text */

struct checker {
	struct cfn_reader *rd;
	enum cfn_place place;
	const char *block;
	struct cfn_names unresolved;
	const struct json *first; /* where the first of them stands */
};

static bool
is_known(const struct checker *c, const struct cfn_reference *ref)
{
	const struct cfn_template *t = c->rd->t;

	if (ref->is_attribute)
		return cfn_resource_find(t, ref->name) != NULL;
	if (cfn_is_pseudo(ref->name) || cfn_parameter_find(t, ref->name) != NULL)
		return true;
	return c->place != CFN_IN_CONDITIONS && cfn_resource_find(t, ref->name) != NULL;
}

static void
add_unresolved(struct checker *c, str name, const struct json *at)
{
	if (c->first == NULL)
		c->first = at;
	if (c->unresolved.count < MAX_UNRESOLVED)
		cfn_names_add(c->rd->a, &c->unresolved, name);
}

static void
collect(void *cookie, const struct cfn_reference *ref)
{
	struct checker *c = (struct checker *)cookie;

	if (!is_known(c, ref))
		add_unresolved(c, ref->name, ref->at);
}

/* --- one function ------------------------------------------------------------------ */

static bool
check_if(struct checker *c, const struct json *arg)
{
	const struct json *name = json_at(arg, 0);

	if (cfn_condition_find(c->rd->t, json_str(name)) != NULL)
		return true;
	return cfn_fail(c->rd, name,
	    "Template error: unresolved condition dependency " STR_FMT " in Fn::If",
	    STR_ARG(json_str(name)));
}

static bool
check_condition(struct checker *c, const struct json *arg)
{
	if (cfn_condition_find(c->rd->t, json_str(arg)) != NULL)
		return true;
	return cfn_fail(c->rd, arg,
	    "Template format error: Unresolved condition dependency " STR_FMT
	    " in the %s block of the template",
	    STR_ARG(json_str(arg)), c->block);
}

/* Map and keys are looked up here where they are literal. */
static bool
check_find_in_map(struct checker *c, const struct json *arg)
{
	const struct json *map = json_at(arg, 0), *top = json_at(arg, 1), *second = json_at(arg, 2);
	const struct json *found;

	if (!cfn_is_scalar(map))
		return true;
	found = json_get_str(c->rd->t->mappings, json_scalar(map));
	if (found == NULL)
		return cfn_fail(c->rd, map,
		    "Template error: Mapping named '" STR_FMT
		    "' is not present in the 'Mappings' section of template.",
		    STR_ARG(json_scalar(map)));
	if (!cfn_is_scalar(top) || !cfn_is_scalar(second))
		return true;
	found = json_get_str(json_get_str(found, json_scalar(top)), json_scalar(second));
	if (found != NULL)
		return true;
	return cfn_fail(c->rd, arg,
	    "Template error: Unable to get mapping for " STR_FMT "::" STR_FMT "::" STR_FMT,
	    STR_ARG(json_scalar(map)), STR_ARG(json_scalar(top)), STR_ARG(json_scalar(second)));
}

static bool
is_variable_name(str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char ch = name.ptr[i];

		if (!cfn_is_name((str){ &ch, 1 }) && ch != '_' && ch != '.' && ch != ':')
			return false;
	}
	return name.len > 0;
}

static bool
check_sub(struct checker *c, const struct json *arg)
{
	const struct json *map;
	bool is_variable;
	str text, piece;

	(void)cfn_sub_parts(arg, &text, &map); /* its form was checked */
	while (cfn_sub_cut(&text, &is_variable, &piece))
		if (is_variable && !is_variable_name(piece))
			return cfn_fail(c->rd, arg,
			    "Template error: variable names in Fn::Sub syntax must contain only "
			    "alphanumeric characters, underscores, periods, and colons");
	return true;
}

static const struct {
	cfn_eval *of;
	bool (*check)(struct checker *c, const struct json *arg);
} checks[] = {
	{ cfn_eval_if, check_if },
	{ cfn_eval_condition, check_condition },
	{ cfn_eval_find_in_map, check_find_in_map },
	{ cfn_eval_sub, check_sub },
};

static bool
check_function(struct checker *c, const struct cfn_function *f, const struct json *arg)
{
	if (!cfn_function_fits(f, arg))
		return cfn_fail(c->rd, arg, "%s", f->usage);
	for (size_t i = 0; i < countof(checks); i++)
		if (checks[i].of == f->resolve)
			return checks[i].check(c, arg);
	return true;
}

static bool
check_functions(struct checker *c, const struct json *j)
{
	const struct cfn_function *f = cfn_function_of(j, c->place);

	if (f == NULL && cfn_function_is_unknown(j))
		return cfn_fail(c->rd, j,
		    "Template error: " STR_FMT
		    " is not a function that may stand in the %s block of the template",
		    STR_ARG(j->first->key), c->block);
	if (f != NULL && !check_function(c, f, j->first))
		return false;
	for (const struct json *m = json_first(j); m != NULL; m = m->next)
		if (!check_functions(c, m))
			return false;
	return true;
}

/* --- blocks ------------------------------------------------------------------------ */

static bool
check_expression(struct checker *c, const struct json *expression)
{
	if (expression == NULL)
		return true;
	if (!check_functions(c, expression))
		return false;
	cfn_references(c->rd->a, expression, c->place, NULL, collect, c);
	return true;
}

static bool
check_conditional(struct checker *c, str name, const struct json *body)
{
	if (name.len == 0 || cfn_condition_find(c->rd->t, name) != NULL)
		return true;
	return cfn_fail(c->rd, json_get(body, "Condition"),
	    "Template format error: Unresolved condition dependency " STR_FMT
	    " in the %s block of the template",
	    STR_ARG(name), c->block);
}

static bool
check_resource(struct checker *c, const struct cfn_resource *resource)
{
	if (!check_conditional(c, resource->condition, resource->body))
		return false;
	for (const char *const *key = cfn_resource_expressions; *key != NULL; key++)
		if (!check_expression(c, json_get(resource->body, *key)))
			return false;
	for (size_t i = 0; i < resource->depends_on_count; i++)
		if (cfn_resource_find(c->rd->t, resource->depends_on[i]) == NULL)
			add_unresolved(
			    c, resource->depends_on[i], json_get(resource->body, "DependsOn"));
	return true;
}

static bool
check_resources(struct cfn_reader *rd)
{
	struct checker c = { .rd = rd, .place = CFN_IN_RESOURCES, .block = "Resources" };

	for (size_t i = 0; i < rd->t->resource_count; i++)
		if (!check_resource(&c, &rd->t->resources[i]))
			return false;
	if (c.unresolved.count == 0)
		return true;
	return cfn_fail(rd, c.first,
	    "Template format error: Unresolved resource dependencies " STR_FMT
	    " in the Resources block of the template",
	    STR_ARG(cfn_names_text(rd->a, &c.unresolved)));
}

static bool
check_outputs(struct cfn_reader *rd)
{
	struct checker c = { .rd = rd, .place = CFN_IN_OUTPUTS, .block = "Outputs" };

	for (size_t i = 0; i < rd->t->output_count; i++) {
		const struct cfn_output *o = &rd->t->outputs[i];
		const struct json *body = json_get_str(json_get(rd->t->tree, "Outputs"), o->name);

		if (!check_conditional(&c, o->condition, body) || !check_expression(&c, o->value) ||
		    !check_expression(&c, o->export_name))
			return false;
	}
	if (c.unresolved.count == 0)
		return true;
	return cfn_fail(rd, c.first,
	    "Unresolved resource dependencies " STR_FMT " in the Outputs block of the template",
	    STR_ARG(cfn_names_text(rd->a, &c.unresolved)));
}

/* --- conditions must not lead back to themselves ------------------------------------- */

enum visit_state { UNSEEN, OPEN, DONE };

struct condition_walk {
	struct cfn_reader *rd;
	unsigned char *states;
	int depth;
};

static bool visit_condition(struct condition_walk *w, const struct cfn_condition *condition);

static bool
visit_expression(struct condition_walk *w, const struct json *j)
{
	const struct cfn_function *f = cfn_function_of(j, CFN_IN_CONDITIONS);

	if (f != NULL && f->resolve == cfn_eval_condition)
		return visit_condition(w, cfn_condition_find(w->rd->t, json_str(j->first)));
	for (const struct json *m = json_first(j); m != NULL; m = m->next)
		if (!visit_expression(w, m))
			return false;
	return true;
}

static bool
visit_condition(struct condition_walk *w, const struct cfn_condition *condition)
{
	unsigned char *state = &w->states[condition - w->rd->t->conditions];

	if (*state == DONE)
		return true;
	if (*state == OPEN)
		return cfn_fail(w->rd, condition->expression,
		    "Template error: Circular dependency between conditions: " STR_FMT
		    " depends on itself",
		    STR_ARG(condition->name));
	if (++w->depth > MAX_CONDITION_DEPTH)
		return cfn_fail(w->rd, condition->expression,
		    "Template error: more than %d conditions depend on each other in a row",
		    MAX_CONDITION_DEPTH);
	*state = OPEN;
	if (!visit_expression(w, condition->expression))
		return false;
	*state = DONE;
	w->depth--;
	return true;
}

static bool
check_conditions(struct cfn_reader *rd)
{
	struct checker c = { .rd = rd, .place = CFN_IN_CONDITIONS, .block = "Conditions" };
	struct condition_walk w = { .rd = rd };

	for (size_t i = 0; i < rd->t->condition_count; i++) {
		const struct json *expression = rd->t->conditions[i].expression;

		if (!cfn_is_condition(expression))
			return cfn_fail(rd, expression,
			    "Template format error: Conditions can only be boolean operations on "
			    "parameters and other conditions");
		if (!check_expression(&c, expression))
			return false;
	}
	if (c.unresolved.count > 0)
		return cfn_fail(rd, c.first,
		    "Template format error: Unresolved dependencies " STR_FMT
		    ". Cannot reference resources in the Conditions block of the template",
		    STR_ARG(cfn_names_text(rd->a, &c.unresolved)));
	w.states = arena_new(rd->a, unsigned char, rd->t->condition_count);
	for (size_t i = 0; i < rd->t->condition_count; i++)
		if (!visit_condition(&w, &rd->t->conditions[i]))
			return false;
	return true;
}

bool
cfn_check_expressions(struct cfn_reader *rd)
{
	return check_conditions(rd) && check_resources(rd) && check_outputs(rd);
}
