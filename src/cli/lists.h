/* SPDX-License-Identifier: Apache-2.0 */
/* swb config list, swb project list */
#pragma once

#include "cli/verb.h"

extern const struct verb config_list_verb, project_list_verb;
