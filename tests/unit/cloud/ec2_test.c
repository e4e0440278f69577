/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/ec2: scripts of calls, in which ids that were answered are used further on. */
#include "cloud_rig.h"

struct step {
	const char *action, *in;
	const char *code; /* NULL: must succeed */
	const char *text; /* of the error, or what the answer must hold; NULL for any */
	const char *save; /* "vpc=Vpc.VpcId": <vpc> stands for it from here on */
};

struct names {
	struct json *ids; /* {"<vpc>": "vpc-0123…"} */
};

static str
fill(struct rig *r, const struct names *names, const char *text)
{
	str s = str_of(text);

	for (const struct json *n = json_first(names->ids); n != NULL; n = n->next)
		s = str_replace(r->a, s, n->key, n->text);
	return s;
}

/* Follows "Vpc.VpcId" or "Vpcs.0.VpcId". */
static str
at_path(const struct json *j, str path)
{
	int64_t index;

	for (str name; str_cut(&path, '.', &name);)
		j = str_to_i64(name, &index) ? json_at(j, (size_t)index) : json_get_str(j, name);
	return json_scalar(j);
}

static void
save(struct rig *r, struct names *names, const char *spec, const struct json *out)
{
	str path = str_of(spec), name, value;

	assert_true(str_cut(&path, '=', &name));
	value = at_path(out, path);
	CHECK(value.len > 0, "nothing at %s in " STR_FMT, spec, STR_ARG(json_text(r->a, out)));
	json_set_str(
	    r->a, names->ids, str_z(r->a, str_fmt(r->a, "<" STR_FMT ">", STR_ARG(name))), value);
}

static void
run_steps(struct rig *r, struct names *names, const struct step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct step *s = &steps[i];
		str in = fill(r, names, s->in), got;
		const struct json *out = NULL;

		if (s->code != NULL) {
			got = rig_fails(r, "ec2", s->action, s->code, STR_FMT, STR_ARG(in));
		} else {
			out = rig_ok(r, "ec2", s->action, STR_FMT, STR_ARG(in));
			got = json_text(r->a, out);
		}
		got = str_replace(r->a, got, S("\""), S("'"));
		CHECK(s->text == NULL || str_has(got, fill(r, names, s->text)),
		    "step %zu, %s " STR_FMT ":\n  got:  " STR_FMT "\n  want: " STR_FMT, i,
		    s->action, STR_ARG(in), STR_ARG(got), STR_ARG(fill(r, names, s->text)));
		if (s->save != NULL)
			save(r, names, s->save, out);
	}
}

static void
run(struct arena *a, const struct step *steps, size_t count)
{
	struct names names = { json_new_object(a) };
	struct rig r;

	rig_open(&r, a);
	run_steps(&r, &names, steps, count);
	rig_close(&r);
}

#define MAKE_VPC \
	{ \
		"CreateVpc", "{'CidrBlock':'10.0.0.0/16'}", NULL, NULL, "vpc=Vpc.VpcId" \
	}
#define MAKE_SUBNET \
	{ \
		"CreateSubnet", "{'VpcId':'<vpc>','CidrBlock':'10.0.0.0/24'}", NULL, NULL, \
		    "subnet=Subnet.SubnetId" \
	}

