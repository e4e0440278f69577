/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/job_launch.c: from an accepted launch to COMPLETED or FAILED.
 *
 *   path      which launch path the product has for the management role
 *   prepare   the document's parameters and the token, stored before they are used
 *   start     StartAutomationExecution with what is stored
 *   await     the document's event, or its end without one; then the product's and the record's
 *             own word, which alone counts
 *
 * An environment that is terminated meanwhile is TERMINATING at once; this job then goes on only
 * to learn what was made, and hands over to the terminate job, which waits for it.
 */
#include "workbench/job_launch.h"

#include "aws/client.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/instance.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/look.h"
#include "workbench/operation.h"
#include "workbench/product.h"
#include "workbench/reconcile.h"
#include "workbench/scopes.h"

/* --- before anything is started ------------------------------------------------------------ */

/* Nothing exists yet, and nothing shall. */
static enum step_end
cancel(struct job *j, struct err *err)
{
	str why = S("it was terminated before anything was started");

	state_step(&j->state, j->id, job_launch.name, j->now_ms, STR_FMT, STR_ARG(why));
	return operation_end(j, why, err) ? STEP_ENDED : STEP_FAILED;
}

static enum step_end
find_path(struct job *j, struct err *err)
{
	struct json *in = json_new_object(j->a);
	const struct json *config, *answer;
	struct aws_credentials manager;
	str product, path;

	if (operation_is_superseded(j))
		return cancel(j, err);
	if (!scopes_config(&j->state, &config, err) || !operation_manager(j, &manager, err))
		return STEP_FAILED;
	product = json_str(json_get(config, "productId"));
	json_put_str(j->a, in, "ProductId", product);
	if (!aws_call(j->wb->o.aws, j->a, &manager, "servicecatalog", "ListLaunchPaths", in,
		&answer, err))
		return STEP_FAILED;
	path = json_str(json_get(json_at(json_get(answer, "LaunchPathSummaries"), 0), "Id"));
	if (path.len == 0) {
		(void)err_set(err, ERR_NOT_FOUND,
		    "product " STR_FMT " has no launch path in account " STR_FMT
		    ": is the portfolio shared with it and accepted?",
		    STR_ARG(product), STR_ARG(state_text(&j->state, "accountId")));
		return STEP_FAILED;
	}
	state_set(&j->state, "pathId", path);
	return STEP_NEXT;
}

static enum step_end
prepare(struct job *j, struct err *err)
{
	const struct bundle *b;
	const struct json *scopes;

	if (operation_is_superseded(j))
		return cancel(j, err);
	if (!operation_bundle(j, &b, err) || !scopes_of(&j->state, j->id, &scopes, err) ||
	    !execution_prepare(j, b, BUNDLE_LAUNCH, scopes, err))
		return STEP_FAILED;
	state_set(
	    &j->state, "productName", bundle_product_name(j->a, b, json_get(j->row, "parameters")));
	return STEP_NEXT;
}

/* Superseded or not: an earlier try may have started it, and only the same token tells. */
static enum step_end
start(struct job *j, struct err *err)
{
	const struct bundle *b;
	struct aws_credentials manager;

	if (!operation_bundle(j, &b, err) || !operation_manager(j, &manager, err) ||
	    !execution_start(j, b, BUNDLE_LAUNCH, &manager, err))
		return STEP_FAILED;
	state_set(&j->state, "launchExecutionId", job_text(j, "executionId"));
	look_first(j);
	return STEP_NEXT;
}

/* --- how it ends --------------------------------------------------------------------------- */

/* One name or a list of names, each of a template output. */
static const struct json *
instance_names(struct arena *a, const struct bundle *b)
{
	const struct json *names = json_get(b->outputs, "instanceName");
	struct json *list;

	if (json_is(names, JSON_ARRAY))
		return names;
	list = json_new_array(a);
	json_push(a, list, names);
	return list;
}

static str
output_of(const struct record *r, str name)
{
	for (const struct json *o = json_first(r->outputs); o != NULL; o = o->next)
		if (str_eq(json_str(json_get(o, "OutputKey")), name))
			return json_str(json_get(o, "OutputValue"));
	return (str){ 0 };
}

