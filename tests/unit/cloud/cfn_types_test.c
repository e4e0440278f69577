/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every row of the tables of resource types: one stack holds a resource of each type, asks for
 * every attribute there is, and leaves nothing behind.
 */
#include "cloud_rig.h"

#include "base/buf.h"
#include "cloud/cfn/types.h"

#define POLICY \
	"{Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: " \
	"'*'}]}"
#define TRUST \
	"{Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: " \
	"sagemaker.amazonaws.com}, Action: 'sts:AssumeRole'}]}"

/* In the order of the tables; the logical id says which type it is. */
static const struct {
	const char *id, *type, *body;
} resources[] = {
	{ "Gateway", "AWS::EC2::InternetGateway", "" },
	{ "Route", "AWS::EC2::Route",
	    "DependsOn: Attachment, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: "
	    "0.0.0.0/0, GatewayId: !Ref Gateway}" },
	{ "Table", "AWS::EC2::RouteTable", "Properties: {VpcId: !Ref Vpc}" },
	{ "Group", "AWS::EC2::SecurityGroup",
	    "Properties: {GroupDescription: d, VpcId: !Ref Vpc, SecurityGroupIngress: "
	    "[{IpProtocol: tcp, FromPort: '22', ToPort: 22, SourceSecurityGroupId: !GetAtt "
	    "Vpc.DefaultSecurityGroup, Description: in}], SecurityGroupEgress: [{IpProtocol: -1, "
	    "CidrIpv6: '::/0'}]}" },
	{ "Subnet", "AWS::EC2::Subnet",
	    "Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true, "
	    "AvailabilityZone: !Select [1, !GetAZs '']}" },
	{ "Association", "AWS::EC2::SubnetRouteTableAssociation",
	    "Properties: {RouteTableId: !Ref Table, SubnetId: !Ref Subnet}" },
	{ "Vpc", "AWS::EC2::VPC",
	    "Properties: {CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true, InstanceTenancy: "
	    "default}" },
	{ "Attachment", "AWS::EC2::VPCGatewayAttachment",
	    "Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}" },
	{ "Destination", "AWS::Events::ApiDestination",
	    "Properties: {ConnectionArn: !GetAtt Connection.Arn, HttpMethod: POST, "
	    "InvocationEndpoint: 'https://example.com/events'}" },
	{ "Connection", "AWS::Events::Connection",
	    "Properties: {AuthorizationType: API_KEY, AuthParameters: {ApiKeyAuthParameters: "
	    "{ApiKeyName: k, ApiKeyValue: v}}}" },
	{ "Bus", "AWS::Events::EventBus", "Properties: {Name: own-bus}" },
	{ "BusPolicy", "AWS::Events::EventBusPolicy",
	    "Properties: {EventBusName: !Ref Bus, StatementId: let, Principal: '" RIG_HOSTING
	    "'}" },
	{ "Rule", "AWS::Events::Rule",
	    "Properties: {EventBusName: !Ref Bus, EventPattern: {source: [a]}, Targets: [{Id: t, "
	    "Arn: !GetAtt Destination.Arn, RoleArn: !GetAtt Role.Arn}]}" },
	{ "Profile", "AWS::IAM::InstanceProfile", "Properties: {Roles: [!Ref Role]}" },
	{ "Managed", "AWS::IAM::ManagedPolicy",
	    "Properties: {PolicyDocument: " POLICY ", Roles: [!Ref Role], Description: d}" },
	{ "Inline", "AWS::IAM::Policy",
	    "Properties: {PolicyName: p, PolicyDocument: '{\"Version\": \"2012-10-17\", "
	    "\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}}', "
	    "Roles: [!Ref Role]}" },
	{ "Role", "AWS::IAM::Role",
	    "Properties: {AssumeRolePolicyDocument: " TRUST ", ManagedPolicyArns: "
	    "['arn:aws:iam::aws:policy/AWSServiceCatalogAdminFullAccess'], MaxSessionDuration: "
	    "'7200'}" },
	{ "Alias", "AWS::KMS::Alias",
	    "Properties: {AliasName: alias/own, TargetKeyId: !GetAtt Key.Arn}" },
	{ "Key", "AWS::KMS::Key",
	    "Properties: {EnableKeyRotation: true, Enabled: false, PendingWindowInDays: 7, Tags: "
	    "[{Key: k, Value: v}]}" },
	{ "Bucket", "AWS::S3::Bucket",
	    "Properties: {VersioningConfiguration: {Status: Enabled}, BucketEncryption: "
	    "{ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: "
	    "AES256}}]}, PublicAccessBlockConfiguration: {BlockPublicAcls: true}, "
	    "OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}}" },
	{ "BucketPolicy", "AWS::S3::BucketPolicy",
	    "Properties: {Bucket: !Ref Bucket, PolicyDocument: {Version: '2012-10-17', Statement: "
	    "[{Effect: Allow, Principal: {AWS: !GetAtt Role.Arn}, Action: 's3:GetObject', "
	    "Resource: !Sub '${Bucket.Arn}/*'}]}}" },
	{ "Notebook", "AWS::SageMaker::NotebookInstance",
	    "Properties: {InstanceType: ml.t3.medium, RoleArn: !GetAtt Role.Arn, SubnetId: !Ref "
	    "Subnet, SecurityGroupIds: [!GetAtt Group.GroupId], LifecycleConfigName: !GetAtt "
	    "Config.NotebookInstanceLifecycleConfigName, VolumeSizeInGB: '6'}" },
	{ "Config", "AWS::SageMaker::NotebookInstanceLifecycleConfig",
	    "Properties: {OnStart: [{Content: !Base64 'true'}]}" },
	{ "Parameter", "AWS::SSM::Parameter",
	    "Properties: {Type: StringList, Value: 'a,b', Tags: {k: v}}" },
};

