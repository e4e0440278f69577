/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/job_account.c: the account handler. Makes a registered account one where environments
 * can run (api.md 6.4).
 *
 *   documents   shares every published document with it
 *   portfolio   shares the portfolio and accepts it there
 *   role        copies the launch role
 *   principal   lets the management role launch from the portfolio
 *   network     reads what its stack made, and the account is CURRENT
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

static enum step_end
network(struct job *j, struct err *err)
{
	struct json *in = json_new_object(j->a), *body;
	const struct json *answer, *stack;
	struct handling h;
	struct item item;

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
	if (!load(j, &item, &body, err) || !take_outputs(j, body, json_get(stack, "Outputs"), err))
		return STEP_FAILED;
	json_set_str(j->a, body, "status", S("CURRENT"));
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
	{ "documents", documents, "the documents to be shared" },
	{ "portfolio", portfolio, "the portfolio to be shared and accepted" },
	{ "role", role, "the launch role to be copied" },
	{ "principal", principal, "the management role to be let in" },
	{ "network", network, "the hosting account's stack to be complete" },
};

const struct job_kind job_account = { "account", steps, countof(steps), give_up };
