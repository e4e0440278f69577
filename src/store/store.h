/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store: items by partition and sort key, as DynamoDB keeps them.
 *
 * An item is a JSON object that holds at least the strings "pk" and "sk"; its version is kept
 * beside it and grows by one with every write. Named indexes (store_options.indexes) find
 * items by two of their members; an item that lacks either member, or has another kind there
 * than a string, is not in that index. Strings order by their bytes.
 *
 * Two ways to write: store_transact() is one atomic set of conditional writes and is safe to
 * call from many threads at once (commits are grouped); store_begin() opens an interactive
 * transaction for a single writer that reads its own writes, which the local cloud uses.
 *
 * What store_transact() or store_commit() has acknowledged survives kill -9 at any moment. What a
 * loss of power may take is options.sync.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct err;
struct json;
struct store;

#define STORE_MAX_WRITES 100                     /* in one transaction, as DynamoDB's */
#define STORE_MAX_ITEM_BYTES ((size_t)400 << 10) /* body text, as DynamoDB's */

/* expect, where the caller needs no particular version or needs absence. */
#define STORE_ANY UINT64_MAX /* STORE_CHECK: some version must stand */
#define STORE_NEW \
	(UINT64_MAX - 1) /* no item may stand here yet; 0 is an imported item's version \
			  */

struct item {
	str pk, sk;
	uint64_t version; /* 1 or more; 0 for an item without one (an imported table) */
	const struct json *body;
};

enum store_write_kind {
	STORE_PUT,    /* replaces the whole item */
	STORE_DELETE, /* an absent item is no error, unless expect says otherwise */
	STORE_CHECK,  /* writes nothing: only the condition must hold */
};

struct store_write {
	enum store_write_kind kind;
	uint64_t expect;         /* STORE_ANY, STORE_NEW or the version that the caller read */
	const struct json *body; /* STORE_PUT: with members pk and sk */
	str pk, sk;              /* STORE_DELETE, STORE_CHECK */
};

enum store_condition {
	STORE_ALL, /* every sort key */
	STORE_EQ,
	STORE_LT,
	STORE_LE,
	STORE_GT,
	STORE_GE,
	STORE_BEGINS,
	STORE_BETWEEN, /* inclusive: a to b */
};

struct store_query {
	str index; /* empty: the table itself */
	str hash;  /* partition key, or the index's hash member */
	enum store_condition condition;
	str a, b; /* operands on the sort key, or the index's range member */
	bool descending;
	bool brief;     /* bodies hold only options.brief members: a list never reads whole items */
	uint32_t limit; /* items; 0 means 1,000 */
	str start_after; /* an earlier page's next; empty for the first page */
};

struct store_page {
	struct item *items;
	size_t count;
	str next; /* opaque, bound to this query; empty on the last page */
};

struct store_index {
	const char *name, *hash, *range; /* members of the body */
};

/* What a loss of power may do to what was acknowledged. A kill never does anything. */
enum store_sync {
	STORE_SYNC_NEVER,  /* damage the file: for stores that end with their program */
	STORE_SYNC_SOON,   /* undo the last commits, but damage nothing: a sync now and then */
	STORE_SYNC_COMMIT, /* nothing: a sync for each commit */
};

struct store_options {
	const char *path; /* file; its folder must exist */
	const struct store_index *indexes;
	size_t index_count;
	const char *const
	    *brief; /* members that a brief query returns besides pk and sk; NULL-ended */
	enum store_sync sync;
	uint32_t timeout_ms; /* longest wait for the writer; 0 means 10,000 */

	/*
	 * Called before each commit with a number that counts commits from 1: a test may stop the
	 * program here. NULL for none.
	 */
	void (*before_commit)(void *cookie, uint64_t nth);
	void *cookie;
};

struct store_ops {
	const char *name;
	/* All required, except begin to rollback: NULL where a store has no interactive
	 * transactions. */
	bool (*load)(
	    struct store *st, struct arena *a, str pk, str sk, struct item *out, struct err *err);
	bool (*query)(struct store *st, struct arena *a, const struct store_query *q,
	    struct store_page *out, struct err *err);
	bool (*count)(struct store *st, str pk, uint64_t *out, struct err *err);
	bool (*transact)(
	    struct store *st, const struct store_write *writes, size_t count, struct err *err);
	bool (*begin)(struct store *st, struct err *err);
	bool (*commit)(struct store *st, struct err *err);
	void (*rollback)(struct store *st);
	void (*close)(struct store *st);
};

struct store {
	const struct store_ops *ops;
};

/*
 * Opens or creates an SQLite file. Fails: ERR_IO (with path and cause), ERR_CONFLICT (another
 * process has it open, or a newer program wrote it).
 */
bool store_open_sqlite(const struct store_options *options, struct store **out, struct err *err);
void store_close(struct store *st);

/* Fails: ERR_NOT_FOUND. The body lives in a. Thread-safe, as all below are. */
bool store_load(
    struct store *st, struct arena *a, str pk, str sk, struct item *out, struct err *err);

/* An absence is an ordinary answer: *found tells. */
bool store_find(struct store *st, struct arena *a, str pk, str sk, struct item *out, bool *found,
    struct err *err);

/*
 * Puts body (members pk and sk) where the expected version stands.
 * Fails: ERR_CONFLICT (another version stands there), ERR_TOO_LARGE, ERR_INVALID (no keys), ERR_IO.
 */
bool store_put(struct store *st, const struct json *body, uint64_t expect, struct err *err);
bool store_del(struct store *st, str pk, str sk, uint64_t expect, struct err *err);

/* Fails: ERR_INVALID (a start_after that belongs to another query), ERR_IO. */
bool store_query(struct store *st, struct arena *a, const struct store_query *q,
    struct store_page *out, struct err *err);

/* How many items stand in a partition; costs far less than reading them. */
bool store_count(struct store *st, str pk, uint64_t *out, struct err *err);

/*
 * All writes or none. Within an interactive transaction it is a savepoint of it.
 * Fails: ERR_CONFLICT (the message names the first key whose condition failed), ERR_TOO_LARGE
 * (more than STORE_MAX_WRITES), ERR_INVALID (an item named twice), ERR_TIMEOUT (its turn to write
 * did not come: nothing was done), ERR_IO.
 */
bool store_transact(
    struct store *st, const struct store_write *writes, size_t count, struct err *err);

/*
 * One interactive transaction at a time; begin waits for the writer. The thread that began it
 * sees its own writes in load and query. begin may nest: an inner rollback undoes only what
 * came since the inner begin, an inner commit keeps it for the outer one to decide.
 */
bool store_begin(struct store *st, struct err *err);
bool store_commit(struct store *st, struct err *err);
void store_rollback(struct store *st);
