/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of aws/ share among themselves. */
#pragma once

#include "aws/model.h"

/*
 * Parses one row into a. named has a slot for each of the service's shapes, filled as they are
 * met, and must live as long as the result.
 */
struct aws_operation *model_parse_operation(struct arena *a, const struct aws_service *service,
    const struct aws_operation_row *row, const struct aws_shape **named);

struct aws_client;
struct aws_credentials;
struct err;
struct json;

/* aws_call() for an operation at hand. */
bool client_call(struct aws_client *c, struct arena *a, const struct aws_credentials *creds,
    const struct aws_operation *op, const struct json *in, const struct json **out,
    struct err *err);
