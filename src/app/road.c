/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/road.c: the stages of one life, and what must be true at its end.
 *
 * A stage begins by asking for its verb, unless an earlier run of the program got that far, and
 * is over when the environment rests. Between, the app's loop turns and what the environment's
 * history gains is told.
 */
#include "app/road.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/inventory.h"
#include "app/internal.h"
#include "app/publish.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "bundle/bundle.h"
#include "workbench/env.h"

#define ENV_NAME S("type-test")
#define CONFIG_NAME S("type-test")
#define FAIL_MESSAGE "made to fail by this test"

/* A launch or terminate may wait for its deadline, a lost event for the reconciler. */
#define STAGE_LIMIT_MS (INT64_C(90) * 60 * 1000)

/* A simulated instance takes as long as a real one likes to. */
#define INSTANCE_DELAY_MS (INT64_C(90) * 1000)

struct road {
	const struct road_options *options;
	struct road_state *state;
	struct arena *a;
	struct app *app;
	struct test_clock clock;
	str env_id, type_id, config_id;
	const struct json *inventory; /* of the hosting account before the launch */
	int64_t began_at_ms;          /* simulated, of the launch */
	double began_real_ms;
	size_t told; /* entries of the history */
	struct log log;
	char *logged; /* what log wrote */
	size_t logged_bytes;
	uint64_t told_at_commit;
};

double
road_real_ms(void)
{
	return (double)clock_monotonic_us() / 1e3;
}

static void
count_or_crash(void *cookie, uint64_t nth)
{
	struct road *r = cookie;

	(void)nth; /* counts within this run; ours goes on over a restart */
	if (++r->state->commits == r->options->crash_at)
		_exit(ROAD_CRASH_STATUS);
}

static bool
is_stopped(const struct road *r)
{
	return r->options->stop != NULL && *r->options->stop != 0;
}

/* --- telling ------------------------------------------------------------------------- */

/* "+0:03:12.045" */
static str
offset(struct arena *a, int64_t ms)
{
	return str_fmt(a, "+%lld:%02lld:%02lld.%03lld", (long long)(ms / 3600000),
	    (long long)(ms / 60000 % 60), (long long)(ms / 1000 % 60), (long long)(ms % 1000));
}

static void
tell_entry(struct road *r, struct arena *a, const struct json *e)
{
	str kind = json_str(json_get(e, "kind")), text = json_str(json_get(e, "text"));
	str to = json_str(json_get(e, "to")), step = json_str(json_get(e, "step"));
	int64_t at = 0;

	(void)time_parse(
	    json_str(json_get(e, "at")), &at); /* an entry without time is at the start */
	if (r->began_at_ms == 0)
		r->began_at_ms = at;
	fprintf(r->options->timeline, "  %s  %7.1f ms  ", str_z(a, offset(a, at - r->began_at_ms)),
	    road_real_ms() - r->began_real_ms);
	if (str_is(kind, "transition"))
		fprintf(r->options->timeline, STR_FMT, STR_ARG(to));
	else
		fprintf(r->options->timeline, "    " STR_FMT, STR_ARG(step.len > 0 ? step : kind));
	fprintf(r->options->timeline, "%s" STR_FMT "\n", text.len > 0 ? ": " : "", STR_ARG(text));
}

/* Tells what the history has gained; asks only where something was written since. */
static bool
tell(struct road *r, struct err *err)
{
	auto_arena a = { 0 };
	const struct json *history;
	size_t i = 0;

	if (r->options->timeline == NULL || r->told_at_commit == r->state->commits)
		return true;
	r->told_at_commit = r->state->commits;
	if (!env_history(app_workbench(r->app), &a, r->env_id, &history, err))
		return false;
	for (const struct json *e = json_first(history); e != NULL; e = e->next)
		if (i++ >= r->told)
			tell_entry(r, &a, e);
	r->told = i;
	return true;
}

/* --- where the environment is ---------------------------------------------------------- */

