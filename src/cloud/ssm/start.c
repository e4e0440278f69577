/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm/start.c: StartAutomationExecution.
 *
 * All that can be refused is refused here, before an id leaves: document, version, parameters,
 * role. What is kept is everything that running needs, so that a document that changes or goes
 * does not change an automation that runs: what never changes in a row that is put once, where the
 * automation stands in one of its own, small, since it is put with every step.
 */
#include <inttypes.h>

#include "base/id.h"
#include "cloud/ssm/internal.h"

#define UUID "[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}"

static const struct input_rule start_rules[] = {
	{ .member = "DocumentVersion", .pattern = "[$]LATEST|[$]DEFAULT|[1-9][0-9]*" },
	{ .member = "Parameters", .min = 1, .max = SSM_MAX_PARAMETERS },
	{ .member = "ClientToken", .min = 36, .max = 36, .pattern = UUID },
	{ .member = "Mode", .values = "Auto Interactive" },
	{ .member = "Tags", .max = 1000 },
};

/* --- the same start again ------------------------------------------------------------ */

static str
token_ref(struct call *c, str token)
{
	return str_fmt(c->a, STR_FMT "#token#" STR_FMT, STR_ARG(ssm_partition(c, "execution")),
	    STR_ARG(token));
}

/* An automation that the same token started: its id is the answer again. */
static bool
find_earlier(struct call *c, bool *found, struct err *err)
{
	str token = json_str(json_get(c->in, "ClientToken"));
	struct store_query q = { .index = S("byRef2"), .hash = token_ref(c, token) };
	struct store_page page = { 0 };

	*found = false;
	if (token.len == 0)
		return true;
	if (!row_query(c, &q, &page, err))
		return false;
	if (page.count == 0)
		return true;
	if (!json_equal(json_get(page.items[0].body, "request"), c->in))
		return err_code(err, ERR_CONFLICT, "IdempotentParameterMismatch",
		    "The client token " STR_FMT " was used before with other parameters",
		    STR_ARG(token));
	*found = true;
	json_put_str(c->a, c->out, "AutomationExecutionId", page.items[0].sk);
	return true;
}

/* --- what is refused ----------------------------------------------------------------- */

static bool
check_form(struct call *c, struct err *err)
{
	static const char *const not_here[] = { "TargetParameterName", "Targets", "TargetMaps",
		"TargetLocations", "TargetLocationsURL", "MaxConcurrency", "MaxErrors",
		"AlarmConfiguration" };

	for (size_t i = 0; i < countof(not_here); i++) {
		if (json_get(c->in, not_here[i]) != NULL)
			return err_code(err, ERR_INVALID, "ValidationException",
			    "%s: the local cloud runs an automation once, without targets",
			    not_here[i]);
	}
	return !str_is(json_str(json_get(c->in, "Mode")), "Interactive") ||
	    err_code(err, ERR_INVALID, "ValidationException",
		"Mode: the local cloud runs automations in the mode Auto only");
}

static bool
find_document(struct call *c, struct document *d, struct err *err)
{
	str name = json_str(json_get(c->in, "DocumentName"));
	str version = json_str(json_get(c->in, "DocumentVersion"));
	enum document_state state;

	if (!ssm_document_find(c, name, version, d, &state, err))
		return false;
	if (state == DOCUMENT_NONE)
		return err_code(err, ERR_NOT_FOUND, "AutomationDefinitionNotFoundException",
		    "Automation document " STR_FMT
		    " does not exist, or is not shared with account " STR_FMT,
		    STR_ARG(name), STR_ARG(c->account));
	if (state == DOCUMENT_NO_VERSION)
		return err_code(err, ERR_NOT_FOUND, "AutomationDefinitionVersionNotFoundException",
		    "Automation document " STR_FMT " has no version " STR_FMT
		    " that account " STR_FMT " may use",
		    STR_ARG(name), STR_ARG(version), STR_ARG(c->account));
	return true;
}

/* --- parameters ---------------------------------------------------------------------- */

struct start {
	struct call *c;
	str id;
};

/* What a parameter's default may name. */
static const struct json *
look_up(void *cookie, struct arena *a, str name)
{
	struct start *s = cookie;
	const struct json *body = NULL;
	struct err err;

	err_init(&err, a);
	if (str_is(name, "automation:EXECUTION_ID"))
		return json_new_str(a, s->id);
	if (str_is(name, "global:REGION"))
		return json_new_str(a, s->c->region);
	if (str_is(name, "global:ACCOUNT_ID"))
		return json_new_str(a, s->c->account);
	if (str_is(name, "global:AWS_PARTITION"))
		return json_new_str(a, S("aws"));
	if (!str_starts(name, S("ssm:")) ||
	    !ssm_parameter_look_up(s->c, str_from(name, 4), &body, &err) || body == NULL ||
	    str_is(json_str(json_get(body, "type")), "SecureString"))
		return NULL;
	return json_get(body, "value");
}

