/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/job_account.c: the account handler. Makes a registered account one where environments
 * can run (api.md 6.4).
 *
 *   events      lets its events onto the main account's bus
 *   policies    lets it read environment files and use both keys
 *   documents   shares every published document with it
 *   portfolio   shares the portfolio and accepts it there
 *   role        copies the launch role
 *   principal   lets the management role launch from the portfolio
 *   network     reads what its stack made, and the account is CURRENT or NEEDS_UPDATE
 *
 * An account that is the main account itself needs only the last two.
 */
#include "aws/client.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/account.h"
#include "workbench/accounts.h"
#include "workbench/admit.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/job.h"
#include "workbench/portfolio.h"
#include "workbench/role_copy.h"
#include "workbench/roles.h"

/* What a step works with. */
struct handling {
	const struct json *account;
	str number, main_number;
	bool is_main;
	struct aws_credentials handler, hosting;
};

static bool
handling_of(struct job *j, struct handling *out, struct err *err)
{
	if (!account_get(j->wb, j->a, job_text(j, "accountId"), &out->account, err) ||
	    !roles_output(j->wb, j->a, "accountId", &out->main_number, err) ||
	    !roles_account_handler(j->wb, j->a, &out->handler, err) ||
	    !roles_hosting(j->wb, j->a, out->account, &out->hosting, err))
		return false;
	out->number = json_str(json_get(out->account, "awsAccountId"));
	out->is_main = str_eq(out->number, out->main_number);
	return true;
}

/*
 * What stands in a policy is what the role said: a number that is not the role's would let a
 * stranger in.
 */
static bool
check_number(struct job *j, const struct handling *h, struct err *err)
{
	str arn = json_str(json_get(h->account, "hostingAccountHandlerRoleArn"));

	if (str_has(arn, str_fmt(j->a, ":iam::" STR_FMT ":role/", STR_ARG(h->number))))
		return true;
	return err_set(err, ERR_INVALID, "role " STR_FMT " is not one of account " STR_FMT,
	    STR_ARG(arn), STR_ARG(h->number));
}

static enum step_end
events(struct job *j, struct err *err)
{
	struct handling h;

	if (!handling_of(j, &h, err) || !check_number(j, &h, err))
		return STEP_FAILED;
	if (!h.is_main && !admit_events(j->wb, j->a, h.number, err))
		return STEP_FAILED;
	return STEP_NEXT;
}

/*
 * All accounts are written, not only this one: another's job may have read the policies before
 * this one wrote them. The list is committed with the step, so the slower of the two runs again.
 */
static enum step_end
policies(struct job *j, struct err *err)
{
	const struct json *all;
	struct handling h;

	if (!handling_of(j, &h, err))
		return STEP_FAILED;
	if (h.is_main)
		return STEP_NEXT;
	if (!accounts_join(j->wb, &j->change, h.number, &all, err) ||
	    !admit_reading(j->wb, j->a, all, err))
		return STEP_FAILED;
	return STEP_NEXT;
}

static enum step_end
documents(struct job *j, struct err *err)
{
	struct json *accounts = json_new_array(j->a);
	const struct json *names;
	struct handling h;

	if (!handling_of(j, &h, err) || !accounts_documents(j->wb, j->a, &names, err))
		return STEP_FAILED;
	if (h.is_main)
		return STEP_NEXT;
	json_push_str(j->a, accounts, h.number);
	for (const struct json *n = json_first(names); n != NULL; n = n->next)
		if (!accounts_share_document(j->wb, j->a, &h.handler, json_str(n), accounts, err))
			return STEP_FAILED;
	return STEP_NEXT;
}

static bool
accept_share(struct job *j, const struct handling *h, str portfolio, struct err *err)
{
	struct json *in = json_new_object(j->a);
	const struct json *answer;

	json_put_str(j->a, in, "PortfolioId", portfolio);
	return aws_call(j->wb->o.aws, j->a, &h->hosting, "servicecatalog", "AcceptPortfolioShare",
	    in, &answer, err);
}

static bool
create_share(struct job *j, const struct handling *h, str portfolio, struct err *err)
{
	struct json *in = json_new_object(j->a);
	const struct json *answer;

	json_put_str(j->a, in, "PortfolioId", portfolio);
	json_put_str(j->a, in, "AccountId", h->number);
	return aws_call(j->wb->o.aws, j->a, &h->handler, "servicecatalog", "CreatePortfolioShare",
	    in, &answer, err);
}

static enum step_end
portfolio(struct job *j, struct err *err)
{
	struct handling h;
	str id;

	if (!handling_of(j, &h, err) || !portfolio_ensure(j->wb, j->a, &j->wb->o.base, &id, err))
		return STEP_FAILED;
	if (!h.is_main && (!create_share(j, &h, id, err) || !accept_share(j, &h, id, err)))
		return STEP_FAILED;
	job_set(j, "portfolioId", id);
	return STEP_NEXT;
}

static enum step_end
role(struct job *j, struct err *err)
{
	struct role_copy copy = { 0 };
	struct handling h;

	if (!handling_of(j, &h, err) ||
	    !roles_output(j->wb, j->a, "LaunchConstraintIamRoleNameOutput", &copy.role_name, err))
		return STEP_FAILED;
	if (h.is_main)
		return STEP_NEXT;
	copy.from = &h.handler;
	copy.to = &h.hosting;
	copy.from_account = h.main_number;
	copy.to_account = h.number;
	return role_copy_apply(j->wb, j->a, &copy, err) ? STEP_NEXT : STEP_FAILED;
}

