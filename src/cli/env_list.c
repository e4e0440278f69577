/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/env_list.c: swb env list, the newest first.
 *
 * The server sorts for administrators only: a researcher's own, which are few, are all asked for.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/env_verbs.h"

#define DEFAULT_LIMIT 100
#define LARGEST_LIMIT 100000

static const struct cli_option options[] = {
	{ "--limit", "N", "At most so many (default 100).", false },
	COMMAND_JSON,
};

/* "ET#<type>ETC#<configuration>" → the type's name, where it is among types. */
static str
type_name(const struct json *types, str type)
{
	for (const struct json *t = json_first(types); t != NULL; t = t->next)
		if (str_has(type, json_str(json_get(t, "id"))))
			return json_str(json_get(t, "type"));
	return S("-");
}

/* With owners where they are several people's. */
static void
print(struct command *c, const struct json *envs, const struct json *types, bool owners)
{
	enum { MOST_COLUMNS = 6, STATUS = 1 };
	size_t rows = json_count(envs) + 1, at = 0;
	str *cells = arena_new(&c->a, str, rows * MOST_COLUMNS);

	cells[at++] = S("NAME");
	cells[at++] = S("STATUS");
	cells[at++] = S("TYPE");
	cells[at++] = S("LAUNCHED");
	if (owners)
		cells[at++] = S("OWNER");
	cells[at++] = S("ID");
	for (const struct json *e = json_first(envs); e != NULL; e = e->next) {
		cells[at++] = json_str(json_get(e, "name"));
		cells[at++] = json_str(json_get(e, "status"));
		cells[at++] = type_name(types, json_str(json_get(e, "type")));
		cells[at++] = str_sub(json_str(json_get(e, "createdAt")), 0, 19);
		if (owners)
			cells[at++] = json_str(json_get(e, "owner"));
		cells[at++] = json_str(json_get(e, "id"));
	}
	screen_table(
	    &c->screen, &c->a, cells, owners ? MOST_COLUMNS : MOST_COLUMNS - 1, rows, STATUS);
}

static int
compare_newest(const void *x, const void *y)
{
	const struct json *const *a = x, *const *b = y;

	return str_cmp(json_str(json_get(*b, "createdAt")), json_str(json_get(*a, "createdAt")));
}

static const struct json *
newest(struct command *c, const struct json *envs, size_t limit)
{
	const struct json **list = arena_new(&c->a, const struct json *, json_count(envs) + 1);
	struct json *out = json_new_array(&c->a);
	size_t count = 0;

	for (const struct json *e = json_first(envs); e != NULL; e = e->next)
		list[count++] = e;
	qsort(list, count, sizeof(list[0]), compare_newest);
	for (size_t i = 0; i < count && i < limit; i++)
		json_push(&c->a, out, list[i]);
	return out;
}

static bool
list(struct command *c, struct err *err)
{
	const struct json *all, *envs, *types;
	const char *as = cli_get(c->args, "--as");
	bool everyones = as != NULL && strcmp(as, "admin") == 0;
	uint64_t limit;

	if (!cli_get_u64(c->args, "--limit", DEFAULT_LIMIT, 1, LARGEST_LIMIT, &limit, c->errors)) {
		c->status = EXIT_USAGE;
		return true;
	}
	if (!remote_list(&c->remote, &c->a, S("/api/environments?descending=createdAt"),
		everyones ? (size_t)limit + 1 : 0, &all, err))
		return false;
	envs = newest(c, all, (size_t)limit);
	if (c->json) {
		command_print_json(c, envs);
		return true;
	}
	if (json_count(envs) == 0) {
		screen_line(&c->screen, S("no environment; launch one: swb env launch TYPE"));
		return true;
	}
	if (!remote_list(&c->remote, &c->a, S("/api/environmentTypes"), 0, &types, err))
		return false;
	print(c, envs, types, everyones);
	if (json_count(all) > limit)
		screen_line(&c->screen,
		    str_fmt(
			&c->a, "these are the newest %zu; --limit N shows more", json_count(envs)));
	return true;
}

static int
run(const struct cli_args *args, FILE *out, FILE *errors)
{
	return command_run(args, out, errors, "researcher", list);
}

const struct verb env_list_verb = {
	.name = "env list",
	.operands = "",
	.summary = "Lists the environments that are not terminated.",
	.help = "A researcher sees their own; with --as admin all are listed, and whose they are.",
	.options = options,
	.option_count = countof(options),
	.asks_server = true,
	.run = run,
};
