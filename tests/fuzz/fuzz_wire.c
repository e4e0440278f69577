/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request as it stands on the wire, against the real model: named, its signature read and
 * verified, its input read and checked. What is refused is told in a whole answer.
 */
#include <assert.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "cloud/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct http_request
split(struct arena *a, str text)
{
	struct http_request req = { 0 };
	str rest = text, line = { NULL, 0 };

	(void)str_cut(&rest, '\n', &line);
	(void)str_cut(&line, ' ', &req.method);
	req.target = line;
	while (str_cut(&rest, '\n', &line) && line.len > 0) {
		str value = line, name = { NULL, 0 };

		(void)str_cut(&value, ':', &name);
		if (req.headers.count < 100)
			http_header_add(a, &req.headers, name, str_trim(value));
	}
	req.body = rest;
	return req;
}

static bool
serve(struct arena *a, const struct http_request *req, struct wire_request *w, struct err *err)
{
	struct sigv4_check check = { .secret_access_key = S("secret"), .service = S("sts") };
	const struct json *in, *checked;
	struct sigv4_claim claim;
	enum sigv4_problem problem;
	str detail;

	if (!wire_identify(a, req, w, err))
		return false;
	problem = sigv4_read(a, req, &claim, &detail);
	assert(problem <= SIGV4_MALFORMED);
	if (problem == SIGV4_FINE)
		problem = sigv4_verify(a, req, &claim, &check, NULL, &detail);
	if (problem != SIGV4_FINE)
		(void)wire_auth_error(w, &claim, problem, detail, err);
	err_clear(err);
	return wire_read(a, req, w, &in, err) &&
	    aws_input_check(a, w->operation, in, NULL, NULL, &checked, err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = { 0 };
	const struct wire_stamp stamp = { S("id"), 0 };
	struct http_request req = split(&a, (str){ (const char *)data, size });
	struct wire_request w;
	struct http_response resp;
	struct err err;

	err_init(&err, &a);
	if (serve(&a, &req, &w, &err))
		return 0;
	assert(err.kind == ERR_INVALID || err.kind == ERR_TOO_LARGE);
	assert(err.code.len > 0);
	wire_write_error(&a, &w, &stamp, &err, &resp);
	assert(resp.status >= 400 && resp.status < 600 && resp.status != 500);
	assert(str_is_utf8(resp.body));
	return 0;
}
