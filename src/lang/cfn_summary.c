/* SPDX-License-Identifier: Apache-2.0 */
/* lang/cfn_summary.c: what a template tells of itself: capabilities and GetTemplateSummary. */
#include "lang/cfn_internal.h"

#include "base/arena.h"
#include "base/buf.h"

/* Types that need a capability, and the property that makes it CAPABILITY_NAMED_IAM. */
static const struct {
	const char *type, *name;
} iam_types[] = {
	{ "AWS::IAM::AccessKey", NULL },
	{ "AWS::IAM::Group", "GroupName" },
	{ "AWS::IAM::InstanceProfile", "InstanceProfileName" },
	{ "AWS::IAM::ManagedPolicy", "ManagedPolicyName" },
	{ "AWS::IAM::Policy", NULL },
	{ "AWS::IAM::Role", "RoleName" },
	{ "AWS::IAM::User", "UserName" },
	{ "AWS::IAM::UserToGroupAddition", NULL },
};

static enum cfn_capability
capability_of(const struct cfn_resource *r)
{
	for (size_t i = 0; i < countof(iam_types); i++)
		if (str_is(r->type, iam_types[i].type))
			return iam_types[i].name != NULL &&
				json_get(r->properties, iam_types[i].name) != NULL
			    ? CFN_NEEDS_NAMED_IAM
			    : CFN_NEEDS_IAM;
	return CFN_NEEDS_NOTHING;
}

enum cfn_capability
cfn_template_capability(const struct cfn_template *t)
{
	enum cfn_capability most = CFN_NEEDS_NOTHING;

	for (size_t i = 0; i < t->resource_count; i++) {
		enum cfn_capability c = capability_of(&t->resources[i]);

		most = c > most ? c : most;
	}
	return most;
}

static void
put_text(struct arena *a, struct json *object, const char *key, str text)
{
	if (text.len > 0)
		json_put_str(a, object, key, text);
}

static void
put_parameter(struct arena *a, struct json *list, const struct cfn_parameter *p)
{
	struct json *o = json_new_object(a), *constraints = json_new_object(a);
	struct json *allowed = json_new_array(a);

	for (size_t i = 0; i < p->allowed_count; i++)
		json_push_str(a, allowed, p->allowed[i]);
	if (p->allowed_count > 0)
		json_put(a, constraints, "AllowedValues", allowed);
	put_text(a, constraints, "AllowedPattern", p->allowed_pattern);
	put_text(a, constraints, "ConstraintDescription", p->constraint_description);
	put_text(a, constraints, "MaxLength", p->max_length);
	put_text(a, constraints, "MinLength", p->min_length);
	put_text(a, constraints, "MaxValue", p->max_value);
	put_text(a, constraints, "MinValue", p->min_value);

	json_put_str(a, o, "ParameterKey", p->name);
	if (p->has_default)
		json_put_str(a, o, "DefaultValue", p->no_echo ? S("****") : p->default_value);
	json_put_str(a, o, "ParameterType", p->type);
	json_put_bool(a, o, "NoEcho", p->no_echo);
	put_text(a, o, "Description", p->description);
	json_put(a, o, "ParameterConstraints", constraints);
	json_push(a, list, o);
}

static void
put_names(struct arena *a, struct json *object, const char *key, const struct cfn_names *names)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < names->count; i++)
		json_push_str(a, list, names->list[i]);
	json_put(a, object, key, list);
}

static void
put_capabilities(struct arena *a, struct json *summary, const struct cfn_template *t)
{
	enum cfn_capability most = cfn_template_capability(t);
	struct cfn_names types = { 0 }, one = { 0 };

	if (most == CFN_NEEDS_NOTHING)
		return;
	for (size_t i = 0; i < t->resource_count; i++)
		if (capability_of(&t->resources[i]) != CFN_NEEDS_NOTHING)
			cfn_names_add(a, &types, t->resources[i].type);
	cfn_names_add(
	    a, &one, most == CFN_NEEDS_IAM ? S("CAPABILITY_IAM") : S("CAPABILITY_NAMED_IAM"));
	put_names(a, summary, "Capabilities", &one);
	json_put_str(a, summary, "CapabilitiesReason",
	    str_cat(a, S("The following resource(s) require capabilities: "),
		cfn_names_text(a, &types)));
}

struct json *
cfn_template_summary(struct arena *a, const struct cfn_template *t)
{
	struct json *summary = json_new_object(a), *parameters = json_new_array(a);
	struct cfn_names types = { 0 };

	for (size_t i = 0; i < t->parameter_count; i++)
		put_parameter(a, parameters, &t->parameters[i]);
	for (size_t i = 0; i < t->resource_count; i++)
		cfn_names_add(a, &types, t->resources[i].type);
	json_put(a, summary, "Parameters", parameters);
	put_text(a, summary, "Description", t->description);
	put_capabilities(a, summary, t);
	put_names(a, summary, "ResourceTypes", &types);
	put_text(a, summary, "Version", t->version);
	if (t->metadata != NULL)
		json_put_str(a, summary, "Metadata", json_text(a, t->metadata));
	return summary;
}
