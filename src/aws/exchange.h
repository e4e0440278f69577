/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client's side of the protocols: an input as a request, and an answer as an output. Pure
 * functions; client.c puts signature, transport and retries around them.
 */
#pragma once

#include "aws/model.h"
#include "http/message.h"

/*
 * Method, target, headers and body for an input that aws_input_check() has passed; without Host
 * and signature. Fails: ERR_INVALID (a label that is empty).
 */
bool exchange_write(struct arena *a, const struct aws_operation *op, const struct json *in,
    struct http_request *req, struct err *err);

/*
 * The output of an answer, or the error that it tells: err->code, err->msg and the kind by
 * aws_error_kind(). Fails else: ERR_UPSTREAM (an answer that cannot be understood).
 */
bool exchange_read(struct arena *a, const struct aws_operation *op,
    const struct http_response *resp, const struct json **out, struct err *err);
