/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Automations: the documents of a type's version, run by SSM in the hosting account. The row of
 * the job that runs one holds parameters, token, attempt and executionId.
 */
#pragma once

#include <stdbool.h>

#include "bundle/bundle.h"
#include "workbench/job.h"

struct aws_credentials;
struct err;
struct json;

/*
 * Puts into the row what the start will send, so that a repeated start is the same one. attempt
 * counts decided retries, each with a token of its own; the first token is the operation's id.
 */
bool execution_prepare(struct job *j, const struct bundle *b, enum bundle_verb verb,
    const struct json *scopes, struct err *err);

/* Starts what was prepared: executionId into the row, and a way back from events to the job. */
bool execution_start(struct job *j, const struct bundle *b, enum bundle_verb verb,
    const struct aws_credentials *as, struct err *err);

/* Forgets parameters, token and all that came of the last attempt. */
void execution_reset(struct job *j);

struct execution {
	bool found;
	bool ended;
	str status;                /* AWS's word: "Success", "TimedOut" */
	str failure;               /* what its failing step said; may be empty */
	str product_id, record_id; /* from its steps' outputs; empty until they exist */
};
bool execution_ask(struct workbench *wb, struct arena *a, const struct aws_credentials *as,
    str execution_id, struct execution *out, struct err *err);

/* Does this status mean that it runs no longer? */
bool execution_status_is_end(str status);

/* The environment and operation of an execution, for events. *found is false for foreign ones. */
bool execution_owner(struct workbench *wb, struct arena *a, str execution_id, str *environment_id,
    str *operation_id, bool *found, struct err *err);
