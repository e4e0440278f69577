/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What publishing and account handlers have to agree on: every version's documents are shared with
 * every account, and every account stands in the main account's policies, whoever came first. One
 * item lists the accounts that AWS has accepted there; publishing, and writing a policy, end only
 * where that list is still the one they were done with.
 * An account that AWS does not know stays out of the list: it fails alone (api.md BUG16).
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

/*
 * Into c: the account is one of them; or: the count is as it was. accounts_join() gives all
 * numbers, this one included, as accounts_sharing() does; nothing that was read before holds where
 * c cannot be committed.
 */
bool accounts_join(struct workbench *wb, struct change *c, str aws_account_id,
    const struct json **out, struct err *err);
void accounts_unchanged(struct change *c, uint64_t version);

/* ModifyDocumentPermission, as many calls as it takes; sharing twice is no error. */
bool accounts_share_document(struct workbench *wb, struct arena *a,
    const struct aws_credentials *as, str document, const struct json *accounts, struct err *err);

/* Names of all documents of published versions, an array. */
bool accounts_documents(
    struct workbench *wb, struct arena *a, const struct json **out, struct err *err);
