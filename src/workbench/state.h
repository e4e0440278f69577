/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One environment, loaded to be changed: the reference's item (api.md 5.2, item 1) and beside it
 * an item of ours, which holds what the reference never knew:
 *
 *   type, hash, accountId, region   the pinned version, and where it runs
 *   epoch                           grows with every operation
 *   sinceMs                         when the status was entered
 *   open                            [{id, verb}] operations whose jobs still run, oldest first
 *   launchMs, pathId, productName, launchExecutionId, launchRecordId
 *   instances                       {id: {order, status}}: newest word of each instance
 *   evidenceMs, evidence            what was last heard, in words
 *   cause                           {resource, resourceType, reason} of the last failure
 *   endedStartMs, endedStopMs       when the verb last ended
 *   reviewTries, reviewDeadlineMs   reconcile.c's; the item is due when it shall be reviewed
 *
 * Both are written together, each where the version that was read still stands.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "workbench/change.h"
#include "workbench/status.h"

struct item;

struct state {
	struct workbench *wb;
	struct arena *a;
	str id;
	struct json *env, *own; /* changed in place; written by state_write() */
	uint64_t env_version, own_version;
	enum env_status status;
	bool env_changed, own_changed;
	struct json *notes; /* history rows not yet written, an array */
};

/* Fails: ERR_NOT_FOUND "Could not find environment …". id: any form. */
bool state_load(struct workbench *wb, struct arena *a, str id, struct state *out, struct err *err);

/* One that does not exist yet: env and own are whole bodies. */
void state_new(struct workbench *wb, struct arena *a, str id, struct json *env, struct json *own,
    struct state *out);

str state_own_pk(struct arena *a, str id);

/* Adds what was changed, and the history that came with it. Once per change. */
void state_write(struct state *s, struct change *c);

str state_text(const struct state *s, const char *own_member);
int64_t state_ms(const struct state *s, const char *own_member); /* 0 when absent */
void state_set(struct state *s, const char *own_member, str text);
void state_set_ms(struct state *s, const char *own_member, int64_t ms);
void state_set_env(struct state *s, const char *env_member, str text, int64_t now_ms);
bool state_has_instance(const struct state *s);

/* Moves, and tells the history why. Asserts that the table allows it, unless asked is true. */
void state_move(struct state *s, enum env_status to, bool asked, str operation_id, int64_t now_ms,
    const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* The error that people see: {type, value}. */
void state_error(struct state *s, const char *type, str value, int64_t now_ms);

/* History: a step of a job; something that came and was not acted on. */
void state_step(struct state *s, str operation_id, const char *step, int64_t now_ms,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void state_ignored(struct state *s, const char *kind, str event, int64_t now_ms, const char *fmt,
    ...) __attribute__((format(printf, 5, 6)));

/* What was last heard, for explain. */
void state_evidence(struct state *s, int64_t now_ms, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Operations whose jobs still run. */
void state_open(struct state *s, str operation_id, enum bundle_verb verb);
void state_close(struct state *s, str operation_id);
bool state_is_open(const struct state *s, enum bundle_verb verb, str *operation_id);
bool state_any_open(const struct state *s);

/* The newest word of one instance. False: never heard of. */
bool state_instance(const struct state *s, str instance_id, int64_t *order, str *status);
void state_set_instance(struct state *s, str instance_id, int64_t order, str status);
