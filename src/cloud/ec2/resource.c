/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/ec2/resource.c: ids, rows, tags and errors that all kinds of resources have alike. */
#include "cloud/ec2/internal.h"

#include "base/id.h"

#define MAX_TAGS 50

const struct ec2_kind ec2_vpc = { "vpc", "vpc-", "VpcId", "The vpc ID", "InvalidVpcID",
	"InvalidVpcID" };
const struct ec2_kind ec2_subnet = { "subnet", "subnet-", "SubnetId", "The subnet ID",
	"InvalidSubnetID", "InvalidSubnetID" };
const struct ec2_kind ec2_group = { "security-group", "sg-", "GroupId", "The security group",
	"InvalidGroup", "InvalidGroupId" };
const struct ec2_kind ec2_gateway = { "internet-gateway", "igw-", "InternetGatewayId",
	"The internetGateway ID", "InvalidInternetGatewayID", "InvalidInternetGatewayId" };
const struct ec2_kind ec2_table = { "route-table", "rtb-", "RouteTableId", "The routeTable ID",
	"InvalidRouteTableID", "InvalidRouteTableId" };
const struct ec2_kind ec2_interface = { "network-interface", "eni-", "NetworkInterfaceId",
	"The networkInterface ID", "InvalidNetworkInterfaceID", "InvalidNetworkInterfaceId" };

const struct ec2_kind *const ec2_kinds[] = { &ec2_vpc, &ec2_subnet, &ec2_group, &ec2_gateway,
	&ec2_table, &ec2_interface, NULL };

const struct ec2_kind *
ec2_kind_of(str id)
{
	for (size_t i = 0; ec2_kinds[i] != NULL; i++)
		if (str_starts(id, str_of(ec2_kinds[i]->prefix)))
			return ec2_kinds[i];
	return NULL;
}

str
ec2_id(struct arena *a, const char *prefix)
{
	return str_cat(a, str_of(prefix), id_hex(a, 17));
}

bool
ec2_load(struct call *c, const struct ec2_kind *kind, str id, struct item *out, struct err *err)
{
	const char *code;
	bool found;

	if (!str_starts(id, str_of(kind->prefix))) {
		code = str_z(c->a, str_fmt(c->a, "%s.Malformed", kind->malformed));
		return err_code(err, ERR_INVALID, code,
		    "Invalid id: \"" STR_FMT "\" (expecting \"%s...\")", STR_ARG(id), kind->prefix);
	}
	if (!row_find(c, row_here(c, "ec2", kind->name), id, out, &found, err))
		return false;
	if (found)
		return true;
	code = str_z(c->a, str_fmt(c->a, "%s.NotFound", kind->error));
	return err_code(
	    err, ERR_NOT_FOUND, code, "%s '" STR_FMT "' does not exist", kind->called, STR_ARG(id));
}

bool
ec2_load_given(struct call *c, const struct ec2_kind *kind, struct item *out, struct err *err)
{
	return ec2_load(c, kind, json_str(json_get(c->in, kind->id_member)), out, err);
}

/* --- new ones ----------------------------------------------------------------------------- */

static bool
tags_given(struct call *c, const struct ec2_kind *kind, const struct json **out, struct err *err)
{
	*out = NULL;
	for (const struct json *s = json_first(json_get(c->in, "TagSpecifications")); s != NULL;
	     s = s->next) {
		str type = json_str(json_get(s, "ResourceType"));

		if (!str_is(type, kind->name))
			return err_code(err, ERR_INVALID, "InvalidParameterValue",
			    "'" STR_FMT
			    "' is not a valid taggable resource type for this operation.",
			    STR_ARG(type));
		*out = tags_with(c->a, *out, json_get(s, "Tags"), "Key", "Value");
	}
	if (json_count(*out) > MAX_TAGS)
		return err_code(err, ERR_INVALID, "TagLimitExceeded",
		    "You have reached the maximum number of tags (%d) for this resource.",
		    MAX_TAGS);
	return true;
}

bool
ec2_new(struct call *c, const struct ec2_kind *kind, str vpc, struct json **row,
    struct json **shape, struct err *err)
{
	str id = ec2_id(c->a, kind->prefix);
	const struct json *tags;

	if (!tags_given(c, kind, &tags, err))
		return false;
	*row = row_new(c, row_here(c, "ec2", kind->name), id);
	if (vpc.len > 0) {
		json_put_str(c->a, *row, "ref", vpc);
		json_put_str(
		    c->a, *row, "refSort", str_fmt(c->a, "%s#" STR_FMT, kind->name, STR_ARG(id)));
	}
	*shape = json_put(c->a, *row, "shape", json_new_object(c->a));
	json_put_str(c->a, *shape, kind->id_member, id);
	json_put(c->a, *row, "tags", tags == NULL ? json_new_array(c->a) : tags);
	return true;
}

struct json *
ec2_change(struct call *c, const struct item *item, struct json **shape)
{
	struct json *row = row_change(c, item);

	json_set(c->a, row, "shape", json_copy_shallow(c->a, json_get(row, "shape")));
	*shape = (struct json *)json_get(row, "shape");
	return row;
}

/* --- answers --------------------------------------------------------------------------------- */

/* Network interfaces are shown with a TagSet, all else with Tags. */
static const char *
tags_member(str id)
{
	return ec2_kind_of(id) == &ec2_interface ? "TagSet" : "Tags";
}

struct json *
ec2_show(struct call *c, const struct json *row, struct json *out)
{
	for (const struct json *m = json_first(json_get(row, "shape")); m != NULL; m = m->next)
		json_put_key(c->a, out, m->key, m);
	json_put(c->a, out, tags_member(json_str(json_get(row, "sk"))), json_get(row, "tags"));
	return out;
}

void
ec2_answer(struct call *c, const char *key, const struct json *row)
{
	(void)ec2_show(c, row, json_put(c->a, c->out, key, json_new_object(c->a)));
}

str
ec2_text(const struct json *row, const char *member)
{
	return json_str(json_path(row, "shape", member, NULL));
}

struct json *
ec2_copy_list(struct arena *a, const struct json *list)
{
	struct json *out = json_new_array(a);

	for (const struct json *e = json_first(list); e != NULL; e = e->next)
		json_push(a, out, e);
	return out;
}

bool
ec2_each_in_vpc(struct call *c, const struct ec2_kind *kind, str vpc,
    bool (*each)(struct call *c, const struct item *row, void *cookie, struct err *err),
    void *cookie, struct err *err)
{
	const struct store_query q = { .index = S("byRef"),
		.hash = vpc,
		.condition = STORE_BEGINS,
		.a = str_fmt(c->a, "%s#", kind->name) };

	return row_each(c, &q, each, cookie, err);
}

bool
ec2_dependency_violation(struct err *err, const char *what, str id)
{
	return err_code(err, ERR_CONFLICT, "DependencyViolation",
	    "The %s '" STR_FMT "' has dependencies and cannot be deleted.", what, STR_ARG(id));
}
