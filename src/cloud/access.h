/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the cloud's principals meet the language of policies (lang/iam_policy.h): for the engines
 * that hold policies of their own (trust policies, buckets, buses, keys).
 */
#pragma once

#include "cloud/engine.h"
#include "lang/iam_policy.h"

/* What a service principal looks like. */
#define ACCESS_SERVICE_PATTERN "[a-z0-9][a-z0-9.-]*\\.(amazonaws\\.com|aws\\.internal)"

/* A principal as policies name it; borrows from who. */
struct iam_asker access_asker(const struct principal *who);

/*
 * The keys that every request has ("aws:PrincipalArn", "aws:SourceAccount", "aws:RequestedRegion",
 * …), as far as they are known; the caller adds those of its action.
 */
struct json *access_context(struct call *c);

/*
 * Do the AWS principals that a resource's policy names exist? *unknown is the first that does not,
 * empty where all do. Accounts and their roots pass unseen: one that is not of this cloud may
 * exist on AWS; a role must stand here.
 */
bool access_principals_known(
    struct call *c, const struct iam_policy *policy, str *unknown, struct err *err);

/* "User: … is not authorized to perform: … on resource: …", without the reason. Returns false. */
bool access_denied(
    struct call *c, const char *code, const char *action, str resource, struct err *err);
