/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/env_show.c: swb env show, explain, history and connect: what is so, what is awaited, what
 * happened, and how to get in.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/env_verbs.h"
#include "cli/env_wait.h"
#include "cli/names.h"
#include "cli/watch.h"

static const struct cli_option options[] = { COMMAND_JSON };

/* GET /api/environments/{id}{below} of the environment that the operand names. */
static bool
get(struct command *c, const char *below, const struct json **out, struct err *err)
{
	const struct json *env;

	return name_find_env(&c->remote, &c->a, c->args->operands[0], &env, err) &&
	    remote_get(&c->remote, &c->a,
		str_fmt(&c->a, "/api/environments/" STR_FMT "%s",
		    STR_ARG(json_str(json_get(env, "id"))), below),
		out, err);
}

static void
line(struct command *c, const char *label, str text)
{
	if (text.len > 0)
		screen_line(&c->screen,
		    str_fmt(&c->a, "%-14s" STR_FMT, label, STR_ARG(screen_safe(&c->a, text))));
}

static void
status_line(struct command *c, const struct json *j)
{
	screen_line(&c->screen,
	    str_fmt(&c->a, "%-14s" STR_FMT, "status",
		STR_ARG(screen_status(&c->screen, &c->a, json_str(json_get(j, "status"))))));
}

/* --- show -------------------------------------------------------------------------------- */

static bool
show(struct command *c, struct err *err)
{
	const struct json *env;

	if (!get(c, "", &env, err))
		return false;
	if (c->json) {
		command_print_json(c, env);
		return true;
	}
	line(c, "name", json_str(json_get(env, "name")));
	status_line(c, env);
	line(c, "why", json_str(json_path(env, "error", "value", NULL)));
	line(c, "type", json_str(json_path(env, "ETC", "type", NULL)));
	line(c, "project", json_str(json_path(env, "PROJ", "name", NULL)));
	line(c, "description", json_str(json_get(env, "description")));
	line(c, "instance", json_str(json_get(env, "instanceId")));
	line(c, "launched", json_str(json_get(env, "createdAt")));
	line(c, "changed", json_str(json_get(env, "updatedAt")));
	line(c, "id", json_str(json_get(env, "id")));
	return true;
}

/* --- explain ------------------------------------------------------------------------------- */

static str
operation_text(struct arena *a, const struct json *operation)
{
	int64_t attempt = json_i64(json_get(operation, "attempt"), 1);
	str step = json_str(json_get(operation, "step"));
	str verb = json_str(json_get(operation, "verb"));
	str again = attempt > 1 ? str_fmt(a, ", attempt %lld", (long long)attempt) : (str){ 0 };

	if (verb.len == 0)
		return verb;
	return str_fmt(a, STR_FMT "%s" STR_FMT STR_FMT, STR_ARG(verb),
	    step.len > 0 ? ", step " : "", STR_ARG(step), STR_ARG(again));
}

static bool
explain(struct command *c, struct err *err)
{
	const struct json *e, *operation;

	if (!get(c, "/explain", &e, err))
		return false;
	if (c->json) {
		command_print_json(c, e);
		return true;
	}
	operation = json_get(e, "operation");
	status_line(c, e);
	line(c, "since", json_str(json_get(e, "since")));
	line(c, "why", json_str(json_path(e, "error", "value", NULL)));
	line(c, "where", env_failed_resource(&c->a, e));
	line(c, "operation", operation_text(&c->a, operation));
	line(c, "trouble", json_str(json_get(operation, "lastError")));
	line(c, "awaited", json_str(json_get(e, "awaited")));
	line(c, "deadline", json_str(json_get(e, "deadline")));
	line(c, "last evidence", json_str(json_path(e, "evidence", "text", NULL)));
	line(c, "what to do", json_str(json_get(e, "advice")));
	return true;
}

/* --- history -------------------------------------------------------------------------------- */

