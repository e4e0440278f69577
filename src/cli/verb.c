/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/verb.c: from argv to a verb's run, with help and refusals made from the rows.
 */
#include "cli/verb.h"

#include <string.h>

#include "base/str.h"

/* Of every verb that asks a server. */
static const struct cli_option server_options[] = {
	{ "--server", "URL", "The server (default: $SWB_URL, else the one of the data folder).",
	    false },
	{ "--token", "TOKEN",
	    "The access token (default: $SWB_TOKEN, else minted from the data folder).", false },
	{ "--as", "PERSON", "Whose token to mint: researcher or admin.", false },
	{ "--data", "DIR", "The server's data folder (default: $SWB_DATA or ~/.local/share/swb).",
	    false },
};

static void
print_usage(const struct verb *v, FILE *to)
{
	fprintf(to, "usage: swb %s%s%s%s\n", v->name, v->operands[0] == '\0' ? "" : " ",
	    v->operands, v->option_count == 0 && !v->asks_server ? "" : " [options]");
}

static void
print_options(const struct cli_option *options, size_t count, FILE *to)
{
	for (size_t i = 0; i < count; i++) {
		const struct cli_option *o = &options[i];
		char head[64];

		snprintf(head, sizeof(head), "%s%s%s", o->name, o->value == NULL ? "" : " ",
		    o->value == NULL ? "" : o->value);
		fprintf(to, "  %-22s %s\n", head, o->help);
	}
}

static void
print_help(const struct verb *v, FILE *to)
{
	print_usage(v, to);
	fprintf(to, "\n%s\n", v->summary);
	if (v->help[0] != '\0')
		fprintf(to, "\n%s\n", v->help);
	if (v->option_count > 0)
		fprintf(to, "\noptions:\n");
	print_options(v->options, v->option_count, to);
	if (v->asks_server) {
		fprintf(to, "\noptions for the server:\n");
		print_options(server_options, countof(server_options), to);
	}
}

/* Does the name begin with that word ("env")? Every name does with "". */
static bool
is_of_group(const struct verb *v, const char *group)
{
	size_t len = strlen(group);

	return len == 0 || (strncmp(v->name, group, len) == 0 && v->name[len] == ' ');
}

static bool
is_group(const struct verb *const *verbs, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (is_of_group(verbs[i], word))
			return true;
	return false;
}

static void
print_commands(const struct verb *const *verbs, size_t count, const char *group, FILE *to)
{
	for (size_t i = 0; i < count; i++) {
		char head[64];

		if (!is_of_group(verbs[i], group))
			continue;
		snprintf(head, sizeof(head), "%s %s", verbs[i]->name, verbs[i]->operands);
		fprintf(to, "  %-22s %s\n", head, verbs[i]->summary);
	}
}

static void
print_group(const struct verb *const *verbs, size_t count, const char *group, FILE *to)
{
	fprintf(to, "usage: swb %s COMMAND [operands] [options]\n\ncommands:\n", group);
	print_commands(verbs, count, group, to);
	fprintf(to, "\nswb help %s COMMAND explains one.\n", group);
}

static void
print_overview(const struct verb *const *verbs, size_t count, FILE *to)
{
	fprintf(to,
	    "swb: Service Workbench, self-service compute environments for researchers\n\n"
	    "usage: swb COMMAND [operands] [options]\n\ncommands:\n");
	print_commands(verbs, count, "", to);
	fprintf(to, "  %-22s %s\n  %-22s %s\n", "help [COMMAND]", "Explains a command.",
	    "--version", "Prints the version.");
	fprintf(
	    to, "\nexit status: 0 done, 1 failed, 2 usage, 3 not found, 4 denied, 5 unreachable\n");
}

/* How many of argv's words the verb's name takes; 0 when they are others. */
static size_t
words_matched(const struct verb *v, int argc, char **argv)
{
	size_t words = 0;

	for (str rest = str_of(v->name), word; str_cut(&rest, ' ', &word); words++)
		if ((int)words >= argc || !str_is(word, argv[words]))
			return 0;
	return words;
}

static const struct verb *
find_verb(const struct verb *const *verbs, size_t count, int argc, char **argv, size_t *words)
{
	for (size_t i = 0; i < count; i++) {
		*words = words_matched(verbs[i], argc, argv);
		if (*words > 0)
			return verbs[i];
	}
	*words = 0;
	return NULL;
}

static const struct cli_option *
find_among(const struct cli_option *options, size_t count, str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_is(name, options[i].name))
			return &options[i];
	return NULL;
}

static const struct cli_option *
find_option(const struct verb *v, str name)
{
	const struct cli_option *o = find_among(v->options, v->option_count, name);

	return o == NULL && v->asks_server
	    ? find_among(server_options, countof(server_options), name)
	    : o;
}

static int
refuse(const struct verb *v, FILE *err)
{
	print_usage(v, err);
	fprintf(err, "       swb help %s\n", v->name);
	return EXIT_USAGE;
}

