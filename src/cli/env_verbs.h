/* SPDX-License-Identifier: Apache-2.0 */
/* swb env …: one row each. */
#pragma once

#include "cli/verb.h"

extern const struct verb env_connect_verb, env_explain_verb, env_history_verb, env_launch_verb,
    env_list_verb, env_show_verb, env_start_verb, env_stop_verb, env_terminate_verb;
