/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/ec2/cidr.c: IPv4 networks as numbers. */
#include <arpa/inet.h>
#include <string.h>

#include "cloud/ec2/internal.h"

static uint32_t
mask_of(int bits)
{
	return bits == 0 ? 0 : UINT32_MAX << (32 - bits);
}

/* Into text that inet_pton() can read; false where it is too long for any address. */
static bool
pton(int family, str text, void *out)
{
	char z[INET6_ADDRSTRLEN];

	if (text.len == 0 || text.len >= sizeof(z))
		return false;
	memcpy(z, text.ptr, text.len);
	z[text.len] = '\0';
	return strlen(z) == text.len && inet_pton(family, z, out) == 1;
}

bool
ec2_address_parse(str text, uint32_t *out)
{
	struct in_addr address;

	if (!pton(AF_INET, text, &address))
		return false;
	*out = ntohl(address.s_addr);
	return true;
}

str
ec2_address_text(struct arena *a, uint32_t address)
{
	return str_fmt(a, "%u.%u.%u.%u", address >> 24, address >> 16 & 255, address >> 8 & 255,
	    address & 255);
}

bool
ec2_cidr_parse(str text, struct ec2_cidr *out)
{
	str rest = text, ip;
	int64_t bits;

	if (!str_cut(&rest, '/', &ip) || rest.len == 0 || rest.len > 2 ||
	    !str_to_i64(rest, &bits) || bits < 0 || bits > 32 || !ec2_address_parse(ip, &out->base))
		return false;
	out->bits = (int)bits;
	out->base &= mask_of(out->bits);
	return true;
}

bool
ec2_cidr_given(struct call *c, const char *missing, struct ec2_cidr *out, struct err *err)
{
	str text = input_str(c, "CidrBlock");

	if (text.len == 0)
		return err_code(err, ERR_INVALID, "MissingParameter", "%s", missing);
	return ec2_cidr_parse(text, out) ||
	    err_code(err, ERR_INVALID, "InvalidParameterValue",
		"Value (" STR_FMT
		") for parameter cidrBlock is invalid. This is not a valid CIDR block.",
		STR_ARG(text));
}

bool
ec2_cidr6_is(str text)
{
	unsigned char address[16];
	str rest = text, ip;
	int64_t bits;

	return str_cut(&rest, '/', &ip) && rest.len > 0 && rest.len <= 3 &&
	    str_to_i64(rest, &bits) && bits >= 0 && bits <= 128 && pton(AF_INET6, ip, address);
}

str
ec2_cidr_text(struct arena *a, const struct ec2_cidr *cidr)
{
	return str_fmt(a, STR_FMT "/%d", STR_ARG(ec2_address_text(a, cidr->base)), cidr->bits);
}

bool
ec2_cidr_contains(const struct ec2_cidr *outer, const struct ec2_cidr *inner)
{
	return inner->bits >= outer->bits && (inner->base & mask_of(outer->bits)) == outer->base;
}

bool
ec2_cidr_overlaps(const struct ec2_cidr *x, const struct ec2_cidr *y)
{
	return ec2_cidr_contains(x, y) || ec2_cidr_contains(y, x);
}

int64_t
ec2_cidr_addresses(const struct ec2_cidr *cidr)
{
	return INT64_C(1) << (32 - cidr->bits);
}
