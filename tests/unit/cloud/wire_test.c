/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/json.h"
#include "cloud/wire.h"

#define SIGNED(service) \
	"AWS4-HMAC-SHA256 Credential=AKID/20220505/us-east-1/" service \
	"/aws4_request, SignedHeaders=host, Signature=00"

static struct http_request
request(struct arena *a, const char *method, const char *target, const char *authorization,
    const char *header, const char *value, const char *body)
{
	struct http_request req = {
		.method = str_of(method),
		.target = str_of(target),
		.body = str_of(body),
	};

	http_header_add(a, &req.headers, S("Host"), S("127.0.0.1:8080"));
	if (authorization != NULL)
		http_header_add(a, &req.headers, S("Authorization"), str_of(authorization));
	if (header != NULL)
		http_header_add(a, &req.headers, str_of(header), str_of(value));
	return req;
}

#define FORM "Content-Type", "application/x-www-form-urlencoded; charset=utf-8"

static void
test_identify(struct arena *a)
{
	static const struct {
		const char *label, *method, *target, *authorization, *header, *value, *body, *want;
	} cases[] = {
		{ "query by signing name", "POST", "/", SIGNED("sts"), FORM,
		    "Action=AssumeRole&Version=2011-06-15", "sts:AssumeRole" },
		{ "query by version", "POST", "/", NULL, FORM,
		    "Action=GetCallerIdentity&Version=2011-06-15", "sts:GetCallerIdentity" },
		{ "query in the URL", "GET", "/?Action=GetCallerIdentity&Version=2011-06-15",
		    SIGNED("sts"), NULL, NULL, "", "sts:GetCallerIdentity" },
		{ "query of another version", "POST", "/", SIGNED("sts"), FORM,
		    "Action=AssumeRole&Version=2001-01-01",
		    "InvalidAction: Could not find operation AssumeRole for version 2001-01-01" },
		{ "query of no service", "POST", "/", SIGNED("nosuch"), FORM,
		    "Action=X&Version=2011-06-15",
		    "InvalidAction: no service of the local cloud has version '2011-06-15' and signs "
		    "as 'nosuch'" },
		{ "unknown query operation", "POST", "/", SIGNED("sts"), FORM,
		    "Action=NoSuch&Version=2011-06-15",
		    "InvalidAction: Could not find operation NoSuch for version 2011-06-15" },
		{ "unknown target", "POST", "/", SIGNED("ssm"), "X-Amz-Target", "AmazonSSM.NoSuch",
		    "{}",
		    "UnknownOperationException: the local cloud does not answer AmazonSSM.NoSuch" },
		{ "unknown target service", "POST", "/", SIGNED("ssm"), "x-amz-target", "X", "{}",
		    "UnknownOperationException: the local cloud does not answer X" },
		{ "s3 object", "GET", "/b/a%20key/x", SIGNED("s3"), NULL, NULL, "",
		    "s3:GetObject" },
		{ "s3 unsigned", "GET", "/b/k", NULL, NULL, NULL, "", "s3:GetObject" },
		{ "s3 copy", "PUT", "/b/k", SIGNED("s3"), "X-Amz-Copy-Source", "b/x", "",
		    "s3:CopyObject" },
		{ "a form without an Action", "POST", "/", SIGNED("sts"), FORM, "",
		    "InvalidAction: Could not find operation  for version " },
		{ "s3 put", "PUT", "/b/k", SIGNED("s3"), NULL, NULL, "x", "s3:PutObject" },
		{ "s3 list", "GET", "/b?list-type=2&prefix=p", SIGNED("s3"), NULL, NULL, "",
		    "s3:ListObjectsV2" },
		{ "s3 bucket with a slash", "PUT", "/b/", SIGNED("s3"), NULL, NULL, "",
		    "s3:CreateBucket" },
		{ "s3 head", "HEAD", "/b", SIGNED("s3"), NULL, NULL, "", "s3:HeadBucket" },
		{ "s3 virtual host", "GET", "/k", SIGNED("s3"), "host",
		    "b.s3.eu-west-1.amazonaws.com", "", "s3:GetObject" },
		{ "s3 virtual host, local", "GET", "/?list-type=2", SIGNED("s3"), "host",
		    "b.localhost:8080", "", "s3:ListObjectsV2" },
		{ "s3 sub-resource that the model lacks", "PUT", "/b?nosuch", SIGNED("s3"), NULL,
		    NULL, "",
		    "NotImplemented: the local cloud does not answer PUT /b?nosuch of service 's3'" },
		{ "s3 presigned", "GET",
		    "/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20220505%2Fus-east-1"
		    "%2Fs3%2Faws4_request&X-Amz-Date=20220505T193903Z&X-Amz-Expires=60"
		    "&X-Amz-SignedHeaders=host&X-Amz-Signature=00",
		    NULL, NULL, NULL, "", "s3:GetObject" },
		{ "s3 presigned as of old", "GET", "/b/k?AWSAccessKeyId=A&Signature=x&Expires=1",
		    NULL, NULL, NULL, "", "s3:GetObject" },
		{ "nothing", "GET", "/", NULL, NULL, NULL, "", "s3:ListBuckets" },
		{ "rest of no service", "GET", "/", SIGNED("nosuch"), NULL, NULL, "",
		    "UnknownOperationException: the local cloud does not answer GET / of service "
		    "'nosuch'" },
		{ "rest of a service of XML", "GET", "/2013-04-01/hostedzone", SIGNED("route53"),
		    NULL, NULL, "",
		    "NotImplemented: the local cloud does not answer GET /2013-04-01/hostedzone of "
		    "service 'route53'" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct http_request req = request(a, cases[i].method, cases[i].target,
		    cases[i].authorization, NULL, NULL, cases[i].body);
		struct wire_request w;
		struct err err;
		str got;

		if (cases[i].header != NULL)
			http_header_set(
			    a, &req.headers, str_of(cases[i].header), str_of(cases[i].value));
		err_init(&err, a);
		if (wire_identify(a, &req, &w, &err))
			got = str_fmt(a, "%s:%s", w.operation->service->name, w.operation->name);
		else
			got = str_fmt(a, STR_FMT ": " STR_FMT, STR_ARG(err.code), STR_ARG(err.msg));
		CHECK_STR(got, cases[i].want, "%s", cases[i].label);
	}
}

static const struct aws_named_shape shapes[] = {
	{ "Tag", "Key:s Value:s" },
	{ "Tree", "Name:s Sub:Tree" },
};

static const char input[] = "Name:s Size:i On:b At:t Tags:[Tag] Names:[s] Map:<s> Deep:<[s]> "
			    "Flat:[*s] Tree:Tree Renamed@Other:s";

static struct aws_service
service_of(enum aws_protocol protocol)
{
	return (struct aws_service){
		.name = "test",
		.version = "1",
		.xml_namespace = "urn:test",
		.protocol = protocol,
		.shapes = shapes,
		.shape_count = countof(shapes),
	};
}

/* Reads and checks, as the door does; errors as text. */
static str
read_input(struct arena *a, const struct aws_service *service, const char *shape,
    const struct http_request *req)
{
	const struct aws_operation_row row = { "Op", shape, "" };
	const struct wire_request w = {
		.service = service,
		.operation = aws_operation_parse(a, service, &row),
		.protocol = service->protocol,
		.path = http_path(req->target),
		.query = service->protocol == AWS_QUERY || service->protocol == AWS_EC2
		    ? req->body
		    : http_query(req->target),
	};
	const struct json *in, *out;
	struct err err;

	err_init(&err, a);
	if (!wire_read(a, req, &w, &in, &err) ||
	    !aws_input_check(a, w.operation, in, NULL, NULL, &out, &err))
		return str_fmt(a, STR_FMT ": " STR_FMT, STR_ARG(err.code), STR_ARG(err.msg));
	return json_text(a, out);
}

static void
test_read_query(struct arena *a)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "Action=Op&Version=1", "{}" },
		{ "Name=a+b%21%C3%A9&Size=-5&On=true&At=2022-05-05T19%3A39%3A03.5Z",
		    "{\"At\":1651779543.500,\"Name\":\"a b!\xc3\xa9\",\"On\":true,\"Size\":-5}" },
		{ "Names.member.2=b&Names.member.10=c&Names.member.1=a",
		    "{\"Names\":[\"a\",\"b\",\"c\"]}" },
		{ "Names=", "{\"Names\":[]}" },
		{ "Map=", "{\"Map\":{}}" },
		{ "Flat.1=a&Flat.2=", "{\"Flat\":[\"a\",\"\"]}" },
		{ "Tags.member.1.Key=k&Tags.member.1.Value=v&Tags.member.2.Key=",
		    "{\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"},{\"Key\":\"\"}]}" },
		{ "Map.entry.1.key=a&Map.entry.1.value=1&Map.entry.2.key=b&Map.entry.2.value=",
		    "{\"Map\":{\"a\":\"1\",\"b\":\"\"}}" },
		{ "Deep.entry.1.key=a&Deep.entry.1.value.member.1=x",
		    "{\"Deep\":{\"a\":[\"x\"]}}" },
		{ "Tree.Name=a&Tree.Sub.Name=b&Tree.Sub.Sub.Name=c",
		    "{\"Tree\":{\"Name\":\"a\",\"Sub\":{\"Name\":\"b\",\"Sub\":{\"Name\":\"c\"}}}}" },
		{ "Other=x", "{\"Renamed\":\"x\"}" },
		{ "Renamed=x", "ValidationError: the operation has no such parameter: 'Renamed'" },
		{ "X-Amz-Signature=0&Name=n&&", "{\"Name\":\"n\"}" },
		{ "Name=a&Name=b",
		    "ValidationError: a parameter is given twice, with the value: 'b'" },
		{ "Name.x=a",
		    "ValidationError: nothing may stand below a plain value, as does: 'x'" },
		{ "Names.1=a", "ValidationError: unexpected part of a parameter's name: '1'" },
		{ "Names.member.0=a",
		    "ValidationError: a list's elements bear numbers from 1, not: '0'" },
		{ "Map.entry.1.key=a", "ValidationError: a map's entry lacks key or value: 'key'" },
		{ "Map.entry.1.key=a&Map.entry.1.value=1&Map.entry.2.key=a&Map.entry.2.value=2",
		    "ValidationError: a map has this key twice: 'a'" },
		{ "Name=%zz", "ValidationError: '%' is not followed by two digits: 'Name=%zz'" },
		{ "Name=%ff", "ValidationError: a parameter is not UTF-8: 'Name'" },
		{ "Tree=text",
		    "ParamValidation: Parameter validation failed:\nInvalid type for parameter Tree, "
		    "type: a string, valid types: structure" },
		{ "Nome=x&Nome.y=z",
		    "ParamValidation: Parameter validation failed:\nUnknown parameter in input: "
		    "\"Nome\", must be one of: Name, Size, On, At, Tags, Names, Map, Deep, Flat, Tree, "
		    "Renamed" },
	};
	struct aws_service service = service_of(AWS_QUERY);

	for (size_t i = 0; i < countof(cases); i++) {
		struct http_request req = request(a, "POST", "/", NULL, NULL, NULL, cases[i].in);

		CHECK_STR(read_input(a, &service, input, &req), cases[i].want, "%s", cases[i].in);
	}
}

