/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/cfn/types_events.c: buses, rules, and where rules send events. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "cloud/cfn/types.h"

/* --- AWS::Events::Rule ------------------------------------------------------------------- */

static bool
put_targets(struct cfn_work *w, str name, struct err *err)
{
	struct json *in = cfn_mapped(w, "EventBusName Targets");
	const struct json *out, *failed;

	if (json_count(cfn_property(w, "Targets")) == 0)
		return true;
	json_put_str(w->c->a, in, "Rule", name);
	if (!cfn_call(w, "events", "PutTargets", in, &out, err))
		return false;
	failed = json_at(json_get(out, "FailedEntries"), 0);
	return failed == NULL ||
	    err_code(err, ERR_INVALID, str_z(w->c->a, json_str(json_get(failed, "ErrorCode"))),
		STR_FMT, STR_ARG(json_str(json_get(failed, "ErrorMessage"))));
}

/* PutRule would take over a rule that somebody else made, and the stack's end would remove it. */
static bool
rule_is_new(struct cfn_work *w, str name, struct err *err)
{
	struct json *in = cfn_input(w, "Name", name);

	json_put(w->c->a, in, "EventBusName", json_get(w->input, "EventBusName"));
	if (!cfn_call(w, "events", "DescribeRule", in, NULL, err))
		return cfn_is_gone(w, err);
	return err_code(
	    err, ERR_CONFLICT, CFN_PLAIN_REASON, STR_FMT " already exists", STR_ARG(name));
}

/* A bus is told by name or ARN; the name is what the rule's id begins with. */
static bool
rule_created(struct cfn_work *w, struct err *err)
{
	str name = json_str(json_get(w->input, "Name"));
	str bus = json_str(json_get(w->input, "EventBusName"));
	size_t in_arn = str_find(bus, S(":event-bus/"));

	if (!rule_is_new(w, name, err) ||
	    !cfn_call(w, "events", "PutRule", w->input, &w->answer, err))
		return false;
	cfn_set_attribute(w, "Arn", json_str(json_get(w->answer, "RuleArn")));
	if (in_arn < bus.len)
		bus = str_from(bus, in_arn + sizeof(":event-bus/") - 1);
	w->physical_id = bus.len == 0 || str_is(bus, "default")
	    ? name
	    : str_fmt(w->c->a, STR_FMT "|" STR_FMT, STR_ARG(bus), STR_ARG(name));
	cfn_set_attribute(w, "Name", name);
	return put_targets(w, name, err);
}

/* Targets that others added go as well: a rule with targets cannot be deleted. */
static bool
rule_removing(struct cfn_work *w, struct err *err)
{
	struct arena *a = w->c->a;
	struct json *in = cfn_mapped(w, "Rule=.Name EventBusName"), *ids;
	const struct json *out;

	if (!cfn_call(w, "events", "ListTargetsByRule", in, &out, err))
		return false;
	ids = json_put(a, in, "Ids", json_new_array(a));
	for (const struct json *t = json_first(json_get(out, "Targets")); t != NULL; t = t->next)
		json_push(a, ids, json_get(t, "Id"));
	return json_count(ids) == 0 || cfn_call(w, "events", "RemoveTargets", in, NULL, err);
}

/* --- AWS::Events::EventBusPolicy --------------------------------------------------------- */

/* The bus's policy with one statement more, of the resource's id. */
static bool
with_statement(struct cfn_work *w, str *out, struct err *err)
{
	struct arena *a = w->c->a;
	str bus = json_str(cfn_property(w, "EventBusName")), text;
	struct json *policy, *statements = json_new_array(a), *own;
	const struct json *answer, *old = NULL, *id = cfn_property(w, "StatementId");

	if (!cfn_call(w, "events", "DescribeEventBus",
		cfn_input(w, "Name", bus.len == 0 ? S("default") : bus), &answer, err))
		return false;
	text = json_str(json_get(answer, "Policy"));
	if (text.len > 0 && !json_parse(a, text, &old, err))
		return false;
	for (const struct json *s = json_first(json_get(old, "Statement")); s != NULL; s = s->next)
		if (!str_eq(json_str(json_get(s, "Sid")), json_str(id)))
			json_push(a, statements, s);
	own = json_copy_shallow(a, cfn_property(w, "Statement"));
	json_set(a, own, "Sid", id);
	json_push(a, statements, own);
	policy = json_new_object(a);
	json_put_str(a, policy, "Version", S("2012-10-17"));
	json_put(a, policy, "Statement", statements);
	*out = json_text(a, policy);
	return true;
}

