/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/type_check.c: swb type check, what push and test do before they begin.
 */
#include "cli/type_check.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "bundle/bundle.h"
#include "cli/command.h"

static const struct cli_option options[] = { COMMAND_JSON };

struct json *
type_report(struct arena *a, const struct bundle *b, const struct findings *findings)
{
	struct json *report = json_new_object(a);

	json_put_str(a, report, "type", b->type);
	json_put_str(a, report, "version", b->hash);
	json_put_bool(a, report, "ok", findings->errors == 0);
	json_put(a, report, "findings", findings_json(a, findings));
	return report;
}

static void
tell(struct arena *a, const struct bundle *b, const struct findings *findings, FILE *out,
    FILE *errors)
{
	fprintf(errors, STR_FMT, STR_ARG(findings_text(a, findings)));
	if (findings->errors == 0)
		fprintf(out, "%s is sound: " STR_FMT ", version " STR_FMT "\n", findings->dir,
		    STR_ARG(b->type), STR_ARG(str_sub(b->hash, 0, 8)));
	else
		fprintf(errors, "swb: %s has %zu error%s\n", findings->dir, findings->errors,
		    findings->errors == 1 ? "" : "s");
}

static int
run(const struct cli_args *args, FILE *out, FILE *errors)
{
	auto_arena a = { 0 };
	struct findings findings = { .a = &a, .dir = args->operands[0] };
	struct bundle b = { 0 };
	struct buf text = buf_in(&a);
	struct err err;

	err_init(&err, &a);
	if (!bundle_load(&a, findings.dir, &b, &findings, &err)) {
		fprintf(errors, "swb: " STR_FMT "\n", STR_ARG(err.msg));
		return err.kind == ERR_NOT_FOUND ? EXIT_NOT_FOUND : EXIT_FAILED;
	}
	if (cli_has(args, "--json")) {
		json_write_pretty(&text, type_report(&a, &b, &findings));
		fprintf(out, STR_FMT "\n", STR_ARG(buf_str(&text)));
	} else {
		tell(&a, &b, &findings, out, errors);
	}
	return findings.errors == 0 ? EXIT_DONE : EXIT_FAILED;
}

const struct verb type_check_verb = {
	.name = "type check",
	.operands = "DIR",
	.least_operands = 1,
	.most_operands = 1,
	.summary = "Says what does not fit together in an environment type.",
	.help =
	    "DIR is the type's folder. It is read and held against itself, without a server: each finding\n"
	    "has file, line, column, a code and a fix. swb type test runs it, too.",
	.options = options,
	.option_count = countof(options),
	.run = run,
};
