/* SPDX-License-Identifier: Apache-2.0 */
#include "http_load.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"

#include "base/arena.h"
#include "base/buf.h"

#define THREADS 2
#define ANSWER_MAX_BYTES ((size_t)1 << 20)

struct connection {
	int fd;
	size_t nth;
	double sent_at_ms;
	char *in;
	size_t in_len;
};

struct run {
	const struct load *load;
	atomic_size_t next, good, bad;
	float *ms; /* by request */
};

struct part {
	struct run *run;
	unsigned connections;
};

static void
give_up(const char *what)
{
	perror(what);
	exit(1);
}

static int
connect_to(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		give_up("cannot connect");
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

/* False when all requests are given out. */
static bool
send_next(struct run *r, struct connection *c, struct arena *a)
{
	struct buf out;

	c->nth = atomic_fetch_add(&r->next, 1);
	if (c->nth >= r->load->requests)
		return false;
	arena_reset(a);
	out = buf_in(a);
	r->load->write(r->load->cookie, c->nth, &out);
	c->in_len = 0;
	c->sent_at_ms = now_ms();
	if (send(c->fd, buf_str(&out).ptr, out.len, MSG_NOSIGNAL) != (ssize_t)out.len)
		give_up("cannot send");
	return true;
}

/* Length of the whole answer, once its head is there; 0 before. */
static size_t
answer_bytes(str in, size_t *head)
{
	static const char name[] = "\r\nContent-Length: ";
	size_t at;

	*head = str_find(in, S("\r\n\r\n"));
	if (*head == in.len)
		return 0;
	*head += 4;
	at = str_find(str_sub(in, 0, *head), S(name));
	return at == *head ? *head : *head + strtoul(in.ptr + at + sizeof(name) - 1, NULL, 10);
}

static void
count(struct run *r, struct connection *c, size_t head)
{
	int status = atoi(c->in + sizeof("HTTP/1.1 ") - 1);

	r->ms[c->nth] = (float)(now_ms() - c->sent_at_ms);
	if (status == r->load->want) {
		atomic_fetch_add(&r->good, 1);
	} else if (atomic_fetch_add(&r->bad, 1) == 0) {
		fprintf(stderr, "answer %d: %.*s\n", status, (int)(c->in_len - head), c->in + head);
	}
	if (r->load->take != NULL)
		r->load->take(r->load->cookie, c->nth, (str){ c->in + head, c->in_len - head });
}

/* False: this connection has no more to do. */
static bool
receive(struct run *r, struct connection *c, struct arena *a)
{
	ssize_t n = recv(c->fd, c->in + c->in_len, ANSWER_MAX_BYTES - 1 - c->in_len, 0);
	size_t head, whole;

	if (n <= 0)
		give_up("the connection ended");
	c->in_len += (size_t)n;
	c->in[c->in_len] = '\0';
	whole = answer_bytes((str){ c->in, c->in_len }, &head);
	if (whole == 0 || c->in_len < whole)
		return true;
	count(r, c, head);
	return send_next(r, c, a);
}

static void *
run_part(void *cookie)
{
	struct part *p = cookie;
	struct connection *all = calloc(p->connections, sizeof(*all));
	struct arena a = { 0 };
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	unsigned busy = 0;

	if (all == NULL || epoll < 0)
		give_up("cannot begin");
	for (unsigned i = 0; i < p->connections; i++) {
		struct epoll_event e = { .events = EPOLLIN, .data.ptr = &all[i] };

		all[i].fd = connect_to(p->run->load->port);
		all[i].in = malloc(ANSWER_MAX_BYTES);
		if (all[i].in == NULL || epoll_ctl(epoll, EPOLL_CTL_ADD, all[i].fd, &e) != 0)
			give_up("cannot begin");
		busy += send_next(p->run, &all[i], &a);
	}
	while (busy > 0) {
		struct epoll_event events[64];
		int n = epoll_wait(epoll, events, 64, 60000);

		if (n <= 0)
			give_up("no answer within a minute");
		for (int i = 0; i < n; i++)
			busy -= !receive(p->run, events[i].data.ptr, &a);
	}
	for (unsigned i = 0; i < p->connections; i++) {
		close(all[i].fd);
		free(all[i].in);
	}
	close(epoll);
	free(all);
	arena_fini(&a);
	return NULL;
}

static int
by_time(const void *x, const void *y)
{
	float a = *(const float *)x, b = *(const float *)y;

	return (a > b) - (a < b);
}

struct load_result
load_run(const struct load *l)
{
	struct run r = { .load = l, .ms = calloc(l->requests, sizeof(float)) };
	struct part parts[THREADS];
	pthread_t threads[THREADS];
	struct load_result out = { 0 };
	double begun = now_ms();

	if (r.ms == NULL)
		give_up("no memory");
	for (unsigned i = 0; i < THREADS; i++) {
		parts[i] = (struct part){ &r, (l->connections + i) / THREADS };
		if (pthread_create(&threads[i], NULL, run_part, &parts[i]) != 0)
			give_up("no thread");
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	out.seconds = (now_ms() - begun) / 1e3;
	out.good = r.good;
	out.bad = r.bad;
	out.per_s = (double)l->requests / out.seconds;
	qsort(r.ms, l->requests, sizeof(float), by_time);
	out.p50_ms = (double)r.ms[l->requests / 2];
	out.p99_ms = (double)r.ms[l->requests * 99 / 100];
	free(r.ms);
	return out;
}
