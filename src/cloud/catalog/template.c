/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/catalog/template.c: templates of versions.
 *
 * A template is read once, with the rights of who makes the version, and kept in a bucket that
 * is the service's own: CloudFormation takes it from there when a launch role makes a stack. As
 * on AWS the copy bears the tag that launch roles may be limited to.
 */
#include "cloud/catalog/internal.h"

#include "base/encode.h"
#include "lang/cfn_template.h"
#include "lang/s3_url.h"

/* The account behind the service's bucket: nobody else's, and no template can name it. */
#define OWN_ACCOUNT "000000000000"
#define OWN_TAG "servicecatalog%3Aprovisioning=true"

static str
own_bucket(struct call *c)
{
	return str_fmt(c->a, "sc-templates-" STR_FMT, STR_ARG(c->region));
}

str
catalog_template_url(struct call *c, str key)
{
	return s3_url_write(c->a, c->region, own_bucket(c), key);
}

static bool
call_s3(struct call *c, const char *action, const struct principal *as, const struct json *in,
    const struct json **out, struct err *err)
{
	return cloud_call(c,
	    &(struct cloud_request){ .service = "s3", .action = action, .as = as, .in = in }, out,
	    err);
}

static bool
call_own(struct call *c, const char *action, const struct json *in, const struct json **out,
    struct err *err)
{
	struct principal as = principal_service(c->a, S(OWN_ACCOUNT), CATALOG_SERVICE);

	return call_s3(c, action, &as, in, out, err);
}

static struct json *
object_name(struct call *c, str bucket, str key)
{
	struct json *in = json_new_object(c->a);

	json_put_str(c->a, in, "Bucket", bucket);
	json_put_str(c->a, in, "Key", key);
	return in;
}

static bool
body_text(struct call *c, const struct json *answer, str *text, struct err *err)
{
	if (!base64_decode(c->a, json_str(json_get(answer, "Body")), text))
		return err_set(err, ERR_UPSTREAM, "s3 GetObject gave no body");
	return true;
}

/* What the caller cannot read is the caller's mistake. */
static bool
read_source(struct call *c, str url, str *text, struct err *err)
{
	const struct json *answer;
	str bucket, key;

	if (!s3_url_parse(c->a, url, &bucket, &key))
		return catalog_invalid(err,
		    "The template's URL is not that of an object in S3: " STR_FMT, STR_ARG(url));
	if (!call_s3(c, "GetObject", NULL, object_name(c, bucket, key), &answer, err))
		return err->code.len == 0
		    ? false
		    : catalog_invalid(err,
			  "Cannot read the template at " STR_FMT ": " STR_FMT " (" STR_FMT ")",
			  STR_ARG(url), STR_ARG(err->msg), STR_ARG(err->code));
	if (!body_text(c, answer, text, err))
		return false;
	if (text->len > CFN_MAX_TEMPLATE_BYTES)
		return catalog_invalid(err, "The template has %zu bytes; at most %zu can be.",
		    text->len, CFN_MAX_TEMPLATE_BYTES);
	return true;
}

static bool
check_template(struct call *c, str text, struct err *err)
{
	struct cfn_template t;
	struct err why;

	err_init(&why, c->a);
	if (cfn_template_parse(c->a, text, &t, NULL, &why))
		return true;
	return catalog_invalid(err,
	    "Invalid templateBody. Please make sure that your template is valid: " STR_FMT,
	    STR_ARG(why.msg));
}

/* Whoever launches from whatever account reads the template as the launch role. */
static bool
make_bucket(struct call *c, struct err *err)
{
	struct json *in = json_new_object(c->a);

	json_put_str(c->a, in, "Bucket", own_bucket(c));
	if (!call_own(c, "CreateBucket", in, NULL, err))
		return false;
	json_put_str(c->a, in, "Policy",
	    str_fmt(c->a,
		"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\","
		"\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::" STR_FMT "/*\"}}",
		STR_ARG(own_bucket(c))));
	return call_own(c, "PutBucketPolicy", in, NULL, err);
}

/* The first template makes the bucket. */
static bool
write_copy(struct call *c, str key, str text, struct err *err)
{
	struct json *object = object_name(c, own_bucket(c), key);

	json_put_str(c->a, object, "Body", base64_encode(c->a, text));
	json_put_str(c->a, object, "Tagging", S(OWN_TAG));
	if (call_own(c, "PutObject", object, NULL, err))
		return true;
	if (!err_is(err, "NoSuchBucket"))
		return false;
	err_clear(err);
	return make_bucket(c, err) && call_own(c, "PutObject", object, NULL, err);
}

bool
catalog_template_keep(struct call *c, str url, str key, bool check, struct err *err)
{
	str text;

	return read_source(c, url, &text, err) && (!check || check_template(c, text, err)) &&
	    write_copy(c, key, text, err);
}

bool
catalog_template_del(struct call *c, str key, struct err *err)
{
	return call_own(c, "DeleteObject", object_name(c, own_bucket(c), key), NULL, err);
}

/* --- what it asks for ------------------------------------------------------------- */

static struct json *
parameter(struct call *c, const struct json *summary)
{
	static const char *const members[] = { "ParameterKey", "DefaultValue", "ParameterType",
		"Description", "ParameterConstraints" };
	struct json *one = json_new_object(c->a);

	for (size_t i = 0; i < countof(members); i++)
		json_put(c->a, one, members[i], json_get(summary, members[i]));
	json_put_bool(c->a, one, "IsNoEcho", json_bool(json_get(summary, "NoEcho"), false));
	return one;
}

static void
put_outputs(struct call *c, const struct cfn_template *t)
{
	struct json *list = json_new_array(c->a);

	for (size_t i = 0; i < t->output_count; i++) {
		struct json *one = json_push(c->a, list, json_new_object(c->a));

		json_put_str(c->a, one, "Key", t->outputs[i].name);
		if (t->outputs[i].description.len != 0)
			json_put_str(c->a, one, "Description", t->outputs[i].description);
	}
	json_put(c->a, c->out, "ProvisioningArtifactOutputs", list);
	json_put(c->a, c->out, "ProvisioningArtifactOutputKeys", list);
}

bool
catalog_template_describe(struct call *c, str key, bool with_outputs, struct err *err)
{
	struct json *list = json_new_array(c->a), *summary;
	const struct json *answer;
	struct cfn_template t;
	struct err why;
	str text;

	err_init(&why, c->a);
	if (!call_own(c, "GetObject", object_name(c, own_bucket(c), key), &answer, err) ||
	    !body_text(c, answer, &text, err))
		return false;
	if (!cfn_template_parse(c->a, text, &t, NULL, &why))
		return catalog_invalid(
		    err, "The version's template is not valid: " STR_FMT, STR_ARG(why.msg));
	summary = cfn_template_summary(c->a, &t);
	for (const struct json *p = json_first(json_get(summary, "Parameters")); p != NULL;
	     p = p->next)
		json_push(c->a, list, parameter(c, p));
	json_put(c->a, c->out, "ProvisioningArtifactParameters", list);
	if (with_outputs)
		put_outputs(c, &t);
	return true;
}