static void
test_vpcs(struct arena *a)
{
	static const struct step steps[] = {
		{ "CreateVpc", "{}", "MissingParameter", "cidrBlock", NULL },
		{ "CreateVpc", "{'CidrBlock':'10.0.0.0'}", "InvalidParameterValue",
		    "Value (10.0.0.0) for parameter cidrBlock is invalid.", NULL },
		{ "CreateVpc", "{'CidrBlock':'10.0.0.0/8'}", "InvalidVpc.Range",
		    "The CIDR '10.0.0.0/8' is invalid.", NULL },
		{ "CreateVpc", "{'CidrBlock':'10.0.0.0/29'}", "InvalidVpc.Range", NULL, NULL },
		{ "CreateVpc", "{'CidrBlock':'10.0.0.0/16','DryRun':true}", "DryRunOperation",
		    "Request would have succeeded, but DryRun flag is set.", NULL },
		{ "CreateVpc",
		    "{'CidrBlock':'10.0.3.4/16','TagSpecifications':[{'ResourceType':'subnet','Tags':[{"
		    "'Key':'a','Value':'b'}]}]}",
		    "InvalidParameterValue",
		    "'subnet' is not a valid taggable resource type for this operation.", NULL },
		{ "CreateVpc",
		    "{'CidrBlock':'10.0.3.4/16','TagSpecifications':[{'ResourceType':'vpc','Tags':[{"
		    "'Key':'Name','Value':'one'}]}]}",
		    NULL, "'State':'pending','CidrBlock':'10.0.0.0/16'", "vpc=Vpc.VpcId" },
		{ "DescribeVpcs", "{'VpcIds':['<vpc>']}", NULL,
		    "'State':'available','CidrBlock':'10.0.0.0/16'", NULL },
		{ "DescribeVpcs", "{'Filters':[{'Name':'tag:Name','Values':['o*']}]}", NULL,
		    "<vpc>", NULL },
		{ "DescribeVpcs", "{'Filters':[{'Name':'tag:Name','Values':['two']}]}", NULL,
		    "{'Vpcs':[]}", NULL },
		{ "DescribeVpcs", "{'Filters':[{'Name':'is-default','Values':['false']}]}", NULL,
		    "<vpc>", NULL },
		{ "DescribeVpcs", "{'Filters':[{'Name':'colour','Values':['red']}]}",
		    "InvalidParameterValue", "The filter 'colour' is invalid", NULL },
		{ "DescribeVpcs", "{'VpcIds':['vpc-0']}", "InvalidVpcID.NotFound",
		    "The vpc ID 'vpc-0' does not exist", NULL },
		{ "DescribeVpcs", "{'VpcIds':['subnet-0']}", "InvalidVpcID.Malformed",
		    "Invalid id: 'subnet-0' (expecting 'vpc-...')", NULL },
		{ "DescribeVpcAttribute", "{'VpcId':'<vpc>','Attribute':'enableDnsSupport'}", NULL,
		    "'EnableDnsSupport':{'Value':true}", NULL },
		{ "DescribeVpcAttribute", "{'VpcId':'<vpc>','Attribute':'x'}",
		    "InvalidParameterValue", NULL, NULL },
		{ "ModifyVpcAttribute", "{'VpcId':'<vpc>','EnableDnsHostnames':{'Value':true}}",
		    NULL, NULL, NULL },
		{ "DescribeVpcAttribute", "{'VpcId':'<vpc>','Attribute':'enableDnsHostnames'}",
		    NULL, "'EnableDnsHostnames':{'Value':true}", NULL },
		{ "ModifyVpcAttribute", "{'VpcId':'<vpc>'}", "InvalidParameterCombination", NULL,
		    NULL },
		{ "DescribeSecurityGroups", "{'Filters':[{'Name':'vpc-id','Values':['<vpc>']}]}",
		    NULL, "'GroupName':'default'", "group=SecurityGroups.0.GroupId" },
		{ "DescribeRouteTables",
		    "{'Filters':[{'Name':'association.main','Values':['true']}]}", NULL,
		    "'DestinationCidrBlock':'10.0.0.0/16','GatewayId':'local'", NULL },
		{ "DeleteSecurityGroup", "{'GroupId':'<group>'}", "CannotDelete",
		    "name: 'default' cannot be deleted by a user", NULL },
		{ "DeleteVpc", "{'VpcId':'<vpc>'}", NULL, NULL, NULL },
		{ "DeleteVpc", "{'VpcId':'<vpc>'}", "InvalidVpcID.NotFound", NULL, NULL },
		{ "DescribeSecurityGroups", "{}", NULL, "{'SecurityGroups':[]}", NULL },
		{ "DescribeRouteTables", "{}", NULL, "{'RouteTables':[]}", NULL },
	};

	run(a, steps, countof(steps));
}

