/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/reason.c: why a resource failed, in the words that its event tells.
 *
 * Types with a schema and those from before have different forms; both carry the service's own
 * message whole.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "cloud/cfn/types.h"

/* As the SDK that the handlers use names services, today and before. */
static const struct {
	const char *service, *name, *legacy_name;
} services[] = {
	{ "ec2", "Ec2", "AmazonEC2" },
	{ "events", "EventBridge", "AmazonCloudWatchEvents" },
	{ "iam", "Iam", "AmazonIdentityManagement" },
	{ "kms", "Kms", "AWSKMS" },
	{ "s3", "S3", "Amazon S3" },
	{ "sagemaker", "SageMaker", "AmazonSageMaker" },
	{ "ssm", "Ssm", "AWSSimpleSystemsManagement" },
};

static const char *
service_name(const struct cfn_work *w)
{
	for (size_t i = 0; i < countof(services); i++)
		if (w->service != NULL && str_is(str_of(services[i].service), w->service))
			return w->type->is_legacy ? services[i].legacy_name : services[i].name;
	return w->service == NULL ? "CloudFormation" : w->service;
}

static int
status_code(const struct cfn_work *w, const struct err *err)
{
	bool tells_more =
	    w->service != NULL && (str_is(S("iam"), w->service) || str_is(S("s3"), w->service));

	if (err->kind == ERR_DENIED)
		return 403;
	if (err->kind == ERR_NOT_FOUND && tells_more)
		return 404;
	return err->kind == ERR_CONFLICT && tells_more ? 409 : 400;
}

static bool
is_taken(const struct err *err)
{
	return str_has(err->code, S("AlreadyExists")) || str_has(err->code, S("Duplicate")) ||
	    str_has(err->code, S("AlreadyOwned"));
}

static const char *
handler_code(const struct err *err)
{
	static const char *const codes[ERR_KIND_COUNT] = {
		[ERR_NONE] = "InternalFailure",
		[ERR_INVALID] = "InvalidRequest",
		[ERR_UNAUTHENTICATED] = "InvalidCredentials",
		[ERR_DENIED] = "AccessDenied",
		[ERR_NOT_FOUND] = "NotFound",
		[ERR_CONFLICT] = "ResourceConflict",
		[ERR_TOO_LARGE] = "ServiceLimitExceeded",
		[ERR_THROTTLED] = "Throttling",
		[ERR_TIMEOUT] = "NotStabilized",
		[ERR_UPSTREAM] = "GeneralServiceException",
		[ERR_IO] = "ServiceInternalError",
	};

	if (is_taken(err))
		return "AlreadyExists";
	if (str_has(err->code, S("LimitExceeded")))
		return "ServiceLimitExceeded";
	return codes[err->kind];
}

static str
handler_message(struct cfn_work *w, str message, const char *code)
{
	return str_fmt(w->c->a,
	    "Resource handler returned message: \"" STR_FMT "\" (RequestToken: " STR_FMT
	    ", HandlerErrorCode: %s)",
	    STR_ARG(message), STR_ARG(w->token), code);
}

/* The message with what the SDK adds to it. */
static str
service_message(struct cfn_work *w, const struct err *err)
{
	const struct json *name =
	    w->type->naming.member == NULL ? NULL : json_get(w->input, w->type->naming.member);

	if (is_taken(err) && name != NULL)
		return str_fmt(w->c->a,
		    "Resource of type '%s' with identifier '" STR_FMT "' already exists.",
		    w->type->name, STR_ARG(json_scalar(name)));
	return str_fmt(w->c->a, STR_FMT " (Service: %s, Status Code: %d, Request ID: " STR_FMT ")",
	    STR_ARG(err->msg), service_name(w), status_code(w, err), STR_ARG(id_uuid(w->c->a)));
}

str
cfn_reason(struct cfn_work *w, const struct err *err)
{
	if (err_is(err, CFN_PLAIN_REASON))
		return err->msg;
	if (err_is(err, CFN_NOT_STABLE))
		return handler_message(w, err->msg, CFN_NOT_STABLE);
	if (!w->type->is_legacy)
		return handler_message(w, service_message(w, err), handler_code(err));
	return str_fmt(w->c->a,
	    STR_FMT " (Service: %s; Status Code: %d; Error Code: " STR_FMT "; Request ID: " STR_FMT
		    "; Proxy: null)",
	    STR_ARG(err->msg), service_name(w), status_code(w, err), STR_ARG(err->code),
	    STR_ARG(id_uuid(w->c->a)));
}

str
cfn_fault_reason(struct cfn_work *w, const char *message)
{
	return handler_message(w, str_of(message), "GeneralServiceException");
}
