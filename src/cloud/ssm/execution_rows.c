/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm/execution_rows.c: where automations stand, and the events that tell of them.
 */
#include <inttypes.h>

#include "base/clock.h"
#include "cloud/ssm/internal.h"

bool
ssm_start_load(struct call *c, str id, const struct json **out, struct err *err)
{
	struct item row;
	bool found;

	if (!row_find(c, ssm_partition(c, "start"), id, &row, &found, err))
		return false;
	*out = row.body;
	return found ||
	    err_set(err, ERR_IO, "the start of automation " STR_FMT " is gone", STR_ARG(id));
}

bool
ssm_execution_definition(
    struct call *c, const struct json *x, const struct ssm_definition **out, struct err *err)
{
	return ssm_definition_load(
	    c, json_str(json_get(x, "owner")), json_str(json_get(x, "hash")), out, err);
}

bool
ssm_execution_load(struct call *c, str id, struct item *out, struct err *err)
{
	bool found;

	if (!row_find(c, ssm_partition(c, "execution"), id, out, &found, err))
		return false;
	return found ||
	    err_code(err, ERR_NOT_FOUND, "AutomationExecutionNotFoundException",
		"Automation execution " STR_FMT " does not exist", STR_ARG(id));
}

bool
ssm_execution_steps(struct call *c, str id, struct store_page *out, struct err *err)
{
	struct store_query q = {
		.hash = ssm_partition(c, "step"),
		.condition = STORE_BEGINS,
		.a = str_cat(c->a, id, S("#")),
	};

	return row_query(c, &q, out, err);
}

bool
ssm_execution_is_over(const struct json *execution)
{
	static const char *const over[] = { "Success", "Failed", "TimedOut", "Cancelled" };
	str status = json_str(json_get(execution, "status"));

	for (size_t i = 0; i < countof(over); i++) {
		if (str_is(status, over[i]))
			return true;
	}
	return false;
}

/* --- events -------------------------------------------------------------------------- */

/* "May 5, 2022 7:39:03 PM", as these events write times. */
static str
event_time(struct arena *a, int64_t ms)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	str iso = time_iso_s(a, ms); /* 2022-05-05T19:39:03Z */
	int64_t month = 1, day = 1, hour = 0;

	(void)str_to_i64(str_sub(iso, 5, 2), &month); /* digits: time_iso_s() wrote them */
	(void)str_to_i64(str_sub(iso, 8, 2), &day);
	(void)str_to_i64(str_sub(iso, 11, 2), &hour);
	return str_fmt(a, "%s %" PRId64 ", " STR_FMT " %" PRId64 STR_FMT " %s", months[month - 1],
	    day, STR_ARG(str_sub(iso, 0, 4)), hour % 12 == 0 ? 12 : hour % 12,
	    STR_ARG(str_sub(iso, 13, 6)), hour < 12 ? "AM" : "PM");
}

static const struct json *
resources(struct call *c, const struct json *x)
{
	struct json *list = json_new_array(c->a);

	json_push_str(c->a, list,
	    arn_make(c->a, "ssm", c->region, c->account, "automation-execution/" STR_FMT,
		STR_ARG(json_str(json_get(x, "id")))));
	json_push_str(c->a, list,
	    arn_make(c->a, "ssm", c->region, json_str(json_get(x, "owner")),
		"automation-definition/" STR_FMT ":" STR_FMT,
		STR_ARG(json_str(json_get(x, "definition"))),
		STR_ARG(json_str(json_get(x, "documentVersion")))));
	return list;
}

/* Versions and seconds are numbers with one digit behind the point. */
static struct json *
decimal(struct arena *a, int64_t tenths)
{
	struct json *j = json_new(a, JSON_NUMBER);

	j->text = str_fmt(a, "%" PRId64 ".%" PRId64, tenths / 10, tenths % 10);
	return j;
}

bool
ssm_execution_emit(struct call *c, const struct json *x, const struct json *step, struct err *err)
{
	const struct json *subject = step == NULL ? x : step;
	struct json *detail = json_new_object(c->a);
	int64_t start = json_i64(json_get(subject, "startMs"), c->now_ms);
	int64_t end = json_i64(json_get(subject, "endMs"), 0), version = 0;

	(void)str_to_i64(json_str(json_get(x, "documentVersion")), &version); /* ours: a number */
	json_put(c->a, detail, "ExecutionId", json_get(x, "id"));
	json_put(c->a, detail, "Definition", json_get(x, "definition"));
	json_put(c->a, detail, "DefinitionVersion", decimal(c->a, version * 10));
	json_put(c->a, detail, "Status", json_get(subject, "status"));
	if (step != NULL) {
		json_put(c->a, detail, "StepName", json_get(step, "name"));
		json_put(c->a, detail, "Action", json_get(step, "action"));
	}
	json_put_str(c->a, detail, "StartTime", event_time(c->a, start));
	if (end != 0) {
		json_put_str(c->a, detail, "EndTime", event_time(c->a, end));
		json_put(c->a, detail, "Time", decimal(c->a, (end - start) / 100));
	}
	json_put(c->a, detail, "ExecutedBy", json_get(x, "executedBy"));
	return cloud_emit(c, c->account, "aws.ssm",
	    step == NULL ? "EC2 Automation Execution Status-change Notification"
			 : "EC2 Automation Step Status-change Notification",
	    resources(c, x), detail, err);
}
