/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/events: its actions as a script of calls, and what is delivered, how often and when. */
#include "cloud_receiver.h"
#include "cloud_rig.h"
#include "cloud_script.h"

#include "base/buf.h"

#define BUS "arn:aws:events:us-east-1:" RIG_MAIN ":event-bus/"
#define HOSTING_BUS "arn:aws:events:us-east-1:" RIG_HOSTING ":event-bus/"

static void
test_rules(struct arena *a)
{
	static const struct line script[] = {
		{ "DescribeRule", "{'Name':'r'}", "ResourceNotFoundException",
		    "Rule r does not exist on EventBus default." },
		{ "PutRule", "{'Name':'r'}", "ValidationException",
		    "Parameter(s) EventPattern or ScheduleExpression must be specified." },
		{ "PutRule", "{'Name':'r','EventPattern':'[]'}", "InvalidEventPatternException",
		    "Event pattern is not valid. Reason: Filter is not an object" },
		{ "PutRule", "{'Name':'r','ScheduleExpression':'rate(5 minutes)'}",
		    "ValidationException", "not supported by the local cloud" },
		{ "PutRule", "{'Name':'a b','EventPattern':'{}'}", "ValidationException",
		    "1 validation error detected: Value 'a b' at 'name' failed to satisfy "
		    "constraint: Member must satisfy regular expression pattern: "
		    "[\\.\\-_A-Za-z0-9]+" },
		{ "PutRule", "{'Name':'r','EventPattern':'{\\'source\\':[\\'x\\']}','State':'ON'}",
		    "ValidationException", "enum value set: [ENABLED, DISABLED, " },
		{ "PutRule",
		    "{'Name':'r','EventPattern':'{\\'source\\':[\\'x\\']}','EventBusName':'none'}",
		    "ResourceNotFoundException", "Event bus none does not exist." },
		{ "PutRule",
		    "{'Name':'r','EventPattern':'{\\'source\\':[\\'x\\']}','Description':'d',"
		    "'Tags':[{'Key':'k','Value':'v'}]}",
		    NULL, "{'RuleArn':'arn:aws:events:us-east-1:111111111111:rule/r'}" },
		{ "PutRule", "{'Name':'r','EventPattern':'{\\'source\\':[\\'y\\']}'}", NULL, NULL },
		{ "DescribeRule", "{'Name':'r'}", NULL,
		    "'State':'ENABLED','EventBusName':'default'" },
		{ "DisableRule", "{'Name':'r','EventBusName':'" BUS "default'}", NULL, NULL },
		{ "DescribeRule", "{'Name':'r'}", NULL, "'State':'DISABLED'" },
		{ "EnableRule", "{'Name':'r'}", NULL, NULL },
		{ "ListTagsForResource",
		    "{'ResourceARN':'arn:aws:events:us-east-1:111111111111:rule/r'}", NULL,
		    "{'Tags':[{'Key':'k','Value':'v'}]}" },
		{ "CreateEventBus", "{'Name':'second'}", NULL, BUS "second" },
		{ "CreateEventBus", "{'Name':'second'}", "ResourceAlreadyExistsException",
		    "Event bus second already exists." },
		{ "CreateEventBus", "{'Name':'default'}", "ResourceAlreadyExistsException", NULL },
		{ "PutRule",
		    "{'Name':'r2','EventPattern':'{\\'source\\':[\\'x\\']}','EventBusName':'second'}",
		    NULL, "111111111111:rule/second/r2" },
		{ "ListRules", "{'EventBusName':'second'}", NULL, "{'Rules':[{'Name':'r2'," },
		{ "ListRules", "{'NamePrefix':'q'}", NULL, "{'Rules':[]}" },
		{ "DeleteEventBus", "{'Name':'second'}", "ValidationException",
		    "Event bus can't be deleted since it has rules." },
		{ "PutTargets",
		    "{'Rule':'r2','EventBusName':'second','Targets':[{'Id':'t','Arn':'" BUS
		    "default'}]}",
		    NULL, "{'FailedEntryCount':0,'FailedEntries':[]}" },
		{ "ListRuleNamesByTarget", "{'TargetArn':'" BUS "default','EventBusName':'second'}",
		    NULL, "{'RuleNames':['r2']}" },
		{ "ListTargetsByRule", "{'Rule':'r2','EventBusName':'second'}", NULL,
		    "{'Targets':[{'Id':'t','Arn':'" BUS "default'}]}" },
		{ "DeleteRule", "{'Name':'r2','EventBusName':'second'}", "ValidationException",
		    "Rule can't be deleted since it has targets." },
		{ "RemoveTargets", "{'Rule':'r2','EventBusName':'second','Ids':['t','u']}", NULL,
		    "'FailedEntryCount':1,'FailedEntries':[{'TargetId':'u'" },
		{ "DeleteRule", "{'Name':'r2','EventBusName':'second'}", NULL, NULL },
		{ "DeleteRule", "{'Name':'r2','EventBusName':'second'}", NULL, NULL },
		{ "DeleteEventBus", "{'Name':'second'}", NULL, NULL },
		{ "DeleteEventBus", "{'Name':'second'}", NULL, NULL },
		{ "DeleteEventBus", "{'Name':'default'}", "ValidationException",
		    "Cannot delete event bus default." },
		{ "ListEventBuses", "{}", NULL, "{'EventBuses':[{'Name':'default','Arn':'" BUS },
		{ "TestEventPattern", "{'EventPattern':'{\\'a\\':[1]}','Event':'{\\'a\\':1}'}",
		    NULL, "{'Result':true}" },
		{ "TestEventPattern", "{'EventPattern':'{\\'a\\':[1]}','Event':'1'}",
		    "ValidationException", "Parameter Event is not valid." },
	};
	struct rig r;

	rig_open(&r, a);
	run_script(&r, "events", script, countof(script));
	rig_close(&r);
}

