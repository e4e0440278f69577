/* SPDX-License-Identifier: Apache-2.0 */
/* lang/cfn_resource.c: the members of resources and outputs, each read by its row. */
#include "lang/cfn_internal.h"

#include "base/arena.h"

/* --- resources ------------------------------------------------------------------------ */

static bool
read_depends_on(struct cfn_reader *rd, struct cfn_resource *r, const struct json *j)
{
	const struct json *e = json_is(j, JSON_ARRAY) ? j->first : j;
	str *list = arena_new(rd->a, str, json_count(j) + 1);

	r->depends_on = list;
	for (; e != NULL; e = e == j ? NULL : e->next) {
		if (json_str(e).len == 0)
			return cfn_fail(rd, e,
			    "Template format error: Every DependsOn value must be a string.");
		list[r->depends_on_count++] = e->text;
	}
	return true;
}

static bool
read_condition_name(struct cfn_reader *rd, str *out, const struct json *j)
{
	*out = json_str(j);
	return out->len > 0 ||
	    cfn_fail(rd, j, "Template format error: Every Condition member must be a string.");
}

static bool
read_condition(struct cfn_reader *rd, struct cfn_resource *r, const struct json *j)
{
	return read_condition_name(rd, &r->condition, j);
}

static bool
read_deletion(struct cfn_reader *rd, struct cfn_resource *r, const struct json *j)
{
	static const char *const policies[] = {
		[CFN_DELETE] = "Delete",
		[CFN_RETAIN] = "Retain",
		[CFN_SNAPSHOT] = "Snapshot",
		[CFN_RETAIN_EXCEPT_ON_CREATE] = "RetainExceptOnCreate",
	};

	for (size_t i = 0; i < countof(policies); i++)
		if (str_is(json_str(j), policies[i])) {
			r->deletion = (enum cfn_deletion)i;
			return true;
		}
	return cfn_fail(rd, j,
	    "Template format error: Unrecognized DeletionPolicy " STR_FMT " for resource " STR_FMT,
	    STR_ARG(json_scalar(j)), STR_ARG(r->id));
}

static bool
read_properties(struct cfn_reader *rd, struct cfn_resource *r, const struct json *j)
{
	r->properties = j;
	return json_is(j, JSON_OBJECT) ||
	    cfn_fail(rd, j,
		"Template format error: [/Resources/" STR_FMT
		"/Properties] Every Properties member must be an object.",
		STR_ARG(r->id));
}

static bool
read_resource_metadata(struct cfn_reader *rd, struct cfn_resource *r, const struct json *j)
{
	r->metadata = j;
	return json_is(j, JSON_OBJECT) ||
	    cfn_fail(rd, j,
		"Template format error: [/Resources/" STR_FMT
		"/Metadata] Every Metadata member must be an object.",
		STR_ARG(r->id));
}

static bool
read_type(struct cfn_reader *rd, struct cfn_resource *r, const struct json *j)
{
	r->type = json_str(j);
	return r->type.len > 0 ||
	    cfn_fail(rd, j,
		"Template format error: [/Resources/" STR_FMT
		"] Every Resources object must contain a Type member.",
		STR_ARG(r->id));
}

static const struct {
	const char *name;
	bool (*read)(struct cfn_reader *rd, struct cfn_resource *r, const struct json *j);
} resource_members[] = {
	{ "Condition", read_condition },
	{ "CreationPolicy", NULL }, /* NULL: kept in the body, nothing to read yet */
	{ "DeletionPolicy", read_deletion },
	{ "DependsOn", read_depends_on },
	{ "Metadata", read_resource_metadata },
	{ "Properties", read_properties },
	{ "Type", read_type },
	{ "UpdatePolicy", NULL },
	{ "UpdateReplacePolicy", NULL },
};

static bool
read_resource_member(struct cfn_reader *rd, struct cfn_resource *r, const struct json *j)
{
	for (size_t i = 0; i < countof(resource_members); i++)
		if (str_is(j->key, resource_members[i].name))
			return resource_members[i].read == NULL ||
			    resource_members[i].read(rd, r, j);
	return cfn_fail(rd, j, "Invalid template resource property '" STR_FMT "'", STR_ARG(j->key));
}

