/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/ssm_graph.c: which step may follow which, and what a step may refer to.
 *
 * Edges are made once and everything else walks them: targets that do not exist, cycles (an
 * automation goes forward only, aws:loop aside), steps that nothing leads to, and references to
 * outputs of a step that can never have run before.
 */
#include "base/arena.h"
#include "base/json.h"
#include "lang/ssm_document.h"
#include "lang/ssm_internal.h"

/* --- edges --------------------------------------------------------------------------- */

static size_t
index_of(const struct ssm_step *steps, size_t count, str name)
{
	size_t i = 0;

	while (i < count && !str_eq(steps[i].name, name))
		i++;
	return i;
}

static const struct json *
place(const struct ssm_step *step, const char *key)
{
	const struct json *m = json_get(step->node, key);

	return m == NULL ? step->node : m;
}

struct edges {
	struct ssm_check *c;
	const struct ssm_step *steps, *step;
	size_t count;
	struct ssm_edge *list;
	size_t used;
};

static void
add_edge(struct edges *e, enum ssm_edge_kind kind, str target, const struct json *at)
{
	size_t to = index_of(e->steps, e->count, target);

	if (to == e->count)
		ssm_problem(e->c, at, "step " STR_FMT ": there is no step " STR_FMT,
		    STR_ARG(e->step->name), STR_ARG(target));
	else
		e->list[e->used++] = (struct ssm_edge){ kind, to };
}

static void
add_end(struct edges *e, enum ssm_edge_kind kind)
{
	e->list[e->used++] = (struct ssm_edge){ kind, SSM_END };
}

/* Where the step goes when it succeeds, or fails harmlessly. */
static void
add_onward(struct edges *e, enum ssm_edge_kind kind)
{
	const struct ssm_step *s = e->step;

	if (s->is_end || (s->next_step.len == 0 && s == &e->steps[e->count - 1]))
		add_end(e, kind);
	else if (s->next_step.len > 0)
		add_edge(e, kind, s->next_step, place(s, "nextStep"));
	else
		add_edge(e, kind, s[1].name, s->node);
}

static void
add_failure(struct edges *e)
{
	const struct ssm_step *s = e->step;

	switch (s->failure) {
	case SSM_ABORT:
		add_end(e, SSM_EDGE_FAILURE);
		break;
	case SSM_CONTINUE:
		add_onward(e, SSM_EDGE_FAILURE);
		break;
	case SSM_GO_TO:
		add_edge(e, SSM_EDGE_FAILURE, s->on_failure, place(s, "onFailure"));
		break;
	}
	if (s->on_cancel.len > 0)
		add_edge(e, SSM_EDGE_CANCEL, s->on_cancel, place(s, "onCancel"));
}

static void
add_branch(struct edges *e)
{
	const struct json *choices = json_get(e->step->inputs, "Choices");
	const struct json *otherwise = json_get(e->step->inputs, "Default");

	for (const struct json *m = json_first(choices); m != NULL; m = m->next)
		add_edge(e, SSM_EDGE_CHOICE, json_str(json_get(m, "NextStep")), m);
	if (otherwise != NULL)
		add_edge(e, SSM_EDGE_DEFAULT, json_str(otherwise), otherwise);
	else
		add_onward(e, SSM_EDGE_NEXT);
}

static void
build_edges(struct ssm_check *c, struct ssm_step *steps, size_t count, struct ssm_step *step)
{
	size_t choices = json_count(json_get(step->inputs, "Choices"));
	struct edges e = { .c = c, .steps = steps, .step = step, .count = count };

	e.list = arena_new(c->a, struct ssm_edge, choices + 4);
	if (step->action->kind == SSM_BRANCH)
		add_branch(&e);
	else
		add_onward(&e, SSM_EDGE_NEXT);
	add_failure(&e);
	step->edges = e.list;
	step->edge_count = e.used;
}

/* --- walks --------------------------------------------------------------------------- */

struct walk {
	struct ssm_check *c;
	struct ssm_step *steps;
	bool *reached; /* count of them */
	bool *open;    /* on the way from the first to here */
};

