/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swb type test as a whole process, beside the same program saying its version; and reading and
 * checking a type by itself. argv: the program, the type's folder.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "bundle/bundle.h"

#define RUNS 20

static double
run_once(char *const argv[])
{
	double began = now_ms();
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (freopen("/dev/null", "w", stdout) == NULL)
			_exit(2);
		execv(argv[0], argv);
		_exit(2);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
		fprintf(stderr, "%s failed\n", argv[0]);
		exit(1);
	}
	return now_ms() - began;
}

static double
check_once(const char *dir)
{
	auto_arena a = { 0 };
	struct findings findings = { .a = &a };
	struct bundle b;
	struct err err;
	double began = now_ms();

	err_init(&err, &a);
	if (!bundle_load(&a, dir, &b, &findings, &err) || findings.errors > 0) {
		fprintf(stderr, "%s does not load: " STR_FMT "\n", dir, STR_ARG(err.msg));
		exit(1);
	}
	return now_ms() - began;
}

/* Milliseconds. */
#define WHOLE_LIMIT 250.0
#define CHECK_LIMIT 20.0

int
main(int argc, char **argv)
{
	static char type_word[] = "type", test_word[] = "test", version_word[] = "--version";
	double whole[RUNS], bare[RUNS], check[RUNS], first;

	if (argc != 3) {
		fprintf(stderr, "usage: type_test_bench SWB DIR\n");
		return 2;
	}
	first = check_once(argv[2]); /* with every table still to be made */
	for (size_t i = 0; i < RUNS; i++) {
		whole[i] =
		    run_once((char *const[]){ argv[1], type_word, test_word, argv[2], NULL });
		bare[i] = run_once((char *const[]){ argv[1], version_word, NULL });
		check[i] = check_once(argv[2]);
	}
	printf("swb type test, whole process: %.1f ms (limit %.0f); swb --version: %.1f ms\n",
	    median(whole, RUNS), WHOLE_LIMIT, median(bare, RUNS));
	printf("  reading and checking the type: %.2f ms, the first time %.2f ms (limit %.0f)\n",
	    median(check, RUNS), first, CHECK_LIMIT);
	return median(whole, RUNS) <= WHOLE_LIMIT && first <= CHECK_LIMIT ? 0 : 1;
}
