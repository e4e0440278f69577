/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/catalog/artifact.c: versions of products ("provisioning artifacts"). A version's template
 * is the catalog's own copy, so it stays what it was when the version was made.
 */
#include "cloud/catalog/internal.h"

static bool
check_type(str type, struct err *err)
{
	if (type.len == 0 || str_is(type, "CLOUD_FORMATION_TEMPLATE"))
		return true;
	return catalog_invalid(err,
	    "The local cloud knows versions of type CLOUD_FORMATION_TEMPLATE only, not " STR_FMT
	    ".",
	    STR_ARG(type));
}

/* Where the template is to be read. */
static bool
template_source(const struct json *properties, str *url, struct err *err)
{
	const struct json *info = json_get(properties, "Info");

	*url = json_str(json_get(info, "LoadTemplateFromURL"));
	if (json_count(info) == 1 && url->len != 0)
		return true;
	return catalog_invalid(
	    err, "Info must hold LoadTemplateFromURL and nothing else in the local cloud.");
}

static struct json *
new_artifact(struct call *c, str product, str id, int64_t nth, const struct json *properties)
{
	struct json *row = catalog_new(c, "artifact", catalog_pair(c, product, id));
	struct json *detail = json_put(c->a, row, "detail", json_new_object(c->a));

	json_put_str(c->a, detail, "Id", id);
	json_put(c->a, detail, "Name", json_get(properties, "Name"));
	json_put(c->a, detail, "Description", json_get(properties, "Description"));
	json_put_str(c->a, detail, "Type", S("CLOUD_FORMATION_TEMPLATE"));
	json_put(c->a, detail, "CreatedTime", time_json(c->a, c->now_ms));
	json_put_bool(c->a, detail, "Active", true);
	json_put_str(c->a, detail, "Guidance", S("DEFAULT"));
	json_put_str(c->a, row, "productId", product);
	json_put_str(c->a, row, "ref", catalog_ref(c, "artifact", product));
	json_put_str(c->a, row, "refSort", str_fmt(c->a, "%08lld", (long long)nth));
	return row;
}

bool
catalog_artifact_add(struct call *c, const struct json *product, const struct json *properties,
    const struct json **row, struct err *err)
{
	str id = catalog_id(c, "pa"), product_id = json_str(json_get(product, "sk")), url;
	bool check = !json_bool(json_get(properties, "DisableTemplateValidation"), false);
	struct json *others, *last;
	int64_t nth = 0;

	if (!check_type(json_str(json_get(properties, "Type")), err) ||
	    !template_source(properties, &url, err) ||
	    !catalog_artifact_list(c, product_id, &others, err) ||
	    !catalog_template_keep(c, url, id, check, err))
		return false;
	last = others->last; /* the newest: numbers are not used twice while it stands */
	if (last != NULL && !str_to_i64(json_str(json_get(last, "refSort")), &nth))
		nth = 0;
	*row = new_artifact(c, product_id, id, nth + 1, properties);
	return row_put(c, *row, err);
}

bool
catalog_artifact_list(struct call *c, str product, struct json **rows, struct err *err)
{
	return catalog_list_by(c, "artifact", product, rows, err);
}

bool
catalog_artifact_named(struct call *c, const struct json *product, str id, str name,
    const struct json **row, struct err *err)
{
	struct json *rows;

	*row = NULL;
	if (!catalog_artifact_list(c, json_str(json_get(product, "sk")), &rows, err))
		return false;
	for (const struct json *r = json_first(rows); r != NULL; r = r->next) {
		const struct json *detail = json_get(r, "detail");

		if (id.len != 0 ? !str_eq(json_str(json_get(detail, "Id")), id)
				: !str_eq(json_str(json_get(detail, "Name")), name))
			continue;
		if (*row != NULL)
			return catalog_invalid(err,
			    "Multiple Provisioning Artifact with name " STR_FMT " found.",
			    STR_ARG(name));
		*row = r;
	}
	return *row != NULL ||
	    catalog_missing(err, "Provisioning artifact", id.len != 0 ? id : name);
}

bool
catalog_artifact_del(struct call *c, const struct json *row, struct err *err)
{
	return catalog_template_del(c, json_str(json_path(row, "detail", "Id", NULL)), err) &&
	    catalog_del(c, "artifact", c->account, json_str(json_get(row, "sk")), err);
}

