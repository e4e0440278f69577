/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/cfn/types_ec2.c: networks and what belongs to them. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "cloud/cfn/types.h"

/* --- AWS::EC2::VPC, AWS::EC2::Subnet --------------------------------------------------------- */

/* {"Value": true} as attributes of networks are given. One call sets one attribute. */
static bool
modify(struct cfn_work *w, const char *operation, const char *member, const char *attribute,
    struct err *err)
{
	const struct json *value = cfn_property(w, attribute);
	struct json *in = cfn_input(w, member, w->physical_id);

	if (value == NULL)
		return true;
	json_put(
	    w->c->a, json_put(w->c->a, in, attribute, json_new_object(w->c->a)), "Value", value);
	return cfn_call(w, "ec2", operation, in, NULL, err);
}

static void
add_filter(struct arena *a, struct json *in, const char *name, str value)
{
	struct json *filters = json_new_array(a), *filter;

	for (const struct json *f = json_first(json_get(in, "Filters")); f != NULL; f = f->next)
		json_push(a, filters, f);
	filter = json_push(a, filters, json_new_object(a));
	json_put_str(a, filter, "Name", str_of(name));
	json_push_str(a, json_put(a, filter, "Values", json_new_array(a)), value);
	json_set(a, in, "Filters", filters);
}

static bool
vpc_created(struct cfn_work *w, struct err *err)
{
	struct json *in = json_new_object(w->c->a);
	const struct json *out, *group;

	if (!modify(w, "ModifyVpcAttribute", "VpcId", "EnableDnsSupport", err) ||
	    !modify(w, "ModifyVpcAttribute", "VpcId", "EnableDnsHostnames", err))
		return false;
	add_filter(w->c->a, in, "vpc-id", w->physical_id);
	add_filter(w->c->a, in, "group-name", S("default"));
	if (!cfn_call(w, "ec2", "DescribeSecurityGroups", in, &out, err))
		return false;
	group = json_at(json_get(out, "SecurityGroups"), 0);
	cfn_set_attribute(w, "DefaultSecurityGroup", json_str(json_get(group, "GroupId")));
	return true;
}

static bool
subnet_created(struct cfn_work *w, struct err *err)
{
	return modify(w, "ModifySubnetAttribute", "SubnetId", "MapPublicIpOnLaunch", err);
}

/* --- AWS::EC2::SecurityGroup ------------------------------------------------------------------ */

/* How a rule of the template becomes one of the API: a member, or a list of one object. */
static const struct {
	const char *property, *list, *member;
} rule_members[] = {
	{ "IpProtocol", NULL, "IpProtocol" },
	{ "FromPort", NULL, "FromPort" },
	{ "ToPort", NULL, "ToPort" },
	{ "CidrIp", "IpRanges", "CidrIp" },
	{ "CidrIpv6", "Ipv6Ranges", "CidrIpv6" },
	{ "SourcePrefixListId", "PrefixListIds", "PrefixListId" },
	{ "DestinationPrefixListId", "PrefixListIds", "PrefixListId" },
	{ "SourceSecurityGroupId", "UserIdGroupPairs", "GroupId" },
	{ "DestinationSecurityGroupId", "UserIdGroupPairs", "GroupId" },
};

static struct json *
permission(struct arena *a, const struct json *rule)
{
	struct json *out = json_new_object(a), *one;

	for (size_t i = 0; i < countof(rule_members); i++) {
		const struct json *value = json_get(rule, rule_members[i].property);

		if (value == NULL)
			continue;
		if (rule_members[i].list == NULL) {
			json_put(a, out, rule_members[i].member, value);
			continue;
		}
		one = json_new_object(a);
		json_put(a, one, rule_members[i].member, value);
		json_put(a, one, "Description", json_get(rule, "Description"));
		json_push(a, json_put(a, out, rule_members[i].list, json_new_array(a)), one);
	}
	return out;
}

static bool
authorize(struct cfn_work *w, const char *operation, const char *property, struct err *err)
{
	struct arena *a = w->c->a;
	const struct json *rules = cfn_property(w, property);
	struct json *in = cfn_input(w, "GroupId", w->physical_id);
	struct json *list = json_put(a, in, "IpPermissions", json_new_array(a));

	if (json_count(rules) == 0)
		return true;
	for (const struct json *r = json_first(rules); r != NULL; r = r->next)
		json_push(a, list, permission(a, r));
	return cfn_call(w, "ec2", operation, in, NULL, err);
}

/* A group that says what may go out loses the rule that lets everything. */
static bool
revoke_default_egress(struct cfn_work *w, struct err *err)
{
	struct arena *a = w->c->a;
	struct json *in = cfn_input(w, "GroupId", w->physical_id), *rule = json_new_object(a);

	json_put_str(a, rule, "IpProtocol", S("-1"));
	json_put_str(a, rule, "CidrIp", S("0.0.0.0/0"));
	json_push(a, json_put(a, in, "IpPermissions", json_new_array(a)), permission(a, rule));
	return cfn_call(w, "ec2", "RevokeSecurityGroupEgress", in, NULL, err);
}

static bool
group_created(struct cfn_work *w, struct err *err)
{
	if (cfn_property(w, "SecurityGroupEgress") != NULL && !revoke_default_egress(w, err))
		return false;
	return authorize(w, "AuthorizeSecurityGroupEgress", "SecurityGroupEgress", err) &&
	    authorize(w, "AuthorizeSecurityGroupIngress", "SecurityGroupIngress", err);
}

/* --- rows ---------------------------------------------------------------------------------- */

#define TAGS " Tags:[Tag]"

