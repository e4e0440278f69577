/* SPDX-License-Identifier: Apache-2.0 */
/* CloudFormation: stacks, made and removed resource by resource. */
#pragma once

#include "cloud/engine.h"

extern const struct engine cfn_engine;
