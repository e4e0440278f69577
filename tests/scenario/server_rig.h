/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A running server for a test: the real program on a free port of the loopback address, with a
 * data folder of its own that outlives it, however it ends.
 *
 *   struct server *s = server_new(a);
 *   server_start(s);                          waits for "swb: ready at"
 *   str env = server_launch(s);               201, the new environment's id
 *   server_await(s, env, "COMPLETED");
 *   server_kill(s);                           kill -9
 *   server_start(s);                          on the same folder
 *   assert_int_equal(server_stop(s), 0);      SIGTERM; the exit status
 *   server_free(s);                           ends it where it still runs, removes the folder
 */
#pragma once

#include <sys/types.h>

#include "check.h"

#include "base/json.h"

#define SERVER_MAX_ARGS 8

struct server {
	struct arena *a;  /* of the test: texts below live in it */
	const char *root; /* temporary folder: the data folder, and what the server prints */
	const char *data;
	const char *args[SERVER_MAX_ARGS]; /* more arguments of serve, NULL-ended; may be set */
	uint16_t fixed_port;               /* 0: a free one */
	pid_t pid;                         /* 0: not running */
	uint16_t port;
	str url;               /* "http://127.0.0.1:PORT" */
	str admin, researcher; /* tokens */
	str project;           /* the one that the first start made */
	str type, config;      /* ids of sagemakerNotebook and its default configuration */
};

struct server *server_new(struct arena *a);
void server_free(struct server *s);

/* Starts it and waits until it is ready; a test fails where it does not get there. */
void server_start(struct server *s);
/* Starts it and does not wait. */
void server_spawn(struct server *s);
/* Is it ready? Reads what it printed so far; sets port and url. Fails where it ended. */
bool server_is_ready(struct server *s);

void server_kill(struct server *s);  /* kill -9, and waits for the end */
int server_stop(struct server *s);   /* SIGTERM; exit status, 128 + signal where one ended it */
int server_end(struct server *s);    /* waits for an end that comes by itself */
str server_errors(struct server *s); /* what it wrote to standard error since it was started */

/* --- asking ------------------------------------------------------------------------------ */

struct reply {
	int status;              /* 0: the connection ended without an answer */
	str head, body;          /* head: status line and headers */
	const struct json *json; /* of the body; NULL where it is none */
};

/*
 * One request on a connection of its own. target is as sent ("/api/environments"); token may be
 * empty; body may be NULL. Lives in a.
 */
struct reply server_ask(struct server *s, struct arena *a, const char *method, const char *target,
    str token, const char *body);
/* The same with more header lines, each ended by \r\n. */
struct reply server_ask_with(struct server *s, struct arena *a, const char *method,
    const char *target, str token, const char *headers, const char *body);
/* Fails the test unless the status is this one. */
struct reply server_expect(struct server *s, struct arena *a, int status, const char *method,
    const char *target, str token, const char *body);

/* Bytes as they stand; the answer up to the end of the connection (or limit_ms of silence). */
struct reply server_send_raw(struct server *s, struct arena *a, str bytes, uint32_t limit_ms);
/* A connection to the server; the caller closes it. */
int server_connect(struct server *s);
/* Reads one answer or what there is until the end. */
struct reply server_read(struct arena *a, int fd, uint32_t limit_ms);

/* --- environments, as the researcher ------------------------------------------------------- */

/* 201, and the id. */
str server_launch(struct server *s);
/* The request of server_launch(), as text. */
str server_launch_body(struct server *s, struct arena *a, const char *name);
/* PUT …/{verb}: the status of the answer, 0 for none. */
int server_verb(struct server *s, str env, const char *verb);
str server_status(struct server *s, struct arena *a, str env);
/* Until the environment has the status; fails the test after two minutes. */
void server_await(struct server *s, str env, const char *status);

/* Asks every few milliseconds until it is true; false after limit_ms. */
bool server_until(bool (*is)(void *cookie), void *cookie, uint32_t limit_ms);
