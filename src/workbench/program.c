/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/program.c: a child process with a folder, a deadline, and two pipes to listen to. Its
 * input is a file of the folder, so nobody waits for it to read.
 */
#include "workbench/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "aws/credentials.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "bundle/bundle.h"

#define INPUT_NAME ".input.json"
#define MAX_COMPLAINT ((size_t)4096) /* of its error output, kept from the beginning */

struct child {
	struct arena *a;
	const char *dir;    /* NULL: not made */
	pid_t pid;          /* 0: not started */
	int out, complaint; /* our ends of its outputs; -1 when closed */
	int64_t allowed_ms, until_ms;
	struct buf answer, complaints;
};

static void
shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* --- the folder ---------------------------------------------------------------------------- */

static bool
make_folder(struct child *c, const struct bundle *b, str program, str input, struct err *err)
{
	if (!dir_make_temp(c->a, "swb-program", &c->dir, err))
		return false;
	for (size_t i = 0; i < b->file_count; i++) {
		const struct bundle_file *f = &b->files[i];
		bool runs = str_eq(f->name, str_from(program, 2));

		if (!file_write(path_join(c->a, c->dir, str_z(c->a, f->name)), f->text,
			runs ? 0700 : 0600, err))
			return false;
	}
	return file_write(path_join(c->a, c->dir, INPUT_NAME), input, 0600, err);
}

/* --- the process --------------------------------------------------------------------------- */

static char *
variable(struct arena *a, const char *name, str value)
{
	return (char *)str_z(a, str_fmt(a, "%s=" STR_FMT, name, STR_ARG(value)));
}

static char **
environment(struct child *c, const struct program_cloud *cloud)
{
	const struct aws_credentials *as = cloud->as;
	char **env = arena_new(c->a, char *, 10);
	size_t n = 0;

	env[n++] = variable(c->a, "PATH", S("/usr/local/bin:/usr/bin:/bin"));
	env[n++] = variable(c->a, "HOME", str_of(c->dir));
	env[n++] = variable(c->a, "LANG", S("C.UTF-8"));
	env[n++] = variable(c->a, "AWS_ACCESS_KEY_ID", as->access_key_id);
	env[n++] = variable(c->a, "AWS_SECRET_ACCESS_KEY", as->secret_access_key);
	env[n++] = variable(c->a, "AWS_SESSION_TOKEN", as->session_token);
	env[n++] = variable(c->a, "AWS_REGION", cloud->region);
	env[n++] = variable(c->a, "AWS_DEFAULT_REGION", cloud->region);
	if (cloud->endpoint.len > 0)
		env[n++] = variable(c->a, "AWS_ENDPOINT_URL", cloud->endpoint);
	return env;
}

/*
 * In a process group of its own, so that all it starts can be killed with it, and with signals as
 * a program expects them: a server holds back or ignores some.
 */
static void
set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setflags(
	    attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(attributes, 0);
	posix_spawnattr_setsigmask(attributes, &none);
	posix_spawnattr_setsigdefault(attributes, &all);
}

