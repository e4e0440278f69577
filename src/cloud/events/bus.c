/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/events/bus.c: buses, and who may put events on them.
 *
 * Every account has a default bus in every region without anyone making it: its row is written
 * when it is first changed, and absence stands for a bus that nobody changed.
 */
#include "cloud/events/internal.h"

#include "lang/iam_policy.h"

#define MAX_POLICY_BYTES 10240
#define MAX_BUSES 100

bool
events_arn_read(str text, struct events_arn *out)
{
	str prefix, partition;

	if (!str_cut(&text, ':', &prefix) || !str_is(prefix, "arn") ||
	    !str_cut(&text, ':', &partition) || !str_cut(&text, ':', &out->service) ||
	    !str_cut(&text, ':', &out->region) || !str_cut(&text, ':', &out->account))
		return false;
	out->resource = text;
	return text.len > 0;
}

static bool
bus_row(struct call *c, struct events_bus *bus, bool *found, struct err *err)
{
	struct item item;

	bus->arn = arn_make(
	    c->a, "events", bus->region, bus->account, "event-bus/" STR_FMT, STR_ARG(bus->name));
	if (!row_find(c, row_partition(c, "events", "bus", bus->account, bus->region), bus->name,
		&item, found, err))
		return false;
	bus->row = *found ? item.body : NULL;
	if (*found || !str_is(bus->name, "default"))
		return true;
	return account_exists(c, bus->account, found, err);
}

bool
events_bus_find(
    struct call *c, str name_or_arn, struct events_bus *out, bool *found, struct err *err)
{
	struct events_arn arn;

	*out = (struct events_bus){ .account = c->account, .region = c->region };
	out->name = name_or_arn.len == 0 ? S("default") : name_or_arn;
	if (events_arn_read(name_or_arn, &arn)) {
		*found = str_is(arn.service, "events") && str_starts(arn.resource, S("event-bus/"));
		if (!*found)
			return true;
		out->account = arn.account;
		out->region = arn.region;
		out->name = str_from(arn.resource, sizeof("event-bus/") - 1);
	}
	return bus_row(c, out, found, err);
}

static bool
no_such_bus(str name, struct err *err)
{
	return err_code(err, ERR_NOT_FOUND, "ResourceNotFoundException",
	    "Event bus " STR_FMT " does not exist.", STR_ARG(name));
}

/* One of the call's own account and region. */
static bool
load_own(struct call *c, str name_or_arn, struct events_bus *out, struct err *err)
{
	bool found;

	if (!events_bus_find(c, name_or_arn, out, &found, err))
		return false;
	if (!found || !str_eq(out->account, c->account) || !str_eq(out->region, c->region))
		return no_such_bus(out->name, err);
	return true;
}

bool
events_bus_load(struct call *c, struct events_bus *out, struct err *err)
{
	return load_own(c, json_str(json_get(c->in, "EventBusName")), out, err);
}

/* A body to change and put; makes the row of a default bus that has none. */
static struct json *
change_bus(struct call *c, const struct events_bus *bus)
{
	struct json *body;

	if (bus->row != NULL)
		return json_copy_shallow(c->a, bus->row);
	body = row_new(c, row_here(c, "events", "bus"), bus->name);
	json_put_str(c->a, body, "arn", bus->arn);
	return body;
}

/* --- buses -------------------------------------------------------------------------- */

static const struct input_rule create_rules[] = {
	{ "Name", 1, 256, "[\\.\\-_A-Za-z0-9]+", NULL },
	{ "Description", 0, 512, NULL, NULL },
	{ "Tags[].Key", 1, 128, NULL, NULL },
	{ "Tags[].Value", 0, 256, NULL, NULL },
};

static bool
check_room(struct call *c, struct err *err)
{
	const struct store_query q = { .hash = row_here(c, "events", "bus"), .brief = true };
	struct store_page page;

	if (!row_query(c, &q, &page, err))
		return false;
	if (page.count >= MAX_BUSES)
		return err_code(err, ERR_INVALID, "LimitExceededException",
		    "The requested resource exceeds the maximum number allowed.");
	return true;
}

bool
events_create_event_bus(struct call *c, struct err *err)
{
	str name = json_str(json_get(c->in, "Name"));
	struct events_bus bus;
	struct json *body;
	bool found;

	if (!INPUT_CHECK(c, create_rules, err) || !events_bus_find(c, name, &bus, &found, err) ||
	    !check_room(c, err))
		return false;
	if (found)
		return err_code(err, ERR_CONFLICT, "ResourceAlreadyExistsException",
		    "Event bus " STR_FMT " already exists.", STR_ARG(name));
	body = change_bus(c, &bus);
	json_put(c->a, body, "description", json_get(c->in, "Description"));
	json_put(
	    c->a, body, "tags", tags_with(c->a, NULL, json_get(c->in, "Tags"), "Key", "Value"));
	json_put_i64(c->a, body, "createdMs", c->now_ms);
	json_put_str(c->a, c->out, "EventBusArn", bus.arn);
	json_put(c->a, c->out, "Description", json_get(c->in, "Description"));
	return row_put(c, body, err);
}

