/* SPDX-License-Identifier: Apache-2.0 */
/* Hosting accounts, where environments run, and the cost centers that spend in them. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct err;
struct json;
struct workbench;

struct account_registration {
	str name;
	str aws_account_id; /* 12 digits */
	str external_id;
	str env_mgmt_role_arn; /* outputs of the hosting account's stack */
	str hosting_account_handler_role_arn;
	str stack_name; /* empty means "<stack>-hosting-account" */
};

/*
 * Registers an account: status PENDING, and a job that opens the main account's bus, bucket and
 * keys to it, shares documents and portfolio with it, copies the launch role, lets the management
 * role launch, reads the network and makes it CURRENT. Nothing is done in any account before the
 * registration is committed.
 * Fails: ERR_INVALID (a field; the account is registered already).
 */
bool account_register(struct workbench *wb, struct arena *a, const struct account_registration *in,
    const struct json **out, struct err *err);

/* The account handler's job again, for an account whose stack or role has changed. */
bool account_refresh(struct workbench *wb, struct arena *a, str id, struct err *err);

/*
 * status: PENDING; CURRENT; NEEDS_UPDATE, where the hosting stack's template is not the one of
 * workbench_options (environments go on there, cost centers are refused); ERRORED, and error
 * {type, value} tells why. Fails: ERR_NOT_FOUND.
 */
bool account_get(
    struct workbench *wb, struct arena *a, str id, const struct json **out, struct err *err);
/* An array by name. */
bool account_list(struct workbench *wb, struct arena *a, const struct json **out, struct err *err);

/* Fails: ERR_INVALID (no such account, or it is not CURRENT). */
bool cost_center_create(struct workbench *wb, struct arena *a, str name, str description,
    str account_id, const struct json **out, struct err *err);
bool cost_center_get(
    struct workbench *wb, struct arena *a, str id, const struct json **out, struct err *err);
