/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/env_launch.c: swb env launch, by names.
 */
#include "base/err.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/env_verbs.h"
#include "cli/env_wait.h"
#include "cli/names.h"

static const struct cli_option options[] = {
	{ "--config", "NAME", "The type's configuration (default: the only one, or 'default').",
	    false },
	{ "--project", "NAME", "The project (default: the only one).", false },
	{ "--name", "NAME", "What to call it (default: the type and a number).", false },
	{ "--description", "TEXT", "What it is for.", false },
	ENV_WAIT_OPTIONS,
	COMMAND_JSON,
};

static const struct env_goal goal = {
	.verb = "launch",
	.reached = "COMPLETED",
	.next = "swb env connect",
};

static bool
is_taken(const struct json *envs, str name)
{
	for (const struct json *e = json_first(envs); e != NULL; e = e->next)
		if (str_eq(json_str(json_get(e, "name")), name))
			return true;
	return false;
}

/* The first free one of "sagemakerNotebook-1", "-2", …: names need not differ, but it helps. */
static bool
choose_name(struct command *c, str type, str *name, struct err *err)
{
	const char *given = cli_get(c->args, "--name");
	const struct json *envs;

	*name = str_of(given);
	if (given != NULL)
		return true;
	if (!remote_list(&c->remote, &c->a, S("/api/environments"), 1000, &envs, err))
		return false;
	for (size_t n = 1;; n++) {
		*name = str_fmt(&c->a, STR_FMT "-%zu", STR_ARG(type), n);
		if (!is_taken(envs, *name))
			return true;
	}
}

static bool
write_request(struct command *c, struct json *body, struct err *err)
{
	const char *description = cli_get(c->args, "--description");
	const struct json *type, *config, *project;
	str name;

	if (!name_find_type(&c->remote, &c->a, c->args->operands[0], &type, err) ||
	    !name_find_config(&c->remote, &c->a, json_str(json_get(type, "id")),
		cli_get(c->args, "--config"), &config, err) ||
	    !name_find_project(&c->remote, &c->a, cli_get(c->args, "--project"), &project, err) ||
	    !choose_name(c, json_str(json_get(type, "type")), &name, err))
		return false;
	json_put_str(&c->a, body, "name", name);
	json_put_str(&c->a, body, "description",
	    description != NULL ? str_of(description) : S("Launched from the command line"));
	json_put_str(&c->a, body, "envTypeId", json_str(json_get(type, "id")));
	json_put_str(&c->a, body, "envTypeConfigId", json_str(json_get(config, "id")));
	json_put_str(&c->a, body, "envType", json_str(json_get(type, "type")));
	json_put_str(&c->a, body, "projectId", json_str(json_get(project, "id")));
	json_put(&c->a, body, "datasetIds", json_new_array(&c->a));
	if (!c->json)
		screen_line(&c->screen,
		    str_fmt(&c->a, "launching " STR_FMT " in project " STR_FMT,
			STR_ARG(screen_safe(&c->a, name)),
			STR_ARG(screen_safe(&c->a, json_str(json_get(project, "name"))))));
	return true;
}

static bool
launch(struct command *c, struct err *err)
{
	struct json *body = json_new_object(&c->a);
	const struct json *env;
	bool wait;

	if (!env_wait_is_wanted(c, &wait, err) || !write_request(c, body, err) ||
	    !remote_ask(&c->remote, &c->a, "POST", S("/api/environments"), body, &env, err))
		return false;
	if (wait)
		return env_wait(c, &goal, json_str(json_get(env, "id")),
		    json_str(json_get(env, "name")), 0, err);
	if (c->json)
		command_print_json(c, env);
	else
		screen_line(&c->screen,
		    str_fmt(&c->a, "it is on its way: swb env show " STR_FMT,
			STR_ARG(json_str(json_get(env, "id")))));
	return true;
}

static int
run(const struct cli_args *args, FILE *out, FILE *errors)
{
	return command_run(args, out, errors, "researcher", launch);
}

const struct verb env_launch_verb = {
	.name = "env launch",
	.operands = "TYPE",
	.least_operands = 1,
	.most_operands = 1,
	.summary = "Launches an environment and shows its road.",
	.help =
	    "TYPE, and the values of the options, are names or ids. While it waits, each step is told as\n"
	    "it happens, with what is awaited. Ctrl-C stops the watching, not the launch.",
	.options = options,
	.option_count = countof(options),
	.asks_server = true,
	.run = run,
};