static bool
history(struct command *c, struct err *err)
{
	const struct json *h, *list;
	int64_t began = 0;

	if (!get(c, "/history", &h, err))
		return false;
	list = json_get(h, "data");
	if (c->json) {
		command_print_json(c, list);
		return true;
	}
	(void)time_parse(json_str(json_get(json_first(list), "at")), &began);
	for (const struct json *e = json_first(list); e != NULL; e = e->next)
		screen_line(&c->screen, watch_line(&c->screen, &c->a, e, began, false));
	return true;
}

/* --- connect ---------------------------------------------------------------------------------- */

/* #{"type":"link","hrefKey":"url","text":"Sagemaker URL"} becomes the text and the address. */
static str
link_text(struct arena *a, str marker, const struct json *credentials)
{
	const struct json *m;
	struct err err;
	str href;

	err_init(&err, a);
	if (!json_parse(a, marker, &m, &err))
		return str_cat(a, S("#"), marker);
	href = json_scalar(json_get_str(credentials, json_str(json_get(m, "hrefKey"))));
	return str_fmt(
	    a, STR_FMT ": " STR_FMT, STR_ARG(json_str(json_get(m, "text"))), STR_ARG(href));
}

static str
instruction_text(struct arena *a, str text, const struct json *credentials)
{
	struct buf b = buf_in(a);

	while (text.len > 0) {
		size_t at = str_find(text, S("#{")), end = str_find(str_from(text, at), S("}"));

		buf_add(&b, str_sub(text, 0, at));
		if (at + end >= text.len) {
			buf_add(&b, str_from(text, at));
			break;
		}
		buf_add(&b, link_text(a, str_sub(text, at + 1, end), credentials));
		text = str_from(text, at + end + 1);
	}
	return buf_str(&b);
}

static bool
connect(struct command *c, struct err *err)
{
	const struct json *answer, *credentials;
	str instruction;

	if (!get(c, "/connections", &answer, err))
		return false;
	if (c->json) {
		command_print_json(c, answer);
		return true;
	}
	credentials = json_get(answer, "authCredResponse");
	instruction = json_str(json_get(answer, "instructionResponse"));
	for (str rest = instruction_text(&c->a, instruction, credentials), row;
	     str_cut(&rest, '\n', &row);)
		screen_line(&c->screen, screen_safe(&c->a, row));
	/* What no link has shown. */
	for (const struct json *m = json_first(credentials); m != NULL; m = m->next)
		if (!str_has(instruction,
			str_fmt(&c->a, "\"hrefKey\":\"" STR_FMT "\"", STR_ARG(m->key))))
			line(c, str_z(&c->a, m->key), json_scalar(m));
	return true;
}

/* --- rows ------------------------------------------------------------------------------------- */

static int
run_show(const struct cli_args *args, FILE *out, FILE *errors)
{
	return command_run(args, out, errors, "researcher", show);
}

static int
run_explain(const struct cli_args *args, FILE *out, FILE *errors)
{
	return command_run(args, out, errors, "researcher", explain);
}

static int
run_history(const struct cli_args *args, FILE *out, FILE *errors)
{
	return command_run(args, out, errors, "researcher", history);
}

static int
run_connect(const struct cli_args *args, FILE *out, FILE *errors)
{
	return command_run(args, out, errors, "researcher", connect);
}

/* What the four rows share. */
#define SHOWN \
	.operands = "ENV", .least_operands = 1, .most_operands = 1, .options = options, \
	.option_count = countof(options), .asks_server = true

const struct verb env_show_verb = {
	.name = "env show",
	.summary = "Shows an environment.",
	.help = "ENV is its name or id; terminated ones are found by their id.",
	.run = run_show,
	SHOWN,
};

const struct verb env_explain_verb = {
	.name = "env explain",
	.summary = "Says what an environment awaits, and what to do.",
	.help = "ENV is its name or id.",
	.run = run_explain,
	SHOWN,
};

const struct verb env_history_verb = {
	.name = "env history",
	.summary = "Tells all that happened to an environment.",
	.help = "ENV is its name or id. Times count from the launch.",
	.run = run_history,
	SHOWN,
};

const struct verb env_connect_verb = {
	.name = "env connect",
	.summary = "Says how to get into a running environment.",
	.help = "ENV is its name or id. What is printed may hold secrets.",
	.run = run_connect,
	SHOWN,
};
#undef SHOWN
