/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/operation.c: opens and ends operations.
 */
#include "workbench/operation.h"

#include <assert.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/reconcile.h"
#include "workbench/roles.h"
#include "workbench/scopes.h"
#include "workbench/version.h"

#define CLOSELY_MS (15 * MINUTE_MS)

static const struct job_kind *
kind_of_verb(enum bundle_verb verb)
{
	switch (verb) {
	case BUNDLE_LAUNCH:
		return &job_launch;
	case BUNDLE_TERMINATE:
		return &job_terminate;
	case BUNDLE_START:
		return &job_start;
	case BUNDLE_STOP:
		return &job_stop;
	case BUNDLE_CONNECT:
	case BUNDLE_VERB_COUNT:
		break;
	}
	assert(!"a verb without a job");
	return NULL;
}

/* The item that stays: who asked for what, when, and how it ended. */
static struct json *
operation_item(struct arena *a, const struct json *row, const char *status)
{
	static const char *const members[] = { "id", "environmentId", "verb", "actor", "epoch",
		NULL };
	str id = json_str(json_get(row, "id"));
	struct json *body =
	    item_new(a, str_fmt(a, "SWB#OPERATION#" STR_FMT, STR_ARG(id)), S("SWB#OPERATION"));

	item_copy(a, body, row, members);
	json_put_str(a, body, "status", str_of(status));
	json_put_str(a, body, "createdAt", time_iso_ms(a, json_i64(json_get(row, "createdMs"), 0)));
	return body;
}

struct json *
operation_begin(struct state *s, struct change *c, enum bundle_verb verb, str id, str actor,
    int64_t deadline_ms, int64_t now_ms)
{
	struct json *row = job_row(s->a, id, kind_of_verb(verb), actor, now_ms, deadline_ms);
	int64_t epoch = state_ms(s, "epoch") + 1;

	json_put_str(s->a, row, "environmentId", s->id);
	json_put_str(s->a, row, "verb", str_of(verb_name(verb)));
	json_put_i64(s->a, row, "epoch", epoch);
	state_set_ms(s, "epoch", epoch);
	state_open(s, id, verb);
	state_set_env(s, "updatedBy", actor, now_ms);
	item_not_due(s->own); /* from here on the job asks */
	state_move(
	    s, env_status_asked(verb), true, id, now_ms, "%s was asked for", verb_name(verb));
	change_put(c, operation_item(s->a, row, "OPEN"), STORE_NEW);
	return row;
}

enum bundle_verb
operation_verb(const struct job *j)
{
	enum bundle_verb verb = BUNDLE_VERB_COUNT;
	bool known = verb_parse(job_text(j, "verb"), &verb);

	assert(known);
	return verb;
}

bool
operation_is_superseded(const struct job *j)
{
	return job_i64(j, "epoch") != state_ms(&j->state, "epoch");
}

static const char *
ended_member(enum bundle_verb verb)
{
	return verb == BUNDLE_START ? "endedStartMs" : "endedStopMs";
}

bool
operation_follows_closely(const struct job *j)
{
	int64_t before = state_ms(&j->state, ended_member(operation_verb(j)));

	return before > 0 && job_i64(j, "createdMs") - before < CLOSELY_MS;
}

/* A job that waits for this one stands without anything else to wake it before its deadline. */
static bool
wake_others(struct job *j, struct err *err)
{
	const struct json *o = json_first(json_get(j->state.own, "open"));

	for (; o != NULL; o = o->next) {
		struct item row;
		struct json *woken;
		bool found;

		if (!store_find(j->wb->o.store, j->a, job_pk(j->a, json_str(json_get(o, "id"))),
			S("SWB#JOB"), &row, &found, err))
			return false;
		if (!found)
			continue;
		woken = json_copy_shallow(j->a, row.body);
		item_due(j->a, woken, j->now_ms);
		change_put(&j->change, woken, row.version);
	}
	return true;
}

bool
operation_end(struct job *j, str error, struct err *err)
{
	struct json *body = operation_item(j->a, j->row, error.len == 0 ? "SUCCEEDED" : "FAILED");
	enum bundle_verb verb = operation_verb(j);

	json_put_str(j->a, body, "endedAt", time_iso_ms(j->a, j->now_ms));
	if (error.len > 0)
		json_put_str(j->a, body, "error", error);
	change_put(&j->change, body, STORE_ANY);
	state_close(&j->state, j->id);
	if (verb == BUNDLE_START || verb == BUNDLE_STOP)
		state_set_ms(&j->state, ended_member(verb), j->now_ms);
	return wake_others(j, err);
}

bool
operation_manager(struct job *j, struct aws_credentials *out, struct err *err)
{
	const struct json *project;

	return scopes_project(&j->state, &project, err) &&
	    roles_management(j->wb, j->a, project, out, err);
}

bool
operation_bundle(struct job *j, const struct bundle **out, struct err *err)
{
	return version_bundle(
	    j->wb, j->a, state_text(&j->state, "type"), state_text(&j->state, "hash"), out, err);
}

str
operation_late(struct job *j, const struct err *why)
{
	str heard = state_text(&j->state, "evidence");

	if (why->kind != ERR_TIMEOUT || heard.len == 0)
		return why->msg;
	return str_fmt(j->a, STR_FMT "; last heard: " STR_FMT, STR_ARG(why->msg), STR_ARG(heard));
}

bool
operation_give_up(struct job *j, const struct err *why,
    bool (*end_badly)(struct job *j, str text, struct err *err), struct err *err)
{
	if (!end_badly(j, operation_late(j, why), err))
		return false;
	if (!state_any_open(&j->state))
		reconcile_soon(&j->state, j->now_ms);
	return true;
}