static void
test_targets(struct arena *a)
{
#define TARGET(rest) "{'Rule':'r','Targets':[{'Id':'t','Arn':'" BUS "default'" rest "}]}"
	static const struct line script[] = {
		{ "PutTargets", TARGET(""), "ResourceNotFoundException",
		    "Rule r does not exist on EventBus default." },
		{ "PutRule", "{'Name':'r','EventPattern':'{\\'a\\':[1]}'}", NULL, NULL },
		{ "PutTargets", TARGET(",'Input':'1','InputPath':'$.a'"), "ValidationException",
		    "Only one of Input, InputPath, or InputTransformer must be provided for target "
		    "t." },
		{ "PutTargets", TARGET(",'Input':'{'"), "ValidationException",
		    "JSON syntax error in input for target t" },
		{ "PutTargets", TARGET(",'InputPath':'a.b'"), "ValidationException",
		    "Invalid path for target t: a.b" },
		{ "PutTargets", TARGET(",'InputTransformer':{'InputTemplate':'<x>'}"),
		    "ValidationException",
		    "InputTemplate for target t contains invalid placeholder x." },
		{ "PutTargets",
		    TARGET(
			",'InputTransformer':{'InputPathsMap':{'x':'$['},'InputTemplate':'<x>'}"),
		    "ValidationException", "Invalid path" },
		{ "PutTargets", TARGET(",'RetryPolicy':{'MaximumEventAgeInSeconds':59}"),
		    "ValidationException",
		    "at 'targets.1.member.retryPolicy.maximumEventAgeInSeconds' failed to satisfy "
		    "constraint: Member must have value greater than or equal to 60" },
		{ "PutTargets",
		    TARGET(",'HttpParameters':{'HeaderParameters':{'A':'1\\r\\nB: 2'}}"),
		    "ValidationException",
		    "at 'targets.1.member.httpParameters.headerParameters.A.member' failed" },
		{ "PutTargets", TARGET(",'HttpParameters':{'HeaderParameters':{'A: b':'1'}}"),
		    "ValidationException", "it is no name of a header." },
		{ "PutTargets", "{'Rule':'r','Targets':[{'Id':'t','Arn':'nonsense'}]}",
		    "ValidationException", "Provided Arn is not in correct format." },
		{ "PutTargets",
		    "{'Rule':'r','Targets':[{'Id':'t','Arn':'arn:aws:sqs:us-east-1:1:q'}]}",
		    "ValidationException", "event buses and API destinations only" },
		{ "PutTargets",
		    "{'Rule':'r','Targets':[{'Id':'1','Arn':'" BUS "b'},{'Id':'2','Arn':'" BUS
		    "b'},{'Id':'3','Arn':'" BUS "b'},{'Id':'4','Arn':'" BUS
		    "b'},{'Id':'5','Arn':'" BUS "b'},{'Id':'6','Arn':'" BUS "b'}]}",
		    "LimitExceededException",
		    "The requested resource exceeds the maximum number allowed." },
		{ "ListTargetsByRule", "{'Rule':'r'}", NULL, "{'Targets':[]}" },
		{ "PutTargets", TARGET(",'Input':'1'"), NULL, NULL },
		{ "PutTargets", TARGET(",'Input':'2'"), NULL, NULL },
		{ "ListTargetsByRule", "{'Rule':'r'}", NULL, "'Input':'2'}]}" },
	};
#undef TARGET
	struct rig r;

	rig_open(&r, a);
	run_script(&r, "events", script, countof(script));
	rig_close(&r);
}

