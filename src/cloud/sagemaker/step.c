/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/sagemaker/step.c: what is under way with an instance, one question to compute at a time.
 *
 * The row says what is wanted and since when; the driver says how far it is and when to ask
 * again. An instance in a subnet has a network interface there from its first start until it is
 * deleted, as SageMaker's own does.
 */
#include "cloud/sagemaker/internal.h"

#include "base/clock.h"
#include "compute/compute.h"

typedef bool (*verb_function)(struct compute *c, const struct compute_spec *spec, int64_t since_ms,
    enum compute_state *state, int64_t *ask_again_ms, struct err *err);

static bool
ask_start(struct compute *c, const struct compute_spec *spec, int64_t since_ms,
    enum compute_state *state, int64_t *ask_again_ms, struct err *err)
{
	return c->ops->start(c, spec, since_ms, state, ask_again_ms, err);
}

static bool
ask_stop(struct compute *c, const struct compute_spec *spec, int64_t since_ms,
    enum compute_state *state, int64_t *ask_again_ms, struct err *err)
{
	return c->ops->stop(c, spec, since_ms, state, ask_again_ms, err);
}

static bool
ask_remove(struct compute *c, const struct compute_spec *spec, int64_t since_ms,
    enum compute_state *state, int64_t *ask_again_ms, struct err *err)
{
	return c->ops->remove(c, spec, since_ms, state, ask_again_ms, err);
}

/* What a status asks of compute, and what it becomes when compute is there. */
static const struct work {
	const char *status;
	verb_function ask;
	enum compute_state wanted;
	const char *becomes; /* NULL: the instance is gone */
} works[] = {
	{ "Deleting", ask_remove, COMPUTE_ABSENT, NULL },
	{ "Pending", ask_start, COMPUTE_RUNNING, "InService" },
	{ "Stopping", ask_stop, COMPUTE_STOPPED, "Stopped" },
	{ "Updating", ask_stop, COMPUTE_STOPPED, "Stopped" },
};

static const struct work *
work_of(const struct json *row)
{
	for (size_t i = 0; i < countof(works); i++)
		if (str_is(json_str(json_get(row, "NotebookInstanceStatus")), works[i].status))
			return &works[i];
	return NULL;
}

/* --- the network interface ------------------------------------------------------------------ */

static bool
call_ec2(struct call *c, const char *action, const struct json *in, const struct json **out,
    struct err *err)
{
	struct principal self = principal_service(c->a, c->account, "sagemaker.amazonaws.com");

	return cloud_call(c,
	    &(struct cloud_request){ .service = "ec2", .action = action, .as = &self, .in = in },
	    out, err);
}

/* *failure is filled where there can be none. */
static bool
attach(struct call *c, struct json *row, str *failure, struct err *err)
{
	struct json *in = json_new_object(c->a);
	const struct json *subnet = json_get(row, "SubnetId"), *out;

	if (subnet == NULL || json_get(row, "NetworkInterfaceId") != NULL)
		return true;
	json_put(c->a, in, "SubnetId", subnet);
	json_put(c->a, in, "Groups", json_get(row, "SecurityGroups"));
	json_put_str(c->a, in, "Description",
	    str_fmt(c->a, "[Do not delete] of notebook instance " STR_FMT,
		STR_ARG(json_str(json_get(row, "NotebookInstanceName")))));
	if (call_ec2(c, "CreateNetworkInterface", in, &out, err)) {
		json_put(c->a, row, "NetworkInterfaceId",
		    json_path(out, "NetworkInterface", "NetworkInterfaceId", NULL));
		return true;
	}
	if (err->code.len == 0)
		return false;
	*failure = str_fmt(c->a,
	    "Unable to create or start a notebook instance that can access resources in your VPC. "
	    "Please check if you have ec2:CreateNetworkInterface permission. " STR_FMT,
	    STR_ARG(err->msg));
	err_clear(err);
	return true;
}

static bool
detach(struct call *c, struct json *row, struct err *err)
{
	const struct json *id = json_get(row, "NetworkInterfaceId");
	struct json *in = json_new_object(c->a);

	if (id == NULL)
		return true;
	json_put(c->a, in, "NetworkInterfaceId", id);
	if (call_ec2(c, "DeleteNetworkInterface", in, NULL, err))
		return true;
	if (err->code.len == 0)
		return false;
	err_clear(err); /* somebody else deleted it */
	return true;
}

/* --- compute ----------------------------------------------------------------------------- */

/* Its row, and the scripts of its lifecycle configuration as they are now. */
static bool
make_spec(struct call *c, const struct json *row, struct compute_spec *out, struct err *err)
{
	struct json *detail = json_copy_shallow(c->a, row);
	const struct json *lifecycle = NULL;
	str name = json_str(json_get(row, "NotebookInstanceLifecycleConfigName"));

	if (name.len > 0 && !sagemaker_lifecycle_find(c, name, &lifecycle, err))
		return false;
	json_set(
	    c->a, detail, "lifecycle", lifecycle == NULL ? json_new(c->a, JSON_NULL) : lifecycle);
	*out = (struct compute_spec){
		.id = json_str(json_get(row, "NotebookInstanceArn")),
		.kind = S("notebook"),
		.detail = detail,
	};
	return true;
}

/* *failure is filled where compute cannot do it; else the row is due again or there. */
static bool
ask_compute(struct call *c, const struct work *w, struct json *row, bool *there, str *failure,
    struct err *err)
{
	struct compute *compute = cloud_compute(c->cloud);
	int64_t since_ms = json_i64(json_get(row, "sinceMs"), c->now_ms), again_ms;
	enum compute_state state = COMPUTE_FAILED;
	struct compute_spec spec;

	*there = false;
	if (!make_spec(c, row, &spec, err))
		return false;
	if (!w->ask(compute, &spec, since_ms, &state, &again_ms, err)) {
		*failure = err->msg;
		err_clear(err);
	} else if (state == COMPUTE_FAILED) {
		*failure = S("The instance failed on its way.");
	} else if (state == w->wanted) {
		*there = true;
	} else {
		row_due(c, row, "instance", again_ms);
	}
	return true;
}

static bool
finish(struct call *c, const struct work *w, struct json *row, struct err *err)
{
	if (w->becomes == NULL && !detach(c, row, err))
		return false;
	if (w->wanted == COMPUTE_RUNNING) /* OnCreate scripts ran */
		json_set(c->a, row, "startedOnce", json_new_bool(c->a, true));
	return sagemaker_status_end(c, row, w->becomes, S(""), err);
}

bool
sagemaker_instance_step(
    struct call *c, const struct item *row, const struct json *result, struct err *err)
{
	struct json *body = row_change(c, row);
	const struct work *w = work_of(body);
	str failure = S("");
	bool there = false;

	(void)result; /* nothing runs outside */
	if (w == NULL) {
		row_done(c, body);
		return row_put(c, body, err);
	}
	if (w->wanted == COMPUTE_RUNNING && !attach(c, body, &failure, err))
		return false;
	if (failure.len == 0 && !ask_compute(c, w, body, &there, &failure, err))
		return false;
	if (failure.len > 0)
		return sagemaker_status_end(c, body, "Failed", failure, err);
	return there ? finish(c, w, body, err) : row_put(c, body, err);
}
