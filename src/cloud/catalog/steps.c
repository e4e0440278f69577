/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/catalog/steps.c: the work of records.
 *
 * A record is begun by one step, which calls CreateStack or DeleteStack as the launch role and
 * writes down the stack in the same transaction, and is then woken by changes of the stack until
 * that has come to rest. What CloudFormation or the role refuses ends the record; only trouble
 * without an AWS code is tried again.
 */
#include "cloud/catalog/internal.h"

#include <assert.h>

#include "base/clock.h"
#include "base/id.h"

#define POLL_MS 5000 /* where a stack is too large to be watched */

/* What a stack's status means to a record that waits for it. */
enum verdict { WAIT, WAIT_FAILING, GOOD, BAD };

static const struct {
	const char *status;
	enum verdict provision, terminate;
} verdicts[] = {
	{ "CREATE_COMPLETE", GOOD, WAIT },
	{ "CREATE_FAILED", BAD, WAIT },
	{ "CREATE_IN_PROGRESS", WAIT, WAIT },
	{ "DELETE_COMPLETE", BAD, GOOD }, /* deleted by somebody else while it was made */
	{ "DELETE_FAILED", BAD, BAD },
	{ "DELETE_IN_PROGRESS", WAIT_FAILING, WAIT },
	{ "ROLLBACK_COMPLETE", BAD, WAIT },
	{ "ROLLBACK_FAILED", BAD, WAIT },
	{ "ROLLBACK_IN_PROGRESS", WAIT_FAILING, WAIT },
	{ "UPDATE_COMPLETE", GOOD, WAIT },
};

struct work {
	struct call *c;
	struct json *record;      /* ours to change */
	struct json *provisioned; /* the same */
	bool terminates;
	struct principal as;
};

/* --- ends ------------------------------------------------------------------------- */

static bool
put_record(struct work *w, const char *status, struct err *err)
{
	str before = json_str(json_path(w->record, "detail", "Status", NULL));
	struct json *detail;

	catalog_set_detail(w->c, w->record, "Status", str_of(status));
	detail = json_copy_shallow(w->c->a, json_get(w->record, "detail"));
	json_set(w->c->a, detail, "UpdatedTime", time_json(w->c->a, w->c->now_ms));
	json_set(w->c->a, w->record, "detail", detail);
	/* Whoever waits for a record waits for its status. */
	return str_is(before, status) ? row_put_quietly(w->c, w->record, err)
				      : row_put(w->c, w->record, err);
}

/* The record rests; what was only needed for the work goes. */
static bool
close_record(struct work *w, const char *status, struct err *err)
{
	row_done(w->c, w->record);
	json_remove(w->record, "stack");
	json_remove(w->record, "physicalId");
	json_remove(w->record, "caller");
	return put_record(w, status, err);
}

/* Of a product that is still being made, only its record knows the stack. */
static str
stack_id(const struct work *w)
{
	str id = json_str(json_get(w->provisioned, "physicalId"));

	return id.len != 0 ? id : json_str(json_get(w->record, "physicalId"));
}

/* The product rests, and knows its stack. */
static bool
put_provisioned(struct work *w, struct err *err)
{
	str id = stack_id(w);

	if (id.len != 0)
		json_set_str(w->c->a, w->provisioned, "physicalId", id);
	return row_put(w->c, w->provisioned, err);
}

static bool
drop_provisioned(struct work *w, struct err *err)
{
	return catalog_del(w->c, "provisioned", w->c->account,
		   json_str(json_get(w->provisioned, "sk")), err) &&
	    close_record(w, "SUCCEEDED", err);
}

/* The code of errors is not recorded; the description carries the words. */
static void
put_error(struct work *w, str text)
{
	struct call *c = w->c;
	struct json *detail = json_copy_shallow(c->a, json_get(w->record, "detail"));
	struct json *errors = json_new_array(c->a);
	struct json *one = json_push(c->a, errors, json_new_object(c->a));

	json_put_str(c->a, one, "Code", S("InternalError"));
	json_put_str(c->a, one, "Description", text);
	json_set(c->a, detail, "RecordErrors", errors);
	json_set(c->a, w->record, "detail", detail);
}

/* A product that was whole before its termination failed is tainted, any other one an error. */
static bool
fail(struct work *w, str text, struct err *err)
{
	bool was_whole = str_is(json_str(json_get(w->record, "statusBefore")), "AVAILABLE") ||
	    str_is(json_str(json_get(w->record, "statusBefore")), "TAINTED");

	put_error(w, text);
	if (json_bool(json_get(w->record, "ignoreErrors"), false))
		return drop_provisioned(w, err);
	catalog_set_detail(
	    w->c, w->provisioned, "Status", w->terminates && was_whole ? S("TAINTED") : S("ERROR"));
	catalog_set_detail(w->c, w->provisioned, "StatusMessage", text);
	return put_provisioned(w, err) && close_record(w, "FAILED", err);
}

