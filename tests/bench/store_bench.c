/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the store costs over SQLite itself: 16 clients writing small durable items, against one
 * loop that writes the same rows in groups of 16 and knows nothing of conditions, JSON or threads.
 * Then what a list and a look-up cost. Ends with failure where a promise of the design is broken.
 */
#include <assert.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "store/store.h"

#define CLIENTS 16
#define WRITES 250 /* of each client, in a round */
#define ROUNDS 5   /* the best of them counts, on either side */
#define ITEMS 10000
#define READS 5000
#define LEAST_RATIO 0.6

static const struct store_index indexes[] = {
	{ "getResourceByCreatedAt", "resourceType", "createdAt" },
	{ "getResourceByName", "resourceType", "name" },
};
static const char *const brief[] = { "id", "name", "resourceType", "createdAt", "status", NULL };

static double
now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
must(bool ok, const struct err *err)
{
	if (ok)
		return;
	fprintf(stderr, "store_bench: " STR_FMT "\n", STR_ARG(err->msg));
	exit(1);
}

static const struct json *
small_item(struct arena *a, int client, int nth)
{
	struct json *j = json_new_object(a);
	str id = str_fmt(a, "env-%08d-0000-4000-8000-%012d", client, nth);

	json_put_str(a, j, "pk", str_cat(a, S("ENV#"), id));
	json_put_str(a, j, "sk", str_cat(a, S("ENV#"), id));
	json_put_str(a, j, "id", id);
	json_put_str(a, j, "resourceType", S("environment"));
	json_put_str(a, j, "name", str_fmt(a, "notebook %d of %d", nth, client));
	json_put_str(
	    a, j, "createdAt", str_fmt(a, "2022-10-05T19:%02d:%02d.%03dZ", client, nth % 60, nth));
	json_put_str(a, j, "status", S("PENDING"));
	json_put_str(a, j, "owner", S("5c2d1e9a-7b1c-4a52-9a0e-2f8f3a9c1d77"));
	return j;
}

/* --- the store -------------------------------------------------------------------- */

struct client {
	pthread_t thread;
	struct store *st;
	int nth, round;
};

static void *
write_items(void *cookie)
{
	struct client *c = cookie;
	struct arena a = { 0 };
	struct err err;

	for (int i = 0; i < WRITES; i++, arena_reset(&a)) {
		err_init(&err, &a);
		must(store_put(
			 c->st, small_item(&a, c->nth, c->round * WRITES + i), STORE_NEW, &err),
		    &err);
	}
	arena_fini(&a);
	return NULL;
}

static double
store_round(struct store *st, int round)
{
	struct client clients[CLIENTS];
	double begun = now_s();

	for (int i = 0; i < CLIENTS; i++) {
		clients[i] = (struct client){ .st = st, .nth = i, .round = round };
		if (pthread_create(&clients[i].thread, NULL, write_items, &clients[i]) != 0)
			abort();
	}
	for (int i = 0; i < CLIENTS; i++)
		pthread_join(clients[i].thread, NULL);
	return now_s() - begun;
}

static struct store *
open_store(struct arena *a, const char *folder, const char *name, bool durable)
{
	struct store_options options = {
		.path = path_join(a, folder, name),
		.indexes = indexes,
		.index_count = countof(indexes),
		.brief = brief,
		.sync = durable ? STORE_SYNC_COMMIT : STORE_SYNC_NEVER,
	};
	struct store *st;
	struct err err;

	err_init(&err, a);
	must(store_open_sqlite(&options, &st, &err), &err);
	return st;
}

/* --- bare SQLite ------------------------------------------------------------------ */

/* The tables are made by the store, so that they are the same. */
struct bare {
	sqlite3 *db;
	sqlite3_stmt *item, *summary;
};

static void
run_sql(sqlite3 *db, const char *text)
{
	char *message;

	if (sqlite3_exec(db, text, NULL, NULL, &message) == SQLITE_OK)
		return;
	fprintf(stderr, "store_bench: %s: %s\n", text, message);
	exit(1);
}

static void
prepare(sqlite3 *db, const char *text, sqlite3_stmt **out)
{
	if (sqlite3_prepare_v2(db, text, -1, out, NULL) == SQLITE_OK)
		return;
	fprintf(stderr, "store_bench: %s: %s\n", text, sqlite3_errmsg(db));
	exit(1);
}

static void
open_bare(struct arena *a, const char *folder, struct bare *b)
{
	const char *path = path_join(a, folder, "bare.db");

	store_close(open_store(a, folder, "bare.db", true));
	if (sqlite3_open(path, &b->db) != SQLITE_OK)
		abort();
	run_sql(b->db, "PRAGMA journal_mode=WAL");
	run_sql(b->db, "PRAGMA synchronous=FULL");
	prepare(b->db, "INSERT INTO item (pk, sk, version, body) VALUES (?, ?, 1, ?)", &b->item);
	prepare(b->db, "INSERT INTO summary VALUES (?, 1, ?, ?, ?, ?)", &b->summary);
}

static void
bind(sqlite3_stmt *stmt, int at, str text)
{
	sqlite3_bind_text(stmt, at, text.ptr, (int)text.len, SQLITE_STATIC);
}

