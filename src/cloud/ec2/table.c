/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/ec2/table.c: route tables, their routes, and the subnets that use them. */
#include "cloud/ec2/internal.h"

#define MAX_ROUTES 500

/* --- make and show ----------------------------------------------------------------------- */

static struct json *
new_route(struct call *c, str destination, str gateway, const char *origin)
{
	struct json *r = json_new_object(c->a);

	json_put_str(c->a, r, "DestinationCidrBlock", destination);
	json_put_str(c->a, r, "GatewayId", gateway);
	json_put_str(c->a, r, "Origin", str_of(origin));
	json_put_str(c->a, r, "State", S("active"));
	return r;
}

static struct json *
new_association(struct call *c, str table, str subnet)
{
	struct json *x = json_new_object(c->a);

	json_put_bool(c->a, x, "Main", subnet.len == 0);
	json_put_str(c->a, x, "RouteTableAssociationId", ec2_id(c->a, "rtbassoc-"));
	json_put_str(c->a, x, "RouteTableId", table);
	if (subnet.len > 0)
		json_put_str(c->a, x, "SubnetId", subnet);
	json_put_str(c->a, json_put(c->a, x, "AssociationState", json_new_object(c->a)), "State",
	    S("associated"));
	return x;
}

bool
ec2_table_make(
    struct call *c, const struct item *vpc, bool is_main, struct json **row, struct err *err)
{
	struct json *shape, *associations;

	if (!ec2_new(c, &ec2_table, vpc->sk, row, &shape, err))
		return false;
	json_put_str(c->a, shape, "VpcId", vpc->sk);
	json_put_str(c->a, shape, "OwnerId", c->account);
	json_push(c->a, json_put(c->a, shape, "Routes", json_new_array(c->a)),
	    new_route(c, ec2_text(vpc->body, "CidrBlock"), S("local"), "CreateRouteTable"));
	associations = json_put(c->a, shape, "Associations", json_new_array(c->a));
	if (is_main)
		json_push(
		    c->a, associations, new_association(c, json_str(json_get(*row, "sk")), S("")));
	json_put_bool(c->a, *row, "cameWithVpc", is_main);
	return true;
}

/* A route through a gateway that is not attached to the table's VPC leads nowhere. */
static bool
show(struct call *c, const struct json *row, struct json *out, struct err *err)
{
	struct json *routes = json_new_array(c->a);

	(void)ec2_show(c, row, out);
	for (const struct json *r = json_first(json_get(out, "Routes")); r != NULL; r = r->next) {
		struct json *shown = json_push(c->a, routes, json_copy_shallow(c->a, r));
		str gateway = json_str(json_get(r, "GatewayId"));
		struct item item;
		bool found;

		if (str_is(gateway, "local"))
			continue;
		if (!row_find(c, row_here(c, "ec2", ec2_gateway.name), gateway, &item, &found, err))
			return false;
		if (!found || !str_eq(json_str(json_get(item.body, "ref")), ec2_text(row, "VpcId")))
			json_set_str(c->a, shown, "State", S("blackhole"));
	}
	json_set(c->a, out, "Routes", routes);
	return true;
}

bool
ec2_create_route_table(struct call *c, struct err *err)
{
	struct json *row;
	struct item vpc;

	if (!ec2_load_given(c, &ec2_vpc, &vpc, err) || !ec2_table_make(c, &vpc, false, &row, err))
		return false;
	ec2_answer(c, "RouteTable", row);
	json_put(c->a, c->out, "ClientToken", json_get(c->in, "ClientToken"));
	return row_put(c, row, err);
}

bool
ec2_describe_route_tables(struct call *c, struct err *err)
{
	static const struct ec2_filter filters[] = {
		{ "association.main", "Associations[].Main" },
		{ "association.route-table-association-id",
		    "Associations[].RouteTableAssociationId" },
		{ "association.route-table-id", "Associations[].RouteTableId" },
		{ "association.subnet-id", "Associations[].SubnetId" },
		{ "owner-id", "OwnerId" },
		{ "route-table-id", "RouteTableId" },
		{ "route.destination-cidr-block", "Routes[].DestinationCidrBlock" },
		{ "route.gateway-id", "Routes[].GatewayId" },
		{ "route.origin", "Routes[].Origin" },
		{ "route.state", "Routes[].State" },
		{ "vpc-id", "VpcId" },
	};
	static const struct ec2_listing listing = { &ec2_table, "RouteTableIds", "RouteTables",
		filters, countof(filters), show };

	return ec2_describe(c, &listing, err);
}

