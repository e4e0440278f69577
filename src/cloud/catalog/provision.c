/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/catalog/provision.c: asking for a product, and asking for its end. Both only write down
 * what is to be done, as a record that is due at once; steps.c does it.
 */
#include "cloud/catalog/internal.h"

/* Of all parameters together: they are kept in the record until it ends. */
#define MOST_PARAMETER_BYTES ((size_t)256 << 10)

static const struct input_rule provision_rules[] = {
	{ "ProvisionedProductName", 1, 128, "[a-zA-Z0-9][a-zA-Z0-9._-]*", NULL },
	{ "Tags", 0, 50, NULL, NULL },
	{ "NotificationArns", 0, 5, NULL, NULL },
};

/* What a provisioning joins. */
struct order {
	const struct json *product, *artifact;
	struct catalog_path path;
	str role_arn; /* empty: launched as the caller */
};

/* The launching account's role of that name, wherever its path; a missing one fails when it is
 * used.
 */
static bool
find_local_role(struct call *c, str name, str *arn, struct err *err)
{
	struct principal as = principal_service(c->a, c->account, CATALOG_SERVICE);
	struct json *in = json_new_object(c->a);
	const struct json *answer;

	json_put_str(c->a, in, "RoleName", name);
	if (cloud_call(c,
		&(struct cloud_request){
		    .service = "iam", .action = "GetRole", .as = &as, .in = in },
		&answer, err)) {
		*arn = json_str(json_path(answer, "Role", "Arn", NULL));
		return true;
	}
	if (err->kind != ERR_NOT_FOUND)
		return false;
	err_clear(err);
	*arn = arn_make(c->a, "iam", S(""), c->account, "role/" STR_FMT, STR_ARG(name));
	return true;
}

static bool
find_role(struct call *c, struct order *o, struct err *err)
{
	const struct json *launch = json_get(o->path.constraint, "launch");
	str local = json_str(json_get(launch, "LocalRoleName"));

	o->role_arn = json_str(json_get(launch, "RoleArn"));
	return local.len == 0 || find_local_role(c, local, &o->role_arn, err);
}

static bool
check_artifact(struct call *c, const struct json *row, struct err *err)
{
	const struct json *detail = json_get(row, "detail");
	str id = json_str(json_get(detail, "Id"));

	if (!json_bool(json_get(detail, "Active"), true))
		return catalog_invalid(
		    err, "Provisioning artifact " STR_FMT " is not active.", STR_ARG(id));
	if (!str_is(catalog_status(c, row), "AVAILABLE"))
		return catalog_invalid(
		    err, "Provisioning artifact " STR_FMT " is still being created.", STR_ARG(id));
	return true;
}

static bool
check_name(struct call *c, struct err *err)
{
	str name = catalog_in(c, "ProvisionedProductName");
	const struct json *row;

	if (!catalog_provisioned_find(c, S(""), name, &row, err))
		return false;
	return row == NULL ||
	    catalog_invalid(err, "A stack named " STR_FMT " already exists.", STR_ARG(name));
}

static bool
check_parameters(struct call *c, struct err *err)
{
	size_t bytes = json_text(c->a, json_get(c->in, "ProvisioningParameters")).len;

	return bytes <= MOST_PARAMETER_BYTES ||
	    catalog_invalid(err, "ProvisioningParameters have %zu bytes; at most %zu can be.",
		bytes, MOST_PARAMETER_BYTES);
}

static bool
check_tags(struct call *c, struct err *err)
{
	const struct json *tags = json_get(c->in, "Tags");

	for (const struct json *t = json_first(tags); t != NULL; t = t->next)
		if (str_starts(json_str(json_get(t, "Key")), S("aws:")))
			return catalog_invalid(err,
			    "Tag keys that begin with aws: are the services' own: " STR_FMT,
			    STR_ARG(json_str(json_get(t, "Key"))));
	return true;
}

static bool
take_order(struct call *c, struct order *o, struct err *err)
{
	return input_check(c, provision_rules, countof(provision_rules), err) &&
	    check_parameters(c, err) && check_tags(c, err) &&
	    catalog_product_named(c, "ProductId", "ProductName", &o->product, err) &&
	    catalog_one_of(c, "ProvisioningArtifactId", "ProvisioningArtifactName", err) &&
	    catalog_path_choose(c, json_str(json_get(o->product, "sk")), &o->path, err) &&
	    catalog_artifact_named(c, o->product, catalog_in(c, "ProvisioningArtifactId"),
		catalog_in(c, "ProvisioningArtifactName"), &o->artifact, err) &&
	    check_artifact(c, o->artifact, err) && check_name(c, err) && find_role(c, o, err);
}

/* --- records ---------------------------------------------------------------------- */

