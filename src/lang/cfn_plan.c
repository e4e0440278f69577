/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/cfn_plan.c: in which order resources change.
 *
 * A template is a graph: Ref, GetAtt, Sub and DependsOn are edges. cfn_plan_build() sorts it once
 * and every later step walks the result, forward to create and backward to delete, so nothing
 * after this file thinks about dependencies.
 */
#include "lang/cfn_plan.h"

#include <assert.h>

#include "base/arena.h"
#include "lang/cfn_internal.h"

#define NO_WAVE SIZE_MAX

struct graph {
	struct arena *a;
	const struct cfn_template *t;
	const struct cfn_resolver *r; /* NULL: everything exists */
	size_t count;
	bool *exists;
	bool *edges;   /* edges[from * count + to]: from needs to */
	size_t *waves; /* NO_WAVE: not placed */
	size_t from;   /* whose references are being collected; count: an output's */
	struct cfn_names missing;
	const struct json *first; /* where the first of them stands */
};

static void
add_edge(struct graph *g, str name, const struct json *at)
{
	const struct cfn_resource *to = cfn_resource_find(g->t, name);
	size_t index;

	if (to == NULL) /* a parameter */
		return;
	index = (size_t)(to - g->t->resources);
	if (!g->exists[index]) {
		if (g->first == NULL)
			g->first = at;
		cfn_names_add(g->a, &g->missing, name);
	} else if (g->from < g->count) {
		g->edges[g->from * g->count + index] = true;
	}
}

static void
visit(void *cookie, const struct cfn_reference *ref)
{
	struct graph *g = (struct graph *)cookie;

	if (ref->is_attribute ||
	    (!cfn_is_pseudo(ref->name) && cfn_parameter_find(g->t, ref->name) == NULL))
		add_edge(g, ref->name, ref->at);
}

static void
collect_resource(struct graph *g, const struct cfn_resource *resource)
{
	for (const char *const *key = cfn_resource_expressions; *key != NULL; key++)
		cfn_references(
		    g->a, json_get(resource->body, *key), CFN_IN_RESOURCES, g->r, visit, g);
	for (size_t i = 0; i < resource->depends_on_count; i++) {
		const struct cfn_resource *to = cfn_resource_find(g->t, resource->depends_on[i]);

		/* What a false condition removed need not be waited for. */
		if (to != NULL && g->exists[to - g->t->resources])
			add_edge(g, to->id, NULL);
	}
}

static bool
fail_missing(
    struct graph *g, const char *before, const char *after, struct cfn_at *at, struct err *err)
{
	*at = cfn_at_json(g->first);
	return err_code(err, ERR_INVALID, "ValidationError",
	    "%s dependencies " STR_FMT " in the %s block of the template", before,
	    STR_ARG(cfn_names_text(g->a, &g->missing)), after);
}

static bool
collect(struct graph *g, struct cfn_at *at, struct err *err)
{
	for (size_t i = 0; i < g->count; i++)
		g->exists[i] = g->r == NULL || cfn_resource_exists(g->r, &g->t->resources[i]);
	for (g->from = 0; g->from < g->count; g->from++)
		if (g->exists[g->from])
			collect_resource(g, &g->t->resources[g->from]);
	if (g->missing.count > 0)
		return fail_missing(
		    g, "Template format error: Unresolved resource", "Resources", at, err);
	for (size_t i = 0; i < g->t->output_count; i++) {
		const struct cfn_output *o = &g->t->outputs[i];

		if (g->r != NULL && !cfn_condition_holds(g->r, o->condition))
			continue;
		cfn_references(g->a, o->value, CFN_IN_OUTPUTS, g->r, visit, g);
		cfn_references(g->a, o->export_name, CFN_IN_OUTPUTS, g->r, visit, g);
	}
	if (g->missing.count > 0)
		return fail_missing(g, "Unresolved resource", "Outputs", at, err);
	return true;
}

/* --- order ------------------------------------------------------------------------- */

/* The wave after the last that it needs, or NO_WAVE while one of those is not placed. */
static size_t
wave_of(const struct graph *g, size_t index)
{
	size_t wave = 0;

	for (size_t to = 0; to < g->count; to++) {
		if (!g->edges[index * g->count + to])
			continue;
		if (g->waves[to] == NO_WAVE)
			return NO_WAVE;
		if (g->waves[to] >= wave)
			wave = g->waves[to] + 1;
	}
	return wave;
}

