/* SPDX-License-Identifier: Apache-2.0 */
/* libcurl's transport against a server of a few lines that does what the path tells it. */
#include "check.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "http/transport.h"

/* --- the server ------------------------------------------------------------------------ */

struct server {
	int listener;
	char endpoint[64];
	atomic_int connections;
	pthread_t thread;
};

static void
answer(int fd, const char *text)
{
	(void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
}

/* Reads one request into text; false at the end of the connection. */
static bool
read_request(int fd, char *text, size_t max)
{
	size_t len = 0, due = 0;
	char *end = NULL;

	while (end == NULL || len < due) {
		ssize_t got = read(fd, text + len, max - len - 1);
		const char *length;

		if (got <= 0)
			return false;
		len += (size_t)got;
		text[len] = '\0';
		if (end == NULL && (end = strstr(text, "\r\n\r\n")) != NULL) {
			length = strstr(text, "Content-Length: ");
			due = (size_t)(end - text) + 4;
			if (length != NULL && length < end)
				due += (size_t)atol(length + strlen("Content-Length: "));
		}
	}
	return true;
}

/* Answers with the request itself. */
static void
echo(int fd, const char *text)
{
	char head[128];

	snprintf(head, sizeof(head),
	    "HTTP/1.1 201 Created\r\nX-One: 1 \r\nx-two:  2\r\nContent-Length: %zu\r\n\r\n",
	    strlen(text));
	answer(fd, head);
	if (strncmp(text, "HEAD", 4) != 0)
		answer(fd, text);
}

/* False: the connection is closed. */
static bool
serve_request(int fd, const char *text)
{
	const char *path = strchr(text, ' ') + 1;

	if (strncmp(path, "/echo", 5) == 0) {
		echo(fd, text);
		return true;
	}
	if (strncmp(path, "/chunked ", 9) == 0)
		answer(fd,
		    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		    "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
	if (strncmp(path, "/continue ", 10) == 0)
		answer(fd,
		    "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n"
		    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
	if (strncmp(path, "/redirect ", 10) == 0)
		answer(fd, "HTTP/1.1 302 Found\r\nLocation: /echo\r\nContent-Length: 0\r\n\r\n");
	if (strncmp(path, "/huge ", 6) == 0)
		answer(fd, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345");
	if (strncmp(path, "/cut ", 5) == 0)
		answer(fd, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n12");
	if (strncmp(path, "/garbage ", 9) == 0)
		answer(fd, "what is this\r\n\r\n");
	if (strncmp(path, "/headers ", 9) == 0) {
		answer(fd, "HTTP/1.1 200 OK\r\n");
		for (int i = 0; i < 2000; i++)
			answer(fd, "X-Filler: 0123456789012345678901234567890123456789\r\n");
		answer(fd, "\r\n");
	}
	if (strncmp(path, "/silent ", 8) == 0) {
		char rest[16];

		(void)!read(fd, rest, sizeof(rest)); /* until the client gives up */
	}
	return false;
}

static void *
serve(void *cookie)
{
	struct server *s = cookie;
	int fd;

	while ((fd = accept(s->listener, NULL, NULL)) >= 0) {
		static char text[1 << 16];

		s->connections++;
		while (read_request(fd, text, sizeof(text)) && serve_request(fd, text))
			;
		close(fd);
	}
	return NULL;
}

static void
server_open(struct server *s)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);

	*s = (struct server){ .listener = socket(AF_INET, SOCK_STREAM, 0) };
	assert_true(s->listener >= 0);
	assert_int_equal(bind(s->listener, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(s->listener, 8), 0);
	assert_int_equal(getsockname(s->listener, (struct sockaddr *)&at, &len), 0);
	snprintf(s->endpoint, sizeof(s->endpoint), "http://127.0.0.1:%d", ntohs(at.sin_port));
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void
server_close(struct server *s)
{
	shutdown(s->listener, SHUT_RDWR);
	assert_int_equal(pthread_join(s->thread, NULL), 0);
	close(s->listener);
}

/* --- tests ----------------------------------------------------------------------------- */

static struct curl_transport *
transport(struct arena *a, const struct curl_transport_options *options)
{
	struct curl_transport *t = NULL;
	struct err err;

	err_init(&err, a);
	CHECK_OK(curl_transport_new(options, &t, &err), &err);
	return t;
}

static struct http_request
request(struct arena *a, const struct server *s, const char *method, const char *target)
{
	struct http_request req = {
		.method = str_of(method),
		.endpoint = str_of(s->endpoint),
		.target = str_of(target),
	};

	http_header_add(a, &req.headers, S("Host"), S("example.org"));
	http_header_add(a, &req.headers, S("X-Empty"), S(""));
	return req;
}

static void
test_messages(struct arena *a)
{
	static const struct {
		const char *method, *target, *body, *want;
	} cases[] = {
		{ "GET", "/echo/a%20b/../c?x=%2F&y", "",
		    "GET /echo/a%20b/../c?x=%2F&y HTTP/1.1\r\nHost: example.org\r\nX-Empty:\r\n\r\n" },
		{ "POST", "/echo", "a=b",
		    "POST /echo HTTP/1.1\r\nHost: example.org\r\nX-Empty:\r\nContent-Length: "
		    "3\r\n\r\na=b" },
		{ "PUT", "/echo", "",
		    "PUT /echo HTTP/1.1\r\nHost: example.org\r\nX-Empty:\r\nContent-Length: "
		    "0\r\n\r\n" },
		{ "DELETE", "/echo", "",
		    "DELETE /echo HTTP/1.1\r\nHost: example.org\r\nX-Empty:\r\n\r\n" },
		{ "HEAD", "/echo", "", "" },
	};
	struct server s;
	struct curl_transport *t = transport(a, &(struct curl_transport_options){ 0 });

	server_open(&s);
	for (size_t i = 0; i < countof(cases); i++) {
		struct http_request req = request(a, &s, cases[i].method, cases[i].target);
		struct http_response resp;
		struct err err;

		err_init(&err, a);
		req.body = str_of(cases[i].body);
		CHECK_OK(
		    transport_send(curl_transport_as_transport(t), a, &req, &resp, &err), &err);
		CHECK(resp.status == 201, "%s", cases[i].method);
		CHECK_STR(resp.body, cases[i].want, "%s", cases[i].method);
		CHECK_STR(http_header_get(&resp.headers, "x-one"), "1", "%s", cases[i].method);
		CHECK_STR(http_header_get(&resp.headers, "X-Two"), "2", "%s", cases[i].method);
	}
	assert_int_equal(s.connections, 1); /* kept */
	curl_transport_free(t);
	server_close(&s);
}

static void
test_answers(struct arena *a)
{
	static const struct {
		const char *target;
		int status; /* 0: fails with kind */
		enum err_kind kind;
		const char *want; /* body */
	} cases[] = {
		{ "/chunked", 200, ERR_NONE, "abc" },
		{ "/continue", 200, ERR_NONE, "late" },
		{ "/redirect", 302, ERR_NONE, "" },
		{ "/huge", 0, ERR_TOO_LARGE, NULL },
		{ "/headers", 0, ERR_TOO_LARGE, NULL },
		{ "/cut", 0, ERR_TIMEOUT, NULL },
		{ "/closed", 0, ERR_TIMEOUT, NULL },
		{ "/garbage", 0, ERR_TIMEOUT, NULL },
		{ "/silent", 0, ERR_TIMEOUT, NULL },
	};
	struct server s;
	struct curl_transport *t = transport(
	    a, &(struct curl_transport_options){ .timeout_ms = 300, .max_body_bytes = 4 });

	server_open(&s);
	for (size_t i = 0; i < countof(cases); i++) {
		struct http_request req = request(a, &s, "GET", cases[i].target);
		struct http_response resp;
		struct err err;
		bool ok;

		err_init(&err, a);
		ok = transport_send(curl_transport_as_transport(t), a, &req, &resp, &err);
		CHECK(ok == (cases[i].status != 0), "%s: " STR_FMT, cases[i].target,
		    STR_ARG(err.msg));
		CHECK(
		    err.kind == cases[i].kind, "%s: %s", cases[i].target, err_kind_name(err.kind));
		if (!ok) {
			CHECK(
			    str_has(err.msg, str_of(s.endpoint)), "%s names whom", cases[i].target);
			continue;
		}
		CHECK(resp.status == cases[i].status, "%s: %d", cases[i].target, resp.status);
		CHECK_STR(resp.body, cases[i].want, "%s", cases[i].target);
		CHECK_STR(http_header_get(&resp.headers, "X-Early"), "", "%s", cases[i].target);
	}
	curl_transport_free(t);
	server_close(&s);
}

static void
test_nobody_there(struct arena *a)
{
	struct server s;
	struct curl_transport *t = transport(a, &(struct curl_transport_options){ 0 });
	struct http_response resp;
	struct http_request req;
	struct err err;

	err_init(&err, a);
	server_open(&s);
	server_close(&s);
	req = request(a, &s, "GET", "/");
	assert_false(transport_send(curl_transport_as_transport(t), a, &req, &resp, &err));
	assert_int_equal(err.kind, ERR_UPSTREAM);
	assert_true(str_starts(err.msg, S("cannot reach http://127.0.0.1:")));
	req.endpoint = S("file://");
	req.target = S("/etc/hostname");
	assert_false(transport_send(curl_transport_as_transport(t), a, &req, &resp, &err));
	assert_int_equal(err.kind, ERR_UPSTREAM);
	curl_transport_free(t);
}

static void
test_line_ends_are_refused(struct arena *a)
{
	struct server s = { .endpoint = "http://127.0.0.1:9" };
	struct curl_transport *t = transport(a, &(struct curl_transport_options){ 0 });
	struct http_request req = request(a, &s, "GET", "/a\r\nX: y");
	struct http_response resp;
	struct err err;

	err_init(&err, a);
	assert_false(transport_send(curl_transport_as_transport(t), a, &req, &resp, &err));
	assert_int_equal(err.kind, ERR_INVALID);
	req = request(a, &s, "GET", "/");
	http_header_add(a, &req.headers, S("X"), S("a\nY: b"));
	assert_false(transport_send(curl_transport_as_transport(t), a, &req, &resp, &err));
	assert_int_equal(err.kind, ERR_INVALID);
	curl_transport_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_messages),
		TEST(test_answers),
		TEST(test_nobody_there),
		TEST(test_line_ends_are_refused),
	};

	return RUN_TESTS(tests);
}
