/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a command of swb is: one row, in one file of its own. The table of all stands in
 * main.c; parsing, help and refusals are made from the rows.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/str.h"

/* Exit codes, the same for every command. */
enum cli_exit {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NOT_FOUND = 3,
	EXIT_DENIED = 4,
	EXIT_UNREACHABLE = 5,
};

struct arena;
struct err;

/* What commands need of parts that cli may not know; handed in by main.c. */
struct cli_context {
	/* An access token for "admin" or "researcher", signed with the key in the data folder.
	 * Fails: ERR_NOT_FOUND (no server has run there), ERR_INVALID (no such person), ERR_IO. */
	bool (*mint_token)(
	    struct arena *a, const char *data_dir, const char *person, str *token, struct err *err);
};

struct cli_option {
	const char *name;  /* "--json" */
	const char *value; /* what its value is, for the help: "N"; NULL for a flag */
	const char *help;  /* one sentence */
	bool repeated;     /* may be given more than once */
};

#define CLI_MAX_GIVEN 64
#define CLI_MAX_OPERANDS 8

struct cli_args {
	struct {
		const struct cli_option *option;
		const char *value;
	} given[CLI_MAX_GIVEN];
	size_t given_count;
	const char *operands[CLI_MAX_OPERANDS];
	size_t operand_count;
	char **rest; /* NULL-ended; of a verb that passes_on */
	const struct cli_context *context;
};

struct verb {
	const char *name;     /* "type test" */
	const char *operands; /* "DIR"; "" for none; "[DIR]" when it may be left out */
	size_t least_operands, most_operands;
	const char *summary; /* a line for the list of commands */
	const char *help;    /* paragraphs below the usage; "" for none */
	const struct cli_option *options;
	size_t option_count;
	bool asks_server; /* takes the options that say which server, and as whom */
	bool passes_on;   /* from the first operand on, everything is another program's */
	int (*run)(const struct cli_args *args, FILE *out, FILE *err);
};

/*
 * Picks the verb that argv names and runs it; does help and --version itself. Refusals go to err
 * with the usage that would have been right. Returns the exit code.
 */
int cli_main(const struct verb *const *verbs, size_t count, const struct cli_context *context,
    int argc, char **argv, FILE *out, FILE *err);

/* NULL when not given; the last one when repeated. */
const char *cli_get(const struct cli_args *args, const char *option);
bool cli_has(const struct cli_args *args, const char *option);

/*
 * A number within [least, most]; absent where the option was not given. False, with the refusal
 * written to err, when the text is something else.
 */
bool cli_get_u64(const struct cli_args *args, const char *option, uint64_t absent, uint64_t least,
    uint64_t most, uint64_t *value, FILE *err);
