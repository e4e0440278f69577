/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/connect.c: how to reach a running environment.
 */
#include "aws/credentials.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/env.h"
#include "workbench/instance.h"
#include "workbench/internal.h"
#include "workbench/program.h"
#include "workbench/reconcile.h"
#include "workbench/roles.h"
#include "workbench/scopes.h"
#include "workbench/state.h"
#include "workbench/version.h"

/* A type's own program answers as ${exec.…}. */
static bool
run_program(struct state *s, const struct bundle *b, const struct json *scopes,
    const struct aws_credentials *manager, const struct json **answers, struct err *err)
{
	const struct program_cloud cloud = { manager, state_text(s, "region"), s->wb->o.endpoint };
	struct json *given = json_new_object(s->a);
	const struct json *answer;

	if (!program_run(s->a, b, BUNDLE_CONNECT, scopes, &cloud, &answer, err))
		return false;
	json_put(s->a, given, "exec", answer);
	*answers = given;
	return true;
}

/* All calls in order; each one's answer may be used by the next. */
static bool
call_all(struct state *s, const struct bundle *b, const struct json **answers, struct err *err)
{
	const struct bundle_verb_def *def = &b->verbs[BUNDLE_CONNECT];
	struct json *given = json_new_object(s->a), *all;
	const struct json *project, *scopes;
	struct aws_credentials manager;

	if (!scopes_project(s, &project, err) ||
	    !roles_management(s->wb, s->a, project, &manager, err) ||
	    !scopes_of(s, (str){ 0 }, &scopes, err))
		return false;
	if (def->exec.len > 0)
		return run_program(s, b, scopes, &manager, answers, err);
	all = json_copy_shallow(s->a, scopes);
	for (size_t i = 0; i < def->call_count; i++) {
		const char *as = str_z(s->a, def->calls[i].as);
		const struct json *answer;

		if (!instance_call(s, &manager, &def->calls[i], all, &answer, err))
			return false;
		if (*as == '\0')
			continue;
		json_set(s->a, given, as, answer);
		json_set(s->a, all, as, answer);
	}
	*answers = given;
	return true;
}

/*
 * The instance may not be what is believed of it: it is asked soon. Nothing is lost where another
 * change comes first, which then knows better.
 */
static void
doubt(struct workbench *wb, struct arena *a, str id)
{
	struct change c;
	struct state s;
	struct err err;

	err_init(&err, a);
	change_init(&c, wb, a);
	if (!state_load(wb, a, id, &s, &err) || state_any_open(&s) || s.status != ENV_COMPLETED)
		return;
	reconcile_soon(&s, clock_now_ms(wb->o.clock));
	state_write(&s, &c);
	(void)change_commit(&c, &err);
}

bool
env_connect(struct workbench *wb, struct arena *a, str id, str actor, const struct json **out,
    struct err *err)
{
	const struct json *answers, *given;
	const struct bundle *b;
	struct json *answer;
	struct state s;

	(void)actor; /* the link is the same for whoever may ask for it */
	if (!state_load(wb, a, id, &s, err))
		return false;
	if (env_status_ask(s.status, BUNDLE_CONNECT, true, err) != ASK_ACT)
		return false;
	if (!version_bundle(wb, a, state_text(&s, "type"), state_text(&s, "hash"), &b, err))
		return false;
	if (!b->verbs[BUNDLE_CONNECT].defined)
		return err_set(err, ERR_INVALID,
		    "Environment type " STR_FMT " cannot be connected to", STR_ARG(b->type));
	if (!call_all(&s, b, &answers, err)) {
		doubt(wb, a, s.id);
		return false;
	}
	if (!bundle_read_connect(a, b, answers, &given, err))
		return false;
	answer = json_new_object(a);
	json_put(a, answer, "authCredResponse", given);
	json_put_str(a, answer, "instructionResponse", b->instruction);
	*out = answer;
	return true;
}