bool
launch_has_outputs(const struct bundle *b, const struct record *r)
{
	auto_arena a = { 0 };

	for (const struct json *n = json_first(instance_names(&a, b)); n != NULL; n = n->next)
		if (output_of(r, json_str(n)).len == 0)
			return false;
	return true;
}

/* Items 7 and 8. */
static void
link_instance(struct state *s, struct change *c, str instance, str arn, int64_t now_ms)
{
	str env_key = item_key(s->a, "ENV", s->id), key = item_key(s->a, "INID", instance);
	struct json *here = item_new(s->a, env_key, key), *there = item_new(s->a, key, env_key);

	json_put_str(s->a, here, "id", s->id);
	json_put_str(s->a, here, "instanceArn", arn);
	item_stamp(s->a, here, now_ms);
	json_put_str(s->a, there, "id", instance);
	json_put_str(s->a, there, "instanceArn", arn);
	json_put_str(s->a, there, "resourceType", S("instance"));
	item_stamp(s->a, there, now_ms);
	change_put(c, here, STORE_ANY);
	change_put(c, there, STORE_ANY);
}

void
launch_adopt(struct state *s, struct change *c, const struct bundle *b, const struct record *r,
    int64_t now_ms)
{
	str arn = output_of(r, json_str(json_get(b->outputs, "instanceArn")));
	struct json *ids = json_new_array(s->a);

	for (const struct json *n = json_first(instance_names(s->a, b)); n != NULL; n = n->next) {
		str id = output_of(r, json_str(n));

		json_push_str(s->a, ids, id);
		link_instance(s, c, id, arn, now_ms);
	}
	if (json_count(ids) > 0)
		state_set_env(s, "instanceId", json_str(json_at(ids, 0)), now_ms);
	if (json_count(ids) > 1)
		json_set(s->a, s->own, "instanceIds", ids);
	json_set(s->a, s->env, "outputs", r->outputs != NULL ? r->outputs : json_new_array(s->a));
	s->env_changed = s->own_changed = true;
}

/* What its events told meanwhile was evidence only: where they end otherwise, it is asked. */
static void
plan_review(struct state *s, int64_t now_ms)
{
	struct instance_view view;

	reconcile_plan(s, now_ms);
	instance_together(s, &view);
	if (s->status == ENV_COMPLETED &&
	    (view.gone || (view.known && view.status != ENV_COMPLETED)))
		reconcile_soon(s, now_ms);
}

static enum step_end
complete(struct job *j, const struct bundle *b, const struct record *r, struct err *err)
{
	struct state *s = &j->state;

	launch_adopt(s, &j->change, b, r, j->now_ms);
	if (operation_is_superseded(j))
		state_step(s, j->id, "await", j->now_ms, "the launch ended well; it is terminated");
	else
		state_move(s, ENV_COMPLETED, false, j->id, j->now_ms,
		    "the product is AVAILABLE and its record SUCCEEDED");
	if (!operation_end(j, (str){ 0 }, err))
		return STEP_FAILED;
	plan_review(s, j->now_ms);
	return STEP_ENDED;
}

static bool
end_badly(struct job *j, str text, struct err *err)
{
	struct state *s = &j->state;

	if (operation_is_superseded(j)) {
		state_step(
		    s, j->id, "await", j->now_ms, "the launch failed: " STR_FMT, STR_ARG(text));
	} else {
		state_move(s, ENV_FAILED, true, j->id, j->now_ms, "the launch failed: " STR_FMT,
		    STR_ARG(text));
		state_error(s, "LAUNCH", text, j->now_ms);
	}
	if (!operation_end(j, text, err))
		return false;
	reconcile_plan(s, j->now_ms);
	return true;
}

static enum step_end
fail(struct job *j, str text, const struct json *cause, struct err *err)
{
	if (cause != NULL) {
		json_set(j->a, j->state.own, "cause", cause);
		j->state.own_changed = true;
	}
	return end_badly(j, product_failure(j->a, text, cause), err) ? STEP_ENDED : STEP_FAILED;
}

/* --- await --------------------------------------------------------------------------------- */

static str
first_text(str x, str y, str z)
{
	return x.len > 0 ? x : y.len > 0 ? y : z;
}

