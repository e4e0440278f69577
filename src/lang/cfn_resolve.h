/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values of a template: parameters, conditions, and intrinsic functions resolved to plain
 * JSON.
 *
 * A resolver is made for one stack. Parameters and conditions are settled when it is made;
 * expressions that name resources ask the caller, who knows how far the stack has come.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "lang/cfn_template.h"

/* Bytes of text that one resolver makes in all: nested Sub and Join can multiply. */
#define CFN_MAX_RESOLVED_BYTES ((size_t)16 << 20)

/*
 * What the template cannot know. A slot that is NULL gives an unknown value: what depends on it is
 * unknown too (cfn_is_unknown), and all else is resolved and checked as far as it can be.
 */
struct cfn_world {
	void *cookie;

	/* What Ref of a resource gives: a string. */
	bool (*ref)(void *cookie, struct arena *a, const struct cfn_resource *resource,
	    const struct json **out, struct err *err);
	bool (*get_att)(void *cookie, struct arena *a, const struct cfn_resource *resource,
	    str attribute, const struct json **out, struct err *err);
	/* Fails: ERR_NOT_FOUND; the text is worded here. */
	bool (*import)(void *cookie, struct arena *a, str export_name, str *out, struct err *err);
	/* Names of a region's zones, a list of strings. */
	bool (*zones)(
	    void *cookie, struct arena *a, str region, const struct json **out, struct err *err);
	/* Values of SSM parameters: an object by name; what does not exist is left out. */
	bool (*stored)(void *cookie, struct arena *a, const struct json *names,
	    const struct json **out, struct err *err);
};

struct cfn_pseudo {
	str account, region, partition, url_suffix, stack_name, stack_id;
	const struct json *notification_arns; /* NULL: an empty list */
};

struct cfn_resolver {
	struct arena *a;
	const struct cfn_template *t;
	struct cfn_pseudo pseudo;
	struct cfn_world world;
	const struct json *texts; /* parameter name -> text, given or default, all of them */
	const struct json
	    *values; /* parameter name -> string or list of strings, as Ref gives it */
	unsigned char *conditions; /* in the order of t->conditions; see cfn_condition_holds() */
	struct cfn_at at;          /* where the last failure lies */
	size_t bytes;              /* made so far, of CFN_MAX_RESOLVED_BYTES */
	bool is_pending;           /* a function met an unknown value */
};

struct cfn_resolver_options {
	const struct cfn_template *t;
	const struct json *given; /* parameter name -> text; NULL for none */
	struct cfn_pseudo pseudo;
	struct cfn_world world; /* zeroes where only parameters and conditions are asked for */
};

/*
 * Settles parameters (given, else default; constraints checked) and conditions. Results live in a.
 * Fails: ERR_INVALID, code "ValidationError", in CloudFormation's words; r->at is set in any case.
 */
bool cfn_resolver_init(struct cfn_resolver *r, struct arena *a,
    const struct cfn_resolver_options *options, struct err *err);

/* What Ref gives for a parameter's text: the same string, or the list that it writes. */
const struct json *cfn_parameter_value(struct arena *a, const struct cfn_parameter *p, str value);

/* Does this value depend on a slot of the world that is NULL? Only as a whole, not in its parts. */
bool cfn_is_unknown(const struct json *value);

/* Empty name: true. The name must be a condition's. */
bool cfn_condition_holds(const struct cfn_resolver *r, str name);
bool cfn_resource_exists(const struct cfn_resolver *r, const struct cfn_resource *resource);

/*
 * Resolves every function in expression. *out is NULL where the whole is AWS::NoValue; members
 * and elements that are AWS::NoValue are left out. Fails: as CloudFormation words it, and as the
 * world's slots fail. Unknown parts stand as cfn_is_unknown() values.
 */
bool cfn_resolve(struct cfn_resolver *r, const struct json *expression, const struct json **out,
    struct err *err);

/* A resource's properties: an object, empty where it has none. */
bool cfn_resolve_properties(struct cfn_resolver *r, const struct cfn_resource *resource,
    const struct json **out, struct err *err);

/*
 * An output's value and the name it is exported by (empty for none). Both are empty where they are
 * unknown.
 */
bool cfn_resolve_output(struct cfn_resolver *r, const struct cfn_output *output, str *value,
    str *export_name, struct err *err);
