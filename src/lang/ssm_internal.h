/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that read one SSM document share: where problems go. */
#pragma once

#include "base/json.h"
#include "lang/ssm_document.h"

struct ssm_check {
	struct arena *a;
	struct ssm_document *d;
};

/* Notes a problem at a value's place (NULL: the whole document). */
void ssm_problem(struct ssm_check *c, const struct json *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A member's text, number or boolean as documents write them: true and "true", 3 and "3". */
str ssm_member_text(struct ssm_check *c, const struct json *owner, const char *key);
int64_t ssm_member_whole(
    struct ssm_check *c, const struct json *owner, const char *key, int64_t absent);
bool ssm_member_bool(struct ssm_check *c, const struct json *owner, const char *key, bool absent);

/* Refuses members that are not among known (NULL-ended); owner says whose they are. */
void ssm_members_known(
    struct ssm_check *c, const struct json *object, const char *const known[], str owner);

/* ssm_step.c: fills *steps and *count from a list of steps; of a loop where inside is true. */
void ssm_steps_read(struct ssm_check *c, const struct json *list, bool inside,
    struct ssm_step **steps, size_t *count);

/* ssm_inputs.c: what can be known about a step's inputs before they have values. */
void ssm_inputs_check(struct ssm_check *c, struct ssm_step *step);

/* ssm_graph.c: edges, targets, cycles, reachability; then every reference. */
void ssm_graph_build(struct ssm_check *c);
void ssm_references_check(struct ssm_check *c);

/* Is the tree nested deeper than SSM_MAX_DEPTH? */
bool ssm_is_too_deep(const struct json *tree);

/* An input of an action by its name: true where it has one, *required tells. */
bool ssm_action_input(const struct ssm_action *action, str name, bool *required);
