/* SPDX-License-Identifier: Apache-2.0 */
/* swb type list [DIR] */
#pragma once

#include "cli/verb.h"

extern const struct verb type_list_verb;