/* A record on a provisioned product, due at once. */
static struct json *
new_record(struct call *c, str id, const char *type, const struct json *provisioned)
{
	static const struct {
		const char *from, *to;
	} members[] = {
		{ "Name", "ProvisionedProductName" },
		{ "Type", "ProvisionedProductType" },
		{ "Id", "ProvisionedProductId" },
		{ "ProductId", "ProductId" },
		{ "ProvisioningArtifactId", "ProvisioningArtifactId" },
		{ "LaunchRoleArn", "LaunchRoleArn" },
	};
	struct json *row = catalog_new(c, "record", id);
	struct json *detail = json_put(c->a, row, "detail", json_new_object(c->a));

	json_put_str(c->a, detail, "RecordId", id);
	json_put_str(c->a, detail, "Status", S("CREATED"));
	json_put(c->a, detail, "CreatedTime", time_json(c->a, c->now_ms));
	json_put(c->a, detail, "UpdatedTime", time_json(c->a, c->now_ms));
	json_put_str(c->a, detail, "RecordType", str_of(type));
	for (size_t i = 0; i < countof(members); i++)
		json_put(c->a, detail, members[i].to,
		    json_path(provisioned, "detail", members[i].from, NULL));
	json_put(c->a, detail, "PathId", json_get(provisioned, "pathId"));
	json_put(c->a, detail, "RecordErrors", json_new_array(c->a));
	json_put(c->a, detail, "RecordTags", json_get(provisioned, "tags"));
	json_put(c->a, row, "userArn", json_get(provisioned, "userArn"));
	json_put(c->a, row, "userArnSession", json_get(provisioned, "userArnSession"));
	json_put(c->a, row, "caller", principal_write(c->a, c->who));
	json_put_str(
	    c->a, row, "ref", catalog_ref(c, "records", catalog_pair(c, c->account, c->region)));
	json_put_str(c->a, row, "refSort", str_fmt(c->a, "%016lld", (long long)c->now_ms));
	row_due(c, row, "record", c->now_ms);
	return row;
}

static bool
answer(struct call *c, const struct json *record, struct err *err)
{
	json_put(c->a, c->out, "RecordDetail", json_get(record, "detail"));
	return row_put(c, record, err);
}

/* --- provisioning ----------------------------------------------------------------- */

/* The caller's tags, and those by which a stack's resources tell where they come from. */
static struct json *
stack_tags(struct call *c, const struct order *o, const struct json *provisioned)
{
	const struct json *portfolio = o->path.portfolio;
	const struct json *detail = json_get(provisioned, "detail");
	str product_owner = json_str(json_get(o->product, "account"));
	const struct {
		const char *key;
		str value;
	} own[] = {
		{ "aws:servicecatalog:portfolioArn",
		    json_str(json_path(portfolio, "detail", "ARN", NULL)) },
		{ "aws:servicecatalog:productArn",
		    catalog_product_arn(c, product_owner, json_str(json_get(o->product, "sk"))) },
		{ "aws:servicecatalog:provisioningPrincipalArn", c->who->arn },
		{ "aws:servicecatalog:provisionedProductArn", json_str(json_get(detail, "Arn")) },
		{ "aws:servicecatalog:provisioningArtifactIdentifier",
		    json_str(json_get(detail, "ProvisioningArtifactId")) },
	};
	struct json *tags = json_new_array(c->a);

	tags = tags_with(c->a, tags, json_get(portfolio, "tags"), "Key", "Value");
	tags = tags_with(c->a, tags, json_get(o->product, "tags"), "Key", "Value");
	tags = tags_with(c->a, tags, json_get(c->in, "Tags"), "Key", "Value");
	for (size_t i = 0; i < countof(own); i++) {
		struct json *tag = json_push(c->a, tags, json_new_object(c->a));

		json_put_str(c->a, tag, "Key", str_of(own[i].key));
		json_put_str(c->a, tag, "Value", own[i].value);
	}
	return tags;
}

static struct json *
new_detail(struct call *c, const struct order *o, str id, str record)
{
	struct json *detail = json_new_object(c->a);
	str name = catalog_in(c, "ProvisionedProductName");

	json_put_str(c->a, detail, "Name", name);
	json_put_str(c->a, detail, "Arn",
	    arn_make(c->a, "servicecatalog", c->region, c->account, "stack/" STR_FMT "/" STR_FMT,
		STR_ARG(name), STR_ARG(id)));
	json_put_str(c->a, detail, "Type", S("CFN_STACK"));
	json_put_str(c->a, detail, "Id", id);
	json_put_str(c->a, detail, "Status", S("UNDER_CHANGE"));
	json_put(c->a, detail, "CreatedTime", time_json(c->a, c->now_ms));
	catalog_copy(c, detail, "ProvisionToken", "IdempotencyToken");
	json_put_str(c->a, detail, "LastRecordId", record);
	json_put_str(c->a, detail, "LastProvisioningRecordId", record);
	json_put(c->a, detail, "ProductId", json_get(o->product, "sk"));
	json_put(
	    c->a, detail, "ProvisioningArtifactId", json_path(o->artifact, "detail", "Id", NULL));
	if (o->role_arn.len != 0)
		json_put_str(c->a, detail, "LaunchRoleArn", o->role_arn);
	return detail;
}

