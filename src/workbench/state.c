/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/state.c: one environment, loaded, changed in memory, written in one transaction.
 *
 * The history is written with the change it tells of. Transitions and steps stand under a number
 * that grows; what was ignored stands in a ring of NOTES_KEPT slots, so that a flood of foreign
 * events can neither grow an environment nor push out what happened to it.
 */
#include "workbench/state.h"

#include <assert.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/internal.h"
#include "workbench/item.h"

#define NOTES_KEPT 200
#define INSTANCES_KEPT 32

str
state_own_pk(struct arena *a, str id)
{
	return str_fmt(a, "SWB#ENV#" STR_FMT, STR_ARG(id));
}

bool
state_load(struct workbench *wb, struct arena *a, str id, struct state *out, struct err *err)
{
	struct item env, own;
	str full, key;

	if (!item_id(a, "env", id, &full))
		return item_missing(err, "environment", id);
	key = item_key(a, "ENV", full);
	if (!store_load(wb->o.store, a, key, key, &env, err) ||
	    !store_load(wb->o.store, a, state_own_pk(a, full), S("SWB#STATE"), &own, err))
		return err->kind == ERR_NOT_FOUND ? item_missing(err, "environment", id) : false;
	*out = (struct state){
		.wb = wb,
		.a = a,
		.id = full,
		.env = json_copy_shallow(a, env.body),
		.own = json_copy_shallow(a, own.body),
		.env_version = env.version,
		.own_version = own.version,
		.notes = json_new_array(a),
	};
	if (!env_status_parse(json_str(json_get(env.body, "status")), &out->status))
		return err_set(
		    err, ERR_IO, "environment " STR_FMT " has no known status", STR_ARG(full));
	return true;
}

void
state_new(struct workbench *wb, struct arena *a, str id, struct json *env, struct json *own,
    struct state *out)
{
	*out = (struct state){
		.wb = wb,
		.a = a,
		.id = id,
		.env = env,
		.own = own,
		.env_version = STORE_NEW,
		.own_version = STORE_NEW,
		.status = ENV_PENDING,
		.env_changed = true,
		.own_changed = true,
		.notes = json_new_array(a),
	};
}

void
state_write(struct state *s, struct change *c)
{
	for (const struct json *n = json_first(s->notes); n != NULL; n = n->next)
		change_put(c, n, STORE_ANY);
	if (s->env_changed)
		change_put(c, s->env, s->env_version);
	if (s->own_changed)
		change_put(c, s->own, s->own_version);
	else
		change_check(c, state_own_pk(s->a, s->id), S("SWB#STATE"), s->own_version);
}

str
state_text(const struct state *s, const char *own_member)
{
	return json_str(json_get(s->own, own_member));
}

int64_t
state_ms(const struct state *s, const char *own_member)
{
	return json_i64(json_get(s->own, own_member), 0);
}

void
state_set(struct state *s, const char *own_member, str text)
{
	json_set_str(s->a, s->own, own_member, text);
	s->own_changed = true;
}

void
state_set_ms(struct state *s, const char *own_member, int64_t ms)
{
	item_set_i64(s->a, s->own, own_member, ms);
	s->own_changed = true;
}

void
state_set_env(struct state *s, const char *env_member, str text, int64_t now_ms)
{
	json_set_str(s->a, s->env, env_member, text);
	json_set_str(s->a, s->env, "updatedAt", time_iso_ms(s->a, now_ms));
	s->env_changed = true;
}

bool
state_has_instance(const struct state *s)
{
	return json_str(json_get(s->env, "instanceId")).len > 0;
}

/* --- history ----------------------------------------------------------------------------- */

static struct json *
note_row(struct state *s, str sk, int64_t seq, int64_t now_ms, const char *kind, str text)
{
	struct json *row =
	    item_new(s->a, str_fmt(s->a, "SWB#HISTORY#" STR_FMT, STR_ARG(s->id)), sk);

	json_put_i64(s->a, row, "seq", seq);
	json_put_str(s->a, row, "at", time_iso_ms(s->a, now_ms));
	json_put_str(s->a, row, "kind", str_of(kind));
	json_put_str(s->a, row, "text", text);
	return json_push(s->a, s->notes, row);
}

static struct json *
note(struct state *s, int64_t now_ms, const char *kind, str text)
{
	int64_t seq = state_ms(s, "historySeq") + 1;

	state_set_ms(s, "historySeq", seq);
	return note_row(s, str_fmt(s->a, "H#%012lld", (long long)seq), seq, now_ms, kind, text);
}

void
state_step(
    struct state *s, str operation_id, const char *step, int64_t now_ms, const char *fmt, ...)
{
	struct json *row;
	va_list args;

	va_start(args, fmt);
	row = note(s, now_ms, "step", str_vfmt(s->a, fmt, args));
	va_end(args);
	json_put_str(s->a, row, "step", str_of(step));
	json_put_str(s->a, row, "operationId", operation_id);
}

