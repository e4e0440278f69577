/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A compact model of the AWS operations that swb calls or answers: enough to write a request,
 * read an answer, and for the local cloud the reverse, in any of our protocols.
 *
 * A service is a table (model_<service>.c); an operation is a row whose shapes are text in a
 * small language. Members are told apart by white space:
 *
 *   Name:shape        member                  Name!:shape   required
 *   Name*:s           idempotency token, filled in when absent
 *   Name@wire:shape   another name on the wire (XML element, query parameter, JSON key)
 *
 *   s string   i integer   f float   b boolean   x blob, base64 in our trees   d any JSON
 *   t timestamp, a number of seconds in our trees; on the wire as the protocol has it, or by
 *     force: t.iso  t.unix  t.http
 *   {Name:s Size:i}   structure               RecordDetail  shape of the service's own table:
 *   [s]  <s>          list, map from string                 a word with a capital
 *   [Item:s]          list whose XML elements bear that name ("member"; in ec2 "item")
 *   [*s]  <*s>        flattened: each element bears the list's own name
 *   <Name,Value:s>    map whose XML elements bear other names than "key" and "value"
 *
 * A row's input and output are members of a structure, without braces, or one named shape; "" is
 * none, "{}" an empty one (its element stands in query's answers):
 * { "AssumeRole", "RoleArn!:s RoleSessionName!:s ExternalId:s", "Credentials:Credentials" }.
 *
 * ec2: "InstanceIds@InstanceId:[s]" in requests (always flat: InstanceId.1),
 * "Reservations@reservationSet:[Reservation]" in answers. A member without "@" is written
 * with a capital in requests and without one in answers, so a shape serves both ways.
 *
 * rest protocols: an input begins with method and URI, an output may begin with its status (else
 * 200). {Label} (one path segment), {Label+} (the rest of the path) and query members stand in the
 * URI, headers and bodies are marked:
 *
 *   "GET /{Bucket}?list-type=2&prefix={Prefix} Bucket!:s Prefix:s"
 *   Type@^Content-Type:s     header           Metadata@^x-amz-meta-*:<s>   headers by prefix
 *   Body@$:x                 the whole body, bytes as base64 like any blob: an object in S3 is
 *                            bounded by the transports' limits, so nothing streams
 *   Configuration@$:{…}      the whole body, an XML element of that name
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

enum aws_time_form { AWS_TIME_DEFAULT, AWS_TIME_ISO, AWS_TIME_UNIX, AWS_TIME_HTTP };

/* Where a member stands in a message of a rest protocol. */
enum aws_location {
	AWS_IN_BODY,
	AWS_IN_PATH,
	AWS_IN_QUERY,
	AWS_IN_HEADER,
	AWS_IN_HEADERS, /* a map: every header that begins with wire_name */
	AWS_IS_BODY,    /* the payload itself */
};

struct aws_shape;

struct aws_member {
	str name, wire_name; /* the same, unless the model says otherwise */
	bool renamed;        /* the model gave a wire name */
	bool required, idempotency_token;
	enum aws_location location;
	const struct aws_shape *shape;
};

struct aws_shape {
	enum aws_kind kind;
	enum aws_time_form time_form;
	bool flattened;               /* lists and maps */
	str item_name;                /* lists: XML element name */
	str key_name, value_name;     /* maps: XML element names */
	const struct aws_shape *item; /* lists and maps */
	struct aws_member *members;   /* structures */
	size_t member_count;
};

struct aws_operation_row {
	const char *name, *input, *output; /* in the language above; "" for none */
};

struct aws_named_shape {
	const char *name, *shape;
};

struct aws_service {
	const char *name; /* as SSM documents and the AWS SDKs name it: "servicecatalog" */
	const char *endpoint_prefix; /* host: "api.sagemaker" */
	const char *signing_name;
	const char *target_prefix; /* json protocols: X-Amz-Target; else NULL */
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
	const struct aws_shape *input, *output; /* structures */
	bool has_output;                        /* its row has one, be it the empty "{}" */
	str method, uri;                        /* rest protocols: "GET", "/{Bucket}?list-type=2" */
	int status;                             /* of a good answer */
};

/* NULL when unknown. */
const struct aws_service *aws_service_find(str name);
const struct aws_service *aws_service_by_target(str target_prefix);
const struct aws_service *aws_service_at(size_t index); /* NULL past the last */

/*
 * Finds an operation and its parsed shapes, which live as long as the program. Takes the model's
 * name or the boto form ("provision_product"). Thread-safe. Fails: ERR_NOT_FOUND, with the code
 * "UnknownService" or "UnknownOperation".
 */
bool aws_operation_find(
    str service, str operation, const struct aws_operation **out, struct err *err);

/* The same for a service at hand and the model's own name; NULL when it has no such operation. */
const struct aws_operation *aws_operation_of(const struct aws_service *service, str name);

/*
 * Parses one row of a service's table, with the named shapes that it needs, into a. A row that
 * breaks the language ends the program with its place: rows are code. For services that are not
 * in the table of services (tests); aws_operation_find() does it for those that are.
 */
const struct aws_operation *aws_operation_parse(
    struct arena *a, const struct aws_service *service, const struct aws_operation_row *row);

/* The boto form of a name: "ListObjectsV2" gives "list_objects_v2". */
str aws_boto_name(struct arena *a, str name);

/* NULL where the structure has no such member. */
const struct aws_member *aws_member_find(const struct aws_shape *structure, str name);

/*
 * Makes a request's input fit its shape: coerces scalars to the modelled type ("5" to 5 where an
 * integer is due, 5 to "5" where text is, an ISO 8601 text to seconds), drops nulls, fills absent
 * idempotency tokens by token(cookie, a) where token is not NULL, and refuses unknown and missing
 * required members. in may be NULL for none. Fails: ERR_INVALID with code "ParamValidation" and
 * every problem in one message, as boto words them ("Unknown parameter in input: …", "Missing
 * required parameter in input: …").
 */
bool aws_input_check(struct arena *a, const struct aws_operation *op, const struct json *in,
    str (*token)(void *cookie, struct arena *a), void *cookie, const struct json **out,
    struct err *err);
