/* SPDX-License-Identifier: Apache-2.0 */
/* swb type test DIR */
#pragma once

#include "cli/verb.h"

extern const struct verb type_test_verb;
