/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http/server.c: libmicrohttpd's loops, our workers, and a watchdog.
 *
 * A connection has one struct peer, a request one struct exchange. libmicrohttpd calls
 * on_request() when the head is there, then with pieces of the body, then once more when all is
 * there. The last call answers at once (inline) or suspends the connection and queues the
 * exchange; a worker handles it and resumes the connection, and on_request(), called again, sends
 * what the worker left.
 *
 * libmicrohttpd's own time-out only counts silence: a peer that sends a byte now and then holds its
 * connection for ever. The watchdog bounds head and body by the time since they began.
 */
#include "http/server.h"

#include <assert.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/thread.h"
#include "http/listen.h"

#define WATCHDOG_MS 200
#define MAX_HEADERS 100
#define CONNECTION_BYTES ((size_t)32 << 10) /* what libmicrohttpd keeps of one: head, buffers */
#define MAX_WORKERS 256

enum phase { PHASE_IDLE, PHASE_HEAD, PHASE_BODY, PHASE_ANSWER };

struct peer {
	struct peer *next, *before; /* in server->peers */
	int fd;
	enum phase phase;
	int64_t since_ms;
};

struct exchange {
	struct arena a;
	struct http_server *server;
	struct peer *peer;
	struct MHD_Connection *connection;
	struct exchange *next; /* in the queue */
	struct http_request req;
	struct http_response resp;
	struct buf body;
	size_t max_body_bytes;
	bool head_seen, refused, handled;
};

struct http_server {
	struct http_server_options options;
	struct MHD_Daemon *daemon;
	uint16_t port;
	pthread_t workers[MAX_WORKERS], watchdog;
	unsigned worker_count;
	bool watchdog_runs;

	struct mutex mu;
	struct condition work, quiet, stop;
	struct exchange *first, *last; /* guarded by mu, as are all below */
	struct peer *peers;
	unsigned active; /* exchanges begun and not completed */
	bool draining;   /* what is asked now is the last of its connection */
	bool stopping;   /* workers end what is queued, and no more is */
};

static void
set_phase(struct exchange *x, enum phase phase)
{
	mutex_lock(&x->server->mu);
	x->peer->phase = phase;
	x->peer->since_ms = clock_monotonic_ms();
	mutex_unlock(&x->server->mu);
}

/* --- refusals --------------------------------------------------------------------------- */

static void
refuse(struct exchange *x, int status, str why)
{
	const struct http_server_options *o = &x->server->options;

	x->refused = true;
	x->handled = true;
	x->resp = (struct http_response){ .status = status };
	if (o->refuse != NULL) {
		o->refuse(o->cookie, &x->a, &x->req, why, &x->resp);
	} else {
		http_header_add(
		    &x->a, &x->resp.headers, S("Content-Type"), S("text/plain; charset=utf-8"));
		x->resp.body = str_fmt(&x->a, STR_FMT "\n", STR_ARG(why));
	}
	http_header_set(&x->a, &x->resp.headers, S("Connection"), S("close"));
}

static void
refuse_large(struct exchange *x)
{
	refuse(x, 413, str_fmt(&x->a, "the body is over %zu bytes", x->max_body_bytes));
}

/* Smuggling lives where two readers see two lengths: such heads are refused, not interpreted. */
static void
check_head(struct exchange *x)
{
	size_t lengths = 0, codings = 0, hosts = 0;

	for (size_t i = 0; i < x->req.headers.count; i++) {
		str name = x->req.headers.list[i].name;

		lengths += str_eq_nocase(name, S("content-length"));
		codings += str_eq_nocase(name, S("transfer-encoding"));
		hosts += str_eq_nocase(name, S("host"));
	}
	if (x->req.headers.count > MAX_HEADERS)
		refuse(x, 431, S("more than 100 header fields"));
	else if (hosts != 1)
		refuse(x, 400, S("exactly one Host header is needed"));
	else if (lengths > 1)
		refuse(x, 400, S("Content-Length stands more than once"));
	else if (codings > 1 || (codings == 1 && lengths == 1))
		refuse(x, 400, S("Content-Length and Transfer-Encoding exclude each other"));
}

/* --- one request ------------------------------------------------------------------------- */

