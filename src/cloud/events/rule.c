/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/events/rule.c: rules, each a row with its pattern and its targets.
 */
#include "cloud/events/internal.h"

#include "lang/event_pattern.h"

#define MAX_RULES 300 /* on one bus */

/* "bus#": neither name may hold a '#'. */
static str
sort_key(struct call *c, const struct events_bus *bus, str name)
{
	return str_fmt(c->a, STR_FMT "#" STR_FMT, STR_ARG(bus->name), STR_ARG(name));
}

static str
partition(struct call *c, const struct events_bus *bus)
{
	return row_partition(c, "events", "rule", bus->account, bus->region);
}

bool
events_rule_load(
    struct call *c, const struct events_bus *bus, str name, struct item *out, struct err *err)
{
	bool found;

	if (!row_find(c, partition(c, bus), sort_key(c, bus, name), out, &found, err))
		return false;
	if (!found)
		return err_code(err, ERR_NOT_FOUND, "ResourceNotFoundException",
		    "Rule " STR_FMT " does not exist on EventBus " STR_FMT ".", STR_ARG(name),
		    STR_ARG(bus->name));
	return true;
}

bool
events_rule_each(struct call *c, const struct events_bus *bus, str prefix,
    bool (*each)(struct call *c, const struct item *row, void *cookie, struct err *err),
    void *cookie, struct err *err)
{
	const struct store_query q = {
		.hash = partition(c, bus), .condition = STORE_BEGINS, .a = sort_key(c, bus, prefix)
	};

	return row_each(c, &q, each, cookie, err);
}

/* --- put ------------------------------------------------------------------------------ */

static const struct input_rule put_rules[] = {
	{ "Name", 1, 64, EVENTS_NAME_PATTERN, NULL },
	{ "EventPattern", 0, EVENT_PATTERN_MAX_BYTES, NULL, NULL },
	{ "State", 0, 0, NULL, "ENABLED DISABLED ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" },
	{ "Description", 0, 512, NULL, NULL },
	{ "RoleArn", 1, 1600, NULL, NULL },
	{ "Tags[].Key", 1, 128, NULL, NULL },
	{ "Tags[].Value", 0, 256, NULL, NULL },
};

static bool
check_trigger(struct call *c, struct err *err)
{
	str pattern = json_str(json_get(c->in, "EventPattern"));
	const struct event_pattern *parsed;

	if (json_str(json_get(c->in, "ScheduleExpression")).len > 0)
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Parameter ScheduleExpression is not supported by the local cloud: its rules "
		    "are started by events only.");
	if (pattern.len == 0)
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Parameter(s) EventPattern or ScheduleExpression must be specified.");
	return event_pattern_parse_text(c->a, pattern, &parsed, err);
}

static bool
count_rule(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	(void)c;
	(void)row;
	(void)err;
	++*(size_t *)cookie;
	return true;
}

/* The row that stands, to be changed, or a new one. */
static bool
find_or_make(
    struct call *c, const struct events_bus *bus, str name, struct json **out, struct err *err)
{
	size_t count = 0;
	struct item row;
	bool found;

	if (!row_find(c, partition(c, bus), sort_key(c, bus, name), &row, &found, err))
		return false;
	if (found) {
		*out = row_change(c, &row);
		return true;
	}
	if (!events_rule_each(c, bus, S(""), count_rule, &count, err))
		return false;
	if (count >= MAX_RULES)
		return err_code(err, ERR_INVALID, "LimitExceededException",
		    "The requested resource exceeds the maximum number allowed.");
	*out = row_new(c, partition(c, bus), sort_key(c, bus, name));
	json_put_str(c->a, *out, "name", name);
	json_put_str(c->a, *out, "bus", bus->name);
	json_put_str(c->a, *out, "arn",
	    str_is(bus->name, "default")
		? arn_make(c->a, "events", c->region, c->account, "rule/" STR_FMT, STR_ARG(name))
		: arn_make(c->a, "events", c->region, c->account, "rule/" STR_FMT "/" STR_FMT,
		      STR_ARG(bus->name), STR_ARG(name)));
	json_put(
	    c->a, *out, "tags", tags_with(c->a, NULL, json_get(c->in, "Tags"), "Key", "Value"));
	json_put(c->a, *out, "targets", json_new_array(c->a));
	return true;
}

/* What the input leaves out, the rule loses. */
static void
set_or_remove(struct call *c, struct json *body, const char *key, const struct json *value)
{
	if (value == NULL)
		json_remove(body, key);
	else
		json_set(c->a, body, key, value);
}

