/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A CloudFormation template, read and checked: sections, parameters with their constraints,
 * mappings, conditions, resources and outputs as tables over the parsed tree.
 *
 * Everything that can be known without parameter values is checked here, and said in
 * CloudFormation's own words with code "ValidationError"; where the words do not tell the place,
 * struct cfn_at does. What depends on values is in cfn_resolve.h, order in cfn_plan.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct err;
struct json;

#define CFN_MAX_BODY_BYTES ((size_t)51200)       /* given inline */
#define CFN_MAX_TEMPLATE_BYTES ((size_t)1 << 20) /* read from S3, or from a folder */
#define CFN_MAX_PARAMETERS 200
#define CFN_MAX_MAPPINGS 200
#define CFN_MAX_RESOURCES 500
#define CFN_MAX_OUTPUTS 200
#define CFN_MAX_VALUE_BYTES 4096 /* of one parameter */

/* Where in the template an error lies; zeroes where it has no place of its own. */
struct cfn_at {
	uint32_t line, column; /* 1-based, in bytes */
	str detail;            /* what the parser said, where CloudFormation's text tells less */
};

struct cfn_parameter {
	str name, type;   /* type as written: "List<AWS::EC2::Subnet::Id>" */
	str element_type; /* without List<> and AWS::SSM::Parameter::Value<>: "AWS::EC2::Subnet::Id"
			   */
	bool is_list;     /* Ref gives a list of texts */
	bool is_stored;   /* AWS::SSM::Parameter::Value<…>: the value names an SSM parameter */
	bool has_default, no_echo;
	str default_value;
	str description, constraint_description;
	str allowed_pattern;        /* empty for none */
	const str *allowed;         /* AllowedValues as texts */
	size_t allowed_count;       /* 0 for none */
	str min_length, max_length; /* whole numbers as written; empty for none */
	str min_value, max_value;   /* numbers as written; empty for none */
	struct cfn_at at;
};

struct cfn_condition {
	str name;
	const struct json *expression;
};

enum cfn_deletion {
	CFN_DELETE, /* the default */
	CFN_RETAIN,
	CFN_SNAPSHOT,
	CFN_RETAIN_EXCEPT_ON_CREATE,
};

struct cfn_resource {
	str id, type;
	str condition;                 /* empty for none */
	const struct json *body;       /* the whole resource */
	const struct json *properties; /* NULL where it has none */
	const struct json *metadata;   /* NULL where it has none */
	const str *depends_on;
	size_t depends_on_count;
	enum cfn_deletion deletion;
	struct cfn_at at;
};

struct cfn_output {
	str name, description;
	str condition;                  /* empty for none */
	const struct json *value;       /* an expression */
	const struct json *export_name; /* an expression; NULL where nothing is exported */
	struct cfn_at at;
};

struct cfn_template {
	const struct json *tree;
	str description, version;               /* AWSTemplateFormatVersion; both may be empty */
	const struct json *metadata, *mappings; /* NULL where absent */
	struct cfn_parameter *parameters;       /* all in the order of the template */
	size_t parameter_count;
	struct cfn_condition *conditions;
	size_t condition_count;
	struct cfn_resource *resources;
	size_t resource_count;
	struct cfn_output *outputs;
	size_t output_count;
};

/*
 * Reads JSON (where the text begins with '{') or YAML. out borrows text. at may be NULL.
 * Fails: ERR_INVALID or ERR_TOO_LARGE, code "ValidationError".
 */
bool cfn_template_parse(
    struct arena *a, str text, struct cfn_template *out, struct cfn_at *at, struct err *err);

/* The same for a tree that was parsed already with YAML_TAGS_CFN. */
bool cfn_template_read(struct arena *a, const struct json *tree, struct cfn_template *out,
    struct cfn_at *at, struct err *err);

/* NULL when the template has none of that name. */
const struct cfn_parameter *cfn_parameter_find(const struct cfn_template *t, str name);
const struct cfn_condition *cfn_condition_find(const struct cfn_template *t, str name);
const struct cfn_resource *cfn_resource_find(const struct cfn_template *t, str id);
const struct cfn_output *cfn_output_find(const struct cfn_template *t, str name);

/*
 * May value (a text, as callers of CloudFormation give it) be the parameter's? All constraints;
 * for lists each member. What an AWS-typed value names need not exist. Fails: ERR_INVALID, code
 * "ValidationError".
 */
bool cfn_parameter_check(const struct cfn_parameter *p, str value, struct err *err);

/* Capabilities that creating the template's stack needs. */
enum cfn_capability { CFN_NEEDS_NOTHING, CFN_NEEDS_IAM, CFN_NEEDS_NAMED_IAM };
enum cfn_capability cfn_template_capability(const struct cfn_template *t);

/*
 * What GetTemplateSummary answers, in its form: Parameters [{ParameterKey, DefaultValue,
 * ParameterType, NoEcho, Description, ParameterConstraints {AllowedValues, …}}], Description,
 * Capabilities, CapabilitiesReason, ResourceTypes, Version, Metadata (JSON text).
 */
struct json *cfn_template_summary(struct arena *a, const struct cfn_template *t);
