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

/* Is it time to ask? Else *wake_ms says when. */
bool look_is_due(const struct job *j, int64_t *wake_ms);

/*
 * Asks the execution where that tells something new; keeps ids and its end in row and state.
 * True with *undecided: neither event nor end yet (or an end whose event may still come): wait
 * until *wake_ms.
 */
bool look_at(struct job *j, const struct aws_credentials *as, struct look *out, bool *undecided,
    int64_t *wake_ms, struct err *err);

/* After an end, while the answers are not final: waits, longer every time. */
enum step_end look_again(struct job *j);

/* First look at a freshly started execution. */
void look_first(struct job *j);

/* For events: the row is woken. */
void look_claim(struct job *j, const struct json *detail);
void look_ended(struct job *j, str execution_status);
