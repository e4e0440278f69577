/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ec2/rule.c: rules of security groups.
 *
 * A group keeps single rules, one peer each, as SecurityGroupRules shows them. IpPermissions, in
 * which one entry holds many peers, are taken apart when they come in and put together when they
 * are shown.
 */
#include "cloud/ec2/internal.h"

#define MAX_RULES 60 /* of one group in one direction */

/* --- peers ------------------------------------------------------------------------------- */

static bool
malformed(str text, struct err *err)
{
	return err_code(err, ERR_INVALID, "InvalidParameterValue",
	    "CIDR block " STR_FMT " is malformed", STR_ARG(text));
}

static bool
read_cidr(struct call *c, const struct json *peer, str text, str *out, struct err *err)
{
	struct ec2_cidr cidr;

	(void)peer;
	if (!ec2_cidr_parse(text, &cidr))
		return malformed(text, err);
	*out = ec2_cidr_text(c->a, &cidr);
	return true;
}

static bool
read_cidr6(struct call *c, const struct json *peer, str text, str *out, struct err *err)
{
	(void)c;
	(void)peer;
	*out = text;
	return ec2_cidr6_is(text) || malformed(text, err);
}

static bool
read_prefix_list(struct call *c, const struct json *peer, str text, str *out, struct err *err)
{
	(void)c;
	(void)peer;
	(void)out;
	return err_code(err, ERR_NOT_FOUND, "InvalidPrefixListID.NotFound",
	    "The prefix list ID '" STR_FMT "' does not exist", STR_ARG(text));
}

static bool
read_group(struct call *c, const struct json *peer, str text, str *out, struct err *err)
{
	str owner = json_str(json_get(peer, "UserId"));
	struct item group;

	if (owner.len > 0 && !str_eq(owner, c->account))
		return err_code(err, ERR_NOT_FOUND, "InvalidGroup.NotFound",
		    "You have specified two resources that belong to different networks.");
	*out = text;
	return ec2_load(c, &ec2_group, text, &group, err);
}

/* A list of IpPermissions, the member of its elements, and of a rule. */
static const struct peer {
	const char *list, *given, *kept;
	bool (*read)(struct call *c, const struct json *peer, str text, str *out, struct err *err);
} peers[] = {
	{ "IpRanges", "CidrIp", "CidrIpv4", read_cidr },
	{ "Ipv6Ranges", "CidrIpv6", "CidrIpv6", read_cidr6 },
	{ "PrefixListIds", "PrefixListId", "PrefixListId", read_prefix_list },
	{ "UserIdGroupPairs", "GroupId", "ReferencedGroupId", read_group },
};

static const struct peer *
peer_of(const struct json *rule)
{
	for (size_t i = 0; i + 1 < countof(peers); i++)
		if (json_get(rule, peers[i].kept) != NULL)
			return &peers[i];
	return &peers[countof(peers) - 1];
}

/* --- protocol and ports ------------------------------------------------------------------ */

static const struct protocol {
	const char *number, *name;
	bool ports;
} protocols[] = {
	{ "-1", "-1", false },
	{ "1", "icmp", false },
	{ "6", "tcp", true },
	{ "17", "udp", true },
	{ "58", "icmpv6", false },
};

static bool
read_protocol(const struct json *permission, str *name, bool *ports, struct err *err)
{
	str given = json_str(json_get(permission, "IpProtocol"));
	int64_t number;

	*ports = false;
	*name = given;
	for (size_t i = 0; i < countof(protocols); i++) {
		if (str_is(given, protocols[i].number) || str_is(given, protocols[i].name)) {
			*name = str_of(protocols[i].name);
			*ports = protocols[i].ports;
			return true;
		}
	}
	if (given.len == 0)
		return err_code(err, ERR_INVALID, "MissingParameter",
		    "The request must contain the parameter ipProtocol");
	if (str_to_i64(given, &number) && number >= 0 && number <= 255)
		return true;
	return err_code(err, ERR_INVALID, "InvalidParameterValue",
	    "Invalid value '" STR_FMT "' for IP protocol. Unknown protocol.", STR_ARG(given));
}

/* Protocols without ports keep what EC2 shows for "all". ICMP's are type and code. */
static bool
read_ports(struct call *c, const struct json *permission, struct json *rule, struct err *err)
{
	const struct json *from = json_get(permission, "FromPort"),
			  *to = json_get(permission, "ToPort");
	int64_t first = json_i64(from, -1), last = json_i64(to, -1);
	bool ports;
	str name;

	if (!read_protocol(permission, &name, &ports, err))
		return false;
	if (ports && (from == NULL || to == NULL))
		return err_code(err, ERR_INVALID, "InvalidParameterValue",
		    "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.");
	if (ports ? first < 0 || last > 65535 || first > last
		  : first < -1 || first > 255 || last < -1 || last > 255)
		return err_code(err, ERR_INVALID, "InvalidParameterValue",
		    "Invalid value '%lld-%lld' for portRange.", (long long)first, (long long)last);
	json_put_str(c->a, rule, "IpProtocol", name);
	json_put_i64(c->a, rule, "FromPort", str_is(name, "-1") ? -1 : first);
	json_put_i64(c->a, rule, "ToPort", str_is(name, "-1") ? -1 : last);
	return true;
}

