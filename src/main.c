/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c: reads flags, picks the verb.
 */
#include <stdio.h>
#include <string.h>

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("swb " SWB_VERSION);
		return 0;
	}
	fputs("usage: swb --version\n", stderr);
	return 2;
}
