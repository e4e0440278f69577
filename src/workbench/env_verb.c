/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/env_verb.c: start, stop and terminate, as far as the request goes.
 *
 * The status is read, judged and changed in one transaction, so of two that ask at once one is
 * first and the other is judged by what the first one made of it.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "workbench/env.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/operation.h"
#include "workbench/reconcile.h"
#include "workbench/version.h"

#define MAX_TRIES 8

static const char *
done_to(enum bundle_verb verb)
{
	return verb == BUNDLE_START ? "started" : verb == BUNDLE_STOP ? "stopped" : "terminated";
}

static int64_t
allowed_ms(const struct state *s, const struct bundle *b, enum bundle_verb verb)
{
	int64_t ms = b->verbs[verb].deadline_ms;

	if (ms == 0)
		ms = verb == BUNDLE_TERMINATE ? RECONCILE_TERMINATE_MS : RECONCILE_POWER_MS;
	if (state_any_open(s)) /* it waits for what is open; then its own time begins anew */
		ms += RECONCILE_LAUNCH_MS + b->verbs[BUNDLE_LAUNCH].deadline_ms;
	return ms;
}

static bool
begin(struct state *s, enum bundle_verb verb, str actor, int64_t now_ms, struct err *err)
{
	const struct bundle *b;
	struct change c;

	if (!version_bundle(s->wb, s->a, state_text(s, "type"), state_text(s, "hash"), &b, err))
		return false;
	if (!b->verbs[verb].defined)
		return err_set(err, ERR_INVALID, "Environment type " STR_FMT " cannot be %s",
		    STR_ARG(b->type), done_to(verb));
	change_init(&c, s->wb, s->a);
	change_put(&c,
	    operation_begin(
		s, &c, verb, id_uuid(s->a), actor, now_ms + allowed_ms(s, b, verb), now_ms),
	    STORE_NEW);
	state_write(s, &c);
	return change_commit(&c, err);
}

/* *raced: another change came first, and the answer may be another now. */
static bool
ask_once(struct workbench *wb, struct arena *a, str id, enum bundle_verb verb, str actor,
    bool *raced, struct err *err)
{
	struct state s;
	bool begun;

	*raced = false;
	if (!state_load(wb, a, id, &s, err))
		return false;
	switch (env_status_ask(s.status, verb, state_has_instance(&s), err)) {
	case ASK_ACT:
		begun = begin(&s, verb, actor, clock_now_ms(wb->o.clock), err);
		*raced = !begun && err->kind == ERR_CONFLICT;
		return begun;
	case ASK_NOTHING:
		return true;
	case ASK_REFUSED:
		break;
	}
	return false;
}

static bool
ask(struct workbench *wb, struct arena *a, str id, enum bundle_verb verb, str actor,
    struct err *err)
{
	bool raced;

	for (int tries = 1; !ask_once(wb, a, id, verb, actor, &raced, err); tries++) {
		if (!raced || tries == MAX_TRIES)
			return false;
		err_clear(err);
	}
	return true;
}

bool
env_start(struct workbench *wb, struct arena *a, str id, str actor, struct err *err)
{
	return ask(wb, a, id, BUNDLE_START, actor, err);
}

bool
env_stop(struct workbench *wb, struct arena *a, str id, str actor, struct err *err)
{
	return ask(wb, a, id, BUNDLE_STOP, actor, err);
}

bool
env_terminate(struct workbench *wb, struct arena *a, str id, str actor, struct err *err)
{
	return ask(wb, a, id, BUNDLE_TERMINATE, actor, err);
}
