/* SPDX-License-Identifier: Apache-2.0 */
/* What is handed to documents, asked of configurations and given back by connect. */
#include "bundle_rig.h"

#include "base/buf.h"

#define KEY "arn:aws:kms:us-east-1:123456789012:key/0f3ad1e8-5e1c-4a39-9f0e-3d8f6a1b2c4d"

static const char scopes_text[] =
    "{\"launch\":{\"timeMs\":1651779543023,\"pathId\":\"lpv3-abcdefghijklm\"},\"type\":{\"productId\":"
    "\"prod-abcdefghijklm\",\"provisioningArtifactId\":\"pa-abcdefghijklm\"},\"environment\":{\"id\":"
    "\"env-0f3ad1e8-5e1c-4a39-9f0e-3d8f6a1b2c4d\",\"provisionedProductId\":\"pp-abcdefghijklm\"},"
    "\"project\":{\"vpcId\":\"vpc-0a\",\"subnetId\":\"subnet-0b\",\"encryptionKeyArn\":\"" KEY
    "\",\"environmentInstanceFiles\":\"s3://artifacts/environment-files\"},\"config\":{\"CIDR\":"
    "\"192.0.2.0/24\",\"InstanceType\":\"ml.t3.medium\",\"AutoStopIdleTimeInMinutes\":\"10\"},"
    "\"datasets\":{\"mounts\":\"[]\",\"policy\":\"{}\"},\"main\":{\"accountId\":\"123456789012\","
    "\"region\":\"us-east-1\",\"datasetsBucketArn\":\"arn:aws:s3:::datasets\",\"artifactKeyArn\":\"" KEY
    "\",\"datasetsKeyArn\":\"" KEY
    "\"},\"operation\":{\"id\":\"5b7c1f0e-8d0a-4c55-9a35-1c2d3e4f5a6b\"},\"outputs\":{}}";

static bool
parameters(struct rig *r, enum bundle_verb verb, str scopes, const struct json **out)
{
	return bundle_document_parameters(
	    r->a, &r->b, verb, rig_json(r->a, str_z(r->a, scopes)), out, &r->err);
}

static str
text_of(struct arena *a, const struct json *parameters_given, const char *name)
{
	return json_text(a, json_get(parameters_given, name));
}

static void
test_launch_parameters(struct arena *a)
{
	const struct json *out = NULL;
	struct rig r;

	rig_init(&r, a);
	rig_parse_clean(&r);
	CHECK_OK(parameters(&r, BUNDLE_LAUNCH, S(scopes_text), &out), &r.err);
	CHECK(json_count(out) == 20, "%zu parameters", json_count(out));
	CHECK_STR(text_of(a, out, "InstanceName"), "[\"sagemakerexample-1651779543023\"]", "name");
	CHECK_STR(text_of(a, out, "IamPolicyDocument"), "[\"{}\"]", "policy");
	CHECK_STR(text_of(a, out, "CIDR"), "[\"192.0.2.0/24\"]", "CIDR");
	CHECK_STR(bundle_product_name(a, &r.b, out), "sagemakerexample-1651779543023", "product");
	CHECK_OK(parameters(&r, BUNDLE_TERMINATE, S(scopes_text), &out), &r.err);
	CHECK_STR(json_text(a, out),
	    "{\"ProvisionedProductId\":[\"pp-abcdefghijklm\"],\"TerminateToken\":[\"5b7c1f0e-8d0a-4c55-"
	    "9a35-1c2d3e4f5a6b\"],\"EnvId\":[\"env-0f3ad1e8-5e1c-4a39-9f0e-3d8f6a1b2c4d\"]}",
	    "terminate");
	CHECK(!parameters(&r, BUNDLE_START, S(scopes_text), &out), "start runs no document");
	CHECK_STR(r.err.msg, "type sagemakerExample runs no document to start", "start");
}

