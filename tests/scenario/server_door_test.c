/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bad input at each door of the server, peers that are slow or many, and a start that cannot be: a
 * clear answer, others served, one line that says what is wrong.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "command.h"
#include "server_rig.h"

#include "base/buf.h"
#include "base/encode.h"

#define SILENCE_MS 5000
#define UNKNOWN "env-00000000-0000-4000-8000-000000000000"

/* It still answers, whatever came before. */
static void
check_alive(struct server *s, const char *after)
{
	auto_arena a = { 0 };
	struct reply r = server_ask(s, &a, "GET", "/healthz", (str){ 0 }, NULL);

	CHECK(r.status == 200, "alive after: %s", after);
}

static str
repeated(struct arena *a, const char *what, size_t times)
{
	struct buf b = buf_in(a);

	while (times-- > 0)
		buf_add(&b, str_of(what));
	return buf_str(&b);
}

/* --- HTTP -------------------------------------------------------------------------------- */

static void
check_http(struct server *s, struct arena *a)
{
	const struct {
		const char *label;
		str sent;
		int want; /* 0: the connection ends without an answer, or with a 400 */
	} cases[] = {
		{ "no host", S("GET / HTTP/1.1\r\n\r\n"), 400 },
		{ "two hosts", S("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400 },
		{ "two lengths",
		    S("POST /api/events HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: "
		      "3\r\n\r\n{}x"),
		    400 },
		{ "a length and chunks",
		    S("POST /api/events HTTP/1.1\r\nHost: h\r\nContent-Length: "
		      "2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
		    400 },
		{ "a length that is none",
		    S("POST /api/events HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n"), 400 },
		{ "a body over the limit, told",
		    S("POST /api/events HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n"),
		    413 },
		{ "a hundred and more header fields",
		    str_cat(a, S("GET / HTTP/1.1\r\nHost: h\r\n"),
			str_cat(a, repeated(a, "X-A: b\r\n", 120), S("\r\n"))),
		    431 },
		{ "a header of a megabyte",
		    str_cat(a, S("GET / HTTP/1.1\r\nHost: h\r\nX: "),
			str_cat(a, repeated(a, "0123456789abcdef", 65536), S("\r\n\r\n"))),
		    431 },
		{ "a TLS hello", S("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"), 0 },
		{ "noise", S("\xff\xfe\xfd\r\n\r\n\r\n"), 0 },
		{ "no version", S("GET /\r\n\r\n"), 0 },
		{ "chunks that are none",
		    S("POST /api/events HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
		      "chunked\r\n\r\nzz\r\nab\r\n\r\n"),
		    0 },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct reply r = server_send_raw(s, a, cases[i].sent, SILENCE_MS);

		CHECK(r.status == cases[i].want || (cases[i].want == 0 && r.status == 400) ||
			(cases[i].want == 431 && r.status == 413) /* libmicrohttpd's own word */,
		    "%s: %d", cases[i].label, r.status);
		check_alive(s, cases[i].label);
	}
}

/* --- the API ----------------------------------------------------------------------------- */

static void
check_bodies(struct server *s, struct arena *a)
{
	const struct {
		const char *label, *body;
	} cases[] = {
		{ "nothing", "" },
		{ "half an object", "{\"name\":" },
		{ "a list", "[]" },
		{ "a number", "7" },
		{ "bad UTF-8", "{\"name\":\"\xff\xfe\"}" },
		{ "a member twice", "{\"name\":\"a\",\"name\":\"b\"}" },
		{ "too deep", str_z(a, repeated(a, "[", 5000)) },
		{ "a name that is a number", "{\"name\":1}" },
		{ "more after the end", "{}{}" },
		{ "a lone surrogate", "{\"name\":\"\\ud800\"}" },
		{ "a control character", "{\"name\":\"\x01\"}" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct reply r =
		    server_ask(s, a, "POST", "/api/environments", s->researcher, cases[i].body);

		CHECK(
		    r.status == 400, "%s: %d " STR_FMT, cases[i].label, r.status, STR_ARG(r.body));
		CHECK(json_str(json_get(r.json, "message")).len > 0, "%s: says what is wrong",
		    cases[i].label);
		check_alive(s, cases[i].label);
	}
}

static void
check_ids(struct server *s, struct arena *a)
{
	static const struct {
		const char *method, *target;
		int admin, researcher;
	} cases[] = {
		{ "GET", "/api/environments/x", 400, 400 },
		{ "GET", "/api/environments/env-", 400, 400 },
		{ "GET", "/api/environments/%00", 400, 400 },
		{ "GET", "/api/environments/%ff%fe", 400, 400 },
		{ "GET", "/api/environments/%zz", 400, 400 },
		{ "GET", "/api/environments/..%2f..%2fetc%2fpasswd", 400, 400 },
		{ "GET", "/api/environments/proj-00000000-0000-4000-8000-000000000000", 400, 400 },
		{ "GET", "/api/environments/" UNKNOWN, 404, 404 },
		{ "PUT", "/api/environments/" UNKNOWN "/stop", 404, 404 },
		{ "PUT", "/api/environments/" UNKNOWN "/terminate", 404, 404 },
		{ "GET", "/api/environments/" UNKNOWN "/connections", 404, 404 },
		{ "GET", "/api/environments/" UNKNOWN "/explode", 403, 403 },
		{ "DELETE", "/api/environments/" UNKNOWN, 403, 403 },
		{ "GET", "/api/environments?pageSize=0", 400, 400 },
		{ "GET", "/api/environments?paginationToken=AAAA", 400, 400 },
		{ "GET", "/api/environments?status=NONE", 400, 400 },
		{ "GET", "/api/nothing", 403, 403 },
		{ "GET", "/nothing", 404, 404 },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		int admin =
		    server_ask(s, a, cases[i].method, cases[i].target, s->admin, NULL).status;
		int researcher =
		    server_ask(s, a, cases[i].method, cases[i].target, s->researcher, NULL).status;

		CHECK(admin == cases[i].admin && researcher == cases[i].researcher,
		    "%s %s: %d to the admin, %d to the researcher", cases[i].method,
		    cases[i].target, admin, researcher);
	}
	check_alive(s, "ids");
}

/* The token with one part replaced: 0 header, 1 claims, 2 signature. */
static str
altered(struct arena *a, str token, size_t which, str by)
{
	struct buf b = buf_in(a);
	size_t at = 0;

	for (str rest = token, part; str_cut(&rest, '.', &part); at++)
		buf_fmt(&b, "%s" STR_FMT, at > 0 ? "." : "", STR_ARG(at == which ? by : part));
	return buf_str(&b);
}

static void
check_tokens(struct server *s, struct arena *a)
{
	str none = base64url_encode(a, S("{\"alg\":\"none\",\"typ\":\"JWT\"}"));
	str claims = base64url_encode(a,
	    S("{\"iss\":\"swb\",\"sub\":\"00000000-0000-4000-8000-000000000000\",\"cognito:groups\":"
	      "[\"ITAdmin\"],\"token_use\":\"access\",\"client_id\":\"swb\",\"exp\":4102444800}"));
	const struct {
		const char *label;
		str token;
	} cases[] = {
		{ "none", S("") },
		{ "noise", S("abc") },
		{ "dots", S("..") },
		{ "of no algorithm", altered(a, s->researcher, 0, none) },
		{ "of no algorithm and no signature",
		    str_fmt(a, STR_FMT "." STR_FMT ".", STR_ARG(none), STR_ARG(claims)) },
		{ "with other claims", altered(a, s->researcher, 1, claims) },
		{ "with another's signature",
		    altered(a, s->researcher, 2, str_from(s->admin, s->admin.len - 342)) },
		{ "cut short", str_sub(s->researcher, 0, s->researcher.len - 5) },
		{ "too long", repeated(a, "abcdefgh", 2500) },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct reply r = server_ask(s, a, "GET", "/api/environments", cases[i].token, NULL);

		CHECK(r.status == 401, "a token, %s: %d", cases[i].label, r.status);
		CHECK(!str_has(r.body, S("{")), "%s: tells a forger nothing", cases[i].label);
	}
	check_alive(s, "tokens");
}

static void
check_events(struct server *s, struct arena *a)
{
	str secret = read_output(a, s->data, "events-secret");
	const char *good =
	    str_z(a, str_fmt(a, "X-Swb-Events-Secret: " STR_FMT "\r\n", STR_ARG(secret)));
	const struct {
		const char *label, *headers, *body;
		int want;
	} cases[] = {
		{ "no secret", "", "{}", 401 },
		{ "a wrong secret", "X-Swb-Events-Secret: aaaa\r\n", "{}", 401 },
		{ "half a secret",
		    str_z(a,
			str_fmt(a, "X-Swb-Events-Secret: " STR_FMT "\r\n",
			    STR_ARG(str_sub(secret, 0, 20)))),
		    "{}", 401 },
		{ "no event", good, "", 400 },
		{ "no JSON", good, "{", 400 },
		{ "an empty object", good, "{}", 400 },
		{ "a list", good, "[1]", 400 },
		{ "a detail that is a text", good,
		    "{\"id\":\"1\",\"account\":\"222222222222\",\"region\":\"us-east-1\",\"source\":"
		    "\"automation\",\"detail-type\":\"Launch\",\"time\":\"2022-01-01T00:00:00Z\","
		    "\"detail\":\"x\"}",
		    400 },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct reply r = server_ask_with(
		    s, a, "POST", "/api/events", (str){ 0 }, cases[i].headers, cases[i].body);

		CHECK(r.status == cases[i].want, "an event, %s: %d " STR_FMT, cases[i].label,
		    r.status, STR_ARG(r.body));
		check_alive(s, cases[i].label);
	}
}

static void
test_bad_input(struct arena *a)
{
	struct server *s = server_new(a);

	server_start(s);
	check_http(s, a);
	check_bodies(s, a);
	check_ids(s, a);
	check_tokens(s, a);
	check_events(s, a);
	assert_int_equal(server_stop(s), 0);
	server_free(s);
}

/* --- the page behind a link -------------------------------------------------------------- */

static void
test_notebook_page(struct arena *a)
{
	struct server *s = server_new(a);
	str env, url, target, name;
	struct reply r;

	server_start(s);
	env = server_launch(s);
	server_await(s, env, "COMPLETED");
	r = server_expect(s, a, 200, "GET",
	    str_z(a, str_fmt(a, "/api/environments/" STR_FMT "/connections", STR_ARG(env))),
	    s->researcher, NULL);
	url = json_str(json_path(r.json, "authCredResponse", "url", NULL));
	CHECK(str_starts(url, s->url), STR_FMT, STR_ARG(url));
	target = str_from(url, s->url.len);
	name =
	    json_str(json_get(server_expect(s, a, 200, "GET",
				  str_z(a, str_fmt(a, "/api/environments/" STR_FMT, STR_ARG(env))),
				  s->researcher, NULL)
				  .json,
		"instanceId"));
	r = server_expect(s, a, 200, "GET", str_z(a, target), (str){ 0 }, NULL);
	CHECK(str_has(r.body, name), "which notebook: " STR_FMT, STR_ARG(r.body));
	CHECK(str_has(r.body, S("no compute is behind it")), "says that it is simulated");
	target = str_sub(target, 0, target.len - 1);
	r = server_expect(s, a, 403, "GET", str_z(a, target), (str){ 0 }, NULL);
	r = server_expect(s, a, 403, "GET",
	    "/notebooks/%3Cscript%3E/us-east-1/x?authToken=%3Cscript%3E", (str){ 0 }, NULL);
	CHECK(!str_has(r.body, S("<script>")), "no HTML of the asker's");
	assert_int_equal(server_stop(s), 0);
	server_free(s);
}

/* --- the slow and the many --------------------------------------------------------------- */

#define SLOW 40
#define IDLE 2000
#define SERVED 100

static void
say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

static int
connected(struct server *s)
{
	int fd = server_connect(s);

	CHECK(fd >= 0, "a connection: %s", strerror(errno));
	return fd;
}

static void
check_served(struct server *s, struct arena *a)
{
	for (int i = 0; i < SERVED; i++)
		(void)server_expect(s, a, 200, "GET", "/api/environments", s->researcher, NULL);
}

static void
allow_files(rlim_t count)
{
	struct rlimit files;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
	files.rlim_cur = count < files.rlim_max ? count : files.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
}

/* The server begins with the usual 1,024 files, and must help itself to more. */
static void
test_slow_and_many(struct arena *a)
{
	struct server *s = server_new(a);
	static int slow[2 * SLOW], idle[IDLE];
	size_t connections = 0;
	struct rlimit files;

	allow_files(1024);
	server_start(s);
	allow_files(RLIM_INFINITY);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
	for (int i = 0; i < 2 * SLOW; i++) {
		slow[i] = connected(s);
		say(slow[i],
		    i % 2 == 0 ? "GET /api/environments HTTP/1.1\r\nHo"
			       : "POST /api/environments HTTP/1.1\r\nHost: h\r\nContent-Length: "
				 "100\r\n\r\n{");
	}
	check_served(s, a);
	for (; connections < IDLE && connections + 2 * SLOW + 100 < files.rlim_cur; connections++)
		idle[connections] = connected(s);
	print_message("%zu idle connections\n", connections);
	check_served(s, a);
	/* The last of those that idled is served, too, when it speaks at last. */
	say(idle[connections - 1], "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
	assert_int_equal(server_read(a, idle[connections - 1], 30000).status, 200);
	for (size_t i = 0; i < connections; i++)
		close(idle[i]);
	for (int i = 0; i < 2 * SLOW; i++)
		close(slow[i]);
	check_served(s, a);
	assert_int_equal(server_stop(s), 0);
	server_free(s);
}

/* --- start and end ----------------------------------------------------------------------- */

/* It ends with status 1 and one line that holds these words. */
static void
check_refusal(struct arena *a, const char *label, const char *line, const char *words)
{
	struct command c = run_command(a, line);

	CHECK(c.status == 1, "%s: status %d", label, c.status);
	CHECK(str_starts(c.err, S("swb: ")) && str_find_char(c.err, '\n') == c.err.len - 1,
	    "%s: one line, not:\n" STR_FMT, label, STR_ARG(c.err));
	CHECK(str_has(c.err, str_of(words)), "%s: says '%s', not " STR_FMT, label, words,
	    STR_ARG(c.err));
}

static const char *
serve_line(struct arena *a, const char *before, const char *data, unsigned port)
{
	return str_z(a,
	    str_fmt(
		a, "%s $SWB serve --quiet --data '%s' --listen 127.0.0.1:%u", before, data, port));
}

static void
make_newer(struct arena *a, const char *data)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path_join(a, data, "workbench.db"), &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, "PRAGMA user_version = 999", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void
test_starts_that_cannot_be(struct arena *a)
{
	struct server *s = server_new(a);
	const char *other = path_join(a, s->root, "other");
	struct err err;

	err_init(&err, a);
	server_start(s);
	check_refusal(
	    a, "a second server", serve_line(a, "", s->data, 0), "open in another program");
	check_refusal(a, "a taken port", serve_line(a, "", other, s->port),
	    "Address already in use; --any-port takes a free port");
	check_alive(s, "a second server");
	assert_int_equal(server_stop(s), 0);

	CHECK_OK(dir_make(path_join(a, other, "open"), 0755, &err), &err);
	assert_int_equal(chmod(path_join(a, other, "open"), 0755), 0);
	check_refusal(a, "open to others", serve_line(a, "", path_join(a, other, "open"), 0),
	    "open to others");
	check_refusal(a, "files may not grow",
	    serve_line(a, "ulimit -f 64;", path_join(a, other, "small"), 0), "small");
	check_refusal(
	    a, "no folder can be there", serve_line(a, "", "/dev/null/x", 0), "/dev/null");
	make_newer(a, s->data);
	check_refusal(a, "a newer folder", serve_line(a, "", s->data, 0), "newer swb");
	server_free(s);
}

static uint16_t
free_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	close(fd);
	return ntohs(at.sin_port);
}

struct starting {
	struct server *s;
	unsigned refused;
};

/* Until the first good answer, counting those that say "not yet". */
static bool
is_served(void *cookie)
{
	struct starting *k = cookie;
	auto_arena a = { 0 };
	struct reply r = server_ask(k->s, &a, "GET", "/healthz", (str){ 0 }, NULL);

	if (r.status == 503) {
		CHECK(str_has(r.head, S("Retry-After: 1")), "says when to come again");
		k->refused++;
	}
	return r.status == 200;
}

/* A first start takes long enough to be asked meanwhile. */
static void
test_asked_while_it_starts(struct arena *a)
{
	struct server *s = server_new(a);
	struct starting k = { s, 0 };

	s->fixed_port = free_port();
	server_spawn(s);
	CHECK(server_until(is_served, &k, 120000), "it is ready at last");
	CHECK(k.refused > 0, "it was asked before it was ready");
	assert_int_equal(server_stop(s), 0);
	server_free(s);
}

/* SIGTERM in the middle of a request: it is answered, and the server ends well. */
static void
test_drains(struct arena *a)
{
	struct server *s = server_new(a);
	str body, head;
	struct reply r;
	int fd;

	server_start(s);
	body = server_launch_body(s, a, "last");
	head = str_fmt(a,
	    "POST /api/environments HTTP/1.1\r\nHost: h\r\nAuthorization: " STR_FMT
	    "\r\nContent-Length: %zu\r\n\r\n",
	    STR_ARG(s->researcher), body.len);
	fd = connected(s);
	say(fd, str_z(a, str_cat(a, head, str_sub(body, 0, 10))));
	check_alive(s, "half a request"); /* which was therefore read */
	assert_int_equal(kill(s->pid, SIGTERM), 0);
	say(fd, str_z(a, str_from(body, 10)));
	r = server_read(a, fd, 30000);
	CHECK(r.status == 201, "%d " STR_FMT, r.status, STR_ARG(r.body));
	close(fd);
	assert_int_equal(server_end(s), 0);
	server_start(s);
	server_await(s, json_str(json_get(r.json, "id")), "COMPLETED");
	assert_int_equal(server_stop(s), 0);
	server_free(s);
}

/* --- a disk that gets full --------------------------------------------------------------- */

static void
fill(const char *path)
{
	static const char zeros[65536];
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	while (write(fd, zeros, sizeof(zeros)) > 0)
		;
	while (write(fd, zeros, 512) > 0)
		;
	close(fd);
}

#define MOST_LAUNCHES 400

/* Refused with a clear answer while it is full; what was accepted is done; it goes on by itself. */
static void
check_full_disk(struct server *s, struct arena *a, const char *filler)
{
	str accepted[MOST_LAUNCHES];
	size_t count = 0;
	struct reply r;

	do {
		r = server_ask(s, a, "POST", "/api/environments", s->researcher,
		    str_z(a, server_launch_body(s, a, "full")));
		if (r.status == 201)
			accepted[count++] = json_str(json_get(r.json, "id"));
	} while (r.status == 201 && count < MOST_LAUNCHES);
	CHECK(r.status == 500 || r.status == 503, "%zu accepted, then %d", count, r.status);
	CHECK(str_has(server_errors(s), S("full")) || str_has(server_errors(s), S("disk")),
	    "the log says why");
	check_alive(s, "a full disk");
	assert_int_equal(unlink(filler), 0);
	for (size_t i = 0; i < count; i++)
		server_await(s, accepted[i], "COMPLETED");
	server_await(s, server_launch(s), "COMPLETED");
}

static void
test_full_disk(struct arena *a)
{
	struct server *s = server_new(a);
	const char *filler = path_join(a, s->data, "filler");
	struct err err;

	err_init(&err, a);
	CHECK_OK(dir_make(s->data, 0700, &err), &err);
	if (mount("swb", s->data, "tmpfs", 0, "size=64m,mode=0700") != 0) {
		print_message("no file system may be mounted here\n");
		server_free(s);
		arena_fini(a); /* skip() leaves by longjmp */
		skip();
	}
	fill(filler);
	check_refusal(a, "a full disk", serve_line(a, "", s->data, 0), s->data);
	assert_int_equal(unlink(filler), 0);
	server_start(s);
	fill(filler);
	check_full_disk(s, a, filler);
	assert_int_equal(server_stop(s), 0);
	assert_int_equal(umount(s->data), 0);
	server_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_bad_input),
		TEST(test_notebook_page),
		TEST(test_slow_and_many),
		TEST(test_starts_that_cannot_be),
		TEST(test_asked_while_it_starts),
		TEST(test_drains),
		TEST(test_full_disk),
	};

	return RUN_TESTS(tests);
}
