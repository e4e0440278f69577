/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/ec2/subnet.c: subnets: a part of a VPC's addresses in one zone. */
#include "cloud/ec2/internal.h"

#include "base/buf.h"

#define RESERVED_ADDRESSES 5 /* the first four and the last of each subnet */

static bool
invalid_range(str text, struct err *err)
{
	return err_code(err, ERR_INVALID, "InvalidSubnet.Range",
	    "The CIDR '" STR_FMT "' is invalid.", STR_ARG(text));
}

static bool
read_cidr(struct call *c, const struct item *vpc, struct ec2_cidr *out, struct err *err)
{
	struct ec2_cidr whole;

	if (!ec2_cidr_given(
		c, "Either 'cidrBlock' or 'ipv6CidrBlock' should be provided.", out, err))
		return false;
	if (out->bits < 16 || out->bits > 28 ||
	    !ec2_cidr_parse(ec2_text(vpc->body, "CidrBlock"), &whole) ||
	    !ec2_cidr_contains(&whole, out))
		return invalid_range(input_str(c, "CidrBlock"), err);
	return true;
}

static bool
refuse_overlap(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	const struct ec2_cidr *wanted = cookie;
	struct ec2_cidr other;

	if (!ec2_cidr_parse(ec2_text(row->body, "CidrBlock"), &other) ||
	    !ec2_cidr_overlaps(wanted, &other))
		return true;
	return err_code(err, ERR_CONFLICT, "InvalidSubnet.Conflict",
	    "The CIDR '" STR_FMT "' conflicts with another subnet",
	    STR_ARG(ec2_cidr_text(c->a, wanted)));
}

/* The zone that is asked for, or the first; *index tells which. */
static bool
choose_zone(struct call *c, size_t *index, struct err *err)
{
	str wanted = json_str(json_get(c->in, "AvailabilityZone")), name;
	struct buf all = buf_in(c->a);

	*index = 0;
	if (wanted.len == 0)
		return true;
	for (size_t i = 0; (name = ec2_zone_name(c->a, c->region, i)).ptr != NULL; i++) {
		if (str_eq(name, wanted)) {
			*index = i;
			return true;
		}
		buf_fmt(&all, "%s" STR_FMT, i == 0 ? "" : ", ", STR_ARG(name));
	}
	return err_code(err, ERR_INVALID, "InvalidParameterValue",
	    "Value (" STR_FMT ") for parameter availabilityZone is invalid. Subnets can currently "
	    "only be created in the following availability zones: " STR_FMT ".",
	    STR_ARG(wanted), STR_ARG(buf_str(&all)));
}

static void
fill(struct call *c, struct json *shape, str vpc, const struct ec2_cidr *cidr, size_t zone)
{
	str id = json_str(json_get(shape, "SubnetId"));

	json_put_str(c->a, shape, "VpcId", vpc);
	json_put_str(c->a, shape, "State", S("available"));
	json_put_str(c->a, shape, "CidrBlock", ec2_cidr_text(c->a, cidr));
	json_put_str(c->a, shape, "AvailabilityZone", ec2_zone_name(c->a, c->region, zone));
	json_put_str(c->a, shape, "AvailabilityZoneId", ec2_zone_id(c->a, c->region, zone));
	json_put_i64(
	    c->a, shape, "AvailableIpAddressCount", ec2_cidr_addresses(cidr) - RESERVED_ADDRESSES);
	json_put_bool(c->a, shape, "DefaultForAz", false);
	json_put_bool(c->a, shape, "MapPublicIpOnLaunch", false);
	json_put_bool(c->a, shape, "AssignIpv6AddressOnCreation", false);
	json_put_str(c->a, shape, "OwnerId", c->account);
	json_put_str(c->a, shape, "SubnetArn",
	    arn_make(c->a, "ec2", c->region, c->account, "subnet/" STR_FMT, STR_ARG(id)));
}

bool
ec2_subnet_use(struct call *c, const struct item *subnet, int64_t addresses, struct err *err)
{
	struct json *shape, *row = ec2_change(c, subnet, &shape);
	int64_t left = json_i64(json_get(shape, "AvailableIpAddressCount"), 0);

	json_set(c->a, shape, "AvailableIpAddressCount", json_new_i64(c->a, left - addresses));
	return row_put(c, row, err);
}

bool
ec2_create_subnet(struct call *c, struct err *err)
{
	struct json *row, *shape;
	struct ec2_cidr cidr;
	struct item vpc;
	size_t zone;

	if (!ec2_load_given(c, &ec2_vpc, &vpc, err) || !read_cidr(c, &vpc, &cidr, err) ||
	    !choose_zone(c, &zone, err) ||
	    !ec2_each_in_vpc(c, &ec2_subnet, vpc.sk, refuse_overlap, &cidr, err) ||
	    !ec2_new(c, &ec2_subnet, vpc.sk, &row, &shape, err))
		return false;
	fill(c, shape, vpc.sk, &cidr, zone);
	ec2_answer(c, "Subnet", row);
	return row_put(c, row, err);
}

bool
ec2_modify_subnet_attribute(struct call *c, struct err *err)
{
	const struct json *value = json_path(c->in, "MapPublicIpOnLaunch", "Value", NULL);
	struct json *row, *shape;
	struct item item;

	if (!ec2_load_given(c, &ec2_subnet, &item, err))
		return false;
	if (value == NULL)
		return err_code(err, ERR_INVALID, "InvalidParameterCombination",
		    "Exactly one attribute must be modified in a request.");
	row = ec2_change(c, &item, &shape);
	json_set(c->a, shape, "MapPublicIpOnLaunch", value);
	return row_put(c, row, err);
}

bool
ec2_describe_subnets(struct call *c, struct err *err)
{
	static const struct ec2_filter filters[] = {
		{ "availability-zone", "AvailabilityZone" },
		{ "availability-zone-id", "AvailabilityZoneId" },
		{ "availabilityZone", "AvailabilityZone" },
		{ "available-ip-address-count", "AvailableIpAddressCount" },
		{ "cidr", "CidrBlock" },
		{ "cidr-block", "CidrBlock" },
		{ "cidrBlock", "CidrBlock" },
		{ "default-for-az", "DefaultForAz" },
		{ "map-public-ip-on-launch", "MapPublicIpOnLaunch" },
		{ "owner-id", "OwnerId" },
		{ "state", "State" },
		{ "subnet-arn", "SubnetArn" },
		{ "subnet-id", "SubnetId" },
		{ "vpc-id", "VpcId" },
	};
	static const struct ec2_listing listing = { &ec2_subnet, "SubnetIds", "Subnets", filters,
		countof(filters), NULL };

	return ec2_describe(c, &listing, err);
}

bool
ec2_delete_subnet(struct call *c, struct err *err)
{
	struct item item;
	struct store_query interfaces = { .index = S("byRef2"), .brief = true, .limit = 1 };
	struct store_page page;

	if (!ec2_load_given(c, &ec2_subnet, &item, err))
		return false;
	interfaces.hash = item.sk; /* interface.c */
	if (!row_query(c, &interfaces, &page, err))
		return false;
	if (page.count > 0)
		return ec2_dependency_violation(err, "subnet", item.sk);
	return ec2_table_forget_subnet(c, ec2_text(item.body, "VpcId"), item.sk, err) &&
	    row_del(c, item.pk, item.sk, err);
}
