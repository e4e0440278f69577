/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/setup.c: what must stand before the first launch, made once and found again later.
 *
 * Every step asks first whether its result stands already, so a program that was stopped anywhere
 * in the set-up goes on there. The same templates set up accounts on AWS, by a person's hand.
 */
#include "app/embed.h"
#include "app/internal.h"
#include "workbench/account.h"
#include "workbench/project.h"

#define MAIN_ACCOUNT S("111111111111")
#define HOSTING_ACCOUNT S("222222222222")
/* Stack, roles, portfolio and documents of the installation bear it; see templates/. */
#define NAMESPACE S("swb-local-va")
#define HOSTING_STACK "swb-local-va-hosting-account"
/* A text only swb and its hosting account know; guards against the confused deputy. */
#define EXTERNAL_ID S("workbench")

#define SETUP_LIMIT_MS (INT64_C(30) * 60 * 1000)

static void
parameter(struct arena *a, struct json *list, const char *key, str value)
{
	struct json *p = json_push(a, list, json_new_object(a));

	json_put_str(a, p, "ParameterKey", str_of(key));
	json_put_str(a, p, "ParameterValue", value);
}

struct stack {
	struct app *app;
	const struct aws_credentials *creds;
	str name;
	struct arena *a;           /* what the last question answered */
	const struct json *answer; /* the stack, as DescribeStacks tells it */
	struct err err;
};

/* Asks for the stack. False with err clear: there is none. */
static bool
stack_ask(struct stack *s)
{
	struct json *in = json_new_object(s->a);
	const struct json *out;

	err_init(&s->err, s->a);
	json_put_str(s->a, in, "StackName", s->name);
	s->answer = NULL;
	if (aws_call(s->app->aws, s->a, s->creds, "cloudformation", "DescribeStacks", in, &out,
		&s->err)) {
		s->answer = json_at(json_get(out, "Stacks"), 0);
		return true;
	}
	if (err_is(&s->err, "ValidationError"))
		err_clear(&s->err);
	return false;
}

static bool
stack_is_settled(void *cookie)
{
	struct stack *s = cookie;

	arena_reset(s->a);
	return !stack_ask(s) ||
	    !str_ends(json_str(json_get(s->answer, "StackStatus")), S("_IN_PROGRESS"));
}

/* The first resource that failed for a reason of its own. */
static str
stack_failure(struct stack *s)
{
	struct json *in = json_new_object(s->a);
	const struct json *out;
	str reason = S("no resource says why");

	json_put_str(s->a, in, "StackName", s->name);
	if (!aws_call(s->app->aws, s->a, s->creds, "cloudformation", "DescribeStackEvents", in,
		&out, &s->err))
		return s->err.msg;
	/* Newest first: the last one seen is the first that happened. */
	for (const struct json *e = json_first(json_get(out, "StackEvents")); e != NULL;
	     e = e->next) {
		str why = json_str(json_get(e, "ResourceStatusReason"));

		if (str_is(json_str(json_get(e, "ResourceStatus")), "CREATE_FAILED") &&
		    !str_has(why, S("cancelled")))
			reason = str_fmt(s->a, STR_FMT ": " STR_FMT,
			    STR_ARG(json_str(json_get(e, "LogicalResourceId"))), STR_ARG(why));
	}
	return reason;
}

/* Makes the stack unless it stands, waits for its end, and gives its outputs. */
static bool
stack_ensure(struct app *app, const struct aws_credentials *creds, str name, str template,
    const struct json *parameters, struct json *outputs, struct err *err)
{
	auto_arena scratch = { 0 };
	struct stack s = { .app = app, .creds = creds, .name = name, .a = &scratch };
	struct json *in, *capabilities;
	const struct json *out;

	if (!stack_ask(&s)) {
		if (s.err.kind != ERR_NONE)
			return err_set(err, s.err.kind, "stack " STR_FMT ": " STR_FMT,
			    STR_ARG(name), STR_ARG(s.err.msg));
		in = json_new_object(err->a);
		json_put_str(err->a, in, "StackName", name);
		json_put_str(err->a, in, "TemplateBody", template);
		json_put(err->a, in, "Parameters", parameters);
		capabilities = json_put(err->a, in, "Capabilities", json_new_array(err->a));
		json_push_str(err->a, capabilities, S("CAPABILITY_NAMED_IAM"));
		json_put_str(err->a, in, "ClientRequestToken", name);
		if (!aws_call(
			app->aws, err->a, creds, "cloudformation", "CreateStack", in, &out, err))
			return err_prefix(err, "stack " STR_FMT, STR_ARG(name));
	}
	if (!app_run(app, stack_is_settled, &s, SETUP_LIMIT_MS, err))
		return err_prefix(err, "stack " STR_FMT, STR_ARG(name));
	if (!str_is(json_str(json_get(s.answer, "StackStatus")), "CREATE_COMPLETE"))
		return err_set(err, ERR_UPSTREAM, "stack " STR_FMT " is " STR_FMT ": " STR_FMT,
		    STR_ARG(name), STR_ARG(json_str(json_get(s.answer, "StackStatus"))),
		    STR_ARG(stack_failure(&s)));
	for (const struct json *o = json_first(json_get(s.answer, "Outputs")); o != NULL;
	     o = o->next)
		json_put_key(&app->a, outputs, str_dup(&app->a, json_str(json_get(o, "OutputKey"))),
		    json_copy(&app->a, json_get(o, "OutputValue")));
	return true;
}

