/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server: how soon it answers, how much it holds, how fast it serves, launches and takes
 * events; with a small store, and with 100,000 environments in it.
 *
 * Baselines of the same run: a process that does nothing, and a bare libmicrohttpd handler that
 * returns the same bytes to the same client. argv: how many environments make a large store
 * (100000).
 */
#include <microhttpd.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../scenario/server_rig.h"
#include "http_load.h"
#include "measure.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/id.h"
#include "base/thread.h"
#include "store/store.h"
#include "workbench/workbench.h"

#define STARTS 7
#define READS 40000
#define READERS 16
#define LAUNCHES 10000
#define LAUNCHERS 64
#define LIVES 20
#define AT_ONCE 1000
#define ROUNDS 10 /* events for each of AT_ONCE environments */
#define IN_FLIGHT 32
#define LARGE 100000

/* --- a process, from outside ------------------------------------------------------------- */

static double
cpu_ms(pid_t pid)
{
	char path[64], line[1024] = "";
	unsigned long user = 0, kernel = 0;
	FILE *f;
	char *after;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "r");
	if (f == NULL || fgets(line, sizeof(line), f) == NULL)
		fail();
	fclose(f);
	after = strrchr(line, ')');
	assert_non_null(after);
	assert_int_equal(sscanf(after + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
			     &user, &kernel),
	    2);
	return (double)(user + kernel) * 1e3 / (double)sysconf(_SC_CLK_TCK);
}

static double
memory_mb(pid_t pid, const char *member)
{
	char path[64], line[256];
	double kb = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, member, strlen(member)) == 0)
			kb = strtod(line + strlen(member), NULL);
	fclose(f);
	return kb / 1024;
}

/* --- start ------------------------------------------------------------------------------- */

/* From the fork to the first answer that is not "starting". */
static double
start_ms(struct server *s)
{
	double begun = now_ms();

	server_spawn(s);
	while (!server_is_ready(s))
		usleep(500);
	while (server_ask(s, s->a, "GET", "/healthz", (str){ 0 }, NULL).status != 200)
		;
	return now_ms() - begun;
}

/* What a process costs that does nothing. */
static double
bare_start_ms(void)
{
	double begun = now_ms();
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (freopen("/dev/null", "w", stdout) != NULL)
			execl(SWB_PROGRAM, "swb", "--version", (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return now_ms() - begun;
}

static void
bench_start(struct server *s, const char *store)
{
	double starts[STARTS], bare[STARTS];

	for (int i = 0; i < STARTS; i++) {
		bare[i] = bare_start_ms();
		starts[i] = start_ms(s);
		if (i + 1 < STARTS)
			assert_int_equal(server_stop(s), 0);
	}
	printf("start to first answer, %s: %.1f ms (swb --version: %.1f ms)\n", store,
	    median(starts, STARTS), median(bare, STARTS));
	printf("idle memory, %s: %.1f MB resident, %.1f MB of it its own\n", store,
	    memory_mb(s->pid, "Rss:"), memory_mb(s->pid, "Private_Dirty:"));
}

/* --- reads ------------------------------------------------------------------------------- */

struct get {
	uint16_t port;
	str target, token;
};

static void
write_get(void *cookie, size_t nth, struct buf *out)
{
	const struct get *g = cookie;

	(void)nth;
	buf_fmt(out,
	    "GET " STR_FMT " HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAuthorization: " STR_FMT "\r\n\r\n",
	    STR_ARG(g->target), g->port, STR_ARG(g->token));
}

/* The bare handler: the same head and body, whatever is asked. */
struct bare {
	str head, body;
};

static enum MHD_Result
answer_bare(void *cookie, struct MHD_Connection *c, const char *url, const char *method,
    const char *version, const char *data, size_t *data_len, void **context)
{
	const struct bare *b = cookie;
	struct MHD_Response *r;
	str rest = b->head, line, name;
	enum MHD_Result result;

	(void)url, (void)method, (void)version, (void)data, (void)data_len;
	if (*context == NULL) {
		*context = c;
		return MHD_YES;
	}
	r = MHD_create_response_from_buffer(
	    b->body.len, (void *)(uintptr_t)b->body.ptr, MHD_RESPMEM_PERSISTENT);
	(void)str_cut(&rest, '\n', &line); /* the status */
	while (str_cut(&rest, '\n', &line) && str_cut(&line, ':', &name)) {
		char key[128], value[256];

		if (str_is(name, "Date") || str_is(name, "Content-Length") ||
		    str_is(name, "Connection"))
			continue; /* its own */
		snprintf(key, sizeof(key), STR_FMT, STR_ARG(name));
		snprintf(value, sizeof(value), STR_FMT, STR_ARG(str_trim(line)));
		MHD_add_response_header(r, key, value);
	}
	result = MHD_queue_response(c, 200, r);
	MHD_destroy_response(r);
	return result;
}

/* In a process of its own; the port comes through a pipe. */
static pid_t
start_bare(struct bare *b, uint16_t *port)
{
	int ends[2];
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL,
		    NULL, answer_bare, b, MHD_OPTION_THREAD_POOL_SIZE,
		    (unsigned)sysconf(_SC_NPROCESSORS_ONLN), MHD_OPTION_END);
		uint16_t own =
		    d == NULL ? 0 : MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port;

		if (write(ends[1], &own, sizeof(own)) != sizeof(own))
			_exit(1);
		for (;;)
			pause();
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], port, sizeof(*port)), sizeof(*port));
	close(ends[0]);
	return pid;
}

