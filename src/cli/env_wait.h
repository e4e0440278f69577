/* SPDX-License-Identifier: Apache-2.0 */
/* After a verb was accepted: waits, shows the road, and says how it ended. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;
struct command;
struct err;
struct json;

struct env_goal {
	const char *verb;    /* "launch" */
	const char *reached; /* the status of success */
	const char *next; /* the command that a person may want then, without the name; or NULL */
};

/* Of the verbs that have a wait. */
#define ENV_WAIT_OPTIONS \
	{ "--wait", NULL, "Waits for the end (default).", false }, \
	{ \
		"--no-wait", NULL, "Returns once the server has taken it.", false \
	}

bool env_wait_is_wanted(const struct command *c, bool *wanted, struct err *err);

/* Sets the command's exit status. seen: how long the history was before the verb. */
bool env_wait(
    struct command *c, const struct env_goal *goal, str id, str name, size_t seen, struct err *err);

/* Of an explanation: "InstanceRole (AWS::IAM::Role)", the resource that failed first; else empty.
 */
str env_failed_resource(struct arena *a, const struct json *explain);
