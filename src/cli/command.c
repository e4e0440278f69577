/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/command.c: around each command that asks the server.
 */
#include "cli/command.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

int
command_run(const struct cli_args *args, FILE *out, FILE *errors, const char *person,
    bool (*run)(struct command *c, struct err *err))
{
	struct command c = {
		.args = args,
		.screen = screen_on(out),
		.out = out,
		.errors = errors,
		.json = cli_has(args, "--json"),
		.status = EXIT_DONE,
	};
	struct err err;

	err_init(&err, &c.a);
	if (!remote_open(&c.remote, &c.a, args, person, &err) || !run(&c, &err)) {
		fflush(out);
		fprintf(errors, "swb: " STR_FMT "\n", STR_ARG(err.msg));
		c.status = remote_exit(&err);
	}
	remote_close(&c.remote);
	arena_fini(&c.a);
	return c.status;
}

void
command_print_json(struct command *c, const struct json *j)
{
	struct buf b = buf_in(&c->a);

	json_write_pretty(&b, j);
	fprintf(c->out, STR_FMT "\n", STR_ARG(buf_str(&b)));
}

void
command_print_list(struct command *c, const struct json *list, const char *const *members,
    const char *const *heads, size_t columns)
{
	size_t rows = json_count(list) + 1, at = 0;
	str *cells;

	if (c->json) {
		command_print_json(c, list);
		return;
	}
	cells = arena_new(&c->a, str, rows * columns);
	for (size_t i = 0; i < columns; i++)
		cells[at++] = str_of(heads[i]);
	for (const struct json *e = json_first(list); e != NULL; e = e->next)
		for (size_t i = 0; i < columns; i++)
			cells[at++] = json_scalar(json_get(e, members[i]));
	screen_table(&c->screen, &c->a, cells, columns, rows, columns);
}