static bool
refuse_any_rule(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	(void)c;
	(void)row;
	(void)cookie;
	return err_code(err, ERR_CONFLICT, "ValidationException",
	    "Event bus can't be deleted since it has rules.");
}

bool
events_delete_event_bus(struct call *c, struct err *err)
{
	str name = json_str(json_get(c->in, "Name"));
	struct events_bus bus;
	bool found;

	if (!events_bus_find(c, name, &bus, &found, err))
		return false;
	if (str_is(bus.name, "default"))
		return err_code(
		    err, ERR_INVALID, "ValidationException", "Cannot delete event bus default.");
	if (!found || !str_eq(bus.account, c->account))
		return true;
	return events_rule_each(c, &bus, S(""), refuse_any_rule, NULL, err) &&
	    row_del(c, row_here(c, "events", "bus"), bus.name, err);
}

static void
describe(struct call *c, const struct events_bus *bus, struct json *out)
{
	const struct json *policy = json_get(bus->row, "policy");
	const struct json *created = json_get(bus->row, "createdMs");

	json_put_str(c->a, out, "Name", bus->name);
	json_put_str(c->a, out, "Arn", bus->arn);
	json_put(c->a, out, "Description", json_get(bus->row, "description"));
	if (policy != NULL)
		json_put_str(c->a, out, "Policy", json_text(c->a, policy));
	if (created != NULL)
		json_put(c->a, out, "CreationTime", time_json(c->a, json_i64(created, 0)));
}

bool
events_describe_event_bus(struct call *c, struct err *err)
{
	struct events_bus bus;

	if (!load_own(c, json_str(json_get(c->in, "Name")), &bus, err))
		return false;
	describe(c, &bus, c->out);
	return true;
}

static bool
list_one(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	const struct events_bus bus = {
		.account = c->account,
		.region = c->region,
		.name = row->sk,
		.arn = json_str(json_get(row->body, "arn")),
		.row = row->body,
	};

	(void)err;
	describe(c, &bus, json_push(c->a, cookie, json_new_object(c->a)));
	return true;
}

bool
events_list_event_buses(struct call *c, struct err *err)
{
	str prefix = json_str(json_get(c->in, "NamePrefix"));
	const struct store_query q = {
		.hash = row_here(c, "events", "bus"), .condition = STORE_BEGINS, .a = prefix
	};
	struct json *list = json_new_array(c->a);
	struct events_bus bus;

	if (!load_own(c, S(""), &bus, err))
		return false;
	/* It has no row as long as it is as it was: it then stands before all others. */
	if (bus.row == NULL && str_starts(bus.name, prefix))
		describe(c, &bus, json_push(c->a, list, json_new_object(c->a)));
	return row_each(c, &q, list_one, list, err) &&
	    paginate(c, list, "EventBuses", json_i64(json_get(c->in, "Limit"), 100),
		json_str(json_get(c->in, "NextToken")), "NextToken", err);
}

/* --- policies ------------------------------------------------------------------------ */

static bool
put_policy(struct call *c, const struct events_bus *bus, const struct json *policy, struct err *err)
{
	struct json *body = change_bus(c, bus);

	if (json_count(json_get(policy, "Statement")) == 0)
		json_remove(body, "policy");
	else
		json_set(c->a, body, "policy", policy);
	if (json_text(c->a, policy).len > MAX_POLICY_BYTES)
		return err_code(err, ERR_TOO_LARGE, "PolicyLengthExceededException",
		    "The event bus policy is longer than %d characters.", MAX_POLICY_BYTES);
	return row_put(c, body, err);
}

/* The statements of a policy as a list, without the one of this Sid. */
static struct json *
statements_without(struct arena *a, const struct json *policy, str sid, bool *had)
{
	const struct json *old = json_get(policy, "Statement");
	struct json *list = json_new_array(a);

	*had = false;
	if (json_is(old, JSON_OBJECT))
		old = json_push(a, json_new_array(a), old);
	else
		old = json_first(old);
	for (; old != NULL; old = old->next) {
		if (str_eq(json_str(json_get(old, "Sid")), sid))
			*had = true;
		else
			json_push(a, list, old);
	}
	return list;
}

static struct json *
policy_of(struct arena *a, const struct json *statements)
{
	struct json *policy = json_new_object(a);

	json_put_str(a, policy, "Version", S("2012-10-17"));
	json_put(a, policy, "Statement", statements);
	return policy;
}

static void
put_condition(struct arena *a, struct json *statement, const struct json *in)
{
	struct json *condition, *keys;

	if (in == NULL)
		return;
	condition = json_put(a, statement, "Condition", json_new_object(a));
	keys = json_put_key(a, condition, json_str(json_get(in, "Type")), json_new_object(a));
	json_put_key(a, keys, json_str(json_get(in, "Key")), json_get(in, "Value"));
}

