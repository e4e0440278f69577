/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/type_list.c: swb type list, which environment types the server has; or, with a folder, which
 * that one holds and whether they are sound.
 */
#include "cli/type_list.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "bundle/bundle.h"
#include "cli/command.h"

static const struct cli_option options[] = {
	COMMAND_JSON,
};

/* Reads one folder; the row tells what it holds, the findings what is wrong with it. */
static struct json *
describe(struct arena *a, const char *dir, str folder, struct findings *findings, str *line)
{
	struct json *row = json_new_object(a);
	struct bundle b = { 0 };
	struct err err;

	err_init(&err, a);
	json_put_str(a, row, "folder", str_of(dir));
	if (!bundle_load(a, dir, &b, findings, &err)) {
		json_put_str(a, row, "error", err.msg);
		*line = str_fmt(a, "%-22s " STR_FMT, str_z(a, folder), STR_ARG(err.msg));
		return row;
	}
	json_put_str(a, row, "type", b.type);
	json_put_str(a, row, "name", b.name);
	json_put_str(a, row, "description", b.description);
	json_put_str(a, row, "version", b.hash);
	json_put_i64(a, row, "errors", (int64_t)findings->errors);
	json_put(a, row, "findings", findings_json(a, findings));
	if (findings->errors > 0)
		*line = str_fmt(a, "%-22s %-9s %zu error%s", str_z(a, folder), "-",
		    findings->errors, findings->errors == 1 ? "" : "s");
	else
		*line = str_fmt(a, "%-22s %-9s " STR_FMT, str_z(a, folder),
		    str_z(a, str_sub(b.hash, 0, 8)), STR_ARG(b.name));
	return row;
}

static int
list_folder(const struct cli_args *args, FILE *out, FILE *errors)
{
	const char *root = args->operands[0];
	auto_arena a = { 0 };
	struct json *all = json_new_object(&a), *list;
	struct buf text = buf_in(&a), wrong = buf_in(&a);
	size_t count, bad = 0;
	struct err err;
	str *names;

	err_init(&err, &a);
	if (!dir_list(&a, root, &names, &count, &err)) {
		fprintf(errors, "swb: " STR_FMT "\n", STR_ARG(err.msg));
		return EXIT_NOT_FOUND;
	}
	list = json_put(&a, all, "types", json_new_array(&a));
	buf_fmt(&text, "%-22s %-9s %s\n", "TYPE", "VERSION", "NAME");
	for (size_t i = 0; i < count; i++) {
		const char *dir = path_join(&a, root, str_z(&a, names[i]));
		struct findings findings = { .a = &a, .dir = dir };
		const struct json *row;
		str line;

		if (!path_is_file(path_join(&a, dir, "type.yaml")))
			continue;
		row = json_push(&a, list, describe(&a, dir, names[i], &findings, &line));
		buf_fmt(&text, STR_FMT "\n", STR_ARG(line));
		if (findings.errors == 0 && json_get(row, "error") == NULL)
			continue;
		bad++;
		buf_add(&wrong, findings_text(&a, &findings));
	}
	if (cli_has(args, "--json")) {
		text = buf_in(&a);
		json_write_pretty(&text, all);
		buf_char(&text, '\n');
	} else if (json_count(list) == 0) {
		fprintf(errors, "swb: no folder below %s holds a type.yaml\n", root);
		return EXIT_NOT_FOUND;
	}
	fprintf(out, STR_FMT, STR_ARG(buf_str(&text)));
	if (!cli_has(args, "--json"))
		fprintf(errors, STR_FMT, STR_ARG(buf_str(&wrong)));
	return bad > 0 ? EXIT_FAILED : EXIT_DONE;
}

static bool
list_server(struct command *c, struct err *err)
{
	static const char *const members[] = { "type", "status", "name", "id" };
	static const char *const heads[] = { "TYPE", "STATUS", "NAME", "ID" };
	const struct json *all;

	if (!remote_list(&c->remote, &c->a, S("/api/environmentTypes"), 0, &all, err))
		return false;
	command_print_list(c, all, members, heads, countof(members));
	return true;
}

static int
run(const struct cli_args *args, FILE *out, FILE *errors)
{
	if (args->operand_count > 0)
		return list_folder(args, out, errors);
	return command_run(args, out, errors, "researcher", list_server);
}

const struct verb type_list_verb = {
	.name = "type list",
	.operands = "[DIR]",
	.most_operands = 1,
	.summary = "Lists the server's environment types, or a folder's.",
	.help =
	    "Without DIR the server is asked. DIR is a folder that holds a folder for each type: they are\n"
	    "read and checked here, without a server. One that has errors is listed with their number, its\n"
	    "findings follow, and the exit status is 1.",
	.options = options,
	.option_count = countof(options),
	.asks_server = true,
	.run = run,
};
