/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c: the table of all commands.
 */
#include <stdio.h>

#include "app/serve.h"
#include "app/token.h"
#include "app/type_test.h"
#include "base/str.h"
#include "cli/cloud.h"
#include "cli/env_verbs.h"
#include "cli/lists.h"
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
	&type_push_verb,
	&type_test_verb,
	&config_list_verb,
	&project_list_verb,
	&cloud_aws_verb,
	&cloud_env_verb,
};

static const struct cli_context context = { .mint_token = token_for_person };

int
main(int argc, char **argv)
{
	return cli_main(verbs, countof(verbs), &context, argc, argv, stdout, stderr);
}
