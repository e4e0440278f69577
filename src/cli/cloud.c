/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cloud.c: swb cloud env and swb cloud aws: looks inside the local cloud as the root user of
 * one of its accounts.
 *
 * The server leaves the keys in its data folder, so these work where that folder can be read. AWS's
 * own variables carry everything but the address, which the AWS CLI of Debian takes as an option
 * only.
 */
#include "cli/cloud.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/home.h"
#include "cli/remote.h"

#define MAX_KEYS_BYTES 4096

static const struct cli_option options[] = {
	{ "--account", "NAME", "main (default) or hosting.", false },
	{ "--server", "URL", "The server (default: $SWB_URL, else the one of the data folder).",
	    false },
	{ "--data", "DIR", "The server's data folder (default: $SWB_DATA or ~/.local/share/swb).",
	    false },
};

/* What a client of the cloud must know. */
struct access {
	str url, region, key_id, secret;
};

static bool
load_access(struct arena *a, const struct cli_args *args, struct access *out, struct err *err)
{
	const char *account = cli_get(args, "--account");
	const struct json *all, *keys;
	struct remote r;
	const char *path;
	str text;

	if (account == NULL)
		account = "main";
	if (strcmp(account, "main") != 0 && strcmp(account, "hosting") != 0)
		return err_set(
		    err, ERR_INVALID, "--account %s: main or hosting is needed", account);
	if (!remote_find(&r, a, args, err))
		return false;
	path = path_join(a, r.data_dir, CLI_CLOUD_KEYS);
	if (!file_read(a, path, MAX_KEYS_BYTES, &text, err))
		return err_prefix(err, "the keys of the local cloud");
	if (!json_parse(a, text, &all, err))
		return err_prefix(err, "%s", path);
	keys = json_get(all, account);
	*out = (struct access){
		.url = r.url,
		.region = json_str(json_get(all, "region")),
		.key_id = json_str(json_get(keys, "accessKeyId")),
		.secret = json_str(json_get(keys, "secretAccessKey")),
	};
	return true;
}

static int
fail(FILE *errors, const struct err *err)
{
	fprintf(errors, "swb: " STR_FMT "\n", STR_ARG(err->msg));
	return remote_exit(err);
}

/* 'text' for a shell. */
static str
quoted(struct arena *a, str text)
{
	return str_fmt(a, "'" STR_FMT "'", STR_ARG(str_replace(a, text, S("'"), S("'\\''"))));
}

static int
run_env(const struct cli_args *args, FILE *out, FILE *errors)
{
	auto_arena a = { 0 };
	struct access x;
	struct err err;

	err_init(&err, &a);
	if (!load_access(&a, args, &x, &err))
		return fail(errors, &err);
	fprintf(out,
	    "export AWS_ACCESS_KEY_ID=" STR_FMT "\nexport AWS_SECRET_ACCESS_KEY=" STR_FMT
	    "\nexport AWS_DEFAULT_REGION=" STR_FMT "\nexport AWS_REGION=" STR_FMT
	    "\nexport AWS_ENDPOINT_URL=" STR_FMT "\nunset AWS_SESSION_TOKEN AWS_PROFILE\n",
	    STR_ARG(quoted(&a, x.key_id)), STR_ARG(quoted(&a, x.secret)),
	    STR_ARG(quoted(&a, x.region)), STR_ARG(quoted(&a, x.region)),
	    STR_ARG(quoted(&a, x.url)));
	return EXIT_DONE;
}

static void
set_variables(struct arena *a, const struct access *x)
{
	const struct {
		const char *name, *value;
	} variables[] = {
		{ "AWS_ACCESS_KEY_ID", str_z(a, x->key_id) },
		{ "AWS_SECRET_ACCESS_KEY", str_z(a, x->secret) },
		{ "AWS_DEFAULT_REGION", str_z(a, x->region) },
		{ "AWS_REGION", str_z(a, x->region) },
		{ "AWS_PAGER", "" },
		{ "AWS_EC2_METADATA_DISABLED", "true" },
	};

	for (size_t i = 0; i < countof(variables); i++)
		setenv(variables[i].name, variables[i].value, 1);
	unsetenv("AWS_SESSION_TOKEN");
	unsetenv("AWS_PROFILE");
}

/* aws --endpoint-url URL ARGS… */
static char **
write_arguments(struct arena *a, const struct access *x, char **rest)
{
	char **argv;
	size_t count = 0;

	while (rest[count] != NULL)
		count++;
	argv = arena_new(a, char *, count + 4);
	argv[0] = (char *)str_z(a, S("aws"));
	argv[1] = (char *)str_z(a, S("--endpoint-url"));
	argv[2] = (char *)str_z(a, x->url);
	memcpy(&argv[3], rest, count * sizeof(*rest));
	return argv;
}

static int
run_aws(const struct cli_args *args, FILE *out, FILE *errors)
{
	auto_arena a = { 0 };
	struct access x;
	struct err err;

	err_init(&err, &a);
	if (!load_access(&a, args, &x, &err))
		return fail(errors, &err);
	set_variables(&a, &x);
	fflush(out);
	execvp("aws", write_arguments(&a, &x, args->rest));
	if (errno == ENOENT)
		fprintf(errors, "swb: the AWS CLI is not installed: apt-get install awscli\n");
	else
		fprintf(errors, "swb: cannot run aws: %s\n", strerror(errno));
	return EXIT_FAILED;
}

const struct verb cloud_env_verb = {
	.name = "cloud env",
	.operands = "",
	.summary = "Prints what AWS SDKs need to talk to the local cloud.",
	.help = "Lines for a shell: eval \"$(swb cloud env)\". The AWS CLI of Debian 12 ignores\n"
		"AWS_ENDPOINT_URL: use swb cloud aws.",
	.options = options,
	.option_count = countof(options),
	.run = run_env,
};

const struct verb cloud_aws_verb = {
	.name = "cloud aws",
	.operands = "ARGS...",
	.least_operands = 1,
	.most_operands = 1,
	.summary = "Runs the installed AWS CLI against the local cloud.",
	.help =
	    "ARGS are the AWS CLI's own: swb cloud aws --account hosting cloudformation describe-stacks.\n"
	    "Options of swb stand before them.",
	.options = options,
	.option_count = countof(options),
	.passes_on = true,
	.run = run_aws,
};
