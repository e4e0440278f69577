/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/serve.c: swb serve. One port for everybody: a signed request is the cloud's, /api is the
 * API's, all else a page for people.
 *
 * It listens before anything else is opened, so that the port is known and a taken one is told at
 * once; until all is ready it answers 503. On SIGTERM or SIGINT it takes no more connections, ends
 * what is under way and closes: nothing acknowledged is lost in any case, this only spares clients
 * a cut-off answer.
 */
#include "app/serve.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/api.h"
#include "app/driver.h"
#include "app/internal.h"
#include "app/notebook_page.h"
#include "app/publish.h"
#include "base/file.h"
#include "base/id.h"
#include "base/log.h"
#include "cli/home.h"
#include "cloud/wire.h"
#include "http/server.h"

#define DRAIN_MS 10000
#define CLOUD_ROWS_PER_STEP 64
#define MAX_FOLDERS 16
#define MAX_API_BYTES ((size_t)1 << 20)

static const struct cli_option options[] = {
	{ "--data", "DIR", "Where everything is kept (default: $SWB_DATA or ~/.local/share/swb).",
	    false },
	{ "--listen", "ADDR:PORT",
	    "Where to listen (default 127.0.0.1:8080; port 0 takes a free one).", false },
	{ "--any-port", NULL, "Where that port is taken, takes a free one.", false },
	{ "--environments", "DIR",
	    "Environment types to publish (default: environments, where it is there).", true },
	{ "--instance-delay", "SECONDS",
	    "How long a simulated instance takes to start or stop (0).", false },
	{ "--quiet", NULL, "No access log.", false },
	{ "--paused", NULL,
	    "Takes requests and keeps them; a later start without it carries them out.", false },
};

struct serve {
	struct arena a;
	struct app_options app_options;
	str address;
	uint16_t port;
	bool any_port; /* where the wanted one is taken */
	const char *data_dir;
	const char *folders[MAX_FOLDERS];
	bool paused;
	size_t folder_count;
	struct log log;
	struct http_server *server;
	struct app *app;
	struct api *api;
	struct driver *driver;
	atomic_bool ready;
	FILE *out, *errors;
};

/* --- who answers ----------------------------------------------------------------------- */

static void
answer_text(struct arena *a, struct http_response *resp, int status, str type, str text)
{
	*resp = (struct http_response){ .status = status, .body = text };
	http_header_add(a, &resp->headers, S("Content-Type"), type);
}

static void
answer_page(struct serve *s, struct arena *a, struct http_response *resp)
{
	answer_text(a, resp, 200, S("text/html; charset=utf-8"),
	    str_fmt(a,
		"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>swb</title>"
		"<h1>Service Workbench</h1>"
		"<p>swb " SWB_VERSION
		" is running. Its API is at <code>%s/api</code>; a token for it:</p>"
		"<pre>swb token --as researcher</pre>"
		"<p>From the terminal:</p><pre>swb env launch sagemakerNotebook\nswb env list</pre>"
		"<p>The local cloud answers at the same address:</p>"
		"<pre>swb cloud aws sts get-caller-identity</pre></html>\n",
		s->app_options.public_url));
}

static void
answer_rest(
    struct serve *s, struct arena *a, const struct http_request *req, struct http_response *resp)
{
	str path = http_path(req->target);

	if (str_is(path, "/healthz"))
		answer_text(a, resp, 200, S("text/plain"), S("ok\n"));
	else if (str_is(path, "/"))
		answer_page(s, a, resp);
	else if (notebook_page_is_for(path))
		notebook_page_answer(s->app, a, req, resp);
	else
		answer_text(a, resp, 404, S("text/plain; charset=utf-8"),
		    S("Nothing is here. The API is below /api; / tells more.\n"));
}

static bool
answers_inline(void *cookie, const struct http_request *head)
{
	struct serve *s = cookie;

	return !atomic_load(&s->ready) || (!wire_is_aws(head) && api_is_inline(s->api, head));
}

static void
answer_cloud(
    struct serve *s, struct arena *a, const struct http_request *req, struct http_response *resp)
{
	struct err err;

	err_init(&err, a);
	if (!cloud_handle(s->app->cloud, a, req, resp, &err)) /* a fault lost the answer */
		answer_text(a, resp, 504, S("text/plain; charset=utf-8"), err.msg);
}

static size_t
body_limit(void *cookie, const struct http_request *head)
{
	(void)cookie;
	return wire_is_aws(head) ? CLOUD_MAX_BODY_BYTES : MAX_API_BYTES;
}

/* The cloud's clients read a refusal in the form of the service that they asked. */
static void
refuse(void *cookie, struct arena *a, const struct http_request *head, str why,
    struct http_response *resp)
{
	struct serve *s = cookie;

