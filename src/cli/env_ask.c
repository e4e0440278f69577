/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/env_ask.c: swb env start, stop and terminate.
 */
#include "base/err.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/env_verbs.h"
#include "cli/env_wait.h"
#include "cli/names.h"
#include "cli/watch.h"

static const struct cli_option options[] = { ENV_WAIT_OPTIONS, COMMAND_JSON };

static const struct env_goal start_goal = {
	.verb = "start",
	.reached = "COMPLETED",
	.next = "swb env connect",
};

static const struct env_goal stop_goal = {
	.verb = "stop",
	.reached = "STOPPED",
	.next = "swb env start",
};

static const struct env_goal terminate_goal = {
	.verb = "terminate",
	.reached = "TERMINATED",
};

static bool
ask(struct command *c, const struct env_goal *goal, struct err *err)
{
	struct watch w = { .remote = &c->remote };
	const struct json *env, *out;
	str name;
	bool wait;

	if (!env_wait_is_wanted(c, &wait, err) ||
	    !name_find_env(&c->remote, &c->a, c->args->operands[0], &env, err))
		return false;
	name = json_str(json_get(env, "name"));
	w.env_id = json_str(json_get(env, "id"));
	if (!watch_begin(&w, err) ||
	    !remote_ask(&c->remote, &c->a, "PUT",
		str_fmt(&c->a, "/api/environments/" STR_FMT "/%s", STR_ARG(w.env_id), goal->verb),
		NULL, &out, err))
		return false;
	if (wait)
		return env_wait(c, goal, w.env_id, name, w.seen, err);
	if (!c->json)
		screen_line(&c->screen,
		    str_fmt(&c->a, "it is on its way: swb env show " STR_FMT, STR_ARG(w.env_id)));
	else if (remote_get(&c->remote, &c->a,
		     str_fmt(&c->a, "/api/environments/" STR_FMT, STR_ARG(w.env_id)), &out, err))
		command_print_json(c, out);
	else
		return false;
	return true;
}

static bool
start(struct command *c, struct err *err)
{
	return ask(c, &start_goal, err);
}

static bool
stop(struct command *c, struct err *err)
{
	return ask(c, &stop_goal, err);
}

static bool
terminate(struct command *c, struct err *err)
{
	return ask(c, &terminate_goal, err);
}

static int
run_start(const struct cli_args *args, FILE *out, FILE *errors)
{
	return command_run(args, out, errors, "researcher", start);
}

static int
run_stop(const struct cli_args *args, FILE *out, FILE *errors)
{
	return command_run(args, out, errors, "researcher", stop);
}

static int
run_terminate(const struct cli_args *args, FILE *out, FILE *errors)
{
	return command_run(args, out, errors, "researcher", terminate);
}

/* What the three rows share. */
#define ASKED \
	.operands = "ENV", .least_operands = 1, .most_operands = 1, .options = options, \
	.option_count = countof(options), .asks_server = true

const struct verb env_start_verb = {
	.name = "env start",
	.summary = "Starts a stopped environment.",
	.help = "ENV is its name or id.",
	.run = run_start,
	ASKED,
};

const struct verb env_stop_verb = {
	.name = "env stop",
	.summary = "Stops a running environment.",
	.help = "ENV is its name or id. It can be started again.",
	.run = run_stop,
	ASKED,
};

const struct verb env_terminate_verb = {
	.name = "env terminate",
	.summary = "Removes an environment and all that was made for it.",
	.help =
	    "ENV is its name or id. Of a launch that is still under way, what exists is removed.",
	.run = run_terminate,
	ASKED,
};
#undef ASKED