static struct json *
make_statement(struct call *c, const struct events_bus *bus)
{
	struct arena *a = c->a;
	struct json *s = json_new_object(a);
	str principal = json_str(json_get(c->in, "Principal"));

	json_put(a, s, "Sid", json_get(c->in, "StatementId"));
	json_put_str(a, s, "Effect", S("Allow"));
	if (str_is(principal, "*"))
		json_put_str(a, s, "Principal", principal);
	else
		json_put_str(a, json_put(a, s, "Principal", json_new_object(a)), "AWS",
		    str_fmt(a, "arn:aws:iam::" STR_FMT ":root", STR_ARG(principal)));
	json_put(a, s, "Action", json_get(c->in, "Action"));
	json_put_str(a, s, "Resource", bus->arn);
	put_condition(a, s, json_get(c->in, "Condition"));
	return s;
}

static bool
put_whole_policy(struct call *c, const struct events_bus *bus, str text, struct err *err)
{
	const struct json *policy;
	struct iam_policy parsed;

	if (!json_parse(c->a, text, &policy, err) ||
	    !iam_policy_parse(c->a, policy, IAM_POLICY_RESOURCE, &parsed, err))
		return err_code(err, ERR_INVALID, "ValidationException",
		    "The policy of an event bus is not valid: " STR_FMT, STR_ARG(err->msg));
	return put_policy(c, bus, policy, err);
}

static const struct input_rule permission_rules[] = {
	{ "EventBusName", 1, 256, NULL, NULL },
	{ "Action", 1, 64, "events:[a-zA-Z]+", NULL },
	{ "Principal", 1, 12, "(\\d{12}|\\*)", NULL },
	{ "StatementId", 1, 64, "[a-zA-Z0-9-_]+", NULL },
	{ "Condition.Type", 0, 0, NULL, "StringEquals" },
	{ "Condition.Key", 0, 0, NULL, "aws:PrincipalOrgID" },
};

bool
events_put_permission(struct call *c, struct err *err)
{
	str policy = json_str(json_get(c->in, "Policy"));
	str sid = json_str(json_get(c->in, "StatementId"));
	struct events_bus bus;
	struct json *statements;
	bool had;

	if (!INPUT_CHECK(c, permission_rules, err) || !events_bus_load(c, &bus, err))
		return false;
	if (policy.len > 0)
		return put_whole_policy(c, &bus, policy, err);
	if (sid.len == 0 || json_get(c->in, "Principal") == NULL)
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Parameters Action, Principal and StatementId, or Policy, must be specified.");
	if (!str_is(json_str(json_get(c->in, "Action")), "events:PutEvents"))
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Provided value in parameter 'action' is not supported.");
	statements = statements_without(c->a, json_get(bus.row, "policy"), sid, &had);
	json_push(c->a, statements, make_statement(c, &bus));
	return put_policy(c, &bus, policy_of(c->a, statements), err);
}

bool
events_remove_permission(struct call *c, struct err *err)
{
	bool all = json_bool(json_get(c->in, "RemoveAllPermissions"), false), had;
	str sid = json_str(json_get(c->in, "StatementId"));
	const struct json *policy, *statements;
	struct events_bus bus;

	if (!events_bus_load(c, &bus, err))
		return false;
	policy = json_get(bus.row, "policy");
	if (all)
		return policy == NULL ||
		    put_policy(c, &bus, policy_of(c->a, json_new_array(c->a)), err);
	if (sid.len == 0)
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Parameter StatementId or RemoveAllPermissions must be specified.");
	if (policy == NULL)
		return err_code(err, ERR_NOT_FOUND, "ResourceNotFoundException",
		    "EventBus does not have a policy.");
	statements = statements_without(c->a, policy, sid, &had);
	if (!had)
		return err_code(err, ERR_NOT_FOUND, "ResourceNotFoundException",
		    "Statement with the provided id does not exist.");
	return put_policy(c, &bus, policy_of(c->a, statements), err);
}

bool
events_bus_lets_put(struct call *c, const struct events_bus *bus, const struct principal *who,
    bool *lets, struct err *err)
{
	const struct json *tree = json_get(bus->row, "policy");
	const struct iam_asker asker = {
		.account = who->account,
		.arn = who->arn,
		.role_arn = who->role_arn,
		.id = str_sub(who->id, 0, str_find_char(who->id, ':')),
		.service = who->service,
		.is_service = who->kind == PRINCIPAL_SERVICE,
	};
	const struct iam_request request = {
		.who = &asker, .action = S("events:PutEvents"), .resource = bus->arn
	};
	struct iam_policy policy;

	*lets = str_eq(who->account, bus->account);
	if (*lets || tree == NULL)
		return true;
	if (!iam_policy_parse(c->a, tree, IAM_POLICY_RESOURCE, &policy, err))
		return false;
	*lets = iam_policy_evaluate(c->a, &policy, &request).effect == IAM_ALLOW;
	return true;
}
