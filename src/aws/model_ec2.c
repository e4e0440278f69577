/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_ec2.c: the operations of EC2 that swb calls or answers. */
#include "aws/model_services.h"

static const struct aws_operation_row operations[] = {
	{ "AssociateRouteTable", "DryRun:b SubnetId:s RouteTableId!:s",
	    "AssociationId:s AssociationState:RouteTableAssociationState" },
	{ "AttachInternetGateway", "DryRun:b InternetGatewayId!:s VpcId!:s", "" },
	{ "AuthorizeSecurityGroupEgress",
	    "TagSpecifications@TagSpecification:[TagSpecification] DryRun:b GroupId!:s "
	    "IpPermissions:[IpPermissionRequest]",
	    "Return:b SecurityGroupRules@securityGroupRuleSet:[SecurityGroupRule]" },
	{ "AuthorizeSecurityGroupIngress",
	    "CidrIp:s FromPort:i GroupId:s IpPermissions:[IpPermissionRequest] IpProtocol:s "
	    "ToPort:i TagSpecifications@TagSpecification:[TagSpecification] DryRun:b",
	    "Return:b SecurityGroupRules@securityGroupRuleSet:[SecurityGroupRule]" },
	{ "CreateInternetGateway", "TagSpecifications@TagSpecification:[TagSpecification] DryRun:b",
	    "InternetGateway:InternetGateway" },
	{ "CreateNetworkInterface",
	    "InterfaceType:s TagSpecifications@TagSpecification:[TagSpecification] ClientToken*:s "
	    "SubnetId!:s Description:s PrivateIpAddress:s Groups@SecurityGroupId:[s] DryRun:b",
	    "NetworkInterface:NetworkInterface ClientToken:s" },
	{ "CreateRoute", "DryRun:b RouteTableId!:s DestinationCidrBlock:s GatewayId:s",
	    "Return:b" },
	{ "CreateRouteTable",
	    "TagSpecifications@TagSpecification:[TagSpecification] ClientToken*:s DryRun:b "
	    "VpcId!:s",
	    "RouteTable:RouteTable ClientToken:s" },
	{ "CreateSecurityGroup",
	    "Description!@GroupDescription:s GroupName!:s VpcId:s "
	    "TagSpecifications@TagSpecification:[TagSpecification] DryRun:b",
	    "GroupId:s Tags@tagSet:[Tag] SecurityGroupArn:s" },
	{ "CreateSubnet",
	    "TagSpecifications@TagSpecification:[TagSpecification] AvailabilityZone:s CidrBlock:s "
	    "VpcId!:s DryRun:b",
	    "Subnet:Subnet" },
	{ "CreateTags", "DryRun:b Resources!@ResourceId:[s] Tags!@Tag:[Tag]", "" },
	{ "CreateVpc",
	    "CidrBlock:s TagSpecifications@TagSpecification:[TagSpecification] DryRun:b "
	    "InstanceTenancy:s",
	    "Vpc:Vpc" },
	{ "DeleteInternetGateway", "DryRun:b InternetGatewayId!:s", "" },
	{ "DeleteNetworkInterface", "DryRun:b NetworkInterfaceId!:s", "" },
	{ "DeleteRoute", "DryRun:b RouteTableId!:s DestinationCidrBlock:s", "" },
	{ "DeleteRouteTable", "DryRun:b RouteTableId!:s", "" },
	{ "DeleteSecurityGroup", "GroupId:s DryRun:b", "Return:b GroupId:s" },
	{ "DeleteSubnet", "SubnetId!:s DryRun:b", "" },
	{ "DeleteTags", "DryRun:b Resources!@ResourceId:[s] Tags@Tag:[Tag]", "" },
	{ "DeleteVpc", "VpcId!:s DryRun:b", "" },
	{ "DescribeAvailabilityZones",
	    "ZoneNames@ZoneName:[s] ZoneIds@ZoneId:[s] AllAvailabilityZones:b DryRun:b "
	    "Filters@Filter:[Filter]",
	    "AvailabilityZones@availabilityZoneInfo:[AvailabilityZone]" },
	{ "DescribeInstances",
	    "InstanceIds@InstanceId:[s] DryRun:b Filters@Filter:[Filter] NextToken:s MaxResults:i",
	    "NextToken:s Reservations@reservationSet:[Reservation]" },
	{ "DescribeInternetGateways",
	    "NextToken:s MaxResults:i DryRun:b InternetGatewayIds@InternetGatewayId:[s] "
	    "Filters@Filter:[Filter]",
	    "InternetGateways@internetGatewaySet:[InternetGateway] NextToken:s" },
	{ "DescribeNetworkInterfaces",
	    "NextToken:s MaxResults:i DryRun:b NetworkInterfaceIds@NetworkInterfaceId:[s] "
	    "Filters@Filter:[Filter]",
	    "NetworkInterfaces@networkInterfaceSet:[NetworkInterface] NextToken:s" },
	{ "DescribeRouteTables",
	    "NextToken:s MaxResults:i DryRun:b RouteTableIds@RouteTableId:[s] "
	    "Filters@Filter:[Filter]",
	    "RouteTables@routeTableSet:[RouteTable] NextToken:s" },
	{ "DescribeSecurityGroupRules",
	    "Filters@Filter:[Filter] SecurityGroupRuleIds@SecurityGroupRuleId:[s] DryRun:b "
	    "NextToken:s MaxResults:i",
	    "SecurityGroupRules@securityGroupRuleSet:[SecurityGroupRule] NextToken:s" },
	{ "DescribeSecurityGroups",
	    "GroupIds@GroupId:[s] GroupNames@GroupName:[s] NextToken:s MaxResults:i DryRun:b "
	    "Filters@Filter:[Filter]",
	    "NextToken:s SecurityGroups@securityGroupInfo:[SecurityGroup]" },
	{ "DescribeSubnets",
	    "Filters@Filter:[Filter] SubnetIds@SubnetId:[s] NextToken:s MaxResults:i DryRun:b",
	    "NextToken:s Subnets@subnetSet:[Subnet]" },
	{ "DescribeTags", "DryRun:b Filters@Filter:[Filter] MaxResults:i NextToken:s",
	    "NextToken:s Tags@tagSet:[{Key:s ResourceId:s ResourceType:s Value:s}]" },
	{ "DescribeVpcAttribute", "Attribute!:s VpcId!:s DryRun:b",
	    "EnableDnsHostnames:AttributeBooleanValue EnableDnsSupport:AttributeBooleanValue "
	    "VpcId:s" },
	{ "DescribeVpcs",
	    "Filters@Filter:[Filter] VpcIds@VpcId:[s] NextToken:s MaxResults:i DryRun:b",
	    "NextToken:s Vpcs@vpcSet:[Vpc]" },
	{ "DetachInternetGateway", "DryRun:b InternetGatewayId!:s VpcId!:s", "" },
	{ "DisassociateRouteTable", "DryRun:b AssociationId!:s", "" },
	{ "GetPasswordData", "InstanceId!:s DryRun:b", "InstanceId:s Timestamp:t PasswordData:s" },
	{ "ModifySubnetAttribute", "MapPublicIpOnLaunch:AttributeBooleanValue SubnetId!:s", "" },
	{ "ModifyVpcAttribute",
	    "EnableDnsHostnames:AttributeBooleanValue EnableDnsSupport:AttributeBooleanValue "
	    "VpcId!:s",
	    "" },
	{ "RevokeSecurityGroupEgress",
	    "SecurityGroupRuleIds@SecurityGroupRuleId:[s] DryRun:b GroupId!:s "
	    "IpPermissions:[IpPermissionRequest]",
	    "Return:b UnknownIpPermissions@unknownIpPermissionSet:[IpPermission] "
	    "RevokedSecurityGroupRules@revokedSecurityGroupRuleSet:[RevokedSecurityGroupRule]" },
	{ "RevokeSecurityGroupIngress",
	    "CidrIp:s FromPort:i GroupId:s IpPermissions:[IpPermissionRequest] IpProtocol:s "
	    "ToPort:i SecurityGroupRuleIds@SecurityGroupRuleId:[s] DryRun:b",
	    "Return:b UnknownIpPermissions@unknownIpPermissionSet:[IpPermission] "
	    "RevokedSecurityGroupRules@revokedSecurityGroupRuleSet:[RevokedSecurityGroupRule]" },
	{ "StartInstances", "InstanceIds!@InstanceId:[s] AdditionalInfo:s DryRun:b",
	    "StartingInstances@instancesSet:[InstanceStateChange]" },
	{ "StopInstances", "InstanceIds!@InstanceId:[s] Hibernate:b DryRun:b Force:b",
	    "StoppingInstances@instancesSet:[InstanceStateChange]" },
};

