/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/env_wait.c: the end of launch, start, stop and terminate: reached, or why not and what now.
 */
#include "cli/env_wait.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/watch.h"

bool
env_wait_is_wanted(const struct command *c, bool *wanted, struct err *err)
{
	*wanted = !cli_has(c->args, "--no-wait");
	if (!*wanted && cli_has(c->args, "--wait"))
		return err_set(err, ERR_INVALID, "--wait and --no-wait exclude each other");
	return true;
}

/* --- Ctrl-C -------------------------------------------------------------------------------- */

static char farewell[512];

static void
say_farewell(int signal_number)
{
	(void)!write(STDERR_FILENO, farewell, strlen(farewell));
	(void)raise(signal_number); /* its default again, once this returns */
}

/* Ctrl-C ends the watching only: whoever presses it shall know, and how to look again. */
static void
prepare_farewell(const char *verb, str id)
{
	struct sigaction old, act = { .sa_handler = say_farewell, .sa_flags = (int)SA_RESETHAND };

	if (sigaction(SIGINT, NULL, &old) != 0 || old.sa_handler == SIG_IGN)
		return;
	snprintf(farewell, sizeof(farewell),
	    "\nswb: no longer watching; the %s goes on at the server: swb env explain " STR_FMT
	    "\n",
	    verb, STR_ARG(id));
	(void)sigaction(SIGINT, &act, NULL);
}

/* --- how it ended -------------------------------------------------------------------------- */

str
env_failed_resource(struct arena *a, const struct json *explain)
{
	const struct json *cause = json_get(explain, "cause");

	if (json_get(cause, "resource") == NULL)
		return (str){ 0 };
	return str_fmt(a, STR_FMT " (" STR_FMT ")", STR_ARG(json_str(json_get(cause, "resource"))),
	    STR_ARG(json_str(json_get(cause, "resourceType"))));
}

/* The error bears the own words of the resource that failed first. */
static void
tell_failure(struct command *c, const struct env_goal *goal, str name, const struct json *explain)
{
	const struct json *error = json_get(explain, "error");
	str why =
	    json_is(error, JSON_STRING) ? json_str(error) : json_str(json_get(error, "value"));
	str evidence = json_str(json_path(explain, "evidence", "text", NULL));
	str where = env_failed_resource(&c->a, explain), shown = screen_safe(&c->a, name);

	if (why.len == 0)
		why = evidence;
	fprintf(c->errors, "swb: %s of " STR_FMT " did not succeed: it is " STR_FMT "\n",
	    goal->verb, STR_ARG(shown),
	    STR_ARG(screen_safe(&c->a, json_str(json_get(explain, "status")))));
	if (where.len > 0)
		fprintf(c->errors, "  where: " STR_FMT "\n", STR_ARG(screen_safe(&c->a, where)));
	if (why.len > 0)
		fprintf(c->errors, "  why:   " STR_FMT "\n", STR_ARG(screen_safe(&c->a, why)));
	fprintf(c->errors,
	    "  next:  " STR_FMT "\n  all that happened: swb env history " STR_FMT "\n",
	    STR_ARG(screen_safe(&c->a, json_str(json_get(explain, "advice")))), STR_ARG(shown));
}

static void
tell_success(struct command *c, const struct env_goal *goal, str name, const struct watch *w)
{
	str shown = screen_safe(&c->a, name);

	screen_line(&c->screen,
	    str_fmt(&c->a, STR_FMT " is " STR_FMT " after " STR_FMT, STR_ARG(shown),
		STR_ARG(screen_status(&c->screen, &c->a, str_of(goal->reached))),
		STR_ARG(screen_duration(&c->a, w->ended_ms - w->began_ms))));
	if (goal->next != NULL)
		screen_line(
		    &c->screen, str_fmt(&c->a, "next: %s " STR_FMT, goal->next, STR_ARG(shown)));
}

bool
env_wait(
    struct command *c, const struct env_goal *goal, str id, str name, size_t seen, struct err *err)
{
	struct watch w = {
		.remote = &c->remote,
		.screen = c->json ? NULL : &c->screen,
		.env_id = id,
		.seen = seen,
	};
	const struct json *explain, *env;

	prepare_farewell(goal->verb, id);
	if (!watch_until_rest(&w, &c->a, &explain, err))
		return err_prefix(err,
		    "the %s goes on at the server, but it could not be watched (swb env show " STR_FMT
		    " tells how it ended)",
		    goal->verb, STR_ARG(id));
	if (!str_is(json_str(json_get(explain, "status")), goal->reached)) {
		tell_failure(c, goal, name, explain);
		c->status = EXIT_FAILED;
	} else if (!c->json) {
		tell_success(c, goal, name, &w);
	}
	if (!c->json)
		return true;
	if (!remote_get(&c->remote, &c->a,
		str_fmt(&c->a, "/api/environments/" STR_FMT, STR_ARG(id)), &env, err))
		return false;
	command_print_json(c, env);
	return true;
}
