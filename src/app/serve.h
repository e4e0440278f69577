/* SPDX-License-Identifier: Apache-2.0 */
/* swb serve: the workbench, its API and the local cloud at one port. */
#pragma once

#include "cli/verb.h"

extern const struct verb serve_verb;