bool
app_setup_accounts(struct app *app, struct err *err)
{
	struct json *main_parameters = json_new_array(&app->a);
	struct json *hosting_parameters = json_new_array(&app->a);
	struct json *outputs = json_new_object(&app->a);

	app->home.main_account = MAIN_ACCOUNT;
	app->home.hosting_account = HOSTING_ACCOUNT;
	app->home.namespace = NAMESPACE;
	if (!cloud_account_ensure(
		app->cloud, &app->a, MAIN_ACCOUNT, S("main"), &app->main_root, err) ||
	    !cloud_account_ensure(
		app->cloud, &app->a, HOSTING_ACCOUNT, S("hosting"), &app->hosting_root, err))
		return false;

	parameter(&app->a, main_parameters, "Namespace", NAMESPACE);
	parameter(&app->a, main_parameters, "EventsUrl",
	    str_cat(&app->a, str_of(app->options.public_url), S(APP_EVENTS_PATH)));
	parameter(&app->a, main_parameters, "EventsSecret", app->events_secret);
	parameter(&app->a, main_parameters, "FirstHostingAccountId", HOSTING_ACCOUNT);
	if (!stack_ensure(app, &app->main_root, NAMESPACE, embed_main_account_template(),
		main_parameters, outputs, err))
		return false;

	parameter(&app->a, hosting_parameters, "Namespace", NAMESPACE);
	parameter(&app->a, hosting_parameters, "MainAccountId", MAIN_ACCOUNT);
	parameter(&app->a, hosting_parameters, "ExternalId", EXTERNAL_ID);
	parameter(&app->a, hosting_parameters, "ApiHandlerRoleArn",
	    json_str(json_get(outputs, "ApiLambdaRoleOutput")));
	parameter(&app->a, hosting_parameters, "StatusHandlerRoleArn",
	    json_str(json_get(outputs, "StatusHandlerLambdaRoleOutput")));
	parameter(&app->a, hosting_parameters, "AccountHandlerRoleArn",
	    json_str(json_get(outputs, "AccountHandlerLambdaRoleOutput")));
	app->hosting_outputs = json_new_object(&app->a);
	return stack_ensure(app, &app->hosting_root, S(HOSTING_STACK),
	    embed_hosting_account_template(), hosting_parameters, app->hosting_outputs, err);
}

/* The account that is set up here; people may have registered others, and those may have failed. */
static const struct json *
find_account(struct app *app, struct arena *a, struct err *err)
{
	const struct json *all;

	if (!account_list(app->workbench, a, &all, err))
		return NULL;
	for (const struct json *e = json_first(all); e != NULL; e = e->next)
		if (str_eq(json_str(json_get(e, "awsAccountId")), HOSTING_ACCOUNT))
			return e;
	return NULL;
}

static bool
account_is_ready(void *cookie)
{
	struct app *app = cookie;
	auto_arena a = { 0 };
	struct err err;
	const struct json *account;

	err_init(&err, &a);
	account = find_account(app, &a, &err);
	return err.kind != ERR_NONE || !str_is(json_str(json_get(account, "status")), "PENDING");
}

static bool
register_account(struct app *app, struct arena *a, const struct json **out, struct err *err)
{
	const struct account_registration registration = {
		.name = S("local"),
		.aws_account_id = HOSTING_ACCOUNT,
		.external_id = EXTERNAL_ID,
		.env_mgmt_role_arn = json_str(json_get(app->hosting_outputs, "EnvMgmtRoleArn")),
		.hosting_account_handler_role_arn =
		    json_str(json_get(app->hosting_outputs, "HostingAccountHandlerRoleArn")),
		.stack_name = S(HOSTING_STACK),
	};

	*out = find_account(app, a, err);
	if (err->kind != ERR_NONE)
		return false;
	return *out != NULL || account_register(app->workbench, a, &registration, out, err);
}

static bool
make_project(struct app *app, struct arena *a, str account_id, struct err *err)
{
	const struct json *all, *project, *center;

	if (!project_list(app->workbench, a, &all, err))
		return false;
	project = json_at(all, 0);
	if (project == NULL &&
	    (!cost_center_create(app->workbench, a, S("demo"), S("Made at the first start"),
		 account_id, &center, err) ||
		!project_create(app->workbench, a, S("demo"), S("Made at the first start"),
		    json_str(json_get(center, "id")), &project, err)))
		return false;
	app->home.project_id = str_dup(&app->a, json_str(json_get(project, "id")));
	return true;
}

bool
app_setup_workbench(struct app *app, struct err *err)
{
	const struct json *account;

	if (!register_account(app, err->a, &account, err))
		return err_prefix(err, "registering account " STR_FMT, STR_ARG(HOSTING_ACCOUNT));
	if (!app_run(app, account_is_ready, app, SETUP_LIMIT_MS, err) ||
	    !account_get(app->workbench, err->a, json_str(json_get(account, "id")), &account, err))
		return err_prefix(err, "preparing account " STR_FMT, STR_ARG(HOSTING_ACCOUNT));
	/* One that an earlier swb set up may be NEEDS_UPDATE: it goes on as it is. */
	if (str_is(json_str(json_get(account, "status")), "ERRORED"))
		return err_set(err, ERR_UPSTREAM,
		    "account " STR_FMT " could not be prepared: " STR_FMT, STR_ARG(HOSTING_ACCOUNT),
		    STR_ARG(json_text(err->a, json_get(account, "error"))));
	return make_project(app, err->a, json_str(json_get(account, "id")), err);
}