/* Every type's resource, and an output for its Ref and for each of its attributes. */
static str
template_of_all(struct arena *a)
{
	struct buf b = buf_in(a), outputs = buf_in(a);
	int number = 0;

	buf_add(&b, S("Resources:\n"));
	for (size_t i = 0; i < countof(resources); i++) {
		const struct cfn_type *type = cfn_type_find(str_of(resources[i].type));
		str rest = str_of(type->attributes), word, name;

		buf_fmt(&b, "  %s: {Type: '%s'%s%s}\n", resources[i].id, resources[i].type,
		    *resources[i].body == '\0' ? "" : ", ", resources[i].body);
		buf_fmt(&outputs, "  O%d: {Description: %s, Value: !Ref %s}\n", number++,
		    resources[i].id, resources[i].id);
		while (str_cut(&rest, ' ', &word))
			if (str_cut(&word, '=', &name))
				buf_fmt(&outputs,
				    "  O%d: {Description: %s." STR_FMT
				    ", Value: !GetAtt %s." STR_FMT "}\n",
				    number++, resources[i].id, STR_ARG(name), resources[i].id,
				    STR_ARG(name));
	}
	buf_fmt(&b, "Outputs:\n" STR_FMT, STR_ARG(buf_str(&outputs)));
	return buf_str(&b);
}

static void
test_tables(struct arena *a)
{
	const struct cfn_type *type;
	size_t i;

	(void)a;
	for (i = 0; (type = cfn_type_at(i)) != NULL; i++) {
		CHECK(i < countof(resources) && str_is(str_of(resources[i].type), type->name),
		    "%s is not tested", type->name);
		CHECK(type->create != NULL || type->created != NULL, "%s is not made", type->name);
		CHECK(type->remove != NULL || type->removing != NULL, "%s stays", type->name);
		CHECK(type->gone != NULL, "%s: its absence is an error", type->name);
		CHECK(type->id != NULL || type->created != NULL, "%s has no id", type->name);
		CHECK(
		    (type->tagging == CFN_TAGS_EC2) == (type->ec2_kind != NULL), "%s", type->name);
	}
	assert_int_equal(i, countof(resources));
}

static const struct json *
stack(struct rig *r)
{
	return json_at(
	    json_get(
		rig_ok(r, "cloudformation", "DescribeStacks", "{'StackName': 'all'}"), "Stacks"),
	    0);
}

static str
failure(struct rig *r, const char *name)
{
	str reason = S("");

	for (const struct json *e = json_first(json_get(
		 rig_ok(r, "cloudformation", "DescribeStackEvents", "{'StackName': '%s'}", name),
		 "StackEvents"));
	     e != NULL; e = e->next)
		if (str_ends(json_str(json_get(e, "ResourceStatus")), S("_FAILED")))
			reason = str_fmt(r->a, STR_FMT ": " STR_FMT,
			    STR_ARG(json_str(json_get(e, "LogicalResourceId"))),
			    STR_ARG(json_str(json_get(e, "ResourceStatusReason"))));
	return reason;
}

