/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of an environment as one table: what may be asked of it in each status (by people,
 * through the API) and what may be seen of it (by events, records, and asking the cloud).
 */
#pragma once

#include <stdbool.h>

#include "base/str.h"
#include "bundle/bundle.h"

struct err;

enum env_status {
	ENV_PENDING,
	ENV_COMPLETED, /* running, can be connected to */
	ENV_STARTING,
	ENV_STOPPING,
	ENV_STOPPED,
	ENV_TERMINATING,
	ENV_TERMINATED,
	ENV_FAILED,
	ENV_TERMINATING_FAILED,
	ENV_STARTING_FAILED,
	ENV_STOPPING_FAILED,
	ENV_STATUS_COUNT
};

const char *env_status_name(enum env_status s);

/* By name, in any case. False for what is none: such a status is ignored. */
bool env_status_parse(str name, enum env_status *out);

/* Does it pass by itself? What does must have a deadline. */
bool env_status_is_transient(enum env_status s);

/* May it be seen to go from one to the other, while no launch and no terminate is open? */
bool env_status_may_be_seen(enum env_status from, enum env_status to);

/* Where asking for a verb leads; the status where start and stop of an instance end well. */
enum env_status env_status_asked(enum bundle_verb verb);
enum env_status env_status_end(enum bundle_verb verb);

/* Where an instance that never finished what it was in is left at the deadline. */
enum env_status env_status_stuck(enum env_status transient);

enum asking { ASK_ACT, ASK_NOTHING, ASK_REFUSED };

/*
 * What asking for verb means in this status. ASK_REFUSED sets err: ERR_CONFLICT in the words of
 * the reference. has_instance: an instance is known (one that failed to launch has none, and can
 * neither start nor stop).
 */
enum asking env_status_ask(
    enum env_status s, enum bundle_verb verb, bool has_instance, struct err *err);

/* "launch", "terminate", "start", "stop", "connect" */
const char *verb_name(enum bundle_verb verb);
bool verb_parse(str name, enum bundle_verb *out);
