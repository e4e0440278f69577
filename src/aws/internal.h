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
