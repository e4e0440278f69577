/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/store.c: the front of every store. Limits are checked here, once, so that an
 * implementation sees only what it can hold; the small calls are made of the large ones.
 */
#include "store/store.h"

#include <assert.h>

#include "base/err.h"
#include "base/json.h"
#include "store/internal.h"

void
store_close(struct store *st)
{
	if (st != NULL)
		st->ops->close(st);
}

bool
store_load(struct store *st, struct arena *a, str pk, str sk, struct item *out, struct err *err)
{
	return st->ops->load(st, a, pk, sk, out, err);
}

bool
store_find(struct store *st, struct arena *a, str pk, str sk, struct item *out, bool *found,
    struct err *err)
{
	bool ok = st->ops->load(st, a, pk, sk, out, err);

	if (!ok && err->kind != ERR_NOT_FOUND)
		return false;
	if (!ok)
		err_clear(err);
	*found = ok;
	return true;
}

bool
store_put(struct store *st, const struct json *body, uint64_t expect, struct err *err)
{
	struct store_write w = { .kind = STORE_PUT, .expect = expect, .body = body };

	return store_transact(st, &w, 1, err);
}

bool
store_del(struct store *st, str pk, str sk, uint64_t expect, struct err *err)
{
	struct store_write w = { .kind = STORE_DELETE, .expect = expect, .pk = pk, .sk = sk };

	return store_transact(st, &w, 1, err);
}

bool
store_query(struct store *st, struct arena *a, const struct store_query *q, struct store_page *out,
    struct err *err)
{
	return st->ops->query(st, a, q, out, err);
}

bool
store_count(struct store *st, str pk, uint64_t *out, struct err *err)
{
	return st->ops->count(st, pk, out, err);
}

static str
write_pk(const struct store_write *w)
{
	return w->kind == STORE_PUT ? json_str(json_get(w->body, "pk")) : w->pk;
}

static str
write_sk(const struct store_write *w)
{
	return w->kind == STORE_PUT ? json_str(json_get(w->body, "sk")) : w->sk;
}

static bool
check_keys(const struct store_write *w, struct err *err)
{
	str pk = write_pk(w), sk = write_sk(w);

	if (w->kind == STORE_PUT && !json_is(w->body, JSON_OBJECT))
		return err_set(err, ERR_INVALID, "an item must be an object");
	if (pk.len == 0 || sk.len == 0)
		return err_set(err, ERR_INVALID,
		    "an item needs pk and sk, strings that are not empty (pk '" STR_FMT
		    "', sk '" STR_FMT "')",
		    STR_ARG(pk), STR_ARG(sk));
	if (pk.len > STORE_MAX_PK_BYTES || sk.len > STORE_MAX_SK_BYTES)
		return err_set(err, ERR_TOO_LARGE,
		    "a key is too long: pk has %zu bytes of at most %zu, sk %zu of at most %zu",
		    pk.len, STORE_MAX_PK_BYTES, sk.len, STORE_MAX_SK_BYTES);
	return true;
}

static bool
check_once(const struct store_write *writes, size_t count, struct err *err)
{
	for (size_t i = 1; i < count; i++) {
		str pk = write_pk(&writes[i]), sk = write_sk(&writes[i]);

		for (size_t j = 0; j < i; j++)
			if (str_eq(sk, write_sk(&writes[j])) && str_eq(pk, write_pk(&writes[j])))
				return err_set(err, ERR_INVALID,
				    "a transaction may name an item only once: " STR_FMT
				    " " STR_FMT,
				    STR_ARG(pk), STR_ARG(sk));
	}
	return true;
}

bool
store_transact(struct store *st, const struct store_write *writes, size_t count, struct err *err)
{
	if (count > STORE_MAX_WRITES)
		return err_set(err, ERR_TOO_LARGE,
		    "%zu writes in one transaction; at most %d can be", count, STORE_MAX_WRITES);
	for (size_t i = 0; i < count; i++)
		if (!check_keys(&writes[i], err))
			return false;
	if (!check_once(writes, count, err))
		return false;
	return count == 0 || st->ops->transact(st, writes, count, err);
}

bool
store_begin(struct store *st, struct err *err)
{
	assert(st->ops->begin != NULL);
	return st->ops->begin(st, err);
}

bool
store_commit(struct store *st, struct err *err)
{
	return st->ops->commit(st, err);
}

void
store_rollback(struct store *st)
{
	st->ops->rollback(st);
}
