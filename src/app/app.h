/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole of swb, joined: two stores, the local cloud, the workbench, and the ways between
 * them. This is the only place that knows all parts.
 *
 * An app lives in a data folder and goes on where it was stopped, at whatever moment that was.
 * Nothing here starts a thread: app_step() does a little work and says when there is more.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct app;
struct arena;
struct clock;
struct cloud;
struct err;
struct fault_plan;
struct log;
struct workbench;

struct app_options {
	const char *data_dir; /* must exist */
	struct clock *clock;
	const struct log *log;        /* NULL for none */
	struct fault_plan *faults;    /* NULL for none */
	int64_t instance_delay_ms;    /* how long a simulated instance takes to start or stop */
	bool durable;                 /* survive a loss of power, not only a kill */
	unsigned cloud_rows_per_step; /* 0 means 1; see cloud.h */
	const char *public_url;       /* base of links for people */
	bool serves;                  /* public_url is answered: programs of types may call it */

	/* Called before each commit of either store, counted from 1 over both; NULL for none. */
	void (*before_commit)(void *cookie, uint64_t nth);
	void *cookie;
};

/* What stands after the set-up, for whoever drives the workbench. */
struct app_home {
	str main_account, hosting_account, region, namespace;
	str project_id;
};

/*
 * Opens the data folder and makes what is missing: accounts, their stacks, a registered hosting
 * account, a cost center and a project. Drives the clock as app_run() does while it waits.
 * Fails: ERR_IO, ERR_CONFLICT (another swb has the folder), ERR_UPSTREAM (a set-up stack failed:
 * why).
 */
bool app_open(const struct app_options *options, struct app **out, struct err *err);
void app_close(struct app *app);

struct workbench *app_workbench(struct app *app);
struct cloud *app_cloud(struct app *app);
const struct app_home *app_home(struct app *app);

/* One operation of the cloud as the root user of an account, for set-up, tests and people who look
 * inside. */
struct json;
bool app_cloud_call(struct app *app, struct arena *a, str account, const char *service,
    const char *operation, const struct json *in, const struct json **out, struct err *err);

/* Does what is due. Returns when the next is: now or earlier means "call again". */
int64_t app_step(struct app *app);

/*
 * Steps until done(cookie), letting the clock jump (a test clock) or pass (a real one) whenever
 * nothing is due. Fails: ERR_TIMEOUT when limit_ms of the clock have passed or nothing is left that
 * could happen.
 */
bool app_run(
    struct app *app, bool (*done)(void *cookie), void *cookie, int64_t limit_ms, struct err *err);