/* An absent configuration value: the document's default, or the template's, or an error. */
static void
test_defaults(struct arena *a)
{
	str scopes = str_replace(a, S(scopes_text),
	    S("\"CIDR\":\"192.0.2.0/24\",\"InstanceType\":\"ml.t3.medium\","
	      "\"AutoStopIdleTimeInMinutes\":\"10\""),
	    S(""));
	const struct json *out = NULL;
	struct rig r;

	rig_init(&r, a);
	rig_parse_clean(&r);
	CHECK_OK(parameters(&r, BUNDLE_LAUNCH, scopes, &out), &r.err);
	CHECK_STR(text_of(a, out, "AutoStopIdleTimeInMinutes"), "null", "left to the document");
	CHECK_STR(text_of(a, out, "InstanceType"), "[\"ml.t3.xlarge\"]", "the template's");
	CHECK_STR(text_of(a, out, "CIDR"), "[\"10.0.0.0/19\"]", "the template's");

	rig_change(&r, RIG_TYPE ".cfn.yaml", "    Default: ml.t3.xlarge\n", "");
	rig_parse_clean(&r);
	CHECK(!parameters(&r, BUNDLE_LAUNCH, scopes, &out), "no default");
	CHECK_STR(r.err.msg,
	    "the configuration gives no value for ${config.InstanceType}, and neither document nor "
	    "template has a default for 'InstanceType'",
	    "no default");
}

static void
test_refused_parameters(struct arena *a)
{
	static const struct {
		const char *label, *from, *to, *message;
	} cases[] = {
		{ "document's pattern", "\"ml.t3.medium\"", "\"t3.medium\"",
		    "Parameter \"InstanceType\" has value \"t3.medium\" that does not match" },
		{ "template's pattern", "192.0.2.0/24", "192.0.2.999/24",
		    "Parameter CIDR failed to satisfy constraint: must be an IPv4 range" },
		{ "template's range", "Minutes\":\"10\"", "Minutes\":\"50000\"",
		    "Parameter 'AutoStopIdleTimeInMinutes' must be a number not greater than 43200" },
		{ "absent", "\"vpcId\":\"vpc-0a\",", "", "${project.vpcId} has no value here" },
	};
	struct rig r;

	rig_init(&r, a);
	rig_parse_clean(&r);
	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *out = NULL;
		str scopes =
		    str_replace(a, S(scopes_text), str_of(cases[i].from), str_of(cases[i].to));

		CHECK(!parameters(&r, BUNDLE_LAUNCH, scopes, &out) && out == NULL, "%s",
		    cases[i].label);
		CHECK(str_starts(r.err.msg, str_of(cases[i].message)), "%s: " STR_FMT,
		    cases[i].label, STR_ARG(r.err.msg));
	}
}

/* A policy for more datasets than a template's parameter holds. */
static void
test_too_long(struct arena *a)
{
	const struct json *out = NULL;
	struct buf policy = buf_in(a);
	struct rig r;

	buf_add(&policy, S("\"{"));
	for (int i = 0; i < 4096; i++)
		buf_char(&policy, 'x');
	buf_add(&policy, S("}\""));
	rig_init(&r, a);
	rig_parse_clean(&r);
	CHECK(!parameters(&r, BUNDLE_LAUNCH,
		  str_replace(a, S(scopes_text), S("\"{}\""), buf_str(&policy)), &out),
	    "too long");
	CHECK(str_has(r.err.msg, S("'IamPolicyDocument' must contain at most 4096")), STR_FMT,
	    STR_ARG(r.err.msg));
}

