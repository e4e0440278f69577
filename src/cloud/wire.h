/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's side of AWS's protocols: pure functions over messages and the model.
 *
 * The door calls them in this order; whatever fails is answered by wire_write_error():
 *
 *   wire_identify     which operation of which service, and how to say what goes wrong
 *   sigv4_read        (aws/sigv4.h) whose signature; the door looks the key up
 *   sigv4_verify      does it hold? a problem becomes an error by wire_auth_error()
 *   wire_read         the input as a tree, still with text where numbers are due (query, s3)
 *   aws_input_check   (aws/model.h) the same in the model's types
 *   …                 the action
 *   wire_write_output or wire_write_error
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "aws/model.h"
#include "aws/sigv4.h"
#include "http/message.h"

struct arena;
struct err;
struct json;

/* What a request asks for. */
struct wire_request {
	const struct aws_service *service;     /* NULL where it could not be told */
	const struct aws_operation *operation; /* NULL where the service lacks it */
	enum aws_protocol protocol;            /* of answers; known in any case */
	str path;  /* rest: escaped, with the bucket in front that a host name bore */
	str query; /* escaped; in the query protocols also the body */
};

/*
 * Finds service and operation. out->protocol is set in any case, so that the failure can be
 * told. Fails: ERR_INVALID with AWS's code for an unknown operation in that protocol.
 */
bool wire_identify(
    struct arena *a, const struct http_request *req, struct wire_request *out, struct err *err);

/*
 * Is the request one for the cloud at all: signed, for one of AWS's targets, or an SDK's that
 * forgot to sign? For servers that have other things on the same port; only the head is looked at.
 */
bool wire_is_aws(const struct http_request *req);

/*
 * The input, by the operation's shape. Scalars of query and s3 are text, and members that the
 * model lacks are kept, so that aws_input_check() names them. Fails: ERR_INVALID
 * (SerializationException, ValidationError or MalformedXML), ERR_TOO_LARGE.
 */
bool wire_read(struct arena *a, const struct http_request *req, const struct wire_request *w,
    const struct json **in, struct err *err);

/* How this protocol's services fail a signature (aws.md 7.4). Returns false. */
bool wire_auth_error(const struct wire_request *w, const struct sigv4_claim *claim,
    enum sigv4_problem problem, str detail, struct err *err);

/* What every answer bears besides its content. */
struct wire_stamp {
	str request_id;
	int64_t now_ms;
};

/*
 * A whole answer in resp. Fails: ERR_INVALID without a code, naming the member, where output has
 * one that the model lacks: a fault of the engine.
 */
bool wire_write_output(struct arena *a, const struct wire_request *w,
    const struct wire_stamp *stamp, const struct json *output, struct http_response *resp,
    struct err *err);

/*
 * Tells failed as AWS would. An error without a code is a fault of ours: InternalFailure, 500.
 * "ParamValidation" becomes the validation error of the protocol.
 */
void wire_write_error(struct arena *a, const struct wire_request *w, const struct wire_stamp *stamp,
    const struct err *failed, struct http_response *resp);
