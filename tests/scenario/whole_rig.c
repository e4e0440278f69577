/* SPDX-License-Identifier: Apache-2.0 */
#include "whole_rig.h"

#include <unistd.h>

#include "app/inventory.h"
#include "base/buf.h"
#include "base/file.h"
#include "bundle/bundle.h"
#include "cloud/cloud.h"
#include "workbench/config.h"
#include "workbench/env.h"
#include "workbench/envtype.h"
#include "workbench/workbench.h"

#define OWNER S("11111111-2222-4333-8444-555555555555")
#define START_MS INT64_C(1651779543000)
#define LIMIT_MS (INT64_C(3) * 3600 * 1000)

/* --- driving ----------------------------------------------------------------------------- */

struct waiting {
	struct whole *w;
	const char *status;
	int64_t until_ms;
};

static bool
has_status(void *cookie)
{
	struct waiting *k = cookie;

	return str_is(whole_status(k->w), k->status);
}

static bool
has_passed(void *cookie)
{
	struct waiting *k = cookie;

	return k->w->now_ms >= k->until_ms;
}

void
whole_wait(struct whole *w, const char *status)
{
	struct waiting k = { w, status, 0 };
	const struct json *why;

	if (app_run(w->app, has_status, &k, LIMIT_MS, &w->err))
		return;
	print_error("waited for %s: " STR_FMT "\n", status, STR_ARG(w->err.msg));
	err_clear(&w->err);
	CHECK_OK(env_explain(app_workbench(w->app), w->a, w->env, &why, &w->err), &w->err);
	print_error(STR_FMT "\n", STR_ARG(json_text(w->a, why)));
	fail();
}

void
whole_run(struct whole *w, bool (*done)(void *cookie), void *cookie)
{
	CHECK_OK(app_run(w->app, done, cookie, LIMIT_MS, &w->err), &w->err);
}

void
whole_pass(struct whole *w, int64_t seconds)
{
	struct waiting k = { w, NULL, w->now_ms + seconds * 1000 };

	if (!app_run(w->app, has_passed, &k, seconds * 1000, &w->err))
		err_clear(&w->err); /* nothing was left to happen */
	if (w->now_ms < k.until_ms)
		w->now_ms = k.until_ms;
	while (app_step(w->app) <= w->now_ms)
		;
}

static bool
is_quiet(void *cookie)
{
	struct whole *w = cookie;

	return workbench_due(app_workbench(w->app)) > w->now_ms + 60 * 1000 &&
	    cloud_step(app_cloud(w->app), w->now_ms) > w->now_ms + 60 * 1000;
}

void
whole_quiet(struct whole *w)
{
	CHECK_OK(app_run(w->app, is_quiet, w, LIMIT_MS, &w->err), &w->err);
}

/* --- opening ----------------------------------------------------------------------------- */

static bool
is_published(void *cookie)
{
	struct whole *w = cookie;
	const struct json *version;

	if (envtype_version(
		app_workbench(w->app), w->a, S("sagemakerNotebook"), (str){ 0 }, &version, &w->err))
		return true;
	err_clear(&w->err);
	return false;
}

static void
publish(struct whole *w)
{
	struct findings findings = { .a = w->a };
	struct bundle b;

	CHECK_OK(bundle_load(w->a, SWB_SOURCE_ROOT "/environments/sagemakerNotebook", &b, &findings,
		     &w->err),
	    &w->err);
	assert_int_equal(findings.errors, 0);
	CHECK_OK(envtype_publish(app_workbench(w->app), w->a, &b, &w->err), &w->err);
	CHECK_OK(app_run(w->app, is_published, w, LIMIT_MS, &w->err), &w->err);
}

static void
create_type(struct whole *w)
{
	struct envtype_creation in = {
		.type = S("sagemakerNotebook"),
		.name = S("Notebook"),
		.status = S("APPROVED"),
		.owner = OWNER,
	};
	const struct json *type;

	CHECK_OK(envtype_create(app_workbench(w->app), w->a, &in, &type, &w->err), &w->err);
	w->type_id = json_str(json_get(type, "id"));
}

static void
create_config(struct whole *w)
{
	struct config_creation in = {
		.env_type_id = w->type_id,
		.type = S("sagemakerNotebook"),
		.name = S("small"),
		.owner = OWNER,
	};
	const struct json *config;

	CHECK_OK(json_parse(w->a,
		     S("[{\"key\":\"IamPolicyDocument\",\"value\":\"${iamPolicyDocument}\"},"
		       "{\"key\":\"InstanceType\",\"value\":\"ml.t3.medium\"},"
		       "{\"key\":\"AutoStopIdleTimeInMinutes\",\"value\":\"0\"},"
		       "{\"key\":\"CIDR\",\"value\":\"0.0.0.0/0\"}]"),
		     &in.params, &w->err),
	    &w->err);
	CHECK_OK(config_create(app_workbench(w->app), w->a, &in, &config, &w->err), &w->err);
	w->config_id = json_str(json_get(config, "id"));
}

static struct whole *
open_with(struct arena *a, struct clock *clock, int64_t instance_delay_ms)
{
	struct whole *w = arena_new(a, struct whole, 1);
	char dir[] = "/tmp/swb-whole-XXXXXX";
	struct app_options options = {
		.clock = clock != NULL ? clock : &w->clock.clock,
		.faults = &w->faults,
		.instance_delay_ms = instance_delay_ms,
		.public_url = "http://127.0.0.1:8080",
	};

	w->a = a;
	err_init(&w->err, a);
	assert_non_null(mkdtemp(dir));
	w->dir = str_z(a, str_of(dir));
	w->now_ms = START_MS;
	test_clock_init(&w->clock, &w->now_ms);
	options.data_dir = w->dir;
	CHECK_OK(app_open(&options, &w->app, &w->err), &w->err);
	publish(w);
	create_type(w);
	create_config(w);
	w->project_id = app_home(w->app)->project_id;
	CHECK_OK(
	    inventory_take(w->app, a, app_home(w->app)->hosting_account, &w->inventory, &w->err),
	    &w->err);
	return w;
}

