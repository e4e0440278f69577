/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/accounts.c: who gets which documents.
 */
#include "workbench/accounts.h"

#include "aws/client.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/change.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/roles.h"
#include "workbench/version.h"

#define ACCOUNTS_PK S("SWB#ACCOUNTS")
#define ACCOUNTS_PER_CALL 20 /* ModifyDocumentPermission takes no more */

static bool
load(struct workbench *wb, struct arena *a, const struct json **numbers, uint64_t *version,
    struct err *err)
{
	struct item item;
	bool found;

	if (!store_find(wb->o.store, a, ACCOUNTS_PK, ACCOUNTS_PK, &item, &found, err))
		return false;
	*numbers = found ? json_get(item.body, "numbers") : NULL;
	*version = found ? item.version : STORE_NEW;
	return true;
}

bool
accounts_sharing(struct workbench *wb, struct arena *a, const struct json **out, uint64_t *version,
    struct err *err)
{
	struct json *list = json_new_array(a);
	const struct json *numbers, *n;
	str main_account;

	if (!load(wb, a, &numbers, version, err) ||
	    !roles_output(wb, a, "accountId", &main_account, err))
		return false;
	for (n = json_first(numbers); n != NULL; n = n->next)
		if (!str_eq(json_str(n), main_account))
			json_push(a, list, n);
	*out = list;
	return true;
}

bool
accounts_join(struct workbench *wb, struct change *c, str aws_account_id, const struct json **out,
    struct err *err)
{
	struct json *body = item_new(c->a, ACCOUNTS_PK, ACCOUNTS_PK), *list;
	const struct json *sharing;
	uint64_t version;

	if (!accounts_sharing(wb, c->a, &sharing, &version, err))
		return false;
	*out = sharing;
	if (json_has_str(sharing, aws_account_id)) {
		accounts_unchanged(c, version);
		return true;
	}
	list = json_copy_shallow(c->a, sharing);
	json_push_str(c->a, list, aws_account_id);
	json_put(c->a, body, "numbers", list);
	change_put(c, body, version);
	*out = list;
	return true;
}

void
accounts_unchanged(struct change *c, uint64_t version)
{
	change_check(c, ACCOUNTS_PK, ACCOUNTS_PK, version);
}

static bool
share(struct workbench *wb, struct arena *a, const struct aws_credentials *as, str document,
    const struct json *accounts, struct err *err)
{
	struct json *in = json_new_object(a);
	const struct json *answer;

	json_put_str(a, in, "Name", document);
	json_put_str(a, in, "PermissionType", S("Share"));
	json_put(a, in, "AccountIdsToAdd", accounts);
	return aws_call(wb->o.aws, a, as, "ssm", "ModifyDocumentPermission", in, &answer, err);
}

bool
accounts_share_document(struct workbench *wb, struct arena *a, const struct aws_credentials *as,
    str document, const struct json *accounts, struct err *err)
{
	const struct json *n = json_first(accounts);

	while (n != NULL) {
		struct json *some = json_new_array(a);

		for (; n != NULL && json_count(some) < ACCOUNTS_PER_CALL; n = n->next)
			json_push(a, some, n);
		if (!share(wb, a, as, document, some, err))
			return false;
	}
	return true;
}

static bool
documents_of_type(
    struct workbench *wb, struct arena *a, str type, struct json *out, struct err *err)
{
	struct store_query q = { .hash = version_pk(a, type) };
	struct store_page page;

	if (!store_query(wb->o.store, a, &q, &page, err))
		return false;
	for (size_t i = 0; i < page.count; i++) {
		const struct json *d = json_first(json_get(page.items[i].body, "documents"));

		for (; d != NULL; d = d->next)
			json_push(a, out, json_get(d, "name"));
	}
	return true;
}

bool
accounts_documents(struct workbench *wb, struct arena *a, const struct json **out, struct err *err)
{
	struct store_query q = { .hash = S("SWB#TYPES"), .brief = true };
	struct json *list = json_new_array(a);
	struct store_page page;

	if (!store_query(wb->o.store, a, &q, &page, err))
		return false;
	for (size_t i = 0; i < page.count; i++)
		if (!documents_of_type(wb, a, page.items[i].sk, list, err))
			return false;
	*out = list;
	return true;
}
