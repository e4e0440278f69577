/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A type's own program under a running server: it calls the local cloud where its variables say,
 * with the keys that they hold, while the server waits for it.
 */
#include "command.h"
#include "server_rig.h"

#include "base/file.h"

#define TYPE "sagemakerNotebook"
#define MAX_FILE ((size_t)1 << 20)

static const char manifest_connect[] = "connect:\n"
				       "  exec: ./connect.sh\n"
				       "  return: { endpoint: $.exec.endpoint, who: $.exec.who }\n"
				       "  instruction: ask the program\n\n";

static const char connect_sh[] =
    "#!/bin/sh -e\n"
    "who=$(curl --silent --show-error --aws-sigv4 \"aws:amz:$AWS_REGION:sts\" \\\n"
    "    --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" \\\n"
    "    --header \"X-Amz-Security-Token: $AWS_SESSION_TOKEN\" \\\n"
    "    --data 'Action=GetCallerIdentity&Version=2011-06-15' \"$AWS_ENDPOINT_URL/\" |\n"
    "    sed -n 's:.*<Arn>\\(.*\\)</Arn>.*:\\1:p')\n"
    "printf '{\"endpoint\":\"%s\",\"who\":\"%s\"}' \"$AWS_ENDPOINT_URL\" \"$who\"\n";

/* The manifest with another way to connect. */
static str
with_program(struct arena *a, str manifest)
{
	size_t from = str_find(manifest, S("connect:\n")), to = str_find(manifest, S("outputs:\n"));

	assert_true(from < to && to < manifest.len);
	return str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(str_sub(manifest, 0, from)),
	    manifest_connect, STR_ARG(str_from(manifest, to)));
}

/* The project's own type, but for how to connect, in a folder of this test. */
static void
write_type(struct server *s)
{
	static const char from[] = SWB_SOURCE_ROOT "/environments/" TYPE;
	const char *types = path_join(s->a, s->root, "types"), *to = path_join(s->a, types, TYPE);
	size_t count;
	struct err err;
	str *names, text;

	err_init(&err, s->a);
	CHECK_OK(dir_make(types, 0700, &err) && dir_make(to, 0700, &err), &err);
	CHECK_OK(dir_list(s->a, from, &names, &count, &err), &err);
	for (size_t i = 0; i < count; i++) {
		const char *name = str_z(s->a, names[i]);

		CHECK_OK(file_read(s->a, path_join(s->a, from, name), MAX_FILE, &text, &err), &err);
		if (strcmp(name, "type.yaml") == 0)
			text = with_program(s->a, text);
		CHECK_OK(file_write(path_join(s->a, to, name), text, 0600, &err), &err);
	}
	CHECK_OK(
	    file_write(path_join(s->a, to, "connect.sh"), str_of(connect_sh), 0700, &err), &err);
	s->args[0] = str_z(s->a, str_fmt(s->a, "--environments=%s", types));
}

static void
test_calls_the_cloud(struct arena *a)
{
	struct server *s;
	const struct json *given;
	str env;

	if (run_command(a, "command -v curl").status != 0) {
		print_message("curl is not installed\n");
		arena_fini(a); /* skip() leaves by longjmp */
		skip();
	}
	s = server_new(a);
	write_type(s);
	server_start(s);
	env = server_launch(s);
	server_await(s, env, "COMPLETED");
	given = json_get(
	    server_expect(s, a, 200, "GET",
		str_z(a, str_fmt(a, "/api/environments/" STR_FMT "/connections", STR_ARG(env))),
		s->researcher, NULL)
		.json,
	    "authCredResponse");
	CHECK_STR(json_str(json_get(given, "endpoint")), str_z(a, s->url), "where the cloud is");
	CHECK(str_starts(json_str(json_get(given, "who")),
		  S("arn:aws:sts::222222222222:assumed-role/swb-local-va-env-mgmt/")),
	    "who calls: " STR_FMT, STR_ARG(json_text(a, given)));
	assert_int_equal(server_stop(s), 0);
	server_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_calls_the_cloud),
	};

	return RUN_TESTS(tests);
}