static int
spawn(struct child *c, const char *program, char **env, const int out[2], const int complaint[2])
{
	char *argv[] = { (char *)program, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int failed;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_addopen(
	    &actions, STDIN_FILENO, path_join(c->a, c->dir, INPUT_NAME), O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, complaint[1], STDERR_FILENO);
	posix_spawn_file_actions_addchdir_np(&actions, c->dir);
	set_attributes(&attributes);
	failed = posix_spawn(&c->pid, program, &actions, &attributes, argv, env);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	if (failed != 0)
		c->pid = 0;
	return failed;
}

static bool
start(struct child *c, const char *program, char **env, struct err *err)
{
	int out[2] = { -1, -1 }, complaint[2] = { -1, -1 }, failed;

	if (pipe2(out, O_CLOEXEC) != 0 || pipe2(complaint, O_CLOEXEC) != 0)
		failed = errno;
	else
		failed = spawn(c, program, env, out, complaint);
	shut(&out[1]);
	shut(&complaint[1]);
	c->out = out[0];
	c->complaint = complaint[0];
	return failed == 0 || err_set(err, ERR_IO, "cannot run %s: %s", program, strerror(failed));
}

/* --- listening ----------------------------------------------------------------------------- */

/* Past max, what comes is read and dropped. False at the end. */
static bool
take(int fd, struct buf *b, size_t max)
{
	char piece[4096];
	ssize_t n = read(fd, piece, sizeof(piece));

	if (n <= 0)
		return n < 0 && errno == EINTR;
	if (b->len <= max)
		buf_add(b, (str){ piece, (size_t)n });
	return true;
}

static bool
fail_late(const struct child *c, struct err *err)
{
	return err_set(
	    err, ERR_TIMEOUT, "the program did not end within %g s", (double)c->allowed_ms / 1000);
}

/* Until it has closed both its outputs. */
static bool
listen_to(struct child *c, struct err *err)
{
	while (c->out >= 0 || c->complaint >= 0) {
		struct pollfd fds[] = { { c->out, POLLIN, 0 }, { c->complaint, POLLIN, 0 } };
		int64_t left = c->until_ms - clock_monotonic_ms();

		if (left <= 0)
			return fail_late(c, err);
		if (poll(fds, countof(fds), (int)left) < 0 && errno != EINTR)
			return err_set(err, ERR_IO, "poll: %s", strerror(errno));
		if (fds[0].revents != 0 && !take(c->out, &c->answer, PROGRAM_MAX_ANSWER))
			shut(&c->out);
		if (fds[1].revents != 0 && !take(c->complaint, &c->complaints, MAX_COMPLAINT))
			shut(&c->complaint);
	}
	return true;
}

/*
 * What it started and left behind ends with it, while its process, ended and not yet waited for,
 * still holds the group's number.
 */
static void
end_group(struct child *c, int *status)
{
	(void)kill(-c->pid, SIGKILL);
	while (waitpid(c->pid, status, 0) < 0 && errno == EINTR)
		;
	c->pid = 0;
}

static bool
reap(struct child *c, int *status, struct err *err)
{
	siginfo_t ended = { 0 };

	while (waitid(P_PID, (id_t)c->pid, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    ended.si_pid == 0) {
		struct timespec moment = { 0, 2000000 };

		if (clock_monotonic_ms() >= c->until_ms)
			return fail_late(c, err);
		nanosleep(&moment, NULL);
	}
	end_group(c, status);
	return true;
}

static bool
read_answer(struct child *c, int status, const struct json **answer, struct err *err)
{
	str complaints = str_trim(str_sub(buf_str(&c->complaints), 0, MAX_COMPLAINT));

	if (WIFSIGNALED(status))
		return err_set(err, ERR_UPSTREAM, "the program was killed by signal %d: " STR_FMT,
		    WTERMSIG(status), STR_ARG(complaints));
	if (WEXITSTATUS(status) != 0)
		return err_set(err, ERR_UPSTREAM, "the program ended with status %d: " STR_FMT,
		    WEXITSTATUS(status), STR_ARG(complaints));
	if (c->answer.len > PROGRAM_MAX_ANSWER)
		return err_set(err, ERR_INVALID, "the program's answer has more than %zu bytes",
		    PROGRAM_MAX_ANSWER);
	if (!json_parse(c->a, buf_str(&c->answer), answer, err))
		return err_prefix(err, "the program's answer");
	if (!json_is(*answer, JSON_OBJECT))
		return err_set(err, ERR_INVALID, "the program's answer is %s, not an object",
		    json_kind_name((*answer)->kind));
	return true;
}

static void
finish(struct child *c)
{
	struct err ignored;
	int status;

	shut(&c->out);
	shut(&c->complaint);
	if (c->pid > 0)
		end_group(c, &status);
	err_init(&ignored, c->a);
	if (c->dir != NULL)
		(void)dir_remove(c->dir, &ignored); /* what it made unreadable stays */
}

static bool
run(struct child *c, const struct bundle *b, str program, const struct json *input,
    const struct program_cloud *cloud, const struct json **answer, struct err *err)
{
	int status = 0;

	if (!make_folder(c, b, program, json_text(c->a, input), err) ||
	    !start(c, path_join(c->a, c->dir, str_z(c->a, str_from(program, 2))),
		environment(c, cloud), err) ||
	    !listen_to(c, err) || !reap(c, &status, err))
		return false;
	return read_answer(c, status, answer, err);
}

static int64_t
allowed_ms(const struct bundle_verb_def *def)
{
	bool shorter = def->deadline_ms > 0 && def->deadline_ms < PROGRAM_TIMEOUT_MS;

	return shorter ? def->deadline_ms : PROGRAM_TIMEOUT_MS;
}

bool
program_run(struct arena *a, const struct bundle *b, enum bundle_verb verb,
    const struct json *input, const struct program_cloud *cloud, const struct json **answer,
    struct err *err)
{
	const struct bundle_verb_def *def = &b->verbs[verb];
	struct child c = {
		.a = a,
		.out = -1,
		.complaint = -1,
		.answer = buf_in(a),
		.complaints = buf_in(a),
		.allowed_ms = allowed_ms(def),
		.until_ms = clock_monotonic_ms() + allowed_ms(def),
	};
	bool ok = run(&c, b, def->exec, input, cloud, answer, err);

	finish(&c);
	return ok;
}
