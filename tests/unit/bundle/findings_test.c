/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong is found, at its place, in words: each case changes one thing in a right type and
 * expects these findings, to the letter.
 */
#include "bundle_rig.h"

#include "base/buf.h"

#define MANIFEST "type.yaml"
#define TEMPLATE RIG_TYPE ".cfn.yaml"
#define LAUNCH RIG_TYPE "LaunchSSM.yaml"
#define TERMINATE RIG_TYPE "TerminateSSM.yaml"

static const struct {
	const char *label, *file, *from, *to, *want;
} cases
    [] = {
	    { "not YAML", MANIFEST, "launch:\n", "launch: [\n",
		"type.yaml:15:18: error: ',' or ']' must stand here, after what begins at 14:9 (yaml)\n" },
	    { "a tab", MANIFEST, "launch:\n  InstanceType", "launch:\n	InstanceType",
		"type.yaml:15:1: error: text cannot begin with this character (a tab, '@', '`' or '%'): indent with blanks, put text in quotes (yaml)\n" },
	    { "unknown key", MANIFEST, "\nconnect:", "\nconect:",
		"type.yaml:55:1: error: the manifest has no member 'conect' (is 'connect' meant?) (unknown-key)\n" },
	    { "missing key", MANIFEST, "\nname: Sagemaker Example\n", "\n",
		"type.yaml:7:1: error: the manifest needs a member 'name' (missing-key)\n" },
	    { "wrong kind", MANIFEST, "type: sagemakerExample", "type: [sagemakerExample]",
		"type.yaml:7:7: error: 'type' of the manifest is a list (wrong-kind)\n" },
	    { "wrong kind of a verb", MANIFEST, "\nstart:\n", "\nstart: go\nold:\n",
		"type.yaml:47:8: error: 'start' of the manifest is a string (wrong-kind)\ntype.yaml:48:1: error: the manifest has no member 'old' (unknown-key)\n" },
	    { "no name", MANIFEST, "name: Sagemaker Example", "name: ''",
		"type.yaml:8:7: error: the name has 0 characters (type-title)\n" },
	    { "bad type", MANIFEST, "type: sagemakerExample", "type: Sagemaker-Example",
		"type.yaml:7:7: error: 'Sagemaker-Example' is not a type's name (type-name)\n" },
	    { "other folder", MANIFEST, "type: sagemakerExample", "type: otherExample",
		"type.yaml:7:7: error: the type 'otherExample' stands in the folder 'sagemakerExample' (type-folder)\n" },
	    { "unknown variable", MANIFEST, "${project.vpcId}", "${project.vpcID}",
		"type.yaml:30:8: error: there is no variable ${project.vpcID} (is 'project.vpcId' meant?) (variable-unknown)\n" },
	    { "unknown scope", MANIFEST, "${project.vpcId}", "${vpc.id}",
		"type.yaml:30:8: error: there is no variable ${vpc.id} (variable-unknown)\n" },
	    { "not a variable", MANIFEST, "${project.vpcId}", "${project}",
		"type.yaml:30:8: error: '${project}' is not a variable (variable-malformed)\n" },
	    { "not closed", MANIFEST, "${project.vpcId}", "${project.vpcId",
		"type.yaml:30:8: error: '${' is not closed in '${project.vpcId' (variable-malformed)\n" },
	    { "too early", MANIFEST, "${project.vpcId}", "${environment.instanceId}",
		"type.yaml:30:8: error: ${environment.instanceId} is not known here (variable-too-early)\n" },
	    { "output too early", MANIFEST, "${project.vpcId}", "${outputs.NotebookArn}",
		"type.yaml:30:8: error: ${outputs.NotebookArn} is not known at a launch (variable-too-early)\n" },
	    { "unknown output variable", MANIFEST,
		"with: { NotebookInstanceName: '${environment.instanceId}' }\nstop",
		"with: { NotebookInstanceName: '${outputs.NotebookName}' }\nstop",
		"type.yaml:50:37: error: the template has no output 'NotebookName' (output-unknown)\n" },
	    { "links elsewhere", MANIFEST, "sagemakerexample-${launch.timeMs}",
		"sagemakerexample-${links.url}",
		"type.yaml:22:17: error: ${links.url} stands in an instruction only (variable-unknown)\n" },
	    { "parameter the document lacks", MANIFEST, "  CIDR: ${config.CIDR}",
		"  Cidr: ${config.CIDR}",
		"type.yaml:16:3: error: the document has no parameter 'Cidr' (is 'CIDR' meant?) (parameter-unknown)\ntype.yaml:14:1: error: the document's parameter 'CIDR' gets no value (parameter-missing)\n" },
	    { "parameter missing", MANIFEST, "  VPC: ${project.vpcId}\n", "",
		"type.yaml:14:1: error: the document's parameter 'VPC' gets no value (parameter-missing)\n" },
	    { "literal does not match", MANIFEST, "${config.InstanceType}", "t3.medium",
		"type.yaml:15:17: error: Parameter \"InstanceType\" has value \"t3.medium\" that does not match the allowed pattern ^ml\\.[a-z0-9-]+\\.[a-z0-9]+$. (parameter-value)\n" },
	    { "literal of a wrong kind", MANIFEST, "${config.InstanceType}", "{ a: b }",
		"type.yaml:15:17: error: Parameter \"InstanceType\" has value \"{\"a\":\"b\"}\" that does not match the allowed pattern ^ml\\.[a-z0-9-]+\\.[a-z0-9]+$. (parameter-value)\n" },
	    { "sample does not match", MANIFEST, "EnvId: ${environment.id}\n  VPC",
		"EnvId: ${operation.id}\n  VPC",
		"type.yaml:29:10: warning: such a value may not fit: Parameter \"EnvId\" has value \"5b7c1f0e-8d0a-4c55-9a35-1c2d3e4f5a6b\" that does not match the allowed pattern ^env-[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$. (parameter-pattern)\n" },
	    { "null value", MANIFEST, "${config.InstanceType}", "",
		"type.yaml:15:3: error: the parameter 'InstanceType' has no value (wrong-kind)\n" },
	    { "call without colon", MANIFEST, "call: sagemaker:StopNotebookInstance",
		"call: StopNotebookInstance",
		"type.yaml:53:13: error: 'StopNotebookInstance' is not a call (call-malformed)\n" },
	    { "unknown service", MANIFEST, "call: sagemaker:StopNotebookInstance",
		"call: sagmaker:StopNotebookInstance",
		"type.yaml:53:13: error: there is no service 'sagmaker' (is 'sagemaker' meant?) (call-unknown)\n" },
	    { "unknown operation", MANIFEST, "call: sagemaker:StopNotebookInstance",
		"call: sagemaker:StopNotebookInstances",
		"type.yaml:53:13: error: sagemaker has no operation 'StopNotebookInstances' (is 'StopNotebookInstance' meant?) (call-unknown)\n" },
	    { "input unknown", MANIFEST,
		"{ NotebookInstanceName: '${environment.instanceId}' }\nstop",
		"{ notebookInstanceName: '${environment.instanceId}' }\nstop",
		"type.yaml:50:15: error: StartNotebookInstance takes no 'notebookInstanceName' (is 'NotebookInstanceName' meant?) (call-input-unknown)\ntype.yaml:49:7: error: StartNotebookInstance needs 'NotebookInstanceName' (call-input-missing)\n" },
	    { "input of wrong kind", MANIFEST,
		"{ NotebookInstanceName: '${environment.instanceId}' }\nstop",
		"{ NotebookInstanceName: [x] }\nstop",
		"type.yaml:50:37: error: StartNotebookInstance.NotebookInstanceName must be a single value and is a list (call-input-kind)\n" },
	    { "as taken", MANIFEST, "as: link", "as: environment",
		"type.yaml:57:11: error: the answer cannot be called 'environment' (call-name)\ntype.yaml:60:18: error: '$.link.AuthorizedUrl' does not begin with an answer of connect (selector-unknown)\n" },
	    { "unknown member of a call", MANIFEST, "- as: link", "- name: link",
		"type.yaml:57:7: error: a call has no member 'name' (unknown-key)\ntype.yaml:60:18: error: '$.link.AuthorizedUrl' does not begin with an answer of connect (selector-unknown)\n" },
	    { "two behaviours", MANIFEST, "stop:\n  calls:", "stop:\n  exec: ./x\n  calls:",
		"type.yaml:52:3: error: stop says several things to do (behaviour-count)\ntype.yaml:52:9: error: the folder has no program './x' (exec-unknown)\n" },
	    { "nothing to do", MANIFEST,
		"stop:\n  calls:\n    - call: sagemaker:StopNotebookInstance\n      with: { NotebookInstanceName: '${environment.instanceId}' }",
		"stop: {}", "type.yaml:51:7: error: stop says nothing to do (behaviour-count)\n" },
	    { "no calls", MANIFEST,
		"stop:\n  calls:\n    - call: sagemaker:StopNotebookInstance\n      with: { NotebookInstanceName: '${environment.instanceId}' }",
		"stop: { calls: [] }",
		"type.yaml:51:16: error: there are 0 calls (calls-count)\n" },
	    { "unknown program", MANIFEST,
		"stop:\n  calls:\n    - call: sagemaker:StopNotebookInstance\n      with: { NotebookInstanceName: '${environment.instanceId}' }",
		"stop: { exec: ./stop.sh }",
		"type.yaml:51:15: error: the folder has no program './stop.sh' (exec-unknown)\n" },
	    { "document missing", MANIFEST,
		"stop:\n  calls:\n    - call: sagemaker:StopNotebookInstance\n      with: { NotebookInstanceName: '${environment.instanceId}' }",
		"stop: { document: { Id: '${environment.instanceId}' } }",
		"sagemakerExampleStopSSM.yaml: error: the type has no SSM automation document of this verb (file-missing)\n" },
	    { "return of an unknown answer", MANIFEST, "$.link.AuthorizedUrl",
		"$.url.AuthorizedUrl",
		"type.yaml:60:18: error: '$.url.AuthorizedUrl' does not begin with an answer of connect (selector-unknown)\n" },
	    { "return of an unknown member", MANIFEST, "$.link.AuthorizedUrl", "$.link.Url",
		"type.yaml:60:18: error: the answer has no member 'Url', which '$.Url' names (selector-unknown)\n" },
	    { "call of connect misspelt",
		MANIFEST, "CreatePresignedNotebookInstanceUrl", "CreatePresignedNotebookInstanceUri", "type.yaml:58:13: error: sagemaker has no operation 'CreatePresignedNotebookInstanceUri' (is 'CreatePresignedNotebookInstanceUrl' meant?) (call-unknown)\n" },
	    { "return is no selector", MANIFEST, "$.link.AuthorizedUrl", "link.AuthorizedUrl",
		"type.yaml:60:18: error: 'link.AuthorizedUrl' is no selector: selector link.AuthorizedUrl: character 1: a selector begins with $ (selector-malformed)\n" },
	    { "link not returned", MANIFEST, "links: { url:", "links: { address:",
		"type.yaml:61:12: error: the link 'address' has no address: return does not give it (link-not-returned)\ntype.yaml:62:16: error: the instruction has no link '${links.url}' (link-unknown)\n" },
	    { "link unknown", MANIFEST, "open ${links.url}", "open ${links.uri}",
		"type.yaml:62:16: error: the instruction has no link '${links.uri}' (link-unknown)\n" },
	    { "link text", MANIFEST, "Sagemaker URL }", "'{x}' }",
		"type.yaml:61:17: error: the link 'url' has no text that can be shown (link-text)\n" },
	    { "output unknown", MANIFEST, "instanceArn: NotebookArn", "instanceArn: NotebookARNs",
		"type.yaml:68:16: error: the template has no output 'NotebookARNs' (is 'NotebookArn' meant?) (output-unknown)\n" },
	    { "output member unknown", MANIFEST, "instanceArn: NotebookArn",
		"instanceAddress: NotebookArn",
		"type.yaml:68:3: error: outputs has no member 'instanceAddress' (unknown-key)\n" },
	    { "pattern malformed", MANIFEST, "source: [aws.sagemaker]", "source: aws.sagemaker",
		"type.yaml:75:15: error: Event pattern is not valid. Reason: \"source\" must be an object or an array (pattern-malformed)\n" },
	    { "event of nobody", MANIFEST,
		"    environment: $.detail.Tags.Env\n    instanceId: $.detail.NotebookInstanceName\n",
		"",
		"type.yaml:74:5: error: the event does not say whose it is (event-nameless)\n" },
	    { "status word unknown", MANIFEST,
		"InService: COMPLETED, Deleting: TERMINATING, Deleted",
		"InService: COMPLETE, Deleting: TERMINATING, Deleted",
		"type.yaml:81:23: error: 'COMPLETE' is no status of an environment (is 'COMPLETED' meant?) (status-unknown)\n" },
	    { "status is no selector", MANIFEST, "status: $.detail.NotebookInstanceStatus",
		"status: detail.NotebookInstanceStatus",
		"type.yaml:79:13: error: 'detail.NotebookInstanceStatus' does not say where the status stands (status-malformed)\n" },
	    { "status of describe unknown", MANIFEST, "status: $.NotebookInstanceStatus",
		"status: $.Status",
		"type.yaml:87:11: error: the answer has no member 'Status', which '$.Status' names (selector-unknown)\n" },
	    { "describe may not ask", MANIFEST, "status: $.NotebookInstanceStatus", "status: ask",
		"type.yaml:87:11: error: 'ask' does not say where the status stands (status-malformed)\n" },
	    { "gone is no text", MANIFEST, "gone: [ValidationException, RecordNotFound]",
		"gone: [[x]]",
		"type.yaml:90:10: error: 'gone' must be a list of texts (wrong-kind)\n" },
	    { "case of status", MANIFEST, "status: $.NotebookInstanceStatus",
		"status: [ { match: { NotebookInstanceStatus: [x] }, status: GONE } ]",
		"type.yaml:87:63: error: 'GONE' is no status of an environment (status-unknown)\n" },
	    { "deadline", MANIFEST, "\nterminate:\n", "\ndeadlines: { launch: 40 }\nterminate:\n",
		"type.yaml:40:22: error: 'launch' of deadlines is a number (wrong-kind)\n" },
	    { "deadline too long", MANIFEST, "\nterminate:\n",
		"\ndeadlines: { launch: 25h }\nterminate:\n",
		"type.yaml:40:22: error: '25h' is not a deadline (deadline)\n" },
	    { "permission", MANIFEST, "\nterminate:\n",
		"\npermissions: [ { role: admin, actions: [everything] } ]\nterminate:\n",
		"type.yaml:40:24: error: there is no role 'admin' (permission-role)\ntype.yaml:40:41: error: 'everything' is not an IAM action (permission-action)\n" },
	    { "template: no resource", TEMPLATE, "!Ref SecurityGroup]", "!Ref SecurityGrup]",
		"sagemakerExample.cfn.yaml:235:26: error: Template format error: Unresolved resource dependencies [SecurityGrup] in the Resources block of the template (template)\n" },
	    { "template: not YAML", TEMPLATE, "Resources:", "Resources: [",
		"sagemakerExample.cfn.yaml:73:9: error: ',' or ']' must stand here, after what begins at 70:12 (yaml)\n" },
	    { "template: a circle", TEMPLATE, "\nResources:\n",
		"\nResources:\n  A: { Type: 'AWS::EC2::InternetGateway', DependsOn: B }\n"
		"  B: { Type: 'AWS::EC2::InternetGateway', DependsOn: A }\n",
		"sagemakerExample.cfn.yaml:71:6: warning: Circular dependency between resources: [A, B] (template-circle)\n" },
	    { "document: malformed", LAUNCH, "schemaVersion: '0.3'", "schemaVersion: '0.2'",
		"sagemakerExampleLaunchSSM.yaml:2:16: error: an automation document has schemaVersion '0.3' (document)\n" },
	    { "document: unknown step", LAUNCH, "nextStep: ReadProduct", "nextStep: ReadProducts",
		"sagemakerExampleLaunchSSM.yaml:132:15: error: step WaitForProduct: there is no step ReadProducts (document)\n" },
	    { "document: unknown reference", LAUNCH, "Value: '{{ Subnet }}'",
		"Value: '{{ Subnets }}'",
		"sagemakerExampleLaunchSSM.yaml:104:33: error: {{ Subnets }} is not defined (document)\n" },
	    { "document: operation misspelt", LAUNCH, "Api: ProvisionProduct",
		"Api: ProvisonProduct",
		"sagemakerExampleLaunchSSM.yaml:94:12: error: servicecatalog has no operation 'ProvisonProduct' (is 'ProvisionProduct' meant?) (call-unknown)\nsagemakerExampleLaunchSSM.yaml:1:1: warning: the document provisions no product (provisions-nothing)\n" },
	    { "document: operation not modelled", LAUNCH, "Api: ProvisionProduct",
		"Api: CopyProduct",
		"sagemakerExampleLaunchSSM.yaml:94:12: warning: servicecatalog has no operation 'CopyProduct' (call-unmodelled)\nsagemakerExampleLaunchSSM.yaml:1:1: warning: the document provisions no product (provisions-nothing)\n" },
	    { "document: input unknown", LAUNCH,
		"ProvisionedProductName:", "ProvisionedProductNames:",
		"sagemakerExampleLaunchSSM.yaml:98:7: error: ProvisionProduct takes no 'ProvisionedProductNames' (is 'ProvisionedProductName' meant?) (call-input-unknown)\nsagemakerExampleLaunchSSM.yaml:93:7: error: ProvisionProduct needs 'ProvisionedProductName' (call-input-missing)\n" },
	    { "document: selector unknown", LAUNCH, "Selector: $.RecordDetail.RecordId",
		"Selector: $.RecordDetail.Id",
		"sagemakerExampleLaunchSSM.yaml:120:9: error: the answer has no member 'Id', which '$.RecordDetail.Id' names (selector-unknown)\n" },
	    { "provisioning parameter unknown", LAUNCH, "Key: Subnet,",
		"Key: SubnetId,", "sagemakerExampleLaunchSSM.yaml:104:18: error: the template has no parameter 'SubnetId' (is 'Subnet' meant?) (provisioning-parameter-unknown)\nsagemakerExampleLaunchSSM.yaml:100:7: error: the template's parameter 'Subnet' gets no value (provisioning-parameter-missing)\n" },
	    { "provisioning parameter missing", LAUNCH,
		"        - { Key: VPC, Value: '{{ VPC }}' }\n", "",
		"sagemakerExampleLaunchSSM.yaml:100:7: error: the template's parameter 'VPC' gets no value (provisioning-parameter-missing)\n" },
	    { "provisioning literal", LAUNCH, "Value: '{{ AutoStopIdleTimeInMinutes }}'",
		"Value: '-1'",
		"sagemakerExampleLaunchSSM.yaml:110:52: error: Parameter 'AutoStopIdleTimeInMinutes' must be a number not less than 0 (provisioning-parameter-value)\n" },
	    { "event type", LAUNCH, "\"EnvType\": \"sagemakerExample\"",
		"\"EnvType\": \"sagemakerNotebook\"",
		"sagemakerExampleLaunchSSM.yaml:167:19: error: the event's EnvType is 'sagemakerNotebook' (event-member)\n" },
	    { "event operation", LAUNCH, "\"Operation\": \"Launch\"", "\"Operation\": \"launch\"",
		"sagemakerExampleLaunchSSM.yaml:167:19: error: the event's Operation is 'launch' (event-member)\n" },
	    { "event status", LAUNCH, "\"Status\": \"COMPLETED\"", "\"Status\": \"TERMINATED\"",
		"sagemakerExampleLaunchSSM.yaml:167:19: error: the event's Status is 'TERMINATED' (event-status)\n" },
	    { "event detail type", LAUNCH, "DetailType: Launch", "DetailType: launch",
		"sagemakerExampleLaunchSSM.yaml:166:23: error: the event's DetailType is 'launch' (event-member)\n" },
	    { "event no JSON", LAUNCH, "\"RecordId\": \"{{ Launch.RecordId }}\"}",
		"\"RecordId\": \"{{ Launch.RecordId }}\"",
		"sagemakerExampleLaunchSSM.yaml:167:19: error: the event's Detail is no JSON: 1:137: ',' or '}' must stand here (event-detail)\n" },
	    { "event without record", LAUNCH, ", \"RecordId\": \"{{ Launch.RecordId }}\"}", "}",
		"sagemakerExampleLaunchSSM.yaml:167:19: warning: the event has no RecordId (event-id)\n" },
	    { "way without event", LAUNCH, "      Default: TellFailed",
		"      Default: WaitMore\n  - name: WaitMore\n    action: aws:sleep\n    inputs: { Duration: PT1M }\n    isEnd: true",
		"sagemakerExampleLaunchSSM.yaml:186:19: error: step Launch cannot have run before step TellFailed (document)\nsagemakerExampleLaunchSSM.yaml:186:19: error: step Launch cannot have run before step TellFailed (document)\nsagemakerExampleLaunchSSM.yaml:186:19: error: step ReadProduct cannot have run before step TellFailed (document)\n" },
	    { "way with two events", LAUNCH,
		"\"RecordId\": \"{{ Launch.RecordId }}\"}\n    isEnd: true",
		"\"RecordId\": \"{{ Launch.RecordId }}\"}\n    nextStep: TellFailed",
		"sagemakerExampleLaunchSSM.yaml:171:5: error: a way through the document that ends at 'TellFailed' sends several status events (path-with-events)\n" },
	    { "source other", TERMINATE, "Source: automation", "Source: automations",
		"sagemakerExampleTerminateSSM.yaml:61:5: error: a way through the document ends at 'TellTerminated' without a status event (path-without-event)\n" },
	    { "instance unnamed", MANIFEST, "  instanceName: NotebookInstanceName\n", "",
		"type.yaml:67:3: error: outputs needs a member 'instanceName' (missing-key)\ntype.yaml:50:37: error: ${environment.instanceId} needs to know which output of the template it is (instance-name-missing)\ntype.yaml:54:37: error: ${environment.instanceId} needs to know which output of the template it is (instance-name-missing)\ntype.yaml:59:37: error: ${environment.instanceId} needs to know which output of the template it is (instance-name-missing)\ntype.yaml:85:33: error: ${environment.instanceId} needs to know which output of the template it is (instance-name-missing)\n" },
	    { "no describe", MANIFEST,
		"\ndescribe:\n  call: sagemaker:DescribeNotebookInstance\n  with: { NotebookInstanceName: '${environment.instanceId}' }\n  status: $.NotebookInstanceStatus\n  order: $.LastModifiedTime\n  map: { InService: COMPLETED, Deleting: TERMINATING }\n  gone: [ValidationException, RecordNotFound]\n",
		"\n",
		"type.yaml:51:1: warning: an event that is lost leaves a start or stop open until its deadline (describe-missing)\n" },
	    { "secret unknown", MANIFEST, "call: sagemaker:CreatePresignedNotebookInstanceUrl",
		"call: sagemaker:CreatePresignedNotebookInstanceUrl\n      secret: [Url]",
		"type.yaml:59:16: error: the answer of CreatePresignedNotebookInstanceUrl has no member 'Url' (selector-unknown)\n" },
	    { "exec and document", MANIFEST, "stop:\n  calls:",
		"stop:\n  document: { a: b }\n  calls:", "type.yaml:52:3: error: stop says several things to do (behaviour-count)\nsagemakerExampleStopSSM.yaml: error: the type has no SSM automation document of this verb (file-missing)\n" },
	    { "order is no selector", MANIFEST, "order: $.LastModifiedTime", "order: $[",
		"type.yaml:88:10: error: '$[' is no selector: selector $[: character 3: expected a name in quotes, an index, *, : or ? (selector-malformed)\n" },
	    { "a list of names", MANIFEST, "instanceName: NotebookInstanceName",
		"instanceName: [NotebookInstanceName, Second]",
		"type.yaml:67:40: error: the template has no output 'Second' (output-unknown)\n" },
	    { "map member of wrong kind", MANIFEST, "Deleted: TERMINATED", "Deleted: [x]",
		"type.yaml:81:66: error: '' is no status of an environment (status-unknown)\n" },
	    { "event of wrong kind", MANIFEST,
		"  - match:\n      source: [aws.sagemaker]\n      detail-type: [SageMaker Notebook Instance State Change]\n    environment",
		"  - all\n  - match: {}\n    environment",
		"type.yaml:74:5: error: an event is a string (wrong-kind)\ntype.yaml:75:12: error: Event pattern is not valid. Reason: Empty objects are not allowed (pattern-malformed)\n" },
    };

