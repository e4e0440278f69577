/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ec2/vpc.c: VPCs. Each comes with a default security group and a main route table, which
 * go with it; all else in it must be deleted first.
 */
#include "cloud/ec2/internal.h"

#include "base/hash.h"

#define MAX_VPCS 100 /* of one account and region */

static bool
check_room(struct call *c, struct err *err)
{
	const struct store_query q = { .hash = row_here(c, "ec2", "vpc"), .brief = true };
	struct store_page page;

	if (!row_query(c, &q, &page, err))
		return false;
	return page.count < MAX_VPCS ||
	    err_code(err, ERR_INVALID, "VpcLimitExceeded",
		"The maximum number of VPCs has been reached.");
}

static bool
read_cidr(struct call *c, struct ec2_cidr *out, struct err *err)
{
	if (!ec2_cidr_given(c, "The request must contain the parameter cidrBlock", out, err))
		return false;
	if (out->bits < 16 || out->bits > 28)
		return err_code(err, ERR_INVALID, "InvalidVpc.Range",
		    "The CIDR '" STR_FMT "' is invalid.", STR_ARG(input_str(c, "CidrBlock")));
	return true;
}

/* The DHCP options that an account has from the start. */
static str
dhcp_options(struct call *c)
{
	str seed =
	    str_fmt(c->a, "dopt#" STR_FMT "#" STR_FMT, STR_ARG(c->account), STR_ARG(c->region));

	return str_cat(c->a, S("dopt-"), str_sub(sha256_hex(c->a, seed), 0, 17));
}

static void
fill(struct call *c, struct json *shape, str cidr)
{
	str tenancy = json_str(json_get(c->in, "InstanceTenancy"));
	struct json *set = json_new_array(c->a), *one = json_new_object(c->a);

	json_put_str(c->a, one, "AssociationId", ec2_id(c->a, "vpc-cidr-assoc-"));
	json_put_str(c->a, one, "CidrBlock", cidr);
	json_put_str(c->a, json_put(c->a, one, "CidrBlockState", json_new_object(c->a)), "State",
	    S("associated"));
	json_push(c->a, set, one);
	json_put_str(c->a, shape, "OwnerId", c->account);
	json_put_str(c->a, shape, "InstanceTenancy", tenancy.len == 0 ? S("default") : tenancy);
	json_put(c->a, shape, "CidrBlockAssociationSet", set);
	json_put_bool(c->a, shape, "IsDefault", false);
	json_put_str(c->a, shape, "State", S("available"));
	json_put_str(c->a, shape, "CidrBlock", cidr);
	json_put_str(c->a, shape, "DhcpOptionsId", dhcp_options(c));
}

/* What every VPC has: made as if by EC2 itself, so without the caller's tags. */
static bool
furnish(struct call *c, const struct json *vpc, struct err *err)
{
	const struct item item = { .pk = json_str(json_get(vpc, "pk")),
		.sk = json_str(json_get(vpc, "sk")),
		.body = vpc };
	struct json *group, *table, *none = json_new_object(c->a);
	struct call self = *c;

	self.in = none;
	return ec2_group_make(
		   &self, item.sk, S("default"), S("default VPC security group"), &group, err) &&
	    row_put(c, group, err) && ec2_table_make(&self, &item, true, &table, err) &&
	    row_put(c, table, err);
}

bool
ec2_create_vpc(struct call *c, struct err *err)
{
	struct json *row, *shape;
	struct ec2_cidr cidr;

	if (!read_cidr(c, &cidr, err) || !check_room(c, err) ||
	    !ec2_new(c, &ec2_vpc, S(""), &row, &shape, err))
		return false;
	fill(c, shape, ec2_cidr_text(c->a, &cidr));
	json_put_bool(c->a, row, "dnsSupport", true);
	json_put_bool(c->a, row, "dnsHostnames", false);
	ec2_answer(c, "Vpc", row);
	json_set_str(c->a, (struct json *)json_get(c->out, "Vpc"), "State", S("pending"));
	return row_put(c, row, err) && furnish(c, row, err);
}

