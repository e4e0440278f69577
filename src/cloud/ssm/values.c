/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm/values.c: what {{ references }} of a running automation mean.
 */
#include "base/clock.h"
#include "cloud/ssm/internal.h"

#define NOT_RUN "No output available yet because the step is not successfully executed"

/* 2022-05-05, or 2022-05-05_19.39.03 */
static str
date_text(struct arena *a, int64_t now_ms, bool with_time)
{
	str iso = time_iso_s(a, now_ms);
	str day = str_sub(iso, 0, 10);

	if (!with_time)
		return day;
	return str_fmt(a, STR_FMT "_" STR_FMT, STR_ARG(day),
	    STR_ARG(str_replace(a, str_sub(iso, 11, 8), S(":"), S("."))));
}

static const struct json *
global_value(const struct run *r, struct arena *a, str name)
{
	const struct call *c = r->c;

	if (str_is(name, "DATE") || str_is(name, "DATE_TIME"))
		return json_new_str(a, date_text(a, c->now_ms, str_is(name, "DATE_TIME")));
	if (str_is(name, "REGION"))
		return json_new_str(a, c->region);
	if (str_is(name, "ACCOUNT_ID"))
		return json_new_str(a, c->account);
	return str_is(name, "AWS_PARTITION") ? json_new_str(a, S("aws")) : NULL;
}

/* An output of a step: of one that did not succeed, AWS puts a sentence in its place. */
static const struct json *
output_value(struct run *r, struct arena *a, str step_name, str output)
{
	const struct ssm_step *step = ssm_step_find(r->doc, step_name);
	const struct json *value;
	struct item row;
	struct err err;
	bool found;

	err_init(&err, a);
	if (step == NULL ||
	    !row_find(r->c, ssm_partition(r->c, "step"),
		ssm_numbered_key(
		    r->c, json_str(json_get(r->x, "id")), (int64_t)(step - r->doc->steps)),
		&row, &found, &err))
		return NULL;
	value = json_get_str(json_get(found ? row.body : NULL, "values"), output);
	return value == NULL ? json_new_str(a, S(NOT_RUN)) : value;
}

/* What the automation was started with; NULL where it has no such parameter. */
static const struct json *
parameter_value(struct run *r, str name)
{
	struct err err;

	err_init(&err, r->c->a);
	if (ssm_parameter_find(r->doc, name) == NULL ||
	    (r->start == NULL &&
		!ssm_start_load(r->c, json_str(json_get(r->x, "id")), &r->start, &err)))
		return NULL;
	return json_get_str(json_get(r->start, "values"), name);
}

const struct json *
ssm_run_lookup(void *run, struct arena *a, str name)
{
	struct run *r = run;
	const struct json *value = parameter_value(r, name);
	str step, output;

	if (value != NULL)
		return value;
	if (str_is(name, "automation:EXECUTION_ID"))
		return json_get(r->x, "id");
	if (str_starts(name, S("global:")))
		return global_value(r, a, str_from(name, 7));
	if (str_starts(name, S("variable:")))
		return json_get(json_get_str(r->doc->variables, str_from(name, 9)), "default");
	return ssm_reference_split(name, &step, &output) ? output_value(r, a, step, output) : NULL;
}
