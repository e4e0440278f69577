/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/ec2/group.c: security groups; their rules are in rule.c. */
#include "cloud/ec2/internal.h"

#define MAX_GROUPS 2500 /* of an account in a region */

/* Value of the index in which a VPC's groups stand by their names. */
static str
by_name(struct call *c, str vpc, str name)
{
	return str_fmt(c->a, STR_FMT "#group#" STR_FMT, STR_ARG(vpc), STR_ARG(name));
}

/* --- make ------------------------------------------------------------------------------------- */

bool
ec2_group_make(
    struct call *c, str vpc, str name, str description, struct json **row, struct err *err)
{
	bool is_default = str_is(name, "default");
	struct json *shape, *rules;

	if (!ec2_new(c, &ec2_group, vpc, row, &shape, err))
		return false;
	json_put_str(c->a, *row, "ref2", by_name(c, vpc, name));
	json_put_str(c->a, *row, "refSort2", json_str(json_get(*row, "sk")));
	json_put_str(c->a, shape, "GroupName", name);
	json_put_str(c->a, shape, "Description", description);
	json_put_str(c->a, shape, "VpcId", vpc);
	json_put_str(c->a, shape, "OwnerId", c->account);
	json_put_str(c->a, shape, "SecurityGroupArn",
	    arn_make(c->a, "ec2", c->region, c->account, "security-group/" STR_FMT,
		STR_ARG(json_str(json_get(*row, "sk")))));
	rules = json_put(c->a, *row, "rules", json_new_array(c->a));
	json_push(c->a, rules, ec2_rule_all(c->a, true));
	json_put_bool(c->a, *row, "cameWithVpc", is_default);
	if (is_default) {
		struct json *among_itself = json_push(c->a, rules, ec2_rule_all(c->a, false));

		json_remove(among_itself, "CidrIpv4");
		json_put(c->a, among_itself, "ReferencedGroupId", json_get(*row, "sk"));
	}
	return true;
}

static bool
check_new(struct call *c, str vpc, str name, struct err *err)
{
	const struct store_query q = {
		.index = S("byRef2"), .hash = by_name(c, vpc, name), .brief = true, .limit = 1
	};
	struct store_page page;
	bool has;

	if (!row_query(c, &q, &page, err))
		return false;
	if (page.count > 0)
		return err_code(err, ERR_CONFLICT, "InvalidGroup.Duplicate",
		    "The security group '" STR_FMT "' already exists for VPC '" STR_FMT "'",
		    STR_ARG(name), STR_ARG(vpc));
	if (!row_has_room(c, row_here(c, "ec2", ec2_group.name), MAX_GROUPS, &has, err))
		return false;
	return has ||
	    err_code(err, ERR_INVALID, "SecurityGroupLimitExceeded",
		"The maximum number of security groups has been reached.");
}

/* The characters that EC2 takes in names and descriptions. */
static bool
is_plain(str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < ' ' || s.ptr[i] > '~' ||
		    str_find_char(S("\"%'<>?\\^`|~"), s.ptr[i]) < sizeof("\"%'<>?\\^`|~") - 1)
			return false;
	return s.len > 0 && s.len <= 255;
}

static bool
check_texts(str name, str description, struct err *err)
{
	static const char rule[] = "Character sets beyond ASCII are not supported; up to 255 of: "
				   "a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*";

	if (!is_plain(name))
		return err_code(err, ERR_INVALID, "InvalidParameterValue",
		    "Value (" STR_FMT ") for parameter GroupName is invalid. %s", STR_ARG(name),
		    rule);
	if (!is_plain(description))
		return err_code(err, ERR_INVALID, "InvalidParameterValue",
		    "Value (" STR_FMT ") for parameter GroupDescription is invalid. %s",
		    STR_ARG(description), rule);
	if (str_starts(name, S("sg-")))
		return err_code(err, ERR_INVALID, "InvalidParameterValue",
		    "Value (" STR_FMT
		    ") for parameter GroupName is invalid. Group names may not be in "
		    "the format sg-*.",
		    STR_ARG(name));
	return true;
}

bool
ec2_create_security_group(struct call *c, struct err *err)
{
	str name = json_str(json_get(c->in, "GroupName"));
	str description = json_str(json_get(c->in, "Description"));
	struct item vpc;
	struct json *row;

	if (!check_texts(name, description, err))
		return false;
	if (json_str(json_get(c->in, "VpcId")).len == 0)
		return err_code(
		    err, ERR_INVALID, "VPCIdNotSpecified", "No default VPC for this user");
	if (!ec2_load_given(c, &ec2_vpc, &vpc, err) || !check_new(c, vpc.sk, name, err) ||
	    !ec2_group_make(c, vpc.sk, name, description, &row, err))
		return false;
	json_put(c->a, c->out, "GroupId", json_get(row, "sk"));
	json_put(
	    c->a, c->out, "SecurityGroupArn", json_path(row, "shape", "SecurityGroupArn", NULL));
	json_put(c->a, c->out, "Tags", json_get(row, "tags"));
	return row_put(c, row, err);
}

/* --- show -------------------------------------------------------------------------------- */

