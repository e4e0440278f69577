/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/events/actions.c: what EventBridge answers here, and what each needs. */
#include "cloud/events/events.h"

#include "cloud/events/internal.h"

#define ARN(resource) "arn:aws:events:${region}:${account}:" resource

/* The bus that an action on a rule names is not in the ARN: rules of other buses stand below it. */
static const struct action actions[] = {
#define ACTION(name, run, resource) \
	{ \
		name, run, "events:" name, resource \
	}
	ACTION(
	    "CreateApiDestination", events_create_api_destination, ARN("api-destination/${Name}")),
	ACTION("CreateConnection", events_create_connection, ARN("connection/${Name}")),
	ACTION("CreateEventBus", events_create_event_bus, ARN("event-bus/${Name}")),
	ACTION(
	    "DeleteApiDestination", events_delete_api_destination, ARN("api-destination/${Name}")),
	ACTION("DeleteConnection", events_delete_connection, ARN("connection/${Name}")),
	ACTION("DeleteEventBus", events_delete_event_bus, ARN("event-bus/${Name}")),
	ACTION("DeleteRule", events_delete_rule, ARN("rule/${Name}")),
	ACTION("DescribeApiDestination", events_describe_api_destination,
	    ARN("api-destination/${Name}")),
	ACTION("DescribeConnection", events_describe_connection, ARN("connection/${Name}")),
	ACTION("DescribeEventBus", events_describe_event_bus, ARN("event-bus/${Name}")),
	ACTION("DescribeRule", events_describe_rule, ARN("rule/${Name}")),
	ACTION("DisableRule", events_disable_rule, ARN("rule/${Name}")),
	ACTION("EnableRule", events_enable_rule, ARN("rule/${Name}")),
	ACTION("ListApiDestinations", events_list_api_destinations, "*"),
	ACTION("ListConnections", events_list_connections, "*"),
	ACTION("ListEventBuses", events_list_event_buses, "*"),
	ACTION("ListRuleNamesByTarget", events_list_rule_names_by_target, "*"),
	ACTION("ListRules", events_list_rules, "*"),
	ACTION("ListTagsForResource", events_list_tags_for_resource, "${ResourceARN}"),
	ACTION("ListTargetsByRule", events_list_targets_by_rule, ARN("rule/${Rule}")),
	ACTION("PutEvents", events_put_events, ARN("event-bus/default")),
	ACTION("PutPermission", events_put_permission, ARN("event-bus/default")),
	ACTION("PutRule", events_put_rule, ARN("rule/${Name}")),
	ACTION("PutTargets", events_put_targets, ARN("rule/${Rule}")),
	ACTION("RemovePermission", events_remove_permission, ARN("event-bus/default")),
	ACTION("RemoveTargets", events_remove_targets, ARN("rule/${Rule}")),
	ACTION("TagResource", events_tag_resource, "${ResourceARN}"),
	ACTION("TestEventPattern", events_test_event_pattern, "*"),
	ACTION("UntagResource", events_untag_resource, "${ResourceARN}"),
	ACTION(
	    "UpdateApiDestination", events_update_api_destination, ARN("api-destination/${Name}")),
#undef ACTION
#undef ARN
};

static const struct task tasks[] = {
	{ "deliver", events_deliver_step, events_deliver_outside },
};

const struct engine events_engine = {
	.service = "events",
	.actions = actions,
	.action_count = countof(actions),
	.tasks = tasks,
	.task_count = countof(tasks),
};
