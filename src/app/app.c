/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/app.c: opens the parts in the order in which they lean on each other, and turns the one
 * loop that drives them.
 */
#include "app/embed.h"
#include "app/internal.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/id.h"

/* A real region: patterns of real documents accept no other. */
#define REGION S("us-east-1")

static void
count_commit(void *cookie, uint64_t nth)
{
	struct app *app = cookie;
	uint64_t of_both = atomic_fetch_add(&app->commits, 1) + 1;

	(void)nth; /* counts within one store */
	if (app->options.before_commit != NULL)
		app->options.before_commit(app->options.cookie, of_both);
}

/*
 * The workbench syncs what it acknowledges. What the simulated cloud did in the last moments before
 * a loss of power it may forget: the workbench then finds it as it finds any other loss of AWS's.
 */
static bool
open_store(struct app *app, const char *file, const struct store_index *indexes, size_t count,
    const char *const *brief, enum store_sync sync, struct store **out, struct err *err)
{
	const struct store_options options = {
		.path = path_join(&app->a, app->options.data_dir, file),
		.indexes = indexes,
		.index_count = count,
		.brief = brief,
		.sync = app->options.durable ? sync : STORE_SYNC_NEVER,
		.before_commit = count_commit,
		.cookie = app,
	};

	return store_open_sqlite(&options, out, err);
}

/* The secret that the cloud shows with each event: made once, kept in the data folder. */
static bool
load_events_secret(struct app *app, struct err *err)
{
	const char *path = path_join(&app->a, app->options.data_dir, "events-secret");

	if (file_read(&app->a, path, 128, &app->events_secret, err))
		return true;
	if (err->kind != ERR_NOT_FOUND)
		return false;
	err_clear(err);
	app->events_secret = id_alnum(&app->a, 40);
	return file_write(path, app->events_secret, 0600, err);
}

void
app_tell_activity(struct app *app, enum app_part of)
{
	if (app->activity != NULL)
		app->activity(app->activity_cookie, of);
}

static bool
handle_cloud(void *cookie, struct arena *a, const struct http_request *req,
    struct http_response *resp, struct err *err)
{
	struct app *app = cookie;
	bool answered = cloud_handle(app->cloud, a, req, resp, err);

	app_tell_activity(app, APP_CLOUD);
	return answered;
}

static void
tell_delivery(void *cookie)
{
	app_tell_activity(cookie, APP_DELIVERY);
}

static bool
open_cloud(struct app *app, struct err *err)
{
	const struct app_options *o = &app->options;

	simulated_compute_init(&app->compute, o->clock, o->instance_delay_ms);
	direct_transport_init(&app->to_router, app_route, app);
	const struct cloud_options cloud = {
		.store = app->cloud_store,
		.clock = o->clock,
		.compute = &app->compute.compute,
		.deliver = &app->to_router.transport,
		.faults = o->faults,
		.log = o->log,
		.region = REGION,
		.public_url = str_of(o->public_url),
		.on_delivery = tell_delivery,
		.cookie = app,
		.rows_per_step = o->cloud_rows_per_step,
	};
	if (!cloud_new(&cloud, &app->cloud, err))
		return false;
	direct_transport_init(&app->to_cloud, handle_cloud, app);
	app->aws = aws_client_new(&(struct aws_client_options){
	    .transport = &app->to_cloud.transport,
	    .clock = o->clock,
	    .region = REGION,
	});
	return true;
}

static bool
open_workbench(struct app *app, struct err *err)
{
	const struct workbench_options options = {
		.store = app->workbench_store,
		.clock = app->options.clock,
		.aws = app->aws,
		.base = app->main_root,
		.stack = app->home.namespace,
		.hosting_template = embed_hosting_account_template(),
		.endpoint = str_of(app->options.serves ? app->options.public_url : ""),
		.event_secret = app->events_secret,
		.log = app->options.log,
	};

	return workbench_open(&options, &app->workbench, err);
}

static bool
open_parts(struct app *app, struct err *err)
{
	return open_store(app, "cloud.db", cloud_store_indexes, cloud_store_index_count,
		   cloud_store_brief, STORE_SYNC_SOON, &app->cloud_store, err) &&
	    open_store(app, "workbench.db", workbench_store_indexes, workbench_store_index_count,
		workbench_store_brief, STORE_SYNC_COMMIT, &app->workbench_store, err) &&
	    load_events_secret(app, err) && open_cloud(app, err) && app_setup_accounts(app, err) &&
	    open_workbench(app, err) && app_setup_workbench(app, err);
}

bool
app_open(const struct app_options *options, struct app **out, struct err *err)
{
	struct app *app = calloc(1, sizeof(*app));

	if (app == NULL)
		abort(); /* as base/arena.c: without memory nothing can go on */
	app->options = *options;
	app->home.region = REGION;
	if (!open_parts(app, err)) {
		app_close(app);
		return false;
	}
	*out = app;
	return true;
}

void
app_close(struct app *app)
{
	if (app == NULL)
		return;
	workbench_close(app->workbench);
	aws_client_free(app->aws);
	cloud_free(app->cloud);
	if (app->workbench_store != NULL)
		store_close(app->workbench_store);
	if (app->cloud_store != NULL)
		store_close(app->cloud_store);
	arena_fini(&app->a);
	free(app);
}

struct workbench *
app_workbench(struct app *app)
{
	return app->workbench;
}

struct cloud *
app_cloud(struct app *app)
{
	return app->cloud;
}

const struct app_home *
app_home(struct app *app)
{
	return &app->home;
}

bool
app_cloud_call(struct app *app, struct arena *a, str account, const char *service,
    const char *operation, const struct json *in, const struct json **out, struct err *err)
{
	bool main = str_eq(account, app->home.main_account);

	return aws_call(app->aws, a, main ? &app->main_root : &app->hosting_root, service,
	    operation, in, out, err);
}

int64_t
app_step(struct app *app)
{
	int64_t now = clock_now_ms(app->options.clock);
	int64_t cloud = cloud_step(app->cloud, now);
	/* While the accounts are set up there is no workbench yet. */
	int64_t workbench =
	    app->workbench == NULL ? CLOCK_NEVER : workbench_step(app->workbench, now);

	return cloud < workbench ? cloud : workbench;
}

bool
app_run(
    struct app *app, bool (*done)(void *cookie), void *cookie, int64_t limit_ms, struct err *err)
{
	struct clock *clock = app->options.clock;
	int64_t end = clock_now_ms(clock) + limit_ms;

	while (!done(cookie)) {
		int64_t due = app_step(app), now = clock_now_ms(clock);

		if (due <= now)
			continue;
		if (due == CLOCK_NEVER) /* done may itself have done the last piece of work */
			return done(cookie) ||
			    err_set(err, ERR_TIMEOUT, "nothing is left that could happen");
		if (due > end)
			return err_set(
			    err, ERR_TIMEOUT, "not within %lld s", (long long)(limit_ms / 1000));
		clock_wait_ms(clock, due - now);
	}
	return true;
}
