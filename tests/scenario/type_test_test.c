/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swb type test, driven from outside: whole lives, faults at every place, bad input at each door.
 */
#include "command.h"

/* What every good life goes through, in this order. */
static const char *const good_life[] = { "PENDING", "COMPLETED", "STOPPING", "STOPPED", "STARTING",
	"COMPLETED", "STOPPING", "STOPPED", "TERMINATING", "TERMINATED" };

static void
check_good_life(struct arena *a, const char *dir)
{
	const struct json *report =
	    expect_json(a, str_z(a, str_fmt(a, "$SWB type test '%s' --json", dir)));
	const struct json *statuses = json_get(report, "statuses");
	size_t at = 0;

	CHECK(json_bool(json_get(report, "ok"), false), "%s", dir);
	for (const struct json *s = json_first(statuses); s != NULL; s = s->next, at++) {
		/* SageMaker says Pending on its way from Stopped to InService. */
		if (at > 1 && str_is(json_str(s), "PENDING")) {
			at--;
			continue;
		}
		CHECK(at < countof(good_life), "%s: more statuses than expected", dir);
		CHECK_STR(json_str(s), good_life[at], "%s: status %zu", dir, at);
	}
	CHECK(at == countof(good_life), "%s: %zu statuses", dir, at);
}

static void
test_own_types(struct arena *a)
{
	check_good_life(a, "environments/sagemakerNotebook");
	check_good_life(a, "environments/sagemakerExample");
}

/* The reference's three files, byte for byte, beside our type.yaml. */
static const char *
reference_folder(struct arena *a)
{
	const char *bundle = shared_path(a, "bundles/sagemakerNotebook"), *dir;
	struct err err;

	err_init(&err, a);
	CHECK_OK(dir_make_temp(a, "swb-reference-", &dir, &err), &err);
	expect_status(a,
	    str_z(a,
		str_fmt(a,
		    "mkdir '%s/sagemakerNotebook' && cp '%s'/*.yaml "
		    "environments/sagemakerNotebook/type.yaml '%s/sagemakerNotebook'",
		    dir, bundle, dir)),
	    0);
	return dir;
}

static void
test_reference_type(struct arena *a)
{
	const char *dir = reference_folder(a);
	struct err err;

	err_init(&err, a);
	check_good_life(a, path_join(a, dir, "sagemakerNotebook"));
	CHECK_OK(dir_remove(dir, &err), &err);
}

static void
check_sweep(struct arena *a, const char *dir, const char *fault)
{
	const char *line = str_z(a, str_fmt(a, "$SWB type test '%s' %s --json", dir, fault));
	struct command c = run_command(a, line);

	if (c.status != 0) {
		show_command(line, &c);
		_fail(__FILE__, __LINE__);
	}
}

static void
test_every_resource_fails(struct arena *a)
{
	check_sweep(a, "environments/sagemakerNotebook", "--fail all");
	check_sweep(a, "environments/sagemakerExample", "--fail all");
}

static void
test_every_event_lost(struct arena *a)
{
	check_sweep(a, "environments/sagemakerNotebook", "--drop-event all");
}

static void
test_every_fault_on_reference(struct arena *a)
{
	const char *dir = reference_folder(a), *type = path_join(a, dir, "sagemakerNotebook");
	struct err err;

	err_init(&err, a);
	check_sweep(a, type, "--fail all");
	check_sweep(a, type, "--drop-event all");
	CHECK_OK(dir_remove(dir, &err), &err);
}

/* A failed launch says which resource failed, and why, and can be terminated. */
static void
test_failure_is_told(struct arena *a)
{
	const struct json *report = expect_json(
	    a, "$SWB type test environments/sagemakerNotebook --fail BasicNotebookInstance --json");
	const struct json *statuses = json_get(report, "statuses");
	static const char *const want[] = { "PENDING", "FAILED", "TERMINATING", "TERMINATED" };

	CHECK(json_count(statuses) == countof(want), "%zu statuses", json_count(statuses));
	for (size_t i = 0; i < countof(want); i++)
		CHECK_STR(json_str(json_at(statuses, i)), want[i], "status %zu", i);
}

