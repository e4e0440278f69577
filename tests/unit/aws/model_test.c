/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <pthread.h>

#include "aws/model.h"
#include "base/buf.h"

/* A shape back in words, so that a case reads in one line. */
static void
write_shape(struct buf *b, const struct aws_shape *s, int depth)
{
	static const char kinds[] = "sifbtxd";

	if (depth > 6) {
		buf_add(b, S("…"));
		return;
	}
	switch (s->kind) {
	case AWS_LIST:
		buf_fmt(b, "[%s" STR_FMT ":", s->flattened ? "*" : "", STR_ARG(s->item_name));
		write_shape(b, s->item, depth + 1);
		buf_add(b, S("]"));
		break;
	case AWS_MAP:
		buf_fmt(b, "<%s" STR_FMT "," STR_FMT ":", s->flattened ? "*" : "",
		    STR_ARG(s->key_name), STR_ARG(s->value_name));
		write_shape(b, s->item, depth + 1);
		buf_add(b, S(">"));
		break;
	case AWS_STRUCTURE:
		buf_add(b, S("{"));
		for (size_t i = 0; i < s->member_count; i++) {
			const struct aws_member *m = &s->members[i];

			buf_fmt(b, "%s" STR_FMT "%s%s", i == 0 ? "" : " ", STR_ARG(m->name),
			    m->required ? "!" : "", m->idempotency_token ? "*" : "");
			if (m->renamed || m->location != AWS_IN_BODY)
				buf_fmt(b, "@%d" STR_FMT, (int)m->location, STR_ARG(m->wire_name));
			buf_add(b, S(":"));
			write_shape(b, m->shape, depth + 1);
		}
		buf_add(b, S("}"));
		break;
	case AWS_STRING:
	case AWS_INTEGER:
	case AWS_FLOAT:
	case AWS_BOOLEAN:
	case AWS_TIMESTAMP:
	case AWS_BLOB:
	case AWS_DOCUMENT:
		buf_char(b, kinds[s->kind]);
		if (s->time_form != AWS_TIME_DEFAULT)
			buf_fmt(b, "%d", (int)s->time_form);
		break;
	}
}

static const struct aws_named_shape shapes[] = {
	{ "Tag", "Key!:s Value:s" },
	{ "Names", "[s]" },
	{ "Self", "{Name:s Inner:Self}" },
	{ "Alias", "Tag" },
};

static void
test_language(struct arena *a)
{
	static const struct {
		enum aws_protocol protocol;
		const char *text, *want;
	} cases[] = {
		{ AWS_QUERY, "", "{}" },
		{ AWS_QUERY, "A:s B!:i  C*:s\tD!*:f", "{A:s B!:i C*:s D!*:f}" },
		{ AWS_QUERY, "A:b B:x C:d D:t E:t.iso F:t.unix G:t.http",
		    "{A:b B:x C:d D:t E:t1 F:t2 G:t3}" },
		{ AWS_QUERY, "L:[s] M:[item:{A:i}] N:[*s]",
		    "{L:[member:s] M:[item:{A:i}] N:[*member:s]}" },
		{ AWS_EC2, "L@l:[s] M:[Tag]", "{L@0l:[item:s] M:[item:{Key!:s Value:s}]}" },
		{ AWS_QUERY, "M:<s> N:<K,V:[s]> O:<*Tag>",
		    "{M:<key,value:s> N:<K,V:[member:s]> O:<*key,value:{Key!:s Value:s}>}" },
		{ AWS_QUERY, "Tag", "{Key!:s Value:s}" },
		{ AWS_QUERY, "Alias", "{Key!:s Value:s}" },
		{ AWS_QUERY, "A:Names B:Names", "{A:[member:s] B:[member:s]}" },
		{ AWS_QUERY, "S:Self",
		    "{S:{Name:s Inner:{Name:s Inner:{Name:s Inner:{Name:s "
		    "Inner:{Name:s Inner:{Name:… Inner:…}}}}}}}" },
		{ AWS_REST_XML, "PUT /{A}/{B+}?x&y={C} A!:s B!:s C:i D@^H-1:s E@^p-*:<s> F@$:x",
		    "{A!@1A:s B!@1B:s C@2y:i D@3H-1:s E@4p-:<key,value:s> F@5F:x}" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		const struct aws_operation_row row = { "Op", cases[i].text, "" };
		const struct aws_service service = {
			.name = "test",
			.protocol = cases[i].protocol,
			.shapes = shapes,
			.shape_count = countof(shapes),
		};
		struct buf got = buf_in(a);

		write_shape(&got, aws_operation_parse(a, &service, &row)->input, 0);
		CHECK_STR(buf_str(&got), cases[i].want, "%s", cases[i].text);
	}
}

static void
test_rest_row(struct arena *a)
{
	static const struct aws_operation_row rows[] = {
		{ "Make", "POST /things Name:s", "201 Id:s" },
		{ "Drop", "DELETE /things/{Id} Id!:s", "204" },
		{ "List", "GET /things", "Things:[s]" },
	};
	static const struct aws_service service = { .name = "test", .protocol = AWS_REST_JSON };
	static const int status[] = { 201, 204, 200 };
	static const size_t members[] = { 1, 0, 1 };

	for (size_t i = 0; i < countof(rows); i++) {
		const struct aws_operation *op = aws_operation_parse(a, &service, &rows[i]);

		CHECK(op->status == status[i], "%s", rows[i].name);
		CHECK(op->output->member_count == members[i], "%s", rows[i].name);
	}
	CHECK_STR(
	    aws_operation_parse(a, &service, &rows[1])->uri, "/things/{Id}", "URI without blanks");
}

static void
test_boto_names(struct arena *a)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "ProvisionProduct", "provision_product" },
		{ "ListObjectsV2", "list_objects_v2" },
		{ "SendSSHPublicKey", "send_ssh_public_key" },
		{ "AssumeRoleWithSAML", "assume_role_with_saml" },
		{ "ListWebACLs", "list_web_acls" },
		{ "CreateVpc", "create_vpc" },
		{ "describeThing", "describe_thing" },
	};

	for (size_t i = 0; i < countof(cases); i++)
		CHECK_STR(aws_boto_name(a, str_of(cases[i].in)), cases[i].want, "%s", cases[i].in);
}

