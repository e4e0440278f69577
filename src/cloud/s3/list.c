/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/s3/list.c: lists of objects, in the order of their keys' bytes.
 *
 * Both forms of the call walk the same way: from after a key, through those that begin with the
 * prefix, keys that go on past the next delimiter rolled up into one common prefix. A page ends
 * with the last key or common prefix that it tells, and the next begins after it.
 */
#include "cloud/s3/internal.h"

#include "base/encode.h"

#define MOST_KEYS 1000

struct walk {
	struct call *c;
	str prefix, delimiter;
	str after; /* keys up to here are told already; so are those that begin with it, where … */
	bool rolled; /* … it is a common prefix */
	int64_t left;
	bool encode;
	struct json *contents, *prefixes;
	bool truncated;
	str last; /* the last one told */
};

static str
shown(const struct walk *w, str key)
{
	return w->encode ? percent_encode(w->c->a, key, true) : key;
}

/* Up to and with the first delimiter after the prefix; empty where there is none. */
static str
common_prefix(const struct walk *w, str key)
{
	str rest = str_from(key, w->prefix.len);
	size_t at = w->delimiter.len == 0 ? rest.len : str_find(rest, w->delimiter);

	return at == rest.len ? S("") : str_sub(key, 0, w->prefix.len + at + w->delimiter.len);
}

static void
tell_prefix(struct walk *w, str prefix)
{
	struct json *p = json_new_object(w->c->a);

	json_put_str(w->c->a, p, "Prefix", shown(w, prefix));
	json_push(w->c->a, w->prefixes, p);
	w->rolled = true;
}

static void
tell_object(struct walk *w, const struct item *row)
{
	struct arena *a = w->c->a;
	struct json *o = json_new_object(a);

	json_put_str(a, o, "Key", shown(w, row->sk));
	json_put(a, o, "LastModified", time_json(a, json_i64(json_get(row->body, "modified"), 0)));
	json_put_str(a, o, "ETag", row_text(row, "etag"));
	json_put(a, o, "Size", json_get(row->body, "size"));
	json_put_str(a, o, "StorageClass", S("STANDARD"));
	if (json_bool(json_get(w->c->in, "FetchOwner"), false))
		json_put_str(a, json_put(a, o, "Owner", json_new_object(a)), "ID", w->c->account);
	json_push(a, w->contents, o);
	w->rolled = false;
}

/* False when the page is full. */
static bool
visit(struct walk *w, const struct item *row)
{
	str common = common_prefix(w, row->sk);

	if (w->rolled && str_starts(row->sk, w->after))
		return true;
	if (w->left == 0) {
		w->truncated = true;
		return false;
	}
	w->left--;
	if (common.len != 0)
		tell_prefix(w, common);
	else
		tell_object(w, row);
	w->last = w->after = common.len != 0 ? common : row->sk;
	return true;
}

static bool
walk_keys(struct walk *w, struct err *err)
{
	bool begin = str_cmp(w->after, w->prefix) < 0;
	struct store_query q = {
		.hash = s3_object_partition(w->c, input_str(w->c, "Bucket")),
		.condition = begin ? STORE_GE : STORE_GT,
		.a = begin ? w->prefix : w->after,
	};

	w->rolled = w->after.len > w->prefix.len && w->delimiter.len != 0 &&
	    str_ends(w->after, w->delimiter);
	while (w->left > 0 || w->last.len > 0) { /* who asks for no keys is told of none */
		struct store_page page;

		if (!row_query(w->c, &q, &page, err))
			return false;
		for (size_t i = 0; i < page.count; i++) {
			if (!str_starts(page.items[i].sk, w->prefix))
				return true;
			if (!visit(w, &page.items[i]))
				return true;
		}
		if (page.next.len == 0)
			return true;
		q.start_after = page.next;
	}
	return true;
}

static bool
start(struct walk *w, struct call *c, struct err *err)
{
	static const struct input_rule rules[] = {
		{ "MaxKeys", 0, INT32_MAX, NULL, NULL },
		{ "EncodingType", 0, 0, NULL, "url" },
	};
	int64_t most = json_i64(json_get(c->in, "MaxKeys"), MOST_KEYS);
	struct item bucket;

	*w = (struct walk){
		.c = c,
		.prefix = input_str(c, "Prefix"),
		.delimiter = input_str(c, "Delimiter"),
		.left = most < MOST_KEYS ? most : MOST_KEYS,
		.encode = json_get(c->in, "EncodingType") != NULL,
		.contents = json_new_array(c->a),
		.prefixes = json_new_array(c->a),
	};
	return s3_bucket_load(c, "s3:ListBucket", S(""), &bucket, err) &&
	    input_check(c, rules, countof(rules), err);
}

static void
answer(struct walk *w)
{
	struct call *c = w->c;
	int64_t most = json_i64(json_get(c->in, "MaxKeys"), MOST_KEYS);

	json_put_str(c->a, c->out, "Name", input_str(c, "Bucket"));
	json_put_str(c->a, c->out, "Prefix", shown(w, w->prefix));
	if (w->delimiter.len != 0)
		json_put_str(c->a, c->out, "Delimiter", shown(w, w->delimiter));
	json_put_i64(c->a, c->out, "MaxKeys", most < MOST_KEYS ? most : MOST_KEYS);
	json_put_bool(c->a, c->out, "IsTruncated", w->truncated);
	json_put(c->a, c->out, "EncodingType", json_get(c->in, "EncodingType"));
	json_put(c->a, c->out, "Contents", w->contents);
	json_put(c->a, c->out, "CommonPrefixes", w->prefixes);
}

bool
s3_objects_list_v2(struct call *c, struct err *err)
{
	const struct json *token = json_get(c->in, "ContinuationToken");
	const struct json *after = json_get(c->in, "StartAfter");
	struct walk w;

	if (!start(&w, c, err))
		return false;
	w.after = json_str(after);
	if (token != NULL && !base64url_decode(c->a, json_str(token), &w.after))
		return err_code(err, ERR_INVALID, "InvalidArgument",
		    "The continuation token provided is incorrect");
	if (!walk_keys(&w, err))
		return false;
	answer(&w);
	json_put_i64(
	    c->a, c->out, "KeyCount", (int64_t)(json_count(w.contents) + json_count(w.prefixes)));
	if (after != NULL)
		json_put_str(c->a, c->out, "StartAfter", shown(&w, json_str(after)));
	json_put(c->a, c->out, "ContinuationToken", token);
	if (w.truncated)
		json_put_str(c->a, c->out, "NextContinuationToken", base64url_encode(c->a, w.last));
	return true;
}

bool
s3_objects_list(struct call *c, struct err *err)
{
	struct walk w;

	if (!start(&w, c, err))
		return false;
	w.after = input_str(c, "Marker");
	if (!walk_keys(&w, err))
		return false;
	answer(&w);
	json_put_str(c->a, c->out, "Marker", shown(&w, input_str(c, "Marker")));
	if (w.truncated && w.delimiter.len != 0)
		json_put_str(c->a, c->out, "NextMarker", shown(&w, w.last));
	return true;
}