static enum MHD_Result
take_header(void *cookie, enum MHD_ValueKind kind, const char *name, size_t name_len,
    const char *value, size_t value_len)
{
	struct exchange *x = cookie;

	(void)kind;
	/* libmicrohttpd keeps them as long as the request; a worker reads them meanwhile. */
	http_header_add(&x->a, &x->req.headers, (str){ name, name_len },
	    (str){ value == NULL ? "" : value, value == NULL ? 0 : value_len });
	return MHD_YES;
}

/* The body of an answer that tells a length and has none: it is never asked for. */
static ssize_t
no_bytes(void *cookie, uint64_t at, char *out, size_t size)
{
	(void)cookie;
	(void)at;
	(void)out;
	(void)size;
	return MHD_CONTENT_READER_END_WITH_ERROR;
}

/* An answer to HEAD says how long the body is that GET would get. */
static struct MHD_Response *
new_response(struct exchange *x)
{
	int64_t bytes;

	if (str_is(x->req.method, "HEAD") && x->resp.body.len == 0 &&
	    str_to_i64(http_header_get(&x->resp.headers, "Content-Length"), &bytes) && bytes >= 0)
		return MHD_create_response_from_callback((uint64_t)bytes, 1, no_bytes, NULL, NULL);
	return MHD_create_response_from_buffer(
	    x->resp.body.len, (void *)(uintptr_t)x->resp.body.ptr, MHD_RESPMEM_PERSISTENT);
}

static bool
is_draining(struct http_server *s)
{
	auto_unlock struct mutex *held = mutex_hold(&s->mu);

	return s->draining;
}

static enum MHD_Result
send_answer(struct exchange *x)
{
	struct MHD_Response *r = new_response(x);
	enum MHD_Result result;

	if (r == NULL)
		return MHD_NO;
	if (is_draining(x->server))
		http_header_set(&x->a, &x->resp.headers, S("Connection"), S("close"));
	for (size_t i = 0; i < x->resp.headers.count; i++)
		MHD_add_response_header(r, str_z(&x->a, x->resp.headers.list[i].name),
		    str_z(&x->a, x->resp.headers.list[i].value));
	/* The body lives in the exchange's arena until on_completed(). */
	result = MHD_queue_response(x->connection, (unsigned)x->resp.status, r);
	MHD_destroy_response(r);
	return result;
}

static enum MHD_Result
take_head(struct exchange *x, const char *method)
{
	const struct http_server_options *o = &x->server->options;
	str length;
	int64_t bytes;

	x->head_seen = true;
	x->req.method = str_of(method);
	MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, take_header, x);
	set_phase(x, PHASE_BODY);
	x->max_body_bytes =
	    o->body_limit == NULL ? o->max_body_bytes : o->body_limit(o->cookie, &x->req);
	check_head(x);
	length = http_header_get(&x->req.headers, "Content-Length");
	if (!x->refused && str_to_i64(length, &bytes) && (uint64_t)bytes > x->max_body_bytes)
		refuse_large(x);
	return x->refused ? send_answer(x) : MHD_YES;
}

static void
take_body(struct exchange *x, const char *data, size_t len)
{
	if (x->refused)
		return; /* read and dropped, so that the peer reads our answer */
	if (x->body.len + len > x->max_body_bytes)
		refuse_large(x);
	else
		buf_add(&x->body, (str){ data, len });
}

/* False: the workers end. */
static bool
enqueue(struct exchange *x)
{
	struct http_server *s = x->server;
	auto_unlock struct mutex *held = mutex_hold(&s->mu);

	if (s->stopping)
		return false;
	x->next = NULL;
	if (s->last == NULL)
		s->first = x;
	else
		s->last->next = x;
	s->last = x;
	condition_signal(&s->work);
	return true;
}

static enum MHD_Result
on_request(void *cookie, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *data_len, void **context)
{
	struct http_server *s = cookie;
	struct exchange *x = *context;

	(void)url;
	(void)version;
	x->connection = connection;
	if (!x->head_seen)
		return take_head(x, method);
	if (*data_len > 0) {
		take_body(x, data, *data_len);
		*data_len = 0;
		return MHD_YES;
	}
	if (x->handled)
		return send_answer(x);
	set_phase(x, PHASE_ANSWER);
	x->req.body = buf_str(&x->body);
	if (s->options.is_inline != NULL && s->options.is_inline(s->options.cookie, &x->req)) {
		s->options.handle(s->options.cookie, &x->a, &x->req, &x->resp);
		x->handled = true;
		return send_answer(x);
	}
	MHD_suspend_connection(connection);
	if (!enqueue(x)) {
		refuse(x, 503, S("the server ends"));
		MHD_resume_connection(connection);
	}
	return MHD_YES;
}