struct rate {
	double per_s, cpu_us;
};

static struct rate
rate_of(const struct load *l, pid_t pid)
{
	double cpu = cpu_ms(pid);
	struct load_result r = load_run(l);

	assert_int_equal(r.bad, 0);
	return (struct rate){ r.per_s, (cpu_ms(pid) - cpu) * 1e3 / (double)l->requests };
}

/* The server's rate; beside it the bare handler's, with the same bytes. */
static double
bench_get(struct server *s, const char *what, str target, str token, size_t requests)
{
	struct reply r = server_expect(s, s->a, 200, "GET", str_z(s->a, target), token, NULL);
	struct bare b = { r.head, r.body };
	struct get to_server = { s->port, target, token }, to_bare = to_server;
	struct load l = { s->port, READERS, requests, 200, write_get, NULL, &to_server };
	struct rate ours[3], bare[3], best = { 0 }, best_bare = { 0 };
	pid_t pid = start_bare(&b, &to_bare.port);

	for (int i = 0; i < 3; i++) { /* in turns: the machine has other work, too */
		l.port = s->port;
		l.cookie = &to_server;
		ours[i] = rate_of(&l, s->pid);
		l.port = to_bare.port;
		l.cookie = &to_bare;
		bare[i] = rate_of(&l, pid);
		best = ours[i].per_s > best.per_s ? ours[i] : best;
		best_bare = bare[i].per_s > best_bare.per_s ? bare[i] : best_bare;
	}
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	printf("%s, %zu bytes: %.0f/s, %.1f us CPU each (bare libmicrohttpd: %.0f/s, %.1f us): "
	       "%.2f of it\n",
	    what, r.body.len, best.per_s, best.cpu_us, best_bare.per_s, best_bare.cpu_us,
	    best.per_s / best_bare.per_s);
	return best.per_s;
}

struct reads {
	double one, list;
};

static struct reads
bench_reads(struct server *s, str env, const char *store)
{
	char what[2][128];
	struct reads r;

	snprintf(what[0], sizeof(what[0]), "GET one environment, %s", store);
	snprintf(what[1], sizeof(what[1]), "list of 50, %s", store);
	r.one = bench_get(s, what[0], str_fmt(s->a, "/api/environments/" STR_FMT, STR_ARG(env)),
	    s->researcher, READS);
	r.list = bench_get(s, what[1], S("/api/environments?pageSize=50"), s->admin, READS / 8);
	return r;
}

/* --- launches ---------------------------------------------------------------------------- */

struct launches {
	struct server *s;
	str *ids; /* by request */
	struct arena a;
	struct mutex mu;
};

static void
write_launch(void *cookie, size_t nth, struct buf *out)
{
	struct launches *l = cookie;
	auto_arena a = { 0 };
	str body = server_launch_body(l->s, &a, str_z(&a, str_fmt(&a, "env-%zu", nth)));

	buf_fmt(out,
	    "POST /api/environments HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAuthorization: " STR_FMT
	    "\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n" STR_FMT,
	    l->s->port, STR_ARG(l->s->researcher), body.len, STR_ARG(body));
}