/* A type whose document provisions nothing ends as its document says. */
static enum step_end
without_product(struct job *j, const struct bundle *b, const struct look *l, struct err *err)
{
	static const struct record none = { .found = false };
	bool nothing_expected = state_text(&j->state, "productName").len == 0 &&
	    json_str(json_get(j->state.env, "provisionedProductId")).len == 0;
	bool well = str_is(l->claim_status, "COMPLETED") ||
	    (!l->claimed && str_is(job_text(j, "executionStatus"), "Success"));

	if (nothing_expected && well && launch_has_outputs(b, &none))
		return complete(j, b, &none, err);
	if (!l->ended && str_is(l->claim_status, "COMPLETED"))
		return look_again(j); /* the document knows more than the catalog says yet */
	return fail(j,
	    first_text(l->claim_error, l->execution.failure,
		S("the launch document ended, and no product of it exists")),
	    NULL, err);
}

static enum step_end
with_record(struct job *j, const struct bundle *b, const struct look *l, const struct product *p,
    const struct aws_credentials *manager, struct err *err)
{
	str id = first_text(p->provisioning_record_id, l->record_id, p->last_record_id);
	struct record r;

	if (!product_record(j->wb, j->a, manager, id, &r, err))
		return STEP_FAILED;
	state_evidence(&j->state, j->now_ms,
	    "asked Service Catalog: product is " STR_FMT ", record " STR_FMT, STR_ARG(p->word),
	    STR_ARG(r.found ? r.word : S("not found")));
	if (!r.succeeded || !launch_has_outputs(b, &r))
		return look_again(j); /* records lag behind their products */
	return complete(j, b, &r, err);
}

static enum step_end
broken(struct job *j, const struct look *l, const struct product *p,
    const struct aws_credentials *manager, struct err *err)
{
	const struct json *cause =
	    product_cause(j->wb, j->a, manager, state_text(&j->state, "accountId"), p->id, false);
	str text = first_text(p->message, l->claim_error, l->execution.failure);

	if (text.len == 0)
		text = str_fmt(
		    j->a, "product " STR_FMT " is " STR_FMT, STR_ARG(p->id), STR_ARG(p->word));
	return fail(j, text, cause, err);
}

static void
keep_product(struct job *j, const struct product *p)
{
	struct state *s = &j->state;

	if (p->id.len > 0 && json_str(json_get(s->env, "provisionedProductId")).len == 0)
		state_set_env(s, "provisionedProductId", p->id, j->now_ms);
	if (p->provisioning_record_id.len > 0)
		state_set(s, "launchRecordId", p->provisioning_record_id);
	state_evidence(s, j->now_ms, "asked Service Catalog: product is " STR_FMT,
	    STR_ARG(p->word.len > 0 ? p->word : S("not there")));
}

static enum step_end
conclude(
    struct job *j, const struct look *l, const struct aws_credentials *manager, struct err *err)
{
	const struct bundle *b;
	struct product p;

	if (!operation_bundle(j, &b, err) ||
	    !product_ask(j->wb, j->a, manager,
		json_str(json_get(j->state.env, "provisionedProductId")),
		state_text(&j->state, "productName"), &p, err))
		return STEP_FAILED;
	keep_product(j, &p);
	switch (p.status) {
	case PRODUCT_ABSENT:
		return without_product(j, b, l, err);
	case PRODUCT_AVAILABLE:
		return with_record(j, b, l, &p, manager, err);
	case PRODUCT_CHANGING:
		return look_again(j);
	case PRODUCT_PLANNED:
		return l->ended ? broken(j, l, &p, manager, err) : look_again(j);
	case PRODUCT_BROKEN:
		return broken(j, l, &p, manager, err);
	}
	return look_again(j);
}

static enum step_end
await(struct job *j, struct err *err)
{
	return look_await(j, conclude, err);
}

static bool
give_up(struct job *j, const struct err *why, struct err *err)
{
	return operation_give_up(j, why, end_badly, err);
}

static const struct job_step steps[] = {
	{ "path", find_path, "the product's launch path" },
	{ "prepare", prepare, "the parameters of the launch document" },
	{ "start", start, "the launch document to start" },
	{ "await", await, "the launch document to end, and its product to be AVAILABLE" },
};

const struct job_kind job_launch = { "launch", steps, countof(steps), give_up };
