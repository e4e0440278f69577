/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/job_publish.c: makes a version of a type usable in the cloud.
 *
 *   portfolio   found or made
 *   template    uploaded under a name that holds the hash
 *   product     found or made, its artifact found or made by the hash it describes
 *   offer       associated with the portfolio, its launch role fixed by a constraint
 *   artifact    waits until AWS has taken the template
 *   documents   one for each verb that has one, named with the hash; never changed
 *   share       with every account
 *   finish      the version's row says PUBLISHED, and what leads to it is written
 *
 * Each step finds what an earlier try of it made. It acts with the operator's key.
 */
#include "aws/client.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "workbench/accounts.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/job.h"
#include "workbench/portfolio.h"
#include "workbench/roles.h"
#include "workbench/version.h"

#define HASH_NAME_LEN 8
#define FIRST_ASK_MS 100 /* the local cloud takes a template as soon as that, AWS in seconds */
#define LONGEST_ASK_MS 10000

static bool
bundle_of(struct job *j, const struct bundle **out, struct err *err)
{
	return version_bundle(j->wb, j->a, job_text(j, "type"), job_text(j, "hash"), out, err);
}

static bool
call(struct job *j, const char *service, const char *operation, const struct json *in,
    const struct json **out, struct err *err)
{
	return aws_call(j->wb->o.aws, j->a, &j->wb->o.base, service, operation, in, out, err);
}

static str
token(struct job *j, const char *what)
{
	return id_uuid_from(j->a,
	    str_fmt(j->a, "%s " STR_FMT " " STR_FMT " " STR_FMT, what, STR_ARG(j->wb->o.stack),
		STR_ARG(job_text(j, "type")), STR_ARG(job_text(j, "hash"))));
}

static str
short_hash(const struct job *j)
{
	return str_sub(job_text(j, "hash"), 0, HASH_NAME_LEN);
}

static enum step_end
portfolio(struct job *j, struct err *err)
{
	str id;

	if (!portfolio_ensure(j->wb, j->a, &j->wb->o.base, &id, err))
		return STEP_FAILED;
	job_set(j, "portfolioId", id);
	return STEP_NEXT;
}

/* --- template, product, artifact ------------------------------------------------------------- */

static bool
bucket_of(struct job *j, str *out, struct err *err)
{
	static const str prefix = { "arn:aws:s3:::", 13 };
	str arn;

	if (!roles_output(j->wb, j->a, "S3BucketArtifactsArnOutput", &arn, err))
		return false;
	if (!str_starts(arn, prefix))
		return err_set(err, ERR_INVALID,
		    "output S3BucketArtifactsArnOutput is no bucket's ARN: " STR_FMT, STR_ARG(arn));
	*out = str_from(arn, prefix.len);
	return true;
}

static enum step_end template(struct job *j, struct err *err) {
	struct json *in = json_new_object(j->a); const struct json * answer;
	const struct bundle * b;
	str bucket, key;

	if (!bundle_of(j, &b, err) || !bucket_of(j, &bucket, err)) return STEP_FAILED;
	key = str_fmt(j->a, "service-catalog-cfn-templates/" STR_FMT "-" STR_FMT ".cfn.yaml",
	    STR_ARG(b->type), STR_ARG(short_hash(j)));
	json_put_str(j->a, in, "Bucket", bucket);
	json_put_str(j->a, in, "Key", key);
	json_put_str(j->a, in, "Body", base64_encode(j->a, b->template_text));
	if (!call(j, "s3", "PutObject", in, &answer, err)) return STEP_FAILED;
	job_set(j, "templateUrl",
	    str_fmt(j->a, "https://" STR_FMT ".s3.amazonaws.com/" STR_FMT, STR_ARG(bucket),
		STR_ARG(key)));
	return STEP_NEXT;
}

/* By which an artifact is known again: its name has room for a part of the hash only. */
static str
description(struct job *j)
{
	return str_fmt(j->a, "content " STR_FMT, STR_ARG(job_text(j, "hash")));
}

