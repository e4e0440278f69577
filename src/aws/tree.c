/* SPDX-License-Identifier: Apache-2.0 */
/* aws/tree.c: what readers of messages need to build trees. */
#include "aws/forms.h"
#include "base/json.h"

void
tree_add(struct arena *a, struct json *parent, str key, const struct json *value)
{
	struct json *child;

	if (value == NULL)
		return;
	child = json_new(a, value->kind);
	*child = *value;
	child->key = key;
	child->next = NULL;
	if (parent->last == NULL)
		parent->first = child;
	else
		parent->last->next = child;
	parent->last = child;
	parent->count++;
}