static void
test_permissions(struct arena *a)
{
	static const struct line script[] = {
		{ "RemovePermission", "{'StatementId':'s'}", "ResourceNotFoundException",
		    "EventBus does not have a policy." },
		{ "PutPermission", "{'StatementId':'s','Action':'events:PutEvents'}",
		    "ValidationException", "must be specified" },
		{ "PutPermission",
		    "{'StatementId':'s','Action':'events:PutRule','Principal':'222222222222'}",
		    "ValidationException",
		    "Provided value in parameter 'action' is not supported." },
		{ "PutPermission",
		    "{'StatementId':'s','Action':'events:PutEvents','Principal':'222222222222'}",
		    NULL, NULL },
		{ "DescribeEventBus", "{}", NULL,
		    "'Policy':'{\\'Version\\':\\'2012-10-17\\',\\'Statement\\':[{\\'Sid\\':\\'s\\',"
		    "\\'Effect\\':\\'Allow\\',\\'Principal\\':{\\'AWS\\':\\'arn:aws:iam::"
		    "222222222222:root\\'},\\'Action\\':\\'events:PutEvents\\',\\'Resource\\':\\'" BUS
		    "default\\'}]}'" },
		{ "RemovePermission", "{'StatementId':'x'}", "ResourceNotFoundException",
		    "Statement with the provided id does not exist." },
		{ "PutPermission",
		    "{'StatementId':'o','Action':'events:PutEvents','Principal':'*','Condition':{"
		    "'Type':'StringEquals','Key':'aws:PrincipalOrgID','Value':'o-1'}}",
		    NULL, NULL },
		{ "DescribeEventBus", "{}", NULL,
		    "\\'Condition\\':{\\'StringEquals\\':{\\'aws:PrincipalOrgID\\':\\'o-1\\'}}" },
		{ "RemovePermission", "{'StatementId':'s'}", NULL, NULL },
		{ "RemovePermission", "{'RemoveAllPermissions':true}", NULL, NULL },
		{ "RemovePermission", "{'RemoveAllPermissions':true}", NULL, NULL },
		{ "DescribeEventBus", "{}", NULL, "{'Name':'default','Arn':'" BUS "default'}" },
		{ "PutPermission", "{'Policy':'{'}", "ValidationException", "not valid" },
		{ "DescribeEventBus", "{'Name':'none'}", "ResourceNotFoundException",
		    "Event bus none does not exist." },
	};
	struct rig r;

	rig_open(&r, a);
	run_script(&r, "events", script, countof(script));
	rig_close(&r);
}

static void
test_tags(struct arena *a)
{
	static const struct line script[] = {
		{ "TagResource",
		    "{'ResourceARN':'" BUS "default','Tags':[{'Key':'a','Value':'1'},{'Key':'b',"
		    "'Value':'2'}]}",
		    NULL, NULL },
		{ "TagResource",
		    "{'ResourceARN':'" BUS "default','Tags':[{'Key':'a','Value':'3'}]}", NULL,
		    NULL },
		{ "UntagResource", "{'ResourceARN':'" BUS "default','TagKeys':['b','c']}", NULL,
		    NULL },
		{ "ListTagsForResource", "{'ResourceARN':'" BUS "default'}", NULL,
		    "{'Tags':[{'Key':'a','Value':'3'}]}" },
		{ "ListTagsForResource", "{'ResourceARN':'" BUS "none'}",
		    "ResourceNotFoundException", NULL },
		{ "ListTagsForResource",
		    "{'ResourceARN':'arn:aws:events:us-east-1:111111111111:rule/none'}",
		    "ResourceNotFoundException", NULL },
	};
	struct rig r;

	rig_open(&r, a);
	run_script(&r, "events", script, countof(script));
	rig_close(&r);
}

static void
test_connections(struct arena *a)
{
#define KEY_AUTH \
	"'AuthParameters':{'ApiKeyAuthParameters':{'ApiKeyName':'X-Key','ApiKeyValue':'" SECRET \
	"'}}"
	static const struct line script[] = {
		{ "CreateConnection",
		    "{'Name':'c','AuthorizationType':'OAUTH_CLIENT_CREDENTIALS','AuthParameters':{}}",
		    "ValidationException", "use API_KEY or BASIC" },
		{ "CreateConnection",
		    "{'Name':'c','AuthorizationType':'API_KEY','AuthParameters':{"
		    "'ApiKeyAuthParameters':{'ApiKeyName':'X','ApiKeyValue':'a\\r\\nY: b'}}}",
		    "ValidationException", "regular expression pattern" },
		{ "CreateConnection", "{'Name':'c','AuthorizationType':'BASIC'," KEY_AUTH "}",
		    "ValidationException", "needs AuthParameters.BasicAuthParameters." },
		{ "CreateConnection", "{'Name':'c','AuthorizationType':'API_KEY'," KEY_AUTH "}",
		    NULL, "'ConnectionState':'AUTHORIZED'" },
		{ "CreateConnection", "{'Name':'c','AuthorizationType':'API_KEY'," KEY_AUTH "}",
		    "ResourceAlreadyExistsException", NULL },
		{ "DescribeConnection", "{'Name':'c'}", NULL,
		    "'AuthParameters':{'ApiKeyAuthParameters':{'ApiKeyName':'X-Key'}}" },
		{ "ListConnections", "{}", NULL, "'Name':'c','ConnectionState':'AUTHORIZED'" },
		{ "CreateApiDestination",
		    "{'Name':'d','ConnectionArn':'arn:aws:events:us-east-1:111111111111:connection/"
		    "c/0','InvocationEndpoint':'https://h/p','HttpMethod':'POST'}",
		    "ResourceNotFoundException", "does not exist." },
		{ "DescribeApiDestination", "{'Name':'d'}", "ResourceNotFoundException",
		    "Failed to describe the api-destination(s). An api-destination 'd' does not "
		    "exist." },
		{ "DeleteConnection", "{'Name':'c'}", NULL, "'ConnectionState':'DELETING'" },
		{ "DescribeConnection", "{'Name':'c'}", "ResourceNotFoundException",
		    "Failed to describe the connection(s). Connection 'c' does not exist." },
	};
	struct rig r;

	rig_open(&r, a);
	run_script(&r, "events", script, countof(script));
	rig_close(&r);
}

