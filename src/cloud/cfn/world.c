/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/cfn/world.c: what a stack's template asks of the stack, of other stacks and of AWS. */
#include "cloud/cfn/internal.h"

struct cfn_pseudo
stack_pseudo(struct cfn_stack *s)
{
	return (struct cfn_pseudo){
		.account = s->c->account,
		.region = s->c->region,
		.partition = S("aws"),
		.url_suffix = S("amazonaws.com"),
		.stack_name = s->name,
		.stack_id = s->id,
		.notification_arns = json_get(s->row, "notificationArns"),
	};
}

static bool
answer_ref(void *cookie, struct arena *a, const struct cfn_resource *resource,
    const struct json **out, struct err *err)
{
	const struct cfn_resource_row *r = stack_resource((struct cfn_stack *)cookie, resource->id);

	if (r == NULL || resource_text(r, PHYSICAL).len == 0)
		return err_set(err, ERR_CONFLICT, "resource " STR_FMT " was not made yet",
		    STR_ARG(resource->id));
	*out = json_new_str(a, resource_text(r, PHYSICAL));
	return true;
}

static bool
answer_get_att(void *cookie, struct arena *a, const struct cfn_resource *resource, str attribute,
    const struct json **out, struct err *err)
{
	const struct cfn_resource_row *r = stack_resource((struct cfn_stack *)cookie, resource->id);

	(void)a;
	*out = r == NULL ? NULL : json_get_str(json_get(r->row, "attributes"), attribute);
	if (*out != NULL && cfn_type_has_attribute(r->type, attribute))
		return true;
	return err_code(err, ERR_INVALID, "ValidationError",
	    "Resource type " STR_FMT " does not support attribute {" STR_FMT "}",
	    STR_ARG(resource->type), STR_ARG(attribute));
}

/* Who imports an export keeps it alive: the import is a row until the stack is gone. */
static bool
note_import(struct cfn_stack *s, str export_name, struct err *err)
{
	struct json *row = row_new(s->c, stack_partition(s->c, "import"),
	    str_fmt(s->c->a, STR_FMT "/" STR_FMT, STR_ARG(export_name), STR_ARG(s->key)));

	json_put_str(s->c->a, row, "name", s->name);
	json_put_str(s->c->a, row, "ref", str_cat(s->c->a, S("cloudformation#importer#"), s->id));
	json_put_str(s->c->a, row, "refSort", export_name);
	return row_put(s->c, row, err);
}

static bool
answer_import(void *cookie, struct arena *a, str name, str *out, struct err *err)
{
	struct cfn_stack *s = (struct cfn_stack *)cookie;
	struct item item;
	bool found;

	(void)a;
	if (!row_find(s->c, stack_partition(s->c, "export"), name, &item, &found, err))
		return false;
	if (!found)
		return err_set(err, ERR_NOT_FOUND, "no such export");
	*out = json_str(json_get(item.body, "value"));
	return note_import(s, name, err);
}

/* --- zones ------------------------------------------------------------------------------- */

/* Zones with a default subnet, as names that are members; empty where no zone has one. */
static bool
default_zones(struct cfn_stack *s, str region, struct json **out, struct err *err)
{
	struct arena *a = s->c->a;
	struct json *in = json_new_object(a), *filter = json_new_object(a);
	const struct json *answer;

	json_put_str(a, filter, "Name", S("default-for-az"));
	json_push_str(a, json_put(a, filter, "Values", json_new_array(a)), S("true"));
	json_push(a, json_put(a, in, "Filters", json_new_array(a)), filter);
	if (!cloud_call(s->c,
		&(struct cloud_request){
		    .service = "ec2", .action = "DescribeSubnets", .region = region, .in = in },
		&answer, err))
		return false;
	*out = json_new_object(a);
	for (const struct json *n = json_first(json_get(answer, "Subnets")); n != NULL; n = n->next)
		json_set(a, *out, str_z(a, json_str(json_get(n, "AvailabilityZone"))), n);
	return true;
}

static bool
answer_zones(void *cookie, struct arena *a, str region, const struct json **out, struct err *err)
{
	struct cfn_stack *s = (struct cfn_stack *)cookie;
	struct json *list = json_new_array(a), *preferred;
	const struct json *answer;

	if (!cloud_call(s->c,
		&(struct cloud_request){
		    .service = "ec2", .action = "DescribeAvailabilityZones", .region = region },
		&answer, err) ||
	    !default_zones(s, region, &preferred, err))
		return false;
	for (const struct json *z = json_first(json_get(answer, "AvailabilityZones")); z != NULL;
	     z = z->next) {
		str name = json_str(json_get(z, "ZoneName"));

		if (json_count(preferred) == 0 || json_get_str(preferred, name) != NULL)
			json_push_str(a, list, name);
	}
	*out = list;
	return true;
}

/* --- the parameter store ----------------------------------------------------------------- */

bool
stack_fetch_stored(
    void *call, struct arena *a, const struct json *names, const struct json **out, struct err *err)
{
	struct json *in = json_new_object(a), *values = json_new_object(a), *secret;
	const struct json *answer;

	*out = values;
	json_put(a, in, "Names", names);
	if (!cloud_call((struct call *)call,
		&(struct cloud_request){ .service = "ssm", .action = "GetParameters", .in = in },
		&answer, err))
		return false;
	secret = json_new_array(a);
	for (const struct json *p = json_first(json_get(answer, "Parameters")); p != NULL;
	     p = p->next) {
		str name = json_str(json_get(p, "Name"));

		if (str_is(json_str(json_get(p, "Type")), "SecureString"))
			json_push_str(a, secret, name);
		else
			json_set(a, values, str_z(a, name), json_get(p, "Value"));
	}
	if (json_count(secret) == 0)
		return true;
	return err_code(err, ERR_INVALID, "ValidationError",
	    "Parameters [" STR_FMT
	    "] referenced by template have types not supported by CloudFormation.",
	    STR_ARG(json_str(json_at(secret, 0))));
}

/* The values that were fetched when the stack was made: they do not change under it. */
static bool
answer_stored(void *cookie, struct arena *a, const struct json *names, const struct json **out,
    struct err *err)
{
	(void)a;
	(void)names;
	(void)err;
	*out = json_get(((struct cfn_stack *)cookie)->row, "stored");
	return true;
}

bool
stack_resolver(
    struct cfn_stack *s, const struct cfn_template *t, struct cfn_resolver *r, struct err *err)
{
	struct cfn_resolver_options options = {
		.t = t,
		.given = json_get(s->row, "parameters"),
		.pseudo = stack_pseudo(s),
		.world = { s, answer_ref, answer_get_att, answer_import, answer_zones,
		    answer_stored },
	};

	return cfn_resolver_init(r, s->c->a, &options, err);
}