const struct cfn_type cfn_types_ec2[] = {
	{
	    .name = "AWS::EC2::InternetGateway",
	    .properties = "Tags:[Tag]",
	    .service = "ec2",
	    .create = "CreateInternetGateway",
	    .tagging = CFN_TAGS_EC2,
	    .ec2_kind = "internet-gateway",
	    .id = "InternetGateway.InternetGatewayId",
	    .attributes = "InternetGatewayId=$id",
	    .remove = "DeleteInternetGateway",
	    .remove_input = "InternetGatewayId=$id",
	    .gone = "InvalidInternetGatewayID.NotFound",
	},
	{
	    .name = "AWS::EC2::Route",
	    .properties = "DestinationCidrBlock!:s GatewayId:s RouteTableId!:s",
	    .service = "ec2",
	    .create = "CreateRoute",
	    .input = "RouteTableId DestinationCidrBlock GatewayId",
	    .id = "${RouteTableId}|${DestinationCidrBlock}",
	    .attributes = "CidrBlock=${DestinationCidrBlock}",
	    .remove = "DeleteRoute",
	    .remove_input = "RouteTableId DestinationCidrBlock",
	    .gone = "InvalidRoute.NotFound InvalidRouteTableID.NotFound",
	},
	{
	    .name = "AWS::EC2::RouteTable",
	    .properties = "VpcId!:s" TAGS,
	    .service = "ec2",
	    .create = "CreateRouteTable",
	    .input = "VpcId",
	    .tagging = CFN_TAGS_EC2,
	    .ec2_kind = "route-table",
	    .id = "RouteTable.RouteTableId",
	    .attributes = "RouteTableId=$id",
	    .remove = "DeleteRouteTable",
	    .remove_input = "RouteTableId=$id",
	    .gone = "InvalidRouteTableID.NotFound",
	},
	{
	    .name = "AWS::EC2::SecurityGroup",
	    .is_legacy = true,
	    .properties = "GroupDescription!:s GroupName:s SecurityGroupEgress:[{CidrIp:s "
			  "CidrIpv6:s Description:s DestinationPrefixListId:s "
			  "DestinationSecurityGroupId:s FromPort:i IpProtocol!:s ToPort:i}] "
			  "SecurityGroupIngress:[{CidrIp:s CidrIpv6:s Description:s FromPort:i "
			  "IpProtocol!:s SourcePrefixListId:s SourceSecurityGroupId:s ToPort:i}] "
			  "VpcId:s" TAGS,
	    .service = "ec2",
	    .create = "CreateSecurityGroup",
	    .input = "Description=GroupDescription GroupName VpcId",
	    .naming = { .member = "GroupName" },
	    .tagging = CFN_TAGS_EC2,
	    .ec2_kind = "security-group",
	    .id = "GroupId",
	    .attributes = "GroupId=$id Id=$id VpcId=${VpcId}",
	    .created = group_created,
	    .remove = "DeleteSecurityGroup",
	    .remove_input = "GroupId=$id",
	    .gone = "InvalidGroup.NotFound",
	},
	{
	    .name = "AWS::EC2::Subnet",
	    .properties = "AvailabilityZone:s CidrBlock!:s MapPublicIpOnLaunch:b VpcId!:s" TAGS,
	    .service = "ec2",
	    .create = "CreateSubnet",
	    .input = "VpcId CidrBlock AvailabilityZone",
	    .tagging = CFN_TAGS_EC2,
	    .ec2_kind = "subnet",
	    .id = "Subnet.SubnetId",
	    .attributes = "AvailabilityZone=Subnet.AvailabilityZone "
			  "AvailabilityZoneId=Subnet.AvailabilityZoneId "
			  "CidrBlock=Subnet.CidrBlock SubnetId=$id VpcId=${VpcId}",
	    .created = subnet_created,
	    .remove = "DeleteSubnet",
	    .remove_input = "SubnetId=$id",
	    .gone = "InvalidSubnetID.NotFound",
	},
	{
	    .name = "AWS::EC2::SubnetRouteTableAssociation",
	    .properties = "RouteTableId!:s SubnetId!:s",
	    .service = "ec2",
	    .create = "AssociateRouteTable",
	    .input = "RouteTableId SubnetId",
	    .id = "AssociationId",
	    .attributes = "Id=$id",
	    .remove = "DisassociateRouteTable",
	    .remove_input = "AssociationId=$id",
	    .gone = "InvalidAssociationID.NotFound",
	},
	{
	    .name = "AWS::EC2::VPC",
	    .properties = "CidrBlock!:s EnableDnsHostnames:b EnableDnsSupport:b "
			  "InstanceTenancy:s" TAGS,
	    .service = "ec2",
	    .create = "CreateVpc",
	    .input = "CidrBlock InstanceTenancy",
	    .tagging = CFN_TAGS_EC2,
	    .ec2_kind = "vpc",
	    .id = "Vpc.VpcId",
	    .attributes = "CidrBlock=${CidrBlock} DefaultSecurityGroup VpcId=$id",
	    .created = vpc_created,
	    .remove = "DeleteVpc",
	    .remove_input = "VpcId=$id",
	    .gone = "InvalidVpcID.NotFound",
	},
	{
	    .name = "AWS::EC2::VPCGatewayAttachment",
	    .properties = "InternetGatewayId!:s VpcId!:s",
	    .service = "ec2",
	    .create = "AttachInternetGateway",
	    .input = "VpcId InternetGatewayId",
	    .id = "IGW|${VpcId}",
	    .remove = "DetachInternetGateway",
	    .remove_input = "VpcId InternetGatewayId",
	    .gone = "Gateway.NotAttached InvalidInternetGatewayID.NotFound "
		    "InvalidVpcID.NotFound",
	},
	{ 0 },
};
