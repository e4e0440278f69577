/* SPDX-License-Identifier: Apache-2.0 */
#include "server_rig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

#define READY_LIMIT_MS 120000
#define AWAIT_LIMIT_MS 120000
#define ANSWER_LIMIT_MS 60000
#define POLL_MS 5
#define PRINTED_MAX_BYTES ((size_t)64 << 20)
#define READY_LINE "swb: ready at "

static int64_t
monotonic_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void
nap(void)
{
	(void)poll(NULL, 0, POLL_MS);
}

bool
server_until(bool (*is)(void *cookie), void *cookie, uint32_t limit_ms)
{
	int64_t end = monotonic_ms() + limit_ms;

	while (!is(cookie)) {
		if (monotonic_ms() > end)
			return false;
		nap();
	}
	return true;
}

/* --- the program ----------------------------------------------------------------------------- */

struct server *
server_new(struct arena *a)
{
	struct server *s = arena_new(a, struct server, 1);
	struct err err;

	err_init(&err, a);
	s->a = a;
	CHECK_OK(dir_make_temp(a, "swb-server-", &s->root, &err), &err);
	s->data = path_join(a, s->root, "data");
	return s;
}

void
server_free(struct server *s)
{
	struct err err;

	err_init(&err, s->a);
	server_kill(s);
	CHECK_OK(dir_remove(s->root, &err), &err);
}

static str
printed(struct server *s, struct arena *a, const char *file)
{
	struct err err;
	str text;

	err_init(&err, a);
	return file_read(a, path_join(a, s->root, file), PRINTED_MAX_BYTES, &text, &err)
	    ? text
	    : (str){ 0 };
}

str
server_errors(struct server *s)
{
	return printed(s, s->a, "err");
}

static void
redirect(const char *path, int to)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || dup2(fd, to) < 0)
		_exit(126);
}

/* Runs in the child: only what may follow a fork. */
static void
become_server(const char *out, const char *errors, char *const *argv)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that dies leaves no server */
	redirect(out, STDOUT_FILENO);
	redirect(errors, STDERR_FILENO);
	execv(SWB_PROGRAM, argv);
	_exit(127);
}

void
server_spawn(struct server *s)
{
	const char *argv[8 + SERVER_MAX_ARGS] = { "swb", "serve", "--data", s->data, "--listen",
		str_z(s->a, str_fmt(s->a, "127.0.0.1:%u", s->fixed_port)) };
	const char *out = path_join(s->a, s->root, "out"),
		   *errors = path_join(s->a, s->root, "err");
	size_t count = 6;

	assert_int_equal(s->pid, 0);
	if (s->args[0] == NULL)
		s->args[0] = "--environments=" SWB_SOURCE_ROOT "/environments";
	for (size_t i = 0; i < SERVER_MAX_ARGS && s->args[i] != NULL; i++)
		argv[count++] = s->args[i];
	s->port = s->fixed_port;
	(void)unlink(out);
	s->pid = fork();
	assert_true(s->pid >= 0);
	if (s->pid == 0)
		become_server(out, errors, (char *const *)(uintptr_t)argv);
}

