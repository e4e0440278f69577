/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/s3/bucket.c: buckets, and the settings that are documents of their own.
 */
#include "cloud/s3/internal.h"

#include "base/regex.h"

/* --- make and remove ------------------------------------------------------------------------ */

static bool
check_name(str name, struct err *err)
{
	static const char pattern[] =
	    "(?!xn--)(?!\\d+\\.\\d+\\.\\d+\\.\\d+$)(?!.*\\.\\.)(?!.*-s3alias$)"
	    "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]";
	bool matches;

	if (!regex_matches_whole(S(pattern), name, &matches, err))
		return false;
	return matches ||
	    err_code(err, ERR_INVALID, "InvalidBucketName", "The specified bucket is not valid.");
}

/* us-east-1 is where a bucket goes that says nothing, and must not be named. */
static bool
check_location(struct call *c, struct err *err)
{
	str wanted =
	    json_str(json_path(c->in, "CreateBucketConfiguration", "LocationConstraint", NULL));
	bool first = str_is(c->region, "us-east-1");

	if (first && str_eq(wanted, c->region))
		return err_code(err, ERR_INVALID, "InvalidLocationConstraint",
		    "The specified location-constraint is not valid");
	if (first ? wanted.len == 0 : str_eq(wanted, c->region))
		return true;
	return err_code(err, ERR_INVALID, "IllegalLocationConstraintException",
	    "The " STR_FMT " location constraint is incompatible for the region specific endpoint "
	    "this request was sent to.",
	    STR_ARG(wanted.len == 0 ? S("unspecified") : wanted));
}

/*
 * AWS answers 200 to an owner in us-east-1 who makes a bucket twice. Here that is refused as it is
 * in all other regions: whoever makes and later deletes must know what was there before.
 */
static bool
taken(struct call *c, const struct item *bucket, struct err *err)
{
	if (str_eq(row_text(bucket, "owner"), c->account))
		return err_code(err, ERR_CONFLICT, "BucketAlreadyOwnedByYou",
		    "Your previous request to create the named bucket succeeded and you already "
		    "own it.");
	return err_code(err, ERR_CONFLICT, "BucketAlreadyExists",
	    "The requested bucket name is not available. The bucket namespace is shared by all "
	    "users of the system. Please select a different name and try again.");
}

bool
s3_bucket_create(struct call *c, struct err *err)
{
	str name = input_str(c, "Bucket");
	struct item bucket;
	struct json *body;
	bool found;

	if (!check_name(name, err) || !check_location(c, err) ||
	    !s3_bucket_find(c, name, &bucket, &found, err))
		return false;
	if (found)
		return taken(c, &bucket, err);
	body = row_new(c, s3_bucket_partition(c), name);
	json_put_str(c->a, body, "name", name);
	json_put_str(c->a, body, "owner", c->account);
	json_put_i64(c->a, body, "created", c->now_ms / 1000 * 1000);
	json_put(c->a, body, "settings", json_new_object(c->a));
	json_put_str(c->a, body, "ref", s3_owner_ref(c, c->account));
	json_put_str(c->a, body, "refSort", name);
	json_put_str(c->a, c->out, "Location", str_cat(c->a, S("/"), name));
	return row_put(c, body, err);
}

bool
s3_bucket_delete(struct call *c, struct err *err)
{
	struct item bucket;
	struct store_page page;

	if (!s3_bucket_load(c, "s3:DeleteBucket", S(""), &bucket, err) ||
	    !row_query(c,
		&(struct store_query){
		    .hash = s3_object_partition(c, input_str(c, "Bucket")), .limit = 1 },
		&page, err))
		return false;
	if (page.count != 0)
		return err_code(err, ERR_CONFLICT, "BucketNotEmpty",
		    "The bucket you tried to delete is not empty");
	return row_del(c, bucket.pk, bucket.sk, err);
}

/* --- ask ------------------------------------------------------------------------------------- */