static void
test_read_ec2(struct arena *a)
{
	static const char shape[] =
	    "InstanceIds@InstanceId:[s] Filters@Filter:[{Name:s Values@Value:[s]}] "
	    "EnableDnsHostnames@enableDnsHostnames:{Value:b} Tags@TagSpecification:[{"
	    "ResourceType@resourceType:s Tags@Tag:[Tag]}]";
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "InstanceId.1=i-1&InstanceId.2=i-2", "{\"InstanceIds\":[\"i-1\",\"i-2\"]}" },
		{ "Filter.1.Name=n&Filter.1.Value.1=v",
		    "{\"Filters\":[{\"Name\":\"n\",\"Values\":[\"v\"]}]}" },
		{ "EnableDnsHostnames.Value=true", "{\"EnableDnsHostnames\":{\"Value\":true}}" },
		{ "TagSpecification.1.ResourceType=vpc&TagSpecification.1.Tag.1.Key=k",
		    "{\"Tags\":[{\"ResourceType\":\"vpc\",\"Tags\":[{\"Key\":\"k\"}]}]}" },
	};
	struct aws_service service = service_of(AWS_EC2);

	for (size_t i = 0; i < countof(cases); i++) {
		struct http_request req = request(a, "POST", "/", NULL, NULL, NULL, cases[i].in);

		CHECK_STR(read_input(a, &service, shape, &req), cases[i].want, "%s", cases[i].in);
	}
}

