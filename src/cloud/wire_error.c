/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/wire_error.c: how each protocol tells a failure: its form, its HTTP status, and the
 * codes that it has for what is wrong with a signature.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "aws/forms.h"
#include "aws/timestamp.h"
#include "cloud/wire_forms.h"

void
wire_stamp_write(struct arena *a, const struct wire_request *w, const struct wire_stamp *stamp,
    struct http_response *resp)
{
	if (w->protocol == AWS_REST_XML) {
		http_header_add(a, &resp->headers, S("x-amz-request-id"), stamp->request_id);
		http_header_add(a, &resp->headers, S("x-amz-id-2"), stamp->request_id);
	} else {
		http_header_add(a, &resp->headers, S("x-amzn-RequestId"), stamp->request_id);
	}
	http_header_add(a, &resp->headers, S("Date"), timestamp_http(a, stamp->now_ms));
}

/* --- status ---------------------------------------------------------------------------- */

/* Protocols that have the same statuses for the same codes. */
enum family { JSON, REST_JSON, QUERY, EC2, S3 };

static enum family
family_of(enum aws_protocol protocol)
{
	switch (protocol) {
	case AWS_JSON_1_0:
	case AWS_JSON_1_1:
		return JSON;
	case AWS_REST_JSON:
		return REST_JSON;
	case AWS_QUERY:
		return QUERY;
	case AWS_EC2:
		return EC2;
	case AWS_REST_XML:
		return S3;
	}
	return JSON;
}

/* Codes whose status is not that of their kind. Statuses: aws.md 1.3, 2.2, 2.3, 2.12, 7.4. */
static const struct {
	enum family family;
	const char *code;
	int status;
} statuses[] = {
	{ QUERY, "NoSuchEntity", 404 },
	{ QUERY, "EntityAlreadyExists", 409 },
	{ QUERY, "LimitExceeded", 409 },
	{ QUERY, "DeleteConflict", 409 },
	{ QUERY, "ConcurrentModification", 409 },
	{ QUERY, "ChangeSetNotFound", 404 },
	{ QUERY, "RegionDisabledException", 403 },
	{ QUERY, "IncompleteSignature", 400 },
	{ EC2, "AuthFailure", 401 },
	{ EC2, "DryRunOperation", 412 },
	{ EC2, "RequestExpired", 400 },
	{ REST_JSON, "ServiceQuotaExceededException", 402 },
	{ S3, "NotImplemented", 501 },
	{ S3, "MethodNotAllowed", 405 },
	{ S3, "PreconditionFailed", 412 },
	{ S3, "InvalidRange", 416 },
	{ S3, "NotModified", 304 },
	{ S3, "PermanentRedirect", 301 },
	{ S3, "SlowDown", 503 },
	{ S3, "ExpiredToken", 400 },
	{ S3, "InvalidToken", 400 },
	{ S3, "AuthorizationHeaderMalformed", 400 },
	{ S3, "AuthorizationQueryParametersError", 400 },
	{ S3, "XAmzContentSHA256Mismatch", 400 },
};

/* By kind, for each family: 400 unless it has a better one. */
static int
status_of_kind(enum family family, enum err_kind kind)
{
	bool speaks = family == REST_JSON || family == S3;

	switch (kind) {
	case ERR_NONE:
	case ERR_INVALID:
		return 400;
	case ERR_UNAUTHENTICATED:
	case ERR_DENIED:
		return family == JSON ? 400 : 403;
	case ERR_NOT_FOUND:
		return speaks ? 404 : 400;
	case ERR_CONFLICT:
		return speaks ? 409 : 400;
	case ERR_TOO_LARGE:
		return family == JSON ? 413 : 400;
	case ERR_THROTTLED:
		return family == REST_JSON ? 429 : family == S3 ? 503 : 400;
	case ERR_TIMEOUT:
	case ERR_UPSTREAM:
	case ERR_IO:
	case ERR_KIND_COUNT:
		return 500;
	}
	return 500;
}