struct whole *
whole_open(struct arena *a, int64_t instance_delay_ms)
{
	return open_with(a, NULL, instance_delay_ms);
}

struct whole *
whole_open_real(struct arena *a)
{
	return open_with(a, clock_real(), 5);
}

void
whole_close(struct whole *w)
{
	str *names;
	size_t count;

	app_close(w->app);
	CHECK_OK(dir_list(w->a, w->dir, &names, &count, &w->err), &w->err);
	for (size_t i = 0; i < count; i++)
		(void)remove(path_join(w->a, w->dir, str_z(w->a, names[i])));
	(void)rmdir(w->dir);
}

void
whole_fault(struct whole *w, struct fault_rule rule)
{
	assert_true(w->faults.rule_count < countof(w->faults.rules));
	w->faults.rules[w->faults.rule_count++] = rule;
}

void
whole_faultless(struct whole *w)
{
	w->faults.rule_count = 0;
}

/* --- verbs ------------------------------------------------------------------------------- */

void
whole_launch(struct whole *w)
{
	struct env_launch_request in = {
		.name = S("test"),
		.description = S("a test"),
		.env_type = S("sagemakerNotebook"),
		.env_type_id = w->type_id,
		.env_type_config_id = w->config_id,
		.project_id = w->project_id,
		.owner = OWNER,
	};
	const struct json *env;

	CHECK_OK(env_launch(app_workbench(w->app), w->a, &in, &env, &w->err), &w->err);
	w->env = json_str(json_get(env, "id"));
}

void
whole_ask_start(struct whole *w)
{
	CHECK_OK(env_start(app_workbench(w->app), w->a, w->env, OWNER, &w->err), &w->err);
}

void
whole_ask_stop(struct whole *w)
{
	CHECK_OK(env_stop(app_workbench(w->app), w->a, w->env, OWNER, &w->err), &w->err);
}

void
whole_ask_terminate(struct whole *w)
{
	CHECK_OK(env_terminate(app_workbench(w->app), w->a, w->env, OWNER, &w->err), &w->err);
}

/* --- what is seen ------------------------------------------------------------------------ */

static const struct json *
environment(struct whole *w)
{
	const struct json *env = NULL;

	CHECK_OK(env_get(app_workbench(w->app), w->a, w->env, &env, &w->err), &w->err);
	return env;
}

str
whole_member(struct whole *w, const char *name)
{
	return json_str(json_get(environment(w), name));
}

str
whole_status(struct whole *w)
{
	return whole_member(w, "status");
}

str
whole_error(struct whole *w)
{
	return json_str(json_path(environment(w), "error", "value", NULL));
}

str
whole_statuses(struct whole *w)
{
	const struct json *history = NULL;
	struct buf b = buf_in(w->a);

	CHECK_OK(env_history(app_workbench(w->app), w->a, w->env, &history, &w->err), &w->err);
	for (const struct json *h = json_first(history); h != NULL; h = h->next)
		if (json_get(h, "to") != NULL)
			buf_fmt(&b, "%s" STR_FMT, b.len > 0 ? " " : "",
			    STR_ARG(json_str(json_get(h, "to"))));
	return buf_str(&b);
}

bool
whole_history_has(struct whole *w, const char *text)
{
	const struct json *history = NULL;

	CHECK_OK(env_history(app_workbench(w->app), w->a, w->env, &history, &w->err), &w->err);
	for (const struct json *h = json_first(history); h != NULL; h = h->next)
		if (str_has(json_str(json_get(h, "text")), str_of(text)))
			return true;
	return false;
}

void
whole_terminate(struct whole *w)
{
	const struct json *now;

	whole_ask_terminate(w);
	whole_wait(w, "TERMINATED");
	whole_quiet(w);
	CHECK_OK(inventory_take(w->app, w->a, app_home(w->app)->hosting_account, &now, &w->err),
	    &w->err);
	CHECK_STR(inventory_more(w->a, w->inventory, now), "", "left behind");
}

const struct json *
whole_call(struct whole *w, const char *service, const char *operation, const char *in)
{
	const struct json *input = NULL, *out = NULL;

	CHECK_OK(json_parse(w->a, str_replace(w->a, str_of(in), S("'"), S("\"")), &input, &w->err),
	    &w->err);
	CHECK_OK(app_cloud_call(w->app, w->a, app_home(w->app)->hosting_account, service, operation,
		     input, &out, &w->err),
	    &w->err);
	return out;
}

unsigned
whole_provisioned(struct whole *w)
{
	unsigned count = 0;
	str token = { 0 };

	do {
		const struct json *out = whole_call(w, "servicecatalog", "ListRecordHistory",
		    str_z(w->a,
			str_fmt(w->a,
			    "{'AccessLevelFilter':{'Key':'Account','Value':'self'}%s" STR_FMT "%s}",
			    token.len > 0 ? ",'PageToken':'" : "", STR_ARG(token),
			    token.len > 0 ? "'" : "")));
		const struct json *e = json_first(json_get(out, "RecordDetails"));

		for (; e != NULL; e = e->next)
			count += str_is(json_str(json_get(e, "RecordType")), "PROVISION_PRODUCT");
		token = json_str(json_get(out, "NextPageToken"));
	} while (token.len > 0);
	return count;
}