static void
test_put_events(struct arena *a)
{
#define ENTRY "'Source':'s','DetailType':'t','Detail':'{}'"
	static const struct line script[] = {
		{ "PutEvents", "{'Entries':[]}", "ValidationException",
		    "Member must have length greater than or equal to 1" },
		{ "PutEvents", "{'Entries':[{" ENTRY "}]}", NULL,
		    "{'FailedEntryCount':0,'Entries':[{'EventId':'" },
		{ "PutEvents", "{'Entries':[{'DetailType':'t','Detail':'{}'},{" ENTRY "}]}", NULL,
		    "{'FailedEntryCount':1,'Entries':[{'ErrorCode':'InvalidArgument',"
		    "'ErrorMessage':'Parameter Source is not valid. Reason: Source is a required "
		    "argument.'},{'EventId':'" },
		{ "PutEvents", "{'Entries':[{'Source':'s','Detail':'{}'}]}", NULL,
		    "DetailType is a required argument." },
		{ "PutEvents", "{'Entries':[{'Source':'s','DetailType':'t'}]}", NULL,
		    "Detail is a required argument." },
		{ "PutEvents", "{'Entries':[{'Source':'s','DetailType':'t','Detail':'[]'}]}", NULL,
		    "{'ErrorCode':'MalformedDetail','ErrorMessage':'Detail is malformed.'}" },
		{ "PutEvents", "{'Entries':[{'Source':'s','DetailType':'t','Detail':'{x'}]}", NULL,
		    "MalformedDetail" },
		{ "PutEvents", "{'Entries':[{'Source':'aws.x','DetailType':'t','Detail':'{}'}]}",
		    NULL, "{'ErrorCode':'NotAuthorizedForSourceException'" },
		{ "PutEvents", "{'Entries':[{" ENTRY ",'EventBusName':'none'}]}", NULL,
		    "{'FailedEntryCount':0,'Entries':[{'EventId':'" },
		{ "PutEvents", "{'Entries':[{" ENTRY ",'EventBusName':'" HOSTING_BUS "default'}]}",
		    "AccessDeniedException", "no resource-based policy allows" },
	};
	struct rig r;
	struct buf big = buf_in(a);

	rig_open(&r, a);
	run_script(&r, "events", script, countof(script));
	buf_add(&big, S("{'Entries':[{'Source':'s','DetailType':'t','Detail':'{"));
	for (int i = 0; i < 256 * 1024; i++)
		buf_char(&big, ' ');
	buf_add(&big, S("}'}]}"));
	CHECK_STR(rig_fails(&r, "events", "PutEvents", "ValidationException", STR_FMT,
		      STR_ARG(buf_str(&big))),
	    "Total size of the entries in the request is over the limit.", "size");
	big = buf_in(a);
	for (int i = 0; i < 49; i++)
		buf_add(&big, S("{\\'x\\':"));
	buf_add(&big, S("{}"));
	for (int i = 0; i < 49; i++)
		buf_add(&big, S("}"));
	CHECK_STR(
	    rig_text(rig_ok(&r, "events", "PutEvents",
			 "{'Entries':[{'Source':'s','DetailType':'t','Detail':'" STR_FMT "'}]}",
			 STR_ARG(buf_str(&big))),
		"FailedEntryCount"),
	    "1", "depth");
	rig_close(&r);
}

/* --- delivery ------------------------------------------------------------------------- */

static str
put(struct rig *r, const char *source, int n)
{
	const struct json *out = rig_ok(r, "events", "PutEvents",
	    "{'Entries':[{'Source':'%s','DetailType':'T','Detail':'{\\'n\\':%d}'}]}", source, n);

	return json_str(json_get(json_at(json_get(out, "Entries"), 0), "EventId"));
}

static size_t
rows_left(struct rig *r, const char *account)
{
	struct store_query q = { .hash = str_fmt(r->a, "events#delivery#%s#" RIG_REGION, account) };
	struct store_page page;

	CHECK_OK(store_query(r->store, r->a, &q, &page, &r->err), &r->err);
	return page.count;
}

