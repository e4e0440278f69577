/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/s3_url.c: the two styles of S3's URLs. The host tells which: what stands before the label
 * "s3" is the bucket; where nothing does, the bucket is the first piece of the path.
 */
#include "lang/s3_url.h"

#include "base/encode.h"

/* Cuts the service's own domain off host. */
static bool
cut_domain(str *host)
{
	static const char *const domains[] = { ".amazonaws.com", ".amazonaws.com.cn" };

	for (size_t i = 0; i < countof(domains); i++) {
		str domain = str_of(domains[i]);

		if (!str_ends(*host, domain))
			continue;
		host->len -= domain.len;
		return true;
	}
	return false;
}

/* "a.b.s3.us-east-1" has the bucket "a.b", "s3-us-east-1" an empty one. */
static bool
bucket_of_host(str host, str *bucket)
{
	bool found = false;
	str rest = host, label;

	while (str_cut(&rest, '.', &label)) {
		if (!str_is(label, "s3") && !str_starts(label, S("s3-")))
			continue;
		found = true;
		*bucket = (str){ host.ptr, (size_t)(label.ptr - host.ptr) };
	}
	if (found && bucket->len > 0)
		bucket->len--; /* the dot */
	return found;
}

bool
s3_url_parse(struct arena *a, str url, str *bucket, str *key)
{
	str scheme = S("https://"), host, path, name = { 0 }, decoded;

	if (!str_starts(url, scheme))
		return false;
	path = str_from(url, scheme.len);
	path = str_sub(path, 0, str_find_char(path, '?'));
	if (!str_cut(&path, '/', &host) || !cut_domain(&host) || !bucket_of_host(host, &name))
		return false;
	if (name.len == 0 && !str_cut(&path, '/', &name))
		return false;
	if (!percent_decode(a, path, false, &decoded) || name.len == 0 || decoded.len == 0)
		return false;
	*bucket = name;
	*key = decoded;
	return true;
}

str
s3_url_write(struct arena *a, str region, str bucket, str key)
{
	str path = percent_encode(a, key, true);

	if (str_find_char(bucket, '.') < bucket.len)
		return str_fmt(a, "https://s3." STR_FMT ".amazonaws.com/" STR_FMT "/" STR_FMT,
		    STR_ARG(region), STR_ARG(bucket), STR_ARG(path));
	return str_fmt(a, "https://" STR_FMT ".s3." STR_FMT ".amazonaws.com/" STR_FMT,
	    STR_ARG(bucket), STR_ARG(region), STR_ARG(path));
}