/* Without the fixes, of which every finding must have one. */
static str
findings_without_fix(struct arena *a, const struct findings *f)
{
	str text = findings_text(a, f);
	struct buf b = buf_in(a);
	size_t fixes = 0;

	for (str line; str_cut(&text, '\n', &line);) {
		if (str_starts(line, S("  fix: ")))
			fixes++;
		else if (line.len > 0)
			buf_fmt(&b, STR_FMT "\n", STR_ARG(line));
	}
	CHECK(fixes == f->count, "every finding has a fix");
	return buf_str(&b);
}

static void
test_findings(struct arena *a)
{
	struct rig clean;

	rig_init(&clean, a);
	for (size_t i = 0; i < countof(cases); i++) {
		struct rig r = clean;

		rig_change(&r, cases[i].file, cases[i].from, cases[i].to);
		rig_parse(&r);
		CHECK_STR(
		    findings_without_fix(a, &r.findings), cases[i].want, "%s", cases[i].label);
	}
}

static void
test_files(struct arena *a)
{
	static const struct {
		const char *label, *without, *with, *want;
	} files[] = {
		{ "no manifest", MANIFEST, NULL,
		    "type.yaml: error: the type has no manifest (file-missing)\n" },
		{ "no template", TEMPLATE, "sagemakerexample.cfn.yaml",
		    "sagemakerExample.cfn.yaml: error: the type has no CloudFormation template (is "
		    "'sagemakerexample.cfn.yaml' meant?) (file-missing)\n" },
		{ "no document", TERMINATE, NULL,
		    "sagemakerExampleTerminateSSM.yaml: error: the type has no SSM automation document of "
		    "this verb (file-missing)\n" },
		{ "a file that nothing uses", NULL, "notes.txt",
		    "notes.txt: warning: nothing uses this file (file-unused)\n" },
		{ "a file for readers", NULL, "README.md", "" },
	};

	for (size_t i = 0; i < countof(files); i++) {
		struct rig r;

		rig_init(&r, a);
		if (files[i].without != NULL)
			rig_remove(&r, files[i].without);
		if (files[i].with != NULL)
			rig_add(&r, files[i].with, "x");
		rig_parse(&r);
		CHECK_STR(
		    findings_without_fix(a, &r.findings), files[i].want, "%s", files[i].label);
	}
}

