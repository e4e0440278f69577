/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/catalog/rows.c: rows by kind, and answers that are given once.
 */
#include "cloud/catalog/internal.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"

static str
partition(struct call *c, const char *kind, str account)
{
	return row_partition(c, "servicecatalog", kind, account, c->region);
}

struct json *
catalog_new(struct call *c, const char *kind, str sk)
{
	struct json *row = row_new(c, partition(c, kind, c->account), sk);

	json_put_i64(c->a, row, "createdMs", c->now_ms);
	return row;
}

bool
catalog_find(
    struct call *c, const char *kind, str account, str sk, const struct json **out, struct err *err)
{
	struct item item;
	bool found;

	*out = NULL;
	if (sk.len == 0 || sk.len > 1024) /* longer than any key of ours */
		return true;
	if (!row_find(c, partition(c, kind, account), sk, &item, &found, err))
		return false;
	if (found)
		*out = item.body;
	return true;
}

bool
catalog_del(struct call *c, const char *kind, str account, str sk, struct err *err)
{
	return row_del(c, partition(c, kind, account), sk, err);
}

static bool
add_row(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	(void)err;
	json_push(c->a, cookie, row->body);
	return true;
}

bool
catalog_list(
    struct call *c, const char *kind, str account, str prefix, struct json **out, struct err *err)
{
	struct store_query q = {
		.hash = partition(c, kind, account),
		.condition = prefix.len == 0 ? STORE_ALL : STORE_BEGINS,
		.a = prefix,
	};

	*out = json_new_array(c->a);
	return row_each(c, &q, add_row, *out, err);
}

bool
catalog_list_by(struct call *c, const char *what, str value, struct json **out, struct err *err)
{
	struct store_query q = { .index = S("byRef"), .hash = catalog_ref(c, what, value) };

	*out = json_new_array(c->a);
	return row_each(c, &q, add_row, *out, err);
}

struct json *
catalog_details(struct call *c, const struct json *rows)
{
	struct json *list = json_new_array(c->a);

	for (const struct json *r = json_first(rows); r != NULL; r = r->next)
		json_push(c->a, list, json_get(r, "detail"));
	return list;
}

/* --- order ------------------------------------------------------------------------- */

struct place {
	str key;
	size_t came; /* keeps equal ones as they came, either way */
	bool down;
	const struct json *element;
};

static int
compare_places(const void *x, const void *y)
{
	const struct place *p = x, *q = y;
	int order = str_cmp(p->key, q->key);

	if (order != 0)
		return p->down ? -order : order;
	return p->came < q->came ? -1 : p->came > q->came;
}

struct json *
catalog_sorted(
    struct call *c, const struct json *list, str (*key)(struct call *c, const struct json *element))
{
	struct place *places = arena_new(c->a, struct place, json_count(list));
	bool down = str_is(catalog_in(c, "SortOrder"), "DESCENDING");
	struct json *sorted = json_new_array(c->a);
	size_t n = 0;

	for (const struct json *e = json_first(list); e != NULL; e = e->next, n++)
		places[n] = (struct place){ key(c, e), n, down, e };
	if (n > 0)
		qsort(places, n, sizeof(*places), compare_places);
	for (size_t i = 0; i < n; i++)
		json_push(c->a, sorted, places[i].element);
	return sorted;
}

/* --- answers that are given once -------------------------------------------------- */

/* The same text for the same value, in whatever order members came. */
static void
write_ordered(struct buf *b, const struct json *j)
{
	str last = { 0 };

	if (json_is(j, JSON_ARRAY)) {
		buf_char(b, '[');
		for (const struct json *e = json_first(j); e != NULL; e = e->next) {
			write_ordered(b, e);
			buf_char(b, ',');
		}
		buf_char(b, ']');
	} else if (!json_is(j, JSON_OBJECT)) {
		json_write(b, j);
	}
	for (size_t i = 0; json_is(j, JSON_OBJECT) && i < json_count(j); i++) {
		const struct json *least = NULL;

		for (const struct json *m = json_first(j); m != NULL; m = m->next)
			if ((i == 0 || str_cmp(m->key, last) > 0) &&
			    (least == NULL || str_cmp(m->key, least->key) < 0))
				least = m;
		last = least->key;
		json_write_str(b, last);
		write_ordered(b, least);
	}
}

static str
input_hash(struct call *c)
{
	struct buf b = buf_in(c->a);

	write_ordered(&b, c->in);
	return sha256_hex(c->a, buf_str(&b));
}

bool
catalog_once(struct call *c, const char *member, bool (*make)(struct call *c, struct err *err),
    struct err *err)
{
	const struct input_rule rule = { member, 1, 128, "[a-zA-Z0-9][a-zA-Z0-9_-]*", NULL };
	str token = catalog_in(c, member), hash = input_hash(c);
	const struct json *before;
	struct json *row;
	str sk;

	if (!input_check(c, &rule, 1, err))
		return false;
	sk = catalog_pair(c, c->action, token);
	if (!catalog_find(c, "token", c->account, sk, &before, err))
		return false;
	if (before != NULL && !str_eq(json_str(json_get(before, "input")), hash))
		return catalog_invalid(err,
		    "%s " STR_FMT " was used before, with other parameters.", member,
		    STR_ARG(token));
	if (before != NULL) {
		c->out = json_copy_shallow(c->a, json_get(before, "detail"));
		return true;
	}
	if (!make(c, err))
		return false;
	row = catalog_new(c, "token", sk);
	json_put_str(c->a, row, "input", hash);
	json_put(c->a, row, "detail", c->out);
	return row_put(c, row, err);
}