static str
make_all(struct rig *r)
{
	struct json *in = json_new_object(r->a), *list;
	const struct json *out;

	json_put_str(r->a, in, "StackName", S("all"));
	json_put_str(r->a, in, "TemplateBody", template_of_all(r->a));
	list = json_put(r->a, in, "Capabilities", json_new_array(r->a));
	json_push_str(r->a, list, S("CAPABILITY_IAM"));
	CHECK_OK(rig_try(r, "cloudformation", "CreateStack", in, &out), &r->err);
	rig_run_until(r, r->now_ms + 3600 * 1000);
	return json_str(json_get(out, "StackId"));
}

/* Without any failure on the way. */
static void
unmake(struct rig *r, str id)
{
	const struct json *out;

	rig_ok(r, "cloudformation", "DeleteStack", "{'StackName': '" STR_FMT "'}", STR_ARG(id));
	rig_run_until(r, r->now_ms + 3600 * 1000);
	out = json_at(json_get(rig_ok(r, "cloudformation", "DescribeStacks",
				   "{'StackName': '" STR_FMT "'}", STR_ARG(id)),
			  "Stacks"),
	    0);
	CHECK_STR(json_str(json_get(out, "StackStatus")), "DELETE_COMPLETE", "unmade");
	CHECK_STR(failure(r, str_z(r->a, id)), "", "nothing fails");
}

static str
output(struct rig *r, const char *description)
{
	for (const struct json *o = json_first(json_get(stack(r), "Outputs")); o != NULL;
	     o = o->next)
		if (str_is(json_str(json_get(o, "Description")), description))
			return json_str(json_get(o, "OutputValue"));
	return S("");
}

/* Forms of ids and attributes; * stands for what is different every time. */
static void
check_form(struct rig *r, const char *what, const char *form)
{
	str got = output(r, what), rest = str_of(form), piece;
	size_t at = 0;

	while (str_cut(&rest, '*', &piece)) {
		size_t found = str_find(str_from(got, at), piece);

		CHECK(at + found < got.len || piece.len == 0, "%s is " STR_FMT ", not %s", what,
		    STR_ARG(got), form);
		at += found + piece.len;
	}
}