/* --- permissions taken apart ------------------------------------------------------------- */

static struct json *
new_rule(struct arena *a, bool egress)
{
	struct json *rule = json_new_object(a);

	json_put_str(a, rule, "SecurityGroupRuleId", ec2_id(a, "sgr-"));
	json_put_bool(a, rule, "IsEgress", egress);
	return rule;
}

struct json *
ec2_rule_all(struct arena *a, bool egress)
{
	struct json *rule = new_rule(a, egress);

	json_put_str(a, rule, "IpProtocol", S("-1"));
	json_put_i64(a, rule, "FromPort", -1);
	json_put_i64(a, rule, "ToPort", -1);
	json_put_str(a, rule, "CidrIpv4", S("0.0.0.0/0"));
	return rule;
}

static bool
take_apart_peers(struct call *c, const struct json *permission, bool egress,
    const struct peer *kind, struct json *out, struct err *err)
{
	const struct json *list = json_get(permission, kind->list);

	for (const struct json *p = json_first(list); p != NULL; p = p->next) {
		struct json *rule = new_rule(c->a, egress);
		str value;

		if (!read_ports(c, permission, rule, err) ||
		    !kind->read(c, p, json_str(json_get(p, kind->given)), &value, err))
			return false;
		json_put_str(c->a, rule, kind->kept, value);
		json_put(c->a, rule, "Description", json_get(p, "Description"));
		json_push(c->a, out, rule);
	}
	return true;
}

/* The short form of one permission, in members of the input itself. */
static const struct json *
short_form(struct call *c)
{
	struct json *permission = json_new_object(c->a), *range = json_new_object(c->a);
	static const char *const same[] = { "IpProtocol", "FromPort", "ToPort" };

	if (json_get(c->in, "CidrIp") == NULL)
		return NULL;
	for (size_t i = 0; i < countof(same); i++)
		json_put(c->a, permission, same[i], json_get(c->in, same[i]));
	json_put(c->a, range, "CidrIp", json_get(c->in, "CidrIp"));
	json_push(c->a, json_put(c->a, permission, "IpRanges", json_new_array(c->a)), range);
	return permission;
}

static bool
take_apart(struct call *c, bool egress, struct json *out, struct err *err)
{
	const struct json *alone = short_form(c);
	const struct json *p = alone != NULL ? alone : json_first(json_get(c->in, "IpPermissions"));

	for (; p != NULL; p = p->next) {
		size_t before = json_count(out);

		for (size_t i = 0; i < countof(peers); i++)
			if (!take_apart_peers(c, p, egress, &peers[i], out, err))
				return false;
		if (json_count(out) == before)
			return err_code(err, ERR_INVALID, "InvalidParameterValue",
			    "A permission must name at least one IP range, prefix list or group.");
	}
	return true;
}

static bool
is_same(const struct json *x, const struct json *y)
{
	static const char *const compared[] = { "IsEgress", "IpProtocol", "FromPort", "ToPort" };
	const char *kept = peer_of(x)->kept;

	for (size_t i = 0; i < countof(compared); i++)
		if (!str_eq(json_scalar(json_get(x, compared[i])),
			json_scalar(json_get(y, compared[i]))))
			return false;
	return json_get(y, kept) != NULL &&
	    str_eq(json_str(json_get(x, kept)), json_str(json_get(y, kept)));
}

static const struct json *
find_same(const struct json *rules, const struct json *rule)
{
	for (const struct json *r = json_first(rules); r != NULL; r = r->next)
		if (is_same(r, rule))
			return r;
	return NULL;
}

/* --- shown ------------------------------------------------------------------------------- */

