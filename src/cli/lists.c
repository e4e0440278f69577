/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/lists.c: swb config list and swb project list.
 */
#include "cli/lists.h"

#include "base/err.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/names.h"

static const struct cli_option options[] = { COMMAND_JSON };

/* Of one type or of all. */
static bool
load_configs(struct command *c, struct json *all, struct err *err)
{
	const char *given = c->args->operand_count > 0 ? c->args->operands[0] : NULL;
	const struct json *types, *one, *configs;

	if (given != NULL) {
		struct json *only = json_new_array(&c->a);

		if (!name_find_type(&c->remote, &c->a, given, &one, err))
			return false;
		json_push(&c->a, only, one);
		types = only;
	} else if (!remote_list(&c->remote, &c->a, S("/api/environmentTypes"), 0, &types, err)) {
		return false;
	}
	for (const struct json *t = json_first(types); t != NULL; t = t->next) {
		str path = str_fmt(&c->a, "/api/environmentTypes/" STR_FMT "/configurations",
		    STR_ARG(json_str(json_get(t, "id"))));

		if (!remote_list(&c->remote, &c->a, path, 0, &configs, err))
			return false;
		for (const struct json *e = json_first(configs); e != NULL; e = e->next)
			json_push(&c->a, all, e);
	}
	return true;
}

static bool
list_configs(struct command *c, struct err *err)
{
	static const char *const members[] = { "name", "type", "description", "id" };
	static const char *const heads[] = { "NAME", "TYPE", "DESCRIPTION", "ID" };
	struct json *all = json_new_array(&c->a);

	if (!load_configs(c, all, err))
		return false;
	command_print_list(c, all, members, heads, countof(members));
	return true;
}

static bool
list_projects(struct command *c, struct err *err)
{
	static const char *const members[] = { "name", "status", "awsAccountId", "id" };
	static const char *const heads[] = { "NAME", "STATUS", "ACCOUNT", "ID" };
	const struct json *all;

	if (!remote_list(&c->remote, &c->a, S("/api/projects"), 0, &all, err))
		return false;
	command_print_list(c, all, members, heads, countof(members));
	return true;
}

static int
run_configs(const struct cli_args *args, FILE *out, FILE *errors)
{
	return command_run(args, out, errors, "researcher", list_configs);
}

static int
run_projects(const struct cli_args *args, FILE *out, FILE *errors)
{
	return command_run(args, out, errors, "researcher", list_projects);
}

const struct verb config_list_verb = {
	.name = "config list",
	.operands = "[TYPE]",
	.most_operands = 1,
	.summary = "Lists the configurations of a type, or of all.",
	.help = "TYPE is a name or an id.",
	.options = options,
	.option_count = countof(options),
	.asks_server = true,
	.run = run_configs,
};

const struct verb project_list_verb = {
	.name = "project list",
	.operands = "",
	.summary = "Lists the projects that you may use.",
	.help = "",
	.options = options,
	.option_count = countof(options),
	.asks_server = true,
	.run = run_projects,
};
