/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The local cloud: accounts, and services that answer the AWS wire protocol.
 *
 * It has one door, cloud_handle(), through which everything comes in that AWS would see, and
 * cloud_step(), which does whatever is due. Its state is items in a store of its own; each action
 * and each step is one transaction, so a kill at any moment repeats a step, never an effect.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/credentials.h"
#include "base/str.h"
#include "http/message.h"
#include "store/store.h"

struct arena;
struct clock;
struct cloud;
struct compute;
struct engine;
struct err;
struct fault_plan;
struct log;
struct transport;

struct cloud_options {
	struct store *store; /* opened with cloud_store_indexes */
	struct clock *clock;
	struct compute *compute;
	struct transport *deliver; /* where API destinations are posted */
	struct fault_plan *faults; /* NULL for none */
	const struct log *log;     /* NULL for none */
	str region;                /* a real region's name: patterns of real documents demand it */
	str public_url;            /* base of links for people, "http://127.0.0.1:8080" */
	/*
	 * Told, under the lock and before it is committed, that there is something to deliver; NULL
	 * for nobody.
	 */
	void (*on_delivery)(void *cookie);
	void *cookie;
	unsigned rows_per_step; /* most that one cloud_step() moves in one commit; 0 means 1 */
	const struct engine *const *engines; /* NULL-ended; NULL for all: cloud/engines.c */
};

/* For store_options of the cloud's store. */
extern const struct store_index cloud_store_indexes[];
extern const size_t cloud_store_index_count;
extern const char *const cloud_store_brief[];

bool cloud_new(const struct cloud_options *options, struct cloud **out, struct err *err);
void cloud_free(struct cloud *c);

/*
 * Makes the account, with a root access key, unless it stands already; gives the key in any case.
 * account: 12 digits.
 */
bool cloud_account_ensure(struct cloud *c, struct arena *a, str account, str name,
    struct aws_credentials *root, struct err *err);

/*
 * Answers one request of any service, signature verified; made for direct_transport. Fails only
 * where a transport would: ERR_TIMEOUT when a fault loses the answer. Thread-safe.
 */
bool cloud_handle(void *cloud, struct arena *a, const struct http_request *req,
    struct http_response *resp, struct err *err);

/*
 * The most that the body of a request may have, for servers that count before they read: an object
 * of 2 MiB, and what frames it where it comes in chunks.
 */
#define CLOUD_MAX_BODY_BYTES (((size_t)2 << 20) + ((size_t)64 << 10))

/* Answers a request whose body has more, unread, in the form of the service that it is for. */
void cloud_refuse_large(
    void *cloud, struct arena *a, const struct http_request *head, struct http_response *resp);

/*
 * Does one piece of due work, if any, or options.rows_per_step of them. Returns when the next is
 * due: now_ms or earlier means "call again", CLOCK_NEVER that nothing waits for time. Thread-safe.
 */
int64_t cloud_step(struct cloud *c, int64_t now_ms);

/*
 * Its two halves, for a thread each: what is done within the cloud, and what it delivers to others,
 * which may take its time and comes in its order.
 */
int64_t cloud_step_inside(struct cloud *c, int64_t now_ms);
int64_t cloud_step_outside(struct cloud *c, int64_t now_ms);

/* The notebook instance that a presigned link opens. */
struct cloud_notebook {
	str name, arn, type, status;
	int64_t link_expires_at_ms;
};

/*
 * Whose link it is: /notebooks/ACCOUNT/REGION/NAME?authToken=TOKEN, parts decoded. Fails:
 * ERR_DENIED (no such link, or its time is over; which of them is not told). Thread-safe.
 */
bool cloud_notebook_link(struct cloud *c, struct arena *a, str account, str region, str name,
    str token, struct cloud_notebook *out, struct err *err);
