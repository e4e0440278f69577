/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EventBridge event patterns: which events a rule takes. Pure: text or tree in, answer out.
 *
 * A pattern is an object of fields; each field is an object (go deeper) or a list of
 * alternatives, of which one must match. An event's arrays are tried element by element, and
 * fields below one array must match within the same element. Names join with '.', so
 * {"a.b": [1]} and {"a": {"b": [1]}} are the same pattern, as in EventBridge.
 */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct err;
struct event_pattern;
struct json;

#define EVENT_PATTERN_MAX_BYTES 4096  /* of a pattern's text, as the API's model has it */
#define EVENT_PATTERN_MAX_FIELDS 1024 /* lists of alternatives */
#define EVENT_PATTERN_MAX_LEAVES 4096 /* alternatives in all lists together */
#define EVENT_PATTERN_MAX_COMBOS 1000 /* that its $or lists expand to, as EventBridge's */
#define EVENT_PATTERN_MAX_STARS 5     /* in one wildcard, as far as is known */

/*
 * Reads a pattern from a tree (JSON or YAML), which must live as long as the result.
 * at: where not NULL, set on failure to the value at fault, for its line and column.
 * Fails: ERR_INVALID, code "InvalidEventPatternException", in AWS's words:
 * "Event pattern is not valid. Reason: …".
 */
bool event_pattern_parse(struct arena *a, const struct json *tree, const struct event_pattern **out,
    const struct json **at, struct err *err);

/* The same from text, in which a name may stand twice in an object: the last one counts. */
bool event_pattern_parse_text(
    struct arena *a, str text, const struct event_pattern **out, struct err *err);

/* Does it take this event (any JSON object)? scratch is only used during the call. */
bool event_pattern_matches(
    struct arena *scratch, const struct event_pattern *p, const struct json *event);
