/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/call.c: one action, carried out.
 *
 * The door and the engines reach actions through here: the row of the table is found, the input
 * made to fit the model, and the action run in a transaction. A call inside a call is a
 * savepoint, so a failure undoes what the callee wrote and nothing of its caller's.
 */
#include "cloud/internal.h"

#include "base/clock.h"
#include "base/id.h"
#include "cloud/fault.h"

/* Fills an idempotency token that the caller left out; cookie: a seed, empty for a random one. */
static str
make_token(void *cookie, struct arena *a)
{
	const str *seed = cookie;

	return seed->len == 0 ? id_uuid(a) : id_uuid_from(a, *seed);
}

/* Checks the input against the model: c->in. */
static bool
prepare(struct call *c, const struct aws_operation *op, const struct json *in, str token,
    struct err *err)
{
	const struct json *given = in == NULL ? json_new_object(c->a) : in;

	c->service = str_of(op->service->name);
	c->action = str_of(op->name);
	c->out = json_new_object(c->a);
	return aws_input_check(c->a, op, given, make_token, &token, &c->in, err);
}

static bool
run(struct call *c, const struct action *action, struct err *err)
{
	struct store *st = c->cloud->options.store;

	mutex_assert_held(&c->cloud->mu);
	if (!store_begin(st, err))
		return false;
	if (!action->run(c, err)) {
		store_rollback(st);
		return false;
	}
	return store_commit(st, err);
}

/* Finds the operation in the model and the action in its engine. */
static bool
find_action(struct cloud *cloud, str service, str name, const struct aws_operation **op,
    const struct action **action, struct err *err)
{
	const struct engine *engine = engine_find(cloud, service);

	if (engine == NULL)
		return err_code(err, ERR_INVALID, "UnknownOperationException",
		    "the local cloud has no service '" STR_FMT "'", STR_ARG(service));
	if (!aws_operation_find(service, name, op, err)) {
		err->code = S("UnknownOperationException");
		return false;
	}
	*action = engine_action(engine, str_of((*op)->name));
	if (*action == NULL)
		return err_code(err, ERR_INVALID, "UnknownOperationException",
		    "the local cloud does not answer " STR_FMT ":%s", STR_ARG(service),
		    (*op)->name);
	return true;
}

/* As botocore words what it sees when an answer never comes. */
static bool
lose_answer(struct call *c, struct err *err)
{
	return err_code(err, ERR_TIMEOUT, CALL_ANSWER_LOST,
	    "Read timeout on endpoint URL: \"https://" STR_FMT "." STR_FMT ".amazonaws.com/\"",
	    STR_ARG(c->service), STR_ARG(c->region));
}

/* As a rule wants it; the kind follows from the code, as far as it is one of AWS's common ones. */
static bool
refuse(const struct fault_rule *rule, struct err *err)
{
	str code = str_of(rule->code);
	enum err_kind kind = ERR_INVALID;

	if (str_has(code, S("Throttl")) || str_has(code, S("TooManyRequests")))
		kind = ERR_THROTTLED;
	else if (str_has(code, S("AccessDenied")) || str_has(code, S("Unauthorized")))
		kind = ERR_DENIED;
	else if (str_has(code, S("Internal")) || str_has(code, S("Unavailable")))
		kind = ERR_IO;
	return err_code(err, kind, rule->code, "%s", rule->message);
}

static str
or_else(str given, str fallback)
{
	return given.len != 0 ? given : fallback;
}

bool
cloud_call(struct call *c, const struct cloud_request *rq, const struct json **out, struct err *err)
{
	const struct principal *who = rq->as != NULL ? rq->as : c->who;
	struct call inner = {
		.from_outside = rq->from_outside || rq->automation,
		.cloud = c->cloud,
		.a = c->a,
		.who = who,
		.account = or_else(rq->account, who->account),
		.region = or_else(rq->region, c->region),
		.request_id = rq->request_id.len != 0 ? rq->request_id : id_uuid(c->a),
		.now_ms = c->now_ms,
		.watch = rq->watch != NULL ? rq->watch : c->watch,
	};
	str service = rq->service != NULL ? str_of(rq->service) : rq->service_name;
	str name = rq->action != NULL ? str_of(rq->action) : rq->action_name;
	const struct aws_operation *op;
	const struct action *action;
	const struct fault_rule *fault = NULL;

	if (!find_action(c->cloud, service, name, &op, &action, err) ||
	    !prepare(&inner, op, rq->in, rq->token, err))
		return false;
	if (rq->automation || rq->from_outside)
		fault = fault_call(
		    c->cloud->options.faults, inner.service, inner.action, rq->automation);
	if (fault != NULL && fault->kind == FAULT_REFUSE)
		return refuse(fault, err);
	if (!run(&inner, action, err))
		return false;
	if (fault != NULL)
		return lose_answer(&inner, err);
	if (out != NULL)
		*out = inner.out;
	return true;
}

bool
cloud_invoke(struct cloud *cloud, struct arena *a, const struct cloud_request *rq,
    const struct json **out, struct err *err)
{
	struct call outside = {
		.cloud = cloud,
		.a = a,
		.who = rq->as,
		.region = cloud->options.region,
	};
	bool ok;

	cloud_lock(cloud);
	outside.now_ms = clock_now_ms(cloud->options.clock); /* its turn: events go out by time */
	memo_trim(cloud);
	ok = cloud_call(&outside, rq, out, err);
	cloud_unlock(cloud);
	return ok;
}

bool
cloud_emit(struct call *c, str account, const char *source, const char *detail_type,
    const struct json *resources, const struct json *detail, struct err *err)
{
	struct arena *a = c->a;
	const char *service = str_starts(str_of(source), S("aws.")) ? source + 4 : source;
	struct principal as =
	    principal_service(a, account, str_z(a, str_fmt(a, "%s.amazonaws.com", service)));
	struct json *in = json_new_object(a), *entry = json_new_object(a);
	const struct json *out;

	json_put_str(a, entry, "Source", str_of(source));
	json_put_str(a, entry, "DetailType", str_of(detail_type));
	json_put_str(a, entry, "Detail", json_text(a, detail));
	json_put(a, entry, "Resources", resources);
	json_put(a, entry, "Time", time_json(a, c->now_ms));
	json_push(a, json_put(a, in, "Entries", json_new_array(a)), entry);
	if (cloud_call(c,
		&(struct cloud_request){
		    .service = "events", .action = "PutEvents", .as = &as, .in = in },
		&out, err))
		return true;
	if (err->code.len == 0)
		return false;
	err_clear(err); /* a service does not fail because nobody takes its event */
	return true;
}