static void
test_usage(struct arena *a)
{
	static const struct {
		const char *line;
		int status;
		const char *says; /* on standard error, or output where the status is 0 */
	} cases[] = {
		{ "$SWB", 2, "usage: swb COMMAND" },
		{ "$SWB --version", 0, "swb 0." },
		{ "$SWB help", 0, "type test DIR" },
		{ "$SWB help type test", 0, "--crash-at N" },
		{ "$SWB type test --help", 0, "--drop-event N" },
		{ "$SWB nothing", 2, "there is no command 'nothing'" },
		{ "$SWB type test", 2, "type test needs DIR" },
		{ "$SWB type test a b", 2, "b is one operand too many" },
		{ "$SWB type test environments/sagemakerNotebook --frob", 2,
		    "unknown option --frob" },
		{ "$SWB type test environments/sagemakerNotebook --crash-at", 2,
		    "--crash-at needs a value" },
		{ "$SWB type test environments/sagemakerNotebook --crash-at 0", 2,
		    "a whole number from 1" },
		{ "$SWB type test environments/sagemakerNotebook --crash-at 3x", 2,
		    "a whole number from 1" },
		{ "$SWB type test environments/sagemakerNotebook --fail Nobody", 2,
		    "no such resource; it has: " },
		{ "$SWB type test environments/sagemakerNotebook --fail all --drop-event all", 2,
		    "only one of the faults" },
		{ "$SWB type test environments/sagemakerNotebook --param novalue", 2,
		    "KEY=VALUE is needed" },
		{ "$SWB type test /nonexistent/sagemakerNotebook", 3,
		    "/nonexistent/sagemakerNotebook" },
		{ "$SWB type check environments/sagemakerNotebook", 0,
		    "environments/sagemakerNotebook is sound: sagemakerNotebook, version " },
		{ "$SWB type check environments/sagemakerNotebook --json", 0, "\"ok\": true" },
		{ "$SWB type check /nonexistent/sagemakerNotebook", 3,
		    "/nonexistent/sagemakerNotebook" },
		{ "$SWB type check src", 1, "src/type.yaml: error: " },
		{ "$SWB type list environments", 0, "sagemakerNotebook" },
		{ "$SWB type list environments --json", 0, "\"type\": \"sagemakerExample\"" },
		{ "$SWB type list /nonexistent", 3, "/nonexistent" },
		{ "$SWB type list src", 3, "no folder below src holds a type.yaml" },
		{ "$SWB help >/dev/full", 1, "cannot write the output: No space left on device" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct command c = expect_status(a, cases[i].line, cases[i].status);

		CHECK(str_has(cases[i].status == 0 ? c.out : c.err, str_of(cases[i].says)),
		    "%s\n" STR_FMT STR_FMT, cases[i].line, STR_ARG(c.out), STR_ARG(c.err));
	}
}

/* Each breaks a copy of a good folder and must be told where. */
static void
test_bad_folders(struct arena *a)
{
	static const struct {
		const char *label, *edit, *says;
	} cases[] = {
		{ "manifest is not YAML", "printf 'a: [1,\\n' >type.yaml", "type.yaml:2:1: " },
		{ "manifest lacks its type", "sed -i '/^type:/d' type.yaml", "type.yaml:" },
		{ "unknown member", "echo 'colour: red' >>type.yaml", "colour" },
		{ "another folder's type", "sed -i 's/^type: .*/type: other/' type.yaml",
		    "type.yaml:" },
		{ "template is not YAML",
		    "printf 'Resources: {a: \"x\\n' >sagemakerNotebook.cfn.yaml", ".cfn.yaml:" },
		{ "template without resources", "sed -i '/^Resources:/,$d' *.cfn.yaml",
		    ".cfn.yaml:" },
		{ "reference to nothing", "sed -i 's/!Ref Subnet$/!Ref Sabnet/' *.cfn.yaml",
		    "Sabnet" },
		{ "document is not YAML", "printf '\\t- x\\n' >>sagemakerNotebookLaunchSSM.yaml",
		    "LaunchSSM.yaml:" },
		{ "document goes nowhere",
		    "sed -i '0,/nextStep: .*/s//nextStep: Nowhere/' *LaunchSSM.yaml", "Nowhere" },
		{ "a link out of the folder", "ln -s /etc/passwd notes.txt",
		    "notes.txt: error: links are not followed" },
		{ "a link in place of a document",
		    "mv sagemakerNotebookLaunchSSM.yaml .. && ln -s ../sagemakerNotebookLaunchSSM.yaml .",
		    "sagemakerNotebookLaunchSSM.yaml: error: links are not followed" },
		{ "document is missing", "rm *TerminateSSM.yaml", "TerminateSSM.yaml" },
		{ "a byte that is no UTF-8", "printf '# \\377\\n' >>type.yaml", "type.yaml:" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		const char *line = str_z(a,
		    str_fmt(a,
			"d=$(mktemp -d) && cp -r environments/sagemakerNotebook $d && "
			"(cd $d/sagemakerNotebook && %s); $SWB type test $d/sagemakerNotebook; s=$?; rm -r $d; "
			"exit $s",
			cases[i].edit));
		struct command c = expect_status(a, line, 1);

		CHECK(str_has(c.err, str_of(cases[i].says)), "%s\n" STR_FMT, cases[i].label,
		    STR_ARG(c.err));
	}
}

/* Told to stop in the middle of a sweep: it ends by the signal and leaves no folder behind. */
static void
test_interrupted(struct arena *a)
{
	static const char *const signals[] = { "INT", "TERM", "HUP" };

	for (size_t i = 0; i < countof(signals); i++) {
		struct command c = expect_status(a,
		    str_z(a,
			str_fmt(a,
			    "d=$(mktemp -d) && TMPDIR=$d timeout -s %s 0.5 $SWB type test "
			    "environments/sagemakerNotebook --crash-at all; s=$?; ls -A $d; rm -r $d; "
			    "exit $s",
			    signals[i])),
		    124);

		CHECK_STR(c.out, "", "%s: what is left", signals[i]);
	}
}

/* A fault that never struck is told: the good end proves nothing about it. */
static void
test_missed_faults(struct arena *a)
{
	static const struct {
		const char *option, *says;
	} cases[] = {
		{ "--drop-event 9999", "there was no event 9999: the whole life has " },
		{ "--crash-at 9999", "there was no write 9999: the whole life takes " },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct command c = expect_status(a,
		    str_z(a,
			str_fmt(a, "$SWB type test environments/sagemakerNotebook %s",
			    cases[i].option)),
		    0);

		CHECK(str_has(c.err, str_of(cases[i].says)), STR_FMT, STR_ARG(c.err));
	}
}

/* What is wrong with a folder is JSON too, where JSON was asked for. */
static void
test_findings_as_json(struct arena *a)
{
	struct command c = expect_status(a,
	    "d=$(mktemp -d) && cp -r environments/sagemakerNotebook $d && "
	    "echo 'colour: red' >>$d/sagemakerNotebook/type.yaml; "
	    "$SWB type test $d/sagemakerNotebook --json; s=$?; rm -r $d; exit $s",
	    1);
	const struct json *report, *finding;
	struct err err;

	err_init(&err, a);
	CHECK_OK(json_parse(a, c.out, &report, &err), &err);
	finding = json_at(json_get(report, "findings"), 0);
	CHECK(!json_bool(json_get(report, "ok"), true), "not well");
	CHECK_STR(json_str(json_get(finding, "code")), "unknown-key", "what");
	CHECK(json_i64(json_get(finding, "line"), 0) > 1, "where");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_own_types),
		TEST(test_reference_type),
		TEST(test_every_resource_fails),
		TEST(test_every_event_lost),
		TEST(test_every_fault_on_reference),
		TEST(test_failure_is_told),
		TEST(test_usage),
		TEST(test_bad_folders),
		TEST(test_interrupted),
		TEST(test_missed_faults),
		TEST(test_findings_as_json),
	};

	return RUN_TESTS(tests);
}
