/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/s3/data.c: the bytes of objects.
 *
 * They lie apart from what is known about them, so that lists never read them, in pieces that fit
 * a store's item as base64.
 */
#include "cloud/s3/internal.h"

#include "base/buf.h"
#include "base/encode.h"
#include "base/hash.h"

#define PIECE_BYTES ((size_t)192 << 10) /* 256 KiB as base64 */

bool
s3_data_put(struct call *c, str bucket, str key, str bytes, struct err *err)
{
	str pk = s3_data_partition(c, bucket, key);

	if (!s3_data_del(c, bucket, key, err))
		return false;
	for (size_t at = 0, n = 0; at < bytes.len; at += PIECE_BYTES, n++) {
		struct json *body = row_new(c, pk, str_fmt(c->a, "%04zu", n));

		json_put_str(
		    c->a, body, "bytes", base64_encode(c->a, str_sub(bytes, at, PIECE_BYTES)));
		if (!row_put(c, body, err))
			return false;
	}
	return true;
}

static bool
add_piece(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	struct buf *all = cookie;
	str piece;

	if (!base64_decode(c->a, row_text(row, "bytes"), &piece))
		return err_set(err, ERR_IO, "piece " STR_FMT " of " STR_FMT " is damaged",
		    STR_ARG(row->sk), STR_ARG(row->pk));
	buf_add(all, piece);
	return true;
}

bool
s3_data_get(struct call *c, str bucket, str key, str *bytes, struct err *err)
{
	struct buf all = buf_in(c->a);

	if (!row_each(c, &(struct store_query){ .hash = s3_data_partition(c, bucket, key) },
		add_piece, &all, err))
		return false;
	*bytes = buf_str(&all);
	return true;
}

bool
s3_data_del(struct call *c, str bucket, str key, struct err *err)
{
	return row_del_all(
	    c, &(struct store_query){ .hash = s3_data_partition(c, bucket, key) }, err);
}

/* --- are they what was sent? ----------------------------------------------------------------- */

static str
md5_of(struct call *c, str bytes)
{
	char *out = arena_raw(c->a, MD5_BYTES);

	md5(bytes, (unsigned char *)out);
	return (str){ out, MD5_BYTES };
}

static str
sha256_of(struct call *c, str bytes)
{
	char *out = arena_raw(c->a, SHA256_BYTES);

	sha256(bytes, (unsigned char *)out);
	return (str){ out, SHA256_BYTES };
}

static str
sha1_of(struct call *c, str bytes)
{
	char *out = arena_raw(c->a, SHA1_BYTES);

	sha1(bytes, (unsigned char *)out);
	return (str){ out, SHA1_BYTES };
}

/*
 * The three CRCs begin and end with all bits turned and take the lowest bit first; they differ in
 * width and polynomial (turned round, too). The most significant byte stands first.
 */
static str
crc_of(struct call *c, str bytes, uint64_t polynomial, size_t width)
{
	uint64_t table[256], crc = UINT64_MAX >> (64 - 8 * width);
	uint64_t all = crc;
	char *out = arena_raw(c->a, width);

	for (unsigned i = 0; i < countof(table); i++) {
		table[i] = i;
		for (int bit = 0; bit < 8; bit++)
			table[i] = (table[i] >> 1) ^ (table[i] & 1 ? polynomial : 0);
	}
	for (size_t i = 0; i < bytes.len; i++)
		crc = (crc >> 8) ^ table[(crc ^ (unsigned char)bytes.ptr[i]) & 0xff];
	crc ^= all;
	for (size_t i = 0; i < width; i++)
		out[i] = (char)(crc >> (8 * (width - 1 - i)));
	return (str){ out, width };
}

static str
crc32_of(struct call *c, str bytes)
{
	return crc_of(c, bytes, 0xedb88320, 4);
}

static str
crc32c_of(struct call *c, str bytes)
{
	return crc_of(c, bytes, 0x82f63b78, 4);
}

static str
crc64nvme_of(struct call *c, str bytes)
{
	return crc_of(c, bytes, UINT64_C(0x9a6c9329ac4bc9b5), 8);
}

bool
s3_data_check(struct call *c, str bytes, struct err *err)
{
	static const struct {
		const char *member, *name;
		str (*of)(struct call *c, str bytes);
	} sums[] = {
		{ "ContentMD5", "Content-MD5", md5_of },
		{ "ChecksumCRC32", "CRC32", crc32_of },
		{ "ChecksumCRC32C", "CRC32C", crc32c_of },
		{ "ChecksumCRC64NVME", "CRC64NVME", crc64nvme_of },
		{ "ChecksumSHA1", "SHA1", sha1_of },
		{ "ChecksumSHA256", "SHA256", sha256_of },
	};

	for (size_t i = 0; i < countof(sums); i++) {
		const struct json *claim = json_get(c->in, sums[i].member);
		str want, have;

		if (claim == NULL)
			continue;
		have = sums[i].of(c, bytes);
		if (!base64_decode(c->a, json_str(claim), &want) || want.len != have.len)
			return err_code(err, ERR_INVALID, "InvalidDigest",
			    "The %s you specified is not valid.", sums[i].name);
		if (!str_eq(want, have))
			return err_code(err, ERR_INVALID, "BadDigest",
			    "The %s you specified did not match the calculated checksum.",
			    sums[i].name);
	}
	return true;
}

str
s3_etag(struct call *c, str bytes)
{
	str hex = hex_encode(c->a, md5_of(c, bytes));

	return str_fmt(c->a, "\"" STR_FMT "\"", STR_ARG(hex));
}