static void
test_delivery(struct arena *a)
{
	struct receiver rv;
	struct rig r;
	str id;

	open_with_receiver(&r, &rv, a);
	route_to_receiver(&r, "default", "");
	put(&r, "quiet", 0);
	CHECK(rows_left(&r, RIG_MAIN) == 0, "an event that nobody takes is not stored");
	id = put(&r, "mine", 1);
	rig_run(&r);
	assert_int_equal(rv.count, 1);
	CHECK_STR(rv.got[0].method, "POST", "method");
	CHECK_STR(rv.got[0].endpoint, "https://swb.test", "endpoint");
	CHECK_STR(rv.got[0].target, "/events", "target");
	CHECK_STR(http_header_get(&rv.got[0].headers, "x-swb-secret"), SECRET, "secret");
	CHECK_STR(http_header_get(&rv.got[0].headers, "user-agent"),
	    "Amazon/EventBridge/ApiDestinations", "agent");
	CHECK_STR(http_header_get(&rv.got[0].headers, "content-type"),
	    "application/json; charset=utf-8", "type");
	CHECK_STR(rv.got[0].body,
	    str_z(a,
		str_fmt(a,
		    "{\"version\":\"0\",\"id\":\"" STR_FMT
		    "\",\"detail-type\":\"T\",\"source\":\"mine\",\"account\":\"" RIG_MAIN
		    "\",\"time\":\"2022-05-05T19:39:03Z\",\"region\":\"us-east-1\","
		    "\"resources\":[],\"detail\":{\"n\":1}}",
		    STR_ARG(id))),
	    "body");
	CHECK(rows_left(&r, RIG_MAIN) == 0, "what was acknowledged is deleted");
	rig_close(&r);
}

/* An event that is no row together with the request made of it: it alone is given up. */
static void
test_too_large_to_keep(struct arena *a)
{
	struct buf many = buf_in(a);
	struct receiver rv;
	struct rig r;

	open_with_receiver(&r, &rv, a);
	route_to_receiver(&r, "default", "");
	for (int i = 0; i < 75000; i++)
		buf_fmt(&many, "%s{}", i == 0 ? "" : ",");
	rig_ok(&r, "events", "PutEvents",
	    "{'Entries':[{'Source':'mine','DetailType':'T','Detail':'{\\'x\\':[" STR_FMT "]}'}]}",
	    STR_ARG(buf_str(&many)));
	put(&r, "mine", 1);
	rig_run(&r);
	assert_int_equal(rv.count, 1);
	CHECK(str_has(rv.got[0].body, S("\"n\":1")), "the next one comes");
	rig_close(&r);
}

/* Events that were put in one go arrive in that order. */
static void
test_order(struct arena *a)
{
	struct receiver rv;
	struct rig r;

	open_with_receiver(&r, &rv, a);
	route_to_receiver(&r, "default", ",'InputPath':'$.detail.n'");
	for (int i = 0; i < 20; i++)
		put(&r, "mine", i);
	rig_run(&r);
	assert_int_equal(rv.count, 20);
	for (int i = 0; i < 20; i++)
		CHECK_STR(rv.got[i].body, str_z(a, str_fmt(a, "%d", i)), "delivery %d", i);
	rig_close(&r);
}

static void
test_retries(struct arena *a)
{
	static const struct {
		const char *label;
		int statuses[8]; /* -1: no answer */
		const char *retry_after, *policy;
		size_t want;
		int64_t want_seconds; /* from the first try to the last */
	} cases[] = {
		{ "good at once", { 204 }, NULL, "", 1, 0 },
		{ "trouble, then good", { 500, 503, 429, -1 }, NULL, "", 5, 1 + 2 + 4 + 8 },
		{ "refused for good", { 400 }, NULL, "", 1, 0 },
		{ "not found for good", { 404 }, NULL, "", 1, 0 },
		{ "two retries allowed", { 500, 500, 500, 500 }, NULL,
		    ",'RetryPolicy':{'MaximumRetryAttempts':2}", 3, 1 + 2 },
		{ "no retries allowed", { 500 }, NULL, ",'RetryPolicy':{'MaximumRetryAttempts':0}",
		    1, 0 },
		{ "a minute allowed", { 500, 500, 500, 500, 500, 500, 500, 500 }, NULL,
		    ",'RetryPolicy':{'MaximumEventAgeInSeconds':60}", 6, 1 + 2 + 4 + 8 + 16 },
		{ "the receiver says when", { 503 }, "30", "", 2, 30 },
		{ "the receiver says never", { 503 }, "-1", "", 1, 0 },
		{ "the receiver says nonsense", { 503 }, "soon", "", 2, 1 },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct receiver rv;
		struct rig r;
		int64_t begin_ms;

		open_with_receiver(&r, &rv, a);
		memcpy(rv.statuses, cases[i].statuses, sizeof(cases[i].statuses));
		rv.retry_after = cases[i].retry_after;
		route_to_receiver(&r, "default", cases[i].policy);
		begin_ms = r.now_ms;
		put(&r, "mine", 1);
		rig_run(&r);
		CHECK(rv.count == cases[i].want, "%s: %zu tries", cases[i].label, rv.count);
		CHECK(rv.at_ms[rv.count - 1] - begin_ms == cases[i].want_seconds * 1000,
		    "%s: last try after %lld ms", cases[i].label,
		    (long long)(rv.at_ms[rv.count - 1] - begin_ms));
		CHECK(rows_left(&r, RIG_MAIN) == 0, "%s: nothing left", cases[i].label);
		rig_close(&r);
	}
}

