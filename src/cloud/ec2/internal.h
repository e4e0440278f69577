/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of cloud/ec2 share.
 *
 * Every resource is a row ec2#<kind> (sk: its id) with "shape", what Describe shows of it in AWS's
 * own members, and "tags". What lies in a VPC bears its id as ref, so a VPC's contents are one
 * query.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "cloud/engine.h"

/* --- resource.c: what all kinds have in common --- */

struct ec2_kind {
	const char *name;      /* "vpc", of rows, and AWS's resource type in tags */
	const char *prefix;    /* "vpc-" */
	const char *id_member; /* "VpcId" */
	const char *called;    /* "The vpc ID": before 'vpc-1' does not exist */
	const char *error;     /* "InvalidVpcID": before .NotFound */
	const char *malformed; /* "InvalidVpcID": before .Malformed */
};

extern const struct ec2_kind ec2_vpc, ec2_subnet, ec2_group, ec2_gateway, ec2_table, ec2_interface;
/* All of them, NULL-ended. */
extern const struct ec2_kind *const ec2_kinds[];
/* By the id's prefix; NULL for another. */
const struct ec2_kind *ec2_kind_of(str id);

/* A fresh id: "vpc-0123456789abcdef0". */
str ec2_id(struct arena *a, const char *prefix);

/* Fails: InvalidVpcID.NotFound and its like, …Malformed. */
bool ec2_load(
    struct call *c, const struct ec2_kind *kind, str id, struct item *out, struct err *err);
/* The one whose id stands in the input under the kind's id_member. */
bool ec2_load_given(struct call *c, const struct ec2_kind *kind, struct item *out, struct err *err);

/*
 * A new row of a kind with the tags that the input's TagSpecifications give it; vpc may be empty.
 * *shape is to be filled; it holds the id. Fails: InvalidParameterValue (tags of another kind).
 */
bool ec2_new(struct call *c, const struct ec2_kind *kind, str vpc, struct json **row,
    struct json **shape, struct err *err);
/* A changeable copy of a row, and of its shape within it. */
struct json *ec2_change(struct call *c, const struct item *item, struct json **shape);

/* Puts what Describe shows under key: the shape and the tags. */
struct json *ec2_show(struct call *c, const struct json *row, struct json *out);
void ec2_answer(struct call *c, const char *key, const struct json *row);

/* A member of a row's shape, as text. */
str ec2_text(const struct json *row, const char *member);

/* A copy of a list, to be added to; NULL gives an empty one. */
struct json *ec2_copy_list(struct arena *a, const struct json *list);

/* Everything of a kind in a VPC. */
bool ec2_each_in_vpc(struct call *c, const struct ec2_kind *kind, str vpc,
    bool (*each)(struct call *c, const struct item *row, void *cookie, struct err *err),
    void *cookie, struct err *err);

bool ec2_dependency_violation(struct err *err, const char *what, str id);

/* --- describe.c --- */

struct ec2_filter {
	const char *name, *path; /* "association.subnet-id", "Associations[].SubnetId" */
};

struct ec2_listing {
	const struct ec2_kind *kind;
	const char *ids, *key; /* of the input, of the output: "VpcIds", "Vpcs" */
	const struct ec2_filter *filters;
	size_t filter_count;
	/* Makes of a row what is shown; NULL for ec2_show(). */
	bool (*show)(struct call *c, const struct json *row, struct json *out, struct err *err);
};

/* Rows by ids and filters, "tag:key" and "tag-key" among them, in pages. */
bool ec2_describe(struct call *c, const struct ec2_listing *listing, struct err *err);

/* Does what is shown pass the input's filters? Fails: InvalidParameterValue (unknown filter). */
bool ec2_filters_take(struct call *c, const struct ec2_filter *filters, size_t count,
    const struct json *shown, bool *takes, struct err *err);

/* --- cidr.c --- */

struct ec2_cidr {
	uint32_t base; /* without the bits beyond the mask */
	int bits;      /* of the mask: 0 to 32 */
};

