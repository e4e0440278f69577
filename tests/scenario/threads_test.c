/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many environments at once, by the machine's clock, with several threads that step the workbench
 * and one that steps the cloud, as a server does: every environment gets where it was asked to,
 * and each is provisioned once.
 */
#include "whole_rig.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "cloud/cloud.h"
#include "workbench/env.h"
#include "workbench/workbench.h"

#define ENVIRONMENTS 12
#define STEPPERS 4
#define OWNER S("11111111-2222-4333-8444-555555555555")

struct server {
	struct whole *w;
	atomic_bool stop;
};

static void
moment(void)
{
	nanosleep(&(struct timespec){ 0, 500000 }, NULL);
}

static void *
step_workbench(void *cookie)
{
	struct server *s = cookie;
	struct workbench *wb = app_workbench(s->w->app);

	while (!atomic_load(&s->stop)) {
		int64_t now = clock_now_ms(clock_real());

		if (workbench_step(wb, now) > now)
			moment();
	}
	return NULL;
}

static void *
step_cloud(void *cookie)
{
	struct server *s = cookie;

	while (!atomic_load(&s->stop)) {
		int64_t now = clock_now_ms(clock_real());

		if (cloud_step(app_cloud(s->w->app), now) > now)
			moment();
	}
	return NULL;
}

static bool
all_are(struct whole *w, const str *ids, const char *status)
{
	auto_arena a = { 0 };
	struct err err;

	err_init(&err, &a);
	for (size_t i = 0; i < ENVIRONMENTS; i++) {
		const struct json *env;

		CHECK_OK(env_get(app_workbench(w->app), &a, ids[i], &env, &err), &err);
		if (!str_is(json_str(json_get(env, "status")), status))
			return false;
	}
	return true;
}

/* Every one asked first, so that they are all under way together. */
static void
wait_for_all(struct whole *w, const str *ids, const char *status)
{
	int64_t until = clock_now_ms(clock_real()) + 120 * 1000;

	while (!all_are(w, ids, status)) {
		CHECK(clock_now_ms(clock_real()) < until, "not all are %s", status);
		moment();
	}
}

static void
live_together(struct whole *w)
{
	str ids[ENVIRONMENTS];

	for (size_t i = 0; i < ENVIRONMENTS; i++) {
		whole_launch(w);
		ids[i] = w->env;
	}
	wait_for_all(w, ids, "COMPLETED");
	for (size_t i = 0; i < ENVIRONMENTS; i++)
		CHECK_OK(env_stop(app_workbench(w->app), w->a, ids[i], OWNER, &w->err), &w->err);
	wait_for_all(w, ids, "STOPPED");
	for (size_t i = 0; i < ENVIRONMENTS; i++)
		CHECK_OK(
		    env_terminate(app_workbench(w->app), w->a, ids[i], OWNER, &w->err), &w->err);
	wait_for_all(w, ids, "TERMINATED");
}

static void
test_together(struct arena *a)
{
	struct server server = { .w = whole_open_real(a) };
	pthread_t threads[STEPPERS + 1];

	for (size_t i = 0; i < STEPPERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, step_workbench, &server), 0);
	assert_int_equal(pthread_create(&threads[STEPPERS], NULL, step_cloud, &server), 0);
	live_together(server.w);
	atomic_store(&server.stop, true);
	for (size_t i = 0; i < countof(threads); i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(whole_provisioned(server.w), ENVIRONMENTS);
	whole_close(server.w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_together),
	};

	return RUN_TESTS(tests);
}