/* A receiver that is never there: AWS's 185 retries within 24 hours, then the event is given up. */
static void
test_giving_up(struct arena *a)
{
	struct receiver rv;
	struct rig r;
	int64_t begin_ms;

	open_with_receiver(&r, &rv, a);
	for (size_t i = 0; i < countof(rv.statuses); i++)
		rv.statuses[i] = 500;
	route_to_receiver(&r, "default", "");
	begin_ms = r.now_ms;
	put(&r, "mine", 1);
	rig_run(&r);
	CHECK(rv.count > 180 && rv.count <= 186, "%zu tries", rv.count);
	CHECK(r.now_ms - begin_ms <= INT64_C(24) * 3600 * 1000, "within a day");
	assert_int_equal(rows_left(&r, RIG_MAIN), 0);
	rig_close(&r);
}

/* The program ends while the receiver is away; another one delivers. */
static void
test_restart(struct arena *a)
{
	struct receiver rv;
	struct rig r;

	open_with_receiver(&r, &rv, a);
	rv.statuses[0] = rv.statuses[1] = -1;
	route_to_receiver(&r, "default", "");
	put(&r, "mine", 7);
	rig_step(&r);
	assert_int_equal(rv.count, 1);
	assert_int_equal(rows_left(&r, RIG_MAIN), 1);
	rig_stop(&r);
	rig_start(&r);
	rig_run(&r);
	assert_int_equal(rv.count, 3);
	CHECK(str_has(rv.got[2].body, S("\"n\":7")), "the event itself");
	CHECK(str_eq(rv.got[0].body, rv.got[2].body), "the same bytes each time");
	rig_close(&r);
}

static void
test_basic_and_parameters(struct arena *a)
{
	struct receiver rv;
	struct rig r;
	str connection, destination, shown;

	open_with_receiver(&r, &rv, a);
	connection = rig_text(
	    rig_ok(&r, "events", "CreateConnection",
		"{'Name':'c','AuthorizationType':'BASIC','AuthParameters':{'BasicAuthParameters':{"
		"'Username':'u','Password':'" SECRET "'},'InvocationHttpParameters':{"
		"'HeaderParameters':[{'Key':'X-A','Value':'1'},{'Key':'X-S','Value':'" SECRET
		"','IsValueSecret':true}],'QueryStringParameters':[{'Key':'q','Value':'a b'}],"
		"'BodyParameters':[{'Key':'extra','Value':'e'}]}}}"),
	    "ConnectionArn");
	shown = json_text(a, rig_ok(&r, "events", "DescribeConnection", "{'Name':'c'}"));
	CHECK(!str_has(shown, S(SECRET)), "a secret is shown: " STR_FMT, STR_ARG(shown));
	CHECK(str_has(shown, S("\"Key\":\"X-A\",\"Value\":\"1\"")), STR_FMT, STR_ARG(shown));
	destination = rig_text(
	    rig_ok(&r, "events", "CreateApiDestination",
		"{'Name':'d','ConnectionArn':'" STR_FMT "','InvocationEndpoint':'http://h:81/a/*/b?"
		"x=1','HttpMethod':'PUT'}",
		STR_ARG(connection)),
	    "ApiDestinationArn");
	rig_ok(&r, "events", "PutRule", "{'Name':'r','EventPattern':'{\\'source\\':[\\'s\\']}'}");
	rig_ok(&r, "events", "PutTargets",
	    "{'Rule':'r','Targets':[{'Id':'t','Arn':'" STR_FMT
	    "','InputPath':'$.detail','HttpParameters':{'PathParameterValues':['p/q'],"
	    "'HeaderParameters':{'X-T':'2'},'QueryStringParameters':{'y':'z'}}}]}",
	    STR_ARG(destination));
	put(&r, "s", 1);
	rig_run(&r);
	assert_int_equal(rv.count, 1);
	CHECK_STR(rv.got[0].method, "PUT", "method");
	CHECK_STR(rv.got[0].endpoint, "http://h:81", "endpoint");
	CHECK_STR(rv.got[0].target, "/a/p%2Fq/b?x=1&q=a%20b&y=z", "target");
	CHECK_STR(rv.got[0].body, "{\"n\":1,\"extra\":\"e\"}", "body");
	CHECK_STR(http_header_get(&rv.got[0].headers, "authorization"),
	    "Basic dTphLXNlY3JldC1vZi0xNi1jaGFycw==", "authorization");
	CHECK_STR(http_header_get(&rv.got[0].headers, "x-t"), "2", "target's header");
	rig_close(&r);
}