static void
test_subnets(struct arena *a)
{
	static const struct step steps[] = {
		{ "CreateSubnet", "{'VpcId':'vpc-0','CidrBlock':'10.0.0.0/24'}",
		    "InvalidVpcID.NotFound", NULL, NULL },
		MAKE_VPC,
		{ "CreateSubnet", "{'VpcId':'<vpc>','CidrBlock':'10.1.0.0/24'}",
		    "InvalidSubnet.Range", "The CIDR '10.1.0.0/24' is invalid.", NULL },
		{ "CreateSubnet", "{'VpcId':'<vpc>','CidrBlock':'10.0.0.0/15'}",
		    "InvalidSubnet.Range", NULL, NULL },
		{ "CreateSubnet",
		    "{'VpcId':'<vpc>','CidrBlock':'10.0.0.0/24','AvailabilityZone':'us-east-1z'}",
		    "InvalidParameterValue",
		    "Value (us-east-1z) for parameter availabilityZone is invalid. Subnets can "
		    "currently only be created in the following availability zones: us-east-1a, "
		    "us-east-1b, us-east-1c.",
		    NULL },
		{ "CreateSubnet",
		    "{'VpcId':'<vpc>','CidrBlock':'10.0.0.0/24','AvailabilityZone':'us-east-1b'}",
		    NULL, "'AvailabilityZone':'us-east-1b','AvailabilityZoneId':'use1-az2'",
		    "subnet=Subnet.SubnetId" },
		{ "CreateSubnet", "{'VpcId':'<vpc>','CidrBlock':'10.0.0.128/25'}",
		    "InvalidSubnet.Conflict",
		    "The CIDR '10.0.0.128/25' conflicts with another subnet", NULL },
		{ "DescribeSubnets", "{'SubnetIds':['<subnet>']}", NULL,
		    "'AvailableIpAddressCount':251", NULL },
		{ "ModifySubnetAttribute",
		    "{'SubnetId':'<subnet>','MapPublicIpOnLaunch':{'Value':true}}", NULL, NULL,
		    NULL },
		{ "DescribeSubnets",
		    "{'Filters':[{'Name':'vpc-id','Values':['<vpc>']},{'Name':'map-public-ip-on-launch',"
		    "'Values':['true']}]}",
		    NULL, "<subnet>", NULL },
		{ "CreateNetworkInterface", "{'SubnetId':'<subnet>'}", NULL,
		    "'PrivateIpAddress':'10.0.0.4'", "eni=NetworkInterface.NetworkInterfaceId" },
		{ "CreateNetworkInterface", "{'SubnetId':'<subnet>'}", NULL,
		    "'PrivateIpAddress':'10.0.0.5'", "eni2=NetworkInterface.NetworkInterfaceId" },
		{ "CreateNetworkInterface", "{'SubnetId':'<subnet>','PrivateIpAddress':'10.0.0.5'}",
		    "InvalidIPAddress.InUse", NULL, NULL },
		{ "CreateNetworkInterface", "{'SubnetId':'<subnet>','PrivateIpAddress':'10.0.0.3'}",
		    "InvalidParameterValue", "does not fall within the subnet's address range",
		    NULL },
		{ "DescribeSubnets", "{}", NULL, "'AvailableIpAddressCount':249", NULL },
		{ "CreateTags", "{'Resources':['<eni>'],'Tags':[{'Key':'a','Value':'1'}]}", NULL,
		    NULL, NULL },
		{ "DescribeNetworkInterfaces", "{'Filters':[{'Name':'tag:a','Values':['1']}]}",
		    NULL, "'TagSet':[{'Key':'a','Value':'1'}]", NULL },
		{ "DescribeNetworkInterfaces", "{'Filters':[{'Name':'tag-key','Values':['b']}]}",
		    NULL, "{'NetworkInterfaces':[]}", NULL },
		{ "DeleteSubnet", "{'SubnetId':'<subnet>'}", "DependencyViolation",
		    "The subnet '<subnet>' has dependencies and cannot be deleted.", NULL },
		{ "DeleteNetworkInterface", "{'NetworkInterfaceId':'<eni>'}", NULL, NULL, NULL },
		{ "DeleteNetworkInterface", "{'NetworkInterfaceId':'<eni2>'}", NULL, NULL, NULL },
		{ "DeleteVpc", "{'VpcId':'<vpc>'}", "DependencyViolation",
		    "The vpc '<vpc>' has dependencies and cannot be deleted.", NULL },
		{ "DeleteSubnet", "{'SubnetId':'<subnet>'}", NULL, NULL, NULL },
		{ "DeleteSubnet", "{'SubnetId':'<subnet>'}", "InvalidSubnetID.NotFound",
		    "The subnet ID '<subnet>' does not exist", NULL },
		{ "DeleteVpc", "{'VpcId':'<vpc>'}", NULL, NULL, NULL },
	};

	run(a, steps, countof(steps));
}

