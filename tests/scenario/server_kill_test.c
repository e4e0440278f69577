/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill -9 of the server at random moments of running launches, stops, starts and terminates.
 *
 * In each round every environment is asked for something that it may be asked for, while another
 * thread kills the server at a random moment; now and then it is killed again while it starts.
 * After the restart each environment must end where its last accepted request leads; a request
 * that got no answer may have been accepted or not. In the end nothing was provisioned twice and
 * nothing is left over.
 *
 * $SWB_KILL_MOMENTS: how many moments (16); $SWB_KILL_SEED: which ones.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>

#include "server_rig.h"

#include "app/app.h"
#include "app/inventory.h"
#include "base/clock.h"

#define MOMENTS 16
#define SEED 20221025
#define ENVS 4
#define LONGEST_WORK_MS 400  /* from the first request of a round to the kill */
#define LONGEST_START_MS 300 /* of a start that is killed, too */
#define MAX_LAUNCHES 4096

enum end { END_NONE, END_COMPLETED, END_STOPPED, END_TERMINATED };

static const char *const ends[] = { "", "COMPLETED", "STOPPED", "TERMINATED" };

/* What a settled environment may be asked for. */
static const struct verb {
	enum end from;
	const char *name;
	enum end to;
} verbs[] = {
	{ END_COMPLETED, "stop", END_STOPPED },
	{ END_COMPLETED, "terminate", END_TERMINATED },
	{ END_STOPPED, "start", END_COMPLETED },
	{ END_STOPPED, "terminate", END_TERMINATED },
};

struct env {
	str id;           /* empty: none, or a launch without an answer */
	const char *name; /* of the launch, which finds it in the list */
	enum end end;     /* where its last accepted request leads */
	enum end maybe;   /* where the unanswered one would; END_NONE for none */
};

struct trial {
	struct server *s;
	struct arena *a;
	unsigned seed;
	struct env envs[ENVS];
	unsigned launches;
	str launched[MAX_LAUNCHES]; /* acknowledged: nothing of these may be lost */
	size_t launched_count;
};

static unsigned
pick(struct trial *t, unsigned below)
{
	return (unsigned)rand_r(&t->seed) % below;
}

/* --- asking ------------------------------------------------------------------------------ */

static void
launch(struct trial *t, struct env *e)
{
	struct reply r;

	*e = (struct env){ .name = str_z(t->a, str_fmt(t->a, "env-%u", ++t->launches)) };
	r = server_ask(t->s, t->a, "POST", "/api/environments", t->s->researcher,
	    str_z(t->a, server_launch_body(t->s, t->a, e->name)));
	if (r.status == 201) {
		e->id = json_str(json_get(r.json, "id"));
		e->end = END_COMPLETED;
		assert_true(t->launched_count < MAX_LAUNCHES);
		t->launched[t->launched_count++] = e->id;
	} else {
		CHECK(r.status == 0, "launch: %d " STR_FMT, r.status, STR_ARG(r.body));
		e->maybe = END_COMPLETED;
	}
}

static void
ask(struct trial *t, struct env *e, const char *verb, enum end to)
{
	int status = server_verb(t->s, e->id, verb);

	if (status == 204) {
		e->end = to;
	} else {
		CHECK(status == 0, "%s: %d", verb, status);
		e->maybe = to;
	}
}

static void
ask_something(struct trial *t, struct env *e)
{
	size_t first = pick(t, countof(verbs));

	if (e->end == END_NONE || e->end == END_TERMINATED) {
		launch(t, e);
		if (e->id.len > 0 && pick(t, 4) == 0) /* while it is PENDING */
			ask(t, e, "terminate", END_TERMINATED);
		return;
	}
	for (size_t i = 0; i < countof(verbs); i++) {
		const struct verb *v = &verbs[(first + i) % countof(verbs)];

		if (v->from == e->end) {
			ask(t, e, v->name, v->to);
			return;
		}
	}
}

/* --- killing ----------------------------------------------------------------------------- */

struct killer {
	pid_t pid;
	int after_ms;
};

static void *
kill_later(void *cookie)
{
	const struct killer *k = cookie;

	(void)poll(NULL, 0, k->after_ms);
	(void)kill(k->pid, SIGKILL);
	return NULL;
}

static void
ask_until_killed(struct trial *t)
{
	struct killer k = { t->s->pid, (int)pick(t, LONGEST_WORK_MS) };
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, kill_later, &k), 0);
	for (size_t i = 0; i < ENVS; i++)
		ask_something(t, &t->envs[i]);
	pthread_join(thread, NULL);
	server_kill(t->s);
}

static void
start_again(struct trial *t)
{
	if (pick(t, 4) == 0) {
		server_spawn(t->s);
		(void)poll(NULL, 0, (int)pick(t, LONGEST_START_MS));
		server_kill(t->s);
	}
	server_start(t->s);
}

/* --- looking ----------------------------------------------------------------------------- */

/* A launch that got no answer: does it stand? */
static void
look_for_launch(struct trial *t, struct env *e)
{
	struct reply r = server_expect(t->s, t->a, 200, "GET",
	    str_z(t->a, str_fmt(t->a, "/api/environments?name=%s", e->name)), t->s->admin, NULL);
	const struct json *found = json_at(json_get(r.json, "data"), 0);

	CHECK(json_count(json_get(r.json, "data")) <= 1, "%s stands once", e->name);
	e->maybe = END_NONE;
	if (found != NULL) {
		e->id = json_str(json_get(found, "id"));
		e->end = END_COMPLETED;
	}
}

struct looking {
	struct trial *t;
	struct env *e;
	struct arena a;
	str status;
};