static void
walk(struct walk *w, size_t i)
{
	const struct ssm_step *s = &w->steps[i];

	if (w->reached[i])
		return;
	w->reached[i] = w->open[i] = true;
	for (size_t n = 0; n < s->edge_count; n++) {
		size_t to = s->edges[n].to;

		if (to == SSM_END)
			continue;
		if (w->open[to])
			ssm_problem(w->c, s->node,
			    "step " STR_FMT " goes back to " STR_FMT
			    ": steps cannot run in a circle",
			    STR_ARG(s->name), STR_ARG(w->steps[to].name));
		else
			walk(w, to);
	}
	w->open[i] = false;
}

static void
build_list(struct ssm_check *c, struct ssm_step *steps, size_t count)
{
	struct walk w = { c, steps, arena_new(c->a, bool, count), arena_new(c->a, bool, count) };

	for (size_t i = 0; i < count; i++)
		build_edges(c, steps, count, &steps[i]);
	if (c->d->problem_count > 0)
		return;
	walk(&w, 0);
	for (size_t i = 0; i < count; i++)
		steps[i].is_reachable = w.reached[i];
	for (size_t i = 0; i < count; i++)
		walk(&w, i);
}

static void
check_names_unique(struct ssm_check *c, const struct ssm_step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (index_of(steps, count, steps[i].name) < i)
			ssm_problem(c, steps[i].node, "two steps are named " STR_FMT,
			    STR_ARG(steps[i].name));
		for (size_t n = 0; n < steps[i].inner_count; n++) {
			if (index_of(steps, count, steps[i].inner[n].name) < count)
				ssm_problem(c, steps[i].inner[n].node,
				    "two steps are named " STR_FMT,
				    STR_ARG(steps[i].inner[n].name));
		}
		check_names_unique(c, steps[i].inner, steps[i].inner_count);
	}
}

void
ssm_graph_build(struct ssm_check *c)
{
	struct ssm_document *d = c->d;

	check_names_unique(c, d->steps, d->step_count);
	build_list(c, d->steps, d->step_count);
	for (size_t i = 0; i < d->step_count && c->d->problem_count == 0; i++) {
		if (d->steps[i].inner_count > 0)
			build_list(c, d->steps[i].inner, d->steps[i].inner_count);
	}
}

/* --- references ---------------------------------------------------------------------- */

static const char *const known_names[] = { "automation:EXECUTION_ID", "global:DATE",
	"global:DATE_TIME", "global:REGION", "global:ACCOUNT_ID", "global:AWS_PARTITION" };

/* The step that a reference means, of the document or inside one of its loops. */
static const struct ssm_step *
find_anywhere(const struct ssm_document *d, str name)
{
	const struct ssm_step *step = ssm_step_find(d, name);

	for (size_t i = 0; i < d->step_count && step == NULL; i++) {
		size_t n = index_of(d->steps[i].inner, d->steps[i].inner_count, name);

		if (n < d->steps[i].inner_count)
			step = &d->steps[i].inner[n];
	}
	return step;
}

/* Can before have run when after begins? Steps inside loops are taken at their word. */
static bool
may_precede(struct ssm_check *c, const struct ssm_step *before, const struct ssm_step *after)
{
	struct ssm_document *d = c->d;
	size_t from = (size_t)(before - d->steps), to = (size_t)(after - d->steps);
	struct walk w = { c, d->steps, arena_new(c->a, bool, d->step_count),
		arena_new(c->a, bool, d->step_count) };

	if (ssm_step_find(d, before->name) == NULL || ssm_step_find(d, after->name) == NULL)
		return true;
	walk(&w, from);
	return from != to && w.reached[to];
}

static void
check_output(struct ssm_check *c, const struct ssm_step *user, str step_name, str output,
    const struct json *at)
{
	const struct ssm_step *step = find_anywhere(c->d, step_name);

	if (step == NULL)
		ssm_problem(c, at, "there is no step " STR_FMT " to take " STR_FMT " from",
		    STR_ARG(step_name), STR_ARG(output));
	else if (ssm_output_find(step, output) == NULL &&
	    !ssm_action_has_output(step->action, output))
		ssm_problem(c, at, "step " STR_FMT " has no output " STR_FMT, STR_ARG(step_name),
		    STR_ARG(output));
	else if (user != NULL && !may_precede(c, step, user))
		ssm_problem(c, at, "step " STR_FMT " cannot have run before step " STR_FMT,
		    STR_ARG(step_name), STR_ARG(user->name));
}

