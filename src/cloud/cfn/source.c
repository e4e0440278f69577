/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/source.c: the template of a request: its body, or an object in S3 read as the caller.
 */
#include "base/encode.h"
#include "cloud/cfn/internal.h"
#include "lang/s3_url.h"

#define MAX_SHOWN_BYTES 1024
#define S3_MORE \
	"For more information check " \
	"http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"

static bool
invalid(struct err *err, const char *text)
{
	return err_code(err, ERR_INVALID, "ValidationError", "%s", text);
}

static bool
read_url(struct call *c, str url, str *bucket, str *key, struct err *err)
{
	str rest = url, host;
	size_t scheme = str_find(url, S("://"));

	if (s3_url_parse(c->a, url, bucket, key))
		return true;
	rest = str_from(url, scheme + 3);
	if (scheme == url.len || !str_cut(&rest, '/', &host) || rest.len == 0)
		return invalid(err, "TemplateURL must be a supported URL.");
	return err_code(err, ERR_INVALID, "ValidationError",
	    "S3 error: Domain name specified in " STR_FMT " is not a valid S3 domain",
	    STR_ARG(str_sub(host, 0, MAX_SHOWN_BYTES)));
}

static bool
fetch(struct call *c, str url, str *out, struct err *err)
{
	struct json *in = json_new_object(c->a);
	const struct json *answer;
	str bucket, key, text;

	if (!read_url(c, url, &bucket, &key, err))
		return false;
	json_put_str(c->a, in, "Bucket", bucket);
	json_put_str(c->a, in, "Key", key);
	if (!cloud_call(c,
		&(struct cloud_request){ .service = "s3", .action = "GetObject", .in = in },
		&answer, err)) {
		if (err->code.len == 0)
			return false;
		text = err->msg;
		err_clear(err);
		return err_code(err, ERR_INVALID, "ValidationError",
		    "S3 error: " STR_FMT "\n" S3_MORE, STR_ARG(text));
	}
	if (!base64_decode(c->a, json_str(json_get(answer, "Body")), out))
		return err_set(err, ERR_IO, "an object's body came back damaged");
	return true;
}

static bool
read_text(struct call *c, str *out, struct err *err)
{
	str body = input_str(c, "TemplateBody"), url = input_str(c, "TemplateURL");

	if ((body.len > 0) == (url.len > 0))
		return invalid(err, "Either Template URL or Template Body must be specified.");
	if (url.len > 0)
		return fetch(c, url, out, err);
	if (body.len > CFN_MAX_BODY_BYTES)
		return err_code(err, ERR_INVALID, "ValidationError",
		    "1 validation error detected: Value '" STR_FMT
		    "' at 'templateBody' failed to satisfy constraint: Member must have length "
		    "less than or equal to %zu",
		    STR_ARG(str_sub(body, 0, MAX_SHOWN_BYTES)), CFN_MAX_BODY_BYTES);
	*out = body;
	return true;
}

bool
source_read(struct call *c, struct cfn_source *out, struct err *err)
{
	return read_text(c, &out->text, err) && source_parse(c, out, err);
}
