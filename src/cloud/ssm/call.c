/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm/call.c: steps that call an operation of AWS: executeAwsApi and
 * assertAwsResourceProperty, and the poll of waitForAwsResourceProperty.
 *
 * The operation is called as the automation's principal, by the same table as any other call.
 * Idempotency tokens that a document leaves out depend on automation and step alone, so a step
 * that is repeated, for whatever reason, has one effect.
 */
#include "aws/model.h"
#include "base/buf.h"
#include "base/id.h"
#include "cloud/ssm/internal.h"
#include "lang/jsonpath.h"

#define MORE " Please refer to Automation Service Troubleshooting Guide for more diagnosis details."
#define MAX_PAYLOAD_BYTES ((size_t)64 << 10) /* of an answer that is kept whole */
#define THROTTLE_FIRST_MS 1000
#define THROTTLE_RETRIES 4

enum outcome
ssm_run_fail(struct run *r, const char *fmt, ...)
{
	va_list args;
	str why;

	va_start(args, fmt);
	why = str_vfmt(r->c->a, fmt, args);
	va_end(args);
	r->message = str_fmt(r->c->a,
	    "Step fails when it is Execute/Cancelling action. " STR_FMT MORE, STR_ARG(why));
	return OUTCOME_FAILED;
}

/* --- the call ------------------------------------------------------------------------ */

/* The members of the inputs that are the request's. */
static const struct json *
request_of(struct run *r)
{
	static const char *const ours[] = { "Service", "Api", "PropertySelector", "DesiredValues" };
	size_t count = r->step->action->kind == SSM_CALL ? 2 : countof(ours);
	struct json *in = json_new_object(r->c->a);

	for (const struct json *m = json_first(r->inputs); m != NULL; m = m->next) {
		size_t i = 0;

		while (i < count && !str_is(m->key, ours[i]))
			i++;
		if (i == count)
			json_put_key(r->c->a, in, m->key, m);
	}
	return in;
}

static bool
is_throttling(const struct err *err)
{
	static const char *const codes[] = { "Throttling", "ThrottlingException",
		"ThrottledException", "RequestThrottledException", "TooManyRequestsException",
		"RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException",
		"RequestThrottled", "SlowDown", "PriorRequestNotComplete",
		"TransactionInProgressException", "ProvisionedThroughputExceededException",
		"EC2ThrottledException" };

	for (size_t i = 0; i < countof(codes); i++) {
		if (err_is(err, codes[i]))
			return true;
	}
	return err->kind == ERR_THROTTLED;
}

/* As botocore words an operation's error, which is what the step's failure shows. */
static enum outcome
call_failed(struct run *r, str operation, const struct err *err)
{
	if (err->code.len == 0)
		return OUTCOME_BROKEN;
	if (err_is(err, "ParamValidation"))
		return ssm_run_fail(
		    r, "Parameter validation failed:\n" STR_FMT ".", STR_ARG(err->msg));
	if (err_is(err, "UnknownOperationException") || err->kind == ERR_TIMEOUT)
		return ssm_run_fail(r, STR_FMT ".", STR_ARG(err->msg));
	return ssm_run_fail(r,
	    "An error occurred (" STR_FMT ") when calling the " STR_FMT " operation: " STR_FMT ".",
	    STR_ARG(err->code), STR_ARG(operation), STR_ARG(err->msg));
}

/*
 * Throttled calls are made again, later and later, within the same attempt; a wait goes on asking
 * as long as it may wait.
 */
static enum outcome
throttled(struct run *r, str operation, const struct err *err)
{
	int64_t times = json_i64(json_get(r->record, "throttled"), 0);

	if (times == THROTTLE_RETRIES && r->step->action->kind != SSM_WAIT)
		return call_failed(r, operation, err);
	r->due_ms = r->c->now_ms + (THROTTLE_FIRST_MS << times);
	if (times < THROTTLE_RETRIES)
		json_set(r->c->a, r->record, "throttled", json_new_i64(r->c->a, times + 1));
	r->is_changed = true;
	return OUTCOME_WAITING;
}

/* "ProvisionProduct", however the document spells it. */
static str
operation_name(struct run *r, str service, str api)
{
	const struct aws_operation *op;
	struct err err;

	err_init(&err, r->c->a);
	return aws_operation_find(service, api, &op, &err) ? str_of(op->name) : api;
}

static bool
has_expired(const struct run *r)
{
	int64_t end_ms = r->c->who->expires_at_ms;

	return end_ms != 0 && end_ms <= r->c->now_ms;
}

/* SUCCESS with *answer set, or what the step comes to otherwise. */
static enum outcome
call_api(struct run *r, struct watch *watch, const struct json **answer, struct err *err)
{
	struct arena *a = r->c->a;
	str service = str_lower(a, json_scalar(json_get(r->inputs, "Service")));
	str api = operation_name(r, service, json_scalar(json_get(r->inputs, "Api")));
	struct cloud_request rq = {
		.service_name = service,
		.action_name = api,
		.in = request_of(r),
		.watch = watch,
		.token = str_fmt(a, STR_FMT "/" STR_FMT, STR_ARG(json_str(json_get(r->x, "id"))),
		    STR_ARG(r->step->name)),
		.automation = true,
	};

	if (has_expired(r)) {
		err_code(err, ERR_DENIED, "ExpiredTokenException",
		    "The security token included in the request is expired");
		return call_failed(r, api, err);
	}
	if (cloud_call(r->c, &rq, answer, err))
		return OUTCOME_SUCCESS;
	return is_throttling(err) ? throttled(r, api, err) : call_failed(r, api, err);
}

