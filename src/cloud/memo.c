/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/memo.c: what engines made of things that never change, kept in memory.
 *
 * Each has an arena of its own and stands in one list, the one used last first. What is too much
 * goes from the list's end, and only between two calls or two rows of a turn: nobody holds any of
 * it then.
 */
#include "cloud/internal.h"

#include <stdlib.h>

#define MOST 64
#define MOST_BYTES ((size_t)16 << 20)

struct memo {
	struct memo *next;
	uint64_t hash;
	str key;
	const void *value;
	struct arena arena;
};

static void
memo_free(struct memo *m)
{
	arena_fini(&m->arena);
	free(m);
}

static void
put_first(struct cloud *cloud, struct memo *m)
{
	m->next = cloud->memos;
	cloud->memos = m;
}

static struct memo *
find(struct cloud *cloud, uint64_t hash, str key)
{
	for (struct memo **at = &cloud->memos, *m; (m = *at) != NULL; at = &m->next) {
		if (m->hash != hash || !str_eq(m->key, key))
			continue;
		*at = m->next;
		put_first(cloud, m);
		return m;
	}
	return NULL;
}

bool
memo_get(
    struct call *c, str key, memo_make *make, const void *from, const void **out, struct err *err)
{
	uint64_t hash = str_hash(key);
	struct memo *m;

	mutex_assert_held(&c->cloud->mu);
	m = find(c->cloud, hash, key);
	if (m == NULL) {
		m = calloc(1, sizeof(*m));
		if (m == NULL)
			abort();
		m->hash = hash;
		m->key = str_dup(&m->arena, key);
		if (!make(c, &m->arena, from, &m->value, err)) {
			memo_free(m);
			return false;
		}
		put_first(c->cloud, m);
		c->cloud->memos_grown = true;
	}
	*out = m->value;
	return true;
}

void
memo_trim(struct cloud *cloud)
{
	struct memo **at = &cloud->memos;
	size_t bytes = 0;

	mutex_assert_held(&cloud->mu);
	if (!cloud->memos_grown)
		return;
	cloud->memos_grown = false;
	for (size_t i = 0; *at != NULL && i < MOST && bytes <= MOST_BYTES; i++) {
		bytes += arena_used(&(*at)->arena);
		at = &(*at)->next;
	}
	while (*at != NULL) {
		struct memo *m = *at;

		*at = m->next;
		memo_free(m);
	}
}

void
memo_drop_all(struct cloud *cloud)
{
	for (struct memo *m; (m = cloud->memos) != NULL;) {
		cloud->memos = m->next;
		memo_free(m);
	}
}
