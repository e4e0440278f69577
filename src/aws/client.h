/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call path for every AWS operation: model, request, signature, transport, answer, error,
 * retry. The same code speaks to AWS and to the local cloud.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "aws/credentials.h"
#include "base/str.h"

struct arena;
struct clock;
struct err;
struct json;
struct transport;

struct aws_client_options {
	struct transport *transport;
	struct clock *clock;
	str region;
	str endpoint;     /* of every service, "http://127.0.0.1:8080"; empty: AWS's own hosts */
	int max_attempts; /* 0 means 3, the first call included (aws.md 7.7 "standard") */
};

struct aws_client;

struct aws_client *aws_client_new(const struct aws_client_options *options);
void aws_client_free(struct aws_client *c);
str aws_client_region(struct aws_client *c);

/*
 * Calls one operation as creds. in may be NULL for none; *out is an object, empty where the
 * operation answers nothing. Timestamps in answers are JSON numbers (seconds) in every protocol.
 * Retries what aws.md 7.7 calls transient or throttling, with backoff from the clock and a
 * quota shared by all callers.
 * Idempotency tokens that in leaves out are made once and kept over retries. A clock that AWS
 * finds wrong is corrected by AWS's own for this client, and the call made once more.
 * Fails: by the AWS error: err->code is its name, err->msg its text, err->kind by the table in
 * error.c; ERR_INVALID with code ParamValidation where in does not fit the model (nothing was
 * sent); ERR_TIMEOUT and ERR_UPSTREAM, with no code or the HTTP status as code, where no answer
 * came or none that could be understood. Thread-safe.
 */
bool aws_call(struct aws_client *c, struct arena *a, const struct aws_credentials *creds,
    const char *service, const char *operation, const struct json *in, const struct json **out,
    struct err *err);

/* sts:AssumeRole, kept until 5 minutes before its end. external_id may be empty. Thread-safe. */
bool aws_assume_role(struct aws_client *c, struct arena *a, const struct aws_credentials *creds,
    str role_arn, str session_name, str external_id, struct aws_credentials *out, struct err *err);
