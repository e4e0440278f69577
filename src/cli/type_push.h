/* SPDX-License-Identifier: Apache-2.0 */
/* swb type push DIR */
#pragma once

#include "cli/verb.h"

extern const struct verb type_push_verb;
