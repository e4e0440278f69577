/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/sagemaker/list.c: the filters, orders and pages that SageMaker's lists have in common. */
#include "cloud/sagemaker/internal.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ROWS 10000 /* of one kind, account and region, in any status */

static const struct input_rule rules[] = {
	{ "MaxResults", 1, 100, NULL, NULL },
	{ "SortOrder", 0, 0, NULL, "Ascending Descending" },
	{ "NameContains", 0, 63, "[a-zA-Z0-9-]+", NULL },
};

bool
sagemaker_check_room(struct call *c, const char *kind, struct err *err)
{
	bool has;

	if (!row_has_room(c, row_here(c, "sagemaker", kind), MAX_ROWS, &has, err))
		return false;
	return has ||
	    err_code(err, ERR_INVALID, "ResourceLimitExceeded",
		"The account-level service limit of %d for this resource is reached in the local cloud.",
		MAX_ROWS);
}

struct gathering {
	const struct json **rows;
	size_t count;
	const char *sort_member;
	bool (*takes)(struct call *c, const struct json *row);
};

/* Before and after are seconds, as all timestamps are; rows have milliseconds. */
static bool
is_in_time(struct call *c, const struct json *row, const char *before, const char *after,
    const char *member)
{
	double at_s = (double)json_i64(json_get(row, member), 0) / 1000;
	const struct json *b = json_get(c->in, before), *a = json_get(c->in, after);

	return (b == NULL || at_s < strtod(str_z(c->a, json_scalar(b)), NULL)) &&
	    (a == NULL || at_s > strtod(str_z(c->a, json_scalar(a)), NULL));
}

static bool
gather(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	struct gathering *g = cookie;
	str part = str_lower(c->a, json_str(json_get(c->in, "NameContains")));

	(void)err;
	if (g->count < MAX_ROWS && str_has(row->sk, part) &&
	    is_in_time(c, row->body, "CreationTimeBefore", "CreationTimeAfter", "createdMs") &&
	    is_in_time(
		c, row->body, "LastModifiedTimeBefore", "LastModifiedTimeAfter", "modifiedMs") &&
	    (g->takes == NULL || g->takes(c, row->body)))
		g->rows[g->count++] = row->body;
	return true;
}

static int
compare(const void *x, const void *y, void *cookie)
{
	const char *member = cookie;
	const struct json *a = *(const struct json *const *)x, *b = *(const struct json *const *)y;
	const struct json *va = json_get(a, member), *vb = json_get(b, member);
	int order = str_cmp(json_scalar(va), json_scalar(vb));

	/* Times have as many digits today as tomorrow, so their text orders them too. */
	return order != 0 ? order
			  : str_cmp(json_str(json_get(a, "sk")), json_str(json_get(b, "sk")));
}

static bool
choose_order(struct call *c, const struct sagemaker_sort *sorts, size_t sort_count,
    const char **member, struct err *err)
{
	str by = json_str(json_get(c->in, "SortBy"));

	*member = sorts[0].member;
	if (by.len == 0)
		return true;
	for (size_t i = 0; i < sort_count; i++) {
		if (str_is(by, sorts[i].name)) {
			*member = sorts[i].member;
			return true;
		}
	}
	return err_code(err, ERR_INVALID, "ValidationException",
	    "1 validation error detected: Value '" STR_FMT "' at 'sortBy' failed to satisfy "
	    "constraint: Member must satisfy enum value set: [%s, %s, %s]",
	    STR_ARG(by), sorts[0].name, sorts[1].name, sorts[2].name);
}

bool
sagemaker_list(struct call *c, const char *kind, const char *key,
    const struct sagemaker_sort *sorts, size_t sort_count,
    bool (*takes)(struct call *c, const struct json *row),
    void (*show)(struct call *c, const struct json *row, struct json *out), struct err *err)
{
	const struct store_query q = { .hash = row_here(c, "sagemaker", kind) };
	struct gathering g = { .rows = arena_new(c->a, const struct json *, MAX_ROWS),
		.takes = takes };
	bool down = str_is(json_str(json_get(c->in, "SortOrder")), "Descending");
	struct json *list = json_new_array(c->a);

	if (!INPUT_CHECK(c, rules, err) ||
	    !choose_order(c, sorts, sort_count, &g.sort_member, err) ||
	    !row_each(c, &q, gather, &g, err))
		return false;
	qsort_r(g.rows, g.count, sizeof(*g.rows), compare, (void *)(uintptr_t)g.sort_member);
	for (size_t i = 0; i < g.count; i++)
		show(c, g.rows[down ? g.count - 1 - i : i],
		    json_push(c->a, list, json_new_object(c->a)));
	return paginate(c, list, key, json_i64(json_get(c->in, "MaxResults"), 100),
	    json_str(json_get(c->in, "NextToken")), "NextToken", err);
}
