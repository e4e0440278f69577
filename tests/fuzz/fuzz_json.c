/* SPDX-License-Identifier: Apache-2.0 */
/* What parses must be written, compactly and prettily, as a text that parses to the same value. */
#include <assert.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_read_back(struct arena *a, str text, const struct json *want)
{
	const struct json *got = NULL;
	struct err err;
	bool ok;

	err_init(&err, a);
	ok = json_parse(a, text, &got, &err);
	assert(ok && json_equal(got, want));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = { 0 };
	struct buf pretty = buf_in(&a);
	const struct json *j, *last;
	struct err err;
	bool ok, ok_last;

	err_init(&err, &a);
	ok = json_parse(&a, (str){ (const char *)data, size }, &j, &err);
	assert(ok || (err.kind == ERR_INVALID && str_is_utf8(err.msg)));
	ok_last = json_parse_last(&a, (str){ (const char *)data, size }, &last, &err);
	assert(!ok || (ok_last && json_equal(j, last)));
	if (ok_last)
		must_read_back(&a, json_text(&a, last), last);
	if (!ok)
		return 0;
	json_write_pretty(&pretty, j);
	must_read_back(&a, buf_str(&pretty), j);
	assert(json_equal(json_copy(&a, j), j));
	return 0;
}
