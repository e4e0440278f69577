/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A second hosting account: set up by the same template, registered while the first is at work,
 * and an environment lives there, told of by that account's own events.
 */
#include "whole_rig.h"

#include "aws/client.h"
#include "base/file.h"
#include "cloud/cloud.h"
#include "http/transport.h"
#include "workbench/account.h"
#include "workbench/env.h"
#include "workbench/project.h"

#define SECOND "333333333333"
#define NAMESPACE "swb-local-va"
#define EXTERNAL_ID "another-secret"

struct second {
	struct whole *w;
	struct direct_transport transport;
	struct aws_client *aws;
	struct aws_credentials root;
	str account;
};

static bool
try_call(struct second *s, const char *service, const char *operation, const char *in,
    const struct json **out)
{
	const struct json *input = NULL;
	str text = str_replace(s->w->a, str_of(in), S("'"), S("\""));

	CHECK_OK(json_parse(s->w->a, text, &input, &s->w->err), &s->w->err);
	return aws_call(s->aws, s->w->a, &s->root, service, operation, input, out, &s->w->err);
}

static bool
handle(void *cookie, struct arena *a, const struct http_request *req, struct http_response *resp,
    struct err *err)
{
	return cloud_handle(cookie, a, req, resp, err);
}

static void
open_account(struct second *s)
{
	CHECK_OK(cloud_account_ensure(
		     app_cloud(s->w->app), s->w->a, S(SECOND), S("second"), &s->root, &s->w->err),
	    &s->w->err);
	direct_transport_init(&s->transport, handle, app_cloud(s->w->app));
	s->aws = aws_client_new(&(struct aws_client_options){ .transport = &s->transport.transport,
	    .clock = &s->w->clock.clock,
	    .region = app_home(s->w->app)->region });
}

/* --- its stack ------------------------------------------------------------------------------- */

static const struct json *
stack(struct second *s)
{
	const struct json *out = NULL;

	CHECK_OK(try_call(s, "cloudformation", "DescribeStacks",
		     "{'StackName':'" NAMESPACE "-hosting-account'}", &out),
	    &s->w->err);
	return json_at(json_get(out, "Stacks"), 0);
}

static bool
has_stack(void *cookie)
{
	return str_is(json_str(json_get(stack(cookie), "StackStatus")), "CREATE_COMPLETE");
}

static str
output(struct second *s, const char *name)
{
	const struct json *o = json_first(json_get(stack(s), "Outputs"));

	while (o != NULL && !str_is(json_str(json_get(o, "OutputKey")), name))
		o = o->next;
	return json_str(json_get(o, "OutputValue"));
}

static void
parameter(struct arena *a, struct json *list, const char *key, str value)
{
	struct json *p = json_push(a, list, json_new_object(a));

	json_put_str(a, p, "ParameterKey", str_of(key));
	json_put_str(a, p, "ParameterValue", value);
}

static void
make_stack(struct second *s)
{
	struct arena *a = s->w->a;
	struct json *in = json_new_object(a), *list = json_new_array(a), *can = json_new_array(a);
	str main_account = app_home(s->w->app)->main_account, template;
	const struct json *out;
	static const struct {
		const char *key, *role;
	} roles[] = {
		{ "ApiHandlerRoleArn", "api-handler" },
		{ "StatusHandlerRoleArn", "status-handler" },
		{ "AccountHandlerRoleArn", "account-handler" },
	};

	CHECK_OK(file_read(a, SWB_SOURCE_ROOT "/templates/hosting-account.cfn.yaml", 1 << 20,
		     &template, &s->w->err),
	    &s->w->err);
	parameter(a, list, "Namespace", S(NAMESPACE));
	parameter(a, list, "MainAccountId", main_account);
	parameter(a, list, "ExternalId", S(EXTERNAL_ID));
	for (size_t i = 0; i < countof(roles); i++)
		parameter(a, list, roles[i].key,
		    str_fmt(a, "arn:aws:iam::" STR_FMT ":role/" NAMESPACE "-%s",
			STR_ARG(main_account), roles[i].role));
	json_push_str(a, can, S("CAPABILITY_NAMED_IAM"));
	json_put_str(a, in, "StackName", S(NAMESPACE "-hosting-account"));
	json_put_str(a, in, "TemplateBody", template);
	json_put(a, in, "Parameters", list);
	json_put(a, in, "Capabilities", can);
	CHECK_OK(
	    aws_call(s->aws, a, &s->root, "cloudformation", "CreateStack", in, &out, &s->w->err),
	    &s->w->err);
	whole_run(s->w, has_stack, s);
}

