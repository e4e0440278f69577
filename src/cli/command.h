/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every command that asks the server does alike: finds it, runs, tells what went wrong, and
 * turns that into the exit code.
 */
#pragma once

#include <stdio.h>

#include "base/arena.h"
#include "base/str.h"
#include "cli/remote.h"
#include "cli/screen.h"
#include "cli/verb.h"

struct err;
struct json;

struct command {
	struct arena a;
	const struct cli_args *args;
	struct remote remote;
	struct screen screen; /* standard output, for people */
	FILE *out, *errors;
	bool json; /* --json: one value, and nothing for people */
	int status;
};

/* person: as whom, unless --as says otherwise. run sets status where it ends otherwise than well.
 */
int command_run(const struct cli_args *args, FILE *out, FILE *errors, const char *person,
    bool (*run)(struct command *c, struct err *err));

/* The answer of --json. */
void command_print_json(struct command *c, const struct json *j);
/* A list: as it is with --json, else as a table of these members of each element, below these
 * heads. */
void command_print_list(struct command *c, const struct json *list, const char *const *members,
    const char *const *heads, size_t columns);

#define COMMAND_JSON \
	{ \
		"--json", NULL, "Prints JSON.", false \
	}
