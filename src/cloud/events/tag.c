/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/events/tag.c: the tags of buses and rules, which stand in their rows. */
#include "cloud/events/internal.h"

#define MAX_TAGS 50

static const struct input_rule rules[] = {
	{ "ResourceARN", 1, 1600, NULL, NULL },
	{ "Tags[].Key", 1, 128, NULL, NULL },
	{ "Tags[].Value", 0, 256, NULL, NULL },
	{ "TagKeys[]", 1, 128, NULL, NULL },
};

static bool
not_found(str arn, struct err *err)
{
	return err_code(err, ERR_NOT_FOUND, "ResourceNotFoundException",
	    "Resource " STR_FMT " does not exist.", STR_ARG(arn));
}

/* "rule/name" or "rule/bus/name" */
static bool
load_rule(struct call *c, str rest, struct item *out, struct err *err)
{
	struct events_bus bus;
	str first, bus_name = S("default");
	bool found;

	(void)str_cut(&rest, '/', &first); /* there is always a first piece */
	if (rest.ptr != NULL) {
		bus_name = first;
		first = rest;
	}
	if (!events_bus_find(c, bus_name, &bus, &found, err))
		return false;
	return events_rule_load(c, &bus, first, out, err);
}

static bool
load_bus(struct call *c, str text, struct json **body, struct err *err)
{
	struct events_bus bus;
	bool found;

	if (!events_bus_find(c, text, &bus, &found, err))
		return false;
	if (!found)
		return not_found(text, err);
	if (bus.row != NULL) {
		*body = json_copy_shallow(c->a, bus.row);
		return true;
	}
	*body = row_new(c, row_here(c, "events", "bus"), bus.name);
	json_put_str(c->a, *body, "arn", bus.arn);
	return true;
}

static bool
load(struct call *c, struct json **body, struct err *err)
{
	str text = json_str(json_get(c->in, "ResourceARN"));
	struct events_arn arn;
	struct item item;

	if (!INPUT_CHECK(c, rules, err))
		return false;
	if (!events_arn_read(text, &arn) || !str_is(arn.service, "events") ||
	    !str_eq(arn.account, c->account) || !str_eq(arn.region, c->region))
		return not_found(text, err);
	if (str_starts(arn.resource, S("event-bus/")))
		return load_bus(c, text, body, err);
	if (!str_starts(arn.resource, S("rule/")))
		return not_found(text, err);
	if (!load_rule(c, str_from(arn.resource, sizeof("rule/") - 1), &item, err))
		return false;
	*body = row_change(c, &item);
	return true;
}

bool
events_list_tags_for_resource(struct call *c, struct err *err)
{
	struct json *body;

	if (!load(c, &body, err))
		return false;
	json_put(
	    c->a, c->out, "Tags", tags_with(c->a, json_get(body, "tags"), NULL, "Key", "Value"));
	return true;
}

static bool
put(struct call *c, struct json *body, const struct json *tags, struct err *err)
{
	if (json_count(tags) > MAX_TAGS)
		return err_code(err, ERR_INVALID, "LimitExceededException",
		    "A resource may have %d tags at most.", MAX_TAGS);
	json_set(c->a, body, "tags", tags);
	return row_put(c, body, err);
}

bool
events_tag_resource(struct call *c, struct err *err)
{
	struct json *body;

	return load(c, &body, err) &&
	    put(c, body,
		tags_with(c->a, json_get(body, "tags"), json_get(c->in, "Tags"), "Key", "Value"),
		err);
}

bool
events_untag_resource(struct call *c, struct err *err)
{
	struct json *body;

	return load(c, &body, err) &&
	    put(c, body,
		tags_without(c->a, json_get(body, "tags"), json_get(c->in, "TagKeys"), "Key"), err);
}
