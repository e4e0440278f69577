/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/roles.c: outputs of the main stack, and the chain of roles.
 */
#include "workbench/roles.h"

#include "aws/client.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/internal.h"

/* One name for all sessions: a session is kept by role and name, and may be used by any job. */
#define SESSION S("service-workbench")

static bool
describe_main(struct workbench *wb, struct arena *a, const struct json **out, struct err *err)
{
	struct json *in = json_new_object(a);
	const struct json *answer, *stack;

	json_put_str(a, in, "StackName", wb->o.stack);
	if (!aws_call(
		wb->o.aws, a, &wb->o.base, "cloudformation", "DescribeStacks", in, &answer, err))
		return err_prefix(err, "main account's stack " STR_FMT, STR_ARG(wb->o.stack));
	stack = json_at(json_get(answer, "Stacks"), 0);
	*out = json_get(stack, "Outputs");
	return true;
}

static const struct json *
kept_outputs(struct workbench *wb)
{
	auto_unlock struct mutex *held = mutex_hold(&wb->mu);

	return wb->outputs;
}

/* No lock is held over the call: two threads may both ask, and the later answer is kept. */
static bool
outputs(struct workbench *wb, struct arena *a, const struct json **out, struct err *err)
{
	const struct json *fresh = NULL;

	*out = kept_outputs(wb);
	if (*out != NULL)
		return true;
	if (!describe_main(wb, a, &fresh, err))
		return false;
	*out = fresh;
	if (json_count(fresh) > 0) {
		auto_unlock struct mutex *held = mutex_hold(&wb->mu);

		wb->outputs = json_copy(&wb->arena, fresh);
	}
	return true;
}

bool
roles_output(struct workbench *wb, struct arena *a, const char *name, str *out, struct err *err)
{
	const struct json *list;

	if (!outputs(wb, a, &list, err))
		return false;
	for (const struct json *o = json_first(list); o != NULL; o = o->next) {
		if (!str_is(json_str(json_get(o, "OutputKey")), name))
			continue;
		*out = json_str(json_get(o, "OutputValue"));
		return true;
	}
	return err_set(err, ERR_NOT_FOUND, "the main account's stack " STR_FMT " has no output %s",
	    STR_ARG(wb->o.stack), name);
}

static bool
main_role(struct workbench *wb, struct arena *a, const char *output, struct aws_credentials *out,
    struct err *err)
{
	str arn;

	return roles_output(wb, a, output, &arn, err) &&
	    aws_assume_role(wb->o.aws, a, &wb->o.base, arn, SESSION, (str){ 0 }, out, err);
}

bool
roles_api(struct workbench *wb, struct arena *a, struct aws_credentials *out, struct err *err)
{
	return main_role(wb, a, "ApiLambdaRoleOutput", out, err);
}

bool
roles_account_handler(
    struct workbench *wb, struct arena *a, struct aws_credentials *out, struct err *err)
{
	return main_role(wb, a, "AccountHandlerLambdaRoleOutput", out, err);
}

bool
roles_management(struct workbench *wb, struct arena *a, const struct json *place,
    struct aws_credentials *out, struct err *err)
{
	struct aws_credentials api;

	return roles_api(wb, a, &api, err) &&
	    aws_assume_role(wb->o.aws, a, &api, json_str(json_get(place, "envMgmtRoleArn")),
		SESSION, json_str(json_get(place, "externalId")), out, err);
}

bool
roles_hosting(struct workbench *wb, struct arena *a, const struct json *account,
    struct aws_credentials *out, struct err *err)
{
	struct aws_credentials handler;

	return roles_account_handler(wb, a, &handler, err) &&
	    aws_assume_role(wb->o.aws, a, &handler,
		json_str(json_get(account, "hostingAccountHandlerRoleArn")), SESSION,
		json_str(json_get(account, "externalId")), out, err);
}
