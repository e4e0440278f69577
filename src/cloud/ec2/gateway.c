/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/ec2/gateway.c: internet gateways; an attached one lies in its VPC. */
#include "cloud/ec2/internal.h"

bool
ec2_create_internet_gateway(struct call *c, struct err *err)
{
	struct json *row, *shape;

	if (!ec2_new(c, &ec2_gateway, S(""), &row, &shape, err))
		return false;
	json_put_str(c->a, shape, "OwnerId", c->account);
	json_put(c->a, shape, "Attachments", json_new_array(c->a));
	ec2_answer(c, "InternetGateway", row);
	return row_put(c, row, err);
}

static bool
refuse_any(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	(void)c;
	(void)row;
	return err_code(err, ERR_CONFLICT, "InvalidParameterValue",
	    "Network " STR_FMT " already has an internet gateway attached",
	    STR_ARG(*(const str *)cookie));
}

bool
ec2_attach_internet_gateway(struct call *c, struct err *err)
{
	struct json *row, *shape, *attachment = json_new_object(c->a);
	struct item gateway, vpc;
	str attached;

	if (!ec2_load_given(c, &ec2_gateway, &gateway, err) ||
	    !ec2_load_given(c, &ec2_vpc, &vpc, err))
		return false;
	attached = json_str(json_get(gateway.body, "ref"));
	if (attached.len > 0)
		return err_code(err, ERR_CONFLICT, "Resource.AlreadyAssociated",
		    "resource " STR_FMT " is already attached to network " STR_FMT,
		    STR_ARG(gateway.sk), STR_ARG(attached));
	if (!ec2_each_in_vpc(c, &ec2_gateway, vpc.sk, refuse_any, &vpc.sk, err))
		return false;
	row = ec2_change(c, &gateway, &shape);
	json_put_str(c->a, attachment, "State", S("available"));
	json_put_str(c->a, attachment, "VpcId", vpc.sk);
	json_set(c->a, shape, "Attachments", json_new_array(c->a));
	json_push(c->a, (struct json *)json_get(shape, "Attachments"), attachment);
	json_set_str(c->a, row, "ref", vpc.sk);
	json_set_str(c->a, row, "refSort",
	    str_fmt(c->a, "%s#" STR_FMT, ec2_gateway.name, STR_ARG(gateway.sk)));
	return row_put(c, row, err);
}

bool
ec2_detach_internet_gateway(struct call *c, struct err *err)
{
	struct json *row, *shape;
	struct item gateway, vpc;

	if (!ec2_load_given(c, &ec2_gateway, &gateway, err) ||
	    !ec2_load_given(c, &ec2_vpc, &vpc, err))
		return false;
	if (!str_eq(json_str(json_get(gateway.body, "ref")), vpc.sk))
		return err_code(err, ERR_CONFLICT, "Gateway.NotAttached",
		    "resource " STR_FMT " is not attached to network " STR_FMT, STR_ARG(gateway.sk),
		    STR_ARG(vpc.sk));
	row = ec2_change(c, &gateway, &shape);
	json_set(c->a, shape, "Attachments", json_new_array(c->a));
	json_remove(row, "ref");
	json_remove(row, "refSort");
	return row_put(c, row, err);
}

bool
ec2_describe_internet_gateways(struct call *c, struct err *err)
{
	static const struct ec2_filter filters[] = {
		{ "attachment.state", "Attachments[].State" },
		{ "attachment.vpc-id", "Attachments[].VpcId" },
		{ "internet-gateway-id", "InternetGatewayId" },
		{ "owner-id", "OwnerId" },
	};
	static const struct ec2_listing listing = { &ec2_gateway, "InternetGatewayIds",
		"InternetGateways", filters, countof(filters), NULL };

	return ec2_describe(c, &listing, err);
}

bool
ec2_delete_internet_gateway(struct call *c, struct err *err)
{
	struct item gateway;

	if (!ec2_load_given(c, &ec2_gateway, &gateway, err))
		return false;
	if (json_get(gateway.body, "ref") != NULL)
		return ec2_dependency_violation(err, "internetGateway", gateway.sk);
	return row_del(c, gateway.pk, gateway.sk, err);
}
