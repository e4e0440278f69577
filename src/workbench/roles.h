/* SPDX-License-Identifier: Apache-2.0 */
/*
 * As whom swb acts, and what the main account's stack says. Every role is assumed afresh from
 * the operator's key, through aws_assume_role(), which keeps sessions while they last.
 */
#pragma once

#include <stdbool.h>

#include "aws/credentials.h"
#include "base/str.h"

struct arena;
struct err;
struct json;
struct workbench;

/*
 * An output of the main stack, read once per process. Fails: ERR_NOT_FOUND (the stack has no such
 * output; the message names it), and as AWS fails.
 */
bool roles_output(
    struct workbench *wb, struct arena *a, const char *name, str *out, struct err *err);

/* The API's role and the account handler's, in the main account. */
bool roles_api(struct workbench *wb, struct arena *a, struct aws_credentials *out, struct err *err);
bool roles_account_handler(
    struct workbench *wb, struct arena *a, struct aws_credentials *out, struct err *err);

/*
 * The management role of the account where an environment runs. place: an item that holds
 * envMgmtRoleArn and externalId, as projects and their snapshots do.
 */
bool roles_management(struct workbench *wb, struct arena *a, const struct json *place,
    struct aws_credentials *out, struct err *err);

/* The hosting account's role for the account handler. account: an item 16 of api.md 5.2. */
bool roles_hosting(struct workbench *wb, struct arena *a, const struct json *account,
    struct aws_credentials *out, struct err *err);