/* --- aws:executeAwsApi --------------------------------------------------------------- */

/* The whole answer, as botocore gives it. */
static str
payload_text(struct run *r, const struct json *answer)
{
	struct arena *a = r->c->a;
	struct json *payload = json_copy_shallow(a, answer), *meta = json_new_object(a);

	json_put_str(a, meta, "RequestId", id_uuid(a));
	json_put_i64(a, meta, "HTTPStatusCode", 200);
	json_put(a, meta, "HTTPHeaders", json_new_object(a));
	json_put_i64(a, meta, "RetryAttempts", 0);
	json_set(a, payload, "ResponseMetadata", meta);
	return json_text(a, payload);
}

static enum outcome
take_outputs(struct run *r, const struct json *answer)
{
	struct arena *a = r->c->a;
	str payload = payload_text(r, answer);
	struct err err;

	err_init(&err, a);
	r->values = json_new_object(a);
	for (size_t i = 0; i < r->step->output_count; i++) {
		const struct ssm_output *o = &r->step->outputs[i];
		const struct json *value;

		if (!ssm_output_select(a, o, answer, &value, &err))
			return ssm_run_fail(r, STR_FMT ".", STR_ARG(err.msg));
		json_put_key(a, r->values, o->name, value);
	}
	if (!ssm_value_fits(a, "The outputs are", r->values, &err))
		return ssm_run_fail(r, STR_FMT ".", STR_ARG(err.msg));
	if (payload.len <= MAX_PAYLOAD_BYTES)
		json_set_str(a, r->values, "OutputPayload", payload);
	return OUTCOME_SUCCESS;
}

enum outcome
ssm_run_call(struct run *r, struct err *err)
{
	const struct json *answer = NULL;
	enum outcome outcome = call_api(r, NULL, &answer, err);

	return outcome == OUTCOME_SUCCESS ? take_outputs(r, answer) : outcome;
}

/* --- properties ---------------------------------------------------------------------- */

/* "['AVAILABLE', 'ERROR']" */
static str
desired_list(struct run *r)
{
	struct buf b = buf_in(r->c->a);
	const struct json *list = json_get(r->inputs, "DesiredValues");

	buf_char(&b, '[');
	for (const struct json *e = json_first(list); e != NULL; e = e->next)
		buf_fmt(&b, "%s'" STR_FMT "'", e == json_first(list) ? "" : ", ",
		    STR_ARG(ssm_text(r->c->a, e)));
	buf_char(&b, ']');
	return buf_str(&b);
}

/* The property as a text, compared as texts are: Python's True is JSON's true. */
static bool
is_desired(struct run *r, str text)
{
	const struct json *list = json_get(r->inputs, "DesiredValues");

	for (const struct json *e = json_first(list); e != NULL; e = e->next) {
		str want = ssm_text(r->c->a, e);
		bool truth = str_eq_nocase(want, S("true")) || str_eq_nocase(want, S("false"));

		if (truth ? str_eq_nocase(want, text) : str_eq(want, text))
			return true;
	}
	return false;
}

static bool
property_of(struct run *r, const struct json *answer, str *text, struct err *err)
{
	const struct jsonpath *path;
	const struct json *value;

	if (!jsonpath_parse(
		r->c->a, json_scalar(json_get(r->inputs, "PropertySelector")), &path, err) ||
	    !jsonpath_find(path, r->c->a, answer, &value, err))
		return false;
	*text = ssm_text(r->c->a, value);
	return true;
}

enum outcome
ssm_run_property(struct run *r, struct watch *watch, bool *desired, str *text, struct err *err)
{
	const struct json *answer = NULL;
	enum outcome outcome = call_api(r, watch, &answer, err);
	struct err bad;

	if (outcome != OUTCOME_SUCCESS)
		return outcome;
	err_init(&bad, r->c->a);
	if (!property_of(r, answer, text, &bad))
		return ssm_run_fail(r, STR_FMT ".", STR_ARG(bad.msg));
	*desired = is_desired(r, *text);
	return OUTCOME_SUCCESS;
}

enum outcome
ssm_run_assert(struct run *r, struct err *err)
{
	bool desired = false;
	str text = { 0 };
	enum outcome outcome = ssm_run_property(r, NULL, &desired, &text, err);

	if (outcome != OUTCOME_SUCCESS || desired)
		return outcome;
	/* The doubled full stop is AWS's. */
	return ssm_run_fail(r,
	    "Property value '" STR_FMT
	    "' from the API output is not in the desired values. Desired "
	    "values: " STR_FMT "..",
	    STR_ARG(text), STR_ARG(desired_list(r)));
}
