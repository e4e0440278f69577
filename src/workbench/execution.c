/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/execution.c: starts automations and reads what became of them.
 */
#include "workbench/execution.h"

#include "aws/client.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/version.h"

/* aws.md 3.8; what is not named here still runs. */
static const char *const ends[] = { "Success", "Failed", "TimedOut", "Cancelled", "Rejected",
	"CompletedWithSuccess", "CompletedWithFailure", "Exited",
	"ChangeCalendarOverrideRejected" };

bool
execution_status_is_end(str status)
{
	for (size_t i = 0; i < countof(ends); i++)
		if (str_is(status, ends[i]))
			return true;
	return false;
}

bool
execution_prepare(struct job *j, const struct bundle *b, enum bundle_verb verb,
    const struct json *scopes, struct err *err)
{
	int64_t attempt = job_i64(j, "attempt") + 1;
	const struct json *parameters;
	str token = j->id;

	if (!bundle_document_parameters(j->a, b, verb, scopes, &parameters, err))
		return false;
	if (attempt > 1)
		token = id_uuid_from(
		    j->a, str_fmt(j->a, STR_FMT "#%lld", STR_ARG(j->id), (long long)attempt));
	json_set(j->a, j->row, "parameters", parameters);
	job_set(j, "token", token);
	job_set_i64(j, "attempt", attempt);
	return true;
}

void
execution_reset(struct job *j)
{
	static const char *const members[] = { "parameters", "token", "executionId", "recordId",
		"claim", "endedMs", "executionStatus", "lookTries", "askMs" };

	for (size_t i = 0; i < countof(members); i++)
		json_remove(j->row, members[i]);
}

/* --- start --------------------------------------------------------------------------------- */

/* Shared documents are called by their ARN, which the version's row holds. */
static bool
document_arn(
    struct job *j, const struct bundle *b, enum bundle_verb verb, str *out, struct err *err)
{
	struct item version;

	if (!version_load(j->wb, j->a, b->type, b->hash, &version, err))
		return false;
	*out = json_str(json_path(version.body, "documents", verb_name(verb), "arn", NULL));
	if (out->len > 0)
		return true;
	return err_set(err, ERR_INVALID,
	    "environment type " STR_FMT " has no published document for %s", STR_ARG(b->type),
	    verb_name(verb));
}

/* So that what SSM says of the execution finds its job. */
static void
add_way_back(struct job *j, str execution_id)
{
	struct json *body = item_new(j->a,
	    str_fmt(j->a, "SWB#EXECUTION#" STR_FMT, STR_ARG(execution_id)), S("SWB#EXECUTION"));

	json_put_str(j->a, body, "environmentId", j->state.id);
	json_put_str(j->a, body, "operationId", j->id);
	change_put(&j->change, body, STORE_ANY);
}

bool
execution_start(struct job *j, const struct bundle *b, enum bundle_verb verb,
    const struct aws_credentials *as, struct err *err)
{
	struct json *in = json_new_object(j->a);
	const struct json *answer;
	str arn, id;

	if (!document_arn(j, b, verb, &arn, err))
		return false;
	json_put_str(j->a, in, "DocumentName", arn);
	json_put(j->a, in, "Parameters", json_get(j->row, "parameters"));
	json_put_str(j->a, in, "ClientToken", job_text(j, "token"));
	if (!aws_call(j->wb->o.aws, j->a, as, "ssm", "StartAutomationExecution", in, &answer, err))
		return false;
	id = json_str(json_get(answer, "AutomationExecutionId"));
	if (id.len == 0)
		return err_set(err, ERR_UPSTREAM, "StartAutomationExecution gave no execution id");
	job_set(j, "executionId", id);
	add_way_back(j, id);
	state_step(&j->state, j->id, "start", j->now_ms,
	    "started document " STR_FMT " as execution " STR_FMT, STR_ARG(arn), STR_ARG(id));
	return true;
}

/* --- ask ----------------------------------------------------------------------------------- */

/* The first text that begins so among a step's outputs of that name, or of any name. */
static str
find_output(const struct json *steps, const char *name, str prefix)
{
	for (const struct json *s = json_first(steps); s != NULL; s = s->next) {
		const struct json *o = json_first(json_get(s, "Outputs"));

		for (; o != NULL; o = o->next) {
			str value = json_str(json_at(o, 0));

			if (str_starts(value, prefix) && (name == NULL || str_is(o->key, name)))
				return value;
		}
	}
	return (str){ 0 };
}

/* A document names its outputs as it likes: the usual name first, then whatever looks like one. */
static str
id_output(const struct json *steps, const char *name, str prefix)
{
	str id = find_output(steps, name, prefix);

	return id.len > 0 ? id : find_output(steps, NULL, prefix);
}

static str
failure_of(const struct json *execution)
{
	str text = json_str(json_get(execution, "FailureMessage"));
	const struct json *s = json_first(json_get(execution, "StepExecutions"));

	for (; text.len == 0 && s != NULL; s = s->next)
		text = json_str(json_get(s, "FailureMessage"));
	return text;
}

bool
execution_ask(struct workbench *wb, struct arena *a, const struct aws_credentials *as,
    str execution_id, struct execution *out, struct err *err)
{
	struct json *in = json_new_object(a);
	const struct json *answer, *e, *steps;

	*out = (struct execution){ .found = true };
	json_put_str(a, in, "AutomationExecutionId", execution_id);
	if (!aws_call(wb->o.aws, a, as, "ssm", "GetAutomationExecution", in, &answer, err)) {
		if (!err_is(err, "AutomationExecutionNotFoundException"))
			return false;
		err_clear(err);
		*out = (struct execution){ .found = false, .ended = true };
		return true;
	}
	e = json_get(answer, "AutomationExecution");
	steps = json_get(e, "StepExecutions");
	out->status = json_str(json_get(e, "AutomationExecutionStatus"));
	out->ended = execution_status_is_end(out->status);
	out->failure = failure_of(e);
	out->product_id = id_output(steps, "ProvisionedProductId", S("pp-"));
	out->record_id = id_output(steps, "RecordId", S("rec-"));
	return true;
}

bool
execution_owner(struct workbench *wb, struct arena *a, str execution_id, str *environment_id,
    str *operation_id, bool *found, struct err *err)
{
	str key = str_fmt(a, "SWB#EXECUTION#" STR_FMT, STR_ARG(execution_id));
	struct item item;

	if (!store_find(wb->o.store, a, key, S("SWB#EXECUTION"), &item, found, err))
		return false;
	if (*found) {
		*environment_id = json_str(json_get(item.body, "environmentId"));
		*operation_id = json_str(json_get(item.body, "operationId"));
	}
	return true;
}