static int
status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int
server_end(struct server *s)
{
	int status = 0;

	while (waitpid(s->pid, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	s->pid = 0;
	return status_of(status);
}

void
server_kill(struct server *s)
{
	if (s->pid == 0)
		return;
	(void)kill(s->pid, SIGKILL);
	(void)server_end(s);
}

int
server_stop(struct server *s)
{
	(void)kill(s->pid, SIGTERM);
	return server_end(s);
}

static void
tell_early_end(struct server *s, int status)
{
	str errors = server_errors(s);

	s->pid = 0;
	print_error("the server ended with %d:\n" STR_FMT "\n", status_of(status), STR_ARG(errors));
	fail();
}

bool
server_is_ready(struct server *s)
{
	auto_arena a = { 0 };
	str out = printed(s, &a, "out"), rest;
	size_t at = str_find(out, S(READY_LINE)), end;
	int64_t port;
	int status;

	if (waitpid(s->pid, &status, WNOHANG) == s->pid)
		tell_early_end(s, status);
	rest = str_from(out, at + sizeof(READY_LINE) - 1);
	end = str_find_char(rest, '\n');
	if (at == out.len || end == rest.len)
		return false;
	s->url = str_dup(s->a, str_sub(rest, 0, end));
	assert_true(str_to_i64(str_from(s->url, sizeof("http://127.0.0.1:") - 1), &port));
	s->port = (uint16_t)port;
	return true;
}

static bool
is_ready(void *cookie)
{
	return server_is_ready(cookie);
}

static str
mint(struct server *s, const char *person)
{
	char line[4096] = "";
	FILE *p = popen(str_z(s->a,
			    str_fmt(s->a, "'%s' token --as %s --for 86400 --data '%s'", SWB_PROGRAM,
				person, s->data)),
	    "r");

	assert_non_null(p);
	assert_non_null(fgets(line, sizeof(line), p));
	assert_int_equal(pclose(p), 0);
	return str_dup(s->a, str_trim(str_of(line)));
}

/* The item of a list whose member has this value. */
static const struct json *
find_item(const struct json *list, const char *member, const char *value)
{
	const struct json *item = json_first(json_get(list, "data"));

	while (item != NULL && !str_is(json_str(json_get(item, member)), value))
		item = item->next;
	return item;
}

/* What stands after the first start is asked for once. */
static void
look_around(struct server *s)
{
	const struct json *type, *config;

	s->admin = mint(s, "admin");
	s->researcher = mint(s, "researcher");
	s->project = str_trim(printed(s, s->a, "data/project"));
	type = find_item(
	    server_expect(s, s->a, 200, "GET", "/api/environmentTypes", s->admin, NULL).json,
	    "type", "sagemakerNotebook");
	if (type == NULL)
		return; /* this server publishes others */
	s->type = json_str(json_get(type, "id"));
	config = json_at(
	    json_get(server_expect(s, s->a, 200, "GET",
			 str_z(s->a,
			     str_fmt(s->a, "/api/environmentTypes/" STR_FMT "/configurations",
				 STR_ARG(s->type))),
			 s->admin, NULL)
			 .json,
		"data"),
	    0);
	s->config = json_str(json_get(config, "id"));
}

void
server_start(struct server *s)
{
	server_spawn(s);
	if (!server_until(is_ready, s, READY_LIMIT_MS)) {
		print_error("the server is not ready:\n" STR_FMT "\n", STR_ARG(server_errors(s)));
		fail();
	}
	if (s->admin.len == 0)
		look_around(s);
}

/* --- asking ------------------------------------------------------------------------------ */

int
server_connect(struct server *s)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(s->port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* A server that was killed meanwhile is no failure here. */
static void
send_all(int fd, str bytes)
{
	while (bytes.len > 0) {
		ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		bytes = str_from(bytes, (size_t)n);
	}
}

/* Where head and body of a whole answer end; 0 while more must come. */
static bool
is_whole(str text, size_t *head)
{
	static const char length[] = "Content-Length: ";
	size_t at;
	int64_t bytes = 0;
	str value;

	*head = str_find(text, S("\r\n\r\n"));
	if (*head == text.len)
		return false;
	*head += 4;
	at = str_find(text, S(length));
	if (at >= *head)
		return str_starts(text, S("HTTP/1.1 204")); /* others end with the connection */
	value = str_from(text, at + sizeof(length) - 1);
	if (!str_to_i64(str_sub(value, 0, str_find_char(value, '\r')), &bytes))
		return false;
	return text.len >= *head + (size_t)bytes;
}

static void
split(struct arena *a, struct reply *r, str text, size_t head)
{
	struct err err;
	int64_t status;

	if (!str_to_i64(str_sub(text, sizeof("HTTP/1.1 ") - 1, 3), &status))
		return;
	r->status = (int)status;
	r->head = str_sub(text, 0, head);
	r->body = str_from(text, head);
	err_init(&err, a);
	if (r->body.len > 0 && !json_parse(a, r->body, &r->json, &err))
		r->json = NULL;
}

struct reply
server_read(struct arena *a, int fd, uint32_t limit_ms)
{
	struct reply r = { 0 };
	struct buf b = buf_in(a);
	char piece[16384];
	size_t head = 0;

	while (!is_whole(buf_str(&b), &head)) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t n = poll(&p, 1, (int)limit_ms) == 1 ? recv(fd, piece, sizeof(piece), 0) : 0;

		if (n <= 0)
			break;
		buf_add(&b, (str){ piece, (size_t)n });
	}
	if (buf_str(&b).len > 0)
		split(a, &r, buf_str(&b), head);
	return r;
}

struct reply
server_send_raw(struct server *s, struct arena *a, str bytes, uint32_t limit_ms)
{
	struct reply r = { 0 };
	int fd = server_connect(s);

	if (fd < 0)
		return r;
	send_all(fd, bytes);
	r = server_read(a, fd, limit_ms);
	close(fd);
	return r;
}

struct reply
server_ask_with(struct server *s, struct arena *a, const char *method, const char *target,
    str token, const char *headers, const char *body)
{
	struct buf b = buf_in(a);

	buf_fmt(&b, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n%s", method,
	    target, s->port, headers);
	if (token.len > 0)
		buf_fmt(&b, "Authorization: " STR_FMT "\r\n", STR_ARG(token));
	if (body != NULL)
		buf_fmt(&b, "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
		    strlen(body), body);
	else
		buf_add(&b, S("\r\n"));
	return server_send_raw(s, a, buf_str(&b), ANSWER_LIMIT_MS);
}

struct reply
server_ask(struct server *s, struct arena *a, const char *method, const char *target, str token,
    const char *body)
{
	return server_ask_with(s, a, method, target, token, "", body);
}

struct reply
server_expect(struct server *s, struct arena *a, int status, const char *method, const char *target,
    str token, const char *body)
{
	struct reply r = server_ask(s, a, method, target, token, body);

	if (r.status != status) {
		print_error("%s %s: %d, want %d\n" STR_FMT "\n", method, target, r.status, status,
		    STR_ARG(r.body));
		fail();
	}
	return r;
}

/* --- environments ------------------------------------------------------------------------ */

str
server_launch_body(struct server *s, struct arena *a, const char *name)
{
	return str_fmt(a,
	    "{\"name\":\"%s\",\"description\":\"a test\",\"envTypeId\":\"" STR_FMT
	    "\",\"envTypeConfigId\":\"" STR_FMT
	    "\",\"envType\":\"sagemakerNotebook\",\"projectId\":\"" STR_FMT "\",\"datasetIds\":[]}",
	    name, STR_ARG(s->type), STR_ARG(s->config), STR_ARG(s->project));
}

str
server_launch(struct server *s)
{
	str body = server_launch_body(s, s->a, "test");

	return json_str(json_get(server_expect(s, s->a, 201, "POST", "/api/environments",
				     s->researcher, str_z(s->a, body))
				     .json,
	    "id"));
}

static const char *
target_of(struct arena *a, str env, const char *more)
{
	return str_z(a, str_fmt(a, "/api/environments/" STR_FMT "%s", STR_ARG(env), more));
}

int
server_verb(struct server *s, str env, const char *verb)
{
	auto_arena a = { 0 };

	return server_ask(s, &a, "PUT", target_of(&a, env, str_z(&a, str_fmt(&a, "/%s", verb))),
	    s->researcher, NULL)
	    .status;
}

str
server_status(struct server *s, struct arena *a, str env)
{
	return json_str(json_get(
	    server_expect(s, a, 200, "GET", target_of(a, env, ""), s->researcher, NULL).json,
	    "status"));
}

struct awaiting {
	struct server *s;
	str env;
	const char *status;
};

static bool
has_status(void *cookie)
{
	struct awaiting *k = cookie;
	auto_arena a = { 0 };

	return str_is(server_status(k->s, &a, k->env), k->status);
}

void
server_await(struct server *s, str env, const char *status)
{
	struct awaiting k = { s, env, status };
	struct reply r;

	if (server_until(has_status, &k, AWAIT_LIMIT_MS))
		return;
	r = server_ask(s, s->a, "GET", target_of(s->a, env, "/explain"), s->researcher, NULL);
	print_error("waited for %s: " STR_FMT "\n", status, STR_ARG(r.body));
	r = server_ask(s, s->a, "GET", target_of(s->a, env, "/history"), s->researcher, NULL);
	print_error(STR_FMT "\n", STR_ARG(r.body));
	fail();
}