static bool
has_ended(void *cookie)
{
	struct looking *k = cookie;
	enum end maybe = k->e->maybe;

	arena_reset(&k->a);
	k->status = server_status(k->t->s, &k->a, k->e->id);
	if (maybe == END_NONE)
		return str_is(k->status, ends[k->e->end]);
	/* The request, if it was accepted, shows at once: a transient status is its work. */
	if (str_is(k->status, ends[maybe])) {
		k->e->end = maybe;
		return true;
	}
	return str_is(k->status, ends[k->e->end]);
}

static void
tell_trouble(struct trial *t, const struct env *e)
{
	struct reply r = server_ask(t->s, t->a, "GET",
	    str_z(t->a, str_fmt(t->a, "/api/environments/" STR_FMT "/history", STR_ARG(e->id))),
	    t->s->admin, NULL);

	print_error("%s ends in %s%s%s\n" STR_FMT "\n" STR_FMT "\n", e->name, ends[e->end],
	    e->maybe == END_NONE ? "" : " or ", ends[e->maybe], STR_ARG(r.body),
	    STR_ARG(server_errors(t->s)));
	fail();
}

static void
look_at(struct trial *t, struct env *e)
{
	struct looking k = { .t = t, .e = e };

	if (e->id.len == 0)
		look_for_launch(t, e);
	if (e->id.len > 0 && !server_until(has_ended, &k, 120000))
		tell_trouble(t, e);
	arena_fini(&k.a);
	e->maybe = END_NONE;
}

static void
check_none_lost(struct trial *t)
{
	for (size_t i = 0; i < t->launched_count; i++) {
		auto_arena a = { 0 };

		CHECK(server_status(t->s, &a, t->launched[i]).len > 0, "launch %zu", i);
	}
}

/* --- the account afterwards, with the server gone -------------------------------------------- */

static struct app *
open_folder(struct trial *t, struct err *err)
{
	const struct app_options options = {
		.data_dir = t->s->data,
		.clock = clock_real(),
		.durable = true,
		.public_url = "http://127.0.0.1:1",
	};
	struct app *app;

	CHECK_OK(app_open(&options, &app, err), err);
	return app;
}

static const struct json *
inventory(struct trial *t)
{
	struct app *app;
	const struct json *out;
	struct err err;

	err_init(&err, t->a);
	app = open_folder(t, &err);
	CHECK_OK(inventory_take(app, t->a, app_home(app)->hosting_account, &out, &err), &err);
	app_close(app);
	return out;
}

/* Each launch made at most one product: its name is the launch's own. */
static void
check_provisioned_once(struct trial *t)
{
	struct json *in = json_new_object(t->a), *filter, *seen = json_new_object(t->a);
	const struct json *out, *next = NULL;
	unsigned count = 0;
	struct app *app;
	struct err err;

	err_init(&err, t->a);
	app = open_folder(t, &err);
	filter = json_put(t->a, in, "AccessLevelFilter", json_new_object(t->a));
	json_put_str(t->a, filter, "Key", S("Account"));
	json_put_str(t->a, filter, "Value", S("self"));
	do {
		if (next != NULL)
			json_set(t->a, in, "PageToken", next);
		CHECK_OK(app_cloud_call(app, t->a, app_home(app)->hosting_account, "servicecatalog",
			     "ListRecordHistory", in, &out, &err),
		    &err);
		for (const struct json *r = json_first(json_get(out, "RecordDetails")); r != NULL;
		     r = r->next) {
			str name = json_str(json_get(r, "ProvisionedProductName"));

			if (!str_is(json_str(json_get(r, "RecordType")), "PROVISION_PRODUCT"))
				continue;
			CHECK(json_get_str(seen, name) == NULL, STR_FMT " is provisioned twice",
			    STR_ARG(name));
			json_put_key(t->a, seen, name, json_new_bool(t->a, true));
			count++;
		}
		next = json_get(out, "NextPageToken");
	} while (json_str(next).len > 0);
	app_close(app);
	CHECK(count > 0 && count <= t->launches, "%u products, %u launches", count, t->launches);
}

static void
end_all(struct trial *t)
{
	for (size_t i = 0; i < ENVS; i++)
		if (t->envs[i].end == END_COMPLETED || t->envs[i].end == END_STOPPED)
			ask(t, &t->envs[i], "terminate", END_TERMINATED);
	for (size_t i = 0; i < ENVS; i++)
		look_at(t, &t->envs[i]);
}

static unsigned
number_from(const char *variable, unsigned absent)
{
	const char *text = getenv(variable);

	return text == NULL ? absent : (unsigned)strtoul(text, NULL, 10);
}

static void
test_killed_at_random_moments(struct arena *a)
{
	struct trial *t = arena_new(a, struct trial, 1);
	unsigned moments = number_from("SWB_KILL_MOMENTS", MOMENTS);
	const struct json *before;

	t->a = a;
	t->seed = number_from("SWB_KILL_SEED", SEED);
	print_message("seed %u, %u moments\n", t->seed, moments);
	t->s = server_new(a);
	server_start(t->s);
	assert_int_equal(server_stop(t->s), 0);
	before = inventory(t);
	server_start(t->s);
	for (unsigned i = 0; i < moments; i++) {
		ask_until_killed(t);
		start_again(t);
		for (size_t e = 0; e < ENVS; e++)
			look_at(t, &t->envs[e]);
	}
	check_none_lost(t);
	end_all(t);
	assert_int_equal(server_stop(t->s), 0);
	check_provisioned_once(t);
	CHECK_STR(inventory_more(a, before, inventory(t)), "", "left behind");
	server_free(t->s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_killed_at_random_moments),
	};

	return RUN_TESTS(tests);
}