static void
take_launch(void *cookie, size_t nth, str body)
{
	struct launches *l = cookie;
	const struct json *env;
	auto_arena a = { 0 };
	struct err err;

	err_init(&err, &a);
	CHECK_OK(json_parse(&a, body, &env, &err), &err);
	mutex_lock(&l->mu);
	l->ids[nth] = str_dup(&l->a, json_str(json_get(env, "id")));
	mutex_unlock(&l->mu);
}

static struct launches
launches_new(struct server *s, size_t count)
{
	struct launches l = { .s = s, .ids = arena_new(s->a, str, count) };

	mutex_init(&l.mu);
	return l;
}

static void
bench_launches(struct server *s, const char *how)
{
	struct launches of = launches_new(s, LAUNCHES);
	struct load l = { s->port, LAUNCHERS, LAUNCHES, 201, write_launch, take_launch, &of };
	double cpu = cpu_ms(s->pid);
	struct load_result r = load_run(&l);

	assert_int_equal(r.bad, 0);
	printf("launch (201, durable), %u clients, jobs %s: %.0f/s, p50 %.1f ms, p99 %.1f ms, "
	       "%.0f us CPU each\n",
	    LAUNCHERS, how, r.per_s, r.p50_ms, r.p99_ms, (cpu_ms(s->pid) - cpu) * 1e3 / LAUNCHES);
}

static bool
is_completed(struct server *s, str env)
{
	auto_arena a = { 0 };
	str status = server_status(s, &a, env);

	CHECK(!str_is(status, "FAILED"), "an environment failed");
	return str_is(status, "COMPLETED");
}

static str
bench_one_life(struct server *s)
{
	double each[LIVES], middle;
	str env = { 0 };

	for (int i = 0; i < LIVES; i++) {
		double begun = now_ms();

		env = server_launch(s);
		while (!is_completed(s, env))
			;
		each[i] = now_ms() - begun;
	}
	middle = median(each, LIVES); /* sorts them */
	printf("one environment from POST to COMPLETED: median %.1f ms, best %.1f ms\n", middle,
	    each[0]);
	return env;
}

static struct launches
bench_at_once(struct server *s)
{
	struct launches of = launches_new(s, AT_ONCE);
	struct load l = { s->port, LAUNCHERS, AT_ONCE, 201, write_launch, take_launch, &of };
	double begun = now_ms(), cpu = cpu_ms(s->pid), accepted;

	assert_int_equal(load_run(&l).bad, 0);
	accepted = now_ms() - begun;
	for (size_t i = 0; i < AT_ONCE; i++)
		while (!is_completed(s, of.ids[i]))
			usleep(2000);
	printf("%d launched at once: accepted in %.2f s, all COMPLETED in %.2f s, %.0f/s, %.1f ms "
	       "CPU each\n",
	    AT_ONCE, accepted / 1e3, (now_ms() - begun) / 1e3, AT_ONCE * 1e3 / (now_ms() - begun),
	    (cpu_ms(s->pid) - cpu) / AT_ONCE);
	return of;
}

/* --- events ------------------------------------------------------------------------------ */

struct events {
	const struct launches *envs;
	str secret;
	size_t round;
	str *instances;
};

static const char *const words[] = { "Stopping", "Stopped", "Pending", "InService" };
static const char *const moves[] = { "STOPPING", "STOPPED", "PENDING", "COMPLETED" };

