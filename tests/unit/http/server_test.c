/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server, by a raw socket: what good clients send, what bad ones do, and what it answers.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "check.h"

#include "base/buf.h"
#include "http/server.h"

static bool
is_inline(void *cookie, const struct http_request *head)
{
	(void)cookie;
	return str_starts(head->target, S("/inline"));
}

/* Says back what it understood. /wait needs a byte through the pipe that cookie names. */
static void
echo(void *cookie, struct arena *a, const struct http_request *req, struct http_response *resp)
{
	char byte;

	if (str_is(req->target, "/wait") && read(*(int *)cookie, &byte, 1) != 1)
		abort();
	resp->status = 200;
	http_header_add(a, &resp->headers, S("Content-Type"), S("text/plain"));
	if (str_is(req->method, "HEAD")) {
		http_header_add(a, &resp->headers, S("Content-Length"), S("12345"));
		return;
	}
	resp->body = str_fmt(a, STR_FMT " " STR_FMT " [" STR_FMT "] x=" STR_FMT,
	    STR_ARG(req->method), STR_ARG(req->target), STR_ARG(req->body),
	    STR_ARG(http_header_get(&req->headers, "X-Test")));
}

static size_t
body_limit(void *cookie, const struct http_request *head)
{
	(void)cookie;
	return str_starts(head->target, S("/small")) ? 10 : 1000;
}

static void
refuse(void *cookie, struct arena *a, const struct http_request *head, str why,
    struct http_response *resp)
{
	(void)cookie;
	if (str_starts(head->target, S("/small")))
		resp->status = 400;
	resp->body = str_fmt(a, STR_FMT "\n", STR_ARG(why));
}

struct rig {
	struct http_server *server;
	int pipe[2];
};

static struct rig *
rig_start(struct arena *a)
{
	struct rig *r = arena_new(a, struct rig, 1);
	struct err err;

	err_init(&err, a);
	assert_int_equal(pipe(r->pipe), 0);
	CHECK_OK(http_server_start(
		     &(struct http_server_options){
			 .address = S("127.0.0.1"),
			 .loops = 2,
			 .workers = 4,
			 .max_body_bytes = 1000,
			 .head_timeout_ms = 300,
			 .body_timeout_ms = 300,
			 .idle_timeout_ms = 1000,
			 .is_inline = is_inline,
			 .handle = echo,
			 .body_limit = body_limit,
			 .refuse = refuse,
			 .cookie = &r->pipe[0],
		     },
		     &r->server, &err),
	    &err);
	return r;
}

static void
rig_stop(struct rig *r)
{
	http_server_stop(r->server, 1000);
	close(r->pipe[0]);
	close(r->pipe[1]);
}

static int
dial(const struct rig *r)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons(http_server_port(r->server)),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct timeval limit = { 5, 0 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	return fd;
}

static void
say(int fd, str text)
{
	assert_int_equal(send(fd, text.ptr, text.len, MSG_NOSIGNAL), (ssize_t)text.len);
}

/* All that comes until the peer closes, or until it ends with until. */
static str
hear(struct arena *a, int fd, str until)
{
	struct buf b = buf_in(a);
	char piece[4096];
	ssize_t n;

	while ((until.len == 0 || !str_ends(buf_str(&b), until)) &&
	    (n = recv(fd, piece, sizeof(piece), 0)) > 0)
		buf_add(&b, (str){ piece, (size_t)n });
	return buf_str(&b);
}

