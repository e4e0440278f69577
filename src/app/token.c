/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/token.c: swb token, an access token minted with the key in the data folder.
 *
 * Whoever may read that folder is its owner; this needs no server. The demo persons have ids that
 * follow from their names, so environments stay theirs from one token to the next.
 */
#include "app/token.h"

#include "api/token.h"
#include "app/internal.h"
#include "base/file.h"
#include "base/id.h"
#include "cli/home.h"

#define LIFETIME_S 3600
#define LONGEST_S 86400

static const struct cli_option options[] = {
	{ "--as", "PERSON", "admin or researcher (default).", false },
	{ "--for", "SECONDS", "How long it is good (default 3600).", false },
	{ "--data", "DIR", "The server's data folder (default: $SWB_DATA or ~/.local/share/swb).",
	    false },
};

/* The researcher's project is the one that the first start made. */
static bool
groups_of(struct arena *a, const char *person, const char *data_dir, str *group, struct err *err)
{
	str project;

	if (str_is(S("admin"), person)) {
		*group = S("ITAdmin");
		return true;
	}
	if (!str_is(S("researcher"), person))
		return err_set(err, ERR_INVALID, "--as %s: admin or researcher is needed", person);
	if (!file_read(a, path_join(a, data_dir, "project"), 128, &project, err))
		return err_prefix(err, "no server has run with the data folder %s", data_dir);
	*group = str_cat(a, project, S("#Researcher"));
	return true;
}

static bool
mint(struct arena *a, const char *data_dir, const char *person, uint32_t lifetime_s, str *token,
    struct err *err)
{
	const char *key = path_join(a, data_dir, APP_TOKEN_KEY);
	struct token_keeper *keeper;
	str group;
	bool ok;

	if (!groups_of(a, person, data_dir, &group, err))
		return false;
	if (!path_is_file(key)) /* which the keeper would make */
		return err_set(
		    err, ERR_NOT_FOUND, "no server has run with the data folder %s", data_dir);
	if (!token_keeper_new(key, APP_ISSUER, clock_real(), &keeper, err))
		return false;
	ok = token_mint(
	    keeper, a, id_uuid_from(a, str_of(person)), &group, 1, lifetime_s, token, err);
	token_keeper_free(keeper);
	return ok;
}

bool
token_for_person(
    struct arena *a, const char *data_dir, const char *person, str *token, struct err *err)
{
	return mint(a, data_dir, person, LIFETIME_S, token, err);
}

static int
run(const struct cli_args *args, FILE *out, FILE *errors)
{
	auto_arena a = { 0 };
	const char *person = cli_get(args, "--as") == NULL ? "researcher" : cli_get(args, "--as");
	uint64_t lifetime_s;
	struct err err;
	str token;

	err_init(&err, &a);
	if (!cli_get_u64(args, "--for", LIFETIME_S, 1, LONGEST_S, &lifetime_s, errors))
		return EXIT_USAGE;
	if (!mint(&a, cli_data_dir(&a, cli_get(args, "--data")), person, (uint32_t)lifetime_s,
		&token, &err)) {
		fprintf(errors, "swb: " STR_FMT "\n", STR_ARG(err.msg));
		return err.kind == ERR_INVALID  ? EXIT_USAGE
		    : err.kind == ERR_NOT_FOUND ? EXIT_NOT_FOUND
						: EXIT_FAILED;
	}
	fprintf(out, STR_FMT "\n", STR_ARG(token));
	return EXIT_DONE;
}

const struct verb token_verb = {
	.name = "token",
	.operands = "",
	.summary = "Prints an access token for the API.",
	.help = "Signed with the key in the data folder; send it as the header Authorization.",
	.options = options,
	.option_count = countof(options),
	.run = run,
};
