/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/wire.c: which operation a request asks for, and the way to the form it is written in.
 *
 * Three signs tell: X-Amz-Target (json), an Action with its Version (query, ec2), and else the
 * service that the signature names (rest).
 */
#include "cloud/wire.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "aws/forms.h"
#include "aws/timestamp.h"
#include "cloud/wire_forms.h"

/* --- identifying ----------------------------------------------------------------------- */

static bool
identify_json(struct arena *a, struct wire_request *out, str target, struct err *err)
{
	str rest = target, prefix = { NULL, 0 };

	out->protocol = AWS_JSON_1_1;
	(void)str_cut(&rest, '.', &prefix);
	out->service = aws_service_by_target(prefix);
	if (out->service != NULL) {
		out->protocol = out->service->protocol;
		out->operation = aws_operation_of(out->service, rest);
	}
	return out->operation != NULL ||
	    err_code(err, ERR_INVALID, "UnknownOperationException",
		"the local cloud does not answer " STR_FMT, STR_ARG(wire_shown(a, target)));
}

/* The service of a query request: the one that the signature names, else the version's. */
static const struct aws_service *
query_service(str signing_name, str version)
{
	const struct aws_service *s;

	for (size_t i = 0; (s = aws_service_at(i)) != NULL; i++) {
		if (s->protocol != AWS_QUERY && s->protocol != AWS_EC2)
			continue;
		if (signing_name.len > 0 ? str_is(signing_name, s->signing_name)
					 : str_is(version, s->version))
			return s;
	}
	return NULL;
}

static bool
identify_query(
    struct arena *a, struct wire_request *out, str signing_name, str action, struct err *err)
{
	str version = wire_query_parameter(a, out->query, "Version");

	out->protocol = AWS_QUERY;
	out->service = query_service(signing_name, version);
	if (out->service == NULL)
		return err_code(err, ERR_INVALID, "InvalidAction",
		    "no service of the local cloud has version '" STR_FMT "' and signs as '" STR_FMT
		    "'",
		    STR_ARG(wire_shown(a, version)), STR_ARG(wire_shown(a, signing_name)));
	out->protocol = out->service->protocol;
	if (version.len == 0 || str_is(version, out->service->version))
		out->operation = aws_operation_of(out->service, action);
	return out->operation != NULL ||
	    err_code(err, ERR_INVALID, "InvalidAction",
		"Could not find operation " STR_FMT " for version " STR_FMT,
		STR_ARG(wire_shown(a, action)), STR_ARG(wire_shown(a, version)));
}

/* Of the services that speak REST, these speak XML; all others JSON. */
static enum aws_protocol
rest_protocol(str signing_name)
{
	static const char *const xml[] = { "cloudfront", "route53", "s3", "s3-object-lambda" };

	for (size_t i = 0; i < countof(xml); i++)
		if (str_is(signing_name, xml[i]))
			return AWS_REST_XML;
	return AWS_REST_JSON;
}

static bool
identify_rest(struct arena *a, const struct http_request *req, struct wire_request *out,
    str signing_name, struct err *err)
{
	const struct aws_service *s;

	if (signing_name.len == 0) /* unsigned: only S3 has a use for that */
		signing_name = S("s3");
	out->protocol = rest_protocol(signing_name);
	for (size_t i = 0; (s = aws_service_at(i)) != NULL; i++) {
		if ((s->protocol != AWS_REST_XML && s->protocol != AWS_REST_JSON) ||
		    !str_is(signing_name, s->signing_name))
			continue;
		out->service = s;
		out->protocol = s->protocol;
		if (s->protocol == AWS_REST_XML)
			out->path = wire_s3_path(
			    a, http_header_get(&req->headers, "Host"), http_path(req->target));
		out->operation = wire_rest_match(s, req, out);
		if (out->operation != NULL)
			return true;
	}
	return err_code(err, ERR_INVALID,
	    out->protocol == AWS_REST_JSON ? "UnknownOperationException" : "NotImplemented",
	    "the local cloud does not answer " STR_FMT " " STR_FMT " of service '" STR_FMT "'",
	    STR_ARG(wire_shown(a, req->method)), STR_ARG(wire_shown(a, req->target)),
	    STR_ARG(wire_shown(a, signing_name)));
}

static bool
is_form(const struct http_request *req)
{
	return str_starts(str_trim(http_header_get(&req->headers, "Content-Type")),
	    S("application/x-www-form-urlencoded"));
}

/* A form is posted to "/" in no other protocol, even where it names no Action. */
static bool
is_query(const struct http_request *req, str path, str action)
{
	bool root = str_is(path, "/");

	if (is_form(req))
		return action.len > 0 || (root && str_is(req->method, "POST"));
	return action.len > 0 && root;
}

bool
wire_identify(
    struct arena *a, const struct http_request *req, struct wire_request *out, struct err *err)
{
	str target = http_header_get(&req->headers, "X-Amz-Target"), action, detail;
	struct sigv4_claim claim;

	*out = (struct wire_request){
		.path = http_path(req->target),
		.query = http_query(req->target),
	};
	if (target.len > 0)
		return identify_json(a, out, target, err);
	if (is_form(req))
		out->query = out->query.len == 0
		    ? req->body
		    : str_fmt(a, STR_FMT "&" STR_FMT, STR_ARG(out->query), STR_ARG(req->body));
	(void)sigv4_read(a, req, &claim, &detail);
	action = wire_query_parameter(a, out->query, "Action");
	if (is_query(req, out->path, action))
		return identify_query(a, out, claim.service, action, err);
	return identify_rest(a, req, out, claim.service, err);
}

