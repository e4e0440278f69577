/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands against a real server: what a person asks, by names, and every way in which that
 * goes wrong, with its words and its exit code.
 */
#include "command.h"
#include "server_rig.h"

#include "cli/verb.h"

/* "type": a sound one and one whose role's name AWS refuses, made of sagemakerExample. */
static const char make_types[] =
    "mkdir -p \"$TYPES\" && cd \"$TYPES\" && for t in goodType badType; do\n"
    "cp -r \"$SOURCE/environments/sagemakerExample\" $t && cd $t &&\n"
    "for f in sagemakerExample*; do mv $f $t${f#sagemakerExample}; done &&\n"
    "sed -i \"s/sagemakerExample/$t/g; s/SagemakerExample/G$t/g\" * && cd .. || exit 1; done\n"
    "sed -i 's/RoleName: .*/RoleName: \"no name\"/' badType/badType.cfn.yaml\n"
    "mkdir brokenType && echo 'launch: {}' >brokenType/type.yaml\n"
    "mkdir bin && printf '#!/bin/sh\\necho \"$AWS_ACCESS_KEY_ID $AWS_DEFAULT_REGION $@\"\\n' >bin/aws\n"
    "chmod +x bin/aws\n";

struct step {
	const char *line;
	int status;
	const char *words[4]; /* each must stand in the output or the complaint */
};

/* The environment of each command: where the server is and nothing else. */
static const char *
with_server(struct server *s, const char *line)
{
	return str_z(s->a,
	    str_fmt(s->a,
		"unset SWB_URL SWB_TOKEN NO_COLOR; SOURCE=$PWD; TYPES='%s/types'; URL=" STR_FMT
		"; export SWB_DATA='%s'; swb() { \"$SWB\" \"$@\"; }; %s",
		s->root, STR_ARG(s->url), s->data, line));
}

static struct command
expect_step(struct server *s, const struct step *step)
{
	struct command c = run_command(s->a, with_server(s, step->line));
	bool ok = c.status == step->status;

	for (size_t i = 0; i < countof(step->words) && step->words[i] != NULL; i++)
		ok = ok &&
		    (str_has(c.out, str_of(step->words[i])) ||
			str_has(c.err, str_of(step->words[i])));
	if (!ok) {
		show_command(step->line, &c);
		print_error("want exit status %d\n", step->status);
		_fail(__FILE__, __LINE__);
	}
	return c;
}

static void
expect_steps(struct server *s, const struct step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++)
		(void)expect_step(s, &steps[i]);
}

static const struct step life[] = {
	{ "swb env list", EXIT_DONE, { "no environment; launch one" } },
	{ "swb type list", EXIT_DONE, { "sagemakerNotebook  APPROVED" } },
	{ "swb config list sagemakerNotebook", EXIT_DONE, { "default" } },
	{ "swb config list --json", EXIT_DONE, { "\"type\": \"sagemakerExample\"" } },
	{ "swb project list", EXIT_DONE, { "demo" } },
	{ "swb env launch sagemakerNotebook", EXIT_DONE,
	    { "launching sagemakerNotebook-1 in project demo", "launch was asked for",
		"sagemakerNotebook-1 is COMPLETED after", "next: swb env connect" } },
	{ "swb env launch 'SageMaker Notebook' --config default --project demo --json", EXIT_DONE,
	    { "\"name\": \"sagemakerNotebook-2\"", "\"status\": \"COMPLETED\"" } },
	{ "swb env launch sagemakerNotebook --name twin --no-wait", EXIT_DONE,
	    { "it is on its way: swb env show env-" } },
	{ "swb env launch sagemakerNotebook --name twin", EXIT_DONE, { "twin is COMPLETED" } },
	{ "swb env stop twin", EXIT_USAGE, { "'twin' means 2 environments", "env-" } },
	{ "swb env show sagemakerNotebook-1", EXIT_DONE,
	    { "status        COMPLETED", "type          sagemakerNotebook" } },
	{ "swb env explain sagemakerNotebook-1", EXIT_DONE,
	    { "what to do    Connect, stop or terminate." } },
	{ "swb env history sagemakerNotebook-1", EXIT_DONE, { "launch was asked for" } },
	{ "swb env connect sagemakerNotebook-1", EXIT_DONE,
	    { "To access Sagemaker Notebook, open Sagemaker URL: http://" } },
	{ "swb env connect sagemakerNotebook-1 --json", EXIT_DONE, { "\"authCredResponse\"" } },
	{ "swb env start sagemakerNotebook-1", EXIT_DONE, { "sagemakerNotebook-1 is COMPLETED" } },
	{ "swb env stop sagemakerNotebook-1", EXIT_DONE,
	    { "STOPPING  stop was asked for", "is STOPPED after" } },
	{ "swb env connect sagemakerNotebook-1", EXIT_FAILED, { "STOPPED" } },
	{ "swb env start sagemakerNotebook-1 --json", EXIT_DONE, { "\"status\": \"COMPLETED\"" } },
	{ "swb env list --limit 1", EXIT_DONE, { "\ntwin ", "these are the newest 1; --limit N" } },
	{ "swb env list --limit 1 --as admin", EXIT_DONE, { "\ntwin ", "these are the newest 1" } },
	{ "swb env list --as admin", EXIT_DONE, { "sagemakerNotebook-1  COMPLETED", "  OWNER  " } },
	{ "swb env list --json --token \"$(swb token)\" --server \"$URL/api/\"", EXIT_DONE,
	    { "\"sagemakerNotebook-2\"" } },
	{ "id=$(swb env show sagemakerNotebook-2 | sed -n 's/^id *//p'); swb env terminate $id && "
	  "swb env show $id && swb env history $id && swb env show ${id#env-}",
	    EXIT_DONE, { "is TERMINATED after", "status        TERMINATED" } },
	{ "swb env show sagemakerNotebook-2", EXIT_NOT_FOUND,
	    { "there is no environment 'sagemakerNotebook-2'", "terminated ones" } },
};