static void
test_groups(struct arena *a)
{
#define GROUP(rest) "{'GroupId':'<group>'" rest "}"
#define TCP22(range) \
	",'IpPermissions':[{'IpProtocol':'tcp','FromPort':22,'ToPort':22,'IpRanges':[" range "]}]"
	static const struct step steps[] = {
		{ "CreateSecurityGroup", "{'GroupName':'g','Description':'d'}", "VPCIdNotSpecified",
		    NULL, NULL },
		MAKE_VPC,
		{ "CreateSecurityGroup", "{'GroupName':'sg-x','Description':'d','VpcId':'<vpc>'}",
		    "InvalidParameterValue", "Group names may not be in the format sg-*.", NULL },
		{ "CreateSecurityGroup", "{'GroupName':'g','Description':'<d>','VpcId':'<vpc>'}",
		    "InvalidParameterValue", "GroupDescription", NULL },
		{ "CreateSecurityGroup", "{'GroupName':'g','Description':'d','VpcId':'<vpc>'}",
		    NULL,
		    "'SecurityGroupArn':'arn:aws:ec2:us-east-1:111111111111:security-group/sg-",
		    "group=GroupId" },
		{ "CreateSecurityGroup", "{'GroupName':'g','Description':'d','VpcId':'<vpc>'}",
		    "InvalidGroup.Duplicate",
		    "The security group 'g' already exists for VPC '<vpc>'", NULL },
		{ "DescribeSecurityGroups", "{'GroupIds':['<group>']}", NULL,
		    "'IpPermissions':[],'IpPermissionsEgress':[{'IpProtocol':'-1','IpRanges':[{"
		    "'CidrIp':'0.0.0.0/0'}],'Ipv6Ranges':[],'PrefixListIds':[],'UserIdGroupPairs':[]}]",
		    NULL },
		{ "AuthorizeSecurityGroupIngress", GROUP(TCP22("{'CidrIp':'1.2.3.4'}")),
		    "InvalidParameterValue", "CIDR block 1.2.3.4 is malformed", NULL },
		{ "AuthorizeSecurityGroupIngress", GROUP(TCP22("{'CidrIp':'1.2.3.4/33'}")),
		    "InvalidParameterValue", NULL, NULL },
		{ "AuthorizeSecurityGroupIngress", GROUP(TCP22("")), "InvalidParameterValue",
		    "at least one", NULL },
		{ "AuthorizeSecurityGroupIngress", GROUP(""), "MissingParameter", NULL, NULL },
		{ "AuthorizeSecurityGroupIngress",
		    GROUP(",'IpPermissions':[{'IpProtocol':'tcp','IpRanges':[{'CidrIp':'1.2.3.4/"
			  "32'}]}]"),
		    "InvalidParameterValue", "Must specify both from and to ports with TCP/UDP.",
		    NULL },
		{ "AuthorizeSecurityGroupIngress",
		    GROUP(",'IpPermissions':[{'IpProtocol':'xyz','IpRanges':[{'CidrIp':'1.2.3.4/"
			  "32'}]}]"),
		    "InvalidParameterValue", "Unknown protocol.", NULL },
		{ "AuthorizeSecurityGroupIngress",
		    GROUP(TCP22("{'CidrIp':'1.2.3.4/24','Description':'office'}")), NULL,
		    "'IpProtocol':'tcp','FromPort':22,'ToPort':22,'CidrIpv4':'1.2.3.0/24',"
		    "'Description':'office','GroupId':'<group>'",
		    "rule=SecurityGroupRules.0.SecurityGroupRuleId" },
		{ "AuthorizeSecurityGroupIngress", GROUP(TCP22("{'CidrIp':'1.2.3.0/24'}")),
		    "InvalidPermission.Duplicate",
		    "the specified rule 'peer: 1.2.3.0/24, tcp, from port: 22, to port: 22, ALLOW' "
		    "already exists",
		    NULL },
		{ "AuthorizeSecurityGroupIngress",
		    GROUP(",'IpProtocol':'6','FromPort':22,'ToPort':22,'CidrIp':'9.9.9.9/32'"),
		    NULL, "'IpProtocol':'tcp'", NULL },
		{ "AuthorizeSecurityGroupIngress",
		    GROUP(",'IpPermissions':[{'IpProtocol':'tcp','FromPort':443,'ToPort':443,"
			  "'UserIdGroupPairs':[{'GroupId':'sg-0'}]}]"),
		    "InvalidGroup.NotFound", "The security group 'sg-0' does not exist", NULL },
		{ "AuthorizeSecurityGroupIngress",
		    GROUP(
			",'IpPermissions':[{'IpProtocol':'tcp','FromPort':443,'ToPort':443,"
			"'UserIdGroupPairs':[{'GroupId':'<group>'}],'Ipv6Ranges':[{'CidrIpv6':'::/0'}]"
			"}]"),
		    NULL, "'ReferencedGroupInfo':{'GroupId':'<group>'", NULL },
		{ "DescribeSecurityGroups", "{'GroupIds':['<group>']}", NULL,
		    "'IpPermissions':[{'IpProtocol':'tcp','FromPort':22,'ToPort':22,'IpRanges':[{"
		    "'CidrIp':'1.2.3.0/24','Description':'office'},{'CidrIp':'9.9.9.9/32'}]",
		    NULL },
		{ "DescribeSecurityGroups",
		    "{'Filters':[{'Name':'ip-permission.cidr','Values':['9.9.9.9/32']}]}", NULL,
		    "<group>", NULL },
		{ "DescribeSecurityGroupRules",
		    "{'Filters':[{'Name':'group-id','Values':['<group>']}],'MaxResults':1}", NULL,
		    "'NextToken':'", NULL },
		{ "DescribeSecurityGroupRules", "{'SecurityGroupRuleIds':['<rule>']}", NULL,
		    "'CidrIpv4':'1.2.3.0/24'", NULL },
		{ "DescribeSecurityGroupRules", "{'SecurityGroupRuleIds':['sgr-0']}",
		    "InvalidSecurityGroupRuleId.NotFound", NULL, NULL },
		{ "RevokeSecurityGroupIngress", GROUP(TCP22("{'CidrIp':'7.7.7.7/32'}")),
		    "InvalidPermission.NotFound",
		    "The specified rule does not exist in this security group.", NULL },
		{ "RevokeSecurityGroupIngress", GROUP(TCP22("{'CidrIp':'9.9.9.9/32'}")), NULL,
		    "'Return':true", NULL },
		{ "RevokeSecurityGroupEgress", GROUP(",'SecurityGroupRuleIds':['<rule>']"),
		    "InvalidSecurityGroupRuleId.NotFound", NULL, NULL },
		{ "RevokeSecurityGroupIngress", GROUP(",'SecurityGroupRuleIds':['<rule>']"), NULL,
		    "'SecurityGroupRuleId':'<rule>'", NULL },
		{ "RevokeSecurityGroupEgress",
		    GROUP(
			",'IpPermissions':[{'IpProtocol':'-1','IpRanges':[{'CidrIp':'0.0.0.0/0'}]}]"),
		    NULL, "'CidrIpv4':'0.0.0.0/0'", NULL },
		{ "DescribeSecurityGroups", "{'GroupIds':['<group>']}", NULL,
		    "'IpPermissionsEgress':[]", NULL },
		{ "CreateSecurityGroup", "{'GroupName':'h','Description':'d','VpcId':'<vpc>'}",
		    NULL, NULL, "other=GroupId" },
		{ "AuthorizeSecurityGroupEgress",
		    "{'GroupId':'<other>','IpPermissions':[{'IpProtocol':'-1','UserIdGroupPairs':[{"
		    "'GroupId':'<group>'}]}]}",
		    NULL, NULL, NULL },
		{ "DeleteSecurityGroup", GROUP(""), "DependencyViolation",
		    "resource <group> has a dependent object", NULL },
		{ "DeleteSecurityGroup", "{'GroupId':'<other>'}", NULL, NULL, NULL },
		MAKE_SUBNET,
		{ "CreateNetworkInterface", "{'SubnetId':'<subnet>','Groups':['<group>']}", NULL,
		    "'Groups':[{'GroupId':'<group>','GroupName':'g'}]",
		    "eni=NetworkInterface.NetworkInterfaceId" },
		{ "DeleteSecurityGroup", GROUP(""), "DependencyViolation", NULL, NULL },
		{ "DeleteNetworkInterface", "{'NetworkInterfaceId':'<eni>'}", NULL, NULL, NULL },
		/* The default group of another VPC names it too, until it goes with that. */
		{ "CreateVpc", "{'CidrBlock':'10.1.0.0/16'}", NULL, NULL, "second=Vpc.VpcId" },
		{ "DescribeSecurityGroups", "{'Filters':[{'Name':'vpc-id','Values':['<second>']}]}",
		    NULL, NULL, "default=SecurityGroups.0.GroupId" },
		{ "AuthorizeSecurityGroupIngress",
		    "{'GroupId':'<default>','IpPermissions':[{'IpProtocol':'-1',"
		    "'UserIdGroupPairs':[{'GroupId':'<group>'}]}]}",
		    NULL, NULL, NULL },
		{ "DeleteVpc", "{'VpcId':'<second>'}", NULL, NULL, NULL },
		{ "DeleteSecurityGroup", GROUP(""), NULL, NULL, NULL },
		{ "DeleteSecurityGroup", GROUP(""), "InvalidGroup.NotFound", NULL, NULL },
	};
#undef GROUP
#undef TCP22

	run(a, steps, countof(steps));
}