static bool
read_resource(struct cfn_reader *rd, struct cfn_resource *r, const struct json *body)
{
	r->id = body->key;
	r->body = body;
	r->at = cfn_at_json(body);
	if (!cfn_is_name(r->id))
		return cfn_fail(rd, body,
		    "Template format error: Resource name " STR_FMT " is non alphanumeric.",
		    STR_ARG(r->id));
	if (!json_is(body, JSON_OBJECT))
		return cfn_fail(
		    rd, body, "Template format error: Any Resources member must be an object.");
	if (json_get(body, "Type") == NULL && !read_type(rd, r, body))
		return false;
	for (const struct json *m = body->first; m != NULL; m = m->next)
		if (!read_resource_member(rd, r, m))
			return false;
	return true;
}

bool
cfn_read_resources(struct cfn_reader *rd, const struct json *section)
{
	struct cfn_template *t = rd->t;

	if (cfn_is_too_many(rd, section, "resources", CFN_MAX_RESOURCES))
		return false;
	t->resources = arena_new(rd->a, struct cfn_resource, json_count(section));
	for (const struct json *m = json_first(section); m != NULL; m = m->next)
		if (!read_resource(rd, &t->resources[t->resource_count++], m))
			return false;
	return true;
}

/* --- outputs -------------------------------------------------------------------------- */

static bool
read_output_description(struct cfn_reader *rd, struct cfn_output *o, const struct json *j)
{
	o->description = json_scalar(j);
	return (cfn_is_scalar(j) && o->description.len <= CFN_MAX_DESCRIPTION_BYTES) ||
	    cfn_fail(rd, j,
		"Template format error: The Description of output " STR_FMT
		" must be a string of at most %d bytes.",
		STR_ARG(o->name), CFN_MAX_DESCRIPTION_BYTES);
}

static bool
read_output_export(struct cfn_reader *rd, struct cfn_output *o, const struct json *j)
{
	o->export_name = json_get(j, "Name");
	return (o->export_name != NULL && j->count == 1) ||
	    cfn_fail(rd, j,
		"Template format error: Output " STR_FMT
		" is malformed. Export must contain a Name member and nothing else.",
		STR_ARG(o->name));
}

static bool
read_output_condition(struct cfn_reader *rd, struct cfn_output *o, const struct json *j)
{
	return read_condition_name(rd, &o->condition, j);
}

static bool
read_output_value(struct cfn_reader *rd, struct cfn_output *o, const struct json *j)
{
	(void)rd; /* any expression: what it comes to is known later */
	o->value = j;
	return true;
}

static const struct {
	const char *name;
	bool (*read)(struct cfn_reader *rd, struct cfn_output *o, const struct json *j);
} output_members[] = {
	{ "Condition", read_output_condition },
	{ "Description", read_output_description },
	{ "Export", read_output_export },
	{ "Value", read_output_value },
};

static bool
read_output_member(struct cfn_reader *rd, struct cfn_output *o, const struct json *j)
{
	for (size_t i = 0; i < countof(output_members); i++)
		if (str_is(j->key, output_members[i].name))
			return output_members[i].read(rd, o, j);
	return cfn_fail(rd, j, "Invalid template output property '" STR_FMT "'", STR_ARG(j->key));
}

static bool
read_output(struct cfn_reader *rd, struct cfn_output *o, const struct json *body)
{
	o->name = body->key;
	o->at = cfn_at_json(body);
	if (!cfn_is_name(o->name))
		return cfn_fail(rd, body,
		    "Template format error: Output name " STR_FMT " is non alphanumeric.",
		    STR_ARG(o->name));
	if (!json_is(body, JSON_OBJECT))
		return cfn_fail(
		    rd, body, "Template format error: Any Outputs member must be an object.");
	if (json_get(body, "Value") == NULL)
		return cfn_fail(rd, body,
		    "Template format error: Every Outputs member must contain a Value object");
	for (const struct json *m = body->first; m != NULL; m = m->next)
		if (!read_output_member(rd, o, m))
			return false;
	return true;
}

bool
cfn_read_outputs(struct cfn_reader *rd, const struct json *section)
{
	struct cfn_template *t = rd->t;

	if (cfn_is_too_many(rd, section, "outputs", CFN_MAX_OUTPUTS))
		return false;
	t->outputs = arena_new(rd->a, struct cfn_output, json_count(section));
	for (const struct json *m = json_first(section); m != NULL; m = m->next)
		if (!read_output(rd, &t->outputs[t->output_count++], m))
			return false;
	return true;
}