bool
s3_bucket_head(struct call *c, struct err *err)
{
	struct item bucket;

	if (!s3_bucket_load(c, "s3:ListBucket", S(""), &bucket, err))
		return false;
	json_put_str(c->a, c->out, "BucketRegion", row_text(&bucket, "region"));
	return true;
}

bool
s3_bucket_location(struct call *c, struct err *err)
{
	struct item bucket;
	str region;

	if (!s3_bucket_load(c, "s3:GetBucketLocation", S(""), &bucket, err))
		return false;
	region = row_text(&bucket, "region");
	json_put_str(c->a, c->out, "LocationConstraint",
	    str_fmt(c->a,
		"<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" STR_FMT
		"</LocationConstraint>",
		STR_ARG(str_is(region, "us-east-1") ? S("") : region)));
	return true;
}

static bool
list_one(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	struct json *list = cookie, *bucket;
	str region = input_str(c, "BucketRegion");

	(void)err;
	if (!str_starts(row_text(row, "name"), input_str(c, "Prefix")) ||
	    (region.len > 0 && !str_eq(row_text(row, "region"), region)))
		return true;
	bucket = json_push(c->a, list, json_new_object(c->a));
	json_put_str(c->a, bucket, "Name", row_text(row, "name"));
	json_put(c->a, bucket, "CreationDate",
	    time_json(c->a, json_i64(json_get(row->body, "created"), 0)));
	json_put_str(c->a, bucket, "BucketRegion", row_text(row, "region"));
	return true;
}

bool
s3_bucket_list(struct call *c, struct err *err)
{
	static const struct input_rule rules[] = {
		{ "MaxBuckets", 1, 10000, NULL, NULL },
	};
	struct json *list = json_new_array(c->a), *owner;

	if (!input_check(c, rules, countof(rules), err) ||
	    !row_each(c,
		&(struct store_query){ .index = S("byRef"), .hash = s3_owner_ref(c, c->account) },
		list_one, list, err) ||
	    !paginate(c, list, "Buckets", json_i64(json_get(c->in, "MaxBuckets"), 0),
		input_str(c, "ContinuationToken"), "ContinuationToken", err))
		return false;
	owner = json_put(c->a, c->out, "Owner", json_new_object(c->a));
	json_put_str(c->a, owner, "ID", c->account);
	json_put(c->a, c->out, "Prefix", json_get(c->in, "Prefix"));
	return true;
}

/* --- settings ---------------------------------------------------------------------------- */

static const struct setting {
	const char *name;            /* PutBucket<name> and so on */
	const char *input;           /* the member that PutBucket… bears */
	const char *output;          /* and GetBucket…; NULL: its members stand in the answer */
	const char *put, *get, *del; /* IAM actions; del NULL: it cannot be deleted */
	const char *code, *text;     /* when it was never put; NULL: absent is the answer */
} settings[] = {
	{ "BucketEncryption", "ServerSideEncryptionConfiguration",
	    "ServerSideEncryptionConfiguration", "s3:PutEncryptionConfiguration",
	    "s3:GetEncryptionConfiguration", "s3:PutEncryptionConfiguration", NULL, NULL },
	{ "BucketOwnershipControls", "OwnershipControls", "OwnershipControls",
	    "s3:PutBucketOwnershipControls", "s3:GetBucketOwnershipControls",
	    "s3:PutBucketOwnershipControls", "OwnershipControlsNotFoundError",
	    "The bucket ownership controls were not found" },
	{ "BucketTagging", "Tagging", NULL, "s3:PutBucketTagging", "s3:GetBucketTagging",
	    "s3:PutBucketTagging", "NoSuchTagSet", "The TagSet does not exist" },
	{ "BucketVersioning", "VersioningConfiguration", NULL, "s3:PutBucketVersioning",
	    "s3:GetBucketVersioning", NULL, NULL, NULL },
	{ "PublicAccessBlock", "PublicAccessBlockConfiguration", "PublicAccessBlockConfiguration",
	    "s3:PutBucketPublicAccessBlock", "s3:GetBucketPublicAccessBlock",
	    "s3:PutBucketPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration",
	    "The public access block configuration was not found" },
};