/* --- actions ---------------------------------------------------------------------- */

static void
show(struct call *c, const struct json *row)
{
	struct json *info = json_new_object(c->a);
	str id = json_str(json_path(row, "detail", "Id", NULL));

	json_put_str(c->a, info, "TemplateUrl", catalog_template_url(c, id));
	json_put(c->a, c->out, "ProvisioningArtifactDetail", json_get(row, "detail"));
	json_put(c->a, c->out, "Info", info);
	json_put_str(c->a, c->out, "Status", catalog_status(c, row));
}

static bool
make_artifact(struct call *c, struct err *err)
{
	const struct json *product, *row;
	struct json *changed;

	if (!catalog_product_own(c, catalog_in(c, "ProductId"), &product, err) ||
	    !catalog_artifact_add(c, product, json_get(c->in, "Parameters"), &row, err))
		return false;
	changed = json_copy_shallow(c->a, product);
	json_set(c->a, changed, "artifacts",
	    json_new_i64(c->a, json_i64(json_get(product, "artifacts"), 1) + 1));
	show(c, row);
	return row_put(c, changed, err);
}

bool
catalog_create_artifact(struct call *c, struct err *err)
{
	return catalog_once(c, "IdempotencyToken", make_artifact, err);
}

bool
catalog_describe_artifact(struct call *c, struct err *err)
{
	const struct json *product, *row;

	if (!catalog_product_named(c, "ProductId", "ProductName", &product, err) ||
	    !catalog_one_of(c, "ProvisioningArtifactId", "ProvisioningArtifactName", err) ||
	    !catalog_artifact_named(c, product, catalog_in(c, "ProvisioningArtifactId"),
		catalog_in(c, "ProvisioningArtifactName"), &row, err))
		return false;
	show(c, row);
	if (!json_bool(json_get(c->in, "Verbose"), false))
		json_set(c->a, c->out, "Info", json_new_object(c->a));
	if (!json_bool(json_get(c->in, "IncludeProvisioningArtifactParameters"), false))
		return true;
	return catalog_template_describe(
	    c, json_str(json_path(row, "detail", "Id", NULL)), false, err);
}

bool
catalog_list_artifacts(struct call *c, struct err *err)
{
	str product = catalog_in(c, "ProductId");
	const struct json *row;
	struct json *rows;

	if (!catalog_product_load(c, product, &row, err) ||
	    !catalog_artifact_list(c, product, &rows, err))
		return false;
	json_put(c->a, c->out, "ProvisioningArtifactDetails", catalog_details(c, rows));
	return true;
}

static bool
load_own(struct call *c, const struct json **row, struct err *err)
{
	const struct json *product;

	return catalog_product_own(c, catalog_in(c, "ProductId"), &product, err) &&
	    catalog_artifact_named(
		c, product, catalog_in(c, "ProvisioningArtifactId"), S(""), row, err);
}

bool
catalog_update_artifact(struct call *c, struct err *err)
{
	static const char *const members[] = { "Name", "Description", "Active", "Guidance" };
	static const struct input_rule rules[] = {
		{ "Guidance", 1, 0, NULL, "DEFAULT DEPRECATED" },
	};
	struct json *changed, *detail;
	const struct json *row;

	if (!input_check(c, rules, countof(rules), err) || !load_own(c, &row, err))
		return false;
	changed = json_copy_shallow(c->a, row);
	detail = json_copy_shallow(c->a, json_get(row, "detail"));
	for (size_t i = 0; i < countof(members); i++)
		if (json_get(c->in, members[i]) != NULL)
			json_set(c->a, detail, members[i], json_get(c->in, members[i]));
	json_set(c->a, changed, "detail", detail);
	show(c, changed);
	return row_put(c, changed, err);
}

bool
catalog_delete_artifact(struct call *c, struct err *err)
{
	str product = catalog_in(c, "ProductId");
	const struct json *row;
	struct json *rows;

	if (!load_own(c, &row, err) || !catalog_artifact_list(c, product, &rows, err))
		return false;
	if (json_count(rows) == 1)
		return catalog_in_use(err,
		    "The last provisioning artifact of product " STR_FMT " cannot be deleted.",
		    STR_ARG(product));
	return catalog_artifact_del(c, row, err);
}