static struct json *
new_provisioned(struct call *c, const struct order *o, str record)
{
	str id = catalog_id(c, "pp"), name = catalog_in(c, "ProvisionedProductName");
	struct json *row = catalog_new(c, "provisioned", id);
	const struct json *tags = json_get(c->in, "Tags");
	bool role = c->who->kind == PRINCIPAL_ROLE;

	json_put(c->a, row, "detail", new_detail(c, o, id, record));
	json_put_str(c->a, row, "pathId", o->path.id);
	json_put(c->a, row, "tags", tags == NULL ? json_new_array(c->a) : tags);
	json_put(c->a, row, "productName", json_path(o->product, "detail", "Name", NULL));
	json_put(c->a, row, "artifactName", json_path(o->artifact, "detail", "Name", NULL));
	json_put_str(c->a, row, "userArn", role ? c->who->role_arn : c->who->arn);
	json_put_str(c->a, row, "userArnSession", c->who->arn);
	json_put_str(c->a, row, "ref", catalog_ref(c, "name", catalog_pair(c, c->account, name)));
	json_put_str(c->a, row, "refSort", c->region);
	return row;
}

/* What CreateStack is going to be told. */
static struct json *
new_stack(struct call *c, const struct order *o, const struct json *provisioned)
{
	static const char *const capabilities[] = { "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM",
		"CAPABILITY_AUTO_EXPAND" };
	struct json *stack = json_new_object(c->a);
	struct json *parameters = json_put(c->a, stack, "Parameters", json_new_array(c->a));
	struct json *granted = json_put(c->a, stack, "Capabilities", json_new_array(c->a));
	const struct json *given = json_get(c->in, "ProvisioningParameters");

	json_put_str(c->a, stack, "StackName",
	    str_fmt(c->a, "SC-" STR_FMT "-" STR_FMT, STR_ARG(c->account),
		STR_ARG(json_str(json_get(provisioned, "sk")))));
	json_put_str(c->a, stack, "TemplateURL",
	    catalog_template_url(c, json_str(json_path(o->artifact, "detail", "Id", NULL))));
	for (const struct json *p = json_first(given); p != NULL; p = p->next) {
		struct json *one = json_push(c->a, parameters, json_new_object(c->a));

		json_put(c->a, one, "ParameterKey", json_get(p, "Key"));
		json_put(c->a, one, "ParameterValue", json_get(p, "Value"));
	}
	for (size_t i = 0; i < countof(capabilities); i++)
		json_push_str(c->a, granted, str_of(capabilities[i]));
	catalog_copy(c, stack, "NotificationArns", "NotificationARNs");
	json_put(c->a, stack, "Tags", stack_tags(c, o, provisioned));
	return stack;
}

static bool
make_provision(struct call *c, struct err *err)
{
	struct order o = { 0 };
	struct json *provisioned, *record;
	str id = catalog_id(c, "rec");

	if (!take_order(c, &o, err))
		return false;
	provisioned = new_provisioned(c, &o, id);
	record = new_record(c, id, "PROVISION_PRODUCT", provisioned);
	json_put(c->a, record, "stack", new_stack(c, &o, provisioned));
	return row_put(c, provisioned, err) && answer(c, record, err);
}

bool
catalog_provision(struct call *c, struct err *err)
{
	return catalog_once(c, "ProvisionToken", make_provision, err);
}

/* --- terminating ------------------------------------------------------------------ */

static bool
load_named(struct call *c, const struct json **row, struct err *err)
{
	str id = catalog_in(c, "ProvisionedProductId"),
	    name = catalog_in(c, "ProvisionedProductName");

	return catalog_one_of(c, "ProvisionedProductId", "ProvisionedProductName", err) &&
	    catalog_provisioned_find(c, id, name, row, err) &&
	    (*row != NULL || catalog_missing(err, "Provisioned product", id.len != 0 ? id : name));
}

static bool
make_terminate(struct call *c, struct err *err)
{
	const struct json *row;
	struct json *provisioned, *record;
	str id = catalog_id(c, "rec"), status;

	if (!load_named(c, &row, err))
		return false;
	status = json_str(json_path(row, "detail", "Status", NULL));
	if (str_is(status, "UNDER_CHANGE"))
		return catalog_invalid(err,
		    "Provisioned product " STR_FMT " is UNDER_CHANGE and cannot be terminated now.",
		    STR_ARG(json_str(json_get(row, "sk"))));
	record = new_record(c, id, "TERMINATE_PROVISIONED_PRODUCT", row);
	json_put_str(c->a, record, "statusBefore", status);
	catalog_copy(c, record, "IgnoreErrors", "ignoreErrors");
	catalog_copy(c, record, "RetainPhysicalResources", "retain");
	provisioned = json_copy_shallow(c->a, row);
	catalog_set_detail(c, provisioned, "Status", S("UNDER_CHANGE"));
	catalog_set_detail(c, provisioned, "LastRecordId", id);
	catalog_set_detail(c, provisioned, "LastProvisioningRecordId", id);
	return row_put(c, provisioned, err) && answer(c, record, err);
}

/* The token is good while the product stands: afterwards there is nothing that it could be about.
 */
bool
catalog_terminate(struct call *c, struct err *err)
{
	const struct json *row;

	return load_named(c, &row, err) && catalog_once(c, "TerminateToken", make_terminate, err);
}
