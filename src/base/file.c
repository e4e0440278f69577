/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/file.c: whole files in, whole files out, folders listed, made and removed.
 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define READ_STEP_BYTES ((size_t)64 << 10)

static bool
fail(struct err *err, const char *doing, const char *path)
{
	enum err_kind kind = errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_IO;

	return err_set(err, kind, "cannot %s %s: %s", doing, path, strerror(errno));
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd); /* read from, or already synced */
}
#define auto_fd __attribute__((cleanup(close_fd))) int

static void
close_dir(DIR **d)
{
	if (*d != NULL)
		(void)closedir(*d);
}
#define auto_dir __attribute__((cleanup(close_dir))) DIR

void
file_close_cleanup(FILE **f)
{
	if (*f != NULL)
		(void)fclose(*f);
}

bool
file_read(struct arena *a, const char *path, size_t max_bytes, str *out, struct err *err)
{
	/* NONBLOCK: a FIFO where a file is expected must not hold us up. */
	auto_fd fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct buf b = buf_in(a);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return fail(err, "read", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_IO, "cannot read %s: it is not a file", path);
	if (st.st_size > 0 && (size_t)st.st_size <= max_bytes)
		(void)buf_room(&b, (size_t)st.st_size + 1);
	for (;;) {
		size_t step = b.cap > b.len ? b.cap - b.len : READ_STEP_BYTES;
		ssize_t got = read(fd, buf_room(&b, step), step);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(err, "read", path);
		b.len += (size_t)got;
		if (b.len > max_bytes)
			return err_set(
			    err, ERR_TOO_LARGE, "%s is larger than %zu bytes", path, max_bytes);
		if (got == 0)
			break;
	}
	*out = buf_str(&b);
	return true;
}

static bool
write_all(int fd, str text)
{
	while (text.len > 0) {
		ssize_t put = write(fd, text.ptr, text.len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		text = str_from(text, (size_t)put);
	}
	return true;
}

/* Makes a rename durable. */
static bool
sync_parent(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *dir = slash == NULL ? "."
	    : slash == path             ? "/"
					: str_z(a, (str){ path, (size_t)(slash - path) });
	auto_fd fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd >= 0 && fsync(fd) == 0;
}

bool
file_write(const char *path, str text, int mode, struct err *err)
{
	auto_arena a = { 0 };
	char *beside = (char *)str_z(&a, str_fmt(&a, "%s.XXXXXX", path));
	auto_fd fd = mkostemp(beside, O_CLOEXEC);

	if (fd < 0)
		return fail(err, "write", path);
	if (write_all(fd, text) && fchmod(fd, (mode_t)mode) == 0 && fsync(fd) == 0 &&
	    rename(beside, path) == 0 && sync_parent(&a, path))
		return true;
	fail(err, "write", path);
	(void)unlink(beside); /* gone already if the rename was done */
	return false;
}

static int
compare_names(const void *x, const void *y)
{
	return str_cmp(*(const str *)x, *(const str *)y);
}

static bool
is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

bool
dir_list(struct arena *a, const char *path, str **names, size_t *count, struct err *err)
{
	auto_dir *d = opendir(path);
	struct buf list = buf_in(a);
	struct dirent *entry;
	str *found;

	if (d == NULL)
		return fail(err, "list", path);
	while (errno = 0, (entry = readdir(d)) != NULL) {
		str name = str_of(entry->d_name);

		if (is_dots(entry->d_name))
			continue;
		name = str_dup(a, name);
		buf_add(&list, (str){ (const char *)&name, sizeof(name) });
	}
	if (errno != 0)
		return fail(err, "list", path);
	found = (str *)(void *)list.ptr;
	*count = list.len / sizeof(str);
	if (*count > 0)
		qsort(found, *count, sizeof(str), compare_names);
	*names = found;
	return true;
}

bool
path_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool
path_is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool
path_is_link(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

const char *
path_join(struct arena *a, const char *dir, const char *name)
{
	str d = str_of(dir);

	return str_z(a, str_fmt(a, "%s%s%s", dir, str_ends(d, S("/")) ? "" : "/", name));
}

bool
dir_make(const char *path, int mode, struct err *err)
{
	auto_arena a = { 0 };
	char *part = (char *)str_z(&a, str_of(path));

	for (char *slash = strchr(part + (*part == '/'), '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, (mode_t)mode) != 0 && errno != EEXIST)
			return fail(err, "make folder", part);
		*slash = '/';
	}
	if (mkdir(path, (mode_t)mode) != 0 && !(errno == EEXIST && path_is_dir(path)))
		return fail(err, "make folder", path);
	return true;
}

bool
dir_make_temp(struct arena *a, const char *prefix, const char **out, struct err *err)
{
	const char *root = getenv("TMPDIR");
	char *path;

	if (root == NULL || *root == '\0')
		root = "/tmp";
	path = (char *)path_join(a, root, str_z(a, str_fmt(a, "%s.XXXXXX", prefix)));
	if (mkdtemp(path) == NULL)
		return fail(err, "make folder", path);
	*out = path;
	return true;
}

static bool remove_below(int parent, const char *name, const char *top, struct err *err);

static bool
remove_entry(int parent, const char *name, const char *top, struct err *err)
{
	if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
		return true;
	if (errno != EISDIR && errno != EPERM)
		return fail(err, "remove a file below", top);
	return remove_below(parent, name, top, err);
}

/* By descriptor and without following links: nothing outside can be put in the way. */
static bool
remove_below(int parent, const char *name, const char *top, struct err *err)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	auto_dir *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (d == NULL) {
		close_fd(&fd);
		return fail(err, "remove", top);
	}
	while (errno = 0, (entry = readdir(d)) != NULL)
		if (!is_dots(entry->d_name) && !remove_entry(fd, entry->d_name, top, err))
			return false;
	if (errno != 0 || unlinkat(parent, name, AT_REMOVEDIR) != 0)
		return fail(err, "remove", top);
	return true;
}

bool
dir_remove(const char *path, struct err *err)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? true : fail(err, "remove", path);
	return remove_entry(AT_FDCWD, path, path, err);
}