static const struct aws_named_shape shapes[] = {
	{ "AttributeBooleanValue", "Value:b" },
	{ "AvailabilityZone",
	    "OptInStatus:s RegionName:s ZoneName:s ZoneId:s GroupName:s NetworkBorderGroup:s "
	    "ZoneType:s State@zoneState:s" },
	{ "Filter", "Name:s Values@Value:[s]" },
	{ "Instance",
	    "InstanceId:s ImageId:s State@instanceState:{Code:i Name:s} PrivateDnsName:s "
	    "PublicDnsName@dnsName:s StateTransitionReason@reason:s KeyName:s InstanceType:s "
	    "LaunchTime:t Platform:s PrivateIpAddress:s PublicIpAddress@ipAddress:s SubnetId:s "
	    "VpcId:s StateReason:{Code:s Message:s} SecurityGroups@groupSet:[{GroupId:s "
	    "GroupName:s}] Tags@tagSet:[Tag]" },
	{ "InstanceStateChange",
	    "InstanceId:s CurrentState:{Code:i Name:s} PreviousState:{Code:i Name:s}" },
	{ "InternetGateway",
	    "Attachments@attachmentSet:[{State:s VpcId:s}] InternetGatewayId:s OwnerId:s "
	    "Tags@tagSet:[Tag]" },
	{ "IpPermission",
	    "IpProtocol:s FromPort:i ToPort:i UserIdGroupPairs@groups:[UserIdGroupPair] "
	    "IpRanges:[IpRange] Ipv6Ranges:[Ipv6Range] PrefixListIds:[PrefixListId]" },
	{ "IpPermissionRequest",
	    "IpProtocol:s FromPort:i ToPort:i UserIdGroupPairs@Groups:[UserIdGroupPair] "
	    "IpRanges:[IpRange] Ipv6Ranges:[Ipv6Range] PrefixListIds:[PrefixListId]" },
	{ "IpRange", "Description:s CidrIp:s" },
	{ "Ipv6Range", "Description:s CidrIpv6:s" },
	{ "NetworkInterface",
	    "AvailabilityZone:s Description:s Groups@groupSet:[{GroupId:s GroupName:s}] "
	    "InterfaceType:s MacAddress:s NetworkInterfaceId:s OwnerId:s PrivateIpAddress:s "
	    "RequesterManaged:b SourceDestCheck:b Status:s SubnetId:s TagSet:[Tag] VpcId:s" },
	{ "PrefixListId", "Description:s PrefixListId:s" },
	{ "Reservation", "ReservationId:s OwnerId:s Instances@instancesSet:[Instance]" },
	{ "RevokedSecurityGroupRule",
	    "SecurityGroupRuleId:s GroupId:s IsEgress:b IpProtocol:s FromPort:i ToPort:i "
	    "CidrIpv4:s CidrIpv6:s PrefixListId:s ReferencedGroupId:s Description:s" },
	{ "RouteTable",
	    "Associations@associationSet:[RouteTableAssociation] RouteTableId:s "
	    "Routes@routeSet:[{DestinationCidrBlock:s GatewayId:s Origin:s State:s}] "
	    "Tags@tagSet:[Tag] VpcId:s OwnerId:s" },
	{ "RouteTableAssociation",
	    "Main:b RouteTableAssociationId:s RouteTableId:s SubnetId:s "
	    "AssociationState:RouteTableAssociationState" },
	{ "RouteTableAssociationState", "State:s" },
	{ "SecurityGroup",
	    "GroupId:s IpPermissionsEgress:[IpPermission] Tags@tagSet:[Tag] VpcId:s "
	    "SecurityGroupArn:s OwnerId:s GroupName:s Description@groupDescription:s "
	    "IpPermissions:[IpPermission]" },
	{ "SecurityGroupRule",
	    "SecurityGroupRuleId:s GroupId:s GroupOwnerId:s IsEgress:b IpProtocol:s FromPort:i "
	    "ToPort:i CidrIpv4:s CidrIpv6:s PrefixListId:s ReferencedGroupInfo:{GroupId:s "
	    "UserId:s VpcId:s} Description:s Tags@tagSet:[Tag]" },
	{ "Subnet",
	    "AvailabilityZoneId:s OwnerId:s AssignIpv6AddressOnCreation:b Tags@tagSet:[Tag] "
	    "SubnetArn:s SubnetId:s State:s VpcId:s CidrBlock:s AvailableIpAddressCount:i "
	    "AvailabilityZone:s DefaultForAz:b MapPublicIpOnLaunch:b" },
	{ "Tag", "Key:s Value:s" },
	{ "TagSpecification", "ResourceType:s Tags@Tag:[Tag]" },
	{ "UserIdGroupPair", "Description:s UserId:s GroupId:s VpcId:s" },
	{ "Vpc",
	    "OwnerId:s InstanceTenancy:s CidrBlockAssociationSet:[{AssociationId:s CidrBlock:s "
	    "CidrBlockState:{State:s}}] IsDefault:b Tags@tagSet:[Tag] VpcId:s State:s CidrBlock:s "
	    "DhcpOptionsId:s" },
};

const struct aws_service aws_service_ec2 = {
	.name = "ec2",
	.endpoint_prefix = "ec2",
	.signing_name = "ec2",
	.version = "2016-11-15",
	.xml_namespace = "http://ec2.amazonaws.com/doc/2016-11-15/",
	.protocol = AWS_EC2,
	.operations = operations,
	.operation_count = countof(operations),
	.shapes = shapes,
	.shape_count = countof(shapes),
};
