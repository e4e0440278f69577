/* SPDX-License-Identifier: Apache-2.0 */
/* What an event means for its environment: design 6.5, one rule a function. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "workbench/change.h"
#include "workbench/event.h"
#include "workbench/state.h"

struct json;

enum event_kind {
	EVENT_OF_DOCUMENT,  /* a type's document tells how its operation ended */
	EVENT_OF_EXECUTION, /* SSM tells that a document ended */
	EVENT_OF_INSTANCE,  /* a service tells of an instance */
};

struct event {
	enum event_kind kind;
	const struct json *json, *detail;
	str id, source, detail_type, account, region;
	int64_t time_ms;  /* 0 when it has none */
	str operation_id; /* EVENT_OF_EXECUTION */
};

struct taken {
	struct state state;
	struct change change;
	int64_t now_ms;
	enum event_outcome outcome;
	const struct json *words_before; /* of the instances; NULL for none */
};

/* Puts all that the event changes into t->change, the state included. */
bool event_apply(struct taken *t, const struct event *e, struct err *err);

/* One that was taken before: told in the history, and nothing else. */
void event_apply_again(struct taken *t, const struct event *e);