static struct json *
artifact_properties(struct job *j)
{
	struct json *p = json_new_object(j->a), *info = json_new_object(j->a);

	json_put_str(j->a, p, "Name", short_hash(j));
	json_put_str(j->a, p, "Description", description(j));
	json_put_str(j->a, info, "LoadTemplateFromURL", job_text(j, "templateUrl"));
	json_put(j->a, p, "Info", info);
	json_put_str(j->a, p, "Type", S("CLOUD_FORMATION_TEMPLATE"));
	json_put_bool(j->a, p, "DisableTemplateValidation", true);
	return p;
}

static bool
create_product(struct job *j, const struct bundle *b, struct err *err)
{
	struct json *in = json_new_object(j->a);
	const struct json *answer;

	json_put_str(j->a, in, "Name", b->type);
	json_put_str(j->a, in, "Owner", S("_system_"));
	json_put_str(j->a, in, "ProductType", S("CLOUD_FORMATION_TEMPLATE"));
	json_put_str(j->a, in, "IdempotencyToken", token(j, "product"));
	json_put(j->a, in, "ProvisioningArtifactParameters", artifact_properties(j));
	if (!call(j, "servicecatalog", "CreateProduct", in, &answer, err))
		return false;
	job_set(j, "productId",
	    json_str(
		json_path(answer, "ProductViewDetail", "ProductViewSummary", "ProductId", NULL)));
	job_set(
	    j, "artifactId", json_str(json_path(answer, "ProvisioningArtifactDetail", "Id", NULL)));
	return true;
}

static bool
create_artifact(struct job *j, str product_id, struct err *err)
{
	struct json *in = json_new_object(j->a);
	const struct json *answer;

	json_put_str(j->a, in, "ProductId", product_id);
	json_put(j->a, in, "Parameters", artifact_properties(j));
	json_put_str(j->a, in, "IdempotencyToken", token(j, "artifact"));
	if (!call(j, "servicecatalog", "CreateProvisioningArtifact", in, &answer, err))
		return false;
	job_set(
	    j, "artifactId", json_str(json_path(answer, "ProvisioningArtifactDetail", "Id", NULL)));
	return true;
}

/* The type's product: as its row knows it, else as the portfolio does. */
static bool
known_product(struct job *j, const struct bundle *b, str *out, struct err *err)
{
	struct item row;
	bool found;

	if (!version_type(j->wb, j->a, b->type, &row, &found, err))
		return false;
	if (found) {
		*out = json_str(json_get(row.body, "productId"));
		return true;
	}
	return portfolio_product(
	    j->wb, j->a, &j->wb->o.base, job_text(j, "portfolioId"), b->type, out, err);
}

static enum step_end
product(struct job *j, struct err *err)
{
	const struct bundle *b;
	str product_id, artifact_id;

	if (!bundle_of(j, &b, err) || !known_product(j, b, &product_id, err))
		return STEP_FAILED;
	if (product_id.len == 0)
		return create_product(j, b, err) ? STEP_NEXT : STEP_FAILED;
	job_set(j, "productId", product_id);
	if (!portfolio_artifact(
		j->wb, j->a, &j->wb->o.base, product_id, description(j), &artifact_id, err))
		return STEP_FAILED;
	if (artifact_id.len == 0)
		return create_artifact(j, product_id, err) ? STEP_NEXT : STEP_FAILED;
	job_set(j, "artifactId", artifact_id);
	return STEP_NEXT;
}

static bool
constrain(struct job *j, struct err *err)
{
	struct json *in = json_new_object(j->a), *role = json_new_object(j->a);
	const struct json *answer;
	str name;

	if (!roles_output(j->wb, j->a, "LaunchConstraintIamRoleNameOutput", &name, err))
		return false;
	json_put_str(j->a, role, "LocalRoleName", name);
	json_put_str(j->a, in, "PortfolioId", job_text(j, "portfolioId"));
	json_put_str(j->a, in, "ProductId", job_text(j, "productId"));
	json_put_str(j->a, in, "Parameters", json_text(j->a, role));
	json_put_str(j->a, in, "Type", S("LAUNCH"));
	json_put_str(j->a, in, "IdempotencyToken", token(j, "constraint"));
	return call(j, "servicecatalog", "CreateConstraint", in, &answer, err);
}

