/* SPDX-License-Identifier: Apache-2.0 */
/* First line a selector, the rest a document: what is selected stands in the document. */
#include <assert.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/jsonpath.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The path without its last segment selects something wherever the whole one does. */
static void
check_parent(struct arena *a, const struct jsonpath *path, const struct json *root, size_t count)
{
	const struct jsonpath *parent = jsonpath_parent(path, a);
	struct jsonpath_nodes nodes;
	struct err err;

	err_init(&err, a);
	if (parent != NULL && jsonpath_select(parent, a, root, &nodes, &err))
		assert(count == 0 || nodes.count > 0);
	assert(parent == NULL || !jsonpath_is_singular(path) || jsonpath_is_singular(parent));
}

static void
check_selected(struct arena *a, const struct jsonpath *path, const struct json *root)
{
	struct jsonpath_nodes nodes;
	const struct json *first;
	struct err err;

	err_init(&err, a);
	if (!jsonpath_select(path, a, root, &nodes, &err)) {
		assert(err.kind == ERR_TOO_LARGE);
		return;
	}
	assert(nodes.count <= JSONPATH_MAX_RESULTS);
	assert(!jsonpath_is_singular(path) || nodes.count <= 1);
	for (size_t i = 0; i < nodes.count; i++)
		assert(nodes.list[i] != NULL);
	if (jsonpath_find(path, a, root, &first, &err))
		assert(first == (nodes.count > 0 ? nodes.list[0] : NULL));
	check_parent(a, path, root, nodes.count);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = { 0 };
	str rest = { (const char *)data, size }, selector = { 0 };
	const struct jsonpath *path;
	const struct json *root;
	struct err err;

	err_init(&err, &a);
	str_cut(&rest, '\n', &selector);
	if (!jsonpath_parse(&a, selector, &path, &err)) {
		assert(err.kind == ERR_INVALID);
		return 0;
	}
	if (json_parse(&a, rest, &root, &err))
		check_selected(&a, path, root);
	return 0;
}