static enum step_end
principal(struct job *j, struct err *err)
{
	struct json *in = json_new_object(j->a);
	const struct json *answer;
	struct handling h;

	if (!handling_of(j, &h, err))
		return STEP_FAILED;
	json_put_str(j->a, in, "PortfolioId", job_text(j, "portfolioId"));
	json_put(j->a, in, "PrincipalARN", json_get(h.account, "envMgmtRoleArn"));
	json_put_str(j->a, in, "PrincipalType", S("IAM"));
	if (!aws_call(j->wb->o.aws, j->a, &h.hosting, "servicecatalog",
		"AssociatePrincipalWithPortfolio", in, &answer, err))
		return STEP_FAILED;
	return STEP_NEXT;
}

/* --- the account's item ---------------------------------------------------------------------- */

static bool
load(struct job *j, struct item *item, struct json **body, struct err *err)
{
	str key = item_key(j->a, "ACC", job_text(j, "accountId"));

	if (!store_load(j->wb->o.store, j->a, key, key, item, err))
		return false;
	*body = json_copy_shallow(j->a, item->body);
	json_set_str(j->a, *body, "updatedAt", time_iso_ms(j->a, j->now_ms));
	json_remove(*body, "error");
	return true;
}

/* The stack's outputs under the names that the account has for them. */
static bool
take_outputs(struct job *j, struct json *body, const struct json *outputs, struct err *err)
{
	static const struct {
		const char *output, *member;
	} names[] = {
		{ "VPC", "vpcId" },
		{ "VpcSubnet", "subnetId" },
		{ "EncryptionKeyArn", "encryptionKeyArn" },
	};

	for (size_t i = 0; i < countof(names); i++) {
		const struct json *o = json_first(outputs);

		while (o != NULL && !str_is(json_str(json_get(o, "OutputKey")), names[i].output))
			o = o->next;
		if (o == NULL)
			return err_set(err, ERR_INVALID,
			    "the hosting account's stack has no output %s", names[i].output);
		json_set_str(j->a, body, names[i].member, json_str(json_get(o, "OutputValue")));
	}
	return true;
}

static bool
is_complete(str status)
{
	return str_is(status, "CREATE_COMPLETE") || str_is(status, "UPDATE_COMPLETE");
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The next character that is neither white space nor in a comment; -1 at the end. */
static int
next_char(str *s, bool *after_blank)
{
	while (s->len > 0) {
		char c = s->ptr[0];

		if (c == '#' && *after_blank) {
			*s = str_from(*s, str_find_char(*s, '\n'));
			continue;
		}
		*s = str_from(*s, 1);
		*after_blank = is_blank(c);
		if (!*after_blank)
			return (unsigned char)c;
	}
	return -1;
}

static bool
is_same_template(str x, str y)
{
	bool x_blank = true, y_blank = true;
	int c;

	do {
		c = next_char(&x, &x_blank);
		if (c != next_char(&y, &y_blank))
			return false;
	} while (c != -1);
	return true;
}

static bool
has_our_template(struct job *j, const struct handling *h, bool *out, struct err *err)
{
	struct json *in = json_new_object(j->a);
	const struct json *answer;

	*out = true;
	if (j->wb->o.hosting_template.len == 0)
		return true;
	json_put(j->a, in, "StackName", json_get(h->account, "stackName"));
	if (!aws_call(
		j->wb->o.aws, j->a, &h->hosting, "cloudformation", "GetTemplate", in, &answer, err))
		return false;
	*out =
	    is_same_template(json_str(json_get(answer, "TemplateBody")), j->wb->o.hosting_template);
	return true;
}

static enum step_end
network(struct job *j, struct err *err)
{
	struct json *in = json_new_object(j->a), *body;
	const struct json *answer, *stack;
	struct handling h;
	struct item item;
	bool current;

	if (!handling_of(j, &h, err))
		return STEP_FAILED;
	json_put(j->a, in, "StackName", json_get(h.account, "stackName"));
	if (!aws_call(j->wb->o.aws, j->a, &h.hosting, "cloudformation", "DescribeStacks", in,
		&answer, err))
		return STEP_FAILED;
	stack = json_at(json_get(answer, "Stacks"), 0);
	if (!is_complete(json_str(json_get(stack, "StackStatus")))) {
		job_set_i64(j, "asked", job_i64(j, "asked") + 1);
		return job_wait(j, job_backoff(job_i64(j, "asked"), 5000, MINUTE_MS));
	}
	if (!load(j, &item, &body, err) ||
	    !take_outputs(j, body, json_get(stack, "Outputs"), err) ||
	    !has_our_template(j, &h, &current, err))
		return STEP_FAILED;
	json_set_str(j->a, body, "status", current ? S("CURRENT") : S("NEEDS_UPDATE"));
	change_put(&j->change, body, item.version);
	return STEP_ENDED;
}

static bool
give_up(struct job *j, const struct err *why, struct err *err)
{
	struct json *body, *error = json_new_object(j->a);
	struct item item;

	if (!load(j, &item, &body, err))
		return false;
	json_put_str(j->a, error, "type", S("ACCOUNT"));
	json_put_str(j->a, error, "value",
	    str_fmt(j->a, STR_FMT ": " STR_FMT, STR_ARG(job_text(j, "step")), STR_ARG(why->msg)));
	json_set(j->a, body, "error", error);
	json_set_str(j->a, body, "status", S("ERRORED"));
	change_put(&j->change, body, item.version);
	return true;
}

static const struct job_step steps[] = {
	{ "events", events, "its events to be let in" },
	{ "policies", policies, "the bucket and the keys to be opened to it" },
	{ "documents", documents, "the documents to be shared" },
	{ "portfolio", portfolio, "the portfolio to be shared and accepted" },
	{ "role", role, "the launch role to be copied" },
	{ "principal", principal, "the management role to be let in" },
	{ "network", network, "the hosting account's stack to be complete" },
};

const struct job_kind job_account = { "account", steps, countof(steps), give_up };