static void
write_event(void *cookie, size_t nth, struct buf *out)
{
	const struct events *e = cookie;
	auto_arena a = { 0 };
	str id = id_uuid_from(&a, str_fmt(&a, "%zu of %zu", e->round, nth));
	str body = str_fmt(&a,
	    "{\"version\":\"0\",\"id\":\"" STR_FMT
	    "\",\"detail-type\":\"SageMaker Notebook Instance State "
	    "Change\",\"source\":\"aws.sagemaker\",\"account\":\"222222222222\",\"time\":\"2099-01-"
	    "01T00:00:%02zuZ\",\"region\":\"us-east-1\",\"resources\":[],\"detail\":{"
	    "\"NotebookInstanceName\":\"" STR_FMT
	    "\",\"NotebookInstanceStatus\":\"%s\",\"LastModifiedTime\":%zu,\"Tags\":{\"Env\":"
	    "\"" STR_FMT "\"}}}",
	    STR_ARG(id), e->round, STR_ARG(e->instances[nth]), words[e->round % countof(words)],
	    4070908800000 + e->round, STR_ARG(e->envs->ids[nth]));

	buf_fmt(out,
	    "POST /api/events HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nX-Swb-Events-Secret: " STR_FMT
	    "\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n" STR_FMT,
	    e->envs->s->port, STR_ARG(e->secret), body.len, STR_ARG(body));
}

/* How often the history tells of a move that an event made. */
static size_t
count_moves(struct server *s, str env, const char *to)
{
	auto_arena a = { 0 };
	struct reply r = server_expect(s, &a, 200, "GET",
	    str_z(&a, str_fmt(&a, "/api/environments/" STR_FMT "/history", STR_ARG(env))), s->admin,
	    NULL);
	size_t count = 0;

	for (const struct json *h = json_first(json_get(r.json, "data")); h != NULL; h = h->next)
		count += str_is(json_str(json_get(h, "to")), to);
	return count;
}

static double
post_rounds(struct server *s, struct events *e)
{
	double seconds = 0;

	for (e->round = 0; e->round < ROUNDS; e->round++) {
		struct load l = { s->port, IN_FLIGHT, AT_ONCE, 204, write_event, NULL, e };
		struct load_result r = load_run(&l);

		assert_int_equal(r.bad, 0);
		seconds += r.seconds;
	}
	return seconds;
}

/* Each event once, and then all of them again, which must change nothing. */
static void
bench_events(struct server *s, const struct launches *envs)
{
	struct events e = { .envs = envs, .instances = arena_new(s->a, str, AT_ONCE) };
	size_t before = count_moves(s, envs->ids[0], "STOPPED");
	double seconds, cpu;
	struct err err;

	err_init(&err, s->a);
	CHECK_OK(
	    file_read(s->a, path_join(s->a, s->data, "events-secret"), 128, &e.secret, &err), &err);
	for (size_t i = 0; i < AT_ONCE; i++)
		e.instances[i] = json_str(json_get(
		    server_expect(s, s->a, 200, "GET",
			str_z(s->a,
			    str_fmt(s->a, "/api/environments/" STR_FMT, STR_ARG(envs->ids[i]))),
			s->admin, NULL)
			.json,
		    "instanceId"));
	cpu = cpu_ms(s->pid);
	seconds = post_rounds(s, &e);
	printf("status events, %d in flight: %.0f/s, %.0f us CPU each", IN_FLIGHT,
	    AT_ONCE * ROUNDS / seconds, (cpu_ms(s->pid) - cpu) * 1e3 / AT_ONCE / ROUNDS);
	seconds = post_rounds(s, &e);
	for (size_t i = 0; i < AT_ONCE; i++)
		for (size_t w = 0; w < countof(words); w++) {
			size_t want = ROUNDS / countof(words) + (w < ROUNDS % countof(words)) +
			    (w == 3) + (w == 2); /* the launch's own */
			size_t got = count_moves(s, envs->ids[i], moves[w]);

			CHECK(got - (w < 2 ? before : 0) == want, "%s %zu times, not %zu", moves[w],
			    got, want);
		}
	printf("; each applied exactly once; doubled ones %.0f/s\n", AT_ONCE * ROUNDS / seconds);
}

/* --- a large store: copies of a finished environment's items, written beside the server --- */

static struct store *
open_workbench_store(struct server *s, struct err *err)
{
	const struct store_options o = {
		.path = path_join(s->a, s->data, "workbench.db"),
		.indexes = workbench_store_indexes,
		.index_count = workbench_store_index_count,
		.brief = workbench_store_brief,
	};
	struct store *st;

	CHECK_OK(store_open_sqlite(&o, &st, err), err);
	return st;
}

#define MAX_COPIED 24

