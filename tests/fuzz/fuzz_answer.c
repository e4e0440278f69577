/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server's answer as the client reads it: the first byte picks protocol (low half) and status
 * (bit 4: an error), the rest is the body. What is read is written by the server's side and read
 * again: nothing may change.
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
	{ "Tree", "S:s I:i L:[Tree] M:<Tree> F@flat:[*s] T:Tree" },
};

static const struct aws_operation *
operation(struct arena *a, enum aws_protocol protocol)
{
	static const struct aws_operation_row rpc = { "Op", "", "S:s B:b F:f T:t X:x Tree:Tree" };
	static const struct aws_operation_row rest = { "Op", "GET /",
		"S:s B:b F:f T:t X:x Tree:Tree" };
	struct aws_service *service = arena_new(a, struct aws_service, 1);
	bool is_rest = protocol == AWS_REST_XML || protocol == AWS_REST_JSON;

	*service = (struct aws_service){
		.name = "fuzz",
		.version = "1",
		.xml_namespace = "urn:fuzz",
		.protocol = protocol,
		.shapes = shapes,
		.shape_count = countof(shapes),
	};
	return aws_operation_parse(a, service, is_rest ? &rest : &rpc);
}

static const struct json *
and_back(struct arena *a, const struct aws_operation *op, const struct json *output)
{
	const struct wire_stamp stamp = { S("id"), 0 };
	struct wire_request w = {
		.service = op->service,
		.operation = op,
		.protocol = op->service->protocol,
	};
	struct http_response resp;
	const struct json *back = NULL;
	struct err err;
	bool ok;

	err_init(&err, a);
	ok = wire_write_output(a, &w, &stamp, output, &resp, &err) &&
	    exchange_read(a, op, &resp, &back, &err);
	assert(ok);
	return back;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = { 0 };
	struct http_response resp = { 0 };
	const struct aws_operation *op;
	const struct json *output, *second;
	struct err err;

	if (size == 0)
		return 0;
	err_init(&err, &a);
	op = operation(&a, (enum aws_protocol)((data[0] & 15) % (AWS_REST_XML + 1)));
	resp.status = (data[0] & 16) != 0 ? 400 : 200;
	resp.body = (str){ (const char *)data + 1, size - 1 };
	if (!exchange_read(&a, op, &resp, &output, &err)) {
		assert(str_is_utf8(err.msg) && str_is_utf8(err.code));
		assert(resp.status != 400 || err.code.len > 0);
		return 0;
	}
	second = and_back(&a, op, output);
	assert(json_equal(second, and_back(&a, op, second)));
	return 0;
}