/* One option and its value, which may follow '=' or be the next word. Steps *at over both. */
static bool
take_option(const struct verb *v, int argc, char **argv, int *at, struct cli_args *args, FILE *err)
{
	str word = str_of(argv[*at]);
	size_t equals = str_find_char(word, '=');
	str name = str_sub(word, 0, equals);
	const struct cli_option *o = find_option(v, name);
	const char *value = equals < word.len ? argv[*at] + equals + 1 : NULL;

	if (o == NULL) {
		fprintf(err, "swb: unknown option " STR_FMT "\n", STR_ARG(name));
		return false;
	}
	if (o->value == NULL && value != NULL) {
		fprintf(err, "swb: %s takes no value\n", o->name);
		return false;
	}
	if (o->value != NULL && value == NULL && ++*at >= argc) {
		fprintf(err, "swb: %s needs a value: %s\n", o->name, o->value);
		return false;
	}
	if (o->value != NULL && value == NULL)
		value = argv[*at];
	if (!o->repeated && cli_has(args, o->name)) {
		fprintf(err, "swb: %s stands twice\n", o->name);
		return false;
	}
	if (args->given_count == CLI_MAX_GIVEN) {
		fprintf(err, "swb: more than %d options\n", CLI_MAX_GIVEN);
		return false;
	}
	args->given[args->given_count].option = o;
	args->given[args->given_count++].value = value;
	return true;
}

static bool
parse(const struct verb *v, int argc, char **argv, struct cli_args *args, FILE *err)
{
	bool options = true;

	for (int i = 0; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && argv[i][0] == '-' && argv[i][1] != '\0') {
			if (!take_option(v, argc, argv, &i, args, err))
				return false;
		} else if (v->passes_on) {
			args->rest = argv + i;
			args->operands[args->operand_count++] = argv[i];
			break;
		} else if (args->operand_count == v->most_operands) {
			fprintf(err, "swb: %s is one operand too many\n", argv[i]);
			return false;
		} else {
			args->operands[args->operand_count++] = argv[i];
		}
	}
	if (args->operand_count < v->least_operands) {
		fprintf(err, "swb: %s needs %s\n", v->name, v->operands);
		return false;
	}
	return true;
}

/* What comes after the first operand of a verb that passes on is not ours. */
static bool
wants_help(const struct verb *v, int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (v != NULL && v->passes_on && argv[i][0] != '-')
			return false;
		else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

/* argv[0] begins no command: it is a group alone ("env"), or misspelt behind one ("env lsit"). */
static int
refuse_command(const struct verb *const *verbs, size_t count, int argc, char **argv, FILE *err)
{
	bool group = argv[0][0] != '\0' && is_group(verbs, count, argv[0]);

	if (argv[0][0] == '-')
		fprintf(
		    err, "swb: options stand behind the command; swb help lists all commands\n");
	else if (!group)
		fprintf(err, "swb: there is no command '%s'; swb help lists them\n", argv[0]);
	else if (argc > 1)
		fprintf(err, "swb: there is no command '%s %s'\n", argv[0], argv[1]);
	if (group)
		print_group(verbs, count, argv[0], err);
	return EXIT_USAGE;
}

static int
help(const struct verb *const *verbs, size_t count, int argc, char **argv, FILE *out, FILE *err)
{
	size_t words;
	const struct verb *v;

	if (argc == 0) {
		print_overview(verbs, count, out);
		return EXIT_DONE;
	}
	v = find_verb(verbs, count, argc, argv, &words);
	if (v != NULL)
		print_help(v, out);
	else if (argc == 1 && argv[0][0] != '\0' && is_group(verbs, count, argv[0]))
		print_group(verbs, count, argv[0], out);
	else
		return refuse_command(verbs, count, argc, argv, err);
	return EXIT_DONE;
}

int
cli_main(const struct verb *const *verbs, size_t count, const struct cli_context *context, int argc,
    char **argv, FILE *out, FILE *err)
{
	struct cli_args args = { .context = context };
	const struct verb *v;
	size_t words;

	if (argc < 2) {
		print_overview(verbs, count, err);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		fprintf(out, "swb %s\n", SWB_VERSION);
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "help") == 0)
		return help(verbs, count, argc - 2, argv + 2, out, err);
	v = find_verb(verbs, count, argc - 1, argv + 1, &words);
	if (wants_help(v, argc - 1 - (int)words, argv + 1 + words)) {
		if (v != NULL)
			print_help(v, out);
		else if (is_group(verbs, count, argv[1]))
			print_group(verbs, count, argv[1], out);
		else
			print_overview(verbs, count, out);
		return EXIT_DONE;
	}
	if (v == NULL)
		return refuse_command(verbs, count, argc - 1, argv + 1, err);
	if (!parse(v, argc - 1 - (int)words, argv + 1 + words, &args, err))
		return refuse(v, err);
	return v->run(&args, out, err);
}

const char *
cli_get(const struct cli_args *args, const char *option)
{
	for (size_t i = args->given_count; i-- > 0;)
		if (strcmp(args->given[i].option->name, option) == 0)
			return args->given[i].value;
	return NULL;
}

bool
cli_has(const struct cli_args *args, const char *option)
{
	for (size_t i = 0; i < args->given_count; i++)
		if (strcmp(args->given[i].option->name, option) == 0)
			return true;
	return false;
}

bool
cli_get_u64(const struct cli_args *args, const char *option, uint64_t absent, uint64_t least,
    uint64_t most, uint64_t *value, FILE *err)
{
	const char *text = cli_get(args, option);
	int64_t number;

	if (text == NULL) {
		*value = absent;
		return true;
	}
	if (!str_to_i64(str_of(text), &number) || number < 0 || (uint64_t)number < least ||
	    (uint64_t)number > most) {
		fprintf(err, "swb: %s %s: a whole number from %llu to %llu is needed\n", option,
		    text, (unsigned long long)least, (unsigned long long)most);
		return false;
	}
	*value = (uint64_t)number;
	return true;
}
