/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the cloud tells: EventBridge events, as POST /events or a queue brings them, at least once
 * and in any order.
 */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct err;
struct workbench;

#define EVENT_MAX_BYTES ((size_t)512 << 10)

enum event_outcome {
	EVENT_MOVED,     /* a status changed, or a job was woken to confirm it */
	EVENT_EVIDENCE,  /* kept, and no more: an operation is open that will tell itself */
	EVENT_IGNORED,   /* told in the environment's history, with the reason */
	EVENT_DUPLICATE, /* seen before */
	EVENT_UNRELATED, /* of no environment that is known here; nothing was written */
};

/*
 * Takes one event. Commits before it returns; never calls AWS.
 * Every outcome is a success: the sender shall not send it again.
 * Fails: ERR_UNAUTHENTICATED (secret), ERR_TOO_LARGE, ERR_INVALID (not an event).
 */
bool event_receive(struct workbench *wb, struct arena *a, str secret, str body,
    enum event_outcome *out, struct err *err);
