/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target over the files of a folder: its seeds, and whatever once broke it.
 * usage: fuzz_<target> <target> <folder or file>
 */
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"

#define MAX_SEED_BYTES ((size_t)4 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
run_file(const char *path, struct err *err)
{
	auto_arena a = { 0 };
	str text;

	if (!file_read(&a, path, MAX_SEED_BYTES, &text, err))
		return false;
	(void)LLVMFuzzerTestOneInput((const uint8_t *)text.ptr, text.len);
	return true;
}

static bool
run_folder(struct arena *a, const char *dir, size_t *count, struct err *err)
{
	str *names;

	if (!dir_list(a, dir, &names, count, err))
		return false;
	for (size_t i = 0; i < *count; i++)
		if (!run_file(path_join(a, dir, str_z(a, names[i])), err))
			return false;
	return true;
}

int
main(int argc, char **argv)
{
	auto_arena a = { 0 };
	size_t count = 1;
	struct err err;
	bool ok;

	err_init(&err, &a);
	if (argc != 3) {
		fprintf(stderr, "usage: %s TARGET FOLDER|FILE\n", argv[0]);
		return 2;
	}
	ok = path_is_dir(argv[2]) ? run_folder(&a, argv[2], &count, &err) : run_file(argv[2], &err);
	if (ok && count == 0)
		ok = err_set(&err, ERR_NOT_FOUND, "no seeds in %s", argv[2]);
	if (!ok) {
		fprintf(stderr, STR_FMT "\n[  FAILED  ] %s\n", STR_ARG(err.msg), argv[1]);
		return 1;
	}
	printf("[       OK ] %s: %zu seeds\n", argv[1], count);
	return 0;
}
