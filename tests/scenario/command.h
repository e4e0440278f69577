/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A scenario's hands: runs a command line as a person would, with $SWB the program under test, in
 * the project's folder, and keeps what it printed.
 */
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#include "base/file.h"
#include "base/json.h"

#define OUTPUT_MAX_BYTES ((size_t)8 << 20)

struct command {
	int status; /* exit status; 128 + signal where one ended it */
	str out, err;
};

static inline str
read_output(struct arena *a, const char *dir, const char *file)
{
	struct err err;
	str text;

	err_init(&err, a);
	CHECK_OK(file_read(a, path_join(a, dir, file), OUTPUT_MAX_BYTES, &text, &err), &err);
	return text;
}

static inline struct command
run_command(struct arena *a, const char *line)
{
	struct command c = { 0 };
	const char *dir;
	struct err err;
	int status;

	err_init(&err, a);
	CHECK_OK(dir_make_temp(a, "swb-scenario-", &dir, &err), &err);
	setenv("SWB", SWB_PROGRAM, 1);
	status = system(str_z(a,
	    str_fmt(
		a, "cd '%s' && { %s\n} >'%s/out' 2>'%s/err'", SWB_SOURCE_ROOT, line, dir, dir)));
	c.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	c.out = read_output(a, dir, "out");
	c.err = read_output(a, dir, "err");
	CHECK_OK(dir_remove(dir, &err), &err);
	return c;
}

static inline void
show_command(const char *line, const struct command *c)
{
	print_error("$ %s\nexit status %d\n" STR_FMT STR_FMT "\n", line, c->status, STR_ARG(c->out),
	    STR_ARG(c->err));
}

/* Runs it and checks the exit status. */
static inline struct command
expect_status(struct arena *a, const char *line, int status)
{
	struct command c = run_command(a, line);

	if (c.status != status) {
		show_command(line, &c);
		print_error("want exit status %d\n", status);
		_fail(__FILE__, __LINE__);
	}
	return c;
}

/* Runs it, which must succeed, and parses what it printed. */
static inline const struct json *
expect_json(struct arena *a, const char *line)
{
	struct command c = expect_status(a, line, 0);
	const struct json *j;
	struct err err;

	err_init(&err, a);
	CHECK_OK(json_parse(a, c.out, &j, &err), &err);
	return j;
}
