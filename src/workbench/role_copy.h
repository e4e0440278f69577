/* SPDX-License-Identifier: Apache-2.0 */
/* Copies the launch role into a hosting account: a constraint by local name needs it there. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct aws_credentials;
struct err;
struct workbench;

struct role_copy {
	const struct aws_credentials *from, *to;
	str from_account, to_account;
	str role_name;
};

/*
 * Makes the role in the other account what it is here: trust, inline policies, managed policies
 * (those of the account itself are copied too), no more and no less. Safe to repeat.
 */
bool role_copy_apply(
    struct workbench *wb, struct arena *a, const struct role_copy *c, struct err *err);
