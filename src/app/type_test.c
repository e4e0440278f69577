/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/type_test.c: swb type test DIR, one life of an environment type on the local cloud, with
 * faults where they are asked for.
 *
 * A case is a folder of its own and a state in shared memory. A case that is to be stopped at the
 * nth write runs in a child process, which really dies there; a second one goes on from what is on
 * disk. "all" repeats a case for every place where the fault can strike.
 */
#include "app/type_test.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/road.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "bundle/bundle.h"
#include "cli/type_check.h"

/* 2026-01-01T00:00:00Z: simulated time begins at the same moment in every run. */
#define FIRST_MS INT64_C(1767225600000)

#define MAX_FAULT 1000000

static const struct cli_option options[] = {
	{ "--fail", "RESOURCE",
	    "Makes the resource with this logical id fail; 'all' for each in turn.", false },
	{ "--drop-event", "N", "Loses the nth event of the cloud; 'all' for each in turn.", false },
	{ "--crash-at", "N",
	    "Stops the program at the nth write and goes on; 'all', or FIRST-LAST.", false },
	{ "--param", "KEY=VALUE", "A value of the configuration that is launched.", true },
	{ "--keep", NULL, "Keeps the data folder and tells where it is.", false },
	{ "--json", NULL, "Prints one JSON object.", false },
};

struct test {
	struct arena a;
	struct bundle bundle;
	const struct json *config;
	bool json, keep;
	FILE *out, *errors;
};

/* One run's faults; range ends are inclusive. */
struct faults {
	const char *fail;
	uint64_t drop_event, crash_at;
};

/* The signal that ends the run, once one has come. The way out is the ordinary one, so that the
 * case's folder goes too. */
static volatile sig_atomic_t stopped_by;

static const int ending_signals[] = { SIGHUP, SIGINT, SIGTERM };

static void
remember_signal(int number)
{
	stopped_by = number;
}

/* What was ignored when we were started (nohup, a shell's background) stays so. */
static void
handle_signals(void (*handler)(int))
{
	const struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
	struct sigaction before;

	(void)signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to tell */
	for (size_t i = 0; i < countof(ending_signals); i++)
		if (sigaction(ending_signals[i], NULL, &before) == 0 &&
		    before.sa_handler != SIG_IGN)
			(void)sigaction(ending_signals[i], &action, NULL);
}

/* --- one case ------------------------------------------------------------------------- */

struct shared {
	struct road_state state;
	bool ok;
	char message[4096]; /* why not; cut at its end, since it crosses processes */
};

static void
run_here(struct test *t, const struct faults *f, const char *dir, bool timeline,
    struct json *report, struct shared *s)
{
	auto_arena a = { 0 };
	struct err err;
	const struct road_options road = {
		.bundle = &t->bundle,
		.data_dir = dir,
		.config = t->config,
		.fail_resource = f->fail,
		.drop_event = f->drop_event,
		.crash_at = f->crash_at,
		.timeline = timeline ? t->out : NULL,
		.report = report,
		.stop = &stopped_by,
	};

	err_init(&err, &a);
	/* a report outlives the case; all else of it goes, since there may be hundreds */
	s->ok = road_run(&road, &s->state, report != NULL ? &t->a : &a, &err);
	snprintf(s->message, sizeof(s->message), STR_FMT, STR_ARG(err.msg));
}

/* In a child, which may die on the way as it shall. False: it died otherwise. */
static bool
run_in_child(struct test *t, const struct faults *f, const char *dir, bool timeline,
    struct shared *s, bool *crashed)
{
	int status;
	pid_t pid;

	fflush(t->out);
	fflush(t->errors);
	pid = fork();
	if (pid == 0) {
		run_here(t, f, dir, timeline, NULL, s);
		fflush(t->out);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		snprintf(s->message, sizeof(s->message), "cannot run a child process");
		return false;
	}
	*crashed = WIFEXITED(status) && WEXITSTATUS(status) == ROAD_CRASH_STATUS;
	if (*crashed || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
		return true;
	snprintf(s->message, sizeof(s->message), "the program died with status %d", status);
	return false;
}

static void
run_stopped(struct test *t, const struct faults *f, const char *dir, bool timeline,
    struct shared *s, bool *crashed)
{
	struct faults rest = *f;
	bool again;

	if (!run_in_child(t, f, dir, timeline, s, crashed) || !*crashed)
		return;
	if (timeline)
		fprintf(t->out, "  -- stopped at write %llu; going on from what is on disk\n",
		    (unsigned long long)f->crash_at);
	rest.crash_at = 0;
	if (!run_in_child(t, &rest, dir, timeline, s, &again))
		s->ok = false;
}

/* False where the case could not be run at all. *crashed: the fault struck. */
static bool
run_case(struct test *t, const struct faults *f, bool timeline, struct json *report,
    struct shared *result, bool *crashed, struct err *err)
{
	struct shared *s =
	    mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const char *dir;
	struct err ignored;