/* "aws-cli/2.9", "aws-sdk-js/3", "Boto3/1.26", "Botocore/1.29". */
static bool
is_sdk(const struct http_request *req)
{
	str agent = http_header_get(&req->headers, "User-Agent");

	return http_header_get(&req->headers, "amz-sdk-invocation-id").len > 0 ||
	    str_starts(agent, S("aws-cli/")) || str_starts(agent, S("aws-sdk-")) ||
	    str_starts(agent, S("Boto"));
}

bool
wire_is_aws(const struct http_request *req)
{
	str signer = http_header_get(&req->headers, "Authorization"),
	    query = http_query(req->target);

	return str_starts(signer, S("AWS4-")) || str_starts(signer, S("AWS ")) ||
	    http_header_get(&req->headers, "X-Amz-Target").len > 0 || is_sdk(req) ||
	    str_has(query, S("X-Amz-Signature=")) || str_has(query, S("X-Amz-Credential=")) ||
	    str_has(query, S("AWSAccessKeyId=")) ||
	    (is_form(req) && str_is(req->method, "POST") && str_is(http_path(req->target), "/"));
}

/* --- reading --------------------------------------------------------------------------- */

static bool
read_json(struct arena *a, str body, const struct json **in, struct err *err)
{
	if (str_trim(body).len == 0) {
		*in = json_new_object(a);
		return true;
	}
	if (!json_parse(a, body, in, err)) {
		err->code = S("SerializationException");
		return false;
	}
	return (*in)->kind == JSON_OBJECT ||
	    err_code(err, ERR_INVALID, "SerializationException",
		"the body is %s where an object is due", json_kind_name((*in)->kind));
}

bool
wire_read(struct arena *a, const struct http_request *req, const struct wire_request *w,
    const struct json **in, struct err *err)
{
	switch (w->operation->service->protocol) {
	case AWS_JSON_1_0:
	case AWS_JSON_1_1:
		return read_json(a, req->body, in, err);
	case AWS_QUERY:
	case AWS_EC2:
		return wire_query_read(a, w, in, err);
	case AWS_REST_JSON:
	case AWS_REST_XML:
		return wire_rest_read(a, req, w, in, err);
	}
	return false;
}

/* --- writing --------------------------------------------------------------------------- */

static bool
write_json(struct arena *a, const struct wire_request *w, const struct json *output,
    struct http_response *resp, struct err *err)
{
	struct buf b = buf_in(a);

	if (!form_json_write(&b, w->operation->output, output, err))
		return false;
	resp->body = buf_str(&b);
	http_header_add(a, &resp->headers, S("Content-Type"),
	    w->protocol == AWS_JSON_1_0 ? S("application/x-amz-json-1.0")
					: S("application/x-amz-json-1.1"));
	return true;
}

static bool
write_query(struct arena *a, const struct wire_request *w, str request_id,
    const struct json *output, struct http_response *resp, struct err *err)
{
	const struct aws_operation *op = w->operation;
	struct buf b = buf_in(a);

	buf_fmt(&b, "<%sResponse xmlns=\"%s\">", op->name, op->service->xml_namespace);
	if (op->has_output) {
		buf_fmt(&b, "<%sResult>", op->name);
		if (!form_xml_write(&b, op->output, output, FORM_NAMES, err))
			return false;
		buf_fmt(&b, "</%sResult>", op->name);
	}
	buf_fmt(&b,
	    "<ResponseMetadata><RequestId>" STR_FMT "</RequestId></ResponseMetadata></%sResponse>",
	    STR_ARG(request_id), op->name);
	resp->body = buf_str(&b);
	http_header_add(a, &resp->headers, S("Content-Type"), S("text/xml"));
	return true;
}

static bool
write_ec2(struct arena *a, const struct wire_request *w, str request_id, const struct json *output,
    struct http_response *resp, struct err *err)
{
	const struct aws_operation *op = w->operation;
	struct buf b = buf_in(a);

	buf_fmt(&b, "<%sResponse xmlns=\"%s\"><requestId>" STR_FMT "</requestId>", op->name,
	    op->service->xml_namespace, STR_ARG(request_id));
	if (op->output->member_count == 0)
		buf_add(&b, S("<return>true</return>"));
	else if (!form_xml_write(&b, op->output, output, FORM_EC2_ANSWER, err))
		return false;
	buf_fmt(&b, "</%sResponse>", op->name);
	resp->body = buf_str(&b);
	http_header_add(a, &resp->headers, S("Content-Type"), S("text/xml;charset=UTF-8"));
	return true;
}

static bool
write_by_protocol(struct arena *a, const struct wire_request *w, str request_id,
    const struct json *output, struct http_response *resp, struct err *err)
{
	switch (w->operation->service->protocol) {
	case AWS_JSON_1_0:
	case AWS_JSON_1_1:
		return write_json(a, w, output, resp, err);
	case AWS_QUERY:
		return write_query(a, w, request_id, output, resp, err);
	case AWS_EC2:
		return write_ec2(a, w, request_id, output, resp, err);
	case AWS_REST_JSON:
	case AWS_REST_XML:
		return wire_rest_write(a, w, output, resp, err);
	}
	return false;
}

bool
wire_write_output(struct arena *a, const struct wire_request *w, const struct wire_stamp *stamp,
    const struct json *output, struct http_response *resp, struct err *err)
{
	*resp = (struct http_response){ .status = w->operation->status };
	wire_stamp_write(a, w, stamp, resp);
	if (write_by_protocol(a, w, stamp->request_id, output, resp, err))
		return true;
	return err_prefix(
	    err, "the output of %s:%s", w->operation->service->name, w->operation->name);
}