	if (resp->status == 413 && wire_is_aws(head) && atomic_load(&s->ready))
		cloud_refuse_large(s->app->cloud, a, head, resp);
	else
		answer_text(a, resp, resp->status, S("text/plain; charset=utf-8"),
		    str_fmt(a, STR_FMT "\n", STR_ARG(why)));
}

static void
answer(void *cookie, struct arena *a, const struct http_request *req, struct http_response *resp)
{
	struct serve *s = cookie;

	if (!atomic_load(&s->ready)) {
		answer_text(a, resp, 503, S("text/plain; charset=utf-8"), S("swb is starting\n"));
		http_header_add(a, &resp->headers, S("Retry-After"), S("1"));
	} else if (wire_is_aws(req)) {
		answer_cloud(s, a, req, resp);
		driver_wake(s->driver, APP_CLOUD);
	} else if (str_starts(req->target, S("/api/"))) {
		api_handle(s->api, a, req, resp);
		if (!str_is(req->method, "GET"))
			driver_wake(s->driver, APP_WORKBENCH);
	} else {
		answer_rest(s, a, req, resp);
	}
}

/* --- from the command line ---------------------------------------------------------------- */

static bool
read_listen(struct serve *s, const char *text)
{
	str all = str_of(text == NULL ? "127.0.0.1:8080" : text);
	size_t colon = all.len;
	int64_t port;

	while (colon > 0 && all.ptr[colon - 1] != ':')
		colon--;
	s->address = str_sub(all, 0, colon == 0 ? 0 : colon - 1);
	if (str_starts(s->address, S("[")) && str_ends(s->address, S("]")))
		s->address = str_sub(s->address, 1, s->address.len - 2);
	if (s->address.len == 0 || !str_to_i64(str_from(all, colon), &port) || port < 0 ||
	    port > 65535) {
		fprintf(s->errors,
		    "swb: --listen " STR_FMT ": ADDR:PORT is needed, as 127.0.0.1:8080\n",
		    STR_ARG(all));
		return false;
	}
	s->port = (uint16_t)port;
	return true;
}

static bool
read_args(struct serve *s, const struct cli_args *args)
{
	uint64_t delay_s;

	for (size_t i = 0; i < args->given_count; i++)
		if (strcmp(args->given[i].option->name, "--environments") == 0 &&
		    s->folder_count < MAX_FOLDERS)
			s->folders[s->folder_count++] = args->given[i].value;
	if (s->folder_count == 0 && path_is_dir("environments"))
		s->folders[s->folder_count++] = "environments";
	s->paused = cli_has(args, "--paused");
	s->any_port = cli_has(args, "--any-port");
	s->data_dir = cli_data_dir(&s->a, cli_get(args, "--data"));
	if (!read_listen(s, cli_get(args, "--listen")) ||
	    !cli_get_u64(args, "--instance-delay", 0, 0, 3600, &delay_s, s->errors))
		return false;
	s->log =
	    (struct log){ s->errors, cli_has(args, "--quiet") ? LOG_WARN : LOG_INFO, clock_real() };
	s->app_options = (struct app_options){
		.data_dir = s->data_dir,
		.clock = clock_real(),
		.log = &s->log,
		.instance_delay_ms = (int64_t)delay_s * 1000,
		.durable = true,
		.cloud_rows_per_step = CLOUD_ROWS_PER_STEP,
		.serves = true,
	};
	return true;
}

/* --- start ------------------------------------------------------------------------------------ */

static bool
make_data_dir(struct serve *s, struct err *err)
{
	struct stat st;

	if (!path_is_dir(s->data_dir))
		return dir_make(s->data_dir, 0700, err);
	if (stat(s->data_dir, &st) != 0)
		return err_set(err, ERR_IO, "%s: %s", s->data_dir, strerror(errno));
	if ((st.st_mode & 077) != 0)
		return err_set(err, ERR_INVALID,
		    "%s is open to others (mode %03o); it holds keys: chmod 700 %s", s->data_dir,
		    (unsigned)st.st_mode & 0777, s->data_dir);
	return true;
}

static bool
listen_first(struct serve *s, struct err *err)
{
	struct http_server_options o = {
		.address = s->address,
		.port = s->port,
		.is_inline = answers_inline,
		.handle = answer,
		.body_limit = body_limit,
		.refuse = refuse,
		.cookie = s,
	};
	bool v6 = str_find_char(s->address, ':') < s->address.len;

	if (!http_server_start(&o, &s->server, err)) {
		if (err->kind != ERR_CONFLICT)
			return false;
		if (!s->any_port)
			return err_set(err, ERR_CONFLICT,
			    STR_FMT "; --any-port takes a free port, --listen another address",
			    STR_ARG(err->msg));
		err_clear(err);
		o.port = 0;
		if (!http_server_start(&o, &s->server, err))
			return false;
	}
	s->app_options.public_url = str_z(&s->a,
	    str_fmt(&s->a, "http://%s" STR_FMT "%s:%u", v6 ? "[" : "", STR_ARG(s->address),
		v6 ? "]" : "", http_server_port(s->server)));
	return true;
}

