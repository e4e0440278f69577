/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/catalog/provisioned.c: what is provisioned and what was done about it, as it is asked for.
 */
#include "cloud/catalog/internal.h"

bool
catalog_provisioned_find(struct call *c, str id, str name, const struct json **row, struct err *err)
{
	struct json *rows;

	if (id.len != 0)
		return catalog_find(c, "provisioned", c->account, id, row, err);
	*row = NULL;
	if (!catalog_list_by(c, "name", catalog_pair(c, c->account, name), &rows, err))
		return false;
	for (const struct json *r = json_first(rows); r != NULL; r = r->next)
		if (str_eq(json_str(json_get(r, "region")), c->region))
			*row = r;
	return true;
}

void
catalog_set_detail(struct call *c, struct json *row, const char *member, str value)
{
	struct json *detail = json_copy_shallow(c->a, json_get(row, "detail"));

	json_set_str(c->a, detail, member, value);
	json_set(c->a, row, "detail", detail);
}

static bool
load_named(
    struct call *c, const char *id, const char *name, const struct json **row, struct err *err)
{
	str by_id = catalog_in(c, id), by_name = catalog_in(c, name);

	return catalog_one_of(c, id, name, err) &&
	    catalog_provisioned_find(c, by_id, by_name, row, err) &&
	    (*row != NULL ||
		catalog_missing(err, "Provisioned product", by_id.len != 0 ? by_id : by_name));
}

bool
catalog_describe_provisioned(struct call *c, struct err *err)
{
	const struct json *row;

	if (!load_named(c, "Id", "Name", &row, err))
		return false;
	json_put(c->a, c->out, "ProvisionedProductDetail", json_get(row, "detail"));
	json_put(c->a, c->out, "CloudWatchDashboards", json_new_array(c->a));
	return true;
}

/* --- who may see what ------------------------------------------------------------- */

enum level { LEVEL_USER, LEVEL_ROLE, LEVEL_ACCOUNT };

static bool
read_level(struct call *c, enum level *level, struct err *err)
{
	static const char *const names[] = {
		[LEVEL_USER] = "User", [LEVEL_ROLE] = "Role", [LEVEL_ACCOUNT] = "Account"
	};
	const struct json *filter = json_get(c->in, "AccessLevelFilter");
	str key = json_str(json_get(filter, "Key")), value = json_str(json_get(filter, "Value"));

	*level = LEVEL_USER;
	if (filter == NULL)
		return true;
	for (size_t i = 0; i < countof(names); i++)
		if (str_is(key, names[i]) && str_is(value, "self")) {
			*level = (enum level)i;
			return true;
		}
	return catalog_invalid(err,
	    "AccessLevelFilter takes Key Account, Role or User with Value self, not " STR_FMT
	    " with " STR_FMT ".",
	    STR_ARG(key), STR_ARG(value));
}

static bool
may_see(const struct call *c, enum level level, const struct json *row)
{
	str role = c->who->kind == PRINCIPAL_ROLE ? c->who->role_arn : c->who->arn;

	switch (level) {
	case LEVEL_USER:
		return str_eq(json_str(json_get(row, "userArnSession")), c->who->arn);
	case LEVEL_ROLE:
		return str_eq(json_str(json_get(row, "userArn")), role);
	case LEVEL_ACCOUNT:
		return true;
	}
	return false;
}

static bool
list_seen(struct call *c, struct json **seen, struct err *err)
{
	struct json *rows;
	enum level level;

	*seen = json_new_array(c->a);
	if (!read_level(c, &level, err) ||
	    !catalog_list(c, "provisioned", c->account, S(""), &rows, err))
		return false;
	for (const struct json *r = json_first(rows); r != NULL; r = r->next)
		if (may_see(c, level, r))
			json_push(c->a, *seen, r);
	return true;
}

bool
catalog_scan_provisioned(struct call *c, struct err *err)
{
	struct json *rows;

	return list_seen(c, &rows, err) &&
	    catalog_page(c, catalog_details(c, rows), "ProvisionedProducts", err);
}

/* --- searching -------------------------------------------------------------------- */