bool
ec2_delete_route_table(struct call *c, struct err *err)
{
	struct item table;

	if (!ec2_load_given(c, &ec2_table, &table, err))
		return false;
	if (json_count(json_path(table.body, "shape", "Associations", NULL)) > 0)
		return ec2_dependency_violation(err, "routeTable", table.sk);
	return row_del(c, table.pk, table.sk, err);
}

/* A shape's list without the elements that have this text under member; *dropped tells if any. */
static struct json *
without(struct arena *a, const struct json *list, const char *member, str text, bool *dropped)
{
	struct json *out = json_new_array(a);

	*dropped = false;
	for (const struct json *e = json_first(list); e != NULL; e = e->next) {
		if (str_eq(json_str(json_get(e, member)), text))
			*dropped = true;
		else
			json_push(a, out, e);
	}
	return out;
}

/* --- routes ------------------------------------------------------------------------------ */

static bool
read_destination(struct call *c, str *out, struct err *err)
{
	str given = json_str(json_get(c->in, "DestinationCidrBlock"));
	struct ec2_cidr cidr;

	if (given.len == 0)
		return err_code(err, ERR_INVALID, "MissingParameter",
		    "The request must contain the parameter destinationCidrBlock");
	if (!ec2_cidr_parse(given, &cidr))
		return err_code(err, ERR_INVALID, "InvalidParameterValue",
		    "Value (" STR_FMT
		    ") for parameter destinationCidrBlock is invalid. This is not a "
		    "valid CIDR block.",
		    STR_ARG(given));
	*out = ec2_cidr_text(c->a, &cidr);
	return true;
}

static bool
check_gateway(struct call *c, const struct item *table, str id, struct err *err)
{
	struct item gateway;
	bool found;

	if (id.len == 0)
		return err_code(err, ERR_INVALID, "MissingParameter",
		    "The request must contain exactly one target: the local cloud routes to internet "
		    "gateways, in gatewayId.");
	if (!row_find(c, row_here(c, "ec2", ec2_gateway.name), id, &gateway, &found, err))
		return false;
	if (!found)
		return err_code(err, ERR_NOT_FOUND, "InvalidGatewayID.NotFound",
		    "The gateway ID '" STR_FMT "' does not exist", STR_ARG(id));
	if (!str_eq(json_str(json_get(gateway.body, "ref")), ec2_text(table->body, "VpcId")))
		return err_code(err, ERR_CONFLICT, "InvalidParameterValue",
		    "route table " STR_FMT " and network gateway " STR_FMT
		    " belong to different networks",
		    STR_ARG(table->sk), STR_ARG(id));
	return true;
}

bool
ec2_create_route(struct call *c, struct err *err)
{
	str destination, gateway = json_str(json_get(c->in, "GatewayId"));
	struct json *row, *shape, *routes;
	struct item table;
	bool stands;

	if (!ec2_load_given(c, &ec2_table, &table, err) ||
	    !read_destination(c, &destination, err) || !check_gateway(c, &table, gateway, err))
		return false;
	row = ec2_change(c, &table, &shape);
	routes =
	    without(c->a, json_get(shape, "Routes"), "DestinationCidrBlock", destination, &stands);
	if (stands)
		return err_code(err, ERR_CONFLICT, "RouteAlreadyExists",
		    "The route identified by " STR_FMT " already exists.", STR_ARG(destination));
	if (json_count(routes) >= MAX_ROUTES)
		return err_code(err, ERR_INVALID, "RouteLimitExceeded",
		    "The maximum number of routes has been reached.");
	json_push(c->a, routes, new_route(c, destination, gateway, "CreateRoute"));
	json_set(c->a, shape, "Routes", routes);
	json_put_bool(c->a, c->out, "Return", true);
	return row_put(c, row, err);
}

bool
ec2_delete_route(struct call *c, struct err *err)
{
	struct json *row, *shape, *routes;
	struct item table;
	str destination;
	bool dropped;

	if (!ec2_load_given(c, &ec2_table, &table, err) || !read_destination(c, &destination, err))
		return false;
	row = ec2_change(c, &table, &shape);
	if (str_eq(destination,
		json_str(json_get(json_at(json_get(shape, "Routes"), 0), "DestinationCidrBlock"))))
		return err_code(err, ERR_CONFLICT, "InvalidParameterValue",
		    "cannot remove local route " STR_FMT " in route table " STR_FMT,
		    STR_ARG(destination), STR_ARG(table.sk));
	routes =
	    without(c->a, json_get(shape, "Routes"), "DestinationCidrBlock", destination, &dropped);
	if (!dropped)
		return err_code(err, ERR_NOT_FOUND, "InvalidRoute.NotFound",
		    "no route with destination-cidr-block " STR_FMT " in route table " STR_FMT,
		    STR_ARG(destination), STR_ARG(table.sk));
	json_set(c->a, shape, "Routes", routes);
	return row_put(c, row, err);
}