/* "10.0.0.0/16"; bits of the host are dropped. */
bool ec2_cidr_parse(str text, struct ec2_cidr *out);
/* The input's CidrBlock. Fails: MissingParameter, with that text; InvalidParameterValue. */
bool ec2_cidr_given(struct call *c, const char *missing, struct ec2_cidr *out, struct err *err);
str ec2_cidr_text(struct arena *a, const struct ec2_cidr *cidr);
bool ec2_cidr_contains(const struct ec2_cidr *outer, const struct ec2_cidr *inner);
bool ec2_cidr_overlaps(const struct ec2_cidr *x, const struct ec2_cidr *y);
int64_t ec2_cidr_addresses(const struct ec2_cidr *cidr);
str ec2_address_text(struct arena *a, uint32_t address);
bool ec2_address_parse(str text, uint32_t *out);
bool ec2_cidr6_is(str text); /* of IPv6 */

/* --- group.c, rule.c --- */

/* Makes a security group; the caller fills and puts nothing more. */
bool ec2_group_make(
    struct call *c, str vpc, str name, str description, struct json **row, struct err *err);
/*
 * Notes whom a row, an interface's or a group's, names as groups, so that they are not deleted;
 * before or after is NULL where there is none.
 */
bool ec2_group_users(
    struct call *c, const struct json *before, const struct json *after, struct err *err);
bool ec2_group_show(struct call *c, const struct json *row, struct json *out, struct err *err);
/* A rule of "-1" to everywhere, as every new group has one outward. */
struct json *ec2_rule_all(struct arena *a, bool egress);
/* Rules of one direction as IpPermissions. */
struct json *ec2_rule_permissions(struct call *c, const struct json *rules, bool egress);

/* --- table.c --- */

bool ec2_table_make(
    struct call *c, const struct item *vpc, bool is_main, struct json **row, struct err *err);
/* Ends the association of a subnet that goes away. */
bool ec2_table_forget_subnet(struct call *c, str vpc, str subnet, struct err *err);

/* --- subnet.c --- */

/* So many addresses more are used; fewer where it is negative. */
bool ec2_subnet_use(struct call *c, const struct item *subnet, int64_t addresses, struct err *err);

/* --- zone.c --- */

str ec2_zone_name(struct arena *a, str region, size_t index); /* NULL past the last */
str ec2_zone_id(struct arena *a, str region, size_t index);

/* --- actions --- */

bool ec2_associate_route_table(struct call *c, struct err *err);
bool ec2_attach_internet_gateway(struct call *c, struct err *err);
bool ec2_authorize_egress(struct call *c, struct err *err);
bool ec2_authorize_ingress(struct call *c, struct err *err);
bool ec2_create_internet_gateway(struct call *c, struct err *err);
bool ec2_create_network_interface(struct call *c, struct err *err);
bool ec2_create_route(struct call *c, struct err *err);
bool ec2_create_route_table(struct call *c, struct err *err);
bool ec2_create_security_group(struct call *c, struct err *err);
bool ec2_create_subnet(struct call *c, struct err *err);
bool ec2_create_tags(struct call *c, struct err *err);
bool ec2_create_vpc(struct call *c, struct err *err);
bool ec2_delete_internet_gateway(struct call *c, struct err *err);
bool ec2_delete_network_interface(struct call *c, struct err *err);
bool ec2_delete_route(struct call *c, struct err *err);
bool ec2_delete_route_table(struct call *c, struct err *err);
bool ec2_delete_security_group(struct call *c, struct err *err);
bool ec2_delete_subnet(struct call *c, struct err *err);
bool ec2_delete_tags(struct call *c, struct err *err);
bool ec2_delete_vpc(struct call *c, struct err *err);
bool ec2_describe_availability_zones(struct call *c, struct err *err);
bool ec2_describe_internet_gateways(struct call *c, struct err *err);
bool ec2_describe_network_interfaces(struct call *c, struct err *err);
bool ec2_describe_route_tables(struct call *c, struct err *err);
bool ec2_describe_security_group_rules(struct call *c, struct err *err);
bool ec2_describe_security_groups(struct call *c, struct err *err);
bool ec2_describe_subnets(struct call *c, struct err *err);
bool ec2_describe_tags(struct call *c, struct err *err);
bool ec2_describe_vpc_attribute(struct call *c, struct err *err);
bool ec2_describe_vpcs(struct call *c, struct err *err);
bool ec2_detach_internet_gateway(struct call *c, struct err *err);
bool ec2_disassociate_route_table(struct call *c, struct err *err);
bool ec2_modify_subnet_attribute(struct call *c, struct err *err);
bool ec2_modify_vpc_attribute(struct call *c, struct err *err);
bool ec2_revoke_egress(struct call *c, struct err *err);
bool ec2_revoke_ingress(struct call *c, struct err *err);
