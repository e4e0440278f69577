/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the cfn engine share.
 *
 * A stack is one row that is due until its work is done. Beside it lie a row a resource, a row for
 * the events of each step, and its template in pieces. A step loads all but the events, does what
 * can be done now, and puts back what changed, in one transaction.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "cloud/cfn/cfn.h"
#include "cloud/cfn/types.h"
#include "lang/cfn_plan.h"
#include "lang/cfn_resolve.h"

#define STACK_TYPE "AWS::CloudFormation::Stack"
#define MAX_STACKS 2000 /* in one account and region */
#define MAX_TAGS 50
#define EVENTS_A_PAGE 100
#define KEEP_DELETED_MS (INT64_C(90) * 24 * 3600 * 1000)
/* Rows are bounded; what would not fit is refused where it comes in. */
#define MAX_ROW_TEXT ((size_t)200 << 10)

/* Members of rows. */
#define STATUS "status"
#define PHYSICAL "physicalId"

struct cfn_resource_row {
	struct json *row; /* a copy to change; row_put() when is_changed */
	str id, status;   /* status empty: nothing happened yet */
	const struct cfn_type *type;
	size_t users; /* removal: resources that need it and are not gone */
	bool is_changed;
};

struct cfn_stack {
	struct call *c;
	struct json *row; /* a copy to change */
	str key;          /* "name/uuid": the sort key, and part of other rows' partitions */
	str name, id, status;
	str told; /* the status that those who wait for the stack know of */
	struct cfn_resource_row *resources; /* in the order of creation */
	struct cfn_resource_row **by_id;    /* the same, sorted */
	size_t resource_count;
	struct json *events;      /* that are not put yet, oldest first; NULL for none */
	size_t event_bytes;       /* of their text, at most */
	size_t moves, most_moves; /* resources that began or arrived in this step */
	bool is_ended;            /* the step is: all is saved, nothing more may be done in it */
};

/* --- rows.c ------------------------------------------------------------------------------ */

str stack_partition(struct call *c, const char *kind); /* rows.c tells them: "stack", "name", … */
/* Deleted stacks in the index byRef, by the time of their deletion. */
str stack_grave(struct call *c);

/* Resources in the index byRef, by what they made. */
str stack_physical_ref(struct call *c, str physical_id);

/* By name (the one that lives) or by id (deleted ones too). */
bool stack_find(
    struct call *c, str name_or_id, struct cfn_stack *out, bool *found, struct err *err);
/* The rest of a stack whose row is loaded. */
void stack_open(struct call *c, const struct json *row, struct cfn_stack *out);
bool stack_load_resources(struct cfn_stack *s, struct err *err);
struct cfn_resource_row *stack_resource(struct cfn_stack *s, str id);

/* Rows of what the plan makes, in its order; they are not put yet. */
void stack_add_resources(struct cfn_stack *s, const struct cfn_plan *plan);
/* A row for events, of which the first has this number. */
struct json *stack_new_events(struct cfn_stack *s, int64_t number);
/* Their rows, newest first. */
bool stack_each_events(struct cfn_stack *s,
    bool (*each)(struct call *c, const struct item *row, void *cookie, struct err *err),
    void *cookie, struct err *err);

/* Puts the stack's row, the resources that changed, and what is to be told. */
bool stack_save(struct cfn_stack *s, struct err *err);
/* Forgets a stack: every row of it. */
bool stack_purge(struct cfn_stack *s, struct err *err);

str stack_text(const struct cfn_stack *s, const char *member);
str resource_text(const struct cfn_resource_row *r, const char *member);
void resource_set(struct cfn_stack *s, struct cfn_resource_row *r, const char *member, str value);

/* --- events.c ------------------------------------------------------------------------------ */

/* Changes the status and tells it in an event. reason may be empty. */
bool stack_set_status(struct cfn_stack *s, const char *status, str reason, struct err *err);
bool resource_set_status(struct cfn_stack *s, struct cfn_resource_row *r, const char *status,
    str reason, struct err *err);
/* Puts the events that were told since the last save. */
bool stack_put_events(struct cfn_stack *s, struct err *err);
/* All events, newest first, as DescribeStackEvents answers them. */
bool stack_events(struct cfn_stack *s, struct json **out, struct err *err);

/* --- world.c ------------------------------------------------------------------------------ */

/* A resolver for the stack, which answers with its resources as far as they have come. */
bool stack_resolver(
    struct cfn_stack *s, const struct cfn_template *t, struct cfn_resolver *r, struct err *err);