/* Lists, numbers and objects in SSM's form; a list of the scopes stays a list. */
static void
test_kinds(struct arena *a)
{
	str scopes = str_replace(a, S(scopes_text), S("\"CIDR\":"),
	    S("\"Zones\":[\"a\",\"b\"],\"Count\":3,\"Labels\":{\"k\":\"v\"},\"CIDR\":"));
	const struct json *out = NULL;
	struct rig r;

	rig_init(&r, a);
	rig_change(&r, RIG_TYPE "LaunchSSM.yaml", "parameters:\n",
	    "parameters:\n  Zones: { type: StringList }\n  Fixed: { type: StringList }\n"
	    "  Count: { type: Integer }\n  On: { type: Boolean }\n  Labels: { type: StringMap }\n");
	rig_change(&r, "type.yaml", "launch:\n",
	    "launch:\n  Zones: ${config.Zones}\n  Fixed: [x, '${main.region}']\n"
	    "  Count: ${config.Count}\n  On: true\n  Labels: ${config.Labels}\n");
	rig_parse_clean(&r);
	CHECK_OK(parameters(&r, BUNDLE_LAUNCH, scopes, &out), &r.err);
	CHECK_STR(text_of(a, out, "Zones"), "[\"a\",\"b\"]", "a list");
	CHECK_STR(text_of(a, out, "Fixed"), "[\"x\",\"us-east-1\"]", "a list in the manifest");
	CHECK_STR(text_of(a, out, "Count"), "[\"3\"]", "a number");
	CHECK_STR(text_of(a, out, "On"), "[\"true\"]", "a boolean");
	CHECK_STR(text_of(a, out, "Labels"), "[\"{\\\"k\\\":\\\"v\\\"}\"]", "an object");
}

/* --- configurations --------------------------------------------------------------------------- */

static str
check_config(struct rig *r, const char *params)
{
	struct findings findings = { 0 };

	bundle_check_config(r->a, &r->b, rig_json(r->a, params), &findings);
	return findings_text(r->a, &findings);
}

static void
test_config(struct arena *a)
{
	static const struct {
		const char *label, *params, *want;
	} cases[] = {
		{ "the seed's",
		    "[{\"key\":\"IamPolicyDocument\",\"value\":\"${iamPolicyDocument}\"},{\"key\":"
		    "\"InstanceType\",\"value\":\"ml.t3.medium\"},{\"key\":\"AutoStopIdleTimeInMinutes\","
		    "\"value\":\"0\"},{\"key\":\"CIDR\",\"value\":\"0.0.0.0/0\"}]",
		    "" },
		{ "none: all have defaults", "[]", "" },
		{ "the first of two counts",
		    "[{\"key\":\"CIDR\",\"value\":\"0.0.0.0/0\"},{\"key\":\"CIDR\",\"value\":\"x\"}]",
		    "" },
		{ "document's pattern", "[{\"key\":\"InstanceType\",\"value\":\"t3.medium\"}]",
		    "configuration: error: the value of 'InstanceType' is refused: Parameter "
		    "\"InstanceType\" has value \"t3.medium\" that does not match the allowed pattern "
		    "^ml\\.[a-z0-9-]+\\.[a-z0-9]+$. (config-value)\n" },
		{ "template's pattern", "[{\"key\":\"CIDR\",\"value\":\"999.1.1.1/32\"}]",
		    "configuration: error: the value of 'CIDR' is refused: Parameter CIDR failed to satisfy constraint: must be an IPv4 "
		    "range, such as 192.0.2.0/24 (config-value)\n" },
		{ "template's number",
		    "[{\"key\":\"AutoStopIdleTimeInMinutes\",\"value\":\"99999\"}]",
		    "configuration: error: the value of 'AutoStopIdleTimeInMinutes' is refused: Parameter "
		    "'AutoStopIdleTimeInMinutes' must be a number not greater than 43200 (config-value)\n" },
		{ "no value", "[{\"key\":\"CIDR\"}]",
		    "configuration:1:2: error: a parameter of the configuration has no key or no value "
		    "(config-form)\n" },
	};
	struct rig r;

	rig_init(&r, a);
	rig_parse_clean(&r);
	for (size_t i = 0; i < countof(cases); i++) {
		str text = check_config(&r, cases[i].params);

		CHECK_STR(str_sub(text, 0, str_find(text, S("  fix:"))), cases[i].want, "%s",
		    cases[i].label);
	}
}

