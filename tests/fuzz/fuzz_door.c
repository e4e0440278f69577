/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The local cloud's door, with engines and store behind it. An input is a request: a line each for
 * the signing service, method, target, Content-Type and X-Amz-Target, then the body. It is sent as
 * it is, and sent again signed by the account's root, so that it reaches the engines. No answer may
 * be a fault of ours, and what the cloud began it must be able to step.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/sigv4.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "cloud/cloud.h"
#include "compute/compute.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUESTS_A_STORE 2000 /* then a fresh one: what many made would only slow the next */

static struct arena life;
static int64_t now_ms = INT64_C(1651779543000);
static struct test_clock test_clock;
static struct simulated_compute compute;
static struct store *store;
static struct cloud *cloud;
static struct aws_credentials root;
static const char *dir;
static unsigned requests;

static void
must(bool ok, const struct err *err)
{
	if (ok)
		return;
	fprintf(stderr, STR_FMT "\n", STR_ARG(err->msg));
	abort();
}

static void
close_cloud(void)
{
	struct err err;

	if (cloud == NULL)
		return;
	cloud_free(cloud);
	store_close(store);
	err_init(&err, &life);
	must(dir_remove(dir, &err), &err);
	arena_reset(&life);
	cloud = NULL;
}

static void
at_end(void)
{
	close_cloud();
	arena_fini(&life);
}

static void
open_cloud(void)
{
	struct store_options so = { .indexes = cloud_store_indexes,
		.index_count = cloud_store_index_count };
	struct cloud_options co = { .clock = &test_clock.clock,
		.compute = &compute.compute,
		.region = S("us-east-1"),
		.public_url = S("http://127.0.0.1:8080") };
	struct err err;
	static bool registered;

	if (!registered)
		registered = atexit(at_end) == 0;
	err_init(&err, &life);
	test_clock_init(&test_clock, &now_ms);
	simulated_compute_init(&compute, &test_clock.clock, 1000);
	must(dir_make_temp(&life, "swb-fuzz", &dir, &err), &err);
	so.path = path_join(&life, dir, "cloud.db");
	must(store_open_sqlite(&so, &store, &err), &err);
	co.store = store;
	must(cloud_new(&co, &cloud, &err), &err);
	must(cloud_account_ensure(cloud, &life, S("111111111111"), S("main"), &root, &err), &err);
}

static void
send_it(struct arena *a, struct http_request *req)
{
	struct http_response resp = { 0 };
	struct err err;

	err_init(&err, a);
	must(cloud_handle(cloud, a, req, &resp, &err), &err);
	if (resp.status == 500) {
		fprintf(stderr, STR_FMT "\n", STR_ARG(resp.body));
		abort();
	}
}

/* True where a header can carry it: a server's parser lets nothing else through. */
static bool
is_header(str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 0x7f)
			return false;
	return true;
}

static bool
read_request(struct arena *a, str text, str *service, struct http_request *req)
{
	str type, target;

	if (!str_cut(&text, '\n', service) || !str_cut(&text, '\n', &req->method) ||
	    !str_cut(&text, '\n', &req->target) || !str_cut(&text, '\n', &type) ||
	    !str_cut(&text, '\n', &target) || !str_starts(req->target, S("/")) ||
	    !is_header(req->target) || !is_header(type) || !is_header(target))
		return false;
	req->body = text;
	http_header_add(a, &req->headers, S("Host"), S("127.0.0.1"));
	if (type.len != 0)
		http_header_add(a, &req->headers, S("Content-Type"), type);
	if (target.len != 0)
		http_header_add(a, &req->headers, S("X-Amz-Target"), target);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = { 0 };
	struct http_request req = { 0 };
	str service;

	if (!read_request(&a, (str){ (const char *)data, size }, &service, &req))
		return 0;
	if (requests++ % REQUESTS_A_STORE == 0) {
		close_cloud();
		open_cloud();
	}
	send_it(&a, &req);
	sigv4_sign(&a, &req,
	    &(struct sigv4_signing){ .credentials = &root,
		.region = S("us-east-1"),
		.service = service,
		.now_ms = now_ms,
		.path = str_is(service, "s3") ? SIGV4_PATH_S3 : SIGV4_PATH_NORMAL,
		.content_sha256 = str_is(service, "s3") },
	    NULL);
	send_it(&a, &req);
	for (int i = 0; i < 20 && cloud_step(cloud, now_ms) <= now_ms; i++)
		continue;
	return 0;
}