/* The values of SSM parameters that given names, as they are now. */
bool stack_fetch_stored(void *call, struct arena *a, const struct json *names,
    const struct json **out, struct err *err);
struct cfn_pseudo stack_pseudo(struct cfn_stack *s);

/* --- existence.c: AWS-typed parameters ------------------------------------------------------- */

/*
 * The first parameter whose value names nothing that exists; *reason is empty where all do, and
 * else ends with a blank, for what is done about it follows.
 */
bool stack_check_existence(
    struct cfn_stack *s, const struct cfn_resolver *r, str *reason, struct err *err);

/* --- source.c: where a template comes from -------------------------------------------------- */

struct cfn_source {
	str text, hash;
	const struct cfn_template *t; /* as stack_template() */
};

/* From TemplateBody or TemplateURL of the input. Fails: ValidationError. */
bool source_read(struct call *c, struct cfn_source *out, struct err *err);

/* --- template.c ------------------------------------------------------------------------------ */

/* Reads the text, and sets the rest. Fails: ValidationError. */
bool source_parse(struct call *c, struct cfn_source *source, struct err *err);

/* Keeps the template of a stack that is not put yet. */
bool stack_put_template(struct cfn_stack *s, const struct cfn_source *source, struct err *err);
bool stack_template_text(struct cfn_stack *s, str *out, struct err *err);
/* Lives in the cloud's memory (memo_get): what goes into an answer is copied. */
bool stack_template(struct cfn_stack *s, const struct cfn_template **out, struct err *err);
/* For a stack whose row is gone: the last one of a template takes it away. */
bool stack_drop_template(struct cfn_stack *s, struct err *err);

/* --- create.c, delete.c, steps.c, create_steps.c, remove_steps.c ------------------------- */

bool stack_create(struct call *c, struct err *err);
bool stack_delete(struct call *c, struct err *err);
/* As whom the stack's work is done: the role, else the caller. Fails: ValidationError. */
bool stack_assume(struct cfn_stack *s, str role_arn, struct err *err);
/* Stack creation and deletion, from here on in steps. */
bool stack_step(struct call *c, const struct item *row, const struct json *result, struct err *err);
/* Has any resource this status? */
bool stack_any_resource(const struct cfn_stack *s, const char *status);
/* "[A, B]": those that have it. */
str stack_failed_names(struct cfn_stack *s, const char *status);
/* The ends of a step: again at once, when what was watched changes, never again. All save. */
bool stack_go_on(struct cfn_stack *s, struct err *err);
bool stack_wait(struct cfn_stack *s, const struct watch *watch, struct err *err);
bool stack_finish(struct cfn_stack *s, const char *status, str reason, struct err *err);
bool stack_create_step(struct cfn_stack *s, struct err *err);
bool stack_remove_step(struct cfn_stack *s, struct err *err);

/* What one action on a resource came to. */
enum outcome { OUTCOME_DONE, OUTCOME_WAITING, OUTCOME_FAILED };

/* --- dynamic.c ------------------------------------------------------------------------------ */

/* Properties with their "{{resolve:ssm:name}}" replaced by values. */
bool stack_resolve_dynamic(
    struct cfn_stack *s, const struct json *j, const struct json **out, struct err *err);

/* --- resource.c ----------------------------------------------------------------------------- */

/* reason: why, where the outcome is a failure. False only where the step must be repeated. */
bool resource_create(struct cfn_stack *s, struct cfn_resource_row *r, const struct json *properties,
    enum outcome *outcome, str *reason, struct watch *watch, struct err *err);
bool resource_settle(struct cfn_stack *s, struct cfn_resource_row *r, enum outcome *outcome,
    str *reason, struct watch *watch, struct err *err);
/* begins: the first call of this removal. */
bool resource_remove(struct cfn_stack *s, struct cfn_resource_row *r, bool begins,
    enum outcome *outcome, str *reason, struct watch *watch, struct err *err);

/* --- describe.c: actions that only read ------------------------------------------------------ */

bool stack_describe(struct call *c, struct err *err);
bool stack_describe_events(struct call *c, struct err *err);
bool stack_describe_resource(struct call *c, struct err *err);
bool stack_describe_resources(struct call *c, struct err *err);
bool stack_get_template(struct call *c, struct err *err);
bool stack_get_template_summary(struct call *c, struct err *err);
bool stack_list(struct call *c, struct err *err);
bool stack_list_exports(struct call *c, struct err *err);
bool stack_list_resources(struct call *c, struct err *err);
bool stack_validate_template(struct call *c, struct err *err);
