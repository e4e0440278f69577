/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kinds of types that are not like a notebook: each manifest reads without a finding, and its
 * event, its answer and its error mean what they must.
 */
#include "bundle_rig.h"

#define WITH_ID "with: { InstanceIds: ['${environment.instanceId}'] }"
#define OUTPUTS "outputs: { instanceName: NotebookInstanceName }\n"
#define EC2_POWER \
	"start: { calls: [ { call: ec2:StartInstances, " WITH_ID " } ] }\n" \
	"stop: { calls: [ { call: ec2:StopInstances, " WITH_ID " } ] }\n"
#define EC2_WATCHED \
	OUTPUTS \
	"events:\n" \
	"  - match: { source: [aws.ec2], detail-type: [EC2 Instance State-change Notification] }\n" \
	"    instanceId: $.detail['instance-id']\n" \
	"    status: $.detail.state\n" \
	"    map: { running: COMPLETED, shutting-down: TERMINATING }\n" \
	"describe:\n" \
	"  call: ec2:DescribeInstances\n" \
	"  " WITH_ID "\n" \
	"  status: $.Reservations[0].Instances[0].State.Name\n" \
	"  map: { running: COMPLETED, shutting-down: TERMINATING }\n" \
	"  gone: [InvalidInstanceID.NotFound]\n"

#define EC2_EVENT \
	"{\"source\":\"aws.ec2\",\"detail-type\":\"EC2 Instance State-change Notification\"," \
	"\"time\":\"2026-01-01T00:00:00Z\",\"detail\":{\"instance-id\":\"i-1\",\"state\":\"running\"}}"
#define EC2_ANSWER "{\"Reservations\":[{\"Instances\":[{\"State\":{\"Name\":\"stopped\"}}]}]}"

