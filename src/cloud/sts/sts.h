/* SPDX-License-Identifier: Apache-2.0 */
/* STS: who calls, and sessions of roles. */
#pragma once

#include "cloud/engine.h"

extern const struct engine sts_engine;
