/* SPDX-License-Identifier: Apache-2.0 */
/* What iam_policy.c, iam_evaluate.c and iam_condition.c share. */
#pragma once

#include "lang/iam_policy.h"

/* iam_condition.c. NULL when there is no such operator. */
const struct iam_operator *iam_operator_find(str name);
bool iam_condition_holds(struct arena *a, const struct iam_condition *c,
    const struct iam_request *request, bool variables);

/*
 * iam_evaluate.c. Replaces ${key} and ${key, 'default'} by the request's values. What comes from a
 * value, and ${*} ${?} ${$}, is literal in the pattern that results: IAM_LITERAL stands before
 * each byte that a pattern would read otherwise. False where a key has no value.
 */
#define IAM_LITERAL '\x01'
bool iam_expand(struct arena *a, str text, const struct json *context, str *out);

/* A value of the request by key in any case; NULL where it has none. */
const struct json *iam_context_get(const struct json *context, str key);
