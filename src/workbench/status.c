/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/status.c: the status table and its readers.
 *
 * A row says what a status is called, whether it passes by itself, what each verb does in it, and
 * which statuses may be seen next. The verbs follow api.md 4.2 (October 2022 column), with the
 * holes closed: what was "tried" from TERMINATING, TERMINATED and TERMINATING_FAILED is refused,
 * an environment without instance cannot start or stop, and TERMINATING_FAILED may be terminated
 * again.
 */
#include "workbench/status.h"

#include <assert.h>

#include "base/err.h"

/* Why a verb is refused; the status is filled in where the text has %s. */
enum refusal { OK, NOTHING, NEEDS_INSTANCE, BEING_STOPPED, BEING_STARTED, IN_STATE, NOT_READY };

struct row {
	const char *name;
	bool transient;
	enum refusal start, stop, terminate, connect;
	uint32_t may_be_seen;
};

#define TO(s) (1u << ENV_##s)
#define GONE (TO(TERMINATING) | TO(TERMINATED))
#define RUNS (TO(PENDING) | TO(STARTING) | TO(COMPLETED))
#define RESTS (TO(STOPPING) | TO(STOPPED))

static const struct row statuses[] = {
	/* clang-format off */
	[ENV_PENDING] = { "PENDING", true, NOTHING, BEING_STARTED, OK, NOT_READY,
	    TO(STARTING) | TO(COMPLETED) | RESTS | TO(FAILED) | TO(STARTING_FAILED) | GONE },
	[ENV_COMPLETED] = { "COMPLETED", false, NOTHING, OK, OK, OK,
	    TO(PENDING) | TO(STARTING) | RESTS | TO(FAILED) | GONE },
	[ENV_STARTING] = { "STARTING", true, NOTHING, BEING_STARTED, OK, NOT_READY,
	    TO(PENDING) | TO(COMPLETED) | RESTS | TO(FAILED) | TO(STARTING_FAILED) | GONE },
	[ENV_STOPPING] = { "STOPPING", true, BEING_STOPPED, NOTHING, OK, NOT_READY,
	    RUNS | TO(STOPPED) | TO(FAILED) | TO(STOPPING_FAILED) | GONE },
	[ENV_STOPPED] = { "STOPPED", false, OK, NOTHING, OK, NOT_READY,
	    RUNS | TO(STOPPING) | TO(FAILED) | GONE },
	[ENV_TERMINATING] = { "TERMINATING", true, IN_STATE, IN_STATE, NOTHING, NOT_READY,
	    TO(TERMINATED) | TO(TERMINATING_FAILED) | TO(FAILED) },
	[ENV_TERMINATED] = { "TERMINATED", false, IN_STATE, IN_STATE, NOTHING, NOT_READY, 0 },
	[ENV_FAILED] = { "FAILED", false, NEEDS_INSTANCE, NEEDS_INSTANCE, OK, NOT_READY,
	    RUNS | RESTS | GONE },
	[ENV_TERMINATING_FAILED] = { "TERMINATING_FAILED", false, IN_STATE, IN_STATE, OK, NOT_READY,
	    GONE },
	[ENV_STARTING_FAILED] = { "STARTING_FAILED", false, OK, OK, OK, NOT_READY,
	    RUNS | RESTS | TO(FAILED) | GONE },
	[ENV_STOPPING_FAILED] = { "STOPPING_FAILED", false, OK, OK, OK, NOT_READY,
	    RUNS | RESTS | TO(FAILED) | GONE },
	/* clang-format on */
};
#undef TO
#undef GONE
#undef RUNS
#undef RESTS
static_assert(countof(statuses) == ENV_STATUS_COUNT, "one row per status");

static const struct {
	const char *name;
	enum env_status asked, end;
} verbs[] = {
	[BUNDLE_LAUNCH] = { "launch", ENV_PENDING, ENV_COMPLETED },
	[BUNDLE_TERMINATE] = { "terminate", ENV_TERMINATING, ENV_TERMINATED },
	[BUNDLE_START] = { "start", ENV_STARTING, ENV_COMPLETED },
	[BUNDLE_STOP] = { "stop", ENV_STOPPING, ENV_STOPPED },
	[BUNDLE_CONNECT] = { "connect", ENV_COMPLETED, ENV_COMPLETED },
};
static_assert(countof(verbs) == BUNDLE_VERB_COUNT, "one row per verb");

const char *
env_status_name(enum env_status s)
{
	return statuses[s].name;
}

bool
env_status_parse(str name, enum env_status *out)
{
	for (unsigned s = 0; s < ENV_STATUS_COUNT; s++) {
		if (!str_eq_nocase(name, str_of(statuses[s].name)))
			continue;
		*out = (enum env_status)s;
		return true;
	}
	return false;
}

bool
env_status_is_transient(enum env_status s)
{
	return statuses[s].transient;
}

bool
env_status_may_be_seen(enum env_status from, enum env_status to)
{
	return (statuses[from].may_be_seen & 1u << to) != 0;
}

enum env_status
env_status_asked(enum bundle_verb verb)
{
	return verbs[verb].asked;
}

enum env_status
env_status_end(enum bundle_verb verb)
{
	return verbs[verb].end;
}

enum env_status
env_status_stuck(enum env_status transient)
{
	if (transient == ENV_STOPPING)
		return ENV_STOPPING_FAILED;
	if (transient == ENV_TERMINATING)
		return ENV_TERMINATING_FAILED;
	return ENV_STARTING_FAILED;
}

static enum refusal
answer_of(const struct row *row, enum bundle_verb verb)
{
	switch (verb) {
	case BUNDLE_START:
		return row->start;
	case BUNDLE_STOP:
		return row->stop;
	case BUNDLE_TERMINATE:
		return row->terminate;
	case BUNDLE_CONNECT:
		return row->connect;
	case BUNDLE_LAUNCH: /* never asked of what exists */
	case BUNDLE_VERB_COUNT:
		break;
	}
	return IN_STATE;
}

static bool
refuse(enum refusal why, enum bundle_verb verb, const char *status, struct err *err)
{
	switch (why) {
	case BEING_STOPPED:
		return err_set(err, ERR_CONFLICT,
		    "Cannot start environment while environment is currently being stopped");
	case BEING_STARTED:
		return err_set(err, ERR_CONFLICT,
		    "Cannot stop environment while environment is currently being started");
	case NOT_READY:
		return err_set(err, ERR_CONFLICT,
		    "Environment is in %s status. Please wait until environment is in 'COMPLETED' "
		    "status before trying to connect to the environment.",
		    status);
	case OK:
	case NOTHING:
	case NEEDS_INSTANCE:
	case IN_STATE:
		break;
	}
	return err_set(err, ERR_CONFLICT, "Cannot %s environment while environment is in %s state",
	    verbs[verb].name, status);
}

enum asking
env_status_ask(enum env_status s, enum bundle_verb verb, bool has_instance, struct err *err)
{
	enum refusal why = answer_of(&statuses[s], verb);

	if (why == OK || (why == NEEDS_INSTANCE && has_instance))
		return ASK_ACT;
	if (why == NOTHING)
		return ASK_NOTHING;
	(void)refuse(why, verb, statuses[s].name, err);
	return ASK_REFUSED;
}

const char *
verb_name(enum bundle_verb verb)
{
	return verbs[verb].name;
}

bool
verb_parse(str name, enum bundle_verb *out)
{
	for (unsigned v = 0; v < BUNDLE_VERB_COUNT; v++) {
		if (!str_eq_nocase(name, str_of(verbs[v].name)))
			continue;
		*out = (enum bundle_verb)v;
		return true;
	}
	return false;
}