static void
put_outputs(struct work *w, const struct json *stack)
{
	static const char *const members[] = { "OutputKey", "OutputValue", "Description" };
	struct call *c = w->c;
	struct json *list = json_new_array(c->a), *one;
	const struct json *outputs = json_get(stack, "Outputs");

	for (const struct json *o = json_first(outputs); o != NULL; o = o->next) {
		one = json_push(c->a, list, json_new_object(c->a));
		for (size_t i = 0; i < countof(members); i++)
			json_put(c->a, one, members[i], json_get(o, members[i]));
	}
	one = json_push(c->a, list, json_new_object(c->a));
	json_put_str(c->a, one, "OutputKey", S("CloudformationStackARN"));
	json_put(c->a, one, "OutputValue", json_get(stack, "StackId"));
	json_put_str(c->a, one, "Description", S("The ARN of the launched Cloudformation Stack"));
	json_set(c->a, w->record, "outputs", list);
}

static bool
succeed(struct work *w, const struct json *stack, struct err *err)
{
	if (w->terminates)
		return drop_provisioned(w, err);
	put_outputs(w, stack);
	catalog_set_detail(w->c, w->provisioned, "Status", S("AVAILABLE"));
	catalog_set_detail(w->c, w->provisioned, "LastSuccessfulProvisioningRecordId",
	    json_str(json_get(w->record, "sk")));
	return put_provisioned(w, err) && close_record(w, "SUCCEEDED", err);
}

/* --- CloudFormation --------------------------------------------------------------- */

static bool
call_cfn(struct work *w, const char *action, const struct json *in, struct watch *watch,
    const struct json **out, struct err *err)
{
	return cloud_call(w->c,
	    &(struct cloud_request){
		.service = "cloudformation",
		.action = action,
		.as = &w->as,
		.in = in,
		.watch = watch,
		.token = json_str(json_get(w->record, "sk")),
	    },
	    out, err);
}

/* As the service shows what CloudFormation answered; the two blanks are its own. */
static str
refusal(struct work *w, const struct err *why)
{
	return str_fmt(w->c->a,
	    "AmazonCloudFormationException  " STR_FMT
	    " (Service: AmazonCloudFormation; Status Code: %d; Error Code: " STR_FMT
	    "; Request ID: " STR_FMT ")",
	    STR_ARG(why->msg), why->kind == ERR_DENIED ? 403 : 400, STR_ARG(why->code),
	    STR_ARG(id_uuid(w->c->a)));
}

/* Ends the record where AWS said no; err without a code stays one, to be tried again. */
static bool
refused(struct work *w, struct err *err)
{
	str text;

	if (err->code.len == 0)
		return false;
	text = refusal(w, err);
	err_clear(err);
	return fail(w, text, err);
}

static struct json *
stack_name(struct work *w)
{
	struct json *in = json_new_object(w->c->a);

	json_put_str(w->c->a, in, "StackName", stack_id(w));
	return in;
}

/* --- why it failed ---------------------------------------------------------------- */

struct cause {
	const char *status; /* of events that may be it */
	str found;          /* the oldest that says more than that it was cancelled */
	str general;        /* of the stack itself */
	bool ended;         /* older events belong to something else */
};

static void
look_at_event(struct cause *x, const struct json *event)
{
	str status = json_str(json_get(event, "ResourceStatus"));
	str reason = json_str(json_get(event, "ResourceStatusReason"));
	bool stack =
	    str_is(json_str(json_get(event, "ResourceType")), "AWS::CloudFormation::Stack") &&
	    str_eq(json_str(json_get(event, "PhysicalResourceId")),
		json_str(json_get(event, "StackId")));

	if (stack && str_is(status, "DELETE_IN_PROGRESS") &&
	    str_is(str_of(x->status), "DELETE_FAILED"))
		x->ended = true;
	else if (stack && reason.len != 0 && !str_is(reason, "User Initiated"))
		x->general = reason;
	else if (!stack && str_is(status, x->status) && reason.len != 0 &&
	    !str_is(reason, "Resource creation cancelled"))
		x->found = reason;
}

/* Events come newest first. Those that cannot be read leave the stack's own words. */
static bool
find_cause(struct work *w, struct cause *x, struct err *err)
{
	struct json *in = stack_name(w);
	str token;

	do {
		const struct json *out;

		if (!call_cfn(w, "DescribeStackEvents", in, NULL, &out, err)) {
			if (err->code.len == 0)
				return false;
			err_clear(err);
			return true;
		}
		for (const struct json *e = json_first(json_get(out, "StackEvents"));
		     e != NULL && !x->ended; e = e->next)
			look_at_event(x, e);
		token = json_str(json_get(out, "NextToken"));
		json_set_str(w->c->a, in, "NextToken", token);
	} while (token.len != 0 && !x->ended);
	return true;
}

