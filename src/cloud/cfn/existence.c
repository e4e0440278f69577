/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/existence.c: does what an AWS-typed parameter names exist?
 *
 * CloudFormation asks after CreateStack has answered, so a wrong id fails the stack and not the
 * call. Types whose things the local cloud does not have cannot be asked about and pass.
 */
#include "cloud/cfn/internal.h"

static const struct {
	const char *type, *service, *operation, *member, *answer;
	bool by_list; /* member takes a list */
} checks[] = {
	{ "AWS::EC2::AvailabilityZone::Name", "ec2", "DescribeAvailabilityZones", "ZoneNames",
	    "AvailabilityZones", true },
	{ "AWS::EC2::SecurityGroup::GroupName", "ec2", "DescribeSecurityGroups", "GroupNames",
	    "SecurityGroups", true },
	{ "AWS::EC2::SecurityGroup::Id", "ec2", "DescribeSecurityGroups", "GroupIds",
	    "SecurityGroups", true },
	{ "AWS::EC2::Subnet::Id", "ec2", "DescribeSubnets", "SubnetIds", "Subnets", true },
	{ "AWS::EC2::VPC::Id", "ec2", "DescribeVpcs", "VpcIds", "Vpcs", true },
	{ "AWS::SSM::Parameter::Name", "ssm", "GetParameter", "Name", "Parameter", false },
};

static bool
exists(struct cfn_stack *s, str type, str value, bool *out, struct err *err)
{
	struct arena *a = s->c->a;
	struct json *in = json_new_object(a);
	const struct json *answer;
	size_t i = 0;

	*out = true;
	while (i < countof(checks) && !str_is(type, checks[i].type))
		i++;
	if (i == countof(checks))
		return true;
	if (checks[i].by_list)
		json_push_str(a, json_put(a, in, checks[i].member, json_new_array(a)), value);
	else
		json_put_str(a, in, checks[i].member, value);
	if (cloud_call(s->c,
		&(struct cloud_request){
		    .service = checks[i].service, .action = checks[i].operation, .in = in },
		&answer, err)) {
		*out = json_count(json_get(answer, checks[i].answer)) > 0;
		return true;
	}
	if (err->code.len == 0)
		return false;
	err_clear(err); /* whatever the service says against it: there is no such thing */
	*out = false;
	return true;
}

bool
stack_check_existence(
    struct cfn_stack *s, const struct cfn_resolver *r, str *reason, struct err *err)
{
	bool found;

	*reason = S("");
	for (size_t i = 0; i < r->t->parameter_count; i++) {
		const struct cfn_parameter *p = &r->t->parameters[i];
		const struct json *value = json_get_str(r->values, p->name);
		const struct json *one = json_is(value, JSON_ARRAY) ? value->first : value;

		for (; one != NULL; one = one == value ? NULL : one->next) {
			if (!exists(s, p->element_type, json_str(one), &found, err))
				return false;
			if (found)
				continue;
			*reason = str_fmt(s->c->a,
			    "Parameter validation failed: parameter value " STR_FMT
			    " for parameter name " STR_FMT " does not exist. ",
			    STR_ARG(json_str(one)), STR_ARG(p->name));
			return true;
		}
	}
	return true;
}