bool
events_put_rule(struct call *c, struct err *err)
{
	str name = json_str(json_get(c->in, "Name"));
	str state = json_str(json_get(c->in, "State"));
	struct events_bus bus;
	struct json *body = NULL;

	if (!INPUT_CHECK(c, put_rules, err) || !events_bus_load(c, &bus, err) ||
	    !check_trigger(c, err) || !find_or_make(c, &bus, name, &body, err))
		return false;
	set_or_remove(c, body, "pattern", json_get(c->in, "EventPattern"));
	set_or_remove(c, body, "description", json_get(c->in, "Description"));
	set_or_remove(c, body, "roleArn", json_get(c->in, "RoleArn"));
	json_set_str(c->a, body, "state", state.len == 0 ? S("ENABLED") : state);
	json_put(c->a, c->out, "RuleArn", json_get(body, "arn"));
	return row_put(c, body, err);
}

/* --- the rest ---------------------------------------------------------------------------- */

static bool
load_named(struct call *c, struct events_bus *bus, struct item *row, struct err *err)
{
	return events_bus_load(c, bus, err) &&
	    events_rule_load(c, bus, json_str(json_get(c->in, "Name")), row, err);
}

static void
describe(struct call *c, const struct json *rule, struct json *out)
{
	static const char *const members[][2] = {
		{ "Name", "name" },
		{ "Arn", "arn" },
		{ "EventPattern", "pattern" },
		{ "State", "state" },
		{ "Description", "description" },
		{ "RoleArn", "roleArn" },
		{ "EventBusName", "bus" },
	};

	for (size_t i = 0; i < countof(members); i++)
		json_put(c->a, out, members[i][0], json_get(rule, members[i][1]));
}

bool
events_describe_rule(struct call *c, struct err *err)
{
	struct events_bus bus;
	struct item row;

	if (!load_named(c, &bus, &row, err))
		return false;
	describe(c, row.body, c->out);
	json_put(c->a, c->out, "CreatedBy", json_get(row.body, "account"));
	return true;
}

static bool
list_one(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	(void)err;
	describe(c, row->body, json_push(c->a, cookie, json_new_object(c->a)));
	return true;
}

bool
events_list_rules(struct call *c, struct err *err)
{
	struct json *list = json_new_array(c->a);
	struct events_bus bus;

	return events_bus_load(c, &bus, err) &&
	    events_rule_each(
		c, &bus, json_str(json_get(c->in, "NamePrefix")), list_one, list, err) &&
	    paginate(c, list, "Rules", json_i64(json_get(c->in, "Limit"), 100),
		json_str(json_get(c->in, "NextToken")), "NextToken", err);
}

static bool
set_state(struct call *c, str state, struct err *err)
{
	struct events_bus bus;
	struct item row;
	struct json *body;

	if (!load_named(c, &bus, &row, err))
		return false;
	body = row_change(c, &row);
	json_set_str(c->a, body, "state", state);
	return row_put(c, body, err);
}

bool
events_enable_rule(struct call *c, struct err *err)
{
	return set_state(c, S("ENABLED"), err);
}

bool
events_disable_rule(struct call *c, struct err *err)
{
	return set_state(c, S("DISABLED"), err);
}

bool
events_delete_rule(struct call *c, struct err *err)
{
	str name = json_str(json_get(c->in, "Name"));
	struct events_bus bus;
	struct item row;
	bool found;

	if (!events_bus_load(c, &bus, err) ||
	    !row_find(c, partition(c, &bus), sort_key(c, &bus, name), &row, &found, err))
		return false;
	if (!found)
		return true;
	if (json_count(json_get(row.body, "targets")) > 0)
		return err_code(err, ERR_CONFLICT, "ValidationException",
		    "Rule can't be deleted since it has targets.");
	return row_del(c, row.pk, row.sk, err);
}

bool
events_test_event_pattern(struct call *c, struct err *err)
{
	static const struct input_rule rules[] = {
		{ "EventPattern", 0, EVENT_PATTERN_MAX_BYTES, NULL, NULL },
	};
	const struct event_pattern *pattern;
	const struct json *event;

	if (!INPUT_CHECK(c, rules, err) ||
	    !event_pattern_parse_text(
		c->a, json_str(json_get(c->in, "EventPattern")), &pattern, err))
		return false;
	if (!json_parse_last(c->a, json_str(json_get(c->in, "Event")), &event, err) ||
	    event->kind != JSON_OBJECT)
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Parameter Event is not valid. Reason: it is no JSON object.");
	json_put_bool(c->a, c->out, "Result", event_pattern_matches(c->a, pattern, event));
	return true;
}
