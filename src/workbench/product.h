/* SPDX-License-Identifier: Apache-2.0 */
/* Provisioned products, their records, and why their stacks failed: asked, never assumed. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct aws_credentials;
struct err;
struct json;
struct workbench;

enum product_status {
	PRODUCT_ABSENT,
	PRODUCT_AVAILABLE,
	PRODUCT_CHANGING, /* UNDER_CHANGE */
	PRODUCT_PLANNED,  /* PLAN_IN_PROGRESS */
	PRODUCT_BROKEN,   /* ERROR, TAINTED */
};

struct product {
	enum product_status status;
	str word; /* AWS's word for it */
	str id, message;
	str last_record_id, provisioning_record_id;
};

/* By id, or by name where id is empty; absent where both are. */
bool product_ask(struct workbench *wb, struct arena *a, const struct aws_credentials *as, str id,
    str name, struct product *out, struct err *err);

struct record {
	bool found, succeeded, failed; /* neither: not final */
	bool terminates;               /* it is a termination's */
	str word, product_id;
	str errors;                 /* "Code: description", one a line */
	const struct json *outputs; /* [{OutputKey, OutputValue}] */
};
bool product_record(struct workbench *wb, struct arena *a, const struct aws_credentials *as,
    str record_id, struct record *out, struct err *err);

/*
 * The resource that made the product's stack fail, as {resource, resourceType, reason}; NULL where
 * it cannot be told. deleting: of the last deletion, else of the creation.
 */
const struct json *product_cause(struct workbench *wb, struct arena *a,
    const struct aws_credentials *as, str account, str product_id, bool deleting);

/* message, with the cause added where the message does not tell it already. */
str product_failure(struct arena *a, str message, const struct json *cause);
