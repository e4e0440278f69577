/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The body of a query request, by a shape that has everything, in both spellings. What is read is
 * written by the client's side and read again: nothing may change.
 */
#include <assert.h>
#include <stdint.h>

#include "aws/exchange.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "cloud/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct aws_named_shape shapes[] = {
	{ "Tree", "S:s I:i L:[Tree] M:<Tree> F@Flat:[*s] T:Tree" },
};

static const struct json *
read_input(struct arena *a, const struct aws_operation *op, str body)
{
	struct wire_request w = {
		.service = op->service,
		.operation = op,
		.protocol = op->service->protocol,
		.query = body,
	};
	struct http_request req = { .body = body };
	const struct json *in, *checked;
	struct err err;

	err_init(&err, a);
	if (!wire_read(a, &req, &w, &in, &err) ||
	    !aws_input_check(a, op, in, NULL, NULL, &checked, &err)) {
		assert(err.code.len > 0 && str_is_utf8(err.msg));
		return NULL;
	}
	return checked;
}

/* Empty lists and maps may vanish on the way, once. */
static const struct json *
and_back(struct arena *a, const struct aws_operation *op, const struct json *in)
{
	struct http_request req;
	const struct json *back;
	struct err err;
	bool ok;

	err_init(&err, a);
	ok = exchange_write(a, op, in, &req, &err);
	assert(ok);
	back = read_input(a, op, req.body);
	assert(back != NULL);
	return back;
}

static void
run(enum aws_protocol protocol, str body)
{
	auto_arena a = { 0 };
	const struct aws_operation_row row = { "Op", "S:s B:b F:f T:t X:x Tree:Tree", "" };
	const struct aws_service service = {
		.name = "fuzz",
		.version = "1",
		.protocol = protocol,
		.shapes = shapes,
		.shape_count = countof(shapes),
	};
	const struct aws_operation *op = aws_operation_parse(&a, &service, &row);
	const struct json *first = read_input(&a, op, body), *second;

	if (first == NULL)
		return;
	second = and_back(&a, op, first);
	assert(json_equal(second, and_back(&a, op, second)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	run(AWS_QUERY, (str){ (const char *)data, size });
	run(AWS_EC2, (str){ (const char *)data, size });
	return 0;
}