static void
put_keys(struct arena *a, struct json *all, const char *account, str id,
    const struct aws_credentials *root)
{
	struct json *keys = json_put(a, all, account, json_new_object(a));

	json_put_str(a, keys, "accountId", id);
	json_put_str(a, keys, "accessKeyId", root->access_key_id);
	json_put_str(a, keys, "secretAccessKey", root->secret_access_key);
}

/* Root keys of both accounts, for swb cloud: the folder's owner may do everything anyhow. */
static bool
write_cloud_keys(struct serve *s, struct err *err)
{
	const struct app *app = s->app;
	struct json *all = json_new_object(&s->a);

	json_put_str(&s->a, all, "region", app->home.region);
	put_keys(&s->a, all, "main", app->home.main_account, &app->main_root);
	put_keys(&s->a, all, "hosting", app->home.hosting_account, &app->hosting_root);
	return file_write(
	    path_join(&s->a, s->data_dir, CLI_CLOUD_KEYS), json_text(&s->a, all), 0600, err);
}

/* Where the server is and which project it made, for the commands that talk to it. */
static bool
write_notes(struct serve *s, struct err *err)
{
	return file_write(path_join(&s->a, s->data_dir, "url"), str_of(s->app_options.public_url),
		   0600, err) &&
	    file_write(
		path_join(&s->a, s->data_dir, "project"), s->app->home.project_id, 0600, err) &&
	    write_cloud_keys(s, err);
}

static bool
open_all(struct serve *s, struct err *err)
{
	const struct api_options api = {
		.clock = s->app_options.clock,
		.key_file = path_join(&s->a, s->data_dir, APP_TOKEN_KEY),
		.issuer = APP_ISSUER,
		.log = &s->log,
	};
	struct api_options ready = api;

	if (!make_data_dir(s, err) || !listen_first(s, err) ||
	    !app_open(&s->app_options, &s->app, err))
		return false;
	for (size_t i = 0; i < s->folder_count; i++)
		if (!publish_folder(s->app, s->folders[i], s->errors, err))
			return false;
	ready.workbench = s->app->workbench;
	return api_new(&ready, &s->api, err) &&
	    (s->paused || driver_start(s->app, &s->driver, err)) && write_notes(s, err);
}

static void
close_all(struct serve *s)
{
	bool was_ready = atomic_load(&s->ready);

	if (s->server != NULL && !http_server_stop(s->server, was_ready ? DRAIN_MS : 0))
		fprintf(s->errors, "swb: some requests were still under way\n");
	if (s->driver != NULL)
		driver_stop(s->driver);
	api_free(s->api);
	app_close(s->app);
	arena_fini(&s->a);
}

/* Signals are taken here and nowhere else. */
static void
wait_for_end(void)
{
	sigset_t ends;
	int which;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	(void)sigwait(&ends, &which);
}

/* Before any thread is started, so that all inherit it. */
static void
hold_signals(void)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	(void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to tell */
}

/* Each connection is a file: as many as the system allows. */
static void
raise_file_limit(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
}

static int
run(const struct cli_args *args, FILE *out, FILE *errors)
{
	struct serve s = { .out = out, .errors = errors };
	struct err err;
	int status = EXIT_DONE;

	err_init(&err, &s.a);
	if (!read_args(&s, args)) {
		arena_fini(&s.a);
		return EXIT_USAGE;
	}
	hold_signals();
	raise_file_limit();
	if (open_all(&s, &err)) {
		atomic_store(&s.ready, true);
		fprintf(out, "swb: ready at %s\n", s.app_options.public_url);
		fflush(out);
		wait_for_end();
		fprintf(errors, "swb: ending\n");
	} else {
		fprintf(errors, "swb: " STR_FMT "\n", STR_ARG(err.msg));
		status = EXIT_FAILED;
	}
	close_all(&s);
	return status;
}

const struct verb serve_verb = {
	.name = "serve",
	.operands = "",
	.summary = "Runs the workbench, its API and a local cloud.",
	.help =
	    "The first start makes the data folder with a main and a hosting account, publishes the\n"
	    "environment types, and makes a project. A later one goes on where the last one ended, however\n"
	    "it ended. Ctrl-C or SIGTERM ends it; requests under way are answered first.",
	.options = options,
	.option_count = countof(options),
	.run = run,
};