static const struct kind {
	const char *label, *manifest; /* from start: on */
	const char *event, *instance, *status;
	bool ask;
	const char *answer, *answer_status, *gone;
	bool stops;
} kinds[] = {
	{
	    .label = "EC2 over SSH",
	    .manifest = EC2_POWER
	    "connect:\n"
	    "  calls: [ { as: found, call: ec2:DescribeInstances, " WITH_ID " } ]\n"
	    "  return: { host: '$.found.Reservations[0].Instances[0].PublicDnsName' }\n"
	    "  instruction: Use SSH with your key and the host\n" EC2_WATCHED,
	    .event = EC2_EVENT,
	    .instance = "i-1",
	    .status = "COMPLETED",
	    .answer = EC2_ANSWER,
	    .answer_status = "STOPPED",
	    .gone = "InvalidInstanceID.NotFound",
	    .stops = true,
	},
	{
	    .label = "Windows",
	    .manifest = EC2_POWER
	    "connect:\n"
	    "  calls:\n"
	    "    - { as: found, call: ec2:DescribeInstances, " WITH_ID " }\n"
	    "    - as: password\n"
	    "      call: ec2:GetPasswordData\n"
	    "      with: { InstanceId: '${found.Reservations[0].Instances[0].InstanceId}' }\n"
	    "      secret: [PasswordData]\n"
	    "  return: { host: '$.found.Reservations[0].Instances[0].PublicDnsName', "
	    "password: $.password.PasswordData }\n"
	    "  instruction: Decrypt the password with your key\n" EC2_WATCHED,
	    .event = EC2_EVENT,
	    .instance = "i-1",
	    .status = "COMPLETED",
	    .answer = EC2_ANSWER,
	    .answer_status = "STOPPED",
	    .gone = "InvalidInstanceID.NotFound",
	    .stops = true,
	},
	{
	    .label = "EMR, which neither starts nor stops",
	    .manifest = OUTPUTS
	    "events:\n"
	    "  - match: { source: [aws.emr], detail-type: [EMR Cluster State Change] }\n"
	    "    instanceId: $.detail.clusterId\n"
	    "    status: $.detail.state\n"
	    "    map: { STARTING: PENDING, BOOTSTRAPPING: PENDING, RUNNING: COMPLETED, "
	    "WAITING: COMPLETED, TERMINATED_WITH_ERRORS: FAILED }\n"
	    "describe:\n"
	    "  call: emr:DescribeCluster\n"
	    "  with: { ClusterId: '${environment.instanceId}' }\n"
	    "  status: $.Cluster.Status.State\n"
	    "  map: { STARTING: PENDING, BOOTSTRAPPING: PENDING, RUNNING: COMPLETED, "
	    "WAITING: COMPLETED, TERMINATED_WITH_ERRORS: FAILED }\n",
	    .event =
		"{\"source\":\"aws.emr\",\"detail-type\":\"EMR Cluster State Change\",\"time\":"
		"\"2026-01-01T00:00:00Z\",\"detail\":{\"clusterId\":\"j-1\",\"state\":"
		"\"WAITING\"}}",
	    .instance = "j-1",
	    .status = "COMPLETED",
	    .answer = "{\"Cluster\":{\"Status\":{\"State\":\"TERMINATED_WITH_ERRORS\"}}}",
	    .answer_status = "FAILED",
	},
	{
	    .label = "RDS, started where it may run already",
	    .manifest =
		"start: { calls: [ { call: rds:StartDBInstance, with: { DBInstanceIdentifier: "
		"'${environment.instanceId}' }, ignore: [InvalidDBInstanceState] } ] }\n"
		"stop: { calls: [ { call: rds:StopDBInstance, with: { DBInstanceIdentifier: "
		"'${environment.instanceId}' }, ignore: [InvalidDBInstanceState] } ] }\n" OUTPUTS
		"events:\n"
		"  - match: { source: [aws.rds], detail-type: [RDS DB Instance Event] }\n"
		"    instanceId: $.detail.SourceIdentifier\n"
		"    status:\n"
		"      - { match: { detail: { EventID: [RDS-EVENT-0087] } }, status: STOPPED }\n"
		"      - { match: { detail: { EventID: [RDS-EVENT-0088] } }, status: COMPLETED }\n"
		"describe:\n"
		"  call: rds:DescribeDBInstances\n"
		"  with: { DBInstanceIdentifier: '${environment.instanceId}' }\n"
		"  status: $.DBInstances[0].DBInstanceStatus\n"
		"  map: { available: COMPLETED, deleting: TERMINATING }\n"
		"  gone: [DBInstanceNotFound]\n",
	    .event =
		"{\"source\":\"aws.rds\",\"detail-type\":\"RDS DB Instance Event\",\"time\":"
		"\"2026-01-01T00:00:00Z\",\"detail\":{\"SourceIdentifier\":\"db-1\",\"EventID\":"
		"\"RDS-EVENT-0087\"}}",
	    .instance = "db-1",
	    .status = "STOPPED",
	    .answer = "{\"DBInstances\":[{\"DBInstanceStatus\":\"available\"}]}",
	    .answer_status = "COMPLETED",
	    .gone = "DBInstanceNotFound",
	    .stops = true,
	},
	{
	    .label = "a service of several tasks",
	    .manifest =
		"start: { calls: [ { call: ecs:UpdateService, with: { service: "
		"'${environment.instanceId}', desiredCount: 2 } } ] }\n"
		"stop: { calls: [ { call: ecs:UpdateService, with: { service: "
		"'${environment.instanceId}', desiredCount: 0 } } ] }\n" OUTPUTS "events:\n"
		"  - match: { source: [aws.ecs], detail-type: [ECS Task State Change] }\n"
		"    instanceId: $.detail.group\n"
		"    status: ask\n"
		"describe:\n"
		"  call: ecs:DescribeServices\n"
		"  with: { services: ['${environment.instanceId}'] }\n"
		"  status:\n"
		"    - match: { services: { desiredCount: [0], runningCount: [0] } }\n"
		"      status: STOPPED\n"
		"    - match: { services: { runningCount: [{ numeric: ['>', 0] }], pendingCount: [0] } "
		"}\n"
		"      status: COMPLETED\n",
	    .event =
		"{\"source\":\"aws.ecs\",\"detail-type\":\"ECS Task State Change\",\"time\":"
		"\"2026-01-01T00:00:00Z\",\"detail\":{\"group\":\"service:s-1\",\"lastStatus\":"
		"\"RUNNING\"}}",
	    .instance = "service:s-1",
	    .status = "",
	    .ask = true,
	    .answer = "{\"services\":[{\"desiredCount\":2,\"runningCount\":2,\"pendingCount\":0}]}",
	    .answer_status = "COMPLETED",
	    .stops = true,
	},
};

