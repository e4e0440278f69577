/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is SQLite's alone: the file over restarts, kills, other programs, full disks. What every
 * store must do is in tests/contract/store_contract.c.
 */
#include "check.h"

#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "store/store.h"

static const struct store_index by_ref[] = { { "byRef", "ref", "refSort" } };
static const struct store_index by_name[] = {
	{ "byName", "ref", "name" },
	{ "byRef", "ref", "refSort" },
};
static const char *const brief[] = { "name", NULL };

struct box {
	struct arena *a;
	struct err err;
	const char *folder, *path;
	struct store_options options;
	struct store *st;
};

static void
box_init(struct box *b, struct arena *a)
{
	*b = (struct box){ .a = a };
	err_init(&b->err, a);
	CHECK_OK(dir_make_temp(a, "sqlite", &b->folder, &b->err), &b->err);
	b->path = path_join(a, b->folder, "items.db");
	b->options = (struct store_options){
		.path = b->path,
		.indexes = by_ref,
		.index_count = countof(by_ref),
		.brief = brief,
	};
}

static void
box_open(struct box *b)
{
	CHECK_OK(store_open_sqlite(&b->options, &b->st, &b->err), &b->err);
}

static void
box_fini(struct box *b)
{
	store_close(b->st);
	CHECK_OK(dir_remove(b->folder, &b->err), &b->err);
}

static const struct json *
item(struct arena *a, const char *sk, size_t bytes)
{
	struct json *j = json_new_object(a);
	char *text = arena_raw(a, bytes);

	memset(text, 'x', bytes);
	json_put_str(a, j, "pk", S("p"));
	json_put_str(a, j, "sk", str_of(sk));
	json_put_str(a, j, "ref", S("r"));
	json_put_str(a, j, "refSort", str_of(sk));
	json_put_str(a, j, "name", str_cat(a, S("name of "), str_of(sk)));
	json_put_str(a, j, "text", (str){ text, bytes });
	return j;
}

static void
put(struct box *b, const char *sk, size_t bytes)
{
	CHECK_OK(store_put(b->st, item(b->a, sk, bytes), STORE_ANY, &b->err), &b->err);
}