static size_t
items_of(struct store *st, struct arena *a, str env, str texts[MAX_COPIED], struct err *err)
{
	struct store_query q[] = {
		{ .hash = str_fmt(a, "ENV#" STR_FMT, STR_ARG(env)) },
		{ .hash = str_fmt(a, "SWB#ENV#" STR_FMT, STR_ARG(env)),
		    .condition = STORE_EQ,
		    .a = S("SWB#STATE") },
	};
	size_t count = 0;

	for (size_t i = 0; i < countof(q); i++) {
		struct store_page page;

		CHECK_OK(store_query(st, a, &q[i], &page, err), err);
		for (size_t n = 0; n < page.count && count < MAX_COPIED; n++)
			texts[count++] = json_text(a, page.items[n].body);
	}
	return count;
}

static void
enlarge(struct server *s, str env, size_t copies)
{
	str uuid = str_from(env, 4), texts[MAX_COPIED];
	struct store_write writes[STORE_MAX_WRITES];
	struct arena a = { 0 };
	size_t items, pending = 0;
	struct store *st;
	struct err err;

	err_init(&err, s->a);
	st = open_workbench_store(s, &err);
	items = items_of(st, s->a, env, texts, &err);
	for (size_t i = 0; i < copies; i++) {
		str fresh = id_uuid(&a);

		for (size_t n = 0; n < items; n++) {
			const struct json *body;

			CHECK_OK(
			    json_parse(&a, str_replace(&a, texts[n], uuid, fresh), &body, &err),
			    &err);
			writes[pending++] =
			    (struct store_write){ STORE_PUT, STORE_NEW, body, { 0 }, { 0 } };
		}
		if (pending + items > STORE_MAX_WRITES || i + 1 == copies) {
			CHECK_OK(store_transact(st, writes, pending, &err), &err);
			pending = 0;
			arena_reset(&a);
		}
	}
	arena_fini(&a);
	store_close(st);
}

/* --- all of it --------------------------------------------------------------------------- */

static const char *const quiet = "--quiet";

static void
bench_paused(struct arena *a)
{
	struct server *s = server_new(a);

	s->args[0] = "--environments=" SWB_SOURCE_ROOT "/environments";
	s->args[1] = quiet;
	s->args[2] = "--paused";
	server_start(s);
	bench_launches(s, "paused");
	assert_int_equal(server_stop(s), 0);
	server_free(s);
}

static void
bench_running(struct arena *a)
{
	struct server *s = server_new(a);

	s->args[0] = "--environments=" SWB_SOURCE_ROOT "/environments";
	s->args[1] = quiet;
	server_start(s);
	bench_launches(s, "running");
	server_kill(s);
	server_free(s);
}

static void
bench_all(struct arena *a, size_t large)
{
	struct server *s = server_new(a);
	struct launches envs;
	struct reads few, many;
	double begun = now_ms();
	str env;

	s->args[0] = "--environments=" SWB_SOURCE_ROOT "/environments";
	s->args[1] = quiet;
	server_start(s);
	printf("first start, with a fresh data folder: %.0f ms\n", now_ms() - begun);
	env = bench_one_life(s);
	assert_int_equal(server_stop(s), 0);
	bench_start(s, "few environments");
	envs = bench_at_once(s);
	few = bench_reads(s, env, "1,020 environments"); /* a list of 50 needs as many */
	assert_int_equal(server_stop(s), 0);

	s->args[2] = "--paused"; /* so that what events ask for is not done meanwhile */
	server_start(s);
	bench_events(s, &envs);
	assert_int_equal(server_stop(s), 0);
	s->args[2] = NULL;

	begun = now_ms();
	enlarge(s, env, large);
	printf("%zu environments written in %.1f s\n", large, (now_ms() - begun) / 1e3);
	bench_start(s, "many environments");
	many = bench_reads(s, env, "many environments");
	printf("many to few: GET one %.2fx, list of 50 %.2fx the time\n", few.one / many.one,
	    few.list / many.list);
	assert_int_equal(server_stop(s), 0);
	server_free(s);
}

int
main(int argc, char **argv)
{
	auto_arena a = { 0 };

	setvbuf(stdout, NULL, _IOLBF, 0);
	bench_all(&a, argc > 1 ? strtoul(argv[1], NULL, 10) : LARGE);
	bench_paused(&a);
	bench_running(&a);
	return 0;
}