/* The request line is read: a request begins. */
static void *
on_request_line(void *cookie, const char *uri, struct MHD_Connection *connection)
{
	struct http_server *s = cookie;
	struct exchange *x = calloc(1, sizeof(*x));
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	if (x == NULL)
		abort(); /* as base/arena.c */
	x->server = s;
	x->peer = info->socket_context;
	x->body = buf_in(&x->a);
	x->req.target = str_dup(&x->a, str_of(uri));
	mutex_lock(&s->mu);
	s->active++;
	x->peer->phase = PHASE_HEAD;
	x->peer->since_ms = clock_monotonic_ms();
	mutex_unlock(&s->mu);
	return x;
}

static void
on_completed(void *cookie, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode why)
{
	struct http_server *s = cookie;
	struct exchange *x = *context;

	(void)connection;
	(void)why;
	if (x == NULL)
		return;
	mutex_lock(&s->mu);
	x->peer->phase = PHASE_IDLE;
	x->peer->since_ms = clock_monotonic_ms();
	if (--s->active == 0)
		condition_broadcast(&s->quiet);
	mutex_unlock(&s->mu);
	arena_fini(&x->a);
	free(x);
	*context = NULL;
}

/* --- connections --------------------------------------------------------------------------- */

static void
on_connection(void *cookie, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode what)
{
	struct http_server *s = cookie;
	struct peer *p = *context;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		p = calloc(1, sizeof(*p));
		if (p == NULL)
			abort(); /* as base/arena.c */
		p->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)
			    ->connect_fd;
		p->since_ms = clock_monotonic_ms();
		mutex_lock(&s->mu);
		p->next = s->peers;
		if (p->next != NULL)
			p->next->before = p;
		s->peers = p;
		mutex_unlock(&s->mu);
		*context = p;
		return;
	}
	mutex_lock(&s->mu);
	if (p->before == NULL)
		s->peers = p->next;
	else
		p->before->next = p->next;
	if (p->next != NULL)
		p->next->before = p->before;
	mutex_unlock(&s->mu);
	free(p);
	*context = NULL;
}

/* --- threads --------------------------------------------------------------------------------- */

static struct exchange *
dequeue(struct http_server *s)
{
	struct exchange *x;

	mutex_lock(&s->mu);
	while (s->first == NULL && !s->stopping)
		condition_wait(&s->work, &s->mu);
	x = s->first;
	if (x != NULL) {
		s->first = x->next;
		if (s->first == NULL)
			s->last = NULL;
	}
	mutex_unlock(&s->mu);
	return x;
}

static void *
work(void *cookie)
{
	struct http_server *s = cookie;
	struct exchange *x;

	while ((x = dequeue(s)) != NULL) {
		s->options.handle(s->options.cookie, &x->a, &x->req, &x->resp);
		x->handled = true;
		MHD_resume_connection(x->connection); /* x may be gone from here on */
	}
	return NULL;
}

static uint32_t
limit_ms(const struct http_server_options *o, enum phase phase)
{
	switch (phase) {
	case PHASE_IDLE:
		return o->idle_timeout_ms;
	case PHASE_HEAD:
		return o->head_timeout_ms;
	case PHASE_BODY:
		return o->body_timeout_ms;
	case PHASE_ANSWER:
		break;
	}
	return UINT32_MAX; /* ours to finish */
}

static void *
watch(void *cookie)
{
	struct http_server *s = cookie;

	mutex_lock(&s->mu);
	while (!s->stopping) {
		int64_t now;

		(void)condition_wait_for(&s->stop, &s->mu, WATCHDOG_MS);
		now = clock_monotonic_ms();
		/* A socket shut down is closed by libmicrohttpd; it stands in the list till then.
		 */
		for (struct peer *p = s->peers; p != NULL; p = p->next)
			if (now - p->since_ms > (int64_t)limit_ms(&s->options, p->phase))
				(void)shutdown(p->fd, SHUT_RDWR);
	}
	mutex_unlock(&s->mu);
	return NULL;
}

/* --- start and stop ---------------------------------------------------------------------- */

/* The URL stays as it was sent: whoever signs or routes it decodes it. */
static size_t
keep_escapes(void *cookie, struct MHD_Connection *connection, char *text)
{
	(void)cookie;
	(void)connection;
	return strlen(text);
}

