/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ec2/actions.c: what EC2 answers here, and what each needs.
 *
 * One list makes two tables, because every action goes through run() first: DryRun, which any
 * operation of EC2 may carry, ends it before it begins.
 */
#include "cloud/ec2/ec2.h"

#include "cloud/ec2/internal.h"

#define ARN(resource) "arn:aws:ec2:${region}:${account}:" resource
#define ACTIONS(ACTION) \
	ACTION(AssociateRouteTable, ec2_associate_route_table, ARN("route-table/${RouteTableId}")) \
	ACTION(AttachInternetGateway, ec2_attach_internet_gateway, \
	    ARN("internet-gateway/${InternetGatewayId}")) \
	ACTION( \
	    AuthorizeSecurityGroupEgress, ec2_authorize_egress, ARN("security-group/${GroupId}")) \
	ACTION(AuthorizeSecurityGroupIngress, ec2_authorize_ingress, \
	    ARN("security-group/${GroupId}")) \
	ACTION(CreateInternetGateway, ec2_create_internet_gateway, ARN("internet-gateway/*")) \
	ACTION(CreateNetworkInterface, ec2_create_network_interface, ARN("network-interface/*")) \
	ACTION(CreateRoute, ec2_create_route, ARN("route-table/${RouteTableId}")) \
	ACTION(CreateRouteTable, ec2_create_route_table, ARN("route-table/*")) \
	ACTION(CreateSecurityGroup, ec2_create_security_group, ARN("security-group/*")) \
	ACTION(CreateSubnet, ec2_create_subnet, ARN("subnet/*")) \
	ACTION(CreateTags, ec2_create_tags, ARN("*/*")) \
	ACTION(CreateVpc, ec2_create_vpc, ARN("vpc/*")) \
	ACTION(DeleteInternetGateway, ec2_delete_internet_gateway, \
	    ARN("internet-gateway/${InternetGatewayId}")) \
	ACTION(DeleteNetworkInterface, ec2_delete_network_interface, \
	    ARN("network-interface/${NetworkInterfaceId}")) \
	ACTION(DeleteRoute, ec2_delete_route, ARN("route-table/${RouteTableId}")) \
	ACTION(DeleteRouteTable, ec2_delete_route_table, ARN("route-table/${RouteTableId}")) \
	ACTION(DeleteSecurityGroup, ec2_delete_security_group, ARN("security-group/${GroupId}")) \
	ACTION(DeleteSubnet, ec2_delete_subnet, ARN("subnet/${SubnetId}")) \
	ACTION(DeleteTags, ec2_delete_tags, ARN("*/*")) \
	ACTION(DeleteVpc, ec2_delete_vpc, ARN("vpc/${VpcId}")) \
	ACTION(DescribeAvailabilityZones, ec2_describe_availability_zones, "*") \
	ACTION(DescribeInternetGateways, ec2_describe_internet_gateways, "*") \
	ACTION(DescribeNetworkInterfaces, ec2_describe_network_interfaces, "*") \
	ACTION(DescribeRouteTables, ec2_describe_route_tables, "*") \
	ACTION(DescribeSecurityGroupRules, ec2_describe_security_group_rules, "*") \
	ACTION(DescribeSecurityGroups, ec2_describe_security_groups, "*") \
	ACTION(DescribeSubnets, ec2_describe_subnets, "*") \
	ACTION(DescribeTags, ec2_describe_tags, "*") \
	ACTION(DescribeVpcAttribute, ec2_describe_vpc_attribute, ARN("vpc/${VpcId}")) \
	ACTION(DescribeVpcs, ec2_describe_vpcs, "*") \
	ACTION(DetachInternetGateway, ec2_detach_internet_gateway, \
	    ARN("internet-gateway/${InternetGatewayId}")) \
	ACTION(DisassociateRouteTable, ec2_disassociate_route_table, ARN("route-table/*")) \
	ACTION(ModifySubnetAttribute, ec2_modify_subnet_attribute, ARN("subnet/${SubnetId}")) \
	ACTION(ModifyVpcAttribute, ec2_modify_vpc_attribute, ARN("vpc/${VpcId}")) \
	ACTION(RevokeSecurityGroupEgress, ec2_revoke_egress, ARN("security-group/${GroupId}")) \
	ACTION(RevokeSecurityGroupIngress, ec2_revoke_ingress, ARN("security-group/${GroupId}"))

static const struct {
	const char *name;
	bool (*run)(struct call *c, struct err *err);
} functions[] = {
#define FUNCTION(name, function, resource) { #name, function },
	ACTIONS(FUNCTION)
#undef FUNCTION
};

static bool
run(struct call *c, struct err *err)
{
	if (json_bool(json_get(c->in, "DryRun"), false))
		return err_code(err, ERR_DENIED, "DryRunOperation",
		    "Request would have succeeded, but DryRun flag is set.");
	for (size_t i = 0; i < countof(functions); i++)
		if (str_is(c->action, functions[i].name))
			return functions[i].run(c, err);
	return err_set(err, ERR_INVALID, "EC2 has no function for " STR_FMT, STR_ARG(c->action));
}

static const struct action actions[] = {
#define ROW(name, function, resource) { #name, run, "ec2:" #name, resource },
	ACTIONS(ROW)
#undef ROW
};

const struct engine ec2_engine = {
	.service = "ec2",
	.actions = actions,
	.action_count = countof(actions),
};