/* The product's stack; of one that is still being made, its record knows it. */
static bool
find_stack(struct call *c, const struct json *row, const struct json **physical_id, struct err *err)
{
	str last = json_str(json_path(row, "detail", "LastProvisioningRecordId", NULL));
	const struct json *record;

	*physical_id = json_get(row, "physicalId");
	if (*physical_id != NULL)
		return true;
	if (!catalog_find(c, "record", c->account, last, &record, err))
		return false;
	*physical_id = json_get(record, "physicalId");
	return true;
}

/* What a search shows: the detail but for the role, and what is only told here. */
static struct json *
attributes(struct call *c, const struct json *row, const struct json *physical_id)
{
	static const struct {
		const char *from, *to;
	} more[] = {
		{ "tags", "Tags" },
		{ "productName", "ProductName" },
		{ "artifactName", "ProvisioningArtifactName" },
		{ "userArn", "UserArn" },
		{ "userArnSession", "UserArnSession" },
	};
	struct json *one = json_copy_shallow(c->a, json_get(row, "detail"));

	json_remove(one, "LaunchRoleArn");
	json_put(c->a, one, "PhysicalId", physical_id);
	for (size_t i = 0; i < countof(more); i++)
		json_put(c->a, one, more[i].to, json_get(row, more[i].from));
	return one;
}

/* Fields as queries name them: "name" is Name, "productId" is ProductId. */
static bool
field_matches(const struct json *one, str field, str value)
{
	static const char *const fields[] = { "Arn", "CreatedTime", "Id", "LastRecordId",
		"IdempotencyToken", "Name", "PhysicalId", "ProductId", "ProvisioningArtifactId",
		"Type", "Status", "UserArn", "UserArnSession", "LastProvisioningRecordId",
		"LastSuccessfulProvisioningRecordId", "ProductName", "ProvisioningArtifactName" };

	for (size_t i = 0; i < countof(fields); i++)
		if ((field.len == 0 || str_eq_nocase(field, str_of(fields[i]))) &&
		    str_eq_nocase(json_scalar(json_get(one, fields[i])), value))
			return true;
	for (const struct json *t = json_first(json_get(one, "Tags")); t != NULL; t = t->next)
		if ((field.len == 0 || str_eq_nocase(field, S("tags"))) &&
		    (str_eq_nocase(json_str(json_get(t, "Key")), value) ||
			str_eq_nocase(json_str(json_get(t, "Value")), value)))
			return true;
	return false;
}

