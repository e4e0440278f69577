/* SPDX-License-Identifier: Apache-2.0 */
/* S3: buckets, their policies and settings, objects. */
#pragma once

#include "cloud/engine.h"

extern const struct engine s3_engine;
