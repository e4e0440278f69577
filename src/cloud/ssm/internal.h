/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of cloud/ssm share.
 *
 * Rows, each in a partition of its account and region:
 *
 *   ssm#document          <name>             name latest default counter createdMs shares tags
 *   ssm#version           <name>#<number>    one version: hash, format, …; never changes
 *   ssm#content           <hash>             what versions say: content, tree; stays when they go
 *   ssm#share             <owner>/<name>     in the partition of the account shared with, or "all"
 *   ssm#parameter         <name>             the newest version of a parameter
 *   ssm#parameterVersion  <name>#<number>    an older one
 *   ssm#start             <id>               what an automation was started with; never changes
 *   ssm#execution         <id>               the automation: where it stands
 *   ssm#step              <id>#<number>      a step that has begun: inputs, outputs, status
 */
#pragma once

#include "base/arena.h"
#include "cloud/engine.h"
#include "lang/ssm_document.h"
#include "lang/ssm_values.h"

/* Where rows of a kind stand, of the call's account or of another one. */
str ssm_partition(struct call *c, const char *kind);
str ssm_partition_of(struct call *c, str account, const char *kind);

/* "<name>#000000000012": numbers order as texts. */
str ssm_numbered_key(struct call *c, str name, int64_t number);

/* Copies a member of the row to an answer where it is there, under its AWS name. */
void ssm_put_if(struct call *c, struct json *out, const char *name, const struct json *value);
void ssm_put_text_if(struct call *c, struct json *out, const char *name, str value);

/* --- document_rows.c ----------------------------------------------------------------- */

struct document {
	str owner, name; /* the account that it belongs to */
	str arn;
	bool shared;     /* the caller has it from another account */
	struct item row; /* of the document itself */
	const struct json *version;
};

enum document_state { DOCUMENT_FOUND, DOCUMENT_NONE, DOCUMENT_NO_VERSION };

/*
 * By name, or by ARN, which another account's must be shared with the caller's to be found.
 * version: "", "$DEFAULT", "$LATEST" or a number.
 */
bool ssm_document_find(struct call *c, str name_or_arn, str version, struct document *out,
    enum document_state *state, struct err *err);

/* The caller's own. Fails: InvalidDocument. */
bool ssm_document_load_own(struct call *c, str name, struct item *out, struct err *err);

/* All versions of a document, oldest first. */
bool ssm_document_versions(struct call *c, str name, struct store_page *out, struct err *err);

/* Content and tree of a version of owner's document. */
bool ssm_content_load(
    struct call *c, str owner, str hash, const struct json **out, struct err *err);
bool ssm_content_put(
    struct call *c, str hash, str content, const struct json *tree, struct err *err);

/* --- definition.c -------------------------------------------------------------------- */

/* A document as it was read for running; kept in memory, so what is shown of it is copied. */
struct ssm_definition {
	struct ssm_document doc;
	const struct json *plan; /* what the API shows of each step before it has begun */
};

bool ssm_definition_load(
    struct call *c, str owner, str hash, const struct ssm_definition **out, struct err *err);

/* --- documents.c, document_list.c, permissions.c ------------------------------------- */

bool ssm_document_create(struct call *c, struct err *err);
bool ssm_document_update(struct call *c, struct err *err);
bool ssm_document_update_default(struct call *c, struct err *err);
bool ssm_document_get(struct call *c, struct err *err);
bool ssm_document_describe(struct call *c, struct err *err);
bool ssm_document_delete(struct call *c, struct err *err);
bool ssm_document_list(struct call *c, struct err *err);
bool ssm_document_modify_permission(struct call *c, struct err *err);
bool ssm_document_describe_permission(struct call *c, struct err *err);

/* --- parameters.c, parameter_list.c -------------------------------------------------- */

bool ssm_parameter_put(struct call *c, struct err *err);
bool ssm_parameter_get(struct call *c, struct err *err);
bool ssm_parameter_get_several(struct call *c, struct err *err);
bool ssm_parameter_get_by_path(struct call *c, struct err *err);
bool ssm_parameter_delete(struct call *c, struct err *err);
bool ssm_parameter_delete_several(struct call *c, struct err *err);
bool ssm_parameter_describe(struct call *c, struct err *err);