static str
unquoted(str s)
{
	if (s.len >= 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"')
		return str_sub(s, 1, s.len - 2);
	return s;
}

/* "status:AVAILABLE", "name:\"a\"", or a value of any field. All queries must hold. */
static bool
passes(struct call *c, const struct json *one)
{
	const struct json *queries = json_path(c->in, "Filters", "SearchQuery", NULL);

	for (const struct json *q = json_first(queries); q != NULL; q = q->next) {
		str text = str_trim(json_str(q)), field = S(""), value = unquoted(text);
		size_t colon = str_find_char(text, ':');

		if (colon < text.len && !str_starts(text, S("arn:")) && text.ptr[0] != '"') {
			field = str_sub(text, 0, colon);
			value = unquoted(str_trim(str_from(text, colon + 1)));
		}
		if (!field_matches(one, field, value))
			return false;
	}
	return true;
}

static bool
check_search(struct call *c, struct err *err)
{
	static const struct input_rule rules[] = {
		{ "SortBy", 1, 0, NULL, "arn id name lastRecordId" },
		{ "SortOrder", 1, 0, NULL, "ASCENDING DESCENDING" },
	};

	for (const struct json *f = json_first(json_get(c->in, "Filters")); f != NULL; f = f->next)
		if (!str_is(f->key, "SearchQuery"))
			return catalog_invalid(
			    err, "There is no filter " STR_FMT ".", STR_ARG(f->key));
	return input_check(c, rules, countof(rules), err);
}

static str
sort_key(struct call *c, const struct json *one)
{
	static const struct {
		const char *by, *member;
	} members[] = {
		{ "arn", "Arn" },
		{ "id", "Id" },
		{ "name", "Name" },
		{ "lastRecordId", "LastRecordId" },
	};

	for (size_t i = 0; i < countof(members); i++)
		if (str_is(catalog_in(c, "SortBy"), members[i].by))
			return json_str(json_get(one, members[i].member));
	return S(""); /* as they came */
}

bool
catalog_search_provisioned(struct call *c, struct err *err)
{
	struct json *rows, *list = json_new_array(c->a);

	if (!check_search(c, err) || !list_seen(c, &rows, err))
		return false;
	for (const struct json *r = json_first(rows); r != NULL; r = r->next) {
		const struct json *physical_id, *one;

		if (!find_stack(c, r, &physical_id, err))
			return false;
		one = attributes(c, r, physical_id);
		if (passes(c, one))
			json_push(c->a, list, one);
	}
	json_put_i64(c->a, c->out, "TotalResultsCount", (int64_t)json_count(list));
	return catalog_page(c, catalog_sorted(c, list, sort_key), "ProvisionedProducts", err);
}

/* --- records ---------------------------------------------------------------------- */

static const struct json *
outputs_of(struct call *c, const struct json *record)
{
	const struct json *outputs = json_get(record, "outputs");

	return outputs == NULL ? json_new_array(c->a) : outputs;
}

bool
catalog_describe_record(struct call *c, struct err *err)
{
	str id = catalog_in(c, "Id");
	const struct json *row;

	if (!catalog_find(c, "record", c->account, id, &row, err))
		return false;
	if (row == NULL)
		return catalog_missing(err, "Record", id);
	json_put(c->a, c->out, "RecordDetail", json_get(row, "detail"));
	return catalog_page(c, outputs_of(c, row), "RecordOutputs", err);
}

static bool
is_wanted(const struct json *keys, str key)
{
	return json_count(keys) == 0 || json_has_str(keys, key);
}

bool
catalog_outputs(struct call *c, struct err *err)
{
	const struct json *keys = json_get(c->in, "OutputKeys"), *row, *record;
	struct json *list = json_new_array(c->a);
	str last;

	if (!load_named(c, "ProvisionedProductId", "ProvisionedProductName", &row, err))
		return false;
	last = json_str(json_path(row, "detail", "LastSuccessfulProvisioningRecordId", NULL));
	if (!catalog_find(c, "record", c->account, last, &record, err))
		return false;
	for (const struct json *o = json_first(outputs_of(c, record)); o != NULL; o = o->next)
		if (is_wanted(keys, json_str(json_get(o, "OutputKey"))))
			json_push(c->a, list, o);
	for (const struct json *k = json_first(keys); k != NULL; k = k->next) {
		bool known = false;

		for (const struct json *o = json_first(list); o != NULL; o = o->next)
			known |= str_eq(json_str(json_get(o, "OutputKey")), json_str(k));
		if (!known)
			return catalog_invalid(
			    err, "There is no output " STR_FMT ".", STR_ARG(json_str(k)));
	}
	return catalog_page(c, list, "Outputs", err);
}

/* The member of a record's detail that a SearchFilter is about. */
static bool
search_member(struct call *c, const char **member, struct err *err)
{
	str key = json_str(json_path(c->in, "SearchFilter", "Key", NULL));

	*member = NULL;
	if (str_is(key, "product"))
		*member = "ProductId";
	else if (str_is(key, "provisionedproduct"))
		*member = "ProvisionedProductId";
	else if (json_get(c->in, "SearchFilter") != NULL)
		return catalog_invalid(err,
		    "SearchFilter takes Key product or provisionedproduct, not " STR_FMT ".",
		    STR_ARG(key));
	return true;
}

/* Newest first. */
bool
catalog_list_records(struct call *c, struct err *err)
{
	struct store_query q = {
		.index = S("byRef"),
		.hash = catalog_ref(c, "records", catalog_pair(c, c->account, c->region)),
		.descending = true,
	};
	str value = json_str(json_path(c->in, "SearchFilter", "Value", NULL));
	struct json *list = json_new_array(c->a);
	const char *member;
	enum level level;
	struct store_page page;

	if (!read_level(c, &level, err) || !search_member(c, &member, err))
		return false;
	do {
		if (!row_query(c, &q, &page, err))
			return false;
		for (size_t i = 0; i < page.count; i++) {
			const struct json *detail = json_get(page.items[i].body, "detail");

			if (may_see(c, level, page.items[i].body) &&
			    (member == NULL || str_eq(json_str(json_get(detail, member)), value)))
				json_push(c->a, list, detail);
		}
		q.start_after = page.next;
	} while (page.next.len != 0);
	return catalog_page(c, list, "RecordDetails", err);
}
