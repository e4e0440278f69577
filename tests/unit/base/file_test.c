/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"

static void
test_read_write(struct arena *a)
{
	const char *dir, *path;
	struct stat st;
	struct err err;
	str got;

	err_init(&err, a);
	CHECK_OK(dir_make_temp(a, "swb-file", &dir, &err), &err);
	path = path_join(a, dir, "x");
	CHECK_OK(file_write(path, S("one\0two"), 0640, &err), &err);
	CHECK_OK(file_read(a, path, 7, &got, &err), &err);
	CHECK(str_eq(got, S("one\0two")), "what was written");
	CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0640, "mode");
	CHECK_OK(file_write(path, S(""), 0600, &err), &err);
	CHECK_OK(file_read(a, path, 7, &got, &err), &err);
	CHECK(got.len == 0, "replaced by nothing");
	CHECK_OK(dir_remove(dir, &err), &err);
	CHECK(!path_is_dir(dir), "removed");
}

static void
test_read_refused(struct arena *a)
{
	const char *dir;
	struct err err;
	str got = S("as it was");

	err_init(&err, a);
	CHECK_OK(dir_make_temp(a, "swb-file", &dir, &err), &err);
	CHECK_OK(file_write(path_join(a, dir, "x"), S("12345678"), 0600, &err), &err);
	CHECK(mkfifo(path_join(a, dir, "fifo"), 0600) == 0, "fifo");

	CHECK(!file_read(a, path_join(a, dir, "x"), 7, &got, &err), "too large");
	CHECK(err.kind == ERR_TOO_LARGE, "kind: " STR_FMT, STR_ARG(err.msg));
	CHECK(!file_read(a, path_join(a, dir, "none"), 7, &got, &err), "absent");
	CHECK(err.kind == ERR_NOT_FOUND && str_has(err.msg, S("/none: ")), "names the path");
	CHECK(!file_read(a, dir, 7, &got, &err) && err.kind == ERR_IO, "a folder");
	CHECK(!file_read(a, path_join(a, dir, "fifo"), 7, &got, &err), "a FIFO");
	CHECK_STR(got, "as it was", "out untouched");
	CHECK(!file_write(path_join(a, dir, "no/x"), S(""), 0600, &err), "no such folder");
	CHECK(err.kind == ERR_NOT_FOUND, "kind");
	CHECK_OK(dir_remove(dir, &err), &err);
}

static void
test_folders(struct arena *a)
{
	const char *dir, *deep, *outside;
	struct err err;
	size_t count;
	str *names;

	err_init(&err, a);
	CHECK_OK(dir_make_temp(a, "swb-file", &dir, &err), &err);
	CHECK_OK(dir_make_temp(a, "swb-file", &outside, &err), &err);
	CHECK_OK(file_write(path_join(a, outside, "kept"), S("x"), 0600, &err), &err);
	deep = path_join(a, dir, "b/c/d");
	CHECK_OK(dir_make(deep, 0700, &err), &err);
	CHECK_OK(dir_make(deep, 0700, &err), &err);
	CHECK_OK(file_write(path_join(a, deep, "e"), S("x"), 0600, &err), &err);
	CHECK_OK(file_write(path_join(a, dir, ".a"), S("x"), 0600, &err), &err);
	CHECK(symlink(outside, path_join(a, dir, "link")) == 0, "link");

	CHECK_OK(dir_list(a, dir, &names, &count, &err), &err);
	CHECK(count == 3, "count %zu", count);
	CHECK_STR(names[0], ".a", "sorted");
	CHECK_STR(names[1], "b", "sorted");
	CHECK_STR(names[2], "link", "sorted");
	CHECK(path_is_dir(deep) && !path_is_file(deep), "a folder");
	CHECK(path_is_file(path_join(a, deep, "e")), "a file");
	CHECK(!dir_make(path_join(a, dir, ".a"), 0700, &err), "a file stands there");

	CHECK_OK(dir_remove(dir, &err), &err);
	CHECK(!path_is_dir(dir) && path_is_file(path_join(a, outside, "kept")), "links kept");
	CHECK_OK(dir_remove(dir, &err), &err);
	CHECK_OK(dir_remove(outside, &err), &err);
	CHECK(!dir_list(a, dir, &names, &count, &err) && err.kind == ERR_NOT_FOUND, "absent");
}

static void
test_path_join(struct arena *a)
{
	assert_string_equal(path_join(a, "a", "b"), "a/b");
	assert_string_equal(path_join(a, "/", "b"), "/b");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_read_write),
		TEST(test_read_refused),
		TEST(test_folders),
		TEST(test_path_join),
	};

	return RUN_TESTS(tests);
}