static bool
is_known_name(const struct ssm_check *c, str name)
{
	for (size_t i = 0; i < countof(known_names); i++) {
		if (str_is(name, known_names[i]))
			return true;
	}
	return str_starts(name, S("variable:")) &&
	    json_get_str(c->d->variables, str_from(name, 9)) != NULL;
}

static void
check_reference(
    struct ssm_check *c, const struct ssm_step *user, bool in_loop, str name, const struct json *at)
{
	str step, output;

	if (in_loop &&
	    (str_is(name, "loop.CurrentIteration") || str_is(name, "loop.CurrentIteratorValue")))
		return;
	if (ssm_parameter_find(c->d, name) != NULL || is_known_name(c, name))
		return;
	if (ssm_reference_split(name, &step, &output))
		check_output(c, user, step, output, at);
	else if (str_starts(name, S("ssm:")))
		ssm_problem(c, at, "{{ " STR_FMT " }} may stand only in the default of a parameter",
		    STR_ARG(name));
	else
		ssm_problem(c, at, "{{ " STR_FMT " }} is not defined", STR_ARG(name));
}

static void
check_value(
    struct ssm_check *c, const struct ssm_step *user, bool in_loop, const struct json *value)
{
	size_t at = 0, begin, end;
	str name;

	for (const struct json *m = json_first(value); m != NULL; m = m->next)
		check_value(c, user, in_loop, m);
	while (ssm_reference_next(json_str(value), &at, &begin, &end, &name))
		check_reference(c, user, in_loop, name, value);
}

static void
check_step(struct ssm_check *c, const struct ssm_step *step, bool inside)
{
	for (const struct json *m = json_first(step->inputs); m != NULL; m = m->next) {
		if (step->inner_count == 0 || !str_is(m->key, "Steps"))
			check_value(c, step, inside || step->inner_count > 0, m);
	}
	for (size_t i = 0; i < step->inner_count; i++)
		check_step(c, &step->inner[i], true);
}

static void
check_document_outputs(struct ssm_check *c)
{
	const struct json *list = c->d->outputs;
	str step, output;

	if (list != NULL && !json_is(list, JSON_ARRAY))
		ssm_problem(c, list, "outputs must be a list of \"step.output\"");
	for (const struct json *o = json_first(list); o != NULL; o = o->next) {
		if (ssm_reference_split(json_str(o), &step, &output))
			check_output(c, NULL, step, output, o);
		else
			ssm_problem(c, o, "an output of the document is written step.output");
	}
}

/* "arn:aws:iam::111122223333:role/path/name" */
static bool
is_role_arn(str text)
{
	str partition, service, region, account;

	return str_cut(&text, ':', &partition) && str_is(partition, "arn") &&
	    str_cut(&text, ':', &partition) && str_starts(partition, S("aws")) &&
	    str_cut(&text, ':', &service) && str_is(service, "iam") &&
	    str_cut(&text, ':', &region) && region.len == 0 && str_cut(&text, ':', &account) &&
	    account.len == 12 && str_starts(text, S("role/")) && text.len > 5;
}

static void
check_assume_role(struct ssm_check *c)
{
	const struct json *at = json_get(c->d->tree, "assumeRole");
	str role = c->d->assume_role, name;

	if (role.len == 0 || is_role_arn(role))
		return;
	if (!ssm_reference_whole(role, &name))
		ssm_problem(c, at, "The format of the supplied assume role ARN is invalid.");
	else if (ssm_parameter_find(c->d, name) == NULL)
		ssm_problem(c, at, "assumeRole: there is no parameter " STR_FMT, STR_ARG(name));
}

void
ssm_references_check(struct ssm_check *c)
{
	check_assume_role(c);
	for (size_t i = 0; i < c->d->step_count; i++)
		check_step(c, &c->d->steps[i], false);
	check_document_outputs(c);
}