/* The example's own folder, with this manifest from start: on. */
static void
read_kind(struct rig *r, struct arena *a, const struct kind *k)
{
	struct bundle_file *f;

	rig_init(r, a);
	f = rig_file(r, "type.yaml");
	f->text = str_cat(
	    a, str_sub(f->text, 0, str_find(f->text, S("\nstart:")) + 1), str_of(k->manifest));
	rig_parse(r);
	CHECK(r->findings.count == 0, "%s:\n" STR_FMT, k->label,
	    STR_ARG(findings_text(a, &r->findings)));
}

static void
test_kinds(struct arena *a)
{
	for (size_t i = 0; i < countof(kinds); i++) {
		const struct kind *k = &kinds[i];
		struct bundle_event e;
		int64_t order;
		struct rig r;
		str status;

		read_kind(&r, a, k);
		CHECK(r.b.verbs[BUNDLE_STOP].defined == k->stops, "%s: stop", k->label);
		CHECK(r.b.verbs[BUNDLE_START].defined == k->stops, "%s: start", k->label);
		CHECK_OK(bundle_read_event(a, &r.b, rig_json(a, k->event), &e, &r.err), &r.err);
		CHECK(e.matches && e.ask == k->ask && e.order > 0, "%s: its event", k->label);
		CHECK_STR(e.instance_id, k->instance, "%s: whose event", k->label);
		CHECK_STR(e.status, k->status, "%s: what the event says", k->label);
		CHECK_OK(
		    bundle_read_describe(a, &r.b, rig_json(a, k->answer), &status, &order, &r.err),
		    &r.err);
		CHECK_STR(status, k->answer_status, "%s: what the answer says", k->label);
		CHECK(k->gone == NULL || bundle_is_gone(&r.b, str_of(k->gone), S("x")), "%s: gone",
		    k->label);
		CHECK(!bundle_is_gone(&r.b, S("Throttling"), S("x")), "%s: not gone", k->label);
	}
}

/* What connect gives back, of two calls; and what may never be told. */
static void
test_windows(struct arena *a)
{
	const struct json *out = NULL;
	struct rig r;

	read_kind(&r, a, &kinds[1]);
	assert_int_equal(r.b.verbs[BUNDLE_CONNECT].call_count, 2);
	CHECK_STR(json_text(a, r.b.verbs[BUNDLE_CONNECT].calls[1].secret), "[\"PasswordData\"]",
	    "secret");
	CHECK_OK(bundle_read_connect(a, &r.b,
		     rig_json(a,
			 "{\"found\":{\"Reservations\":[{\"Instances\":[{\"PublicDnsName\":"
			 "\"h\"}]}]},\"password\":{\"PasswordData\":\"p\"}}"),
		     &out, &r.err),
	    &r.err);
	CHECK_STR(json_text(a, out), "{\"host\":\"h\",\"password\":\"p\"}", "both");
}

/* The codes that do no harm. */
static void
test_ignored_codes(struct arena *a)
{
	struct rig r;

	read_kind(&r, a, &kinds[3]);
	CHECK_STR(json_text(a, r.b.verbs[BUNDLE_START].calls[0].ignore),
	    "[\"InvalidDBInstanceState\"]", "ignore");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_kinds),
		TEST(test_windows),
		TEST(test_ignored_codes),
	};

	return RUN_TESTS(tests);
}
