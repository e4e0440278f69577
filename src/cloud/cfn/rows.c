/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/rows.c: stacks in the store.
 *
 *   cloudformation#stack#A#R              name/uuid        the stack
 *   cloudformation#name#A#R               name             which stack bears it now
 *   cloudformation#resource#A#R#name/uuid logical id       a resource
 *   cloudformation#event#A#R#name/uuid    number           events, and the number of the first
 *   cloudformation#template#A#R#hash      000, 001 …       pieces of a template's text
 *   cloudformation#export#A#R             export's name    its value
 *   cloudformation#import#A#R             export/name/uuid who uses it
 */
#include "cloud/cfn/internal.h"

#include <stdlib.h>

str
stack_partition(struct call *c, const char *kind)
{
	return row_here(c, "cloudformation", kind);
}

str
stack_grave(struct call *c)
{
	return stack_partition(c, "deleted");
}

str
stack_physical_ref(struct call *c, str physical_id)
{
	return str_fmt(c->a, STR_FMT "#" STR_FMT, STR_ARG(stack_partition(c, "physical")),
	    STR_ARG(physical_id));
}

/* What belongs to one stack. */
static str
own_partition(const struct cfn_stack *s, const char *kind)
{
	return str_fmt(
	    s->c->a, STR_FMT "#" STR_FMT, STR_ARG(stack_partition(s->c, kind)), STR_ARG(s->key));
}

str
stack_text(const struct cfn_stack *s, const char *member)
{
	return json_str(json_get(s->row, member));
}

str
resource_text(const struct cfn_resource_row *r, const char *member)
{
	return json_str(json_get(r->row, member));
}

void
resource_set(struct cfn_stack *s, struct cfn_resource_row *r, const char *member, str value)
{
	json_set_str(s->c->a, r->row, member, value);
	r->is_changed = true;
}

/* --- finding --------------------------------------------------------------------------------- */

void
stack_open(struct call *c, const struct json *row, struct cfn_stack *out)
{
	*out = (struct cfn_stack){ .c = c, .row = json_copy_shallow(c->a, row) };
	out->key = json_str(json_get(row, "sk"));
	out->name = json_str(json_get(row, "name"));
	out->id = json_str(json_get(row, "id"));
	out->status = out->told = json_str(json_get(row, STATUS));
}

/* The key in "arn:aws:cloudformation:R:A:stack/name/uuid"; empty for a name. */
static str
key_of_id(str id)
{
	size_t at = str_find(id, S(":stack/"));

	return str_starts(id, S("arn:")) ? str_from(id, at + sizeof(":stack/") - 1) : S("");
}

bool
stack_find(struct call *c, str name_or_id, struct cfn_stack *out, bool *found, struct err *err)
{
	str key = key_of_id(name_or_id);
	struct item item;

	if (key.len == 0) {
		if (!row_find(c, stack_partition(c, "name"), name_or_id, &item, found, err))
			return false;
		if (!*found)
			return true;
		key = json_str(json_get(item.body, "key"));
	}
	if (!row_find(c, stack_partition(c, "stack"), key, &item, found, err))
		return false;
	if (*found)
		stack_open(c, item.body, out);
	return true;
}

static int
by_order(const void *x, const void *y)
{
	const struct cfn_resource_row *a = x, *b = y;
	int64_t i = json_i64(json_get(a->row, "order"), 0);
	int64_t k = json_i64(json_get(b->row, "order"), 0);

	return i < k ? -1 : i > k;
}

static int
by_id(const void *x, const void *y)
{
	const struct cfn_resource_row *const *a = x, *const *b = y;

	return str_cmp((*a)->id, (*b)->id);
}

static void
sort_ids(struct cfn_stack *s)
{
	s->by_id = arena_new(s->c->a, struct cfn_resource_row *, s->resource_count);
	for (size_t i = 0; i < s->resource_count; i++)
		s->by_id[i] = &s->resources[i];
	if (s->resource_count > 0)
		qsort(s->by_id, s->resource_count, sizeof(*s->by_id), by_id);
}

