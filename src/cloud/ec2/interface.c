/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ec2/interface.c: network interfaces: an address in a subnet, and what keeps subnet and
 * groups from being deleted.
 */
#include "cloud/ec2/internal.h"

#include "base/id.h"

/* Interfaces stand in an index by subnet and address, so that a free one is found at once. */
static str
address_key(struct call *c, uint32_t address)
{
	return str_fmt(c->a, "%010u", address);
}

static bool
is_used(struct call *c, str subnet, uint32_t address, bool *used, struct err *err)
{
	const struct store_query q = { .index = S("byRef2"),
		.hash = subnet,
		.condition = STORE_EQ,
		.a = address_key(c, address),
		.brief = true,
		.limit = 1 };
	struct store_page page;

	if (!row_query(c, &q, &page, err))
		return false;
	*used = page.count > 0;
	return true;
}

/* The highest that is used; 0 for none. */
static bool
last_used(struct call *c, str subnet, uint32_t *out, struct err *err)
{
	const struct store_query q = {
		.index = S("byRef2"), .hash = subnet, .descending = true, .limit = 1
	};
	struct store_page page;
	int64_t address = 0;

	if (!row_query(c, &q, &page, err))
		return false;
	if (page.count > 0)
		(void)str_to_i64(row_text(&page.items[0], "refSort2"), &address);
	*out = (uint32_t)address;
	return true;
}

/*
 * The wanted address, or the one after the highest that is used, or the lowest that is free: the
 * first four and the last are reserved.
 */
static bool
choose_address(struct call *c, const struct item *subnet, uint32_t *out, struct err *err)
{
	str wanted = json_str(json_get(c->in, "PrivateIpAddress"));
	struct ec2_cidr cidr = { 0 };
	uint32_t from, to, at = 0;
	bool used = false;

	(void)ec2_cidr_parse(ec2_text(subnet->body, "CidrBlock"), &cidr); /* was checked */
	from = cidr.base + 4;
	to = cidr.base + (uint32_t)ec2_cidr_addresses(&cidr) - 2;
	if (wanted.len > 0 && (!ec2_address_parse(wanted, &at) || at < from || at > to))
		return err_code(err, ERR_INVALID, "InvalidParameterValue",
		    "Address " STR_FMT " does not fall within the subnet's address range",
		    STR_ARG(wanted));
	if (wanted.len == 0 && !last_used(c, subnet->sk, &at, err))
		return false;
	if (wanted.len == 0)
		at = at < from ? from : at + 1;
	if (at <= to && !is_used(c, subnet->sk, at, &used, err))
		return false;
	if (wanted.len > 0 && used)
		return err_code(err, ERR_CONFLICT, "InvalidIPAddress.InUse",
		    "The specified address is already in use.");
	for (used = used || at > to, *out = at; used && from <= to; from++) {
		*out = from;
		if (!is_used(c, subnet->sk, from, &used, err))
			return false;
	}
	return !used ||
	    err_code(err, ERR_CONFLICT, "InsufficientFreeAddressesInSubnet",
		"The specified subnet does not have enough free addresses to satisfy the request.");
}

static bool
note_default(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	(void)c;
	(void)err;
	if (json_bool(json_get(row->body, "cameWithVpc"), false))
		*(str *)cookie = row->sk;
	return true;
}

static bool
add_group(struct call *c, str id, str vpc, struct json *groups, struct err *err)
{
	struct item group;
	struct json *g;

	if (!ec2_load(c, &ec2_group, id, &group, err))
		return false;
	if (!str_eq(ec2_text(group.body, "VpcId"), vpc))
		return err_code(err, ERR_CONFLICT, "InvalidParameter",
		    "You have specified two resources that belong to different networks.");
	g = json_push(c->a, groups, json_new_object(c->a));
	json_put_str(c->a, g, "GroupId", id);
	json_put_str(c->a, g, "GroupName", ec2_text(group.body, "GroupName"));
	return true;
}