/* Places one wave more; false when nothing could be placed. */
static bool
place_wave(struct graph *g, size_t wave)
{
	bool placed = false;

	for (size_t i = 0; i < g->count; i++) {
		if (!g->exists[i] || g->waves[i] != NO_WAVE || wave_of(g, i) != wave)
			continue;
		g->waves[i] = wave;
		placed = true;
	}
	return placed;
}

/* Of what could not be placed, only what also leads to nothing but a circle is in one. */
static void
drop_followers(struct graph *g)
{
	bool dropped = true;

	while (dropped) {
		dropped = false;
		for (size_t i = 0; i < g->count; i++) {
			bool is_needed = false;

			if (!g->exists[i] || g->waves[i] != NO_WAVE)
				continue;
			for (size_t from = 0; from < g->count; from++)
				is_needed = is_needed ||
				    (g->exists[from] && g->waves[from] == NO_WAVE &&
					g->edges[from * g->count + i]);
			if (!is_needed) {
				g->waves[i] = 0;
				dropped = true;
			}
		}
	}
}

static bool
fail_circle(struct graph *g, struct cfn_at *at, struct err *err)
{
	struct cfn_names names = { 0 };

	drop_followers(g);
	for (size_t i = g->count; i-- > 0;)
		if (g->exists[i] && g->waves[i] == NO_WAVE)
			*at = g->t->resources[i].at;
	for (size_t i = 0; i < g->count; i++)
		if (g->exists[i] && g->waves[i] == NO_WAVE)
			cfn_names_add(g->a, &names, g->t->resources[i].id);
	return err_code(err, ERR_INVALID, "ValidationError",
	    "Circular dependency between resources: " STR_FMT,
	    STR_ARG(cfn_names_text(g->a, &names)));
}

static bool
place(struct graph *g, size_t *wave_count, struct cfn_at *at, struct err *err)
{
	for (size_t i = 0; i < g->count; i++)
		g->waves[i] = NO_WAVE;
	for (*wave_count = 0; place_wave(g, *wave_count); (*wave_count)++)
		;
	for (size_t i = 0; i < g->count; i++)
		if (g->exists[i] && g->waves[i] == NO_WAVE)
			return fail_circle(g, at, err);
	return true;
}

/* Nodes in order, and edges as indexes of nodes. */
static void
write_nodes(struct graph *g, struct cfn_plan *out)
{
	size_t *node_of = arena_new(g->a, size_t, g->count);

	out->nodes = arena_new(g->a, struct cfn_node, g->count);
	out->node_count = 0;
	for (size_t wave = 0; wave < out->wave_count; wave++)
		for (size_t i = 0; i < g->count; i++) {
			if (!g->exists[i] || g->waves[i] != wave)
				continue;
			node_of[i] = out->node_count;
			out->nodes[out->node_count++] =
			    (struct cfn_node){ .resource = &g->t->resources[i], .wave = wave };
		}
	for (size_t n = 0; n < out->node_count; n++) {
		size_t from = (size_t)(out->nodes[n].resource - g->t->resources);
		size_t *needs = arena_new(g->a, size_t, g->count);

		for (size_t to = 0; to < g->count; to++)
			if (g->edges[from * g->count + to])
				needs[out->nodes[n].need_count++] = node_of[to];
		out->nodes[n].needs = needs;
	}
}

bool
cfn_plan_build(struct arena *a, const struct cfn_template *t, const struct cfn_resolver *r,
    struct cfn_plan *out, struct cfn_at *at, struct err *err)
{
	struct graph g = { .a = a, .t = t, .r = r, .count = t->resource_count };
	struct cfn_at nowhere;
	struct cfn_plan plan;

	at = at == NULL ? &nowhere : at;
	*at = (struct cfn_at){ 0 };
	g.exists = arena_new(a, bool, g.count);
	g.edges = arena_new(a, bool, g.count *g.count);
	g.waves = arena_new(a, size_t, g.count);
	if (!collect(&g, at, err) || !place(&g, &plan.wave_count, at, err))
		return false;
	write_nodes(&g, &plan);
	*out = plan;
	return true;
}