/* Another program's hand on the file. */
static void
sql(struct box *b, const char *text)
{
	sqlite3 *db;
	char *message = NULL;

	assert_int_equal(sqlite3_open(b->path, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", text, message);
	sqlite3_close(db);
}

static size_t
count(struct box *b, const char *index, const char *hash)
{
	struct store_query q = { .index = str_of(index), .hash = str_of(hash), .limit = 100000 };
	struct store_page page;

	CHECK_OK(store_query(b->st, b->a, &q, &page, &b->err), &b->err);
	return page.count;
}

/* --- the file --------------------------------------------------------------------- */

static void
test_reopen(struct arena *a)
{
	struct box b;
	struct item it;

	box_init(&b, a);
	box_open(&b);
	put(&b, "s", 10);
	put(&b, "s", 20);
	store_close(b.st);
	box_open(&b);
	CHECK_OK(store_load(b.st, a, S("p"), S("s"), &it, &b.err), &b.err);
	assert_int_equal(it.version, 2);
	assert_true(json_equal(it.body, item(a, "s", 20)));
	box_fini(&b);
}

static void
test_second_opener(struct arena *a)
{
	struct box b;
	struct store *second;

	box_init(&b, a);
	box_open(&b);
	assert_false(store_open_sqlite(&b.options, &second, &b.err));
	assert_int_equal(b.err.kind, ERR_CONFLICT);
	CHECK(str_has(b.err.msg, str_fmt(a, "(process %ld)", (long)getpid())), STR_FMT,
	    STR_ARG(b.err.msg));
	put(&b, "s", 10);
	store_close(b.st);
	box_open(&b);
	assert_int_equal(count(&b, "byRef", "r"), 1);
	box_fini(&b);
}

static void
test_refused_files(struct arena *a)
{
	static const struct {
		const char *label, *path, *text, *want;
		enum err_kind kind;
	} cases[] = {
		{ "no folder", "absent/items.db", NULL, "cannot open", ERR_IO },
		{ "no database", "items.db",
		    "this is a letter to a friend, not a database of items",
		    "file is not a database", ERR_IO },
		{ "a folder", "", NULL, "cannot open", ERR_IO },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct box b;

		box_init(&b, a);
		b.options.path = path_join(a, b.folder, cases[i].path);
		if (cases[i].text != NULL)
			CHECK_OK(file_write(b.path, str_of(cases[i].text), 0600, &b.err), &b.err);
		CHECK(!store_open_sqlite(&b.options, &b.st, &b.err) &&
			b.err.kind == cases[i].kind && str_has(b.err.msg, str_of(cases[i].want)) &&
			str_has(b.err.msg, str_of(b.options.path)),
		    "%s: " STR_FMT, cases[i].label, STR_ARG(b.err.msg));
		box_fini(&b);
	}
}

static void
test_newer_schema(struct arena *a)
{
	struct box b;

	box_init(&b, a);
	box_open(&b);
	store_close(b.st);
	b.st = NULL;
	sql(&b, "PRAGMA user_version = 7");
	assert_false(store_open_sqlite(&b.options, &b.st, &b.err));
	assert_int_equal(b.err.kind, ERR_CONFLICT);
	assert_true(str_has(b.err.msg, S("written by a newer swb")));
	sql(&b, "PRAGMA user_version = 1");
	box_open(&b);
	box_fini(&b);
}

/* A program with other indexes or brief members finds them filled. */
static void
test_other_indexes(struct arena *a)
{
	static const char *const more[] = { "name", "text", NULL };
	struct box b;
	struct store_query q = { .index = S("byName"), .hash = S("r"), .brief = true };
	struct store_page page;

	box_init(&b, a);
	box_open(&b);
	for (int i = 0; i < 20; i++)
		put(&b, str_z(a, str_fmt(a, "%02d", i)), 10);
	store_close(b.st);
	b.options.indexes = by_name;
	b.options.index_count = countof(by_name);
	b.options.brief = more;
	box_open(&b);
	assert_int_equal(count(&b, "byRef", "r"), 20);
	CHECK_OK(store_query(b.st, a, &q, &page, &b.err), &b.err);
	assert_int_equal(page.count, 20);
	CHECK_STR(json_str(json_get(page.items[3].body, "text")), "xxxxxxxxxx", "new brief member");
	assert_int_equal(page.items[3].version, 1);
	box_fini(&b);
}

/* An item without a version counts as 0, and can be changed by who read it. */
static void
test_imported(struct arena *a)
{
	struct box b;
	struct item it;

	box_init(&b, a);
	box_open(&b);
	store_close(b.st);
	sql(&b, "INSERT INTO item (pk, sk, body) VALUES ('p', 's', '{\"pk\":\"p\",\"sk\":\"s\"}')");
	box_open(&b);
	CHECK_OK(store_load(b.st, a, S("p"), S("s"), &it, &b.err), &b.err);
	assert_int_equal(it.version, 0);
	assert_false(store_put(b.st, it.body, STORE_NEW, &b.err));
	assert_false(store_put(b.st, it.body, 1, &b.err));
	CHECK_OK(store_put(b.st, it.body, it.version, &b.err), &b.err);
	CHECK_OK(store_load(b.st, a, S("p"), S("s"), &it, &b.err), &b.err);
	assert_int_equal(it.version, 1);
	box_fini(&b);
}

/* --- commits ---------------------------------------------------------------------- */

static void
remember_commit(void *cookie, uint64_t nth)
{
	*(uint64_t *)cookie = *(uint64_t *)cookie * 100 + nth;
}

static void
test_before_commit(struct arena *a)
{
	struct box b;
	uint64_t seen = 0;

	box_init(&b, a);
	b.options.before_commit = remember_commit;
	b.options.cookie = &seen;
	box_open(&b);
	put(&b, "a", 10);
	CHECK_OK(store_del(b.st, S("p"), S("absent"), STORE_ANY, &b.err), &b.err);
	assert_false(store_put(b.st, item(a, "a", 10), STORE_NEW, &b.err));
	err_clear(&b.err);
	CHECK_OK(store_begin(b.st, &b.err), &b.err);
	put(&b, "b", 10);
	put(&b, "c", 10);
	CHECK_OK(store_commit(b.st, &b.err), &b.err);
	CHECK_OK(store_begin(b.st, &b.err), &b.err);
	put(&b, "d", 10);
	store_rollback(b.st);
	CHECK_OK(store_begin(b.st, &b.err), &b.err);
	CHECK_OK(store_commit(b.st, &b.err), &b.err);
	put(&b, "e", 10);
	assert_int_equal(seen, 10203); /* a, b with c, e: what wrote nothing is no commit */
	box_fini(&b);
}

/* What the writer that is about to be killed tells: shared with its parent. */
struct ledger {
	volatile uint64_t acknowledged;
	uint64_t kill_at; /* commit that the process does not survive */
};

static void
die_at(void *cookie, uint64_t nth)
{
	const struct ledger *l = cookie;

	if (nth == l->kill_at)
		kill(getpid(), SIGKILL);
}

/* Two items at a time, of which a half must never be seen; runs in a process of its own. */
static void
write_until_killed(const struct store_options *options, struct ledger *l)
{
	struct arena a = { 0 };
	struct err err;
	struct store *st;

	err_init(&err, &a);
	if (!store_open_sqlite(options, &st, &err))
		_exit(1);
	for (;; arena_reset(&a)) {
		uint64_t n = l->acknowledged;
		struct store_write w[2] = {
			{ .kind = STORE_PUT, .expect = STORE_NEW },
			{ .kind = STORE_PUT, .expect = STORE_NEW },
		};

		w[0].body =
		    item(&a, str_z(&a, str_fmt(&a, "%06llu-a", (unsigned long long)n)), 3000);
		w[1].body = item(&a, str_z(&a, str_fmt(&a, "%06llu-b", (unsigned long long)n)), 50);
		/* A commit that the last life made without being able to tell stands already. */
		if (!store_transact(st, w, 2, &err) && err.kind != ERR_CONFLICT)
			_exit(2);
		l->acknowledged = n + 1;
	}
}

static void
check_survivors(struct box *b, const struct ledger *l)
{
	size_t items = count(b, "", "p");

	assert_int_equal(items % 2, 0);
	assert_true(items >= 2 * l->acknowledged && items <= 2 * (l->acknowledged + 1));
	assert_int_equal(count(b, "byRef", "r"), items);
}

static void
run_life(struct box *b, struct ledger *l)
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		write_until_killed(&b->options, l);
	if (l->kill_at == 0) { /* anywhere, between two instructions */
		uint64_t begun = l->acknowledged;

		while (l->acknowledged < begun + (uint64_t)rand() % 20 + 1 &&
		    waitpid(child, &status, WNOHANG) == 0)
			sched_yield();
		kill(child, SIGKILL);
	}
	(void)waitpid(child, &status, 0); /* the loop above may have taken it, with its status */
	CHECK(WIFSIGNALED(status), "the writer ended with %d", WEXITSTATUS(status));
}

static void
test_kill(struct arena *a)
{
	struct ledger *l =
	    mmap(NULL, sizeof(*l), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct box b;

	assert_true(l != MAP_FAILED);
	srand(7);
	box_init(&b, a);
	b.options.before_commit = die_at;
	b.options.cookie = l;
	for (int life = 0; life < 30; life++) {
		b.options.sync = life % 3 == 0 ? STORE_SYNC_COMMIT : STORE_SYNC_NEVER;
		l->kill_at = life % 2 == 0 ? (uint64_t)rand() % 12 + 1 : 0;
		run_life(&b, l);
		l->kill_at = 0;
		box_open(&b);
		check_survivors(&b, l);
		store_close(b.st);
		b.st = NULL;
	}
	CHECK(l->acknowledged > 40, "only %llu commits", (unsigned long long)l->acknowledged);
	box_fini(&b);
	munmap(l, sizeof(*l));
}

/* --- a full disk ------------------------------------------------------------------ */

static void
limit_files(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
test_disk_full(struct arena *a)
{
	struct box b;
	size_t n = 0, inside;
	char sk[16];

	box_init(&b, a);
	box_open(&b);
	signal(SIGXFSZ, SIG_IGN);
	limit_files(1 << 20);
	do
		snprintf(sk, sizeof(sk), "%04zu", n);
	while (store_put(b.st, item(a, sk, 100000), STORE_NEW, &b.err) && ++n < 1000);
	assert_true(n > 0 && n < 1000);
	CHECK(b.err.kind == ERR_IO && str_has(b.err.msg, str_of(b.path)) &&
		(str_has(b.err.msg, S("File too large")) || str_has(b.err.msg, S("full"))),
	    "the cause is told: " STR_FMT, STR_ARG(b.err.msg));
	err_clear(&b.err);
	assert_int_equal(count(&b, "", "p"), n);

	CHECK_OK(store_begin(b.st, &b.err), &b.err);
	for (int i = 0; i < 40; i++)
		if (!store_put(b.st, item(a, "more", 100000 + (size_t)i), STORE_ANY, &b.err) ||
		    !store_put(b.st, item(a, sk, 100000), STORE_ANY, &b.err))
			err_clear(&b.err);
	inside = count(&b, "", "p");
	if (store_commit(b.st, &b.err))
		n = inside;
	err_clear(&b.err);
	assert_int_equal(count(&b, "", "p"), n);

	limit_files(RLIM_INFINITY);
	put(&b, "when there is room again", 100000);
	assert_int_equal(count(&b, "byRef", "r"), n + 1);
	store_close(b.st);
	box_open(&b);
	assert_int_equal(count(&b, "", "p"), n + 1);
	box_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_reopen),
		TEST(test_second_opener),
		TEST(test_refused_files),
		TEST(test_newer_schema),
		TEST(test_other_indexes),
		TEST(test_imported),
		TEST(test_before_commit),
		TEST(test_kill),
		TEST(test_disk_full),
	};

	return RUN_TESTS(tests);
}
