/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/ec2/tag.c: tags of any resource, by its id alone. */
#include "cloud/ec2/internal.h"

#define MAX_TAGS 50

static bool
load_any(struct call *c, str id, struct item *out, struct err *err)
{
	const struct ec2_kind *kind = ec2_kind_of(id);

	if (kind == NULL)
		return err_code(err, ERR_INVALID, "InvalidID", "The ID '" STR_FMT "' is not valid",
		    STR_ARG(id));
	return ec2_load(c, kind, id, out, err);
}

static bool
check_tags(const struct json *tags, struct err *err)
{
	for (const struct json *t = json_first(tags); t != NULL; t = t->next) {
		str key = json_str(json_get(t, "Key")), value = json_str(json_get(t, "Value"));

		if (key.len == 0 || key.len > 127 * 4)
			return err_code(err, ERR_INVALID, "InvalidParameterValue",
			    "Tag keys must have 1 to 127 characters");
		if (value.len > 255 * 4)
			return err_code(err, ERR_INVALID, "InvalidParameterValue",
			    "Tag value exceeds the maximum length of 255 characters");
	}
	return true;
}

/* Makes of a resource's tags what they shall be. */
static bool
change_each(struct call *c,
    bool (*change)(
	struct call *c, const struct json *old, const struct json **out, struct err *err),
    struct err *err)
{
	const struct json *ids = json_get(c->in, "Resources");

	for (const struct json *id = json_first(ids); id != NULL; id = id->next) {
		const struct json *tags;
		struct json *row;
		struct item item;

		if (!load_any(c, json_str(id), &item, err) ||
		    !change(c, json_get(item.body, "tags"), &tags, err))
			return false;
		row = row_change(c, &item);
		json_set(c->a, row, "tags", tags);
		if (!row_put(c, row, err))
			return false;
	}
	return true;
}

static bool
add(struct call *c, const struct json *old, const struct json **out, struct err *err)
{
	*out = tags_with(c->a, old, json_get(c->in, "Tags"), "Key", "Value");
	return json_count(*out) <= MAX_TAGS ||
	    err_code(err, ERR_INVALID, "TagLimitExceeded",
		"You have reached the maximum number of tags (%d) for this resource.", MAX_TAGS);
}

bool
ec2_create_tags(struct call *c, struct err *err)
{
	return check_tags(json_get(c->in, "Tags"), err) && change_each(c, add, err);
}

/* A tag goes when its key is named, and its value too or none; all go when none is named. */
static bool
is_named(const struct json *named, const struct json *tag)
{
	for (const struct json *n = json_first(named); n != NULL; n = n->next) {
		const struct json *value = json_get(n, "Value");

		if (str_eq(json_str(json_get(n, "Key")), json_str(json_get(tag, "Key"))) &&
		    (value == NULL || str_eq(json_str(value), json_str(json_get(tag, "Value")))))
			return true;
	}
	return json_count(named) == 0;
}

static bool
drop(struct call *c, const struct json *old, const struct json **out, struct err *err)
{
	const struct json *named = json_get(c->in, "Tags");
	struct json *left = json_new_array(c->a);

	(void)err;
	for (const struct json *t = json_first(old); t != NULL; t = t->next)
		if (!is_named(named, t))
			json_push(c->a, left, t);
	*out = left;
	return true;
}

bool
ec2_delete_tags(struct call *c, struct err *err)
{
	return change_each(c, drop, err);
}

/* --- describe ---------------------------------------------------------------------------- */

static bool
gather(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	static const struct ec2_filter filters[] = {
		{ "key", "Key" },
		{ "resource-id", "ResourceId" },
		{ "resource-type", "ResourceType" },
		{ "value", "Value" },
	};
	const struct ec2_kind *kind = ec2_kind_of(row->sk);

	for (const struct json *t = json_first(json_get(row->body, "tags")); t != NULL;
	     t = t->next) {
		struct json *shown = json_new_object(c->a), *self;
		bool takes;

		json_put(c->a, shown, "Key", json_get(t, "Key"));
		json_put_str(c->a, shown, "ResourceId", row->sk);
		json_put_str(c->a, shown, "ResourceType", str_of(kind->name));
		json_put(c->a, shown, "Value", json_get(t, "Value"));
		/* "tag:key" asks the tag itself. */
		self = json_put(c->a, shown, "Tags", json_new_array(c->a));
		json_push(c->a, self, t);
		if (!ec2_filters_take(c, filters, countof(filters), shown, &takes, err))
			return false;
		json_remove(shown, "Tags");
		if (takes)
			json_push(c->a, cookie, shown);
	}
	return true;
}

bool
ec2_describe_tags(struct call *c, struct err *err)
{
	struct json *list = json_new_array(c->a);

	for (size_t i = 0; ec2_kinds[i] != NULL; i++) {
		const struct store_query q = { .hash = row_here(c, "ec2", ec2_kinds[i]->name) };

		if (!row_each(c, &q, gather, list, err))
			return false;
	}
	return paginate(c, list, "Tags", json_i64(json_get(c->in, "MaxResults"), 1000),
	    json_str(json_get(c->in, "NextToken")), "NextToken", err);
}
