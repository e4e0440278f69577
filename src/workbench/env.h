/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Environments: what a researcher launches, starts, stops, connects to and terminates.
 *
 * A verb checks, writes the new status with its operation and its job in one transaction, and
 * returns; the job does the rest. Refusals bear the texts of api.md 4.2, October 2022 column.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct err;
struct json;
struct workbench;

struct env_launch_request {
	str name, description;
	str env_type; /* its type's name: "sagemakerNotebook" */
	str env_type_id, env_type_config_id;
	str project_id;
	const struct json *dataset_ids; /* NULL for none */
	str owner;                      /* user id */
};

/*
 * Fails: ERR_INVALID (unknown type or configuration, a configuration that could not be launched,
 * unknown datasets), ERR_NOT_FOUND (the project), ERR_CONFLICT (type not approved).
 * *out is the environment with metadata, as env_get() gives it.
 */
bool env_launch(struct workbench *wb, struct arena *a, const struct env_launch_request *in,
    const struct json **out, struct err *err);

/* The stored item with ETC, PROJ, DATASETS, ENDPOINTS and INID. Fails: ERR_NOT_FOUND. */
bool env_get(
    struct workbench *wb, struct arena *a, str id, const struct json **out, struct err *err);

/* One of attribute's values (or a range), ordered by it; without terminated ones. */
struct env_query {
	str attribute; /* createdAt (the default), name, status, owner, type, dependency */
	str from, to;  /* equal for one value; both empty for all */
	bool descending;
	uint32_t limit;  /* 0 means 50 */
	str start_after; /* an earlier page's next */
};
struct env_page {
	const struct json *items; /* an array of stored items, brief */
	str next;                 /* empty on the last page */
};
bool env_list(struct workbench *wb, struct arena *a, const struct env_query *q,
    struct env_page *out, struct err *err);

/*
 * Ask for a verb. Asking for what already holds or is under way succeeds and does nothing.
 * actor: user id. Fails: ERR_NOT_FOUND, ERR_CONFLICT, ERR_INVALID (the type has no such verb).
 */
bool env_start(struct workbench *wb, struct arena *a, str id, str actor, struct err *err);
bool env_stop(struct workbench *wb, struct arena *a, str id, str actor, struct err *err);
bool env_terminate(struct workbench *wb, struct arena *a, str id, str actor, struct err *err);

/*
 * {authCredResponse, instructionResponse}; calls AWS. The answer holds secrets.
 * Fails: ERR_NOT_FOUND, ERR_CONFLICT (not COMPLETED), and as AWS fails.
 */
bool env_connect(struct workbench *wb, struct arena *a, str id, str actor, const struct json **out,
    struct err *err);

/*
 * What is going on: {environmentId, status, since, operation?: {id, verb, step, attempt}, awaited,
 * deadline?, evidence?: {at, text}, error?, advice}.
 */
bool env_explain(
    struct workbench *wb, struct arena *a, str id, const struct json **out, struct err *err);

/*
 * An array, oldest first: [{at, kind: transition | step | ignored, from?, to?, step?, event?, text,
 * operationId?}]. Transitions and steps are all kept, of ignored events the last 200.
 */
bool env_history(
    struct workbench *wb, struct arena *a, str id, const struct json **out, struct err *err);
