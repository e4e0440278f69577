/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/assume.c: the table of sessions.
 */
#include "aws/assume.h"

#define LEAST_LEFT_MS (5 * 60 * 1000)

void
assume_cache_init(struct assume_cache *c)
{
	*c = (struct assume_cache){ 0 };
	mutex_init(&c->mu);
}

void
assume_cache_fini(struct assume_cache *c)
{
	for (size_t i = 0; i < ASSUME_CACHE_SIZE; i++)
		arena_fini(&c->entries[i].arena);
	mutex_fini(&c->mu);
}

static bool
same(const struct assume_key *x, const struct assume_key *y)
{
	return str_eq(x->role_arn, y->role_arn) && str_eq(x->session_name, y->session_name) &&
	    str_eq(x->external_id, y->external_id) && str_eq(x->access_key_id, y->access_key_id);
}

static struct assume_entry *
find_locked(struct assume_cache *c, const struct assume_key *key)
{
	mutex_assert_held(&c->mu);
	for (size_t i = 0; i < ASSUME_CACHE_SIZE; i++) {
		if (c->entries[i].used > 0 && same(&c->entries[i].key, key))
			return &c->entries[i];
	}
	return NULL;
}

static struct aws_credentials
copy(struct arena *a, const struct aws_credentials *session)
{
	return (struct aws_credentials){
		.access_key_id = str_dup(a, session->access_key_id),
		.secret_access_key = str_dup(a, session->secret_access_key),
		.session_token = str_dup(a, session->session_token),
		.expires_at_ms = session->expires_at_ms,
	};
}

bool
assume_cache_find(struct assume_cache *c, struct arena *a, const struct assume_key *key,
    int64_t now_ms, struct aws_credentials *out)
{
	struct assume_entry *e;
	bool found;

	mutex_lock(&c->mu);
	e = find_locked(c, key);
	found = e != NULL && e->session.expires_at_ms - now_ms >= LEAST_LEFT_MS;
	if (found) {
		e->used = ++c->uses;
		*out = copy(a, &e->session);
	}
	mutex_unlock(&c->mu);
	return found;
}

/* The entry of that key, else an empty one, else the one that was not used for longest. */
static struct assume_entry *
place_locked(struct assume_cache *c, const struct assume_key *key)
{
	struct assume_entry *best = find_locked(c, key);

	if (best != NULL)
		return best;
	best = &c->entries[0];
	for (size_t i = 1; i < ASSUME_CACHE_SIZE; i++) {
		if (c->entries[i].used < best->used)
			best = &c->entries[i];
	}
	return best;
}

void
assume_cache_put(
    struct assume_cache *c, const struct assume_key *key, const struct aws_credentials *session)
{
	struct assume_entry *e;

	mutex_lock(&c->mu);
	e = place_locked(c, key);
	arena_reset(&e->arena);
	e->key = (struct assume_key){
		.role_arn = str_dup(&e->arena, key->role_arn),
		.session_name = str_dup(&e->arena, key->session_name),
		.external_id = str_dup(&e->arena, key->external_id),
		.access_key_id = str_dup(&e->arena, key->access_key_id),
	};
	e->session = copy(&e->arena, session);
	e->used = ++c->uses;
	mutex_unlock(&c->mu);
}
