/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What publishing and registering have to agree on: every version's documents are shared with
 * every account, whichever came first. One item counts registrations; publishing ends only where
 * that count is still the one whose accounts it shared with.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct aws_credentials;
struct change;
struct err;
struct json;
struct workbench;

/* Account numbers to share with, an array without the main account, and the count's version. */
bool accounts_sharing(struct workbench *wb, struct arena *a, const struct json **out,
    uint64_t *version, struct err *err);

/* Into c: one more account; or: the count is as it was. */
bool accounts_add(struct workbench *wb, struct change *c, str aws_account_id, struct err *err);
void accounts_unchanged(struct change *c, uint64_t version);

/* ModifyDocumentPermission, as many calls as it takes; sharing twice is no error. */
bool accounts_share_document(struct workbench *wb, struct arena *a,
    const struct aws_credentials *as, str document, const struct json *accounts, struct err *err);

/* Names of all documents of published versions, an array. */
bool accounts_documents(
    struct workbench *wb, struct arena *a, const struct json **out, struct err *err);
