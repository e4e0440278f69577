/* SPDX-License-Identifier: Apache-2.0 */
/* KMS: keys with their policies, and aliases. Nothing is encrypted here. */
#pragma once

#include "cloud/engine.h"

extern const struct engine kms_engine;
