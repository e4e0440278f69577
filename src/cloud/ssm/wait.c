/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm/wait.c: steps that let time pass: waitForAwsResourceProperty and sleep.
 *
 * A wait looks when it begins, when a row that its question read has changed, and, in case the
 * answer depends on time alone, every now and then.
 */
#include "base/clock.h"
#include "cloud/ssm/internal.h"

#define POLL_MS 30000      /* all that was read is watched */
#define POLL_BLIND_MS 5000 /* more was read than can be watched */
#define MORE " Please refer to Automation Service Troubleshooting Guide for more diagnosis details."

/* When the attempt that runs now must have ended. */
static int64_t
run_deadline_ms(const struct run *r)
{
	return json_i64(json_get(r->record, "attemptMs"), r->c->now_ms) + r->step->timeout_s * 1000;
}

/* The phase that AWS names here is not established (aws.md 10). */
static enum outcome
timed_out(struct run *r)
{
	r->message = S("Step timed out while step is Verifying the property of the resource." MORE);
	return OUTCOME_TIMED_OUT;
}

static int64_t
earlier(int64_t x, int64_t y)
{
	return x < y ? x : y;
}

/* Throttling of a poll is no failure: it has all the time that the step has. */
enum outcome
ssm_run_wait(struct run *r, struct err *err)
{
	int64_t deadline_ms = run_deadline_ms(r);
	bool desired = false;
	str text = { 0 };
	enum outcome outcome;

	if (r->c->now_ms >= deadline_ms)
		return timed_out(r);
	outcome = ssm_run_property(r, &r->watch, &desired, &text, err);
	if (outcome == OUTCOME_SUCCESS && !desired) {
		r->due_ms = r->c->now_ms + (r->watch.full ? POLL_BLIND_MS : POLL_MS);
		outcome = OUTCOME_WAITING;
	}
	if (outcome == OUTCOME_WAITING)
		r->due_ms = earlier(r->due_ms, deadline_ms);
	return outcome;
}

/* --- aws:sleep ----------------------------------------------------------------------- */

enum outcome
ssm_run_sleep(struct run *r, struct err *err)
{
	str duration = json_scalar(json_get(r->inputs, "Duration"));
	str timestamp = json_scalar(json_get(r->inputs, "Timestamp"));
	int64_t until_ms, ms;

	(void)err;
	if (duration.len > 0 && !ssm_duration_parse(duration, &ms))
		return ssm_run_fail(r, "Duration " STR_FMT " is not valid.", STR_ARG(duration));
	if (duration.len == 0 && !time_parse(timestamp, &until_ms))
		return ssm_run_fail(r, "Timestamp " STR_FMT " is not valid.", STR_ARG(timestamp));
	if (duration.len > 0)
		until_ms = json_i64(json_get(r->record, "attemptMs"), 0) + ms;
	if (until_ms <= r->c->now_ms)
		return OUTCOME_SUCCESS;
	if (run_deadline_ms(r) <= r->c->now_ms)
		return timed_out(r);
	r->due_ms = earlier(until_ms, run_deadline_ms(r));
	return OUTCOME_WAITING;
}