/* Rows are code: every one of them parses, and its service can be told apart on the wire. */
static void
test_every_row(struct arena *a)
{
	const struct aws_service *service;
	size_t operations = 0;

	for (size_t i = 0; (service = aws_service_at(i)) != NULL; i++) {
		CHECK(aws_service_find(str_of(service->name)) == service, "%s", service->name);
		CHECK(service->version != NULL && service->signing_name != NULL &&
			service->endpoint_prefix != NULL,
		    "%s", service->name);
		CHECK((service->protocol == AWS_JSON_1_0 || service->protocol == AWS_JSON_1_1) ==
			(service->target_prefix != NULL),
		    "%s has a target prefix where its protocol needs one", service->name);
		for (size_t k = 0; k < service->operation_count; k++, operations++) {
			str name = str_of(service->operations[k].name);
			const struct aws_operation *op = NULL, *boto = NULL;
			struct err err;

			err_init(&err, a);
			CHECK_OK(aws_operation_find(str_of(service->name), name, &op, &err), &err);
			CHECK_OK(aws_operation_find(
				     str_of(service->name), aws_boto_name(a, name), &boto, &err),
			    &err);
			CHECK(op == boto && op == aws_operation_of(service, name), "%s.%s",
			    service->name, op->name);
		}
		for (size_t k = 0; k < service->shape_count; k++) {
			const struct aws_operation_row row = { "-",
				service->protocol == AWS_REST_JSON ||
					service->protocol == AWS_REST_XML
				    ? str_z(a, str_fmt(a, "GET / X:%s", service->shapes[k].name))
				    : str_z(a, str_fmt(a, "X:%s", service->shapes[k].name)),
				"" };

			(void)aws_operation_parse(a, service, &row);
		}
	}
	CHECK(operations > 0, "the table of services is not empty");
	assert_null(aws_service_at(1000));
}

static void
test_unknown(struct arena *a)
{
	const struct aws_operation *op = NULL;
	struct err err;

	err_init(&err, a);
	assert_false(aws_operation_find(S("nosuch"), S("AssumeRole"), &op, &err));
	assert_true(err.kind == ERR_NOT_FOUND && err_is(&err, "UnknownService"));
	assert_false(aws_operation_find(S("sts"), S("assumerole"), &op, &err));
	assert_true(err.kind == ERR_NOT_FOUND && err_is(&err, "UnknownOperation"));
	assert_null(op);
}

static void *
look_up(void *result)
{
	*(const struct aws_operation **)result =
	    aws_operation_of(aws_service_find(S("s3")), S("GetObject"));
	return NULL;
}

static void
test_threads_see_one_operation(struct arena *a)
{
	const struct aws_operation *got[8];
	pthread_t threads[countof(got)];

	(void)a;
	for (size_t i = 0; i < countof(got); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, look_up, &got[i]), 0);
	for (size_t i = 0; i < countof(got); i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (size_t i = 0; i < countof(got); i++)
		assert_ptr_equal(got[i], got[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_threads_see_one_operation),
		TEST(test_language),
		TEST(test_rest_row),
		TEST(test_boto_names),
		TEST(test_every_row),
		TEST(test_unknown),
	};

	return RUN_TESTS(tests);
}
