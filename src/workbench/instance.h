/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of a type's manifest on its instances: start, stop, connect, describe. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bundle/bundle.h"
#include "workbench/status.h"

struct aws_credentials;
struct err;
struct json;
struct state;

/*
 * Makes one call with its ${…} filled in from scopes. An error that the call ignores gives an
 * empty answer. Fails as AWS fails.
 */
bool instance_call(struct state *s, const struct aws_credentials *as,
    const struct bundle_call *call, const struct json *scopes, const struct json **answer,
    struct err *err);

/* The answer without the members that are secret. */
const struct json *instance_without_secrets(
    struct arena *a, const struct bundle_call *call, const struct json *answer);

struct instance_view {
	bool known; /* status holds what all instances together are */
	enum env_status status;
	bool gone; /* none of them exists */
	str word;  /* for people: "COMPLETED", "gone" */
};

/*
 * Asks for every instance, and keeps their words and times in the state. known and gone are both
 * false where the type has no way to ask, or the answers make no common sense yet.
 */
bool instance_describe(struct state *s, const struct bundle *b, const struct aws_credentials *as,
    const struct json *scopes, int64_t now_ms, struct instance_view *out, struct err *err);

/* What all instances together are, from the words kept: any failed is FAILED, else all agree. */
void instance_together(const struct state *s, struct instance_view *out);

/* Ids of the environment's instances: an array; one id or several. */
const struct json *instance_ids(const struct state *s);
