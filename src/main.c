/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c: the table of all commands.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/serve.h"
#include "app/token.h"
#include "app/type_test.h"
#include "base/str.h"
#include "cli/cloud.h"
#include "cli/env_verbs.h"
#include "cli/lists.h"
#include "cli/type_check.h"
#include "cli/type_list.h"
#include "cli/type_push.h"
#include "cli/verb.h"

static const struct verb *const verbs[] = {
	&serve_verb,
	&token_verb,
	&env_launch_verb,
	&env_list_verb,
	&env_show_verb,
	&env_connect_verb,
	&env_start_verb,
	&env_stop_verb,
	&env_terminate_verb,
	&env_explain_verb,
	&env_history_verb,
	&type_list_verb,
	&type_check_verb,
	&type_push_verb,
	&type_test_verb,
	&config_list_verb,
	&project_list_verb,
	&cloud_aws_verb,
	&cloud_env_verb,
};

static const struct cli_context context = { .mint_token = token_for_person };

/* Whoever started us may have closed some of the first three files; the next file that is opened
 * would then be written to as if it were the output. */
static void
fill_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		(void)close(fd);
}

/* Output that was not written is a failure, of a verb that went well, too. */
static int
end_output(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "swb: cannot write the output: %s\n", strerror(errno));
	return status == EXIT_DONE ? EXIT_FAILED : status;
}

int
main(int argc, char **argv)
{
	fill_standard_files();
	return end_output(cli_main(verbs, countof(verbs), &context, argc, argv, stdout, stderr));
}