static void
test_answers(struct arena *a)
{
	static const struct {
		const char *label, *request, *status, *ends;
	} cases[] = {
		{ "inline", "GET /inline?x=%20y HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
		    "200", "GET /inline?x=%20y [] x=" },
		{ "worker",
		    "POST /w HTTP/1.1\r\nHost: h\r\nX-Test: v\r\nContent-Length: 3\r\n"
		    "Connection: close\r\n\r\nabc",
		    "200", "POST /w [abc] x=v" },
		{ "chunked",
		    "POST /w HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
		    "Connection: close\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
		    "200", "POST /w [abc] x=" },
		{ "no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "400", "" },
		{ "two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400",
		    "exactly one Host header is needed\n" },
		{ "two lengths",
		    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
		    "400", "" },
		{ "length and chunks",
		    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
		    "0\r\n\r\n",
		    "400", "" },
		{ "too large by its word",
		    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n", "413",
		    "the body is over 1000 bytes\n" },
		{ "too large for its path, told in its own way",
		    "POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n", "400",
		    "the body is over 10 bytes\n" },
	};
	struct rig *r = rig_start(a);

	for (size_t i = 0; i < countof(cases); i++) {
		int fd = dial(r);
		str answer;

		say(fd, str_of(cases[i].request));
		answer = hear(a, fd, (str){ 0 });
		CHECK(str_starts(answer, str_fmt(a, "HTTP/1.1 %s ", cases[i].status)) ||
			str_starts(answer, str_fmt(a, "HTTP/1.0 %s ", cases[i].status)),
		    "%s: " STR_FMT, cases[i].label, STR_ARG(answer));
		CHECK(str_ends(answer, str_of(cases[i].ends)), "%s: " STR_FMT, cases[i].label,
		    STR_ARG(answer));
		close(fd);
	}
	rig_stop(r);
}

/* The length of a body that is not there, and the next answer on the same connection. */
static void
test_head(struct arena *a)
{
	struct rig *r = rig_start(a);
	int fd = dial(r);
	str answer;

	say(fd, S("HEAD /w HTTP/1.1\r\nHost: h\r\n\r\n"));
	answer = hear(a, fd, S("\r\n\r\n"));
	CHECK(str_has(answer, S("Content-Length: 12345\r\n")), STR_FMT, STR_ARG(answer));
	say(fd, S("GET /w HTTP/1.1\r\nHost: h\r\n\r\n"));
	answer = hear(a, fd, S("x="));
	CHECK(str_starts(answer, S("HTTP/1.1 200 ")), "after it: " STR_FMT, STR_ARG(answer));
	close(fd);
	rig_stop(r);
}

static void
test_too_large_in_chunks(struct arena *a)
{
	struct rig *r = rig_start(a);
	int fd = dial(r);
	struct buf body = buf_in(a);

	buf_add(&body, S("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"));
	for (int i = 0; i < 20; i++)
		buf_fmt(&body, "40\r\n%064d\r\n", i);
	buf_add(&body, S("0\r\n\r\n"));
	say(fd, buf_str(&body));
	CHECK(str_starts(hear(a, fd, S("bytes\n")), S("HTTP/1.1 413 ")), "chunks");
	close(fd);
	rig_stop(r);
}

/* Two requests on one connection; and a slow one beside it does not hold the fast one up. */
static void
test_kept_connection(struct arena *a)
{
	struct rig *r = rig_start(a);
	int slow = dial(r), fd = dial(r);

	say(slow, S("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n"));
	for (int i = 0; i < 3; i++) {
		say(fd, S("GET /w HTTP/1.1\r\nHost: h\r\n\r\n"));
		CHECK(str_starts(hear(a, fd, S("x=")), S("HTTP/1.1 200 ")), "request %d", i);
	}
	assert_int_equal(write(r->pipe[1], "x", 1), 1);
	CHECK(str_starts(hear(a, slow, S("x=")), S("HTTP/1.1 200 ")), "the slow one");
	close(slow);
	close(fd);
	rig_stop(r);
}

/* Peers that stop in the middle are closed, whether silent or dripping. */
static void
test_slow_peers(struct arena *a)
{
	static const char *const beginnings[] = {
		"GET / HTTP/1.1\r\nHost: h\r\nX-Drip: ",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n",
	};
	struct rig *r = rig_start(a);

	for (size_t i = 0; i < countof(beginnings); i++) {
		int fd = dial(r);
		struct timeval pause = { 0, 50000 };
		char byte;
		int drips = 0;

		say(fd, str_of(beginnings[i]));
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &pause, sizeof(pause));
		while (
		    recv(fd, &byte, 1, 0) < 0 && drips < 100 && send(fd, "a", 1, MSG_NOSIGNAL) == 1)
			drips++;
		CHECK(drips >= 3 && drips < 60, "beginning %zu: %d drips", i, drips);
		close(fd);
	}
	rig_stop(r);
}