static void
test_read_json(struct arena *a)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "", "{}" },
		{ " {} ", "{}" },
		{ "{\"Name\":\"n\",\"Size\":null}", "{\"Name\":\"n\"}" },
		{ "[]", "SerializationException: the body is a list where an object is due" },
		{ "{", "SerializationException: " },
	};
	struct aws_service service = service_of(AWS_JSON_1_1);

	for (size_t i = 0; i < countof(cases); i++) {
		struct http_request req = request(a, "POST", "/", NULL, NULL, NULL, cases[i].in);
		str got = read_input(a, &service, input, &req);

		CHECK_STR(str_sub(got, 0, strlen(cases[i].want)), cases[i].want, "%s", cases[i].in);
	}
}

static void
test_read_deep_is_refused(struct arena *a)
{
	struct aws_service service = service_of(AWS_QUERY);
	struct http_request req = request(a, "POST", "/", NULL, NULL, NULL, "");
	str name = S("Tree");

	for (int i = 0; i < 70; i++)
		name = str_cat(a, name, S(".Sub"));
	req.body = str_cat(a, name, S(".Name=x"));
	CHECK_STR(read_input(a, &service, input, &req),
	    "ValidationError: parameters are nested more than 64 deep", "deep query");
}

static void
test_read_rest(struct arena *a)
{
	static const struct {
		const char *shape, *target, *header, *value, *body, *want;
	} cases[] = {
		{ "PUT /{B}/{K+}?v={V} B!:s K!:s V:i T@^Content-Type:s M@^x-m-*:<s> D@$:x",
		    "/b/a%20b/c%2Fd?v=5", "X-M-Some", "thing", "body",
		    "{\"B\":\"b\",\"K\":\"a b/c/d\",\"V\":5,\"M\":{\"some\":\"thing\"},"
		    "\"D\":\"Ym9keQ==\"}" },
		{ "PUT /{B} B!:s At@^x-at:t C@$:{LocationConstraint:s}", "/b", "X-At",
		    "Thu, 05 May 2022 19:39:03 GMT",
		    "<C xmlns='urn:x'><LocationConstraint>eu</LocationConstraint></C>",
		    "{\"B\":\"b\",\"At\":1651779543,\"C\":{\"LocationConstraint\":\"eu\"}}" },
		{ "PUT /{B} B!:s C@$:{LocationConstraint:s}", "/b", NULL, NULL,
		    "<C><Nome>x</Nome></C>",
		    "ParamValidation: Parameter validation failed:\nUnknown parameter in C: \"Nome\", "
		    "must be one of: LocationConstraint" },
		{ "PUT /{B} B!:s C@$:{L:s}", "/b", NULL, NULL, "<!DOCTYPE C []><C/>",
		    "MalformedXML: 1:13: a DOCTYPE is not accepted" },
		{ "PUT /{B} B!:s C@$:{L:s}", "/b", NULL, NULL, "<C>",
		    "MalformedXML: 1:4: no element found" },
		{ "PUT /{B} B!:s D@$:s", "/b", NULL, NULL, "{\"text\": true}",
		    "{\"B\":\"b\",\"D\":\"{\\\"text\\\": true}\"}" },
		{ "POST /x/{B} B!:s L:[*{A:s}] N:i", "/x/b", NULL, NULL,
		    "<R><L><A>1</A></L><N> 7 </N><L><A>2</A></L><B>ignored</B></R>",
		    "ParamValidation: Parameter validation failed:\nInvalid value for parameter N, "
		    "must be a whole number" },
		{ "PUT /{B} B!:s", "/%zz", NULL, NULL, "",
		    "InvalidURI: Couldn't parse the specified URI: %zz" },
		{ "PUT /{B} B!:s D@$:x", "/b", "x-amz-content-sha256",
		    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "",
		    "NotImplemented: A header you provided implies functionality that is not "
		    "implemented: x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD" },
	};
	struct aws_service service = service_of(AWS_REST_XML);

	for (size_t i = 0; i < countof(cases); i++) {
		struct http_request req = request(a, "PUT", cases[i].target, NULL, cases[i].header,
		    cases[i].value, cases[i].body);

		CHECK_STR(read_input(a, &service, cases[i].shape, &req), cases[i].want, "%s",
		    cases[i].shape);
	}
}