static enum step_end
offer(struct job *j, struct err *err)
{
	struct json *in = json_new_object(j->a);
	const struct json *answer;
	bool constrained;

	json_put_str(j->a, in, "ProductId", job_text(j, "productId"));
	json_put_str(j->a, in, "PortfolioId", job_text(j, "portfolioId"));
	if (!call(j, "servicecatalog", "AssociateProductWithPortfolio", in, &answer, err) ||
	    !portfolio_is_constrained(j->wb, j->a, &j->wb->o.base, job_text(j, "portfolioId"),
		job_text(j, "productId"), &constrained, err))
		return STEP_FAILED;
	if (!constrained && !constrain(j, err))
		return STEP_FAILED;
	return STEP_NEXT;
}

static enum step_end
artifact(struct job *j, struct err *err)
{
	struct json *in = json_new_object(j->a);
	const struct json *answer;
	int64_t asked;
	str status;

	json_put_str(j->a, in, "ProductId", job_text(j, "productId"));
	json_put_str(j->a, in, "ProvisioningArtifactId", job_text(j, "artifactId"));
	if (!call(j, "servicecatalog", "DescribeProvisioningArtifact", in, &answer, err))
		return STEP_FAILED;
	status = json_str(json_get(answer, "Status"));
	if (str_is(status, "AVAILABLE"))
		return STEP_NEXT;
	if (str_is(status, "FAILED")) {
		(void)err_set(err, ERR_INVALID,
		    "Service Catalog did not take the template: artifact " STR_FMT " is FAILED",
		    STR_ARG(job_text(j, "artifactId")));
		return STEP_FAILED;
	}
	asked = job_i64(j, "asked");
	job_set_i64(j, "asked", asked + 1);
	return job_wait(j, job_backoff(asked, FIRST_ASK_MS, LONGEST_ASK_MS));
}

/* --- documents ------------------------------------------------------------------------------- */

/* A name holds 8 digits of the hash only: what stands under it must be the same text. */
static bool
check_existing(struct job *j, str name, str content, struct err *err)
{
	struct json *in = json_new_object(j->a);
	const struct json *answer;

	json_put_str(j->a, in, "Name", name);
	if (!call(j, "ssm", "GetDocument", in, &answer, err))
		return false;
	if (str_eq(str_trim(json_str(json_get(answer, "Content"))), str_trim(content)))
		return true;
	return err_set(err, ERR_INVALID,
	    "document " STR_FMT " exists with another content; delete it or change the type",
	    STR_ARG(name));
}

static bool
create_document(struct job *j, str name, str content, struct err *err)
{
	struct json *in = json_new_object(j->a);
	const struct json *answer;
	bool is_json = str_starts(str_trim(content), S("{"));

	json_put_str(j->a, in, "Name", name);
	json_put_str(j->a, in, "Content", content);
	json_put_str(j->a, in, "DocumentType", S("Automation"));
	json_put_str(j->a, in, "DocumentFormat", is_json ? S("JSON") : S("YAML"));
	if (call(j, "ssm", "CreateDocument", in, &answer, err))
		return true;
	if (!err_is(err, "DocumentAlreadyExists"))
		return false;
	err_clear(err);
	return check_existing(j, name, content, err);
}

static bool
document_of(
    struct job *j, const struct bundle *b, enum bundle_verb verb, struct json *all, struct err *err)
{
	str name = version_document_name(j->wb, j->a, b->type, verb, b->hash), region, account;
	struct json *one = json_new_object(j->a);

	if (!create_document(j, name, b->verbs[verb].document, err) ||
	    !roles_output(j->wb, j->a, "awsRegion", &region, err) ||
	    !roles_output(j->wb, j->a, "accountId", &account, err))
		return false;
	json_put_str(j->a, one, "name", name);
	json_put_str(j->a, one, "arn",
	    str_fmt(j->a, "arn:aws:ssm:" STR_FMT ":" STR_FMT ":document/" STR_FMT, STR_ARG(region),
		STR_ARG(account), STR_ARG(name)));
	json_put(j->a, all, verb_name(verb), one);
	return true;
}

static enum step_end
documents(struct job *j, struct err *err)
{
	struct json *all = json_new_object(j->a);
	const struct bundle *b;

	if (!bundle_of(j, &b, err))
		return STEP_FAILED;
	for (unsigned v = 0; v < BUNDLE_VERB_COUNT; v++)
		if (b->verbs[v].document.len > 0 &&
		    !document_of(j, b, (enum bundle_verb)v, all, err))
			return STEP_FAILED;
	json_set(j->a, j->row, "documents", all);
	return STEP_NEXT;
}