static const struct step wrong[] = {
	{ "swb env", EXIT_USAGE, { "usage: swb env COMMAND", "env launch TYPE" } },
	{ "swb env launch", EXIT_USAGE, { "env launch needs TYPE" } },
	{ "swb env launch sagemakerNotebook --fast", EXIT_USAGE, { "unknown option --fast" } },
	{ "swb env launch sagemakerNotebook --wait --no-wait", EXIT_USAGE,
	    { "exclude each other" } },
	{ "swb env launch notebok", EXIT_NOT_FOUND,
	    { "there is no environment type 'notebok'; there is: ", "sagemakerNotebook" } },
	{ "swb env launch sagemakerNotebook --config big", EXIT_NOT_FOUND,
	    { "there is no configuration 'big'; there is: default" } },
	{ "swb env launch sagemakerNotebook --project mine", EXIT_NOT_FOUND,
	    { "there is no project 'mine'; there is: demo" } },
	{ "swb env launch sagemakerNotebook --name \"$(printf %0200d 0)\"", EXIT_FAILED,
	    { "swb: " } },
	{ "swb env list --limit 0", EXIT_USAGE, { "a whole number from 1" } },
	{ "swb env show nothing", EXIT_NOT_FOUND, { "there is no environment 'nothing'" } },
	{ "swb env show env-00000000-0000-4000-8000-000000000001", EXIT_NOT_FOUND,
	    { "env-00000000-0000-4000-8000-000000000001" } },
	{ "swb env list --token wrong", EXIT_DENIED, { "does not accept the token" } },
	{ "swb env list --as nobody", EXIT_USAGE, { "admin or researcher is needed" } },
	{ "swb env list --server http://127.0.0.1:1", EXIT_UNREACHABLE,
	    { "no server answers", "--server", "make run" } },
	{ "swb env list --server 127.0.0.1", EXIT_USAGE, { "is no server's address" } },
	{ "swb env list --data /nonexistent", EXIT_UNREACHABLE,
	    { "no server has run with the data folder /nonexistent" } },
	{ "swb type push \"$TYPES/goodType\" --as researcher", EXIT_DENIED,
	    { "User is not authorized" } },
	{ "swb type push \"$TYPES/brokenType/\"", EXIT_FAILED,
	    { "/types/brokenType/type.yaml:1:1: error:", "was not sent" } },
	{ "swb type push --json \"$TYPES/brokenType\" 2>/dev/null", EXIT_FAILED,
	    { "\"ok\": false", "\"file\": \"type.yaml\"" } },
	{ "swb type push \"$TYPES/none\"", EXIT_NOT_FOUND, { "none" } },
	{ "swb cloud env --account other", EXIT_USAGE, { "main or hosting is needed" } },
	{ "swb cloud env --data /nonexistent", EXIT_UNREACHABLE, { "no server has run" } },
	{ "PATH=/nonexistent; swb cloud aws sts get-caller-identity", EXIT_FAILED,
	    { "the AWS CLI is not installed: apt-get install awscli" } },
};