static bool
fail_by_stack(struct work *w, const struct json *stack, struct err *err)
{
	struct cause x = { .status = w->terminates ? "DELETE_FAILED" : "CREATE_FAILED" };
	str reason = json_str(json_get(stack, "StackStatusReason"));

	if (!find_cause(w, &x, err))
		return false;
	if (x.found.len != 0)
		return fail(w, x.found, err);
	if (x.general.len != 0)
		return fail(w, x.general, err);
	if (reason.len != 0)
		return fail(w, reason, err);
	return fail(w,
	    str_fmt(w->c->a, "Stack " STR_FMT " is in state " STR_FMT,
		STR_ARG(json_str(json_get(stack, "StackId"))),
		STR_ARG(json_str(json_get(stack, "StackStatus")))),
	    err);
}

/* --- steps ------------------------------------------------------------------------ */

static enum verdict
judge(const struct work *w, str status)
{
	for (size_t i = 0; i < countof(verdicts); i++)
		if (str_is(status, verdicts[i].status))
			return w->terminates ? verdicts[i].terminate : verdicts[i].provision;
	return WAIT;
}

static bool
wait_for_stack(struct work *w, const struct watch *watch, bool failing, struct err *err)
{
	int64_t due_ms = watch->full ? w->c->now_ms + POLL_MS : CLOCK_NEVER;

	row_due(w->c, w->record, "record", due_ms);
	return put_record(w, failing ? "IN_PROGRESS_IN_ERROR" : "IN_PROGRESS", err) &&
	    watch_set(w->c, watch, json_str(json_get(w->record, "pk")),
		json_str(json_get(w->record, "sk")), err);
}

static bool
look_at_stack(struct work *w, struct err *err)
{
	struct watch watch = { 0 };
	const struct json *out, *stack;

	if (!call_cfn(w, "DescribeStacks", stack_name(w), &watch, &out, err)) {
		if (!w->terminates || !err_is(err, "ValidationError"))
			return refused(w, err);
		err_clear(err); /* no longer known: it is gone */
		return succeed(w, NULL, err);
	}
	stack = json_at(json_get(out, "Stacks"), 0);
	switch (judge(w, json_str(json_get(stack, "StackStatus")))) {
	case WAIT:
		return wait_for_stack(w, &watch, false, err);
	case WAIT_FAILING:
		return wait_for_stack(w, &watch, true, err);
	case GOOD:
		return succeed(w, stack, err);
	case BAD:
		return fail_by_stack(w, stack, err);
	}
	return false;
}

static bool
begin_provision(struct work *w, struct err *err)
{
	const struct json *out;

	if (!call_cfn(w, "CreateStack", json_get(w->record, "stack"), NULL, &out, err))
		return refused(w, err);
	json_remove(w->record, "stack");
	json_set_str(w->c->a, w->record, "physicalId", json_str(json_get(out, "StackId")));
	return look_at_stack(w, err);
}

/* A product whose stack never came to be, or is to stay, only has to be forgotten. */
static bool
is_only_forgotten(const struct work *w)
{
	return w->terminates &&
	    (stack_id(w).len == 0 || json_bool(json_get(w->record, "retain"), false));
}

static bool
begin_terminate(struct work *w, struct err *err)
{
	if (!call_cfn(w, "DeleteStack", stack_name(w), NULL, NULL, err))
		return refused(w, err);
	return look_at_stack(w, err);
}

/* As the launch role, or where no constraint names one, as who asked. */
static bool
take_role(struct work *w, bool *taken, struct err *err)
{
	str role = json_str(json_path(w->record, "detail", "LaunchRoleArn", NULL));
	str text;

	*taken = true;
	if (role.len == 0) {
		w->as = principal_read(json_get(w->record, "caller"));
		return true;
	}
	if (cloud_assume(w->c, role, S("servicecatalog"), CATALOG_SERVICE, &w->as, err))
		return true;
	*taken = false;
	if (err->code.len == 0)
		return false;
	text = str_fmt(w->c->a, "Access denied while assuming the role " STR_FMT ": " STR_FMT,
	    STR_ARG(role), STR_ARG(err->msg));
	err_clear(err);
	return fail(w, text, err);
}

bool
catalog_record_step(
    struct call *c, const struct item *row, const struct json *result, struct err *err)
{
	struct work w = { .c = c, .record = row_change(c, row) };
	str type = json_str(json_path(row->body, "detail", "RecordType", NULL));
	bool begun = json_get(row->body, "begun") != NULL, taken;
	const struct json *provisioned;

	(void)result;
	w.terminates = str_is(type, "TERMINATE_PROVISIONED_PRODUCT");
	if (!catalog_find(c, "provisioned", c->account,
		json_str(json_path(row->body, "detail", "ProvisionedProductId", NULL)),
		&provisioned, err))
		return false;
	assert(provisioned != NULL); /* only its own record ends it */
	w.provisioned = json_copy_shallow(c->a, provisioned);
	if (is_only_forgotten(&w))
		return drop_provisioned(&w, err);
	if (!take_role(&w, &taken, err))
		return false;
	if (!taken)
		return true; /* the record has ended by that */
	json_set(c->a, w.record, "begun", json_new_bool(c->a, true));
	if (begun)
		return look_at_stack(&w, err);
	return w.terminates ? begin_terminate(&w, err) : begin_provision(&w, err);
}