/* --- its registration ------------------------------------------------------------------------ */

static const struct json *
account(struct second *s)
{
	const struct json *out = NULL;

	CHECK_OK(account_get(app_workbench(s->w->app), s->w->a, s->account, &out, &s->w->err),
	    &s->w->err);
	return out;
}

static bool
is_handled(void *cookie)
{
	return !str_is(json_str(json_get(account(cookie), "status")), "PENDING");
}

static void
enroll(struct second *s)
{
	const struct account_registration in = {
		.name = S("a second"), /* before the first one's name */
		.aws_account_id = S(SECOND),
		.external_id = S(EXTERNAL_ID),
		.env_mgmt_role_arn = output(s, "EnvMgmtRoleArn"),
		.hosting_account_handler_role_arn = output(s, "HostingAccountHandlerRoleArn"),
	};
	struct workbench *wb = app_workbench(s->w->app);
	const struct json *out;

	CHECK_OK(account_register(wb, s->w->a, &in, &out, &s->w->err), &s->w->err);
	s->account = json_str(json_get(out, "id"));
	whole_run(s->w, is_handled, s);
	CHECK_STR(json_str(json_get(account(s), "status")), "CURRENT", STR_FMT,
	    STR_ARG(json_str(json_path(account(s), "error", "value", NULL))));
	CHECK_OK(cost_center_create(
		     wb, s->w->a, S("second"), S("its money"), s->account, &out, &s->w->err),
	    &s->w->err);
	CHECK_OK(project_create(wb, s->w->a, S("second"), S("there"), json_str(json_get(out, "id")),
		     &out, &s->w->err),
	    &s->w->err);
	s->w->project_id = json_str(json_get(out, "id"));
}

static void
call_main(struct whole *w, const char *service, const char *operation, struct json *in)
{
	const struct json *out;

	CHECK_OK(app_cloud_call(w->app, w->a, app_home(w->app)->main_account, service, operation,
		     in, &out, &w->err),
	    &w->err);
}

static void
put_object(struct second *s, const char *key)
{
	struct json *in = json_new_object(s->w->a);

	json_put_str(s->w->a, in, "Bucket", S(NAMESPACE "-artifacts-111111111111"));
	json_put_str(s->w->a, in, "Key", str_of(key));
	json_put_str(s->w->a, in, "Body", S("aGVsbG8="));
	call_main(s->w, "s3", "PutObject", in);
}

static void
check_reading(struct second *s)
{
#define OBJECT(key) "{'Bucket':'" NAMESPACE "-artifacts-111111111111','Key':'" key "'}"
	const struct json *out;

	put_object(s, "environment-files/start.sh");
	put_object(s, "secret");
	CHECK_OK(
	    try_call(s, "s3", "GetObject", OBJECT("environment-files/start.sh"), &out), &s->w->err);
	assert_false(try_call(s, "s3", "GetObject", OBJECT("secret"), &out));
	assert_int_equal(s->w->err.kind, ERR_DENIED);
	err_clear(&s->w->err);
#undef OBJECT
}

/* --- a life there ---------------------------------------------------------------------------- */

/* Through the bus come the instance's own words; nothing else tells them. */
static void
live(struct whole *w, bool told)
{
	whole_launch(w);
	whole_wait(w, "COMPLETED");
	CHECK(whole_history_has(w, "the instance is COMPLETED") == told, "told: %d", told);
	whole_ask_terminate(w);
	whole_wait(w, "TERMINATED");
	whole_quiet(w);
}

static void
shut_out(struct whole *w)
{
	struct json *in = json_new_object(w->a);

	json_put_str(w->a, in, "StatementId", S("Allow-main-account-to-get-" SECOND "-events"));
	call_main(w, "events", "RemovePermission", in);
}

static void
test_second_account(struct arena *a)
{
	struct second s = { .w = whole_open(a, 60 * 1000) };
	struct whole *w = s.w;

	open_account(&s);
	make_stack(&s);
	enroll(&s);
	check_reading(&s);
	live(w, true);
	assert_int_equal(whole_provisioned(w), 0); /* none in the first account */

	shut_out(w); /* slower, by asking, all the same */
	live(w, false);
	CHECK_OK(account_refresh(app_workbench(w->app), a, s.account, &w->err), &w->err);
	whole_quiet(w);
	live(w, true);

	w->project_id = app_home(w->app)->project_id; /* the first goes on as before */
	live(w, true);
	aws_client_free(s.aws);
	whole_close(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_second_account),
	};

	return RUN_TESTS(tests);
}
