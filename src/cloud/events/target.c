/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/events/target.c: the targets of a rule, kept in the rule's row as they were put.
 */
#include "cloud/events/internal.h"

#include "base/regex.h"

#define MAX_TARGETS 5 /* of one rule */

static const struct input_rule rules[] = {
	{ "Rule", 1, 64, EVENTS_NAME_PATTERN, NULL },
	{ "Targets", 1, 100, NULL, NULL },
	{ "Targets[].Id", 1, 64, EVENTS_NAME_PATTERN, NULL },
	{ "Targets[].Arn", 1, 1600, NULL, NULL },
	{ "Targets[].RoleArn", 1, 1600, NULL, NULL },
	{ "Targets[].Input", 0, 8192, NULL, NULL },
	{ "Targets[].InputPath", 0, 256, NULL, NULL },
	{ "Targets[].InputTransformer.InputPathsMap", 0, 100, NULL, NULL },
	{ "Targets[].InputTransformer.InputTemplate", 1, 8192, NULL, NULL },
	{ "Targets[].HttpParameters.HeaderParameters[]", 0, 512, EVENTS_HEADER_VALUE, NULL },
	{ "Targets[].HttpParameters.QueryStringParameters[]", 0, 512, NULL, NULL },
	{ "Targets[].RetryPolicy.MaximumRetryAttempts", 0, 185, NULL, NULL },
	{ "Targets[].RetryPolicy.MaximumEventAgeInSeconds", 60, 86400, NULL, NULL },
};

static bool
load_rule(struct call *c, struct item *row, struct err *err)
{
	struct events_bus bus;

	return events_bus_load(c, &bus, err) &&
	    events_rule_load(c, &bus, json_str(json_get(c->in, "Rule")), row, err);
}

static bool
check_header_names(const struct json *target, struct err *err)
{
	const struct json *headers = json_path(target, "HttpParameters", "HeaderParameters", NULL);
	bool matches;

	for (const struct json *h = json_first(headers); h != NULL; h = h->next) {
		if (!regex_matches_whole(S(EVENTS_HEADER_NAME), h->key, &matches, err))
			return false;
		if (!matches)
			return err_code(err, ERR_INVALID, "ValidationException",
			    "Parameter " STR_FMT
			    " is not valid. Reason: it is no name of a header.",
			    STR_ARG(h->key));
	}
	return true;
}

static bool
check_target(struct call *c, const struct json *target, struct err *err)
{
	str text = json_str(json_get(target, "Arn"));
	struct events_arn arn;

	if (!events_arn_read(text, &arn))
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Parameter " STR_FMT " is not valid. Reason: Provided Arn is not in correct "
		    "format.",
		    STR_ARG(text));
	if (!events_target_is_known(&arn))
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Parameter " STR_FMT " is not valid. Reason: the local cloud delivers to event "
		    "buses and API destinations only.",
		    STR_ARG(text));
	return check_header_names(target, err) && events_transform_check(c, target, err);
}

/* The list with target in the place of the one that bears its id, or at the end. */
static struct json *
with_target(struct arena *a, const struct json *list, const struct json *target)
{
	struct json *out = json_new_array(a);
	str id = json_str(json_get(target, "Id"));
	bool stands = false;

	for (const struct json *t = json_first(list); t != NULL; t = t->next) {
		bool same = str_eq(json_str(json_get(t, "Id")), id);

		json_push(a, out, same ? target : t);
		stands = stands || same;
	}
	if (!stands)
		json_push(a, out, target);
	return out;
}

static bool
put_list(struct call *c, const struct item *rule, const struct json *targets, struct err *err)
{
	struct json *body = row_change(c, rule);

	json_set(c->a, body, "targets", targets);
	return row_put(c, body, err);
}

bool
events_put_targets(struct call *c, struct err *err)
{
	const struct json *targets;
	struct item rule;

	if (!INPUT_CHECK(c, rules, err) || !load_rule(c, &rule, err))
		return false;
	targets = json_get(rule.body, "targets");
	for (const struct json *t = json_first(json_get(c->in, "Targets")); t != NULL;
	     t = t->next) {
		if (!check_target(c, t, err))
			return false;
		targets = with_target(c->a, targets, t);
	}
	if (json_count(targets) > MAX_TARGETS)
		return err_code(err, ERR_INVALID, "LimitExceededException",
		    "The requested resource exceeds the maximum number allowed.");
	json_put_i64(c->a, c->out, "FailedEntryCount", 0);
	json_put(c->a, c->out, "FailedEntries", json_new_array(c->a));
	return put_list(c, &rule, targets, err);
}

static void
add_failure(struct call *c, struct json *failures, str id, str rule)
{
	struct json *f = json_push(c->a, failures, json_new_object(c->a));

	json_put_str(c->a, f, "TargetId", id);
	json_put_str(c->a, f, "ErrorCode", S("ResourceNotFoundException"));
	json_put_str(c->a, f, "ErrorMessage",
	    str_fmt(c->a, "Rule " STR_FMT " does not have a target with the Id " STR_FMT ".",
		STR_ARG(rule), STR_ARG(id)));
}

bool
events_remove_targets(struct call *c, struct err *err)
{
	const struct json *ids = json_get(c->in, "Ids"), *targets;
	struct json *failures = json_new_array(c->a);
	struct item rule;

	if (!load_rule(c, &rule, err))
		return false;
	targets = json_get(rule.body, "targets");
	for (const struct json *id = json_first(ids); id != NULL; id = id->next) {
		struct json *left = json_new_array(c->a);

		for (const struct json *t = json_first(targets); t != NULL; t = t->next)
			if (!str_eq(json_str(json_get(t, "Id")), json_str(id)))
				json_push(c->a, left, t);
		if (json_count(left) == json_count(targets))
			add_failure(
			    c, failures, json_str(id), json_str(json_get(rule.body, "name")));
		targets = left;
	}
	json_put_i64(c->a, c->out, "FailedEntryCount", (int64_t)json_count(failures));
	json_put(c->a, c->out, "FailedEntries", failures);
	return put_list(c, &rule, targets, err);
}

bool
events_list_targets_by_rule(struct call *c, struct err *err)
{
	struct item rule;

	return load_rule(c, &rule, err) &&
	    paginate(c, json_get(rule.body, "targets"), "Targets",
		json_i64(json_get(c->in, "Limit"), 100), json_str(json_get(c->in, "NextToken")),
		"NextToken", err);
}

static bool
add_name(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	str arn = json_str(json_get(c->in, "TargetArn"));

	(void)err;
	for (const struct json *t = json_first(json_get(row->body, "targets")); t != NULL;
	     t = t->next) {
		if (str_eq(json_str(json_get(t, "Arn")), arn)) {
			json_push(c->a, cookie, json_get(row->body, "name"));
			break;
		}
	}
	return true;
}

bool
events_list_rule_names_by_target(struct call *c, struct err *err)
{
	struct json *names = json_new_array(c->a);
	struct events_bus bus;

	return events_bus_load(c, &bus, err) &&
	    events_rule_each(c, &bus, S(""), add_name, names, err) &&
	    paginate(c, names, "RuleNames", json_i64(json_get(c->in, "Limit"), 100),
		json_str(json_get(c->in, "NextToken")), "NextToken", err);
}