static bool
start_daemon(struct http_server *s, int fd, struct err *err)
{
	const struct http_server_options *o = &s->options;

	s->daemon =
	    MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC,
		0, NULL, NULL, on_request, s, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_URI_LOG_CALLBACK, on_request_line, s, MHD_OPTION_NOTIFY_COMPLETED,
		on_completed, s, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
		MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_CONNECTION_LIMIT, o->max_connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT, o->idle_timeout_ms / 1000 + 1,
		MHD_OPTION_THREAD_POOL_SIZE, o->loops > 1 ? o->loops : 0, MHD_OPTION_END);
	if (s->daemon != NULL)
		return true;
	close(fd);
	return err_set(err, ERR_IO, "cannot start the HTTP server");
}

static void
fill_defaults(struct http_server_options *o)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

#define DEFAULT(field, value) o->field = o->field == 0 ? (value) : o->field
	DEFAULT(loops, cores < 1 ? 1u : (unsigned)cores);
	DEFAULT(workers, 32);
	DEFAULT(max_connections, 8192);
	DEFAULT(max_body_bytes, (size_t)1 << 20);
	DEFAULT(head_timeout_ms, 10000);
	DEFAULT(body_timeout_ms, 30000);
	DEFAULT(idle_timeout_ms, 60000);
#undef DEFAULT
	if (o->workers > MAX_WORKERS)
		o->workers = MAX_WORKERS;
}

bool
http_server_start(
    const struct http_server_options *options, struct http_server **out, struct err *err)
{
	struct http_server *s = calloc(1, sizeof(*s));
	int fd;

	if (s == NULL)
		abort(); /* as base/arena.c */
	s->options = *options;
	fill_defaults(&s->options);
	mutex_init(&s->mu);
	condition_init(&s->work);
	condition_init(&s->quiet);
	condition_init(&s->stop);
	fd = listen_open(s->options.address, s->options.port, err);
	if (fd >= 0)
		s->port = listen_port(fd);
	if (fd < 0 || !start_daemon(s, fd, err)) {
		http_server_stop(s, 0);
		return false;
	}
	for (; s->worker_count < s->options.workers; s->worker_count++)
		if (pthread_create(&s->workers[s->worker_count], NULL, work, s) != 0)
			break;
	s->watchdog_runs = pthread_create(&s->watchdog, NULL, watch, s) == 0;
	if (s->worker_count == 0 || !s->watchdog_runs) {
		http_server_stop(s, 0);
		return err_set(err, ERR_IO, "cannot start threads");
	}
	*out = s;
	return true;
}

uint16_t
http_server_port(const struct http_server *s)
{
	return s->port;
}

/* Waits for requests under way; those that wait between requests are idle and may be closed. */
static bool
drain(struct http_server *s, uint32_t drain_ms)
{
	int64_t end = clock_monotonic_ms() + drain_ms;
	bool empty;

	mutex_lock(&s->mu);
	while (s->active > 0 && clock_monotonic_ms() < end)
		(void)condition_wait_for(&s->quiet, &s->mu, end - clock_monotonic_ms());
	empty = s->active == 0;
	mutex_unlock(&s->mu);
	return empty;
}

bool
http_server_stop(struct http_server *s, uint32_t drain_ms)
{
	bool empty = true;
	int fd = -1;

	mutex_lock(&s->mu);
	s->draining = true;
	mutex_unlock(&s->mu);
	if (s->daemon != NULL) {
		fd = (int)MHD_quiesce_daemon(s->daemon);
		if (fd >= 0)
			(void)shutdown(fd, SHUT_RDWR); /* who comes now is refused at once */
		empty = drain(s, drain_ms);
	}
	mutex_lock(&s->mu);
	s->stopping = true;
	condition_broadcast(&s->work);
	condition_broadcast(&s->stop);
	mutex_unlock(&s->mu);
	/* They end what is queued: suspended connections must be resumed before the daemon stops.
	 */
	for (unsigned i = 0; i < s->worker_count; i++)
		pthread_join(s->workers[i], NULL);
	if (s->watchdog_runs)
		pthread_join(s->watchdog, NULL);
	if (s->daemon != NULL)
		MHD_stop_daemon(s->daemon);
	if (fd >= 0)
		close(fd); /* until now a loop may have looked at it */
	condition_fini(&s->stop);
	condition_fini(&s->quiet);
	condition_fini(&s->work);
	mutex_fini(&s->mu);
	free(s);
	return empty;
}
