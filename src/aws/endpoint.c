/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/endpoint.c: hosts of AWS's services (aws.md 1.1).
 *
 * Buckets go into the path, on AWS too: one form everywhere, and names with dots keep working
 * under TLS.
 */
#include "aws/endpoint.h"

static str
without_port(str host, str scheme)
{
	if (str_is(scheme, "http") && str_ends(host, S(":80")))
		return str_sub(host, 0, host.len - 3);
	if (str_is(scheme, "https") && str_ends(host, S(":443")))
		return str_sub(host, 0, host.len - 4);
	return host;
}

static str
host_of(str url)
{
	size_t at = str_find(url, S("://"));
	str scheme = str_sub(url, 0, at), host = at == url.len ? url : str_from(url, at + 3);

	return without_port(str_sub(host, 0, str_find_char(host, '/')), scheme);
}

struct endpoint
endpoint_of(struct arena *a, const struct aws_service *service, str region, str override)
{
	bool china = str_starts(region, S("cn-"));
	const char *domain = china ? "amazonaws.com.cn" : "amazonaws.com";
	struct endpoint e = { .signing_region = region };

	if (service->global)
		e.signing_region = china ? S("cn-north-1") : S("us-east-1");
	if (override.len > 0)
		e.url =
		    str_ends(override, S("/")) ? str_sub(override, 0, override.len - 1) : override;
	else if (service->global && !china)
		e.url = str_fmt(a, "https://%s.%s", service->endpoint_prefix, domain);
	else
		e.url = str_fmt(a, "https://%s." STR_FMT ".%s", service->endpoint_prefix,
		    STR_ARG(e.signing_region), domain);
	e.host = host_of(e.url);
	return e;
}
