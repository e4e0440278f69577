/* SPDX-License-Identifier: Apache-2.0 */
/* The portfolio of the main account, in which every type's product stands. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct aws_credentials;
struct err;
struct workbench;

/* The one that bears the main stack's name; made if there is none. */
bool portfolio_ensure(struct workbench *wb, struct arena *a, const struct aws_credentials *as,
    str *id, struct err *err);

/* The product of that name in it; empty where there is none. */
bool portfolio_product(struct workbench *wb, struct arena *a, const struct aws_credentials *as,
    str portfolio_id, str name, str *product_id, struct err *err);

/* The product's artifact with that description; empty where there is none. */
bool portfolio_artifact(struct workbench *wb, struct arena *a, const struct aws_credentials *as,
    str product_id, str description, str *artifact_id, struct err *err);

/* Has the product a launch constraint there? */
bool portfolio_is_constrained(struct workbench *wb, struct arena *a,
    const struct aws_credentials *as, str portfolio_id, str product_id, bool *out, struct err *err);