/* By name, name:version or ARN; body is NULL where there is none. */
bool ssm_parameter_look_up(struct call *c, str name, const struct json **body, struct err *err);

/* As the API shows one. */
struct json *ssm_parameter_json(struct call *c, const struct json *body, bool decrypt);

/* --- start.c, executions.c, execution_list.c ----------------------------------------- */

bool ssm_execution_start(struct call *c, struct err *err);
bool ssm_execution_get(struct call *c, struct err *err);
bool ssm_execution_stop(struct call *c, struct err *err);
bool ssm_execution_describe_steps(struct call *c, struct err *err);
/* AutomationExecutionMetadata; NULL where that fails. */
struct json *ssm_execution_metadata_json(
    struct call *c, const struct json *execution, struct err *err);

bool ssm_execution_list(struct call *c, struct err *err);

/* --- execution_rows.c ---------------------------------------------------------------- */

/* The row of its start. Fails: ERR_IO. */
bool ssm_start_load(struct call *c, str id, const struct json **out, struct err *err);
/* Its document. */
bool ssm_execution_definition(struct call *c, const struct json *execution,
    const struct ssm_definition **out, struct err *err);

/* Fails: AutomationExecutionNotFoundException. */
bool ssm_execution_load(struct call *c, str id, struct item *out, struct err *err);

/* The steps of an automation that have begun, in the order of the document. */
bool ssm_execution_steps(struct call *c, str id, struct store_page *out, struct err *err);

bool ssm_execution_is_over(const struct json *execution);

/* Puts a status-change event of the automation, or of a step where step is not NULL. */
bool ssm_execution_emit(
    struct call *c, const struct json *execution, const struct json *step, struct err *err);

/* --- run.c: the steps of an automation ----------------------------------------------- */

struct run {
	struct call *c;
	struct json *x;           /* the automation's row, being changed */
	const struct json *start; /* the row of its start; NULL until it is needed */
	const struct ssm_document *doc;
	bool goes_on; /* with the step where it stands now, at once; the row is not put yet */

	/* Of one step: */
	const struct ssm_step *step;
	struct json *record;       /* the step's row, being changed */
	bool is_changed;           /* the record, since it was loaded */
	const struct json *inputs; /* with references filled in */

	/* What a runner answers. */
	str next;            /* of a branch: the step chosen; empty for none */
	struct json *values; /* outputs by name */
	str message;         /* why it failed */
	int64_t due_ms;      /* WAITING: come again */
	struct watch watch;  /* WAITING: or when one of these changes */
};

enum outcome {
	OUTCOME_SUCCESS,
	OUTCOME_FAILED,
	OUTCOME_TIMED_OUT,
	OUTCOME_WAITING, /* the same attempt goes on later */
	OUTCOME_BROKEN,  /* err tells a fault of ours: nothing of this step counts */
};

bool ssm_execution_step(
    struct call *c, const struct item *row, const struct json *result, struct err *err);

/* --- actions of steps: call.c, wait.c ------------------------------------------------ */

enum outcome ssm_run_call(struct run *r, struct err *err);
enum outcome ssm_run_wait(struct run *r, struct err *err);
enum outcome ssm_run_assert(struct run *r, struct err *err);
enum outcome ssm_run_sleep(struct run *r, struct err *err);

/*
 * Asks for the property that the step's inputs select: *text is its value, *desired tells whether
 * it is one of DesiredValues. What the question reads is added to watch, where not NULL.
 */
enum outcome ssm_run_property(
    struct run *r, struct watch *watch, bool *desired, str *text, struct err *err);

/* A failure with its message, in AWS's form. */
enum outcome ssm_run_fail(struct run *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* --- values.c ------------------------------------------------------------------------ */

/* An ssm_lookup over what the automation knows; cookie is a struct run. */
const struct json *ssm_run_lookup(void *run, struct arena *a, str name);