	if (s == MAP_FAILED)
		return err_set(err, ERR_IO, "no shared memory");
	if (!dir_make_temp(&t->a, "swb-type-test", &dir, err)) {
		munmap(s, sizeof(*s));
		return false;
	}
	*s = (struct shared){ .state = { .now_ms = FIRST_MS } };
	*crashed = false;
	if (f->crash_at > 0)
		run_stopped(t, f, dir, timeline, s, crashed);
	else
		run_here(t, f, dir, timeline, report, s);
	*result = *s;
	munmap(s, sizeof(*s));
	if (t->keep)
		fprintf(t->errors, "data folder: %s\n", dir);
	else if (err_init(&ignored, &t->a), !dir_remove(dir, &ignored))
		fprintf(t->errors, "swb: " STR_FMT "\n", STR_ARG(ignored.msg));
	return true;
}

/* --- one case, told ---------------------------------------------------------------------- */

static void
tell_verdict(struct test *t, const struct shared *s, double took_ms)
{
	int64_t simulated_s = (s->state.now_ms - FIRST_MS) / 1000;

	if (!s->ok)
		fprintf(t->out, "\nFAILED: %s\n", s->message);
	fprintf(t->out,
	    "\n%s: %lld min %lld s simulated in %.0f ms; %llu writes, %llu events after the launch\n",
	    s->ok ? "good" : "failed", (long long)(simulated_s / 60), (long long)(simulated_s % 60),
	    took_ms, (unsigned long long)s->state.commits, (unsigned long long)s->state.events);
}

static void
print_json(struct test *t, const struct json *j)
{
	struct buf b = buf_in(&t->a);

	json_write_pretty(&b, j);
	fprintf(t->out, STR_FMT "\n", STR_ARG(buf_str(&b)));
}

/* A fault that had no occasion to strike shows nothing. */
static void
tell_missed(struct test *t, const struct faults *f, const struct shared *s, bool crashed)
{
	if (f->crash_at > 0 && !crashed)
		fprintf(t->errors, "swb: there was no write %llu: the whole life takes %llu\n",
		    (unsigned long long)f->crash_at, (unsigned long long)s->state.commits);
	if (f->drop_event > s->state.events)
		fprintf(t->errors, "swb: there was no event %llu: the whole life has %llu\n",
		    (unsigned long long)f->drop_event, (unsigned long long)s->state.events);
}

static int
test_once(struct test *t, const struct faults *f)
{
	struct json *report = json_new_object(&t->a);
	struct shared s;
	struct err err;
	bool crashed;
	double began = road_real_ms();

	err_init(&err, &t->a);
	if (!t->json)
		fprintf(t->out, "%s  version %s  (%s)\n\n", str_z(&t->a, t->bundle.type),
		    str_z(&t->a, str_sub(t->bundle.hash, 0, 8)), str_z(&t->a, t->bundle.name));
	json_put_str(&t->a, report, "type", t->bundle.type);
	json_put_str(&t->a, report, "version", t->bundle.hash);
	if (!run_case(t, f, !t->json, report, &s, &crashed, &err)) {
		fprintf(t->errors, "swb: " STR_FMT "\n", STR_ARG(err.msg));
		return EXIT_FAILED;
	}
	if (s.ok)
		tell_missed(t, f, &s, crashed);
	if (t->json) {
		json_set(&t->a, report, "ok", json_new_bool(&t->a, s.ok));
		json_set(&t->a, report, "writes", json_new_i64(&t->a, (int64_t)s.state.commits));
		json_set(&t->a, report, "events", json_new_i64(&t->a, (int64_t)s.state.events));
		if (!s.ok)
			json_put_str(&t->a, report, "error", str_of(s.message));
		print_json(t, report);
	} else {
		tell_verdict(t, &s, road_real_ms() - began);
	}
	return s.ok ? EXIT_DONE : EXIT_FAILED;
}

/* --- every place where a fault can strike --------------------------------------------------- */

struct sweep {
	struct test *t;
	size_t cases, bad;
	struct json *failures;
	bool progress; /* a line that is written over, on a terminal */
};

static bool
sweep_case(
    struct sweep *w, const struct faults *f, const char *label, struct shared *s, bool *crashed)
{
	struct err err;

