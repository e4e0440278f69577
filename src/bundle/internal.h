/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of bundle/ share among themselves. */
#pragma once

#include "bundle/bundle.h"

struct aws_operation;
struct aws_shape;
struct cfn_parameter;
struct event_pattern;
struct jsonpath;
struct ssm_document;
struct ssm_step;

#define MANIFEST_FILE "type.yaml"

/* --- findings (findings.c) ---------------------------------------------------------------- */

#define MAX_FINDINGS 200 /* kept; later ones are only counted */

struct place {
	uint32_t line, column; /* 1-based; 0 where the whole file is meant */
};

/* One file being read: where findings go, and under which name. */
struct check {
	struct arena *a;
	struct findings *findings;
	str file;
	const struct bundle *bundle; /* what is known of the type so far */
};

struct place place_of(const struct json *value);     /* where it begins; NULL: the whole file */
struct place place_of_key(const struct json *value); /* where its name begins */

/* fix may be empty. Both keep message and fix in c->a. */
void find_error(struct check *c, struct place at, const char *code, str fix, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
void find_warning(struct check *c, struct place at, const char *code, str fix, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* A parser's "line:column: text" (anything else: the whole file). */
void find_parser_error(struct check *c, const char *code, str fix, str message);

/* --- reading members by table (fields.c) -------------------------------------------------- */

#define KIND(k) (1u << JSON_##k)
#define KIND_SCALAR \
	(KIND(STRING) | KIND(NUMBER) | KIND(TRUE) | KIND(FALSE)) /* what stands for a text */

struct field {
	const char *name;
	unsigned kinds; /* KIND(…) of those allowed */
	bool required;
};

/*
 * Is value an object with only these members, each of an allowed kind? What is not is a finding;
 * true only where there is none. what names it in messages: "a call".
 */
bool check_fields(struct check *c, const struct json *value, const char *what,
    const struct field *fields, size_t count);

/* " (is 'launch' meant?)" where one of names is like word, else empty. */
str did_you_mean(struct arena *a, str word, const str *names, size_t count);

/* --- ${scope.name} (variable.c) ----------------------------------------------------------- */

enum piece_kind { PIECE_TEXT, PIECE_VARIABLE, PIECE_BROKEN };

struct piece {
	enum piece_kind kind;
	str text; /* literal text, or what stands between the braces */
};

/* The next piece of a text, as str_cut() takes one: false when none is left. */
bool piece_next(str *rest, struct piece *out);

/* Is text one whole ${…}? */
bool piece_is_whole(str text, str *name);

/* "a.b.c" to "a" and "b.c". False where it is no name. */
bool variable_split(str name, str *scope, str *path);

/* NULL where it is absent. */
const struct json *variable_find(const struct json *scopes, str name);

/* Where variables may be used; some exist only in some places. */
struct variable_use {
	enum bundle_verb verb;              /* BUNDLE_VERB_COUNT: describe */
	const struct bundle_call *answered; /* calls before this one, whose answers can be used */
	size_t answered_count;
};

/* Checks every ${…} in value and below. */
void check_variables(struct check *c, const struct json *value, const struct variable_use *use);

/* A value such as the variable has; empty where there is no telling (config, outputs, answers). */
str variable_sample(str name);

/* Does value, or anything below, use ${config.…}? Anything else? */
struct variables_used {
	bool config, other;
};
struct variables_used variables_used(const struct json *value);

/* --- calls (call.c) ----------------------------------------------------------------------- */

/* Reads the members call, with, ignore and secret of node, which were checked by check_fields(). */
bool read_call(struct check *c, const struct json *node, const struct variable_use *use,
    struct bundle_call *out);

/* A list of calls; false where one is wrong. */
bool read_calls(struct check *c, const struct json *list, enum bundle_verb verb,
    struct bundle_call **out, size_t *count);

/* NULL, with a finding at node, where the model has no such operation. */
const struct aws_operation *find_operation(
    struct check *c, const struct json *node, str service, str operation);

/* Does an input tree fit a shape as far as its literal values tell? what: "StopNotebookInstance".
 * besides: names that may stand there too, up to a NULL; may be NULL. */
void check_input(struct check *c, const struct json *input, const struct aws_shape *shape, str what,
    struct place at, const char *const *besides);

/* "$.A.B" over an answer of this shape: false, with a finding, where no such member exists. */
bool check_selector_shape(
    struct check *c, const struct json *node, str selector, const struct aws_shape *shape);

/* Is every element of the list (NULL: none) a text that is not empty? */
bool check_texts(struct check *c, const struct json *list, const char *what);

/* --- statuses (status.c) ------------------------------------------------------------------ */

bool is_status_word(str word);
str status_words(struct arena *a); /* for messages */

struct status_case {
	const struct event_pattern *match;
	str status; /* empty where ask */
	bool ask;
};

/* How a status is read from an event or an answer: by selector and map, or by cases. */
struct status_reading {
	const struct jsonpath *selector; /* NULL: cases, or only ask */
	const struct json *map;          /* their word -> ours, or "ignore"; NULL for none */
	const struct status_case *cases;
	size_t case_count;
	bool ask; /* the reading is "ask", whatever it says */
};

struct bundle_event_reading {
	const struct event_pattern *match; /* NULL: describe's */
	const struct json *match_tree;
	const struct jsonpath *environment, *instance_id, *order; /* NULL where absent */
	struct status_reading status;
};

bool read_selector(struct check *c, const struct json *node, const struct jsonpath **out);
void read_events(struct check *c, const struct json *list, struct bundle *out);
void read_describe(struct check *c, const struct json *node, struct bundle *out);

/* --- the documents (document.c, provision.c) ------------------------------------------------ */

/* Reads the document of a verb and holds it against manifest and template. */
void read_document(struct check *c, enum bundle_verb verb, struct bundle *out);

/* What a launch document hands to the product: the step that provisions, and its parameters. */
struct provision {
	const struct ssm_step *step;   /* NULL: it provisions nothing */
	const struct json *parameters; /* [{Key, Value}] */
};
struct provision provision_of(const struct ssm_document *d);

/* The template's parameter that a document's parameter becomes as it is; NULL for none. */
const struct cfn_parameter *provision_target(const struct bundle *b, str document_parameter);

/* A given or default value as SSM takes it: a list of texts. */
const struct json *value_texts(struct arena *a, const struct json *value);

void check_provision(struct check *c, const struct ssm_document *d);

/* paths.c: does every way through the document end in one status event? */
void check_paths(struct check *c, const struct ssm_document *d, enum bundle_verb verb);

/* --- the rest ----------------------------------------------------------------------------- */

/* connect.c: return, links and instruction, after the calls were read. */
void read_connect(struct check *c, const struct json *node, struct bundle *out);

/* manifest.c: type.yaml, after the template was read. */
void read_manifest(struct check *c, str text, struct bundle *out);

const char *verb_word(enum bundle_verb verb);  /* "launch", as the manifest has it */
const char *verb_title(enum bundle_verb verb); /* "Launch", as documents bear it in their names */

/* The name of a verb's document: "sagemakerNotebookLaunchSSM.yaml". */
str document_file_name(struct arena *a, str type, enum bundle_verb verb);

/* what: "manifest". */
void find_file_missing(struct check *c, str name, const char *what);

const struct bundle_file *file_named(const struct bundle *b, str name); /* NULL for none */