static void
test_write(struct arena *a)
{
	static const struct {
		enum aws_protocol protocol;
		const char *shape, *out, *want;
	} cases[] = {
		{ AWS_JSON_1_1, "A:s T:t L:[{B:b}]",
		    "{\"A\":\"<\\n>\",\"T\":1.5,\"L\":[{\"B\":true}],\"N\":null}",
		    "failed: the output of test:Op: the model has no member N" },
		{ AWS_JSON_1_1, "A:s T:t L:[{B:b}] N:s",
		    "{\"A\":\"<\\n>\",\"T\":1.5,\"L\":[{\"B\":true}],\"N\":null}",
		    "application/x-amz-json-1.1 "
		    "{\"A\":\"<\\n>\",\"T\":1.500,\"L\":[{\"B\":true}]}" },
		{ AWS_JSON_1_0, "", "{}", "application/x-amz-json-1.0 {}" },
		{ AWS_QUERY, "A:s T:t L:[s] M:<i> F:[*s] S:{X:s}",
		    "{\"A\":\"<&\\r\\u0001>\",\"T\":1.5,\"L\":[\"a\"],\"M\":{\"k\":1},\"F\":[\"x\","
		    "\"y\"],\"S\":{}}",
		    "text/xml <OpResponse xmlns=\"urn:test\"><OpResult><A>&lt;&amp;&#13;\xef\xbf\xbd&gt;"
		    "</A><T>1970-01-01T00:00:01.500Z</T><L><member>a</member></L><M><entry><key>k</key>"
		    "<value>1</value></entry></M><F>x</F><F>y</F><S></S></OpResult><ResponseMetadata>"
		    "<RequestId>R</RequestId></ResponseMetadata></OpResponse>" },
		{ AWS_QUERY, "", "{}",
		    "text/xml <OpResponse xmlns=\"urn:test\"><ResponseMetadata><RequestId>R"
		    "</RequestId></ResponseMetadata></OpResponse>" },
		{ AWS_QUERY, "{}", "{}",
		    "text/xml <OpResponse xmlns=\"urn:test\"><OpResult></OpResult><ResponseMetadata>"
		    "<RequestId>R</RequestId></ResponseMetadata></OpResponse>" },
		{ AWS_QUERY, "A:s", "{\"A\":5}",
		    "failed: the output of test:Op: A: a number stands where the model has a string" },
		{ AWS_EC2, "VpcId:s Tags@tagSet:[{Key:s}]",
		    "{\"VpcId\":\"v\",\"Tags\":[{\"Key\":\"k\"}]}",
		    "text/xml;charset=UTF-8 <OpResponse xmlns=\"urn:test\"><requestId>R</requestId>"
		    "<vpcId>v</vpcId><tagSet><item><key>k</key></item></tagSet></OpResponse>" },
		{ AWS_EC2, "", "{}",
		    "text/xml;charset=UTF-8 <OpResponse xmlns=\"urn:test\"><requestId>R</requestId>"
		    "<return>true</return></OpResponse>" },
		{ AWS_REST_XML, "A:s L:[*{K:s}] T@^Content-Type:s",
		    "{\"A\":\"a\",\"L\":[{\"K\":\"1\"},{\"K\":\"2\"}],\"T\":\"x/y\"}",
		    "x/y <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OpResult xmlns=\"urn:test\">"
		    "<A>a</A><L><K>1</K></L><L><K>2</K></L></OpResult>" },
		{ AWS_REST_XML, "D@$:x E@^ETag:s", "{\"D\":\"Ym9keQ==\",\"E\":\"\\\"e\\\"\"}",
		    "application/xml body" },
		{ AWS_REST_JSON, "a:s t:t.iso h@^X-H:s", "{\"a\":\"b\",\"t\":0,\"h\":\"x\"}",
		    "application/json {\"a\":\"b\",\"t\":\"1970-01-01T00:00:00Z\"}" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct aws_service service = service_of(cases[i].protocol);
		bool rest = cases[i].protocol == AWS_REST_JSON || cases[i].protocol == AWS_REST_XML;
		const struct aws_operation_row row = { "Op", rest ? "GET /" : "", cases[i].shape };
		struct wire_request w = {
			.service = &service,
			.operation = aws_operation_parse(a, &service, &row),
			.protocol = cases[i].protocol,
		};
		struct wire_stamp stamp = { S("R"), 0 };
		struct http_response resp;
		const struct json *out;
		struct err err;
		str got;

		err_init(&err, a);
		CHECK_OK(json_parse(a, str_of(cases[i].out), &out, &err), &err);
		if (wire_write_output(a, &w, &stamp, out, &resp, &err)) {
			got = str_fmt(a, STR_FMT " " STR_FMT,
			    STR_ARG(http_header_get(&resp.headers, "Content-Type")),
			    STR_ARG(resp.body));
			CHECK(resp.status == 200, "%s", cases[i].out);
			CHECK_STR(http_header_get(&resp.headers, "Date"),
			    "Thu, 01 Jan 1970 00:00:00 GMT", "%s", cases[i].out);
		} else {
			got = str_cat(a, S("failed: "), err.msg);
		}
		CHECK_STR(got, cases[i].want, "%s", cases[i].out);
	}
}

static void
test_write_error(struct arena *a)
{
	static const struct {
		enum aws_protocol protocol;
		enum err_kind kind;
		const char *code;
		int status;
		const char *want;
	} cases[] = {
		{ AWS_JSON_1_1, ERR_NOT_FOUND, "ResourceNotFoundException", 400,
		    "{\"__type\":\"ResourceNotFoundException\",\"message\":\"a <b>\"}" },
		{ AWS_JSON_1_1, ERR_DENIED, "AccessDeniedException", 400,
		    "{\"__type\":\"AccessDeniedException\",\"message\":\"a <b>\"}" },
		{ AWS_JSON_1_1, ERR_INVALID, "ParamValidation", 400,
		    "{\"__type\":\"ValidationException\",\"message\":\"a <b>\"}" },
		{ AWS_JSON_1_1, ERR_INVALID, "", 500,
		    "{\"__type\":\"InternalFailure\",\"message\":\"a <b>\"}" },
		{ AWS_REST_JSON, ERR_NOT_FOUND, "ResourceNotFoundException", 404,
		    "{\"__type\":\"ResourceNotFoundException\",\"message\":\"a <b>\"}" },
		{ AWS_QUERY, ERR_NOT_FOUND, "NoSuchEntity", 404,
		    "<ErrorResponse xmlns=\"urn:test\"><Error><Type>Sender</Type><Code>NoSuchEntity"
		    "</Code><Message>a &lt;b&gt;</Message></Error><RequestId>R</RequestId>"
		    "</ErrorResponse>" },
		{ AWS_QUERY, ERR_DENIED, "AccessDenied", 403, NULL },
		{ AWS_QUERY, ERR_NOT_FOUND, "ValidationError", 400, NULL },
		{ AWS_EC2, ERR_DENIED, "UnauthorizedOperation", 403,
		    "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>a &lt;b&gt;"
		    "</Message></Error></Errors><RequestID>R</RequestID></Response>" },
		{ AWS_EC2, ERR_UNAUTHENTICATED, "AuthFailure", 401, NULL },
		{ AWS_REST_XML, ERR_NOT_FOUND, "NoSuchKey", 404,
		    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code><Message>"
		    "a &lt;b&gt;</Message><RequestId>R</RequestId><HostId>R</HostId></Error>" },
		{ AWS_REST_XML, ERR_INVALID, "NotImplemented", 501, NULL },
		{ AWS_REST_XML, ERR_INVALID, "UnknownOperationException", 501, NULL },
		{ AWS_EC2, ERR_INVALID, "UnknownOperationException", 400,
		    "<Response><Errors><Error><Code>InvalidAction</Code><Message>a &lt;b&gt;"
		    "</Message></Error></Errors><RequestID>R</RequestID></Response>" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct aws_service service = service_of(cases[i].protocol);
		struct wire_request w = { .service = &service, .protocol = cases[i].protocol };
		struct wire_stamp stamp = { S("R"), 0 };
		struct http_response resp;
		struct err err;

		err_init(&err, a);
		(void)err_code(&err, cases[i].kind, cases[i].code, "a <b>");
		wire_write_error(a, &w, &stamp, &err, &resp);
		CHECK(resp.status == cases[i].status, "%s: %d", cases[i].code, resp.status);
		if (cases[i].want != NULL)
			CHECK_STR(resp.body, cases[i].want, "%s", cases[i].code);
		CHECK_STR(http_header_get(&resp.headers,
			      cases[i].protocol == AWS_REST_XML ? "x-amz-request-id"
								: "x-amzn-RequestId"),
		    "R", "%s", cases[i].code);
	}
}

/* What of a port's requests is the cloud's. */
static void
test_is_aws(struct arena *a)
{
	static const struct {
		const char *label, *method, *target, *name, *value;
		bool want;
	} cases[] = {
		{ "signed", "GET", "/b/k", "Authorization", SIGNED("s3"), true },
		{ "signed as of old", "GET", "/b/k", "authorization", "AWS AKID:x", true },
		{ "a token", "GET", "/api/x", "Authorization", "Bearer AWS4-x", false },
		{ "target", "POST", "/", "x-amz-target", "AmazonSSM.GetParameter", true },
		{ "in the URL", "GET", "/b/k?a&X-Amz-Signature=x", "A", "b", true },
		{ "in the URL, half", "GET", "/b/k?X-Amz-Credential=x", "A", "b", true },
		{ "in the URL, as of old", "GET", "/b/k?AWSAccessKeyId=A&Signature=x", "A", "b",
		    true },
		{ "an unsigned form", "POST", "/", FORM, true },
		{ "a form elsewhere", "POST", "/login", FORM, false },
		{ "an SDK's, unsigned", "GET", "/", "Amz-Sdk-Invocation-Id", "1", true },
		{ "an SDK's by its name", "GET", "/", "user-agent", "aws-cli/2.9.19 x", true },
		{ "a page", "GET", "/?x=1", "Accept", "text/html", false },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct http_request req = { .method = str_of(cases[i].method),
			.target = str_of(cases[i].target) };

		http_header_add(a, &req.headers, str_of(cases[i].name), str_of(cases[i].value));
		CHECK(wire_is_aws(&req) == cases[i].want, "%s", cases[i].label);
	}
}

static void
test_auth_errors(struct arena *a)
{
	static const struct {
		enum aws_protocol protocol;
		enum sigv4_problem problem;
		const char *code;
		int status;
	} cases[] = {
		{ AWS_QUERY, SIGV4_MISSING, "MissingAuthenticationToken", 403 },
		{ AWS_JSON_1_1, SIGV4_MISSING, "MissingAuthenticationTokenException", 400 },
		{ AWS_QUERY, SIGV4_UNKNOWN_KEY, "InvalidClientTokenId", 403 },
		{ AWS_JSON_1_1, SIGV4_UNKNOWN_KEY, "UnrecognizedClientException", 400 },
		{ AWS_EC2, SIGV4_UNKNOWN_KEY, "AuthFailure", 401 },
		{ AWS_REST_XML, SIGV4_UNKNOWN_KEY, "InvalidAccessKeyId", 403 },
		{ AWS_QUERY, SIGV4_MISMATCH, "SignatureDoesNotMatch", 403 },
		{ AWS_JSON_1_1, SIGV4_TOO_OLD, "InvalidSignatureException", 400 },
		{ AWS_QUERY, SIGV4_TOKEN_EXPIRED, "ExpiredToken", 403 },
		{ AWS_REST_XML, SIGV4_TOKEN_EXPIRED, "ExpiredToken", 400 },
		{ AWS_EC2, SIGV4_TOO_OLD, "RequestExpired", 400 },
		{ AWS_QUERY, SIGV4_MALFORMED, "IncompleteSignature", 400 },
	};
	static const struct sigv4_claim claim;

	for (size_t i = 0; i < countof(cases); i++) {
		struct wire_request w = { .protocol = cases[i].protocol };
		struct wire_stamp stamp = { S("R"), 0 };
		struct http_response resp;
		struct err err;

		err_init(&err, a);
		assert_false(wire_auth_error(&w, &claim, cases[i].problem, S("why"), &err));
		CHECK_STR(err.code, cases[i].code, "case %zu", i);
		CHECK(err.msg.len > 0, "case %zu", i);
		wire_write_error(a, &w, &stamp, &err, &resp);
		CHECK(resp.status == cases[i].status, "case %zu: %d", i, resp.status);
	}
	for (int p = SIGV4_MISSING; p < SIGV4_PROBLEM_COUNT; p++) {
		for (int k = AWS_JSON_1_0; k <= AWS_REST_XML; k++) {
			struct wire_request w = { .protocol = (enum aws_protocol)k };
			struct err err;

			err_init(&err, a);
			(void)wire_auth_error(&w, &claim, (enum sigv4_problem)p, S("why"), &err);
			CHECK(err.code.len > 0 && err.msg.len > 0, "problem %d, protocol %d", p, k);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_identify),
		TEST(test_read_query),
		TEST(test_read_ec2),
		TEST(test_read_json),
		TEST(test_read_deep_is_refused),
		TEST(test_read_rest),
		TEST(test_write),
		TEST(test_write_error),
		TEST(test_is_aws),
		TEST(test_auth_errors),
	};

	return RUN_TESTS(tests);
}
