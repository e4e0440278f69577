/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ec2/zone.c: availability zones: three in every region. AWS shuffles names over ids for
 * each account; here a is az1 for all.
 */
#include "cloud/ec2/internal.h"

#include "base/buf.h"

#define ZONES 3

static const struct {
	const char *word, *letters;
} directions[] = {
	{ "central", "c" },
	{ "east", "e" },
	{ "gov", "g" },
	{ "north", "n" },
	{ "northeast", "ne" },
	{ "northwest", "nw" },
	{ "south", "s" },
	{ "southeast", "se" },
	{ "southwest", "sw" },
	{ "west", "w" },
};

str
ec2_zone_name(struct arena *a, str region, size_t index)
{
	if (index >= ZONES)
		return (str){ 0 };
	return str_fmt(a, STR_FMT "%c", STR_ARG(region), (char)('a' + index));
}

/* "us-gov-west-1" is "usgw1". */
str
ec2_zone_id(struct arena *a, str region, size_t index)
{
	struct buf b = buf_in(a);

	for (str rest = region, word; str_cut(&rest, '-', &word);) {
		const char *letters = NULL;

		for (size_t i = 0; i < countof(directions); i++)
			if (str_is(word, directions[i].word))
				letters = directions[i].letters;
		buf_add(&b, letters == NULL ? word : str_of(letters));
	}
	buf_fmt(&b, "-az%zu", index + 1);
	return buf_str(&b);
}

static struct json *
make(struct call *c, size_t index)
{
	struct json *z = json_new_object(c->a);

	json_put_str(c->a, z, "OptInStatus", S("opt-in-not-required"));
	json_put_str(c->a, z, "RegionName", c->region);
	json_put_str(c->a, z, "ZoneName", ec2_zone_name(c->a, c->region, index));
	json_put_str(c->a, z, "ZoneId", ec2_zone_id(c->a, c->region, index));
	json_put_str(c->a, z, "GroupName", str_cat(c->a, c->region, S("-zg-1")));
	json_put_str(c->a, z, "NetworkBorderGroup", c->region);
	json_put_str(c->a, z, "ZoneType", S("availability-zone"));
	json_put_str(c->a, z, "State", S("available"));
	return z;
}

/* Every name in the list must be a zone's. */
static bool
check_named(
    struct call *c, const char *member, str (*name)(struct arena *, str, size_t), struct err *err)
{
	for (const struct json *n = json_first(json_get(c->in, member)); n != NULL; n = n->next) {
		size_t i = 0;

		while (i < ZONES && !str_eq(name(c->a, c->region, i), json_str(n)))
			i++;
		if (i == ZONES)
			return err_code(err, ERR_INVALID, "InvalidParameterValue",
			    "Invalid availability zone: [" STR_FMT "]", STR_ARG(json_str(n)));
	}
	return true;
}

bool
ec2_describe_availability_zones(struct call *c, struct err *err)
{
	static const struct ec2_filter filters[] = {
		{ "group-name", "GroupName" },
		{ "opt-in-status", "OptInStatus" },
		{ "region-name", "RegionName" },
		{ "state", "State" },
		{ "zone-id", "ZoneId" },
		{ "zone-name", "ZoneName" },
		{ "zone-type", "ZoneType" },
	};
	const struct json *names = json_get(c->in, "ZoneNames"), *ids = json_get(c->in, "ZoneIds");
	struct json *list = json_put(c->a, c->out, "AvailabilityZones", json_new_array(c->a));

	if (!check_named(c, "ZoneNames", ec2_zone_name, err) ||
	    !check_named(c, "ZoneIds", ec2_zone_id, err))
		return false;
	for (size_t i = 0; i < ZONES; i++) {
		struct json *z = make(c, i);
		bool takes;

		if (!ec2_filters_take(c, filters, countof(filters), z, &takes, err))
			return false;
		if (takes &&
		    (json_count(names) == 0 ||
			json_has_str(names, json_str(json_get(z, "ZoneName")))) &&
		    (json_count(ids) == 0 || json_has_str(ids, json_str(json_get(z, "ZoneId")))))
			json_push(c->a, list, z);
	}
	return true;
}