/* --- attributes -------------------------------------------------------------------------- */

static const struct {
	const char *member, *attribute, *stored;
} attributes[] = {
	{ "EnableDnsHostnames", "enableDnsHostnames", "dnsHostnames" },
	{ "EnableDnsSupport", "enableDnsSupport", "dnsSupport" },
};

bool
ec2_modify_vpc_attribute(struct call *c, struct err *err)
{
	struct item item;
	struct json *row;
	int given = 0;

	if (!ec2_load_given(c, &ec2_vpc, &item, err))
		return false;
	row = row_change(c, &item);
	for (size_t i = 0; i < countof(attributes); i++) {
		const struct json *v = json_path(c->in, attributes[i].member, "Value", NULL);

		if (v == NULL)
			continue;
		json_set(c->a, row, attributes[i].stored, v);
		given++;
	}
	if (given != 1)
		return err_code(err, ERR_INVALID, "InvalidParameterCombination",
		    "Exactly one attribute must be modified in a request.");
	return row_put(c, row, err);
}

bool
ec2_describe_vpc_attribute(struct call *c, struct err *err)
{
	str wanted = json_str(json_get(c->in, "Attribute"));
	struct item item;

	if (!ec2_load_given(c, &ec2_vpc, &item, err))
		return false;
	json_put(c->a, c->out, "VpcId", json_get(c->in, "VpcId"));
	for (size_t i = 0; i < countof(attributes); i++) {
		struct json *out;

		if (!str_is(wanted, attributes[i].attribute))
			continue;
		out = json_put(c->a, c->out, attributes[i].member, json_new_object(c->a));
		json_put(c->a, out, "Value", json_get(item.body, attributes[i].stored));
		return true;
	}
	return err_code(err, ERR_INVALID, "InvalidParameterValue",
	    "Value (" STR_FMT ") for parameter attribute is invalid. Unknown VPC attribute",
	    STR_ARG(wanted));
}

bool
ec2_describe_vpcs(struct call *c, struct err *err)
{
	static const struct ec2_filter filters[] = {
		{ "cidr", "CidrBlock" },
		{ "cidr-block-association.cidr-block", "CidrBlockAssociationSet[].CidrBlock" },
		{ "dhcp-options-id", "DhcpOptionsId" },
		{ "is-default", "IsDefault" },
		{ "isDefault", "IsDefault" },
		{ "owner-id", "OwnerId" },
		{ "state", "State" },
		{ "vpc-id", "VpcId" },
	};
	static const struct ec2_listing listing = { &ec2_vpc, "VpcIds", "Vpcs", filters,
		countof(filters), NULL };

	return ec2_describe(c, &listing, err);
}

/* --- delete ------------------------------------------------------------------------------ */

/* What came with the VPC is put on a list to go with it; all else is in the way. */
static bool
look_at(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	struct json *with_it = cookie;

	if (!json_bool(json_get(row->body, "cameWithVpc"), false))
		return ec2_dependency_violation(err, "vpc", json_str(json_get(row->body, "ref")));
	json_push(c->a, with_it, row->body);
	return true;
}

bool
ec2_delete_vpc(struct call *c, struct err *err)
{
	struct json *with_it = json_new_array(c->a);
	struct item item;

	if (!ec2_load_given(c, &ec2_vpc, &item, err))
		return false;
	for (size_t i = 0; ec2_kinds[i] != NULL; i++)
		if (!ec2_each_in_vpc(c, ec2_kinds[i], item.sk, look_at, with_it, err))
			return false;
	for (const struct json *w = json_first(with_it); w != NULL; w = w->next)
		if (!ec2_group_users(c, w, NULL, err) ||
		    !row_del(c, json_str(json_get(w, "pk")), json_str(json_get(w, "sk")), err))
			return false;
	return row_del(c, item.pk, item.sk, err);
}
