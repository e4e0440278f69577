/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole of swb for a test: both stores, the local cloud and the workbench, on a test clock,
 * with our own sagemakerNotebook published and ready to be launched. What goes wrong is a fault
 * plan; one set-up serves many environments, one after the other.
 *
 *   struct whole *w = whole_open(a, 60 * 1000);
 *   whole_fault(w, (struct fault_rule){ .kind = FAULT_DROP_EVENT, .name = "Launch" });
 *   whole_launch(w);
 *   whole_wait(w, "COMPLETED");
 *   whole_terminate(w);                checks TERMINATED, and that nothing is left
 *   whole_close(w);
 */
#pragma once

#include "check.h"

#include "app/app.h"
#include "base/clock.h"
#include "base/json.h"
#include "cloud/fault.h"

struct whole {
	struct arena *a;
	const char *dir;
	int64_t now_ms;
	struct test_clock clock;
	struct fault_plan faults;
	struct app *app;
	struct err err;
	str type_id, config_id, env;
	str project_id;               /* where whole_launch() launches */
	const struct json *inventory; /* of the hosting account before any environment */
};

/* instance_delay_ms: how long the notebook takes to start, stop and be deleted. */
struct whole *whole_open(struct arena *a, int64_t instance_delay_ms);
/* By the machine's clock; instances are quick. Waiting is then the test's own matter. */
struct whole *whole_open_real(struct arena *a);
void whole_close(struct whole *w);

/* Faults from now on; whole_faultless() takes all away. */
void whole_fault(struct whole *w, struct fault_rule rule);
void whole_faultless(struct whole *w);

void whole_launch(struct whole *w);
/* The verbs, asked for and no more. */
void whole_ask_start(struct whole *w);
void whole_ask_stop(struct whole *w);
void whole_ask_terminate(struct whole *w);

/* Turns the loop until the status is there; fails where another status stays until the limit. */
void whole_wait(struct whole *w, const char *status);
/* Turns it until done(cookie). */
void whole_run(struct whole *w, bool (*done)(void *cookie), void *cookie);
/* Lets so many seconds pass, and whatever falls due in them happen. */
void whole_pass(struct whole *w, int64_t seconds);
/* Until neither cloud nor workbench has anything to do within the next minute. */
void whole_quiet(struct whole *w);

str whole_status(struct whole *w);
str whole_error(struct whole *w);
str whole_member(struct whole *w, const char *name);
str whole_statuses(struct whole *w); /* as the history tells them */
/* Does the history tell of something in these words? */
bool whole_history_has(struct whole *w, const char *text);

/* Asks, waits for TERMINATED, and finds nothing left in the hosting account. */
void whole_terminate(struct whole *w);

/* As the hosting account's root. in has ' for ". */
const struct json *whole_call(
    struct whole *w, const char *service, const char *operation, const char *in);
/* How many times it was provisioned, over all environments so far. */
unsigned whole_provisioned(struct whole *w);