static const struct step types[] = {
	{ "swb type push \"$TYPES/goodType\"", EXIT_DONE,
	    { "published goodType, version ", "next: swb env launch goodType" } },
	{ "swb type push \"$TYPES/goodType\"", EXIT_DONE,
	    { "nothing has changed: goodType, version " } },
	{ "swb env launch goodType", EXIT_DONE, { "goodType-1 is COMPLETED" } },
	{ "echo '# changed' >>\"$TYPES/goodType/type.yaml\"; swb type push \"$TYPES/goodType\" --json",
	    EXIT_DONE, { "\"type\": \"goodType\"" } },
	{ "swb env stop goodType-1", EXIT_DONE, { "goodType-1 is STOPPED" } },
	{ "swb type push \"$TYPES/badType\"", EXIT_DONE, { "published badType" } },
	{ "swb env launch badType", EXIT_FAILED,
	    { "launch of badType-1 did not succeed: it is FAILED",
		"where: InstanceRole (AWS::IAM::Role)", "why:   Resource handler returned message",
		"next:  Read the error; terminate it" } },
	{ "swb env explain badType-1", EXIT_DONE, { "where         InstanceRole" } },
	{ "swb env stop badType-1", EXIT_FAILED, { "FAILED" } },
	{ "swb env terminate badType-1", EXIT_DONE, { "badType-1 is TERMINATED" } },
};

static const struct step cloud[] = {
	{ "eval \"$(swb cloud env --account hosting)\" && echo \"$AWS_ENDPOINT_URL=$URL\" && "
	  "echo \"${AWS_ACCESS_KEY_ID:?}${AWS_SECRET_ACCESS_KEY:?}$AWS_DEFAULT_REGION\"",
	    EXIT_DONE, { "us-east-1" } },
	{ "PATH=\"$TYPES/bin:$PATH\"; swb cloud aws --account hosting s3 ls --recursive | "
	  "sed \"s|$URL|URL|\"",
	    EXIT_DONE, { " us-east-1 --endpoint-url URL s3 ls --recursive\n" } },
};

/* On a terminal a line is rewritten and statuses have colours; NO_COLOR and pipes are heard. */
static void
check_terminal(struct server *s)
{
	static const struct {
		const char *line;
		bool rewrites, colours;
	} cases[] = {
		{ "TERM=xterm script -qec '\"$SWB\" env stop twice' /dev/null", true, true },
		{ "NO_COLOR=1 TERM=xterm script -qec '\"$SWB\" env start twice' /dev/null", true,
		    false },
		{ "TERM=dumb script -qec '\"$SWB\" env stop twice' /dev/null", false, false },
		{ "TERM=xterm swb env start twice", false, false },
	};
	struct command c;

	(void)expect_step(s,
	    &(const struct step){
		"swb env launch sagemakerNotebook --name twice", EXIT_DONE, { 0 } });
	for (size_t i = 0; i < countof(cases); i++) {
		c = expect_step(
		    s, &(const struct step){ cases[i].line, EXIT_DONE, { "twice is " } });
		CHECK(str_has(c.out, S("\r\033[K")) == cases[i].rewrites, "%s:\n" STR_FMT,
		    cases[i].line, STR_ARG(c.out));
		CHECK(str_has(c.out, S("\033[3")) == cases[i].colours, "%s:\n" STR_FMT,
		    cases[i].line, STR_ARG(c.out));
	}
}

static void
test_commands(struct arena *a)
{
	struct server *s = server_new(a);

	server_start(s);
	(void)expect_step(s, &(const struct step){ make_types, EXIT_DONE, { NULL } });
	expect_steps(s, life, countof(life));
	expect_steps(s, wrong, countof(wrong));
	expect_steps(s, types, countof(types));
	expect_steps(s, cloud, countof(cloud));
	assert_int_equal(server_stop(s), 0);
	s->args[0] = "--instance-delay"; /* so that there is something to await */
	s->args[1] = "1";
	server_start(s);
	check_terminal(s);
	assert_int_equal(server_stop(s), 0);
	(void)expect_step(s,
	    &(const struct step){
		"swb env list", EXIT_UNREACHABLE, { "no server answers (its address is from " } });
	server_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_commands),
	};

	return RUN_TESTS(tests);
}