static void
test_every_type(struct arena *a)
{
	static const struct {
		const char *what, *form;
	} forms[] = {
		{ "Gateway", "igw-*" },
		{ "Route", "rtb-*|0.0.0.0/0" },
		{ "Route.CidrBlock", "0.0.0.0/0" },
		{ "Table", "rtb-*" },
		{ "Group", "sg-*" },
		{ "Group.VpcId", "vpc-*" },
		{ "Subnet", "subnet-*" },
		{ "Subnet.AvailabilityZone", RIG_REGION "b" },
		{ "Subnet.CidrBlock", "10.0.1.0/24" },
		{ "Association", "rtbassoc-*" },
		{ "Vpc.DefaultSecurityGroup", "sg-*" },
		{ "Attachment", "IGW|vpc-*" },
		{ "Destination", "all-Destination-*" },
		{ "Destination.Arn",
		    "arn:aws:events:" RIG_REGION ":" RIG_MAIN ":api-destination/*" },
		{ "Connection.Arn", "arn:aws:events:" RIG_REGION ":" RIG_MAIN ":connection/*" },
		{ "Bus", "own-bus" },
		{ "Bus.Arn", "arn:aws:events:" RIG_REGION ":" RIG_MAIN ":event-bus/own-bus" },
		{ "BusPolicy", "own-bus|let" },
		{ "Rule", "own-bus|all-Rule-*" },
		{ "Rule.Arn",
		    "arn:aws:events:" RIG_REGION ":" RIG_MAIN ":rule/own-bus/all-Rule-*" },
		{ "Profile", "all-Profile-*" },
		{ "Profile.Arn", "arn:aws:iam::" RIG_MAIN ":instance-profile/all-Profile-*" },
		{ "Managed", "arn:aws:iam::" RIG_MAIN ":policy/all-Managed-*" },
		{ "Managed.PolicyId", "ANPA*" },
		{ "Inline", "all-Inline-*" },
		{ "Role", "all-Role-*" },
		{ "Role.Arn", "arn:aws:iam::" RIG_MAIN ":role/all-Role-*" },
		{ "Role.RoleId", "AROA*" },
		{ "Alias", "alias/own" },
		{ "Key.Arn", "arn:aws:kms:" RIG_REGION ":" RIG_MAIN ":key/*-*" },
		{ "Bucket", "all-bucket-*" },
		{ "Bucket.Arn", "arn:aws:s3:::all-bucket-*" },
		{ "Bucket.DomainName", "all-bucket-*.s3.amazonaws.com" },
		{ "Bucket.RegionalDomainName", "all-bucket-*.s3." RIG_REGION ".amazonaws.com" },
		{ "BucketPolicy", "all-bucket-*" },
		{ "Notebook",
		    "arn:aws:sagemaker:" RIG_REGION ":" RIG_MAIN ":notebook-instance/notebook-*" },
		{ "Notebook.NotebookInstanceName", "Notebook-*" },
		{ "Config", "arn:aws:sagemaker:*/config-*" },
		{ "Config.NotebookInstanceLifecycleConfigName", "Config-*" },
		{ "Parameter", "all-Parameter-*" },
		{ "Parameter.Type", "StringList" },
		{ "Parameter.Value", "a,b" },
	};
	struct rig r;

	rig_open(&r, a);
	make_all(&r);
	CHECK(str_is(json_str(json_get(stack(&r), "StackStatus")), "CREATE_COMPLETE"),
	    "failed: " STR_FMT, STR_ARG(failure(&r, "all")));
	for (const struct json *o = json_first(json_get(stack(&r), "Outputs")); o != NULL;
	     o = o->next)
		CHECK(json_str(json_get(o, "OutputValue")).len > 0, STR_FMT " is empty",
		    STR_ARG(json_str(json_get(o, "Description"))));
	for (size_t i = 0; i < countof(forms); i++)
		check_form(&r, forms[i].what, forms[i].form);
	rig_close(&r);
}

static void
test_effects(struct arena *a)
{
	const struct json *out;
	struct rig r;
	str id;

	rig_open(&r, a);
	id = make_all(&r);
	out = rig_ok(&r, "kms", "DescribeKey", "{'KeyId': 'alias/own'}");
	CHECK_STR(rig_text(out, "KeyMetadata", "KeyState"), "Disabled", "Enabled: false");
	out = rig_ok(&r, "s3", "GetBucketVersioning", "{'Bucket': '" STR_FMT "'}",
	    STR_ARG(output(&r, "Bucket")));
	CHECK_STR(rig_text(out, "Status"), "Enabled", "versioning");
	out = rig_ok(&r, "s3", "GetBucketTagging", "{'Bucket': '" STR_FMT "'}",
	    STR_ARG(output(&r, "Bucket")));
	assert_int_equal(json_count(json_get(out, "TagSet")), 3);
	out = rig_ok(&r, "ec2", "DescribeSecurityGroups", "{'GroupIds': ['" STR_FMT "']}",
	    STR_ARG(output(&r, "Group")));
	out = json_at(json_get(out, "SecurityGroups"), 0);
	CHECK_STR(rig_text(json_at(json_get(out, "IpPermissionsEgress"), 0), "IpProtocol"), "-1",
	    "only the template's rule");
	assert_int_equal(json_count(json_get(out, "IpPermissionsEgress")), 1);
	CHECK_STR(rig_text(json_at(json_get(json_at(json_get(out, "IpPermissions"), 0),
				       "UserIdGroupPairs"),
			       0),
		      "GroupId"),
	    str_z(a, output(&r, "Vpc.DefaultSecurityGroup")), "from the default group");
	out = rig_ok(&r, "iam", "ListAttachedRolePolicies", "{'RoleName': '" STR_FMT "'}",
	    STR_ARG(output(&r, "Role")));
	assert_int_equal(json_count(json_get(out, "AttachedPolicies")), 2);
	out = rig_ok(&r, "events", "DescribeEventBus", "{'Name': 'own-bus'}");
	assert_true(str_has(json_str(json_get(out, "Policy")), S("\"Sid\":\"let\"")));
	out = rig_ok(&r, "events", "ListTargetsByRule",
	    "{'EventBusName': 'own-bus', 'Rule': '" STR_FMT "'}",
	    STR_ARG(str_from(output(&r, "Rule"), sizeof("own-bus|") - 1)));
	assert_int_equal(json_count(json_get(out, "Targets")), 1);
	unmake(&r, id);
	rig_close(&r);
}

