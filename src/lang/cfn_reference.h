/* SPDX-License-Identifier: Apache-2.0 */
/* The names that an expression of a template refers to. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct cfn_resolver;
struct json;

/* Where an expression stands decides which functions may be used. */
enum cfn_place { CFN_IN_CONDITIONS = 1, CFN_IN_RESOURCES = 2, CFN_IN_OUTPUTS = 4 };

struct cfn_reference {
	str name;              /* of a resource, parameter or pseudo parameter */
	bool is_attribute;     /* by Fn::GetAtt or ${A.b}: only a resource can be meant */
	str attribute;         /* empty where it is not a literal */
	const struct json *at; /* where it stands */
};

/*
 * Calls visit for each reference in expression, which may be NULL. r: only what the taken branches
 * of Fn::If refer to; NULL: both.
 */
void cfn_references(struct arena *a, const struct json *expression, enum cfn_place place,
    const struct cfn_resolver *r, void (*visit)(void *cookie, const struct cfn_reference *ref),
    void *cookie);
