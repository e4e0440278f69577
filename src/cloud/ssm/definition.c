/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm/definition.c: documents as automations run them.
 *
 * An automation refers to the content that it was started with by its hash, so it goes on, and is
 * shown, when its document has changed or gone; and what one of them read serves all others.
 */
#include "cloud/ssm/internal.h"

/* What the API shows of a step before it has begun. */
static struct json *
step_plan(struct arena *a, const struct ssm_document *doc, const struct ssm_step *s)
{
	struct json *p = json_new_object(a), *next = json_new_array(a);

	json_put_str(a, p, "name", s->name);
	json_put_str(a, p, "action", str_of(s->action->name));
	json_put_i64(a, p, "timeoutS", s->timeout_s);
	json_put_i64(a, p, "maxAttempts", s->max_attempts);
	json_put_str(a, p, "onFailure",
	    s->failure == SSM_GO_TO          ? str_cat(a, S("step:"), s->on_failure)
		: s->failure == SSM_CONTINUE ? S("Continue")
					     : S("Abort"));
	json_put_bool(a, p, "isEnd", s->is_end);
	json_put_bool(a, p, "isCritical", s->is_critical);
	if (s->next_step.len > 0)
		json_put_str(a, p, "nextStep", s->next_step);
	for (size_t e = 0; e < s->edge_count; e++) {
		if (s->edges[e].to != SSM_END && s->edges[e].kind != SSM_EDGE_CANCEL)
			json_push_str(a, next, doc->steps[s->edges[e].to].name);
	}
	json_put(a, p, "validNext", next);
	return p;
}

static struct json *
plan_json(struct arena *a, const struct ssm_document *doc)
{
	struct json *plan = json_new_array(a);

	for (size_t i = 0; i < doc->step_count; i++)
		json_push(a, plan, step_plan(a, doc, &doc->steps[i]));
	return plan;
}

struct source {
	str owner, hash;
};

static bool
make(struct call *c, struct arena *a, const void *from, const void **out, struct err *err)
{
	const struct source *source = from;
	struct ssm_definition *d = arena_new(a, struct ssm_definition, 1);
	const struct json *content;

	if (!ssm_content_load(c, source->owner, source->hash, &content, err) ||
	    !ssm_document_read(a, json_copy(a, json_get(content, "tree")), &d->doc, err))
		return false;
	d->plan = plan_json(a, &d->doc);
	*out = d;
	return true;
}

bool
ssm_definition_load(
    struct call *c, str owner, str hash, const struct ssm_definition **out, struct err *err)
{
	str key = str_cat(c->a, S("ssm/definition/"), hash);
	struct source source = { owner, hash };
	const void *found;

	if (!memo_get(c, key, make, &source, &found, err))
		return false;
	*out = found;
	return true;
}