static void
test_many_idle_connections(struct arena *a)
{
	struct rig *r = rig_start(a);
	int idle[500], fd;

	for (size_t i = 0; i < countof(idle); i++)
		idle[i] = dial(r);
	fd = dial(r);
	say(fd, S("GET /w HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
	CHECK(str_starts(hear(a, fd, (str){ 0 }), S("HTTP/1.1 200 ")), "beside 500 idle ones");
	close(fd);
	for (size_t i = 0; i < countof(idle); i++)
		close(idle[i]);
	rig_stop(r);
}

static void
test_address(struct arena *a)
{
	struct rig *r = rig_start(a);
	struct http_server_options o = {
		.address = S("127.0.0.1"), .handle = echo, .port = http_server_port(r->server)
	};
	struct http_server *second;
	struct err err;

	err_init(&err, a);
	assert_false(http_server_start(&o, &second, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	CHECK(str_has(err.msg, S("cannot listen at 127.0.0.1:")), STR_FMT, STR_ARG(err.msg));
	o.address = S("localhost");
	assert_false(http_server_start(&o, &second, &err));
	assert_int_equal(err.kind, ERR_INVALID);
	rig_stop(r);
}

struct late {
	struct rig *rig;
	int fd; /* of a peer that is connected when the stop begins */
};

/* Asks on and on until it is told that this was the last answer; then lets /wait end. */
static void *
ask_and_release(void *cookie)
{
	struct late *l = cookie;
	auto_arena a = { 0 };
	str answer;

	do {
		say(l->fd, S("GET /w HTTP/1.1\r\nHost: h\r\n\r\n"));
		answer = hear(&a, l->fd, S("x="));
	} while (str_ends(answer, S("x=")) && !str_has(answer, S("Connection: close")));
	assert_int_equal(write(l->rig->pipe[1], "x", 1), 1);
	return NULL;
}

/* A stop waits for what is under way, and not for what its peers would ask next. */
static void
test_stop_drains(struct arena *a)
{
	struct rig *r = rig_start(a);
	pthread_t thread;
	int fd = dial(r), ready = dial(r);
	struct late late = { r, ready };

	say(fd, S("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n"));
	say(ready, S("GET /inline HTTP/1.1\r\nHost: h\r\n\r\n"));
	(void)hear(a, ready, S("x="));
	pthread_create(&thread, NULL, ask_and_release, &late);
	assert_true(http_server_stop(r->server, 2000));
	pthread_join(thread, NULL);
	close(r->pipe[0]);
	close(r->pipe[1]);
	close(fd);
	close(ready);
}

static void *
ask_until_closed(void *cookie)
{
	static const char request[] = "GET /w HTTP/1.1\r\nHost: h\r\n\r\n";
	auto_arena a = { 0 };
	int fd = *(int *)cookie;

	while (send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) > 0 &&
	    str_ends(hear(&a, fd, S("x=")), S("x=")))
		;
	return NULL;
}

/* Whatever a request had come to when the server stopped, all ends in order. */
static void
test_stop_under_load(struct arena *a)
{
	for (int round = 0; round < 20; round++) {
		struct rig *r = rig_start(a);
		pthread_t threads[4];
		int fds[countof(threads)];

		for (size_t i = 0; i < countof(threads); i++) {
			fds[i] = dial(r);
			say(fds[i], S("GET /inline HTTP/1.1\r\nHost: h\r\n\r\n"));
			(void)hear(a, fds[i], S("x="));
			pthread_create(&threads[i], NULL, ask_until_closed, &fds[i]);
		}
		assert_true(http_server_stop(r->server, 2000));
		for (size_t i = 0; i < countof(threads); i++) {
			pthread_join(threads[i], NULL);
			close(fds[i]);
		}
		close(r->pipe[0]);
		close(r->pipe[1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_answers),
		TEST(test_head),
		TEST(test_too_large_in_chunks),
		TEST(test_kept_connection),
		TEST(test_slow_peers),
		TEST(test_many_idle_connections),
		TEST(test_address),
		TEST(test_stop_drains),
		TEST(test_stop_under_load),
	};

	return RUN_TESTS(tests);
}
