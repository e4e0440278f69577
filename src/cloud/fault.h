/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fault plan: what shall go wrong, decided before the start, so that a test or a person can see
 * the workbench cope. Counters are shared by all rules' hits; the plan may lie in shared memory.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum fault_kind {
	FAULT_REFUSE,       /* the call is answered with code and message, and has no effect */
	FAULT_LOSE_ANSWER,  /* the call has its effect, and its caller sees a time-out */
	FAULT_FAIL_CREATE,  /* CloudFormation: creating the resource (logical id in name) fails */
	FAULT_FAIL_DELETE,  /* the same for deleting it */
	FAULT_DROP_EVENT,   /* the event never reaches a bus; name: detail-type, empty for any */
	FAULT_DOUBLE_EVENT, /* it is delivered twice */
	FAULT_DELAY_EVENT,  /* it arrives delay_ms later, after those that followed it */
};

struct fault_rule {
	enum fault_kind kind;
	const char *service, *action; /* calls; NULL for any */
	const char *name;             /* logical id, or detail-type; NULL for any */
	bool automation_only;         /* calls made by SSM documents only */
	uint64_t first,
	    count; /* from the first-th match on (1 is the first), count of them; 0: all */
	const char *code, *message;
	int64_t delay_ms;
	uint64_t seen; /* matches so far */
};

struct fault_plan {
	struct fault_rule rules[16];
	unsigned rule_count;
	uint64_t events; /* events put on any bus so far, whether lost or not */
};

/* NULL plan: never. Counts the match. name is compared where the rule has one. */
const struct fault_rule *fault_call(struct fault_plan *p, str service, str action, bool automation);
const struct fault_rule *fault_resource(struct fault_plan *p, enum fault_kind kind, str logical_id);
const struct fault_rule *fault_event(struct fault_plan *p, str detail_type);