static const struct json *
load_env(struct road *r, struct arena *a, struct err *err)
{
	const struct json *env;

	return env_get(app_workbench(r->app), a, r->env_id, &env, err) ? env : NULL;
}

static bool
is_status(struct road *r, const char *status)
{
	auto_arena a = { 0 };
	struct err err;

	err_init(&err, &a);
	return str_is(json_str(json_get(load_env(r, &a, &err), "status")), status);
}

struct rest {
	struct road *road;
	struct err *err;
};

/* Nothing is under way: whether it is what the stage wanted is check_stage()'s to say. */
static bool
is_at_rest(void *cookie)
{
	static const char *const under_way[] = { "PENDING", "STARTING", "STOPPING", "TERMINATING" };
	struct rest *rest = cookie;

	if (is_stopped(rest->road) || !tell(rest->road, rest->err))
		return true;
	for (size_t i = 0; i < countof(under_way); i++)
		if (is_status(rest->road, under_way[i]))
			return false;
	return true;
}

/* --- before the launch ------------------------------------------------------------------- */

/* Taken once, before the first launch; a program that is started again reads what it held. */
static bool
ensure_inventory(struct road *r, struct err *err)
{
	const char *path = path_join(r->a, r->options->data_dir, "inventory-before.json");
	str text;

	if (file_read(r->a, path, (size_t)1 << 20, &text, err))
		return json_parse(r->a, text, &r->inventory, err);
	if (err->kind != ERR_NOT_FOUND)
		return false;
	err_clear(err);
	return inventory_take(
		   r->app, r->a, app_home(r->app)->hosting_account, &r->inventory, err) &&
	    file_write(path, json_text(r->a, r->inventory), 0600, err);
}

/* From here on the faults happen: they are meant for the environment, not for the set-up. */
static void
arm(struct road *r)
{
	struct fault_plan *plan = &r->state->plan;

	if (r->state->plan_is_armed)
		return;
	r->state->plan_is_armed = true;
	plan->events = 0;
	if (r->options->fail_resource != NULL)
		plan->rules[plan->rule_count++] = (struct fault_rule){ .kind = FAULT_FAIL_CREATE,
			.name = r->options->fail_resource,
			.message = FAIL_MESSAGE };
	if (r->options->drop_event > 0)
		plan->rules[plan->rule_count++] = (struct fault_rule){
			.kind = FAULT_DROP_EVENT, .first = r->options->drop_event, .count = 1
		};
}

/* --- the stages ---------------------------------------------------------------------------- */

/* In the state, too: lists leave a terminated environment out. */
static void
remember_env(struct road *r, str id)
{
	r->env_id = id;
	snprintf(r->state->env_id, sizeof(r->state->env_id), STR_FMT, STR_ARG(id));
}

/* The environment of an earlier run, also where its launch was stopped before it was told. */
static bool
find_env(struct road *r, struct err *err)
{
	const struct env_query q = { .attribute = S("name"), .from = ENV_NAME, .to = ENV_NAME };
	struct env_page page;

	r->env_id = str_of(r->state->env_id);
	if (r->env_id.len > 0)
		return true;
	if (!env_list(app_workbench(r->app), r->a, &q, &page, err))
		return false;
	remember_env(r, json_str(json_get(json_at(page.items, 0), "id")));
	return true;
}

static bool
begin_launch(struct road *r, struct err *err)
{
	const struct env_launch_request launch = {
		.name = ENV_NAME,
		.description = S("Made by swb type test"),
		.env_type = r->options->bundle->type,
		.env_type_id = r->type_id,
		.env_type_config_id = r->config_id,
		.project_id = app_home(r->app)->project_id,
		.owner = PUBLISH_OWNER,
	};
	const struct json *env;

	if (r->env_id.len > 0)
		return true;
	if (!env_launch(app_workbench(r->app), r->a, &launch, &env, err))
		return false;
	remember_env(r, json_str(json_get(env, "id")));
	return true;
}

