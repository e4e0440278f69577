/* SPDX-License-Identifier: Apache-2.0 */
/* IAM: roles, policies, instance profiles. */
#pragma once

#include "cloud/engine.h"

extern const struct engine iam_engine;
