/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A workbench for a test: real store in a folder of its own, test clock, scripted AWS, one small
 * type published, one account, one project, one configuration. The test moves the script and the
 * clock:
 *
 *   struct rig *r = rig_open(a);
 *   str env = rig_launch(r);
 *   rig_run(r);                        does what is due now
 *   rig_event(r, rig_document_event(r, "Launch", "COMPLETED", NULL));
 *   rig_settle(r, 40 * 60);            lets the clock jump from due to due, at most so many seconds
 *   CHECK_STR(rig_status(r), "COMPLETED", "…");
 *   rig_close(r);
 */
#pragma once

#include "check.h"

#include "base/clock.h"
#include "base/json.h"
#include "bundle/bundle.h"
#include "fake_aws.h"
#include "store/store.h"
#include "workbench/event.h"
#include "workbench/workbench.h"

#define RIG_START_MS INT64_C(1651779543000)
#define RIG_SECRET "the events' secret"
#define RIG_OWNER "11111111-2222-4333-8444-555555555555"

struct rig {
	struct arena *a;
	const char *dir;
	int64_t now_ms;
	struct test_clock clock;
	struct fake_aws fake;
	struct direct_transport transport;
	struct aws_client *aws;
	struct store *real;  /* sqlite */
	struct store *store; /* what the workbench sees: real, or one that fails */
	struct workbench *wb;
	struct err err;
	str type_id, config_id, project_id, env;
	unsigned event_count;
	const char *hosting_template; /* of workbench_options; takes effect with rig_restart() */
	const char *type_line;        /* as rig_type() takes it */

	/* The store fails its nth transaction: before it (nothing is written), or after. 0: never.
	 */
	struct failing {
		struct store store;
		struct store *real;
		unsigned count, fail_at;
		bool after;
	} failing;
};

/* A rig without anything registered, and one that is ready for launches. */
struct rig *rig_open_empty(struct arena *a);
struct rig *rig_open(struct arena *a);
struct rig *rig_open_as(struct arena *a, const char *type_line);
/* Everything of rig_open() that rig_open_empty() left out; with store failures it tries on. */
void rig_set_up(struct rig *r);
/*
 * The type, parsed; with a line of its manifest (one that begins with the same key) replaced by
 * line (a key alone takes it away), or line added, or cut short; NULL: as it is.
 */
#define RIG_NO_DESCRIBE "without describe"
#define RIG_NO_EVENTS "without events and describe"
void rig_type(struct rig *r, const char *line, struct bundle *out);
void rig_close(struct rig *r);
/* Closes workbench and store, and opens them on what is on disk. */
void rig_restart(struct rig *r);

/* Launches and remembers the environment. */
str rig_launch(struct rig *r);
void rig_start(struct rig *r);
void rig_stop(struct rig *r);
void rig_terminate(struct rig *r);

void rig_run(struct rig *r);
void rig_settle(struct rig *r, int64_t seconds);
void rig_pass(struct rig *r, int64_t seconds); /* the clock only */

str rig_status(struct rig *r);
str rig_error(struct rig *r); /* error.value; empty for none */
const struct json *rig_env(struct rig *r);
const struct json *rig_explain(struct rig *r);
/* "PENDING COMPLETED …": all statuses that the history tells of. */
str rig_statuses(struct rig *r);
/* Does an entry of that kind have the text in it? */
bool rig_history_has(struct rig *r, const char *kind, const char *text);

/* --- events ---------------------------------------------------------------------------------- */

/* error: JSON text or NULL; ids as the script has them. */
str rig_document_event(struct rig *r, const char *operation, const char *status, const char *error);
str rig_instance_event(struct rig *r, const char *status, int64_t modified_ms);
str rig_execution_event(struct rig *r, bool launch, const char *status);

enum event_outcome rig_event(struct rig *r, str body);

/* --- whole ways ------------------------------------------------------------------------------ */

/* The script's product is ready, the document tells so, and all settles: COMPLETED. */
void rig_complete(struct rig *r);
/* From COMPLETED: stop, start, terminate, each to its end with all its events. */
void rig_stop_whole(struct rig *r);
void rig_start_whole(struct rig *r);
void rig_terminate_whole(struct rig *r);
