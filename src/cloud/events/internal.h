/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of cloud/events share.
 *
 * Rows: events#bus (sk: name; the default bus has one only once it was changed), events#rule (sk:
 * bus#name, its targets inside), events#connection, events#destination (sk: name),
 * events#delivery (sk: a running number; one event on its way to one target).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "cloud/engine.h"

#define EVENTS_NAME_PATTERN "[\\.\\-_A-Za-z0-9]+"

/*
 * As AWS's model has them, in a form that no text makes slow: without control characters, for
 * nothing may end a header early.
 */
#define EVENTS_HEADER_NAME "[!#$%&'*+\\-.^_`|~0-9a-zA-Z]+"
#define EVENTS_HEADER_VALUE "[\\t\\x20-\\x7E]+"

#define INPUT_CHECK(c, rows, err) input_check((c), (rows), countof(rows), (err))

struct events_arn {
	str service, region, account, resource;
};
bool events_arn_read(str text, struct events_arn *out);

/* --- bus.c --- */

struct events_bus {
	str account, region, name, arn;
	const struct json *row; /* NULL: a default bus that nobody changed yet */
};

/* By name or ARN, empty for the default bus; any account's. */
bool events_bus_find(
    struct call *c, str name_or_arn, struct events_bus *out, bool *found, struct err *err);
/* The bus in the member EventBusName of the input. Fails: ResourceNotFoundException. */
bool events_bus_load(struct call *c, struct events_bus *out, struct err *err);
/* Does the bus's policy let who put events? An account's own principals need no policy. */
bool events_bus_lets_put(struct call *c, const struct events_bus *bus, const struct principal *who,
    bool *lets, struct err *err);

bool events_create_event_bus(struct call *c, struct err *err);
bool events_delete_event_bus(struct call *c, struct err *err);
bool events_describe_event_bus(struct call *c, struct err *err);
bool events_list_event_buses(struct call *c, struct err *err);
bool events_put_permission(struct call *c, struct err *err);
bool events_remove_permission(struct call *c, struct err *err);

/* --- rule.c --- */

/* Fails: ResourceNotFoundException. */
bool events_rule_load(
    struct call *c, const struct events_bus *bus, str name, struct item *out, struct err *err);
/* All rules of a bus whose name begins with prefix, in the order of names. */
bool events_rule_each(struct call *c, const struct events_bus *bus, str prefix,
    bool (*each)(struct call *c, const struct item *row, void *cookie, struct err *err),
    void *cookie, struct err *err);

bool events_delete_rule(struct call *c, struct err *err);
bool events_describe_rule(struct call *c, struct err *err);
bool events_disable_rule(struct call *c, struct err *err);
bool events_enable_rule(struct call *c, struct err *err);
bool events_list_rules(struct call *c, struct err *err);
bool events_put_rule(struct call *c, struct err *err);
bool events_test_event_pattern(struct call *c, struct err *err);

/* --- target.c --- */

bool events_list_rule_names_by_target(struct call *c, struct err *err);
bool events_list_targets_by_rule(struct call *c, struct err *err);
bool events_put_targets(struct call *c, struct err *err);
bool events_remove_targets(struct call *c, struct err *err);

/* --- transform.c --- */

struct events_origin {
	str rule_arn, rule_name;
	int64_t ingested_ms;
};

/* Fails: ValidationException, naming the target. */
bool events_transform_check(struct call *c, const struct json *target, struct err *err);
/* The text that a target is sent for an event. */
str events_transform(struct arena *a, const struct json *target, const struct json *event,
    const struct events_origin *origin);

/* --- destination.c --- */

/* The destination's and its connection's rows; absence is an ordinary answer. */
bool events_destination_find(struct call *c, str arn, const struct json **destination,
    const struct json **connection, struct err *err);

bool events_create_api_destination(struct call *c, struct err *err);
bool events_create_connection(struct call *c, struct err *err);
bool events_delete_api_destination(struct call *c, struct err *err);
bool events_delete_connection(struct call *c, struct err *err);
bool events_describe_api_destination(struct call *c, struct err *err);
bool events_describe_connection(struct call *c, struct err *err);
bool events_list_api_destinations(struct call *c, struct err *err);
bool events_list_connections(struct call *c, struct err *err);
bool events_update_api_destination(struct call *c, struct err *err);

/* --- tag.c --- */

bool events_list_tags_for_resource(struct call *c, struct err *err);
bool events_tag_resource(struct call *c, struct err *err);
bool events_untag_resource(struct call *c, struct err *err);

/* --- put.c --- */

/*
 * Matches an event against the rules of a bus and starts its deliveries, due at due_ms.
 * forwarded: it came from another bus, and goes to no further one.
 */
bool events_route(struct call *c, const struct events_bus *bus, const struct json *event,
    bool forwarded, int64_t due_ms, struct err *err);

bool events_put_events(struct call *c, struct err *err);

/* --- request.c --- */

/* The request that posts an event to an API destination, as JSON to be kept until it is sent. */
struct json *events_request_make(struct arena *a, const struct json *destination,
    const struct json *connection, const struct json *target, str body);
/* Sends it: {"status": 200, "retryAfter": "…"}, or {"error": "…"} where no answer came. */
const struct json *events_request_send(
    struct cloud *cloud, struct arena *a, const struct json *request);

/* --- deliver.c --- */

/* Which targets there are; one that is not among them is refused by PutTargets. */
bool events_target_is_known(const struct events_arn *arn);

bool events_delivery_start(struct call *c, const struct item *rule, const struct json *target,
    const struct json *event, bool forwarded, int64_t due_ms, struct err *err);

bool events_deliver_step(
    struct call *c, const struct item *row, const struct json *result, struct err *err);
const struct json *events_deliver_outside(
    struct cloud *cloud, struct arena *a, const struct item *row);