struct json *
ec2_rule_permissions(struct call *c, const struct json *rules, bool egress)
{
	static const char *const key[] = { "IpProtocol", "FromPort", "ToPort" };
	struct json *list = json_new_array(c->a);

	for (const struct json *r = json_first(rules); r != NULL; r = r->next) {
		const struct peer *kind = peer_of(r);
		struct json *permission = NULL, *peer;

		if (json_bool(json_get(r, "IsEgress"), false) != egress)
			continue;
		for (struct json *p = list->first; p != NULL; p = p->next)
			if (str_eq(json_str(json_get(p, "IpProtocol")),
				json_str(json_get(r, "IpProtocol"))) &&
			    json_i64(json_get(p, "FromPort"), -1) ==
				json_i64(json_get(r, "FromPort"), -1) &&
			    json_i64(json_get(p, "ToPort"), -1) ==
				json_i64(json_get(r, "ToPort"), -1))
				permission = p;
		if (permission == NULL) {
			permission = json_push(c->a, list, json_new_object(c->a));
			for (size_t i = 0; i < countof(key); i++)
				if (i == 0 || !str_is(json_str(json_get(r, key[0])), "-1"))
					json_put(c->a, permission, key[i], json_get(r, key[i]));
			for (size_t i = 0; i < countof(peers); i++)
				json_put(c->a, permission, peers[i].list, json_new_array(c->a));
		}
		peer = json_push(
		    c->a, (struct json *)json_get(permission, kind->list), json_new_object(c->a));
		json_put(c->a, peer, kind->given, json_get(r, kind->kept));
		json_put(c->a, peer, "Description", json_get(r, "Description"));
		if (str_is(str_of(kind->given), "GroupId"))
			json_put_str(c->a, peer, "UserId", c->account);
	}
	return list;
}

/* A rule as SecurityGroupRules shows it. */
static struct json *
show_rule(struct call *c, const struct json *group, const struct json *rule)
{
	struct json *out = json_copy_shallow(c->a, rule), *info;
	const struct json *referenced = json_get(rule, "ReferencedGroupId");

	json_put(c->a, out, "GroupId", json_get(group, "sk"));
	json_put_str(c->a, out, "GroupOwnerId", c->account);
	if (json_get(out, "tags") == NULL)
		json_put(c->a, out, "Tags", json_new_array(c->a));
	if (referenced != NULL) {
		info = json_put(c->a, out, "ReferencedGroupInfo", json_new_object(c->a));
		json_put(c->a, info, "GroupId", referenced);
		json_put_str(c->a, info, "UserId", c->account);
		json_remove(out, "ReferencedGroupId");
	}
	return out;
}

static bool
gather(struct call *c, const struct item *group, void *cookie, struct err *err)
{
	static const struct ec2_filter filters[] = {
		{ "group-id", "GroupId" },
		{ "security-group-rule-id", "SecurityGroupRuleId" },
	};
	const struct json *ids = json_get(c->in, "SecurityGroupRuleIds");
	bool takes;

	for (const struct json *r = json_first(json_get(group->body, "rules")); r != NULL;
	     r = r->next) {
		struct json *shown = show_rule(c, group->body, r);
		bool named = json_count(ids) == 0;

		for (const struct json *id = json_first(ids); id != NULL; id = id->next)
			named = named ||
			    str_eq(json_str(id), json_str(json_get(r, "SecurityGroupRuleId")));
		if (!ec2_filters_take(c, filters, countof(filters), shown, &takes, err))
			return false;
		if (named && takes)
			json_push(c->a, cookie, shown);
	}
	return true;
}

static bool
no_such_rule(str id, struct err *err)
{
	return err_code(err, ERR_NOT_FOUND, "InvalidSecurityGroupRuleId.NotFound",
	    "The security group rule ID '" STR_FMT "' does not exist", STR_ARG(id));
}

static const struct json *
find_by_id(const struct json *rules, str id)
{
	for (const struct json *r = json_first(rules); r != NULL; r = r->next)
		if (str_eq(json_str(json_get(r, "SecurityGroupRuleId")), id))
			return r;
	return NULL;
}

bool
ec2_describe_security_group_rules(struct call *c, struct err *err)
{
	const struct store_query q = { .hash = row_here(c, "ec2", ec2_group.name) };
	const struct json *ids = json_get(c->in, "SecurityGroupRuleIds");
	struct json *list = json_new_array(c->a);

	if (!row_each(c, &q, gather, list, err))
		return false;
	for (const struct json *id = json_first(ids); id != NULL; id = id->next)
		if (json_count(json_get(c->in, "Filters")) == 0 &&
		    find_by_id(list, json_str(id)) == NULL)
			return no_such_rule(json_str(id), err);
	return paginate(c, list, "SecurityGroupRules",
	    json_i64(json_get(c->in, "MaxResults"), 1000), json_str(json_get(c->in, "NextToken")),
	    "NextToken", err);
}

/* --- authorize --------------------------------------------------------------------------- */

static bool
duplicate(const struct json *rule, struct err *err)
{
	return err_code(err, ERR_CONFLICT, "InvalidPermission.Duplicate",
	    "the specified rule \"peer: " STR_FMT ", " STR_FMT ", from port: " STR_FMT
	    ", to port: " STR_FMT ", ALLOW\" already exists",
	    STR_ARG(json_str(json_get(rule, peer_of(rule)->kept))),
	    STR_ARG(json_str(json_get(rule, "IpProtocol"))),
	    STR_ARG(json_scalar(json_get(rule, "FromPort"))),
	    STR_ARG(json_scalar(json_get(rule, "ToPort"))));
}

