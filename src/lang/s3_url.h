/* SPDX-License-Identifier: Apache-2.0 */
/* The URL of an object in S3, as templates are named to CloudFormation and Service Catalog. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;

/*
 * Takes "https://BUCKET.s3.REGION.amazonaws.com/KEY" and
 * "https://s3.REGION.amazonaws.com/BUCKET/KEY" apart, the region or the s3-REGION form of it
 * optional, percent-encoding undone, a query ignored. False where url is of another form, or bucket
 * or key are empty.
 */
bool s3_url_parse(struct arena *a, str url, str *bucket, str *key);

/* "https://BUCKET.s3.REGION.amazonaws.com/KEY", or by path where the bucket's name has dots. */
str s3_url_write(struct arena *a, str region, str bucket, str key);
