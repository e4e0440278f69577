/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole cloud for a test: real store in a folder of its own, test clock, simulated compute, two
 * accounts. Operations are called by name with JSON in which ' stands for ":
 *
 *   struct rig r;
 *   rig_open(&r, a);
 *   rig_ok(&r, "iam", "CreateRole", "{'RoleName': '%s', …}", name);
 *   rig_fails(&r, "iam", "GetRole", "NoSuchEntity", "{'RoleName': 'none'}");
 *   rig_run(&r);
 *   rig_close(&r);
 *
 * rig.as is who calls: at first the root of RIG_MAIN.
 */
#pragma once

#include "check.h"

#include "aws/model.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "cloud/cloud.h"
#include "cloud/engine.h"
#include "cloud/fault.h"
#include "compute/compute.h"
#include "http/transport.h"

#define RIG_MAIN "111111111111"
#define RIG_HOSTING "222222222222"
#define RIG_REGION "us-east-1"
#define RIG_START_MS INT64_C(1651779543000) /* 2022-05-05T19:39:03Z */
#define RIG_MOST_STEPS 100000

struct rig {
	struct arena *a;
	const char *dir;
	int64_t now_ms;
	unsigned rows_per_step; /* of cloud_options; set before rig_start() */
	struct test_clock clock;
	struct simulated_compute compute;
	struct fault_plan faults;
	struct store *store;
	struct cloud *cloud;
	struct err err;
	struct principal main, hosting; /* roots */
	struct principal as;            /* who calls */
	struct aws_credentials main_key, hosting_key;

	/* Set before rig_start() for other than the usual. */
	const struct engine *const *engines;
	struct transport *deliver;
	void (*before_commit)(void *cookie, uint64_t nth);
	void *cookie;
};

/* Opens store and cloud on what is in r->dir. */
static inline void
rig_start(struct rig *r)
{
	struct store_options so = {
		.path = path_join(r->a, r->dir, "cloud.db"),
		.indexes = cloud_store_indexes,
		.index_count = cloud_store_index_count,
		.brief = cloud_store_brief,
		.before_commit = r->before_commit,
		.cookie = r->cookie,
	};
	struct cloud_options co = {
		.clock = &r->clock.clock,
		.compute = &r->compute.compute,
		.deliver = r->deliver,
		.faults = &r->faults,
		.region = S(RIG_REGION),
		.public_url = S("http://127.0.0.1:8080"),
		.rows_per_step = r->rows_per_step,
		.engines = r->engines,
	};

	err_init(&r->err, r->a);
	CHECK_OK(store_open_sqlite(&so, &r->store, &r->err), &r->err);
	co.store = r->store;
	CHECK_OK(cloud_new(&co, &r->cloud, &r->err), &r->err);
	CHECK_OK(
	    cloud_account_ensure(r->cloud, r->a, S(RIG_MAIN), S("main"), &r->main_key, &r->err),
	    &r->err);
	CHECK_OK(cloud_account_ensure(
		     r->cloud, r->a, S(RIG_HOSTING), S("hosting"), &r->hosting_key, &r->err),
	    &r->err);
}

/* Stops the program, so to say; rig_start() goes on from what is on disk. */
static inline void
rig_stop(struct rig *r)
{
	cloud_free(r->cloud);
	store_close(r->store);
	r->cloud = NULL;
	r->store = NULL;
}

/* An empty folder, clock and principals, nothing started. */
static inline void
rig_init(struct rig *r, struct arena *a)
{
	*r = (struct rig){ .a = a, .now_ms = RIG_START_MS };
	err_init(&r->err, a);
	CHECK_OK(dir_make_temp(a, "swb-rig", &r->dir, &r->err), &r->err);
	test_clock_init(&r->clock, &r->now_ms);
	simulated_compute_init(&r->compute, &r->clock.clock, 2000);
	r->main = principal_root(a, S(RIG_MAIN));
	r->hosting = principal_root(a, S(RIG_HOSTING));
	r->as = r->main;
}

static inline void
rig_open(struct rig *r, struct arena *a)
{
	rig_init(r, a);
	rig_start(r);
}

static inline void
rig_close(struct rig *r)
{
	rig_stop(r);
	CHECK_OK(dir_remove(r->dir, &r->err), &r->err);
}