static void
test_many_rules(struct arena *a)
{
	struct names names = { json_new_object(a) };
	static const struct step begin[] = {
		MAKE_VPC,
		{ "CreateSecurityGroup", "{'GroupName':'g','Description':'d','VpcId':'<vpc>'}",
		    NULL, NULL, "group=GroupId" },
	};
	struct rig r;

	rig_open(&r, a);
	run_steps(&r, &names, begin, countof(begin));
	for (int i = 0; i <= 60; i++) {
		str in = fill(&r, &names,
		    str_z(a,
			str_fmt(a,
			    "{'GroupId':'<group>','IpProtocol':'udp','FromPort':%d,'ToPort':%d,'CidrIp':"
			    "'0.0.0.0/0'}",
			    i, i)));

		if (i < 60)
			rig_ok(&r, "ec2", "AuthorizeSecurityGroupIngress", STR_FMT, STR_ARG(in));
		else
			rig_fails(&r, "ec2", "AuthorizeSecurityGroupIngress",
			    "RulesPerSecurityGroupLimitExceeded", STR_FMT, STR_ARG(in));
	}
	rig_close(&r);
}

static void
test_routes(struct arena *a)
{
#define ROUTE(rest) "{'RouteTableId':'<rtb>','DestinationCidrBlock':'0.0.0.0/0'" rest "}"
	static const struct step steps[] = {
		MAKE_VPC,
		MAKE_SUBNET,
		{ "CreateInternetGateway", "{}", NULL, "'Attachments':[]",
		    "igw=InternetGateway.InternetGatewayId" },
		{ "CreateRouteTable", "{'VpcId':'<vpc>'}", NULL,
		    "'Routes':[{'DestinationCidrBlock':'10.0.0.0/16','GatewayId':'local','Origin':"
		    "'CreateRouteTable','State':'active'}]",
		    "rtb=RouteTable.RouteTableId" },
		{ "CreateRoute", ROUTE(",'GatewayId':'igw-0'"), "InvalidGatewayID.NotFound",
		    "The gateway ID 'igw-0' does not exist", NULL },
		{ "CreateRoute", ROUTE(",'GatewayId':'<igw>'"), "InvalidParameterValue",
		    "route table <rtb> and network gateway <igw> belong to different networks",
		    NULL },
		{ "DetachInternetGateway", "{'InternetGatewayId':'<igw>','VpcId':'<vpc>'}",
		    "Gateway.NotAttached", "resource <igw> is not attached to network <vpc>",
		    NULL },
		{ "AttachInternetGateway", "{'InternetGatewayId':'<igw>','VpcId':'<vpc>'}", NULL,
		    NULL, NULL },
		{ "AttachInternetGateway", "{'InternetGatewayId':'<igw>','VpcId':'<vpc>'}",
		    "Resource.AlreadyAssociated",
		    "resource <igw> is already attached to network <vpc>", NULL },
		{ "CreateInternetGateway", "{}", NULL, NULL,
		    "igw2=InternetGateway.InternetGatewayId" },
		{ "AttachInternetGateway", "{'InternetGatewayId':'<igw2>','VpcId':'<vpc>'}",
		    "InvalidParameterValue",
		    "Network <vpc> already has an internet gateway attached", NULL },
		{ "DescribeInternetGateways",
		    "{'Filters':[{'Name':'attachment.vpc-id','Values':['<vpc>']}]}", NULL,
		    "'Attachments':[{'State':'available','VpcId':'<vpc>'}]", NULL },
		{ "CreateRoute", ROUTE(""), "MissingParameter", NULL, NULL },
		{ "CreateRoute", ROUTE(",'GatewayId':'<igw>'"), NULL, "{'Return':true}", NULL },
		{ "CreateRoute", ROUTE(",'GatewayId':'<igw>'"), "RouteAlreadyExists",
		    "The route identified by 0.0.0.0/0 already exists.", NULL },
		{ "AssociateRouteTable", "{'RouteTableId':'<rtb>','SubnetId':'<subnet>'}", NULL,
		    "'AssociationState':{'State':'associated'}", "assoc=AssociationId" },
		{ "AssociateRouteTable", "{'RouteTableId':'<rtb>','SubnetId':'<subnet>'}",
		    "Resource.AlreadyAssociated", "conflicts with an existing association", NULL },
		{ "DescribeRouteTables",
		    "{'Filters':[{'Name':'association.subnet-id','Values':['<subnet>']}]}", NULL,
		    "'GatewayId':'<igw>','Origin':'CreateRoute','State':'active'", NULL },
		{ "DeleteRouteTable", "{'RouteTableId':'<rtb>'}", "DependencyViolation",
		    "The routeTable '<rtb>' has dependencies and cannot be deleted.", NULL },
		{ "DeleteInternetGateway", "{'InternetGatewayId':'<igw>'}", "DependencyViolation",
		    "The internetGateway '<igw>' has dependencies and cannot be deleted.", NULL },
		{ "DeleteVpc", "{'VpcId':'<vpc>'}", "DependencyViolation", NULL, NULL },
		{ "DetachInternetGateway", "{'InternetGatewayId':'<igw>','VpcId':'<vpc>'}", NULL,
		    NULL, NULL },
		{ "DescribeRouteTables", "{'RouteTableIds':['<rtb>']}", NULL,
		    "'Origin':'CreateRoute','State':'blackhole'", NULL },
		{ "DeleteInternetGateway", "{'InternetGatewayId':'<igw>'}", NULL, NULL, NULL },
		{ "DeleteRoute", "{'RouteTableId':'<rtb>','DestinationCidrBlock':'10.0.0.0/16'}",
		    "InvalidParameterValue", "cannot remove local route", NULL },
		{ "DeleteRoute", ROUTE(""), NULL, NULL, NULL },
		{ "DeleteRoute", ROUTE(""), "InvalidRoute.NotFound",
		    "no route with destination-cidr-block 0.0.0.0/0 in route table <rtb>", NULL },
		{ "DisassociateRouteTable", "{'AssociationId':'<assoc>'}", NULL, NULL, NULL },
		{ "DisassociateRouteTable", "{'AssociationId':'<assoc>'}",
		    "InvalidAssociationID.NotFound", "The association ID '<assoc>' does not exist",
		    NULL },
		{ "AssociateRouteTable", "{'RouteTableId':'<rtb>','SubnetId':'<subnet>'}", NULL,
		    NULL, NULL },
		{ "DeleteSubnet", "{'SubnetId':'<subnet>'}", NULL, NULL, NULL },
		{ "DeleteRouteTable", "{'RouteTableId':'<rtb>'}", NULL, NULL, NULL },
		{ "DeleteVpc", "{'VpcId':'<vpc>'}", NULL, NULL, NULL },
		{ "DeleteInternetGateway", "{'InternetGatewayId':'<igw2>'}", NULL, NULL, NULL },
		{ "DeleteInternetGateway", "{'InternetGatewayId':'<igw2>'}",
		    "InvalidInternetGatewayID.NotFound", NULL, NULL },
	};
#undef ROUTE

	run(a, steps, countof(steps));
}