/* Which accounts there were is remembered: finish sees whether one came since. */
static enum step_end
share(struct job *j, struct err *err)
{
	const struct json *accounts, *d = json_first(json_get(j->row, "documents"));
	uint64_t version;

	if (!accounts_sharing(j->wb, j->a, &accounts, &version, err))
		return STEP_FAILED;
	for (; d != NULL; d = d->next)
		if (!accounts_share_document(
			j->wb, j->a, &j->wb->o.base, json_str(json_get(d, "name")), accounts, err))
			return STEP_FAILED;
	job_set_i64(j, "accountsVersion", (int64_t)version);
	return STEP_NEXT;
}

/* --- finish ---------------------------------------------------------------------------------- */

static bool
put_version(struct job *j, const char *status, str error, struct err *err)
{
	struct item old;
	struct json *body;

	if (!version_load(j->wb, j->a, job_text(j, "type"), job_text(j, "hash"), &old, err))
		return false;
	body = json_copy_shallow(j->a, old.body);
	json_set_str(j->a, body, "status", str_of(status));
	json_set_str(j->a, body, "updatedAt", time_iso_ms(j->a, j->now_ms));
	json_remove(body, "error");
	if (error.len > 0) {
		json_put_str(j->a, body, "error", error);
	} else {
		json_set_str(j->a, body, "productId", job_text(j, "productId"));
		json_set_str(j->a, body, "provisioningArtifactId", job_text(j, "artifactId"));
		json_set(j->a, body, "documents", json_get(j->row, "documents"));
	}
	change_put(&j->change, body, old.version);
	return true;
}

static bool
put_type(struct job *j, struct err *err)
{
	struct item old;
	struct json *body;
	bool found;

	if (!version_type(j->wb, j->a, job_text(j, "type"), &old, &found, err))
		return false;
	body = item_new(j->a, S("SWB#TYPES"), job_text(j, "type"));
	json_put_str(j->a, body, "type", job_text(j, "type"));
	json_put_str(j->a, body, "hash", job_text(j, "hash")); /* the newest */
	json_put_str(j->a, body, "productId", job_text(j, "productId"));
	json_put_str(j->a, body, "portfolioId", job_text(j, "portfolioId"));
	change_put(&j->change, body, found ? old.version : STORE_NEW);
	return true;
}

static void
put_artifact(struct job *j)
{
	struct json *body = item_new(j->a,
	    str_fmt(j->a, "SWB#ARTIFACT#" STR_FMT, STR_ARG(job_text(j, "artifactId"))),
	    S("SWB#ARTIFACT"));

	json_put_str(j->a, body, "type", job_text(j, "type"));
	json_put_str(j->a, body, "hash", job_text(j, "hash"));
	change_put(&j->change, body, STORE_ANY);
}

static enum step_end
finish(struct job *j, struct err *err)
{
	const struct json *accounts;
	const struct bundle *b;
	uint64_t version;

	if (!bundle_of(j, &b, err) || !accounts_sharing(j->wb, j->a, &accounts, &version, err))
		return STEP_FAILED;
	if ((int64_t)version != job_i64(j, "accountsVersion"))
		return job_go(j, "share");
	if (!put_version(j, "PUBLISHED", (str){ 0 }, err) || !put_type(j, err))
		return STEP_FAILED;
	put_artifact(j);
	version_add_sources(&j->change, b);
	accounts_unchanged(&j->change, version);
	return STEP_ENDED;
}

static bool
give_up(struct job *j, const struct err *why, struct err *err)
{
	str text =
	    str_fmt(j->a, STR_FMT ": " STR_FMT, STR_ARG(job_text(j, "step")), STR_ARG(why->msg));

	return put_version(j, "FAILED", text, err);
}

static const struct job_step steps[] = {
	{ "portfolio", portfolio, "the portfolio" },
	{ "template", template, "the upload of the template" },
	{ "product", product, "the product and its artifact" },
	{ "offer", offer, "the product's place in the portfolio" },
	{ "artifact", artifact, "Service Catalog to take the template" },
	{ "documents", documents, "the documents" },
	{ "share", share, "the documents to be shared" },
	{ "finish", finish, "the version to be published" },
};

const struct job_kind job_publish = { "publish", steps, countof(steps), give_up };
