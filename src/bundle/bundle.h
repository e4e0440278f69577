/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An environment type: a folder with type.yaml, a CloudFormation template and SSM automation
 * documents, read, checked and ready to be asked. Pure: it calls nothing and stores nothing.
 *
 * A bundle's content hash is its version. What needs AWS (publishing, running) is workbench's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct aws_operation;
struct bundle_event_reading;
struct cfn_template;
struct err;
struct json;
struct ssm_document;

#define BUNDLE_MAX_FILES 16
#define BUNDLE_MAX_FILE_BYTES ((size_t)1 << 20)

enum finding_severity { FINDING_ERROR, FINDING_WARNING };

struct finding {
	enum finding_severity severity;
	str file;              /* as in the folder: "type.yaml" */
	uint32_t line, column; /* 1-based; 0 where the whole file is meant */
	str code;              /* stable: "launch-parameter-missing" */
	str message, fix;      /* what is wrong; what to do about it */
};

/* All-zero is empty; a is the arena of the first call that it is passed to. */
struct findings {
	struct arena *a;
	struct finding *list;
	size_t count, cap, errors; /* of very many, errors counts all and list has the first ones */
	const char *dir; /* the text names files below it, as a person can open them; NULL: bare */
};

struct bundle_file {
	str name, text;
};

enum bundle_verb {
	BUNDLE_LAUNCH,
	BUNDLE_TERMINATE,
	BUNDLE_START,
	BUNDLE_STOP,
	BUNDLE_CONNECT,
	BUNDLE_VERB_COUNT
};

/* One AWS call of start, stop, connect or describe. with still holds its ${…}. */
struct bundle_call {
	str as;                 /* name of its answer for return and later calls; may be empty */
	str service, operation; /* SDK names: "sagemaker", "StartNotebookInstance" */
	const struct json *with;
	const struct json *ignore; /* error codes that count as success */
	const struct json *secret; /* members of the answer that are never logged */
	const struct aws_operation *model;
};

struct bundle_verb_def {
	bool defined;                  /* a type without start cannot be started */
	const struct json *parameters; /* of the document, where one is run; else NULL */
	str document;                  /* its text */
	const struct ssm_document *ssm;
	struct bundle_call *calls;
	size_t call_count;
	str exec; /* "./program" of the folder, or empty; what it answers is ${exec.…} */
	int64_t deadline_ms; /* 0: the default of its verb */
};

struct bundle {
	str type, name, description;
	str hash; /* 64 hexadecimal digits */
	const struct json *manifest;
	struct bundle_file files[BUNDLE_MAX_FILES]; /* sorted by name */
	size_t file_count;
	str template_text;
	const struct json *template_tree;
	const struct cfn_template *cfn;
	struct bundle_verb_def verbs[BUNDLE_VERB_COUNT];
	const struct json *connect_return; /* selectors on the answers, by member name */
	str instruction;                   /* with links rendered as clients expect them */
	struct bundle_call describe;       /* operation empty: the type has none */
	const struct json *gone;           /* error codes of describe: the instance is no more */
	const struct bundle_event_reading *events;
	size_t event_count;
	const struct bundle_event_reading *describe_reading;
	/* instanceName (a text, or a list for several instances), instanceArn, instanceRole -> name
	 * of a template output; empty where the type has no instances */
	const struct json *outputs;
	const struct json *permissions; /* [{role, actions, resources}]; NULL for none */
};

/*
 * Reads and checks a folder. False only where it cannot be read at all; what is wrong inside is in
 * findings, and the bundle may be used only where findings->errors is 0. A bundle is read-only and
 * may be used by several threads; its texts are those of the files.
 */
bool bundle_load(struct arena *a, const char *dir, struct bundle *out, struct findings *findings,
    struct err *err);

/* The same from texts in memory (a version kept in the store). type: the folder's name. */
bool bundle_parse(struct arena *a, str type, const struct bundle_file *files, size_t count,
    struct bundle *out, struct findings *findings, struct err *err);

/* "type.yaml:3:9: error: message (code)\n  fix: …\n", one after the other. */
str findings_text(struct arena *a, const struct findings *f);
struct json *findings_json(struct arena *a, const struct findings *f);

/* --- values ------------------------------------------------------------------------------ */

/*
 * Fills ${scope.name} in every string of value from scopes, an object of objects: launch, type,
 * environment, project, config, datasets, main, operation, outputs and the answers of earlier calls
 * by their "as". A string that is one whole ${…} takes the value with its kind; embedded, scalars
 * are written as text. "$${" is a literal "${". One pass: what was filled in is not looked at
 * again. Absent values: a member that is one whole absent ${config.x} is left out (the document's
 * default applies); any other absence fails with ERR_INVALID naming the variable.
 */
bool bundle_expand(struct arena *a, const struct json *value, const struct json *scopes,
    const struct json **out, struct err *err);

/*
 * The launch parameters that configuration params ([{key, value}]) would give, checked against the
 * document's patterns and the template's constraints as far as they are known without launching.
 * Findings name the configuration's keys. Used when a configuration is saved and when it is
 * launched.
 */
void bundle_check_config(
    struct arena *a, const struct bundle *b, const struct json *params, struct findings *findings);

/*
 * SSM parameters ({name: [text]}) for a document verb, every value expanded, lists and numbers in
 * SSM's form, checked against the document's patterns and the template's limits.
 */
bool bundle_document_parameters(struct arena *a, const struct bundle *b, enum bundle_verb verb,
    const struct json *scopes, const struct json **out, struct err *err);

/* --- status ------------------------------------------------------------------------------- */

/* What an event of the cloud says, by the type's events: table. Texts are empty when absent. */
struct bundle_event {
	bool matches;
	str environment_id; /* as the event names it, any id form */
	str instance_id;
	str status;    /* in our words: "COMPLETED"; empty: unknown, to be ignored */
	bool ask;      /* the event only says "ask": wake the reconciler */
	int64_t order; /* by the source's own clock; 0 when it has none */
};
bool bundle_read_event(struct arena *a, const struct bundle *b, const struct json *event,
    struct bundle_event *out, struct err *err);

/* What describe's answer says, in our words; empty when unknown. order as above. */
bool bundle_read_describe(struct arena *a, const struct bundle *b, const struct json *answer,
    str *status, int64_t *order, struct err *err);

/* Does this error of the describe call mean that the instance is no more? code, then message. */
bool bundle_is_gone(const struct bundle *b, str code, str message);

/* (source, detail-type) pairs that its events can come from, for an index over live versions:
 * a list of [source, detail-type]; an empty text where the pattern leaves one open. */
const struct json *bundle_event_sources(struct arena *a, const struct bundle *b);

/*
 * What connect gives back: connect_return's selectors on answers (the answers of the calls by
 * their "as"), member by member; one that selects nothing is left out. {} where the type returns
 * nothing.
 */
bool bundle_read_connect(struct arena *a, const struct bundle *b, const struct json *answers,
    const struct json **out, struct err *err);

/*
 * The name that the launch document gives its provisioned product, with the parameters
 * ({name: [text]}) that it is started with; empty where it provisions none or computes the name.
 */
str bundle_product_name(struct arena *a, const struct bundle *b, const struct json *parameters);
