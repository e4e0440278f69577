/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the template language share among themselves. */
#pragma once

#include "base/err.h"
#include "base/json.h"
#include "lang/cfn_reference.h"
#include "lang/cfn_resolve.h"
#include "lang/cfn_template.h"

#define CFN_MAX_DESCRIPTION_BYTES 1024

/* One template being read. */
struct cfn_reader {
	struct arena *a;
	struct cfn_template *t;
	struct cfn_at *at; /* never NULL here */
	struct err *err;
};

/* Both return false: the error is in CloudFormation's words, and at says where j stands. */
bool cfn_fail(struct cfn_reader *rd, const struct json *j, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
bool cfn_resolve_fail(struct cfn_resolver *r, struct err *err, const struct json *j,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

struct cfn_at cfn_at_json(const struct json *j);

bool cfn_is_name(str name);               /* 1 to 255 ASCII letters and digits */
bool cfn_is_scalar(const struct json *j); /* a string, a number or a boolean */
/* Stands where a value cannot be known yet. */
extern const struct json cfn_unknown;

bool cfn_is_pseudo(str name); /* "AWS::Region" and its like */

/* "[A, B]", each once: how CloudFormation lists names in a text. */
struct cfn_names {
	str *list;
	size_t count, cap;
};
str cfn_names_text(struct arena *a, const struct cfn_names *names);
void cfn_names_add(struct arena *a, struct cfn_names *names, str name);

/* True, with the error told, where a section has more than most members. */
bool cfn_is_too_many(
    struct cfn_reader *rd, const struct json *section, const char *what, size_t most);

bool cfn_read_parameters(struct cfn_reader *rd, const struct json *section);
bool cfn_read_resources(struct cfn_reader *rd, const struct json *section);
bool cfn_read_outputs(struct cfn_reader *rd, const struct json *section);
bool cfn_check_expressions(struct cfn_reader *rd);

/* --- functions -------------------------------------------------------------------- */

struct cfn_function {
	const char *name;
	unsigned places;
	/* Elements of its list; 0 and 0 where it takes one value, or has its own form. */
	unsigned char min_args, max_args;
	const char *usage; /* CloudFormation's text where the form is wrong */
	/* What can be checked before there are values; NULL: the form only. False: usage. */
	bool (*check)(const struct json *arg);
	bool (*resolve)(struct cfn_resolver *r, const struct json *arg, const struct json **out,
	    struct err *err);
};

/* The function that an object with one member calls, and its argument; NULL: no call. */
const struct cfn_function *cfn_function_of(const struct json *j, enum cfn_place place);

/* Does an object with one member look like a call of a function that does not exist? */
bool cfn_function_is_unknown(const struct json *j);

/* Does it call a function that gives true or false? */
bool cfn_is_condition(const struct json *j);

/* False where the argument has not the function's form. */
bool cfn_function_fits(const struct cfn_function *f, const struct json *arg);

/* The resource and attribute of Fn::GetAtt: ["A", "b.c"] or "A.b.c". False: neither. */
bool cfn_get_att_parts(
    struct arena *a, const struct json *arg, str *id, const struct json **attribute);

/* The two forms of Fn::Sub. *map is NULL for the short one. False: neither. */
bool cfn_sub_parts(const struct json *arg, str *text, const struct json **map);

/*
 * Takes the next piece of a Fn::Sub text off rest: literal text, or the name in ${…}. "${!X}" is
 * the literal "${X}". False when none is left.
 */
bool cfn_sub_cut(str *rest, bool *is_variable, str *piece);

/* The functions' work, in cfn_eval.c. */
typedef bool cfn_eval(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err);
cfn_eval cfn_eval_and, cfn_eval_base64, cfn_eval_cidr, cfn_eval_condition, cfn_eval_equals,
    cfn_eval_find_in_map, cfn_eval_get_att, cfn_eval_get_azs, cfn_eval_if, cfn_eval_import_value,
    cfn_eval_join, cfn_eval_not, cfn_eval_or, cfn_eval_ref, cfn_eval_select, cfn_eval_split,
    cfn_eval_sub;

/* Subnets of a block, in cfn_cidr.c: false where they do not fit or the block is none. */
bool cfn_cidr_list(
    struct arena *a, str block, int64_t count, int64_t bits, const struct json **out);

/* The condition's value, settled when first asked. */
bool cfn_condition_settle(
    struct cfn_resolver *r, str name, const struct json *at, bool *holds, struct err *err);

/* Charges what a function made to the resolver's budget. */
bool cfn_charge(
    struct cfn_resolver *r, const struct json *made, const struct json *at, struct err *err);

/* Everything in a resource's body where functions are resolved and so make dependencies. */
extern const char *const cfn_resource_expressions[]; /* ends with NULL */