/* Values that other verbs read, and an address that only this check refuses. */
static void
test_config_elsewhere(struct arena *a)
{
	struct rig r;
	str text;

	rig_init(&r, a);
	rig_change(&r, "type.yaml",
	    "with: { NotebookInstanceName: '${environment.instanceId}' }\nconnect",
	    "with: { NotebookInstanceName: '${config.Name}' }\nconnect");
	rig_change(&r, "type.yaml", "sagemakerexample-${launch.timeMs}",
	    "${config.Prefix}-${launch.timeMs}");
	rig_change(&r, RIG_TYPE ".cfn.yaml", "    Default: 10.0.0.0/19\n", "");
	rig_change(&r, RIG_TYPE ".cfn.yaml", "    AllowedPattern: '((25", "    Description: '((25");
	rig_change(&r, RIG_TYPE ".cfn.yaml",
	    "    Description: Addresses that may reach the instance\n", "");
	rig_change(&r, RIG_TYPE ".cfn.yaml",
	    "    ConstraintDescription: must be an IPv4 range, such as 192.0.2.0/24\n", "");
	rig_parse_clean(&r);
	text = check_config(&r, "[]");
	CHECK(str_has(text, S("gives no 'Name', which stop needs")), STR_FMT, STR_ARG(text));
	CHECK(
	    str_has(text, S("gives no 'Prefix', which the launch parameter 'InstanceName' needs")),
	    STR_FMT, STR_ARG(text));
	CHECK(str_has(text, S("gives no 'CIDR', which the launch parameter 'CIDR' needs")), STR_FMT,
	    STR_ARG(text));
	text = check_config(&r,
	    "[{\"key\":\"Name\",\"value\":\"n\"},{\"key\":\"Prefix\",\"value\":\"p\"},{"
	    "\"key\":\"CIDR\",\"value\":\"999.1.1.1/32\"}]");
	CHECK(str_starts(text,
		  S("configuration: error: the value of 'CIDR' is refused: '999.1.1.1/32' is "
		    "no IPv4 address or range (config-value)\n")),
	    STR_FMT, STR_ARG(text));
}

/* --- connect, product, hash -------------------------------------------------------------- */

static void
test_connect(struct arena *a)
{
	const struct json *out = NULL;
	struct rig r;

	rig_init(&r, a);
	rig_change(&r, "type.yaml", "return: { url: $.link.AuthorizedUrl }",
	    "return: { url: $.link.AuthorizedUrl, all: '$.link', none: '$.link..None' }");
	rig_parse_clean(&r);
	CHECK_OK(bundle_read_connect(a, &r.b,
		     rig_json(a, "{\"link\":{\"AuthorizedUrl\":\"https://x\"}}"), &out, &r.err),
	    &r.err);
	CHECK_STR(json_text(a, out),
	    "{\"url\":\"https://x\",\"all\":{\"AuthorizedUrl\":\"https://x\"}}", "selected");
	CHECK_OK(bundle_read_connect(a, &r.b, rig_json(a, "{}"), &out, &r.err), &r.err);
	CHECK_STR(json_text(a, out), "{}", "nothing there");
}

