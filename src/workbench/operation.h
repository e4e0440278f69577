/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operations: one verb, asked for once. An operation is an item that stays, and while it is open
 * a job that bears its id (a bare UUID).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "workbench/job.h"

struct aws_credentials;
struct bundle;
struct change;
struct err;
struct state;

/*
 * Opens one: operation item, job row, a greater epoch, the move to the asked status; all into c,
 * the state itself excepted (state_write). Returns the job's row, for members of its kind.
 */
struct json *operation_begin(struct state *s, struct change *c, enum bundle_verb verb, str id,
    str actor, int64_t deadline_ms, int64_t now_ms);

/*
 * Ends the one whose job this is: into j->state and j->change. error is empty where it succeeded.
 * Jobs that wait for the other operations of the environment to end are woken. Fails as the
 * store fails.
 */
bool operation_end(struct job *j, str error, struct err *err);

enum bundle_verb operation_verb(const struct job *j);

/* Is the environment past this operation: asked to terminate while it was open? */
bool operation_is_superseded(const struct job *j);

/* Did the same verb end less than a quarter of an hour before this operation began? */
bool operation_follows_closely(const struct job *j);

/* What every operation's job needs: the management role, the pinned version. */
bool operation_manager(struct job *j, struct aws_credentials *out, struct err *err);
bool operation_bundle(struct job *j, const struct bundle **out, struct err *err);

/* Why it failed, in words; where it was the deadline, with what was last heard. */
str operation_late(struct job *j, const struct err *why);

/* Ends it by end_badly; what it began may end well yet, so the environment is soon reviewed. */
bool operation_give_up(struct job *j, const struct err *why,
    bool (*end_badly)(struct job *j, str text, struct err *err), struct err *err);