static int
status_of(enum family family, str code, enum err_kind kind)
{
	for (size_t i = 0; i < countof(statuses); i++) {
		if (statuses[i].family == family && str_is(code, statuses[i].code))
			return statuses[i].status;
	}
	return status_of_kind(family, kind);
}

/* --- forms ----------------------------------------------------------------------------- */

#define SHOWN_BYTES 200

/* Every byte that is not ASCII as '?'. */
static str
ascii_of(struct arena *a, str text)
{
	str copy = str_dup(a, text);

	for (size_t i = 0; i < copy.len; i++) {
		if ((unsigned char)copy.ptr[i] >= 0x80)
			((char *)copy.ptr)[i] = '?';
	}
	return copy;
}

str
wire_shown(struct arena *a, str text)
{
	bool whole = text.len <= SHOWN_BYTES;

	text = str_sub(text, 0, SHOWN_BYTES);
	if (!whole || !str_is_utf8(text))
		text = ascii_of(a, text);
	return whole ? text : str_cat(a, text, S("..."));
}

/* Errors of ours that each family has a name of its own for. */
static const struct {
	const char *code, *told[S3 + 1];
} names[] = {
	{ "ParamValidation",
	    {
		[JSON] = "ValidationException",
		[REST_JSON] = "ValidationException",
		[QUERY] = "ValidationError",
		[EC2] = "InvalidParameterValue",
		[S3] = "InvalidArgument",
	    } },
	{ "UnknownOperationException",
	    {
		[JSON] = "UnknownOperationException",
		[REST_JSON] = "UnknownOperationException",
		[QUERY] = "InvalidAction",
		[EC2] = "InvalidAction",
		[S3] = "NotImplemented",
	    } },
};

/* What is told: by the family's name, and all of it is UTF-8. */
static struct err
told(struct arena *a, enum family family, const struct err *failed)
{
	struct err e = *failed;

	if (!str_is_utf8(e.msg))
		e.msg = ascii_of(a, e.msg);
	if (e.code.len == 0) {
		e.kind = e.kind == ERR_TOO_LARGE ? ERR_TOO_LARGE : ERR_IO;
		e.code = e.kind == ERR_TOO_LARGE ? S("RequestEntityTooLarge")
		    : family == S3               ? S("InternalError")
						 : S("InternalFailure");
	}
	for (size_t i = 0; i < countof(names); i++)
		if (str_is(e.code, names[i].code)) {
			e.code = str_of(names[i].told[family]);
			break;
		}
	return e;
}

static void
write_json_error(
    struct arena *a, const struct wire_request *w, const struct err *e, struct http_response *resp)
{
	struct buf b = buf_in(a);
	struct jw writer;

	jw_init(&writer, &b);
	jw_begin(&writer, NULL);
	jw_str(&writer, "__type", e->code);
	jw_str(&writer, "message", e->msg);
	jw_end(&writer);
	resp->body = buf_str(&b);
	http_header_add(a, &resp->headers, S("x-amzn-ErrorType"), e->code);
	http_header_add(a, &resp->headers, S("Content-Type"),
	    w->protocol == AWS_REST_JSON      ? S("application/json")
		: w->protocol == AWS_JSON_1_0 ? S("application/x-amz-json-1.0")
					      : S("application/x-amz-json-1.1"));
}

