/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/cfn_cidr.c: Fn::Cidr, the first subnets of a block, for IPv4 and IPv6.
 *
 * An address is a number of 32 or 128 bits; the nth subnet begins n times its size after the
 * block.
 */
#include <arpa/inet.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "lang/cfn_internal.h"

#define MAX_SUBNETS 256

struct block {
	int family;
	int width; /* bits of an address */
	int prefix;
	unsigned __int128 address;
};

static bool
read_block(struct arena *a, str text, struct block *out)
{
	unsigned char bytes[16];
	int64_t prefix;
	str address;

	if (!str_cut(&text, '/', &address) || !str_to_i64(text, &prefix))
		return false;
	out->family = str_find_char(address, ':') < address.len ? AF_INET6 : AF_INET;
	out->width = out->family == AF_INET6 ? 128 : 32;
	if (inet_pton(out->family, str_z(a, address), bytes) != 1 || prefix < 0 ||
	    prefix > out->width)
		return false;
	out->prefix = (int)prefix;
	out->address = 0;
	for (int i = 0; i < out->width / 8; i++)
		out->address = out->address << 8 | bytes[i];
	if (out->prefix == 0)
		out->address = 0;
	else
		out->address = out->address >> (out->width - out->prefix)
			<< (out->width - out->prefix);
	return true;
}

static str
write_subnet(struct arena *a, const struct block *b, unsigned __int128 address, int prefix)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char bytes[16];

	for (int i = b->width / 8 - 1; i >= 0; i--, address >>= 8)
		bytes[i] = (unsigned char)address;
	inet_ntop(b->family, bytes, text, sizeof(text));
	return str_fmt(a, "%s/%d", text, prefix);
}

/* The fewest bits that tell count subnets apart. */
static int
bits_for(int64_t count)
{
	int bits = 0;

	while (((int64_t)1 << bits) < count)
		bits++;
	return bits;
}

bool
cfn_cidr_list(struct arena *a, str block, int64_t count, int64_t bits, const struct json **out)
{
	struct json *list = json_new_array(a);
	struct block b;

	if (count < 1 || count > MAX_SUBNETS || !read_block(a, block, &b))
		return false;
	if (bits < 0) /* left out: as large as count subnets can be */
		bits = b.width - b.prefix - bits_for(count);
	if (bits < 0 || bits > b.width - b.prefix || bits_for(count) > b.width - b.prefix - bits)
		return false;
	for (int64_t i = 0; i < count; i++) {
		/* A shift by the whole width is undefined; only one subnet has room there. */
		unsigned __int128 offset = i == 0 ? 0 : (unsigned __int128)i << bits;

		json_push_str(
		    a, list, write_subnet(a, &b, b.address + offset, b.width - (int)bits));
	}
	*out = list;
	return true;
}