bool
ec2_group_show(struct call *c, const struct json *row, struct json *out, struct err *err)
{
	const struct json *rules = json_get(row, "rules");

	(void)err;
	(void)ec2_show(c, row, out);
	json_put(c->a, out, "IpPermissions", ec2_rule_permissions(c, rules, false));
	json_put(c->a, out, "IpPermissionsEgress", ec2_rule_permissions(c, rules, true));
	return true;
}

bool
ec2_describe_security_groups(struct call *c, struct err *err)
{
	static const struct ec2_filter filters[] = {
		{ "description", "Description" },
		{ "egress.ip-permission.cidr", "IpPermissionsEgress[].IpRanges[].CidrIp" },
		{ "egress.ip-permission.group-id",
		    "IpPermissionsEgress[].UserIdGroupPairs[].GroupId" },
		{ "egress.ip-permission.protocol", "IpPermissionsEgress[].IpProtocol" },
		{ "group-id", "GroupId" },
		{ "group-name", "GroupName" },
		{ "ip-permission.cidr", "IpPermissions[].IpRanges[].CidrIp" },
		{ "ip-permission.from-port", "IpPermissions[].FromPort" },
		{ "ip-permission.group-id", "IpPermissions[].UserIdGroupPairs[].GroupId" },
		{ "ip-permission.protocol", "IpPermissions[].IpProtocol" },
		{ "ip-permission.to-port", "IpPermissions[].ToPort" },
		{ "owner-id", "OwnerId" },
		{ "vpc-id", "VpcId" },
	};
	static const struct ec2_listing listing = { &ec2_group, "GroupIds", "SecurityGroups",
		filters, countof(filters), ec2_group_show };

	/* Names alone find groups in a default VPC, of which there is none. */
	if (json_count(json_get(c->in, "GroupNames")) > 0)
		return err_code(err, ERR_NOT_FOUND, "InvalidGroup.NotFound",
		    "The security group '" STR_FMT "' does not exist",
		    STR_ARG(json_str(json_at(json_get(c->in, "GroupNames"), 0))));
	return ec2_describe(c, &listing, err);
}

/* --- who names a group --------------------------------------------------------------------- */

static str
users(struct call *c, str group)
{
	return str_fmt(
	    c->a, STR_FMT "#" STR_FMT, STR_ARG(row_here(c, "ec2", "group-user")), STR_ARG(group));
}

static void
add_name(struct call *c, struct json *ids, const struct json *row, str id)
{
	if (id.len > 0 && !str_eq(id, json_str(json_get(row, "sk"))) && !json_has_str(ids, id))
		json_push_str(c->a, ids, id);
}

/* An interface names the groups that it is a member of, a group those in its rules but itself. */
static struct json *
named_by(struct call *c, const struct json *row)
{
	struct json *ids = json_new_array(c->a);
	const struct json *e;

	for (e = json_first(json_path(row, "shape", "Groups", NULL)); e != NULL; e = e->next)
		add_name(c, ids, row, json_str(json_get(e, "GroupId")));
	for (e = json_first(json_get(row, "rules")); e != NULL; e = e->next)
		add_name(c, ids, row, json_str(json_get(e, "ReferencedGroupId")));
	return ids;
}

bool
ec2_group_users(
    struct call *c, const struct json *before, const struct json *after, struct err *err)
{
	str user = json_str(json_get(after != NULL ? after : before, "sk"));
	struct json *old = named_by(c, before), *now = named_by(c, after);

	for (const struct json *id = json_first(old); id != NULL; id = id->next)
		if (!json_has_str(now, json_str(id)) &&
		    !row_del(c, users(c, json_str(id)), user, err))
			return false;
	for (const struct json *id = json_first(now); id != NULL; id = id->next)
		if (!json_has_str(old, json_str(id)) &&
		    !row_put(c, row_new(c, users(c, json_str(id)), user), err))
			return false;
	return true;
}

/* --- delete ------------------------------------------------------------------------------ */

static bool
in_use(str id, struct err *err)
{
	return err_code(err, ERR_CONFLICT, "DependencyViolation",
	    "resource " STR_FMT " has a dependent object", STR_ARG(id));
}

bool
ec2_delete_security_group(struct call *c, struct err *err)
{
	struct store_query users_of = { .brief = true, .limit = 1 };
	struct store_page page;
	struct item item;

	if (json_str(json_get(c->in, "GroupId")).len == 0)
		return err_code(err, ERR_INVALID, "MissingParameter",
		    "The request must contain the parameter GroupName or GroupId");
	if (!ec2_load_given(c, &ec2_group, &item, err))
		return false;
	if (json_bool(json_get(item.body, "cameWithVpc"), false))
		return err_code(err, ERR_CONFLICT, "CannotDelete",
		    "the specified group: \"" STR_FMT
		    "\" name: \"default\" cannot be deleted by a user",
		    STR_ARG(item.sk));
	users_of.hash = users(c, item.sk);
	if (!row_query(c, &users_of, &page, err))
		return false;
	if (page.count > 0)
		return in_use(item.sk, err);
	json_put_bool(c->a, c->out, "Return", true);
	json_put_str(c->a, c->out, "GroupId", item.sk);
	return ec2_group_users(c, item.body, NULL, err) && row_del(c, item.pk, item.sk, err);
}
