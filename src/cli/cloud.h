/* SPDX-License-Identifier: Apache-2.0 */
/* swb cloud env, swb cloud aws */
#pragma once

#include "cli/verb.h"

extern const struct verb cloud_aws_verb, cloud_env_verb;