static bool
bus_policy_created(struct cfn_work *w, struct err *err)
{
	const struct json *statement = cfn_property(w, "Statement");
	str bus = json_str(cfn_property(w, "EventBusName")), policy;

	if (statement != NULL && !json_is(statement, JSON_OBJECT))
		return err_code(err, ERR_INVALID, CFN_PLAIN_REASON,
		    "Value of property Statement must be an object");
	if (statement != NULL) {
		if (!with_statement(w, &policy, err))
			return false;
		w->input = cfn_mapped(w, "EventBusName");
		json_put_str(w->c->a, w->input, "Policy", policy);
	} else if (json_get(w->input, "Action") == NULL) {
		json_put_str(w->c->a, w->input, "Action", S("events:PutEvents"));
	}
	if (!cfn_call(w, "events", "PutPermission", w->input, NULL, err))
		return false;
	w->physical_id =
	    str_fmt(w->c->a, STR_FMT "|" STR_FMT, STR_ARG(bus.len == 0 ? S("default") : bus),
		STR_ARG(json_str(cfn_property(w, "StatementId"))));
	return true;
}

/* --- rows ---------------------------------------------------------------------------------- */

const struct cfn_type cfn_types_events[] = {
	{
	    .name = "AWS::Events::ApiDestination",
	    .properties = "ConnectionArn!:s Description:s HttpMethod!:s InvocationEndpoint!:s "
			  "InvocationRateLimitPerSecond:i Name:s",
	    .service = "events",
	    .create = "CreateApiDestination",
	    .input = "ConnectionArn Description HttpMethod InvocationEndpoint "
		     "InvocationRateLimitPerSecond Name",
	    .naming = { .member = "Name", .max = 64 },
	    .id = "${Name}",
	    .attributes = "Arn=ApiDestinationArn",
	    .remove = "DeleteApiDestination",
	    .remove_input = "Name=$id",
	    .gone = "ResourceNotFoundException",
	},
	{
	    .name = "AWS::Events::Connection",
	    .properties = "AuthParameters!:d AuthorizationType!:s Description:s Name:s",
	    .service = "events",
	    .create = "CreateConnection",
	    .input = "AuthParameters AuthorizationType Description Name",
	    .naming = { .member = "Name", .max = 64 },
	    .id = "${Name}",
	    .attributes = "Arn=ConnectionArn",
	    .remove = "DeleteConnection",
	    .remove_input = "Name=$id",
	    .gone = "ResourceNotFoundException",
	},
	{
	    .name = "AWS::Events::EventBus",
	    .properties = "Description:s Name!:s Tags:[Tag]",
	    .service = "events",
	    .create = "CreateEventBus",
	    .input = "Description Name",
	    .tagging = CFN_TAGS,
	    .id = "${Name}",
	    .attributes = "Arn=EventBusArn Name=$id",
	    .remove = "DeleteEventBus",
	    .remove_input = "Name=$id",
	    .gone = "ResourceNotFoundException",
	},
	{
	    .name = "AWS::Events::EventBusPolicy",
	    .is_legacy = true,
	    .properties = "Action:s Condition:{Key:s Type:s Value:s} EventBusName:s Principal:s "
			  "Statement:d StatementId!:s",
	    .service = "events",
	    .input = "Action Condition EventBusName Principal StatementId",
	    .created = bus_policy_created,
	    .remove = "RemovePermission",
	    .remove_input = "EventBusName StatementId",
	    .gone = "ResourceNotFoundException",
	},
	{
	    .name = "AWS::Events::Rule",
	    .is_legacy = true,
	    .properties = "Description:s EventBusName:s EventPattern:d Name:s RoleArn:s "
			  "ScheduleExpression:s State:s Targets:[d]",
	    .service = "events",
	    .input = "Description EventBusName EventPattern=json:EventPattern Name RoleArn "
		     "ScheduleExpression State",
	    .naming = { .member = "Name", .max = 64 },
	    .attributes = "Arn",
	    .created = rule_created,
	    .removing = rule_removing,
	    .remove = "DeleteRule",
	    .remove_input = "Name=.Name EventBusName",
	    .gone = "ResourceNotFoundException",
	},
	{ 0 },
};
