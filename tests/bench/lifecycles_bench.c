/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many lives in one process: does it grow, does it slow down? Environments are launched and
 * terminated in one app, and resident memory and time per life are told at every tenth of the way.
 * Fails where memory grows once the caches are full.
 * argv: the type's folder, the number of lives.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "measure.h"

#include "app/app.h"
#include "app/publish.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "bundle/bundle.h"
#include "workbench/env.h"

#define LIMIT_MS (INT64_C(3600) * 1000)

#define SETTLED 1000 /* lives, after which the caches are full */
#define MOST_GROWTH_PERCENT 5

struct lives {
	struct app *app;
	const struct bundle *bundle;
	str type_id, config_id;
	str env_id;
	const char *awaited;
};

static void
give_up(const struct err *err)
{
	fprintf(stderr, "failed: " STR_FMT "\n", STR_ARG(err->msg));
	exit(1);
}

static long
resident_kib(void)
{
	long pages = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f != NULL) {
		if (fscanf(f, "%ld %ld", &pages, &resident) != 2)
			resident = 0;
		fclose(f);
	}
	return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static bool
is_awaited(void *cookie)
{
	struct lives *l = cookie;
	auto_arena a = { 0 };
	const struct json *env;
	struct err err;

	err_init(&err, &a);
	return env_get(app_workbench(l->app), &a, l->env_id, &env, &err) &&
	    str_is(json_str(json_get(env, "status")), l->awaited);
}

static bool
prepare(struct lives *l, struct arena *a, struct err *err)
{
	return publish_bundle(l->app, a, l->bundle, err) &&
	    publish_ensure_type(l->app, a, l->bundle, &l->type_id, err) &&
	    publish_ensure_config(l->app, a, l->bundle, l->type_id, S("bench"), json_new_array(a),
		&l->config_id, err);
}

static bool
live(struct lives *l, struct arena *a, struct err *err)
{
	const struct env_launch_request launch = {
		.name = S("bench"),
		.description = S("bench"),
		.env_type = l->bundle->type,
		.env_type_id = l->type_id,
		.env_type_config_id = l->config_id,
		.project_id = app_home(l->app)->project_id,
		.owner = PUBLISH_OWNER,
	};
	const struct json *env;

	if (!env_launch(app_workbench(l->app), a, &launch, &env, err))
		return false;
	l->env_id = json_str(json_get(env, "id"));
	l->awaited = "COMPLETED";
	if (!app_run(l->app, is_awaited, l, LIMIT_MS, err) ||
	    !env_terminate(app_workbench(l->app), a, l->env_id, PUBLISH_OWNER, err))
		return false;
	l->awaited = "TERMINATED";
	return app_run(l->app, is_awaited, l, LIMIT_MS, err);
}

/* False: it grew. */
static bool
live_many(struct lives *l, long count)
{
	auto_arena a = { 0 };
	double began = now_ms();
	long settled = 0;
	struct err err;

	for (long i = 1; i <= count; i++) {
		arena_reset(&a);
		err_init(&err, &a);
		if (!live(l, &a, &err))
			give_up(&err);
		if (i == SETTLED)
			settled = resident_kib();
		if (i % (count / 10) != 0)
			continue;
		printf("  %6ld lives: %6ld KiB resident, %.2f ms a life\n", i, resident_kib(),
		    (now_ms() - began) / ((double)count / 10));
		fflush(stdout);
		began = now_ms();
	}
	if (settled == 0 || resident_kib() <= settled + settled * MOST_GROWTH_PERCENT / 100)
		return true;
	printf(
	    "it grew from %ld KiB after %d lives to %ld KiB\n", settled, SETTLED, resident_kib());
	return false;
}

int
main(int argc, char **argv)
{
	int64_t now = INT64_C(1767225600000);
	struct lives l = { 0 };
	struct test_clock clock;
	auto_arena a = { 0 };
	struct findings findings = { .a = &a };
	struct bundle bundle;
	struct err err;
	const char *dir;
	long count = argc == 3 ? atol(argv[2]) : 0;
	bool good;

	if (count < 10) {
		fprintf(stderr, "usage: lifecycles_bench DIR LIVES (10 at the least)\n");
		return 2;
	}
	err_init(&err, &a);
	test_clock_init(&clock, &now);
	if (!dir_make_temp(&a, "swb-lifecycles-", &dir, &err) ||
	    !bundle_load(&a, argv[1], &bundle, &findings, &err) ||
	    !app_open(
		&(struct app_options){
		    .data_dir = dir,
		    .clock = &clock.clock,
		    .instance_delay_ms = 90000,
		    .public_url = "http://127.0.0.1:8080",
		},
		&l.app, &err))
		give_up(&err);
	l.bundle = &bundle;
	if (!prepare(&l, &a, &err))
		give_up(&err);
	printf("launched and terminated in one process, simulated time:\n");
	good = live_many(&l, count);
	app_close(l.app);
	return dir_remove(dir, &err) && good ? 0 : 1;
}