static void
test_tags(struct arena *a)
{
	static const struct step steps[] = {
		MAKE_VPC,
		MAKE_SUBNET,
		{ "CreateTags",
		    "{'Resources':['<vpc>','<subnet>'],'Tags':[{'Key':'a','Value':'1'},{'Key':'b',"
		    "'Value':'2'}]}",
		    NULL, NULL, NULL },
		{ "CreateTags", "{'Resources':['<vpc>'],'Tags':[{'Key':'a','Value':'3'}]}", NULL,
		    NULL, NULL },
		{ "CreateTags", "{'Resources':['nonsense'],'Tags':[]}", "InvalidID",
		    "The ID 'nonsense' is not valid", NULL },
		{ "CreateTags", "{'Resources':['vpc-0'],'Tags':[]}", "InvalidVpcID.NotFound", NULL,
		    NULL },
		{ "DescribeTags",
		    "{'Filters':[{'Name':'resource-id','Values':['<vpc>']},{'Name':'key',"
		    "'Values':['a']}]}",
		    NULL,
		    "{'Tags':[{'Key':'a','ResourceId':'<vpc>','ResourceType':'vpc','Value':'3'}]}",
		    NULL },
		{ "DescribeTags",
		    "{'Filters':[{'Name':'resource-type','Values':['subnet']},{'Name':"
		    "'tag:b','Values':['2']}]}",
		    NULL,
		    "{'Tags':[{'Key':'b','ResourceId':'<subnet>','ResourceType':'subnet','Value':'2'}]}",
		    NULL },
		{ "DeleteTags",
		    "{'Resources':['<vpc>'],'Tags':[{'Key':'a','Value':'1'},{'Key':'b'}]}", NULL,
		    NULL, NULL },
		{ "DescribeVpcs", "{}", NULL, "'Tags':[{'Key':'a','Value':'3'}]", NULL },
		{ "DeleteTags", "{'Resources':['<vpc>']}", NULL, NULL, NULL },
		{ "DescribeVpcs", "{}", NULL, "'Tags':[]", NULL },
	};

	run(a, steps, countof(steps));
}

