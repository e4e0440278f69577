/* SPDX-License-Identifier: Apache-2.0 */
/* What parses, with and without short tags, is written as JSON that parses to the same value. */
#include <assert.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct json *
parse(struct arena *a, str text, enum yaml_tags tags)
{
	const struct json *j = NULL, *back = NULL;
	struct err err;
	bool ok;

	err_init(&err, a);
	if (!yaml_parse(a, text, tags, &j, &err)) {
		assert(err.kind == ERR_INVALID || err.kind == ERR_TOO_LARGE);
		return NULL;
	}
	ok = json_parse(a, json_text(a, j), &back, &err);
	assert(ok && json_equal(j, back));
	return j;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = { 0 };
	str text = { (const char *)data, size };
	const struct json *plain = parse(&a, text, YAML_TAGS_NONE);
	const struct json *cfn = parse(&a, text, YAML_TAGS_CFN), *either;
	struct err err;

	assert(plain == NULL || (cfn != NULL && json_equal(plain, cfn)));
	err_init(&err, &a);
	(void)yaml_or_json_parse(&a, text, YAML_TAGS_CFN, &either, &err);
	return 0;
}