static void
test_transform(struct arena *a)
{
	static const struct {
		const char *target, *want;
	} cases[] = {
		{ ",'Input':'{\\'k\\':1}'", "{\"k\":1}" },
		{ ",'InputPath':'$.detail'", "{\"n\":5}" },
		{ ",'InputPath':'$.source'", "\"mine\"" },
		{ ",'InputPath':'$.detail.none'", "null" },
		{ ",'InputTransformer':{'InputPathsMap':{'n':'$.detail.n','s':'$.source'},"
		  "'InputTemplate':'{\\'n\\': <n>, \\'text\\': \\'from <s>\\', \\'s\\': <s>}'}",
		    "{\"n\": 5, \"text\": \"from mine\", \"s\": \"mine\"}" },
		{ ",'InputTransformer':{'InputPathsMap':{'d':'$.detail','r':'$.resources',"
		  "'x':'$.x'},'InputTemplate':'\\'<d> <r> <x>|\\' <d> <x>'}",
		    "\"{n:5} [] |\" {\"n\":5} " },
		{ ",'InputTransformer':{'InputTemplate':'{\\'r\\': \\'<aws.events.rule-name>\\', "
		  "\\'a\\': <aws.events.rule-arn>, \\'t\\': \\'<aws.events.event.ingestion-time>"
		  "\\'}'}",
		    "{\"r\": \"r\", \"a\": \"arn:aws:events:us-east-1:111111111111:rule/r\", "
		    "\"t\": \"2022-05-05T19:39:03.000Z\"}" },
		{ ",'InputTransformer':{'InputTemplate':'1 \\\\< 2 < 3 <no name>'}",
		    "1 < 2 < 3 <no name>" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct receiver rv;
		struct rig r;

		open_with_receiver(&r, &rv, a);
		route_to_receiver(&r, "default", cases[i].target);
		put(&r, "mine", 5);
		rig_run(&r);
		assert_int_equal(rv.count, 1);
		CHECK_STR(rv.got[0].body, cases[i].want, "%s", cases[i].target);
		rig_close(&r);
	}
}

/* --- over buses -------------------------------------------------------------------------- */

static void
forward(struct rig *r, const char *from_bus, const char *to_arn)
{
	rig_ok(r, "events", "PutRule",
	    "{'Name':'f','EventBusName':'%s','EventPattern':'{\\'source\\':[{\\'prefix\\':\\'\\'}]}'}",
	    from_bus);
	rig_ok(r, "events", "PutTargets",
	    "{'Rule':'f','EventBusName':'%s','Targets':[{'Id':'b','Arn':'%s'}]}", from_bus, to_arn);
}

static void
test_across_accounts(struct arena *a)
{
	struct receiver rv;
	struct rig r;
	str id;

	open_with_receiver(&r, &rv, a);
	route_to_receiver(&r, "default", "");
	r.as = r.hosting;
	forward(&r, "default", BUS "default");
	put(&r, "mine", 1);
	rig_run(&r);
	CHECK(rv.count == 0, "without a permission nothing comes over");
	assert_int_equal(rows_left(&r, RIG_HOSTING), 0);

	r.as = r.main;
	rig_ok(&r, "events", "PutPermission",
	    "{'StatementId':'h','Action':'events:PutEvents','Principal':'" RIG_HOSTING "'}");
	r.as = r.hosting;
	r.now_ms += 5000;
	id = put(&r, "mine", 2);
	r.now_ms += 5000;
	rig_run(&r);
	assert_int_equal(rv.count, 1);
	CHECK(str_has(rv.got[0].body, id) &&
		str_has(rv.got[0].body, S("\"account\":\"" RIG_HOSTING "\"")) &&
		str_has(rv.got[0].body, S("\"time\":\"2022-05-05T19:39:08Z\"")),
	    "id, account and time stay: " STR_FMT, STR_ARG(rv.got[0].body));

	/* And straight onto the main bus, which the permission allows as well. */
	rig_ok(&r, "events", "PutEvents",
	    "{'Entries':[{'Source':'s','DetailType':'T','Detail':'{}','EventBusName':'" BUS
	    "default'}]}");
	rig_run(&r);
	assert_int_equal(rv.count, 2);
	rig_close(&r);
}

/* The role of a target hands the event over; one that may not be assumed loses it. */
static void
test_role_of_target(struct arena *a)
{
	static const struct {
		const char *label, *service;
		size_t want;
	} cases[] = {
		{ "trusts EventBridge", "events.amazonaws.com", 1 },
		{ "trusts another service", "ec2.amazonaws.com", 0 },
		{ "does not exist", NULL, 0 },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct receiver rv;
		struct rig r;

		open_with_receiver(&r, &rv, a);
		route_to_receiver(&r, "default", "");
		rig_ok(&r, "events", "PutPermission",
		    "{'StatementId':'h','Action':'events:PutEvents','Principal':'" RIG_HOSTING
		    "'}");
		r.as = r.hosting;
		if (cases[i].service != NULL)
			rig_ok(&r, "iam", "CreateRole",
			    "{'RoleName':'forward','AssumeRolePolicyDocument':'{\\'Statement\\':{"
			    "\\'Effect\\':\\'Allow\\',\\'Principal\\':{\\'Service\\':\\'%s\\'},"
			    "\\'Action\\':\\'sts:AssumeRole\\'}}'}",
			    cases[i].service);
		rig_ok(&r, "events", "PutRule",
		    "{'Name':'f','EventPattern':'{\\'source\\':[\\'mine\\']}'}");
		rig_ok(&r, "events", "PutTargets",
		    "{'Rule':'f','Targets':[{'Id':'b','Arn':'" BUS
		    "default','RoleArn':'arn:aws:iam::" RIG_HOSTING ":role/forward'}]}");
		put(&r, "mine", 1);
		rig_run(&r);
		CHECK(rv.count == cases[i].want, "%s", cases[i].label);
		CHECK(rows_left(&r, RIG_HOSTING) == 0, "%s: nothing left", cases[i].label);
		rig_close(&r);
	}
}

/* hosting's default bus to main's default bus to main's third bus: the last step is not made. */
static void
test_no_third_bus(struct arena *a)
{
	struct receiver rv;
	struct rig r;

	open_with_receiver(&r, &rv, a);
	rig_ok(&r, "events", "CreateEventBus", "{'Name':'third'}");
	rig_ok(&r, "events", "PutPermission",
	    "{'StatementId':'h','Action':'events:PutEvents','Principal':'*'}");
	route_to_receiver(&r, "third", "");
	forward(&r, "default", BUS "third");
	put(&r, "mine", 1);
	rig_run(&r);
	CHECK(rv.count == 1, "one step is made");
	r.as = r.hosting;
	forward(&r, "default", BUS "default");
	put(&r, "mine", 2);
	rig_run(&r);
	CHECK(rv.count == 1, "a second one is not");
	rig_close(&r);
}

/* --- faults ---------------------------------------------------------------------------------- */

static void
test_faults(struct arena *a)
{
	static const struct {
		const char *label;
		struct fault_rule rule;
		const char *want; /* the numbers of the events that arrive, in order */
	} cases[] = {
		{ "none", { .kind = FAULT_REFUSE, .service = "x" }, "0 1 2 3 " },
		{ "the second is lost", { .kind = FAULT_DROP_EVENT, .first = 2, .count = 1 },
		    "0 2 3 " },
		{ "of another type", { .kind = FAULT_DROP_EVENT, .name = "U" }, "0 1 2 3 " },
		{ "the first comes twice",
		    { .kind = FAULT_DOUBLE_EVENT, .name = "T", .first = 1, .count = 1 },
		    "0 0 1 2 3 " },
		{ "the first comes late",
		    { .kind = FAULT_DELAY_EVENT, .first = 1, .count = 1, .delay_ms = 9000 },
		    "1 2 3 0 " },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct buf got = buf_in(a);
		struct receiver rv;
		struct rig r;

		open_with_receiver(&r, &rv, a);
		route_to_receiver(&r, "default", ",'InputPath':'$.detail.n'");
		/* Over a second bus, where the plan must not be asked again. */
		rig_ok(&r, "events", "CreateEventBus", "{'Name':'first'}");
		forward(&r, "first", BUS "default");
		r.faults.rules[0] = cases[i].rule;
		r.faults.rule_count = 1;
		for (int n = 0; n < 4; n++) {
			rig_ok(&r, "events", "PutEvents",
			    "{'Entries':[{'Source':'s','DetailType':'T','Detail':'{\\'n\\':%d}',"
			    "'EventBusName':'first'}]}",
			    n);
		}
		rig_run(&r);
		for (size_t k = 0; k < rv.count; k++)
			buf_fmt(&got, STR_FMT " ", STR_ARG(rv.got[k].body));
		CHECK_STR(buf_str(&got), cases[i].want, "%s", cases[i].label);
		assert_int_equal(r.faults.events, 4);
		rig_close(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rules),
		TEST(test_targets),
		TEST(test_permissions),
		TEST(test_tags),
		TEST(test_connections),
		TEST(test_put_events),
		TEST(test_delivery),
		TEST(test_order),
		TEST(test_too_large_to_keep),
		TEST(test_retries),
		TEST(test_giving_up),
		TEST(test_restart),
		TEST(test_basic_and_parameters),
		TEST(test_transform),
		TEST(test_across_accounts),
		TEST(test_role_of_target),
		TEST(test_no_third_bus),
		TEST(test_faults),
	};

	return RUN_TESTS(tests);
}