static bool
begin_connect(struct road *r, struct err *err)
{
	const struct json *answer;

	if (!env_connect(app_workbench(r->app), r->a, r->env_id, PUBLISH_OWNER, &answer, err))
		return false;
	if (r->options->timeline != NULL)
		fprintf(r->options->timeline, "  %s  %7.1f ms  connect: " STR_FMT "\n",
		    str_z(r->a, offset(r->a, r->state->now_ms - r->began_at_ms)),
		    road_real_ms() - r->began_real_ms,
		    STR_ARG(json_str(json_get(answer, "instructionResponse"))));
	return true;
}

static bool
begin_start(struct road *r, struct err *err)
{
	return env_start(app_workbench(r->app), r->a, r->env_id, PUBLISH_OWNER, err);
}

static bool
begin_stop(struct road *r, struct err *err)
{
	return env_stop(app_workbench(r->app), r->a, r->env_id, PUBLISH_OWNER, err);
}

static bool
begin_terminate(struct road *r, struct err *err)
{
	return env_terminate(app_workbench(r->app), r->a, r->env_id, PUBLISH_OWNER, err);
}

static const struct stage {
	const char *name;
	enum bundle_verb verb;
	bool needs_running; /* only for an environment whose launch went well */
	bool (*begin)(struct road *r, struct err *err);
	const char *end; /* where it must end, unless a resource was made to fail */
} stages[] = {
	[ROAD_LAUNCH] = { "launch", BUNDLE_LAUNCH, false, begin_launch, "COMPLETED" },
	[ROAD_CONNECT] = { "connect", BUNDLE_CONNECT, true, begin_connect, "COMPLETED" },
	[ROAD_STOP] = { "stop", BUNDLE_STOP, true, begin_stop, "STOPPED" },
	[ROAD_START] = { "start", BUNDLE_START, true, begin_start, "COMPLETED" },
	[ROAD_STOP_AGAIN] = { "stop", BUNDLE_STOP, true, begin_stop, "STOPPED" },
	[ROAD_TERMINATE] = { "terminate", BUNDLE_TERMINATE, false, begin_terminate, "TERMINATED" },
};
static_assert(countof(stages) == ROAD_STAGE_COUNT, "one row per stage");

/* A launch whose resource was made to fail must fail, and say so in the resource's own words. */
static bool
check_failed_launch(struct road *r, struct err *err)
{
	const struct json *env = load_env(r, r->a, err);
	str status, text;

	if (env == NULL)
		return false;
	status = json_str(json_get(env, "status"));
	text = json_str(json_path(env, "error", "value", NULL));
	if (!str_is(status, "FAILED"))
		return err_set(err, ERR_CONFLICT,
		    "%s was made to fail, but the environment is " STR_FMT,
		    r->options->fail_resource, STR_ARG(status));
	if (!str_has(text, S(FAIL_MESSAGE)))
		return err_set(err, ERR_CONFLICT,
		    "the failure of %s does not stand in the environment's error: " STR_FMT,
		    r->options->fail_resource, STR_ARG(text));
	return true;
}

static bool
check_stage(struct road *r, const struct stage *s, struct err *err)
{
	bool good = is_status(r, s->end);
	const struct json *env;

	if (s == &stages[ROAD_LAUNCH])
		r->state->launched_ok = good;
	if (s == &stages[ROAD_LAUNCH] && r->options->fail_resource != NULL)
		return check_failed_launch(r, err);
	if (good)
		return true;
	env = load_env(r, r->a, err);
	if (env == NULL)
		return false;
	return err_set(err, ERR_CONFLICT, "%s ended in " STR_FMT ": " STR_FMT, s->name,
	    STR_ARG(json_str(json_get(env, "status"))),
	    STR_ARG(json_str(json_path(env, "error", "value", NULL))));
}

