/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values of an SSM automation: start parameters, {{ substitution }}, outputs taken from
 * answers, choices of a branch. Pure functions over a document that was read by ssm_document.h.
 *
 * A value is a JSON tree of the parameter's or output's type: a String is a string, a
 * StringList an array of strings, a StringMap an object, a MapList an array of objects. The API
 * shows every value as a list of texts instead; ssm_texts() makes one of the other.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "lang/ssm_document.h"

struct arena;
struct err;
struct json;

#define SSM_MAX_VALUE_BYTES ((size_t)96 << 10) /* as JSON, of what a step or a start is given */

/*
 * May a value be kept? Fails: ERR_TOO_LARGE (over SSM_MAX_VALUE_BYTES, or deeper than
 * SSM_MAX_DEPTH). what names it in the message.
 */
bool ssm_value_fits(struct arena *a, const char *what, const struct json *value, struct err *err);

/* The value of "Param", "step.output", "ssm:name", "global:REGION", …; NULL where unknown. */
typedef const struct json *ssm_lookup(void *cookie, struct arena *a, str name);

struct ssm_arguments {
	const struct json *values; /* name -> value, typed; defaults included */
	const struct json *texts;  /* name -> [text], as the API shows them */
};

/*
 * Checks what a start gives ({name: [text]}; NULL for nothing) against the document's
 * parameters. lookup gives "ssm:name" for defaults that name one; NULL where there is none.
 * Fails: ERR_INVALID or ERR_TOO_LARGE, code "InvalidAutomationExecutionParametersException".
 */
bool ssm_arguments_check(struct arena *a, const struct ssm_document *d, const struct json *given,
    ssm_lookup *lookup, void *cookie, struct ssm_arguments *out, struct err *err);

/* The same for one parameter; texts is a list of strings, out its typed value. */
bool ssm_argument_check(struct arena *a, const struct ssm_parameter *p, const struct json *texts,
    const struct json **out, struct err *err);

/*
 * Fills in every {{ reference }} of every string in value. A string that is one whole reference
 * takes the value with its type; embedded, texts stand raw and other values as JSON. One pass:
 * what was filled in is not looked at again. Fails: ERR_INVALID (lookup knows no such name),
 * ERR_TOO_LARGE (what comes out does not fit).
 */
bool ssm_substitute(struct arena *a, const struct json *value, ssm_lookup *lookup, void *cookie,
    const struct json **out, struct err *err);

/*
 * An output's value from an answer. An absent leaf gives an empty text, list or map and never
 * fails. Fails: ERR_INVALID (what should hold the leaf is absent as well, or the value cannot
 * be made one of the output's type).
 */
bool ssm_output_select(struct arena *a, const struct ssm_output *output, const struct json *answer,
    const struct json **out, struct err *err);

/* A value as the API shows it: a list of texts. */
const struct json *ssm_texts(struct arena *a, const struct json *value);

/* A value as it stands embedded in a text. */
str ssm_text(struct arena *a, const struct json *value);

/*
 * Which way a branch goes: inputs are its own with references filled in. *next is the step of
 * the first true choice, or Default's, or empty where neither is. Fails: ERR_INVALID (a
 * Variable that is a list or a map).
 */
bool ssm_branch_choose(const struct json *inputs, str *next, struct err *err);

/* An ISO 8601 duration of days, hours, minutes and seconds: "PT10M"; at most 604,799 s. */
bool ssm_duration_parse(str text, int64_t *ms);