static void
test_zones(struct arena *a)
{
	static const struct step steps[] = {
		{ "DescribeAvailabilityZones", "{}", NULL,
		    "'ZoneName':'us-east-1a','ZoneId':'use1-az1'", NULL },
		{ "DescribeAvailabilityZones",
		    "{'Filters':[{'Name':'zone-id','Values':['use1-az3']}]}", NULL,
		    "{'AvailabilityZones':[{'OptInStatus':'opt-in-not-required','RegionName':"
		    "'us-east-1','ZoneName':'us-east-1c'",
		    NULL },
		{ "DescribeAvailabilityZones", "{'ZoneNames':['us-east-1b']}", NULL,
		    "[{'OptInStatus':'opt-in-not-required','RegionName':'us-east-1','ZoneName':"
		    "'us-east-1b'",
		    NULL },
		{ "DescribeAvailabilityZones", "{'ZoneNames':['us-west-1b']}",
		    "InvalidParameterValue", "Invalid availability zone: [us-west-1b]", NULL },
	};

	run(a, steps, countof(steps));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_vpcs),
		TEST(test_subnets),
		TEST(test_groups),
		TEST(test_many_rules),
		TEST(test_routes),
		TEST(test_tags),
		TEST(test_zones),
	};

	return RUN_TESTS(tests);
}