/* --- associations ------------------------------------------------------------------------ */

static bool
refuse_if_associated(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	const struct json *associations = json_path(row->body, "shape", "Associations", NULL);

	(void)c;
	for (const struct json *x = json_first(associations); x != NULL; x = x->next)
		if (str_eq(json_str(json_get(x, "SubnetId")), *(const str *)cookie))
			return err_code(err, ERR_CONFLICT, "Resource.AlreadyAssociated",
			    "the specified association for route table " STR_FMT
			    " conflicts with an existing association",
			    STR_ARG(row->sk));
	return true;
}

bool
ec2_associate_route_table(struct call *c, struct err *err)
{
	struct json *row, *shape, *associations, *mine;
	struct item table, subnet;
	str vpc;

	if (!ec2_load_given(c, &ec2_table, &table, err) ||
	    !ec2_load_given(c, &ec2_subnet, &subnet, err))
		return false;
	vpc = ec2_text(table.body, "VpcId");
	if (!str_eq(vpc, ec2_text(subnet.body, "VpcId")))
		return err_code(err, ERR_CONFLICT, "InvalidParameterValue",
		    "Route table " STR_FMT " and subnet " STR_FMT " belong to different networks",
		    STR_ARG(table.sk), STR_ARG(subnet.sk));
	if (!ec2_each_in_vpc(c, &ec2_table, vpc, refuse_if_associated, &subnet.sk, err))
		return false;
	row = ec2_change(c, &table, &shape);
	associations = ec2_copy_list(c->a, json_get(shape, "Associations"));
	mine = json_push(c->a, associations, new_association(c, table.sk, subnet.sk));
	json_set(c->a, shape, "Associations", associations);
	json_put(c->a, c->out, "AssociationId", json_get(mine, "RouteTableAssociationId"));
	json_put(c->a, c->out, "AssociationState", json_get(mine, "AssociationState"));
	return row_put(c, row, err);
}

/* Takes an association out of whichever table has it. */
struct ending {
	const char *member;
	str text;
	bool done;
};

static bool
end_association(struct call *c, const struct item *item, void *cookie, struct err *err)
{
	struct json *row, *shape, *left;
	struct ending *e = cookie;
	bool dropped;

	row = ec2_change(c, item, &shape);
	left = without(c->a, json_get(shape, "Associations"), e->member, e->text, &dropped);
	if (!dropped)
		return true;
	e->done = true;
	json_set(c->a, shape, "Associations", left);
	return row_put(c, row, err);
}

static bool
refuse_main(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	const struct json *associations = json_path(row->body, "shape", "Associations", NULL);

	(void)c;
	for (const struct json *x = json_first(associations); x != NULL; x = x->next)
		if (json_bool(json_get(x, "Main"), false) &&
		    str_eq(json_str(json_get(x, "RouteTableAssociationId")), *(const str *)cookie))
			return err_code(err, ERR_CONFLICT, "InvalidParameterValue",
			    "cannot disassociate the main route table association " STR_FMT,
			    STR_ARG(*(const str *)cookie));
	return true;
}

bool
ec2_disassociate_route_table(struct call *c, struct err *err)
{
	const struct store_query q = { .hash = row_here(c, "ec2", ec2_table.name) };
	struct ending e = { .member = "RouteTableAssociationId" };

	e.text = json_str(json_get(c->in, "AssociationId"));
	if (!row_each(c, &q, refuse_main, &e.text, err) ||
	    !row_each(c, &q, end_association, &e, err))
		return false;
	return e.done ||
	    err_code(err, ERR_NOT_FOUND, "InvalidAssociationID.NotFound",
		"The association ID '" STR_FMT "' does not exist", STR_ARG(e.text));
}

bool
ec2_table_forget_subnet(struct call *c, str vpc, str subnet, struct err *err)
{
	struct ending e = { .member = "SubnetId", .text = subnet };

	return ec2_each_in_vpc(c, &ec2_table, vpc, end_association, &e, err);
}