/* Does all that is due until r->now_ms, and no more. */
static inline int64_t
rig_step(struct rig *r)
{
	int64_t next;
	int steps = 0;

	while ((next = cloud_step(r->cloud, r->now_ms)) <= r->now_ms)
		CHECK(++steps < RIG_MOST_STEPS, "the cloud does not come to rest");
	return next;
}

/* Runs until nothing waits for time any more or until_ms, the clock jumping from due to due. */
static inline void
rig_run_until(struct rig *r, int64_t until_ms)
{
	int64_t next;
	int jumps = 0;

	while ((next = rig_step(r)) != CLOCK_NEVER && next <= until_ms) {
		CHECK(++jumps < RIG_MOST_STEPS, "the cloud does not come to rest");
		r->now_ms = next;
	}
}

static inline void
rig_run(struct rig *r)
{
	rig_run_until(r, CLOCK_NEVER - 1);
}

/* JSON with ' for ", as tests write it. */
static inline __attribute__((format(printf, 2, 0))) const struct json *
rig_json(struct rig *r, const char *fmt, va_list args)
{
	str text = str_replace(r->a, str_vfmt(r->a, fmt, args), S("'"), S("\""));
	const struct json *j;

	CHECK_OK(json_parse(r->a, text, &j, &r->err), &r->err);
	return j;
}

static inline bool
rig_try(struct rig *r, const char *service, const char *action, const struct json *in,
    const struct json **out)
{
	err_init(&r->err, r->a);
	return cloud_invoke(r->cloud, r->a,
	    &(struct cloud_request){ .service = service, .action = action, .as = &r->as, .in = in },
	    out, &r->err);
}

/* What the model of the service cannot write on the wire would be lost there. */
static inline void
rig_check_fits(const struct aws_shape *shape, const struct json *j, const char *what)
{
	enum json_kind wanted = shape->kind == AWS_STRUCTURE || shape->kind == AWS_MAP ? JSON_OBJECT
	    : shape->kind == AWS_LIST                                                  ? JSON_ARRAY
										       : j->kind;

	if (shape->kind == AWS_DOCUMENT)
		return;
	CHECK(j->kind == wanted, "%s answers " STR_FMT " as %s", what, STR_ARG(j->key),
	    json_kind_name(j->kind));
	for (const struct json *m = json_first(j); m != NULL; m = m->next) {
		const struct aws_member *member =
		    shape->kind == AWS_STRUCTURE ? aws_member_find(shape, m->key) : NULL;

		CHECK(member != NULL || shape->item != NULL,
		    "%s answers " STR_FMT ", which its model does not know", what, STR_ARG(m->key));
		rig_check_fits(member != NULL ? member->shape : shape->item, m, what);
	}
}

/* Must succeed; gives the answer. */
static inline __attribute__((format(printf, 4, 5))) const struct json *
rig_ok(struct rig *r, const char *service, const char *action, const char *fmt, ...)
{
	const struct json *in, *out = NULL;
	const struct aws_operation *op;
	va_list args;

	va_start(args, fmt);
	in = rig_json(r, fmt, args);
	va_end(args);
	if (!rig_try(r, service, action, in, &out)) {
		print_error("%s %s failed: " STR_FMT ": " STR_FMT "\n", service, action,
		    STR_ARG(r->err.code), STR_ARG(r->err.msg));
		assert_true(false);
	}
	CHECK_OK(aws_operation_find(str_of(service), str_of(action), &op, &r->err), &r->err);
	rig_check_fits(op->output, out, action);
	return out;
}

/* Must fail with that code; gives the message. */
static inline __attribute__((format(printf, 5, 6))) str
rig_fails(
    struct rig *r, const char *service, const char *action, const char *code, const char *fmt, ...)
{
	const struct json *in, *out = NULL;
	va_list args;

	va_start(args, fmt);
	in = rig_json(r, fmt, args);
	va_end(args);
	CHECK(!rig_try(r, service, action, in, &out), "%s %s must fail with %s", service, action,
	    code);
	if (!err_is(&r->err, code)) {
		print_error("%s %s failed with " STR_FMT " instead of %s: " STR_FMT "\n", service,
		    action, STR_ARG(r->err.code), code, STR_ARG(r->err.msg));
		assert_true(false);
	}
	return r->err.msg;
}

/* The text at a path of member names in an answer, up to a NULL. */
#define rig_text(j, ...) json_scalar(json_path((j), __VA_ARGS__, NULL))
