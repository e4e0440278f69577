/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/item.c: keys, ids and the members that many items have.
 */
#include "workbench/item.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "workbench/internal.h"
#include "workbench/page.h"

const struct store_index workbench_store_indexes[] = {
	{ "getResourceByName", "resourceType", "name" },
	{ "getResourceByStatus", "resourceType", "status" },
	{ "getResourceByCreatedAt", "resourceType", "createdAt" },
	{ "getResourceByDependency", "resourceType", "dependency" },
	{ "getResourceByOwner", "resourceType", "owner" },
	{ "getResourceByType", "resourceType", "type" },
	{ "swbByDue", "swbQueue", "swbDue" },
};
const size_t workbench_store_index_count = countof(workbench_store_indexes);

/* What lists show: environments above all (api.md 2.0, EnvironmentItem), and rows that are due. */
const char *const workbench_store_brief[] = { "id", "name", "description", "status", "instanceId",
	"projectId", "envTypeConfigId", "provisionedProductId", "owner", "type", "dependency",
	"createdAt", "updatedAt", "resourceType", "swbQueue", "swbDue", "hash", NULL };

#define UUID_LEN 36

bool
item_id(struct arena *a, const char *prefix, str text, str *out)
{
	str p = str_of(prefix);

	if (p.len > 0 && text.len == p.len + 1 + UUID_LEN &&
	    str_eq_nocase(str_sub(text, 0, p.len), p) && text.ptr[p.len] == '-')
		text = str_from(text, p.len + 1);
	if (!id_is_uuid(text))
		return false;
	text = str_lower(a, text);
	*out = p.len > 0 ? str_fmt(a, STR_FMT "-" STR_FMT, STR_ARG(p), STR_ARG(text)) : text;
	return true;
}

str
item_key(struct arena *a, const char *prefix, str id)
{
	return str_fmt(a, "%s#" STR_FMT, prefix, STR_ARG(id));
}

str
item_time(struct arena *a, int64_t ms)
{
	return str_fmt(a, "%020lld", (long long)ms);
}

struct json *
item_new(struct arena *a, str pk, str sk)
{
	struct json *body = json_new_object(a);

	json_put_str(a, body, "pk", pk);
	json_put_str(a, body, "sk", sk);
	return body;
}

void
item_stamp(struct arena *a, struct json *body, int64_t now_ms)
{
	str now = time_iso_ms(a, now_ms);

	json_set_str(a, body, "createdAt", now);
	json_set_str(a, body, "updatedAt", now);
}

void
item_copy(struct arena *a, struct json *to, const struct json *from, const char *const *names)
{
	for (; *names != NULL; names++)
		if (json_get(from, *names) != NULL)
			json_set(a, to, *names, json_get(from, *names));
}

void
item_set_i64(struct arena *a, struct json *body, const char *key, int64_t value)
{
	json_set(a, body, key, json_new_i64(a, value));
}

void
item_due(struct arena *a, struct json *body, int64_t due_ms)
{
	json_set_str(a, body, "swbQueue", S("due"));
	json_set_str(a, body, "swbDue", item_time(a, due_ms));
}

void
item_not_due(struct json *body)
{
	json_remove(body, "swbQueue");
	json_remove(body, "swbDue");
}

void
item_put_off(struct workbench *wb, str pk, str sk, int64_t due_ms)
{
	auto_arena a = { 0 };
	struct json *body;
	struct item item;
	struct err err;

	err_init(&err, &a);
	if (!store_load(wb->o.store, &a, pk, sk, &item, &err))
		return;
	body = json_copy_shallow(&a, item.body);
	item_due(&a, body, due_ms);
	(void)store_put(wb->o.store, body, item.version, &err); /* or it changed: then it moves */
}

int64_t
item_due_ms(const struct json *body)
{
	int64_t ms;

	if (!str_to_i64(json_str(json_get(body, "swbDue")), &ms))
		return CLOCK_NEVER;
	return ms;
}

bool
item_missing(struct err *err, const char *what, str id)
{
	return err_set(err, ERR_NOT_FOUND, "Could not find %s " STR_FMT, what, STR_ARG(id));
}

bool
item_page(struct workbench *wb, struct arena *a, const char *index, str resource_type, str equal,
    struct list_page *page, struct err *err)
{
	const struct store_query q = { .index = str_of(index),
		.hash = resource_type,
		.condition = equal.len > 0 ? STORE_EQ : STORE_ALL,
		.a = equal,
		.limit = page->limit > 0 ? page->limit : 50,
		.start_after = page->start_after };
	struct json *list = json_new_array(a);
	struct store_page found;

	if (!store_query(wb->o.store, a, &q, &found, err))
		return false;
	for (size_t i = 0; i < found.count; i++)
		json_push(a, list, found.items[i].body);
	page->items = list;
	page->next = found.next;
	return true;
}

#define LIST_PAGE 1000

bool
item_list(struct workbench *wb, struct arena *a, const char *index, str resource_type, str equal,
    const struct json **out, struct err *err)
{
	struct json *list = json_new_array(a);
	struct list_page page = { .limit = LIST_PAGE };

	do {
		if (!item_page(wb, a, index, resource_type, equal, &page, err))
			return false;
		for (const struct json *j = json_first(page.items); j != NULL; j = j->next)
			json_push(a, list, j);
		page.start_after = page.next;
	} while (page.start_after.len > 0);
	*out = list;
	return true;
}