/* Why it did not come to rest, in the words that a person would be told. */
static bool
explain_stuck(struct road *r, const struct stage *s, struct err *err)
{
	struct err ignored;
	const struct json *explanation;

	err_init(&ignored, r->a);
	if (env_explain(app_workbench(r->app), r->a, r->env_id, &explanation, &ignored))
		return err_prefix(err, "%s does not end: " STR_FMT, s->name,
		    STR_ARG(json_text(r->a, explanation)));
	return err_prefix(err, "%s does not end", s->name);
}

static void
report_stage(struct road *r, const struct stage *s, int64_t simulated_ms, double took_ms)
{
	auto_arena scratch = { 0 };
	struct json *row;
	struct err err;

	if (r->options->report == NULL)
		return;
	err_init(&err, &scratch);
	row = json_push(
	    r->a, (struct json *)json_get(r->options->report, "steps"), json_new_object(r->a));
	json_put_str(r->a, row, "verb", str_of(s->name));
	json_put_str(r->a, row, "status",
	    str_dup(r->a, json_str(json_get(load_env(r, &scratch, &err), "status"))));
	json_put_i64(r->a, row, "simulatedMs", simulated_ms);
	json_put_i64(r->a, row, "realMicroseconds", (int64_t)(took_ms * 1000));
}

static bool
run_stage(struct road *r, const struct stage *s, struct err *err)
{
	int64_t simulated = r->state->now_ms;
	double real = road_real_ms();
	struct rest rest = { r, err };

	if (!r->options->bundle->verbs[s->verb].defined ||
	    (s->needs_running && !r->state->launched_ok))
		return true;
	if (!s->begin(r, err))
		return err_prefix(err, "%s", s->name);
	if (!app_run(r->app, is_at_rest, &rest, STAGE_LIMIT_MS, err))
		return explain_stuck(r, s, err);
	if (is_stopped(r))
		return err_set(err, ERR_TIMEOUT, "told to stop during %s", s->name);
	report_stage(r, s, r->state->now_ms - simulated, road_real_ms() - real);
	return err->kind == ERR_NONE && check_stage(r, s, err);
}

/* --- the end --------------------------------------------------------------------------------- */

/* Provisioning records of the account: each launch leaves one, however often a step was repeated.
 */
static bool
check_provisioned_once(struct road *r, struct err *err)
{
	const struct json *in, *out;
	int64_t count = 0;

	if (!json_parse(r->a, S("{\"AccessLevelFilter\":{\"Key\":\"Account\",\"Value\":\"self\"}}"),
		&in, err) ||
	    !app_cloud_call(r->app, r->a, app_home(r->app)->hosting_account, "servicecatalog",
		"ListRecordHistory", in, &out, err))
		return false;
	for (const struct json *e = json_first(json_get(out, "RecordDetails")); e != NULL;
	     e = e->next)
		count += str_is(json_str(json_get(e, "RecordType")), "PROVISION_PRODUCT");
	if (count != 1)
		return err_set(
		    err, ERR_CONFLICT, "provisioned %lld times instead of once", (long long)count);
	return true;
}

static bool
is_quiet(void *cookie)
{
	struct road *r = cookie;

	return workbench_due(app_workbench(r->app)) > r->state->now_ms &&
	    cloud_step(app_cloud(r->app), r->state->now_ms) > r->state->now_ms;
}

static bool
check_end(struct road *r, struct err *err)
{
	str account = app_home(r->app)->hosting_account, left, gone;
	const struct json *after;

	/* Events of the last moment may still be under way. */
	if (!app_run(r->app, is_quiet, r, STAGE_LIMIT_MS, err) || !tell(r, err))
		return false;
	if (!inventory_take(r->app, r->a, account, &after, err))
		return false;
	left = inventory_more(r->a, r->inventory, after);
	if (left.len > 0)
		return err_set(err, ERR_CONFLICT, "left behind in account " STR_FMT ": " STR_FMT,
		    STR_ARG(account), STR_ARG(left));
	gone = inventory_more(r->a, after, r->inventory);
	if (gone.len > 0)
		return err_set(err, ERR_CONFLICT,
		    "taken away from account " STR_FMT ", which had it before: " STR_FMT,
		    STR_ARG(account), STR_ARG(gone));
	return check_provisioned_once(r, err);
}