static void
step(sqlite3_stmt *stmt)
{
	if (sqlite3_step(stmt) != SQLITE_DONE)
		abort();
	sqlite3_reset(stmt);
}

struct row {
	str pk, body, brief, type, created, name;
};

static void
write_row(struct bare *b, const struct row *r)
{
	bind(b->item, 1, r->pk);
	bind(b->item, 2, r->pk);
	bind(b->item, 3, r->body);
	step(b->item);
	sqlite3_bind_int64(b->summary, 1, sqlite3_last_insert_rowid(b->db));
	bind(b->summary, 2, r->brief);
	bind(b->summary, 3, r->type);
	bind(b->summary, 4, r->created);
	bind(b->summary, 5, r->name);
	step(b->summary);
}

static struct row *
make_rows(struct arena *a, int round)
{
	struct row *rows = arena_new(a, struct row, CLIENTS * WRITES);

	for (int i = 0; i < CLIENTS * WRITES; i++) {
		const struct json *j = small_item(a, i % CLIENTS, round * WRITES + i / CLIENTS);
		struct json *short_form = json_copy_shallow(a, j);

		json_remove(short_form, "owner");
		rows[i] = (struct row){
			.pk = json_str(json_get(j, "pk")),
			.body = json_text(a, j),
			.brief = json_text(a, short_form),
			.type = json_str(json_get(j, "resourceType")),
			.created = json_str(json_get(j, "createdAt")),
			.name = json_str(json_get(j, "name")),
		};
	}
	return rows;
}

static double
bare_round(struct bare *b, int round)
{
	auto_arena a = { 0 };
	struct row *rows = make_rows(&a, round);
	double begun = now_s();

	for (int i = 0; i < WRITES; i++) {
		run_sql(b->db, "BEGIN IMMEDIATE");
		for (int j = 0; j < CLIENTS; j++)
			write_row(b, &rows[i * CLIENTS + j]);
		run_sql(b->db, "COMMIT");
	}
	return now_s() - begun;
}

static void
close_bare(struct bare *b)
{
	sqlite3_finalize(b->item);
	sqlite3_finalize(b->summary);
	sqlite3_close(b->db);
}

/* --- what is measured ------------------------------------------------------------- */

static bool
bench_writes(struct arena *a, const char *folder)
{
	struct store *st = open_store(a, folder, "store.db", true);
	double store_s = 1e9, bare_s = 1e9, writes = CLIENTS * WRITES, ratio;
	struct bare bare;

	open_bare(a, folder, &bare);
	for (int round = 0; round < ROUNDS; round++) {
		double x = store_round(st, round), y = bare_round(&bare, round);

		store_s = x < store_s ? x : store_s;
		bare_s = y < bare_s ? y : bare_s;
	}
	store_close(st);
	close_bare(&bare);
	ratio = bare_s / store_s;
	printf(
	    "durable writes, %d clients: %.0f/s; bare SQLite in groups of %d: %.0f/s; ratio %.2f "
	    "(at least %.1f)\n",
	    CLIENTS, writes / store_s, CLIENTS, writes / bare_s, ratio, LEAST_RATIO);
	return ratio >= LEAST_RATIO;
}

static void
bench_reads(struct arena *a, const char *folder)
{
	struct store *st = open_store(a, folder, "reads.db", false);
	struct store_query q = {
		.index = S("getResourceByCreatedAt"),
		.hash = S("environment"),
		.descending = true,
		.limit = 50,
	};
	struct arena scratch = { 0 };
	struct store_page page;
	struct item it;
	struct err err;
	double begun, query_s[2], load_s;

	for (int i = 0; i < ITEMS; i++, arena_reset(&scratch)) {
		err_init(&err, &scratch);
		must(store_put(st, small_item(&scratch, i % 60, i / 60), STORE_NEW, &err), &err);
	}
	for (int is_brief = 0; is_brief < 2; is_brief++) {
		q.brief = is_brief;
		begun = now_s();
		for (int i = 0; i < READS; i++, arena_reset(&scratch)) {
			err_init(&err, &scratch);
			must(store_query(st, &scratch, &q, &page, &err), &err);
			assert(page.count == q.limit);
		}
		query_s[is_brief] = now_s() - begun;
	}
	begun = now_s();
	for (int i = 0; i < READS; i++, arena_reset(&scratch)) {
		str id = str_fmt(&scratch, "ENV#env-%08d-0000-4000-8000-%012d", i % 60, i / 60);

		err_init(&err, &scratch);
		must(store_load(st, &scratch, id, id, &it, &err), &err);
	}
	load_s = now_s() - begun;
	arena_fini(&scratch);
	store_close(st);
	printf("at %d items: 50 brief rows of an index %.1f us, whole %.1f us; load %.1f us\n",
	    ITEMS, query_s[1] / READS * 1e6, query_s[0] / READS * 1e6, load_s / READS * 1e6);
}

int
main(void)
{
	auto_arena a = { 0 };
	const char *folder;
	struct err err;
	bool ok;

	err_init(&err, &a);
	must(dir_make_temp(&a, "store-bench", &folder, &err), &err);
	ok = bench_writes(&a, folder);
	bench_reads(&a, folder);
	must(dir_remove(folder, &err), &err);
	return ok ? 0 : 1;
}