static void
write_xml_error(struct arena *a, const struct wire_request *w, enum family family,
    const struct err *e, str request_id, struct http_response *resp)
{
	struct buf b = buf_in(a);

	if (family == S3)
		buf_add(&b, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>"));
	else if (family == EC2)
		buf_add(&b, S("<Response><Errors><Error>"));
	else
		buf_fmt(&b, "<ErrorResponse xmlns=\"%s\"><Error><Type>%s</Type>",
		    w->service == NULL || w->service->xml_namespace == NULL
			? "https://webservices.amazon.com/doc/"
			: w->service->xml_namespace,
		    resp->status >= 500 ? "Receiver" : "Sender");
	buf_add(&b, S("<Code>"));
	form_xml_text(&b, e->code);
	buf_add(&b, S("</Code><Message>"));
	form_xml_text(&b, e->msg);
	buf_add(&b, S("</Message>"));
	if (family == S3)
		buf_fmt(&b,
		    "<RequestId>" STR_FMT "</RequestId><HostId>" STR_FMT "</HostId></Error>",
		    STR_ARG(request_id), STR_ARG(request_id));
	else if (family == EC2)
		buf_fmt(&b, "</Error></Errors><RequestID>" STR_FMT "</RequestID></Response>",
		    STR_ARG(request_id));
	else
		buf_fmt(&b, "</Error><RequestId>" STR_FMT "</RequestId></ErrorResponse>",
		    STR_ARG(request_id));
	resp->body = buf_str(&b);
	http_header_add(a, &resp->headers, S("Content-Type"),
	    family == S3 ? S("application/xml") : S("text/xml"));
}

void
wire_write_error(struct arena *a, const struct wire_request *w, const struct wire_stamp *stamp,
    const struct err *failed, struct http_response *resp)
{
	enum family family = family_of(w->protocol);
	struct err e = told(a, family, failed);

	*resp = (struct http_response){ .status = status_of(family, e.code, e.kind) };
	wire_stamp_write(a, w, stamp, resp);
	if (w->operation != NULL && str_is(w->operation->method, "HEAD"))
		return; /* has no body by its nature: the status tells */
	if (family == JSON || family == REST_JSON)
		write_json_error(a, w, &e, resp);
	else
		write_xml_error(a, w, family, &e, stamp->request_id, resp);
}

/* --- signatures ------------------------------------------------------------------------ */

#define INVALID_TOKEN "The security token included in the request is invalid."
#define BAD_SIGNATURE \
	"The request signature we calculated does not match the signature you provided. Check " \
	"your AWS Secret Access Key and signing method. Consult the service documentation for " \
	"details."
#define NOT_VALIDATED "AWS was not able to validate the provided access credentials"

struct failure {
	const char *code, *text; /* text NULL: the detail of the check */
};

/* Texts: aws.md 7.4 (those of s3 and the malformed forms are tagged K there). */
static const struct failure failures[SIGV4_PROBLEM_COUNT][S3 + 1] = {
	[SIGV4_MISSING] = {
		[JSON] = { "MissingAuthenticationTokenException", "Missing Authentication Token" },
		[REST_JSON] = { "MissingAuthenticationTokenException", "Missing Authentication Token" },
		[QUERY] = { "MissingAuthenticationToken", "Request is missing Authentication Token" },
		[EC2] = { "MissingAuthenticationToken", "Request is missing Authentication Token" },
		[S3] = { "AccessDenied", "Access Denied" },
	},
	[SIGV4_MALFORMED] = {
		[JSON] = { "IncompleteSignatureException", NULL },
		[REST_JSON] = { "IncompleteSignatureException", NULL },
		[QUERY] = { "IncompleteSignature", NULL },
		[EC2] = { "AuthFailure", NULL },
		[S3] = { "AuthorizationHeaderMalformed", NULL },
	},
	[SIGV4_UNKNOWN_KEY] = {
		[JSON] = { "UnrecognizedClientException", INVALID_TOKEN },
		[REST_JSON] = { "UnrecognizedClientException", INVALID_TOKEN },
		[QUERY] = { "InvalidClientTokenId", INVALID_TOKEN },
		[EC2] = { "AuthFailure", NOT_VALIDATED },
		[S3] = { "InvalidAccessKeyId",
		    "The AWS Access Key Id you provided does not exist in our records." },
	},
	[SIGV4_BAD_TOKEN] = {
		[JSON] = { "UnrecognizedClientException", INVALID_TOKEN },
		[REST_JSON] = { "UnrecognizedClientException", INVALID_TOKEN },
		[QUERY] = { "InvalidClientTokenId", INVALID_TOKEN },
		[EC2] = { "AuthFailure", NOT_VALIDATED },
		[S3] = { "InvalidToken", "The provided token is malformed or otherwise invalid." },
	},
	[SIGV4_TOKEN_EXPIRED] = {
		[JSON] = { "ExpiredTokenException",
		    "The security token included in the request is expired" },
		[REST_JSON] = { "ExpiredTokenException",
		    "The security token included in the request is expired" },
		[QUERY] = { "ExpiredToken", "The security token included in the request is expired" },
		[EC2] = { "RequestExpired", "Request has expired." },
		[S3] = { "ExpiredToken", "The provided token has expired." },
	},
	[SIGV4_SCOPE] = {
		[JSON] = { "InvalidSignatureException", NULL },
		[REST_JSON] = { "InvalidSignatureException", NULL },
		[QUERY] = { "SignatureDoesNotMatch", NULL },
		[EC2] = { "AuthFailure", NULL },
		[S3] = { "AuthorizationHeaderMalformed", NULL },
	},
	[SIGV4_TOO_OLD] = {
		[JSON] = { "InvalidSignatureException", NULL },
		[REST_JSON] = { "InvalidSignatureException", NULL },
		[QUERY] = { "SignatureDoesNotMatch", NULL },
		[EC2] = { "RequestExpired", "Request has expired." },
		[S3] = { "RequestTimeTooSkewed",
		    "The difference between the request time and the current time is too large." },
	},
	[SIGV4_TOO_EARLY] = {
		[JSON] = { "InvalidSignatureException", NULL },
		[REST_JSON] = { "InvalidSignatureException", NULL },
		[QUERY] = { "SignatureDoesNotMatch", NULL },
		[EC2] = { "AuthFailure", NULL },
		[S3] = { "RequestTimeTooSkewed",
		    "The difference between the request time and the current time is too large." },
	},
	[SIGV4_URL_EXPIRED] = {
		[JSON] = { "InvalidSignatureException", "Signature expired" },
		[REST_JSON] = { "InvalidSignatureException", "Signature expired" },
		[QUERY] = { "SignatureDoesNotMatch", "Signature expired" },
		[EC2] = { "RequestExpired", "Request has expired." },
		[S3] = { "AccessDenied", "Request has expired" },
	},
	[SIGV4_BODY_MISMATCH] = {
		[JSON] = { "InvalidSignatureException", BAD_SIGNATURE },
		[REST_JSON] = { "InvalidSignatureException", BAD_SIGNATURE },
		[QUERY] = { "SignatureDoesNotMatch", BAD_SIGNATURE },
		[EC2] = { "AuthFailure", NOT_VALIDATED },
		[S3] = { "XAmzContentSHA256Mismatch",
		    "The provided 'x-amz-content-sha256' header does not match what was computed." },
	},
	[SIGV4_MISMATCH] = {
		[JSON] = { "InvalidSignatureException", BAD_SIGNATURE },
		[REST_JSON] = { "InvalidSignatureException", BAD_SIGNATURE },
		[QUERY] = { "SignatureDoesNotMatch", BAD_SIGNATURE },
		[EC2] = { "AuthFailure", NOT_VALIDATED },
		[S3] = { "SignatureDoesNotMatch", BAD_SIGNATURE },
	},
};

bool
wire_auth_error(const struct wire_request *w, const struct sigv4_claim *claim,
    enum sigv4_problem problem, str detail, struct err *err)
{
	const struct failure *f = &failures[problem][family_of(w->protocol)];
	bool url = claim->in_url && problem == SIGV4_MALFORMED && w->protocol == AWS_REST_XML;

	return err_code(err, ERR_UNAUTHENTICATED,
	    url ? "AuthorizationQueryParametersError" : f->code, STR_FMT,
	    STR_ARG(f->text == NULL ? detail : str_of(f->text)));
}
