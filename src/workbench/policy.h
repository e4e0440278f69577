/* SPDX-License-Identifier: Apache-2.0 */
/* Resource policies of the main account: one more account let in, nothing else touched. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct err;
struct json;

/* A statement that lets the roots of accounts in. */
struct policy_statement {
	str sid;
	const char *actions[6]; /* NULL-ended */
	str resource;
	const char *prefix; /* what s3:prefix must be like; NULL for no condition */
};

/*
 * Adds the principals that are missing to the policy's statement of that Sid, and the statement
 * where none has it. Whatever else stands in the policy, and in the statement, stays.
 *
 * text: the policy as it stands; empty where there is none.
 * accounts: an array of account numbers.
 * partition: of their ARNs, "aws".
 * *out: text itself where nothing was missing.
 * Fails: ERR_INVALID (text is no policy, or its statement allows everything or is none that an
 * account can be added to: such a policy is left to a person).
 */
bool policy_let_in(struct arena *a, str text, const struct policy_statement *statement,
    const struct json *accounts, str partition, str *out, struct err *err);