	err_init(&err, &w->t->a);
	if (w->progress) {
		fprintf(w->t->errors, "\r%-60s", label);
		fflush(w->t->errors);
	}
	w->cases++;
	if (!run_case(w->t, f, false, NULL, s, crashed, &err)) {
		*s = (struct shared){ 0 };
		snprintf(s->message, sizeof(s->message), STR_FMT, STR_ARG(err.msg));
	}
	if (s->ok || stopped_by != 0)
		return s->ok;
	w->bad++;
	if (w->t->json) {
		struct json *failure = json_push(&w->t->a, w->failures, json_new_object(&w->t->a));

		json_put_str(&w->t->a, failure, "case", str_dup(&w->t->a, str_of(label)));
		json_put_str(&w->t->a, failure, "error", str_dup(&w->t->a, str_of(s->message)));
	} else {
		fprintf(
		    w->t->out, "%s%s: FAILED: %s\n", w->progress ? "\r" : "", label, s->message);
		fflush(w->t->out);
	}
	return false;
}

static void
sweep_crashes(struct sweep *w, struct faults f, uint64_t first, uint64_t last)
{
	struct shared s;
	bool crashed = true;
	char label[64];

	for (f.crash_at = first; f.crash_at <= last && crashed && stopped_by == 0; f.crash_at++) {
		snprintf(
		    label, sizeof(label), "stopped at write %llu", (unsigned long long)f.crash_at);
		sweep_case(w, &f, label, &s, &crashed);
	}
	/* The last one found no such write: it was an ordinary life. */
	if (!crashed)
		w->cases--;
}

static void
sweep_events(struct sweep *w, struct faults f)
{
	struct shared s;
	bool crashed;
	char label[64];
	uint64_t last = MAX_FAULT;

	for (f.drop_event = 1; f.drop_event <= last && stopped_by == 0; f.drop_event++) {
		snprintf(label, sizeof(label), "event %llu lost", (unsigned long long)f.drop_event);
		sweep_case(w, &f, label, &s, &crashed);
		/* A life without its nth event may have fewer or more than a whole one has. */
		last = s.state.events;
	}
}

static void
sweep_resources(struct sweep *w, struct faults f)
{
	const struct json *all = json_get(w->t->bundle.template_tree, "Resources");
	struct shared s;
	bool crashed;
	char label[320];

	for (const struct json *r = json_first(all); r != NULL && stopped_by == 0; r = r->next) {
		f.fail = str_z(&w->t->a, r->key);
		snprintf(label, sizeof(label), "%s fails", f.fail);
		sweep_case(w, &f, label, &s, &crashed);
	}
}

static int
sweep_end(struct sweep *w)
{
	struct test *t = w->t;

	if (w->progress)
		fprintf(t->errors, "\r%-60s\r", "");
	if (t->json) {
		struct json *report = json_new_object(&t->a);

		json_put_str(&t->a, report, "type", t->bundle.type);
		json_put_str(&t->a, report, "version", t->bundle.hash);
		json_put_bool(&t->a, report, "ok", w->bad == 0);
		json_put_i64(&t->a, report, "cases", (int64_t)w->cases);
		json_put(&t->a, report, "failures", w->failures);
		print_json(t, report);
	} else {
		fprintf(t->out, "%zu cases, %zu failed\n", w->cases, w->bad);
	}
	return w->bad == 0 ? EXIT_DONE : EXIT_FAILED;
}

/* --- from the command line --------------------------------------------------------------- */

static bool
read_config(struct test *t, const struct cli_args *args)
{
	struct json *params = json_new_array(&t->a);

	for (size_t i = 0; i < args->given_count; i++) {
		str text = str_of(args->given[i].value), key;
		struct json *p;

		if (strcmp(args->given[i].option->name, "--param") != 0)
			continue;
		if (str_find_char(text, '=') == text.len || text.ptr[0] == '=') {
			fprintf(t->errors, "swb: --param %s: KEY=VALUE is needed\n",
			    args->given[i].value);
			return false;
		}
		key = str_sub(text, 0, str_find_char(text, '='));
		p = json_push(&t->a, params, json_new_object(&t->a));
		json_put_str(&t->a, p, "key", key);
		json_put_str(&t->a, p, "value", str_from(text, key.len + 1));
	}
	t->config = params;
	return true;
}

static int
load(struct test *t, const char *dir)
{
	struct findings findings = { .a = &t->a, .dir = dir };
	struct err err;

	err_init(&err, &t->a);
	if (!bundle_load(&t->a, dir, &t->bundle, &findings, &err)) {
		fprintf(t->errors, "swb: " STR_FMT "\n", STR_ARG(err.msg));
		return err.kind == ERR_NOT_FOUND ? EXIT_NOT_FOUND : EXIT_FAILED;
	}
	if (findings.errors > 0 && t->json)
		print_json(t, type_report(&t->a, &t->bundle, &findings));
	if (findings.count > 0)
		fprintf(t->errors, STR_FMT, STR_ARG(findings_text(&t->a, &findings)));
	if (findings.errors > 0) {
		fprintf(t->errors, "swb: %s has %zu error%s; nothing was launched\n", dir,
		    findings.errors, findings.errors == 1 ? "" : "s");
		return EXIT_FAILED;
	}
	return EXIT_DONE;
}

static bool
check_resource(struct test *t, const char *name)
{
	const struct json *all = json_get(t->bundle.template_tree, "Resources");

	if (json_get(all, name) != NULL)
		return true;
	fprintf(t->errors, "swb: --fail %s: the template has no such resource; it has:", name);
	for (const struct json *r = json_first(all); r != NULL; r = r->next)
		fprintf(t->errors, " " STR_FMT, STR_ARG(r->key));
	fprintf(t->errors, "\n");
	return false;
}

/* "3-7" is a part of the range, which "all" leaves as it is. */
static bool
read_range(const char *text, uint64_t *first, uint64_t *last)
{
	str s = str_of(text);
	size_t dash = str_find_char(s, '-');
	int64_t from, to;

	if (str_is(s, "all"))
		return true;
	if (dash == s.len || !str_to_i64(str_sub(s, 0, dash), &from) ||
	    !str_to_i64(str_from(s, dash + 1), &to) || from < 1 || to < from)
		return false;
	*first = (uint64_t)from;
	*last = (uint64_t)to;
	return true;
}

static int
dispatch(struct test *t, const struct cli_args *args)
{
	const char *fail = cli_get(args, "--fail"), *drop = cli_get(args, "--drop-event");
	const char *crash = cli_get(args, "--crash-at");
	struct sweep w = {
		.t = t,
		.failures = json_new_array(&t->a),
		.progress = !t->json && isatty(fileno(t->errors)),
	};
	struct faults f = { .fail = fail };
	uint64_t first = 1, last = MAX_FAULT;
	bool all_fail = fail != NULL && strcmp(fail, "all") == 0;
	bool all_drop = drop != NULL && strcmp(drop, "all") == 0;
	bool range = crash != NULL && read_range(crash, &first, &last);

	if (all_fail + all_drop + range > 1) {
		fprintf(t->errors, "swb: only one of the faults may be 'all'\n");
		return EXIT_USAGE;
	}
	if ((!all_drop &&
		!cli_get_u64(args, "--drop-event", 0, 1, MAX_FAULT, &f.drop_event, t->errors)) ||
	    (!range && !cli_get_u64(args, "--crash-at", 0, 1, MAX_FAULT, &f.crash_at, t->errors)))
		return EXIT_USAGE;
	if (fail != NULL && !all_fail && !check_resource(t, fail))
		return EXIT_USAGE;
	if (all_fail)
		sweep_resources(&w, f);
	else if (all_drop)
		sweep_events(&w, f);
	else if (range)
		sweep_crashes(&w, f, first, last);
	else
		return test_once(t, &f);
	return sweep_end(&w);
}

static int
run(const struct cli_args *args, FILE *out, FILE *errors)
{
	struct test t = {
		.json = cli_has(args, "--json"),
		.keep = cli_has(args, "--keep"),
		.out = out,
		.errors = errors,
	};
	int status = load(&t, args->operands[0]);

	handle_signals(remember_signal);
	if (status == EXIT_DONE)
		status = read_config(&t, args) ? dispatch(&t, args) : EXIT_USAGE;
	arena_fini(&t.a);
	handle_signals(SIG_DFL);
	if (stopped_by != 0)
		(void)raise(stopped_by); /* who started us learns what ended us */
	return status;
}

const struct verb type_test_verb = {
	.name = "type test",
	.operands = "DIR",
	.least_operands = 1,
	.most_operands = 1,
	.summary = "Runs an environment type through a whole life on a local cloud.",
	.help =
	    "DIR is the type's folder: type.yaml, its template and its documents. A cloud of two accounts\n"
	    "is set up in a temporary folder, the type is published, launched, connected to, stopped,\n"
	    "started, stopped and terminated, in simulated time. Every status is told with its simulated\n"
	    "and its real time. At the end nothing may be left in the hosting account, and each resource\n"
	    "must have been provisioned once.\n"
	    "\n"
	    "Faults show that the type, and swb, cope: a resource that fails, an event that is lost, a\n"
	    "program that is killed. The exit status is 0 when the life ended as it must.",
	.options = options,
	.option_count = countof(options),
	.run = run,
};