/* --- the role ------------------------------------------------------------------------ */

/* Who runs the steps: the role that the document names, or the caller. */
static bool
find_principal(struct call *c, const struct ssm_document *doc, const struct ssm_arguments *args,
    str id, struct principal *out, struct err *err)
{
	str role = doc->assume_role, name;

	*out = *c->who;
	if (ssm_reference_whole(role, &name))
		role = json_str(json_get_str(args->values, name));
	if (role.len == 0)
		return true;
	if (!str_starts(role, S("arn:")))
		return err_code(err, ERR_INVALID, "InvalidAutomationExecutionParametersException",
		    "The format of the supplied assume role ARN is invalid.");
	if (cloud_assume(
		c, role, str_cat(c->a, S("Automation-"), id), "ssm.amazonaws.com", out, err))
		return true;
	if (err->code.len == 0)
		return false;
	return err_code(err, ERR_INVALID, "InvalidAutomationExecutionParametersException",
	    "The defined assume role is unable to be assumed.");
}

/* --- the rows ------------------------------------------------------------------------ */

/* What running needs now and then, and the token that finds it. */
static struct json *
start_new(struct call *c, str id, const struct ssm_arguments *args)
{
	str token = json_str(json_get(c->in, "ClientToken"));
	struct json *row = row_new(c, ssm_partition(c, "start"), id);

	json_put(c->a, row, "values", args->values);
	if (token.len > 0) {
		json_put(c->a, row, "request", c->in);
		json_put_str(c->a, row, "ref2", token_ref(c, token));
		json_put_str(c->a, row, "refSort2", id);
	}
	return row;
}

static struct json *
execution_new(struct call *c, str id, const struct document *d, const struct principal *as)
{
	struct json *x = row_new(c, ssm_partition(c, "execution"), id);

	json_put_str(c->a, x, "id", id);
	json_put(c->a, x, "documentName", json_get(c->in, "DocumentName"));
	json_put_str(c->a, x, "owner", d->owner);
	json_put_str(c->a, x, "definition", d->name);
	json_put_str(c->a, x, "documentVersion",
	    str_fmt(c->a, "%" PRId64, json_i64(json_get(d->version, "number"), 0)));
	json_put(c->a, x, "hash", json_get(d->version, "hash"));
	json_put_i64(c->a, x, "startMs", c->now_ms);
	json_put_str(c->a, x, "status", S("Pending"));
	json_put_str(c->a, x, "executedBy", c->who->arn);
	json_put_i64(c->a, x, "at", 0);
	ssm_put_if(c, x, "tags", json_get(c->in, "Tags"));
	json_put_str(c->a, x, "ref", str_cat(c->a, ssm_partition(c, "execution"), S("#byTime")));
	json_put_str(
	    c->a, x, "refSort", str_fmt(c->a, "%016" PRId64 "#" STR_FMT, c->now_ms, STR_ARG(id)));
	json_put(c->a, x, "as", principal_write(c->a, as));
	row_due(c, x, "execution", c->now_ms);
	return x;
}

bool
ssm_execution_start(struct call *c, struct err *err)
{
	struct start start = { c, id_uuid(c->a) };
	const struct ssm_definition *definition;
	struct ssm_arguments args;
	struct principal as;
	struct document d;
	bool found;

	if (!input_check(c, start_rules, countof(start_rules), err) || !check_form(c, err) ||
	    !find_earlier(c, &found, err))
		return false;
	if (found)
		return true;
	if (!find_document(c, &d, err) ||
	    !ssm_definition_load(
		c, d.owner, json_str(json_get(d.version, "hash")), &definition, err) ||
	    !ssm_arguments_check(c->a, &definition->doc, json_get(c->in, "Parameters"), look_up,
		&start, &args, err) ||
	    !find_principal(c, &definition->doc, &args, start.id, &as, err))
		return false;
	json_put_str(c->a, c->out, "AutomationExecutionId", start.id);
	return row_put(c, start_new(c, start.id, &args), err) &&
	    row_put(c, execution_new(c, start.id, &d, &as), err);
}
