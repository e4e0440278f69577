/* SPDX-License-Identifier: Apache-2.0 */
/* swb token */
#pragma once

#include "cli/verb.h"

extern const struct verb token_verb;
