/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole environment type: manifest, template, launch and terminate document, parted by the
 * character 0x1e; a part that is absent is a small right one. What is found right must answer every
 * question.
 */
#include <assert.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "bundle/bundle.h"

#define SEPARATOR '\x1e'

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	const char *name, *text;
} parts[] = {
	{ "type.yaml",
	    "type: t\nname: T\nlaunch: { P: '${type.productId}' }\n"
	    "terminate: { P: '${environment.provisionedProductId}' }\n" },
	{ "t.cfn.yaml",
	    "Parameters: { A: { Type: String, Default: x } }\n"
	    "Resources: { R: { Type: AWS::EC2::VPC } }\nOutputs: { O: { Value: !Ref R } }\n" },
	{ "tLaunchSSM.yaml",
	    "schemaVersion: '0.3'\nparameters: { P: { type: String } }\nmainSteps:\n"
	    "  - name: L\n    action: aws:executeAwsApi\n    inputs: { Service: servicecatalog, Api: "
	    "ProvisionProduct, ProvisionedProductName: n, ProvisioningParameters: [{ Key: A, Value: '{{ P "
	    "}}' }] }\n" },
	{ "tTerminateSSM.yaml",
	    "schemaVersion: '0.3'\nparameters: { P: { type: String } }\nmainSteps:\n"
	    "  - { name: S, action: 'aws:sleep', inputs: { Duration: PT1S } }\n" },
};

static const char event_text[] =
    "{\"source\":\"s\",\"detail-type\":\"d\",\"time\":\"2022-05-26T19:21:17Z\",\"detail\":{\"a\":[1,"
    "\"Stopped\",{\"b\":null}],\"Tags\":{\"Env\":\"e\"}}}";

static void
ask(struct arena *a, const struct bundle *b)
{
	const struct json *event = NULL, *out;
	struct findings findings = { 0 };
	struct bundle_event read;
	struct err err;
	int64_t order;
	str status;
	bool ok;

	err_init(&err, a);
	ok = json_parse(a, S(event_text), &event, &err);
	assert(ok);
	(void)bundle_read_event(a, b, event, &read, &err);
	(void)bundle_read_describe(a, b, event, &status, &order, &err);
	(void)bundle_read_connect(a, b, event, &out, &err);
	(void)bundle_is_gone(b, S("Code"), S("message"));
	(void)bundle_event_sources(a, b);
	bundle_check_config(a, b, json_new_array(a), &findings);
	for (unsigned v = 0; v < BUNDLE_VERB_COUNT; v++)
		if (bundle_document_parameters(a, b, (enum bundle_verb)v, event, &out, &err))
			(void)bundle_product_name(a, b, out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = { 0 };
	str rest = { (const char *)data, size };
	struct bundle_file files[sizeof(parts) / sizeof(parts[0])];
	struct findings findings = { 0 };
	struct bundle b;
	struct err err;
	bool ok;

	err_init(&err, &a);
	for (size_t i = 0; i < countof(parts); i++) {
		str part = { 0 };

		(void)str_cut(&rest, SEPARATOR, &part);
		files[i].name = str_of(parts[i].name);
		files[i].text = part.len == 0 ? str_of(parts[i].text) : part;
	}
	ok = bundle_parse(&a, S("t"), files, countof(files), &b, &findings, &err);
	assert(ok && str_is_utf8(findings_text(&a, &findings)));
	assert(findings.errors == 0 || findings.count > 0);
	if (findings.errors == 0)
		ask(&a, &b);
	return 0;
}