static void
report_history(struct road *r)
{
	const struct json *history;
	struct json *statuses;
	struct err err;

	err_init(&err, r->a);
	if (r->options->report == NULL)
		return;
	json_put_i64(r->a, r->options->report, "writes", (int64_t)r->state->commits);
	json_put_i64(r->a, r->options->report, "events", (int64_t)r->state->plan.events);
	statuses = json_put(r->a, r->options->report, "statuses", json_new_array(r->a));
	if (r->app == NULL || r->env_id.len == 0 ||
	    !env_history(app_workbench(r->app), r->a, r->env_id, &history, &err))
		return;
	for (const struct json *e = json_first(history); e != NULL; e = e->next)
		if (str_is(json_str(json_get(e, "kind")), "transition"))
			json_push(r->a, statuses, json_get(e, "to"));
}

static bool
prepare(struct road *r, struct err *err)
{
	const struct app_options options = {
		.data_dir = r->options->data_dir,
		.clock = &r->clock.clock,
		.log = &r->log,
		.faults = &r->state->plan,
		.instance_delay_ms = INSTANCE_DELAY_MS,
		.public_url = "http://127.0.0.1:8080",
		.before_commit = count_or_crash,
		.cookie = r,
	};
	const struct bundle *b = r->options->bundle;
	double began = road_real_ms();

	if (!app_open(&options, &r->app, err))
		return err_prefix(err, "set-up");
	if (!publish_bundle(r->app, r->a, b, err) ||
	    !publish_ensure_type(r->app, r->a, b, &r->type_id, err) ||
	    !publish_ensure_config(
		r->app, r->a, b, r->type_id, CONFIG_NAME, r->options->config, &r->config_id, err) ||
	    !ensure_inventory(r, err) || !find_env(r, err))
		return false;
	if (r->options->timeline != NULL)
		fprintf(r->options->timeline,
		    "  two accounts set up, type published            %7.1f ms\n\n",
		    road_real_ms() - began);
	return true;
}

static bool
go(struct road *r, struct err *err)
{
	if (!prepare(r, err))
		return false;
	arm(r);
	r->began_real_ms = road_real_ms();
	for (; r->state->stage < ROAD_STAGE_COUNT; r->state->stage++)
		if (!run_stage(r, &stages[r->state->stage], err))
			return false;
	return check_end(r, err);
}

/* Errors are kept, not shown: the last one tells why nothing went on, where that is so. */
static void
open_log(struct road *r)
{
	r->log.out = open_memstream(&r->logged, &r->logged_bytes);
	r->log.least = r->log.out == NULL ? LOG_NONE : LOG_ERROR;
	r->log.clock = &r->clock.clock;
}

static void
close_log(struct road *r, struct err *err)
{
	str line, last = { 0 };

	if (r->log.out == NULL)
		return;
	(void)fclose(r->log.out); /* memory; what did not fit is not there */
	for (str rest = { r->logged, r->logged_bytes }; str_cut(&rest, '\n', &line);)
		if (line.len > 0)
			last = line;
	if (err->kind != ERR_NONE && last.len > 0)
		err->msg = str_fmt(r->a, STR_FMT "\nthe last trouble on the way: " STR_FMT,
		    STR_ARG(err->msg), STR_ARG(last));
	free(r->logged);
}

bool
road_run(
    const struct road_options *options, struct road_state *state, struct arena *a, struct err *err)
{
	struct road r = { .options = options, .state = state, .a = a };
	bool ok;

	test_clock_init(&r.clock, &state->now_ms);
	open_log(&r);
	if (options->report != NULL)
		json_put(a, options->report, "steps", json_new_array(a));
	ok = go(&r, err);
	state->events = state->plan.events;
	report_history(&r);
	app_close(r.app);
	close_log(&r, err);
	return ok;
}
