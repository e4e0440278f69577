/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IAM policies: any text is read as every kind of policy; what is read is asked about a request
 * whose values come from the text itself.
 */
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/iam_policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
ask(struct arena *a, const struct iam_policy *policy, str text)
{
	struct json *context = json_new_object(a);
	struct iam_asker who = { .account = S("111111111111"),
		.arn = S("arn:aws:sts::111111111111:assumed-role/R/s"),
		.role_arn = S("arn:aws:iam::111111111111:role/R"),
		.id = S("AROA1") };

	json_put_str(a, context, "aws:username", str_sub(text, text.len / 2, 32));
	json_put_i64(a, context, "aws:EpochTime", 1651779543);
	json_put_str(a, context, "aws:SourceIp", S("10.1.2.3"));
	json_push_str(a, json_put(a, context, "aws:TagKeys", json_new_array(a)), S("k"));
	(void)iam_policy_evaluate(a, policy,
	    &(struct iam_request){ .who = &who,
		.action = S("sts:AssumeRole"),
		.resource = str_sub(text, 0, 64),
		.context = context });
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = { 0 };
	str text = { (const char *)data, size };

	for (int use = IAM_POLICY_IDENTITY; use <= IAM_POLICY_RESOURCE; use++) {
		struct iam_policy policy;
		struct err err;

		err_init(&err, &a);
		if (iam_policy_parse_text(&a, text, (enum iam_policy_use)use, &policy, &err))
			ask(&a, &policy, text);
	}
	return 0;
}