/* The setting that the action's name ends in: the table of actions names no others. */
static const struct setting *
setting_of(struct call *c)
{
	size_t i = 0;

	while (i + 1 < countof(settings) && !str_ends(c->action, str_of(settings[i].name)))
		i++;
	return &settings[i];
}

/* What every bucket has that was told nothing else. */
static const struct json *
usual_encryption(struct call *c)
{
	struct arena *a = c->a;
	struct json *document = json_new_object(a), *rule = json_new_object(a);

	json_put_str(a, json_put(a, rule, "ApplyServerSideEncryptionByDefault", json_new_object(a)),
	    "SSEAlgorithm", S("AES256"));
	json_put_bool(a, rule, "BucketKeyEnabled", false);
	json_push(a, json_put(a, document, "Rules", json_new_array(a)), rule);
	return document;
}

static bool
absent(const struct setting *s, struct err *err)
{
	return s->code == NULL || err_code(err, ERR_NOT_FOUND, s->code, "%s", s->text);
}

bool
s3_setting_get(struct call *c, struct err *err)
{
	const struct setting *s = setting_of(c);
	const struct json *document;
	struct item bucket;

	if (!s3_bucket_load(c, s->get, S(""), &bucket, err))
		return false;
	document = json_path(bucket.body, "settings", s->name, NULL);
	if (document == NULL && str_is(S("BucketEncryption"), s->name))
		document = usual_encryption(c);
	if (document == NULL)
		return absent(s, err);
	if (s->output != NULL)
		json_put(c->a, c->out, s->output, document);
	for (const struct json *m = json_first(document); s->output == NULL && m != NULL;
	     m = m->next)
		json_put_key(c->a, c->out, m->key, m);
	return true;
}

static bool
check_setting(struct call *c, const struct json *document, struct err *err)
{
	str status = json_str(json_get(document, "Status"));
	const struct json *tags = json_get(document, "TagSet");

	(void)c;
	if (status.len != 0 && !str_is(status, "Enabled") && !str_is(status, "Suspended"))
		return err_code(err, ERR_INVALID, "MalformedXML",
		    "The XML you provided was not well-formed or did not validate against our "
		    "published schema");
	for (const struct json *t = json_first(tags); t != NULL; t = t->next)
		for (const struct json *u = t->next; u != NULL; u = u->next)
			if (str_eq(json_str(json_get(t, "Key")), json_str(json_get(u, "Key"))))
				return err_code(err, ERR_INVALID, "InvalidTag",
				    "Cannot provide multiple Tags with the same key");
	return json_count(tags) <= 50 ||
	    err_code(err, ERR_INVALID, "BadRequest", "A bucket has at most 50 tags");
}

bool
s3_setting_put(struct call *c, struct err *err)
{
	const struct setting *s = setting_of(c);
	const struct json *document = json_get(c->in, s->input);
	struct item bucket;
	struct json *body, *all;

	if (!s3_bucket_load(c, s->put, S(""), &bucket, err) || !check_setting(c, document, err))
		return false;
	body = row_change(c, &bucket);
	all = json_copy_shallow(c->a, json_get(bucket.body, "settings"));
	json_set(c->a, all, s->name, document);
	json_set(c->a, body, "settings", all);
	return row_put(c, body, err);
}

bool
s3_setting_delete(struct call *c, struct err *err)
{
	const struct setting *s = setting_of(c);
	struct item bucket;
	struct json *body, *all;

	if (!s3_bucket_load(c, s->del, S(""), &bucket, err))
		return false;
	body = row_change(c, &bucket);
	all = json_copy_shallow(c->a, json_get(bucket.body, "settings"));
	json_remove(all, s->name);
	json_set(c->a, body, "settings", all);
	return row_put(c, body, err);
}
