/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In which order resources change: forward through the waves to create, backward to delete.
 *
 * A template is a graph: Ref, GetAtt, Sub and DependsOn are edges. Resources of one wave do not
 * need each other; a resource stands in the first wave after all that it needs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "lang/cfn_template.h"

struct cfn_resolver;

struct cfn_node {
	const struct cfn_resource *resource;
	size_t wave;         /* from 0 */
	const size_t *needs; /* indexes of nodes, each once */
	size_t need_count;
};

struct cfn_plan {
	struct cfn_node *nodes; /* sorted by wave, then as in the template: an order to create in */
	size_t node_count;
	size_t wave_count;
};

/*
 * r: only resources that exist, and only the branches that Fn::If takes; a reference to a resource
 * that does not exist fails. NULL: the whole template, both branches, as known before parameters
 * are. at may be NULL. Fails: ERR_INVALID, code "ValidationError": "Circular dependency between
 * resources: [A, B]", "Template format error: Unresolved resource dependencies [X] in …".
 */
bool cfn_plan_build(struct arena *a, const struct cfn_template *t, const struct cfn_resolver *r,
    struct cfn_plan *out, struct cfn_at *at, struct err *err);