/* Those that are named, else the VPC's own. */
static bool
choose_groups(struct call *c, str vpc, struct json *groups, struct err *err)
{
	const struct json *named = json_get(c->in, "Groups");
	str usual = S("");

	for (const struct json *id = json_first(named); id != NULL; id = id->next)
		if (!add_group(c, json_str(id), vpc, groups, err))
			return false;
	if (json_count(named) > 0)
		return true;
	return ec2_each_in_vpc(c, &ec2_group, vpc, note_default, &usual, err) &&
	    add_group(c, usual, vpc, groups, err);
}

/* Of the kind that is administered locally. */
static str
mac_address(struct arena *a)
{
	unsigned char b[5];

	random_bytes(b, sizeof(b));
	return str_fmt(a, "02:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4]);
}

bool
ec2_create_network_interface(struct call *c, struct err *err)
{
	struct json *row, *shape, *groups = json_new_array(c->a);
	struct item subnet;
	uint32_t address;
	str vpc;

	if (!ec2_load_given(c, &ec2_subnet, &subnet, err))
		return false;
	vpc = ec2_text(subnet.body, "VpcId");
	if (!choose_groups(c, vpc, groups, err) || !choose_address(c, &subnet, &address, err) ||
	    !ec2_new(c, &ec2_interface, vpc, &row, &shape, err))
		return false;
	json_put(c->a, shape, "AvailabilityZone",
	    json_path(subnet.body, "shape", "AvailabilityZone", NULL));
	json_put(c->a, shape, "Description", json_get(c->in, "Description"));
	json_put(c->a, shape, "Groups", groups);
	json_put_str(c->a, shape, "InterfaceType", S("interface"));
	json_put_str(c->a, shape, "MacAddress", mac_address(c->a));
	json_put_str(c->a, shape, "OwnerId", c->account);
	json_put_str(c->a, row, "ref2", subnet.sk);
	json_put_str(c->a, row, "refSort2", address_key(c, address));
	json_put_str(c->a, shape, "PrivateIpAddress", ec2_address_text(c->a, address));
	json_put_bool(c->a, shape, "RequesterManaged", c->who->kind == PRINCIPAL_SERVICE);
	json_put_bool(c->a, shape, "SourceDestCheck", true);
	json_put_str(c->a, shape, "Status", S("available"));
	json_put_str(c->a, shape, "SubnetId", subnet.sk);
	json_put_str(c->a, shape, "VpcId", vpc);
	ec2_answer(c, "NetworkInterface", row);
	json_put(c->a, c->out, "ClientToken", json_get(c->in, "ClientToken"));
	return row_put(c, row, err) && ec2_group_users(c, NULL, row, err) &&
	    ec2_subnet_use(c, &subnet, 1, err);
}

bool
ec2_describe_network_interfaces(struct call *c, struct err *err)
{
	static const struct ec2_filter filters[] = {
		{ "availability-zone", "AvailabilityZone" },
		{ "description", "Description" },
		{ "group-id", "Groups[].GroupId" },
		{ "group-name", "Groups[].GroupName" },
		{ "network-interface-id", "NetworkInterfaceId" },
		{ "owner-id", "OwnerId" },
		{ "private-ip-address", "PrivateIpAddress" },
		{ "status", "Status" },
		{ "subnet-id", "SubnetId" },
		{ "vpc-id", "VpcId" },
	};
	static const struct ec2_listing listing = { &ec2_interface, "NetworkInterfaceIds",
		"NetworkInterfaces", filters, countof(filters), NULL };

	return ec2_describe(c, &listing, err);
}

bool
ec2_delete_network_interface(struct call *c, struct err *err)
{
	struct item item, subnet;

	return ec2_load_given(c, &ec2_interface, &item, err) &&
	    ec2_load(c, &ec2_subnet, ec2_text(item.body, "SubnetId"), &subnet, err) &&
	    ec2_subnet_use(c, &subnet, -1, err) && ec2_group_users(c, item.body, NULL, err) &&
	    row_del(c, item.pk, item.sk, err);
}