static size_t
count_direction(const struct json *rules, bool egress)
{
	size_t n = 0;

	for (const struct json *r = json_first(rules); r != NULL; r = r->next)
		n += json_bool(json_get(r, "IsEgress"), false) == egress;
	return n;
}

static bool
missing_group(struct call *c, struct err *err)
{
	return json_str(json_get(c->in, "GroupId")).len == 0 &&
	    !err_code(err, ERR_INVALID, "MissingParameter",
		"The request must contain the parameter groupName or groupId");
}

static bool
authorize(struct call *c, bool egress, struct err *err)
{
	struct json *added = json_new_array(c->a), *shown = json_new_array(c->a), *row, *rules;
	struct item group;

	if (missing_group(c, err) || !ec2_load_given(c, &ec2_group, &group, err) ||
	    !take_apart(c, egress, added, err))
		return false;
	row = row_change(c, &group);
	rules = ec2_copy_list(c->a, json_get(row, "rules"));
	for (const struct json *r = json_first(added); r != NULL; r = r->next) {
		if (find_same(rules, r) != NULL)
			return duplicate(r, err);
		json_push(c->a, rules, r);
		json_push(c->a, shown, show_rule(c, row, r));
	}
	if (json_count(added) == 0)
		return err_code(err, ERR_INVALID, "MissingParameter",
		    "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.");
	if (count_direction(rules, egress) > MAX_RULES)
		return err_code(err, ERR_INVALID, "RulesPerSecurityGroupLimitExceeded",
		    "The maximum number of rules per security group has been reached.");
	json_set(c->a, row, "rules", rules);
	json_put_bool(c->a, c->out, "Return", true);
	json_put(c->a, c->out, "SecurityGroupRules", shown);
	return row_put(c, row, err) && ec2_group_users(c, group.body, row, err);
}

bool
ec2_authorize_ingress(struct call *c, struct err *err)
{
	return authorize(c, false, err);
}

bool
ec2_authorize_egress(struct call *c, struct err *err)
{
	return authorize(c, true, err);
}

/* --- revoke ------------------------------------------------------------------------------ */

static bool
choose_by_id(
    struct call *c, const struct json *rules, bool egress, struct json *out, struct err *err)
{
	const struct json *ids = json_get(c->in, "SecurityGroupRuleIds");

	for (const struct json *id = json_first(ids); id != NULL; id = id->next) {
		const struct json *r = find_by_id(rules, json_str(id));

		if (r == NULL || json_bool(json_get(r, "IsEgress"), false) != egress)
			return no_such_rule(json_str(id), err);
		json_push(c->a, out, r);
	}
	return true;
}

static bool
choose_by_permission(
    struct call *c, const struct json *rules, bool egress, struct json *out, struct err *err)
{
	struct json *given = json_new_array(c->a);

	if (!take_apart(c, egress, given, err))
		return false;
	for (const struct json *g = json_first(given); g != NULL; g = g->next) {
		const struct json *r = find_same(rules, g);

		if (r == NULL)
			return err_code(err, ERR_NOT_FOUND, "InvalidPermission.NotFound",
			    "The specified rule does not exist in this security group.");
		json_push(c->a, out, r);
	}
	return true;
}

static bool
revoke(struct call *c, bool egress, struct err *err)
{
	struct json *revoked = json_new_array(c->a), *left = json_new_array(c->a), *shown, *row;
	const struct json *rules;
	struct item group;

	if (missing_group(c, err) || !ec2_load_given(c, &ec2_group, &group, err))
		return false;
	row = row_change(c, &group);
	rules = json_get(row, "rules");
	if (!choose_by_id(c, rules, egress, revoked, err) ||
	    !choose_by_permission(c, rules, egress, revoked, err))
		return false;
	shown = json_put(c->a, c->out, "RevokedSecurityGroupRules", json_new_array(c->a));
	for (const struct json *r = json_first(rules); r != NULL; r = r->next) {
		if (find_same(revoked, r) == NULL) {
			json_push(c->a, left, r);
			continue;
		}
		json_put(c->a, json_push(c->a, shown, r), "GroupId", json_get(row, "sk"));
	}
	json_set(c->a, row, "rules", left);
	json_put_bool(c->a, c->out, "Return", true);
	return row_put(c, row, err) && ec2_group_users(c, group.body, row, err);
}

bool
ec2_revoke_ingress(struct call *c, struct err *err)
{
	return revoke(c, false, err);
}

bool
ec2_revoke_egress(struct call *c, struct err *err)
{
	return revoke(c, true, err);
}