/* What others removed behind the stack's back does not keep it. */
static void
test_gone_already(struct arena *a)
{
	struct rig r;
	str id, role, key;

	rig_open(&r, a);
	id = make_all(&r);
	role = output(&r, "Role");
	key = output(&r, "Key");
	rig_ok(&r, "iam", "RemoveRoleFromInstanceProfile",
	    "{'InstanceProfileName': '" STR_FMT "', 'RoleName': '" STR_FMT "'}",
	    STR_ARG(output(&r, "Profile")), STR_ARG(role));
	rig_ok(&r, "iam", "DeleteInstanceProfile", "{'InstanceProfileName': '" STR_FMT "'}",
	    STR_ARG(output(&r, "Profile")));
	rig_ok(&r, "iam", "DeleteRolePolicy", "{'RoleName': '" STR_FMT "', 'PolicyName': 'p'}",
	    STR_ARG(role));
	rig_ok(&r, "iam", "DetachRolePolicy",
	    "{'RoleName': '" STR_FMT "', 'PolicyArn': '" STR_FMT "'}", STR_ARG(role),
	    STR_ARG(output(&r, "Managed")));
	rig_ok(&r, "iam", "DetachRolePolicy",
	    "{'RoleName': '" STR_FMT
	    "', 'PolicyArn': 'arn:aws:iam::aws:policy/AWSServiceCatalogAdminFullAccess'}",
	    STR_ARG(role));
	rig_ok(&r, "iam", "DeleteRole", "{'RoleName': '" STR_FMT "'}", STR_ARG(role));
	rig_ok(&r, "iam", "DeletePolicy", "{'PolicyArn': '" STR_FMT "'}",
	    STR_ARG(output(&r, "Managed")));
	rig_ok(&r, "kms", "DeleteAlias", "{'AliasName': 'alias/own'}");
	rig_ok(&r, "kms", "ScheduleKeyDeletion", "{'KeyId': '" STR_FMT "'}", STR_ARG(key));
	rig_ok(&r, "s3", "DeleteBucketPolicy", "{'Bucket': '" STR_FMT "'}",
	    STR_ARG(output(&r, "Bucket")));
	rig_ok(
	    &r, "s3", "DeleteBucket", "{'Bucket': '" STR_FMT "'}", STR_ARG(output(&r, "Bucket")));
	rig_ok(&r, "ssm", "DeleteParameter", "{'Name': '" STR_FMT "'}",
	    STR_ARG(output(&r, "Parameter")));
	rig_ok(
	    &r, "events", "RemovePermission", "{'EventBusName': 'own-bus', 'StatementId': 'let'}");
	rig_ok(&r, "ec2", "DeleteRoute",
	    "{'RouteTableId': '" STR_FMT "', 'DestinationCidrBlock': '0.0.0.0/0'}",
	    STR_ARG(output(&r, "Table")));
	rig_ok(&r, "ec2", "DisassociateRouteTable", "{'AssociationId': '" STR_FMT "'}",
	    STR_ARG(output(&r, "Association")));
	rig_ok(&r, "ec2", "DeleteRouteTable", "{'RouteTableId': '" STR_FMT "'}",
	    STR_ARG(output(&r, "Table")));
	rig_ok(&r, "ec2", "DetachInternetGateway",
	    "{'InternetGatewayId': '" STR_FMT "', 'VpcId': '" STR_FMT "'}",
	    STR_ARG(output(&r, "Gateway")), STR_ARG(output(&r, "Vpc")));
	rig_ok(&r, "ec2", "DeleteInternetGateway", "{'InternetGatewayId': '" STR_FMT "'}",
	    STR_ARG(output(&r, "Gateway")));
	unmake(&r, id);
	rig_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_tables),
		TEST(test_every_type),
		TEST(test_effects),
		TEST(test_gone_already),
	};

	return RUN_TESTS(tests);
}