bool
stack_load_resources(struct cfn_stack *s, struct err *err)
{
	struct store_query q = { .hash = own_partition(s, "resource"), .limit = CFN_MAX_RESOURCES };
	struct store_page page;

	if (!row_query(s->c, &q, &page, err))
		return false;
	s->resources = arena_new(s->c->a, struct cfn_resource_row, page.count);
	s->resource_count = page.count;
	for (size_t i = 0; i < page.count; i++)
		s->resources[i] = (struct cfn_resource_row){
			.row = row_change(s->c, &page.items[i]),
			.id = page.items[i].sk,
			.status = json_str(json_get(page.items[i].body, STATUS)),
			.type = cfn_type_find(json_str(json_get(page.items[i].body, "type"))),
		};
	if (s->resource_count > 0)
		qsort(s->resources, s->resource_count, sizeof(*s->resources), by_order);
	sort_ids(s);
	return true;
}

static int
is_before(const void *key, const void *element)
{
	const struct cfn_resource_row *const *r = element;

	return str_cmp(*(const str *)key, (*r)->id);
}

struct cfn_resource_row *
stack_resource(struct cfn_stack *s, str id)
{
	struct cfn_resource_row **found = s->resource_count == 0
	    ? NULL
	    : bsearch(&id, s->by_id, s->resource_count, sizeof(*s->by_id), is_before);

	return found == NULL ? NULL : *found;
}

/* --- writing --------------------------------------------------------------------------------- */

static struct cfn_resource_row
new_resource(struct cfn_stack *s, const struct cfn_resource *r)
{
	return (struct cfn_resource_row){
		.row = row_new(s->c, own_partition(s, "resource"), r->id),
		.id = r->id,
		.status = S(""),
		.type = cfn_type_find(r->type),
		.is_changed = true,
	};
}

static const char *
deletion_name(enum cfn_deletion deletion)
{
	switch (deletion) {
	case CFN_RETAIN:
		return "Retain";
	case CFN_RETAIN_EXCEPT_ON_CREATE:
		return "RetainExceptOnCreate";
	case CFN_DELETE:
	case CFN_SNAPSHOT: /* refused by check_type() */
		break;
	}
	return "Delete";
}

void
stack_add_resources(struct cfn_stack *s, const struct cfn_plan *plan)
{
	struct arena *a = s->c->a;

	s->resources = arena_new(a, struct cfn_resource_row, plan->node_count);
	s->resource_count = plan->node_count;
	for (size_t i = 0; i < plan->node_count; i++) {
		const struct cfn_node *node = &plan->nodes[i];
		struct cfn_resource_row r = new_resource(s, node->resource);
		struct json *needs = json_put(a, r.row, "needs", json_new_array(a));

		for (size_t n = 0; n < node->need_count; n++)
			json_push_str(a, needs, plan->nodes[node->needs[n]].resource->id);
		json_put_str(a, r.row, "type", node->resource->type);
		json_put_str(a, r.row, "stack", s->id);
		json_put_i64(a, r.row, "order", (int64_t)i);
		json_put_str(a, r.row, "deletion", str_of(deletion_name(node->resource->deletion)));
		s->resources[i] = r;
	}
	sort_ids(s);
}

struct json *
stack_new_events(struct cfn_stack *s, int64_t number)
{
	return row_new(
	    s->c, own_partition(s, "event"), str_fmt(s->c->a, "%08lld", (long long)number));
}

bool
stack_save(struct cfn_stack *s, struct err *err)
{
	for (size_t i = 0; i < s->resource_count; i++) {
		if (s->resources[i].is_changed && !row_put(s->c, s->resources[i].row, err))
			return false;
		s->resources[i].is_changed = false;
	}
	if (!stack_put_events(s, err))
		return false;
	if (str_eq(s->status, s->told)) /* progress, which nobody waits for */
		return row_put_quietly(s->c, s->row, err);
	s->told = s->status;
	return row_put(s->c, s->row, err);
}

bool
stack_each_events(struct cfn_stack *s,
    bool (*each)(struct call *c, const struct item *row, void *cookie, struct err *err),
    void *cookie, struct err *err)
{
	struct store_query q = { .hash = own_partition(s, "event"), .descending = true };

	return row_each(s->c, &q, each, cookie, err);
}

bool
stack_purge(struct cfn_stack *s, struct err *err)
{
	static const char *const kinds[] = { "resource", "event" };

	for (size_t i = 0; i < countof(kinds); i++)
		if (!row_del_all(
			s->c, &(struct store_query){ .hash = own_partition(s, kinds[i]) }, err))
			return false;
	return row_del(s->c, stack_partition(s->c, "stack"), s->key, err) &&
	    stack_drop_template(s, err);
}