/* Very many findings are counted, and the first of them kept. */
static void
test_many(struct arena *a)
{
	struct buf b = buf_in(a);
	struct rig r;

	rig_init(&r, a);
	for (int i = 0; i < 3000; i++)
		buf_fmt(&b, "unknown%d: ${x.y}\n", i);
	rig_file(&r, MANIFEST)->text = buf_str(&b);
	rig_parse(&r);
	CHECK(r.findings.errors >= 3000 && r.findings.count == 200, "%zu errors, %zu kept",
	    r.findings.errors, r.findings.count);
}

static void
test_too_large(struct arena *a)
{
	struct buf b = buf_in(a);
	struct rig r;

	rig_init(&r, a);
	for (int i = 0; i < 8000; i++)
		buf_add(&b, S("# 123456\n"));
	rig_file(&r, MANIFEST)->text = buf_str(&b);
	rig_parse(&r);
	CHECK_STR(findings_without_fix(a, &r.findings),
	    "type.yaml: error: the manifest has 72000 bytes; at most 65536 are read (file-too-large)\n",
	    "too large");
}

static void
test_json(struct arena *a)
{
	struct rig r;

	rig_init(&r, a);
	rig_change(&r, MANIFEST, "name: Sagemaker Example", "nome: Sagemaker Example");
	rig_parse(&r);
	CHECK(r.findings.errors == 2, "two errors");
	CHECK_STR(json_text(a, json_at(findings_json(a, &r.findings), 1)),
	    "{\"severity\":\"error\",\"file\":\"type.yaml\",\"line\":7,\"column\":1,\"code\":\"missing-key\","
	    "\"message\":\"the manifest needs a member 'name'\",\"fix\":\"add 'name:'\"}",
	    "as JSON");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_findings),
		TEST(test_files),
		TEST(test_many),
		TEST(test_too_large),
		TEST(test_json),
	};

	return RUN_TESTS(tests);
}
