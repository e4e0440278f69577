/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A compact model of the AWS operations that swb calls or answers: enough to write a request,
 * read an answer, and for the local cloud the reverse, in any of our protocols.
 *
 * A service is a table; an operation is a row whose shapes are text in a small language:
 *
 *   s string   i integer   f float   b boolean   t timestamp   x blob (base64)   d any JSON
 *   {Name:s Size:i}   structure        [s] list        <s> map from string
 *   Name!:s           required         Token*:s        idempotency token, filled in when absent
 *   Name@xmlName:s    other name on the wire of query or ec2
 *   [item:s]          list whose XML elements bear that name (default "member")
 *   RecordDetail      a word alone names a shape of the service's table of shapes
 *
 * Members are told apart by white space. E.g. { "AssumeRole", "RoleArn!:s RoleSessionName!:s
 * ExternalId:s", "Credentials:Credentials AssumedRoleUser:{AssumedRoleId:s Arn:s}" }.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;
struct err;
struct json;

enum aws_protocol { AWS_JSON_1_0, AWS_JSON_1_1, AWS_QUERY, AWS_EC2, AWS_REST_JSON, AWS_REST_XML };

enum aws_kind {
	AWS_STRING,
	AWS_INTEGER,
	AWS_FLOAT,
	AWS_BOOLEAN,
	AWS_TIMESTAMP, /* in our trees: JSON_NUMBER, seconds since 1970, fraction allowed */
	AWS_BLOB,      /* in our trees: base64 text */
	AWS_DOCUMENT,  /* any JSON */
	AWS_STRUCTURE,
	AWS_LIST,
	AWS_MAP,
};

struct aws_shape;

struct aws_member {
	str name, wire_name; /* the same, unless the model says otherwise */
	bool required, idempotency_token;
	const struct aws_shape *shape;
};

struct aws_shape {
	enum aws_kind kind;
	str item_name;                /* lists: XML element name */
	const struct aws_shape *item; /* lists and maps */
	struct aws_member *members;   /* structures */
	size_t member_count;
};

struct aws_operation_row {
	const char *name, *input, *output; /* shapes in the language above; "" for none */
	const char *http;                  /* rest protocols: "GET /path/{label}"; else NULL */
};

struct aws_named_shape {
	const char *name, *shape;
};

struct aws_service {
	const char *name; /* as SSM documents and the AWS SDKs name it: "servicecatalog" */
	const char *endpoint_prefix; /* host: "api.sagemaker" */
	const char *signing_name;
	const char *target_prefix; /* json protocols: X-Amz-Target */
	const char *version, *xml_namespace;
	enum aws_protocol protocol;
	bool global; /* one endpoint, signed with us-east-1 (iam) */
	const struct aws_operation_row *operations;
	size_t operation_count;
	const struct aws_named_shape *shapes;
	size_t shape_count;
};

struct aws_operation {
	const struct aws_service *service;
	const char *name;
	const struct aws_shape *input, *output;
	const char *http;
};

/* NULL when unknown. */
const struct aws_service *aws_service_find(str name);
const struct aws_service *aws_service_by_target(str target_prefix);
const struct aws_service *aws_service_by_signing_name(str signing_name);
const struct aws_service *aws_service_at(size_t index); /* NULL past the last */

/*
 * Finds an operation and its parsed shapes, which live as long as the program. Takes the model's
 * name or the boto form ("provision_product"). Thread-safe. Fails: ERR_NOT_FOUND.
 */
bool aws_operation_find(
    str service, str operation, const struct aws_operation **out, struct err *err);

/*
 * Makes a request's input fit its shape: coerces scalars to the modelled type ("5" to 5 where an
 * integer is due, 5 to "5" where text is), fills absent idempotency tokens by token(cookie, a)
 * where token is not NULL, and refuses unknown and missing required members. Fails: ERR_INVALID
 * with code "ParamValidation" and every problem in one message, as boto words them ("Unknown
 * parameter in input: …", "Missing required parameter in input: …").
 */
bool aws_input_check(struct arena *a, const struct aws_operation *op, const struct json *in,
    str (*token)(void *cookie, struct arena *a), void *cookie, const struct json **out,
    struct err *err);
