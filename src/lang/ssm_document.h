/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SSM automation documents, schema version 0.3: read, checked, and ready to be asked.
 *
 * A document is parameters, steps, and a graph whose edges say which step may follow which.
 * Everything that can be known without running is checked when it is read: parameters, actions
 * and their inputs, targets, cycles, selectors, and every {{ reference }}. What happens with
 * values is in ssm_values.h. Pure: nothing here calls, waits or stores.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct err;
struct json;
struct jsonpath;

#define SSM_MAX_DOCUMENT_BYTES ((size_t)64 << 10)
#define SSM_MAX_PARAMETERS 200
#define SSM_MAX_STEPS 100
#define SSM_MAX_PROBLEMS 50 /* reported for one document */
#define SSM_MAX_DEPTH 32    /* of a document's tree, and of any value */

enum ssm_type {
	SSM_STRING,
	SSM_STRING_LIST,
	SSM_BOOLEAN,
	SSM_INTEGER,
	SSM_STRING_MAP,
	SSM_MAP_LIST,
};

struct ssm_parameter {
	str name;
	enum ssm_type type; /* of its values; AWS::…::Id is a String, List<…> a StringList */
	str type_name;      /* as written */
	str description;
	const struct json *default_value;                   /* NULL: a value must be given */
	const struct json *allowed_values;                  /* NULL: any */
	str allowed_pattern;                                /* empty: any */
	int64_t min_items, max_items, min_chars, max_chars; /* -1: no limit */
	uint32_t line, column;
};

/* What an action is to those who run documents. */
enum ssm_action_kind {
	SSM_CALL,   /* aws:executeAwsApi */
	SSM_WAIT,   /* aws:waitForAwsResourceProperty */
	SSM_ASSERT, /* aws:assertAwsResourceProperty */
	SSM_BRANCH, /* aws:branch */
	SSM_SLEEP,  /* aws:sleep */
	SSM_OTHER,  /* known by name and inputs; not run here */
};

struct ssm_action {
	const char *name;
	enum ssm_action_kind kind;
	const char
	    *inputs; /* "Name! Other": its inputs, ! for required, … where any more may stand */
	const char *outputs; /* that it has without declaring them */
	int64_t timeout_s;   /* the default */
	bool declares;       /* its outputs: list is allowed */
	bool may_cancel;     /* onCancel is allowed */
};

struct ssm_output {
	str name;
	enum ssm_type type;
	str selector_text;
	const struct jsonpath *selector;
	uint32_t line, column;
};

enum ssm_edge_kind {
	SSM_EDGE_NEXT,    /* after success; on a branch: when no choice is true */
	SSM_EDGE_CHOICE,  /* a choice of a branch, in order */
	SSM_EDGE_DEFAULT, /* a branch's Default */
	SSM_EDGE_FAILURE, /* after failure or time-out; to SSM_END where that ends the execution */
	SSM_EDGE_CANCEL,  /* onCancel */
};

#define SSM_END SIZE_MAX /* instead of a step: the execution ends */

struct ssm_edge {
	enum ssm_edge_kind kind;
	size_t to; /* index of a step, or SSM_END */
};

enum ssm_on_failure { SSM_ABORT, SSM_CONTINUE, SSM_GO_TO };

struct ssm_step {
	str name, description;
	const struct ssm_action *action;
	const struct json *inputs; /* an object, or NULL */
	str service, api;          /* of call, wait and assert, as written; else empty */
	struct ssm_output *outputs;
	size_t output_count;
	str next_step;  /* as written; empty for none */
	str on_cancel;  /* step's name; empty for Abort */
	str on_failure; /* step's name where failure is SSM_GO_TO */
	enum ssm_on_failure failure;
	bool is_end, is_critical; /* as AWS takes them: defaults filled in */
	bool is_reachable;        /* from the first step, by any edge */
	int64_t max_attempts, timeout_s;
	const struct ssm_edge *edges;
	size_t edge_count;
	struct ssm_step *inner; /* of aws:loop */
	size_t inner_count;
	const struct json *node; /* the whole step */
	uint32_t line, column;
};

struct ssm_problem {
	uint32_t line, column; /* 1-based; 0 where the whole document is meant */
	str text;
};

struct ssm_document {
	const struct json *tree;
	str description, assume_role; /* both may be empty */
	struct ssm_parameter *parameters;
	size_t parameter_count;
	struct ssm_step *steps; /* in the document's order; the first is where it begins */
	size_t step_count;
	const struct json *variables; /* name -> {type, default}; NULL for none */
	const struct json *outputs;   /* ["step.output"]; NULL for none */
	struct ssm_problem *problems; /* what is wrong, in the document's order */
	size_t problem_count;
};

/*
 * Reads JSON (where the text begins with '{') or YAML. Collects up to SSM_MAX_PROBLEMS; the
 * first is also told by err as "line:column: what is wrong". out is set in any case, and may be
 * used only where this succeeds. Fails: ERR_INVALID, code "InvalidDocumentContent",
 * "InvalidDocumentSchemaVersion" or "MaxDocumentSizeExceeded".
 */
bool ssm_document_parse(struct arena *a, str text, struct ssm_document *out, struct err *err);

/* The same for a tree that was parsed before. */
bool ssm_document_read(
    struct arena *a, const struct json *tree, struct ssm_document *out, struct err *err);

/* NULL where there is none of that name. */
const struct ssm_parameter *ssm_parameter_find(const struct ssm_document *d, str name);
const struct ssm_step *ssm_step_find(const struct ssm_document *d, str name);
const struct ssm_output *ssm_output_find(const struct ssm_step *step, str name);

/* As documents write it: "StringList". */
const char *ssm_type_name(enum ssm_type type);
bool ssm_type_find(str name, enum ssm_type *out);

/* The table of actions; NULL for an unknown one. */
const struct ssm_action *ssm_action_find(str name);

/* Does the action have this output without declaring it? */
bool ssm_action_has_output(const struct ssm_action *action, str name);

/*
 * Finds the next {{ expression }} of text from *at on: *begin and *end enclose it braces
 * included, *name is what stands inside, trimmed. What is not formed as a reference (a name,
 * step.output, prefix:name) is text and is passed over. False when there is none left.
 */
bool ssm_reference_next(str text, size_t *at, size_t *begin, size_t *end, str *name);

/* Is text one whole {{ expression }}? Gives its name. */
bool ssm_reference_whole(str text, str *name);

/* "step.output" to its halves; false where name has another form. */
bool ssm_reference_split(str name, str *step, str *output);