void
state_ignored(struct state *s, const char *kind, str event, int64_t now_ms, const char *fmt, ...)
{
	int64_t slot = state_ms(s, "noteSeq") % NOTES_KEPT, seq = state_ms(s, "historySeq") + 1;
	struct json *row;
	va_list args;

	state_set_ms(s, "noteSeq", state_ms(s, "noteSeq") + 1);
	state_set_ms(s, "historySeq", seq);
	va_start(args, fmt);
	row = note_row(
	    s, str_fmt(s->a, "N#%03d", (int)slot), seq, now_ms, kind, str_vfmt(s->a, fmt, args));
	va_end(args);
	json_put_str(s->a, row, "event", event);
}

void
state_evidence(struct state *s, int64_t now_ms, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	state_set(s, "evidence", str_vfmt(s->a, fmt, args));
	va_end(args);
	state_set_ms(s, "evidenceMs", now_ms);
}

/* --- moves ------------------------------------------------------------------------------- */

/* A status that is good again takes the last failure's error away. */
static void
forget_error(struct state *s)
{
	json_remove(s->env, "error");
	json_remove(s->own, "cause");
}

void
state_move(struct state *s, enum env_status to, bool asked, str operation_id, int64_t now_ms,
    const char *fmt, ...)
{
	struct json *row;
	va_list args;

	assert(asked || env_status_may_be_seen(s->status, to));
	va_start(args, fmt);
	row = note(s, now_ms, "transition", str_vfmt(s->a, fmt, args));
	va_end(args);
	json_put_str(s->a, row, "from", str_of(env_status_name(s->status)));
	json_put_str(s->a, row, "to", str_of(env_status_name(to)));
	if (operation_id.len > 0)
		json_put_str(s->a, row, "operationId", operation_id);
	if (to == ENV_COMPLETED || to == ENV_STOPPED || to == ENV_TERMINATED)
		forget_error(s);
	if (to == ENV_TERMINATED)
		state_set_env(s, "resourceType", S("terminated_environment"), now_ms);
	s->status = to;
	state_set_env(s, "status", str_of(env_status_name(to)), now_ms);
	state_set_ms(s, "sinceMs", now_ms);
	json_remove(s->own, "reviewTries");
	json_remove(s->own, "reviewDeadlineMs");
}

void
state_error(struct state *s, const char *type, str value, int64_t now_ms)
{
	struct json *error = json_new_object(s->a);

	json_put_str(s->a, error, "type", str_of(type));
	json_put_str(s->a, error, "value", value);
	json_set(s->a, s->env, "error", error);
	json_set_str(s->a, s->env, "updatedAt", time_iso_ms(s->a, now_ms));
	s->env_changed = true;
}

/* --- operations that are open ------------------------------------------------------------ */

void
state_open(struct state *s, str operation_id, enum bundle_verb verb)
{
	struct json *list = json_new_array(s->a), *one = json_new_object(s->a);

	for (const struct json *o = json_first(json_get(s->own, "open")); o != NULL; o = o->next)
		json_push(s->a, list, o);
	json_put_str(s->a, one, "id", operation_id);
	json_put_str(s->a, one, "verb", str_of(verb_name(verb)));
	json_push(s->a, list, one);
	json_set(s->a, s->own, "open", list);
	s->own_changed = true;
}

void
state_close(struct state *s, str operation_id)
{
	struct json *list = json_new_array(s->a);

	for (const struct json *o = json_first(json_get(s->own, "open")); o != NULL; o = o->next)
		if (!str_eq(json_str(json_get(o, "id")), operation_id))
			json_push(s->a, list, o);
	json_set(s->a, s->own, "open", list);
	s->own_changed = true;
}

bool
state_is_open(const struct state *s, enum bundle_verb verb, str *operation_id)
{
	for (const struct json *o = json_first(json_get(s->own, "open")); o != NULL; o = o->next) {
		if (!str_is(json_str(json_get(o, "verb")), verb_name(verb)))
			continue;
		*operation_id = json_str(json_get(o, "id"));
		return true;
	}
	return false;
}

bool
state_any_open(const struct state *s)
{
	return json_count(json_get(s->own, "open")) > 0;
}

/* --- instances --------------------------------------------------------------------------- */

bool
state_instance(const struct state *s, str instance_id, int64_t *order, str *status)
{
	const struct json *one = json_get_str(json_get(s->own, "instances"), instance_id);

	if (one == NULL)
		return false;
	*order = json_i64(json_get(one, "order"), 0);
	*status = json_str(json_get(one, "status"));
	return true;
}

/* At most INSTANCES_KEPT, the oldest go: an event may name what it likes. */
void
state_set_instance(struct state *s, str instance_id, int64_t order, str status)
{
	struct json *all = json_new_object(s->a), *one = json_new_object(s->a);
	const struct json *known = json_get(s->own, "instances"), *i = json_first(known);

	json_put_i64(s->a, one, "order", order);
	json_put_str(s->a, one, "status", status);
	if (json_count(known) >= INSTANCES_KEPT && json_get_str(known, instance_id) == NULL)
		i = i->next;
	for (; i != NULL; i = i->next)
		if (!str_eq(i->key, instance_id))
			json_put_key(s->a, all, i->key, i);
	json_put_key(s->a, all, instance_id, one);
	json_set(s->a, s->own, "instances", all);
	s->own_changed = true;
}
