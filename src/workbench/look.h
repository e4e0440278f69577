/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has become of an automation and of what it was to change: shared by launch and terminate,
 * which wait for the same things.
 *
 * A waiting job is woken by the event that the document sends (kept in the row as claim), by
 * SSM's own word that the execution ended (endedMs, executionStatus), and by the clock: 5 s after
 * an end without event, and at growing distances in case both words were lost.
 */
#pragma once

#include <stdbool.h>

#include "workbench/execution.h"
#include "workbench/job.h"

struct aws_credentials;
struct err;

struct look {
	bool claimed;
	str claim_status, claim_error; /* the event's words; unproven */
	bool ended;                    /* the execution runs no longer */
	struct execution execution;    /* as far as it was asked */
	str record_id;
};

/*
 * The step that awaits a document's end: waits until it is time to ask, asks the execution where
 * that tells something new (ids and its end are kept in row and state), and hands what is known to
 * conclude() once there is an event or an end.
 */
enum step_end look_await(struct job *j,
    enum step_end (*conclude)(struct job *j, const struct look *l,
	const struct aws_credentials *manager, struct err *err),
    struct err *err);

/* After an end, while the answers are not final: waits, longer every time. */
enum step_end look_again(struct job *j);

/* First look at a freshly started execution. */
void look_first(struct job *j);

/* For events: the row is woken. */
void look_claim(struct job *j, const struct json *detail);
void look_ended(struct job *j, str execution_status);
