/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/instance.c: asks the services that instances live in.
 */
#include "workbench/instance.h"

#include "aws/client.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/internal.h"
#include "workbench/scopes.h"
#include "workbench/state.h"

#define GONE_WORD "GONE" /* no status: kept as an instance's word when it is no more */

bool
instance_call(struct state *s, const struct aws_credentials *as, const struct bundle_call *call,
    const struct json *scopes, const struct json **answer, struct err *err)
{
	const struct json *in = NULL;

	if (call->with != NULL && !bundle_expand(s->a, call->with, scopes, &in, err))
		return false;
	if (aws_call(s->wb->o.aws, s->a, as, str_z(s->a, call->service),
		str_z(s->a, call->operation), in, answer, err))
		return true;
	if (!json_has_str(call->ignore, err->code))
		return false;
	err_clear(err);
	*answer = json_new_object(s->a);
	return true;
}

const struct json *
instance_without_secrets(struct arena *a, const struct bundle_call *call, const struct json *answer)
{
	struct json *out = json_copy_shallow(a, answer);

	for (const struct json *m = json_first(call->secret); m != NULL; m = m->next)
		json_remove(out, str_z(a, json_str(m)));
	return out;
}

const struct json *
instance_ids(const struct state *s)
{
	const struct json *several = json_get(s->own, "instanceIds");
	struct json *one;

	if (several != NULL)
		return several;
	one = json_new_array(s->a);
	if (state_has_instance(s))
		json_push(s->a, one, json_get(s->env, "instanceId"));
	return one;
}

static bool
describe_one(struct state *s, const struct bundle *b, const struct aws_credentials *as,
    const struct json *scopes, str id, struct err *err)
{
	const struct json *answer;
	int64_t order = 0, known_order = 0;
	str status, known_status;

	if (!instance_call(
		s, as, &b->describe, scopes_for_instance(s->a, scopes, id), &answer, err)) {
		if (!bundle_is_gone(b, err->code, err->msg))
			return false;
		err_clear(err);
		(void)state_instance(s, id, &order, &known_status);
		state_set_instance(s, id, order, S(GONE_WORD));
		return true;
	}
	if (!bundle_read_describe(s->a, b, answer, &status, &order, err))
		return false;
	(void)state_instance(s, id, &known_order, &known_status);
	if (order == 0)
		order = known_order;
	if (status.len > 0 && order >= known_order) /* an event may know better already */
		state_set_instance(s, id, order, status);
	return true;
}

bool
instance_describe(struct state *s, const struct bundle *b, const struct aws_credentials *as,
    const struct json *scopes, int64_t now_ms, struct instance_view *out, struct err *err)
{
	*out = (struct instance_view){ .known = false };
	if (b->describe.operation.len == 0)
		return true;
	for (const struct json *i = json_first(instance_ids(s)); i != NULL; i = i->next)
		if (!describe_one(s, b, as, scopes, json_str(i), err))
			return false;
	instance_together(s, out);
	state_evidence(s, now_ms, "asked the service: the instance is " STR_FMT,
	    STR_ARG(out->word.len > 0 ? out->word : S("in a status that is not known")));
	return true;
}

/* What one instance's word adds to what is known of those before it. */
struct together {
	size_t count, gone, parsed;
	bool failed, mixed, unknown;
	enum env_status status;   /* of the first */
	enum env_status changing; /* one that passes by itself */
	bool changes;
};

static void
add_word(struct together *t, str word)
{
	enum env_status status;

	t->count++;
	if (!env_status_parse(word, &status)) {
		t->gone += str_is(word, GONE_WORD);
		t->unknown |= !str_is(word, GONE_WORD);
		return;
	}
	if (status == ENV_TERMINATED) {
		t->gone++;
		return;
	}
	t->failed |= status == ENV_FAILED;
	t->mixed |= t->parsed > 0 && status != t->status;
	if (t->parsed++ == 0)
		t->status = status;
	if (env_status_is_transient(status)) {
		t->changes = true;
		t->changing = status;
	}
}

static void
view(const struct together *t, struct instance_view *out)
{
	if (t->count > 0 && t->gone == t->count) {
		out->gone = true;
		out->word = S("gone");
		return;
	}
	if (t->count == 0 || t->unknown)
		return;
	out->known = true;
	if (t->failed || t->gone > 0)
		out->status = ENV_FAILED;
	else if (!t->mixed)
		out->status = t->status;
	else if (t->changes)
		out->status = t->changing;
	else
		out->known = false;
	out->word = str_of(out->known ? env_status_name(out->status) : "in two minds");
}

void
instance_together(const struct state *s, struct instance_view *out)
{
	struct together t = { .count = 0 };

	*out = (struct instance_view){ .known = false };
	for (const struct json *i = json_first(instance_ids(s)); i != NULL; i = i->next) {
		int64_t order;
		str word = { 0 };

		(void)state_instance(s, json_str(i), &order, &word);
		add_word(&t, word);
	}
	view(&t, out);
}