/* A program instead of calls; a document for start; deadlines; words around several links. */
static void
test_other_ways(struct arena *a)
{
	const struct json *out = NULL;
	struct rig r;

	rig_init(&r, a);
	rig_change(&r, "type.yaml",
	    "start:\n  calls:\n    - call: sagemaker:StartNotebookInstance\n      with: { "
	    "NotebookInstanceName: '${environment.instanceId}' }",
	    "deadlines: { start: 90s, stop: 2h, connect: 20s }\n"
	    "start: { document: { Id: '${environment.instanceId}', Op: '${operation.id}' } }");
	rig_change(&r, "type.yaml",
	    "  calls:\n    - as: link # its answer, for return below\n      call: "
	    "sagemaker:CreatePresignedNotebookInstanceUrl\n      with: { NotebookInstanceName: "
	    "'${environment.instanceId}' }",
	    "  exec: ./connect.sh");
	rig_change(&r, "type.yaml", "return: { url: $.link.AuthorizedUrl }",
	    "return: { url: $.exec.url, ssh: $.exec.ssh }");
	rig_change(&r, "type.yaml", "links: { url: Sagemaker URL }",
	    "links: { url: \"The \\\"URL\\\"\", ssh: Shell }");
	rig_change(&r, "type.yaml", "To access Sagemaker Notebook, open ${links.url}",
	    "'${links.ssh} or ${links.url}; $${links.x} is text'");
	rig_add(&r, "connect.sh", "#!/bin/sh\n");
	rig_add(&r, RIG_TYPE "StartSSM.yaml",
	    "schemaVersion: '0.3'\nparameters: { Id: { type: String }, Op: { type: String } }\n"
	    "mainSteps:\n  - name: Start\n    action: aws:executeAwsApi\n    inputs: { Service: sagemaker, "
	    "Api: StartNotebookInstance, NotebookInstanceName: '{{ Id }}' }\n");
	rig_parse_clean(&r);
	CHECK_STR(r.b.verbs[BUNDLE_CONNECT].exec, "./connect.sh", "program");
	CHECK(r.b.verbs[BUNDLE_START].deadline_ms == 90000, "start's deadline");
	CHECK(r.b.verbs[BUNDLE_STOP].deadline_ms == 7200000, "stop's deadline");
	CHECK(r.b.verbs[BUNDLE_LAUNCH].deadline_ms == 0, "no deadline for launch");
	CHECK_STR(r.b.instruction,
	    "#{\"type\":\"link\",\"hrefKey\":\"ssh\",\"text\":\"Shell\"} or "
	    "#{\"type\":\"link\",\"hrefKey\":\"url\",\"text\":\"The \\\"URL\\\"\"}; ${links.x} is text",
	    "instruction");
	CHECK_OK(parameters(&r, BUNDLE_START,
		     str_replace(a, S(scopes_text), S("\"provisionedProductId\""),
			 S("\"instanceId\":\"i-1\",\"provisionedProductId\"")),
		     &out),
	    &r.err);
	CHECK_STR(text_of(a, out, "Id"), "[\"i-1\"]", "start's document");
	CHECK_OK(
	    bundle_read_connect(a, &r.b, rig_json(a, "{\"exec\":{\"url\":\"u\"}}"), &out, &r.err),
	    &r.err);
	CHECK_STR(json_text(a, out), "{\"url\":\"u\"}", "what the program answered");
}

static void
test_product_name(struct arena *a)
{
	struct rig r;

	rig_init(&r, a);
	rig_change(&r, RIG_TYPE "LaunchSSM.yaml", "ProvisionedProductName: '{{ InstanceName }}'",
	    "ProvisionedProductName: 'swb-{{ global:DATE }}'");
	rig_parse_clean(&r);
	CHECK_STR(bundle_product_name(a, &r.b, rig_json(a, "{}")), "", "computed when it runs");
}

static void
test_hash(struct arena *a)
{
	struct rig r;
	str first, again;

	rig_init(&r, a);
	rig_parse_clean(&r);
	first = r.b.hash;
	for (size_t i = 0; i < r.count / 2; i++) {
		struct bundle_file f = r.files[i];

		r.files[i] = r.files[r.count - 1 - i];
		r.files[r.count - 1 - i] = f;
	}
	rig_parse_clean(&r);
	CHECK(str_eq(r.b.hash, first), "the order of files does not count");
	rig_change(&r, RIG_TYPE ".cfn.yaml", "walk-through", "walk through");
	rig_parse_clean(&r);
	again = r.b.hash;
	CHECK(!str_eq(again, first), "every byte counts");
	rig_add(&r, "README", "x");
	rig_parse_clean(&r);
	CHECK(!str_eq(r.b.hash, again), "every file counts");
	again = r.b.hash;
	rig_file(&r, "README")->name = S("README.md");
	rig_parse_clean(&r);
	CHECK(!str_eq(r.b.hash, again), "names count");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_launch_parameters),
		TEST(test_defaults),
		TEST(test_refused_parameters),
		TEST(test_too_long),
		TEST(test_kinds),
		TEST(test_config),
		TEST(test_config_elsewhere),
		TEST(test_connect),
		TEST(test_other_ways),
		TEST(test_product_name),
		TEST(test_hash),
	};

	return RUN_TESTS(tests);
}
