/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/watch.c: polls what explain and history say.
 *
 * It asks for explain first and history second: whatever made the status rest is then in the
 * history that is told. The pauses grow, so a simulated launch is told at once and a real one costs
 * the server little.
 */
#include "cli/watch.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "cli/remote.h"
#include "cli/screen.h"

#define FIRST_PAUSE_MS 40
#define LONGEST_PAUSE_MS 1000

static bool
ask(struct watch *w, struct arena *a, const char *what, const struct json **out, struct err *err)
{
	return remote_get(w->remote, a,
	    str_fmt(a, "/api/environments/" STR_FMT "/%s", STR_ARG(w->env_id), what), out, err);
}

bool
watch_begin(struct watch *w, struct err *err)
{
	auto_arena scratch = { 0 };
	const struct json *history;

	if (!ask(w, &scratch, "history", &history, err))
		return false;
	w->seen = json_count(json_get(history, "data"));
	return true;
}

str
watch_line(
    const struct screen *s, struct arena *a, const struct json *entry, int64_t began_ms, bool brief)
{
	str to = json_str(json_get(entry, "to")), event = json_str(json_get(entry, "event"));
	str text = json_str(json_get(entry, "text"));
	struct buf b = buf_in(a);
	int64_t at = began_ms;

	(void)time_parse(json_str(json_get(entry, "at")), &at); /* a wrong one shows as 0.0 s */
	buf_fmt(&b, "%8s  ", str_z(a, screen_duration(a, at - began_ms)));
	if (to.len > 0)
		buf_fmt(&b, STR_FMT "  ", STR_ARG(screen_status(s, a, to)));
	if (brief && event.len > 0)
		text = str_sub(text, 0, str_find_char(text, ';'));
	else if (event.len > 0)
		buf_fmt(&b, STR_FMT ": ", STR_ARG(screen_safe(a, event)));
	buf_add(&b, screen_safe(a, text));
	return buf_str(&b);
}

static void
tell_entry(struct watch *w, struct arena *a, const struct json *entry)
{
	int64_t at;

	if (time_parse(json_str(json_get(entry, "at")), &at)) {
		if (w->began_ms == 0)
			w->began_ms = at;
		w->ended_ms = at;
	}
	/* What changed nothing is for swb env history. */
	if (w->screen != NULL && !str_is(json_str(json_get(entry, "kind")), "ignored"))
		screen_line(w->screen, watch_line(w->screen, a, entry, w->began_ms, true));
}

static void
tell_new(struct watch *w, struct arena *a, const struct json *history)
{
	size_t nth = 0;

	for (const struct json *e = json_first(json_get(history, "data")); e != NULL;
	     e = e->next, nth++)
		if (nth >= w->seen)
			tell_entry(w, a, e);
	if (nth > w->seen)
		w->seen = nth;
}

/* "PENDING 3.2 s, awaiting the instance to run (step await)" */
static void
tell_awaited(struct watch *w, struct arena *a, const struct json *explain)
{
	str step = json_str(json_path(explain, "operation", "step", NULL));
	str trouble = json_str(json_path(explain, "operation", "lastError", NULL));
	int64_t elapsed = clock_now_ms(clock_real()) - w->watched_since_ms;

	if (w->screen == NULL)
		return;
	screen_note(w->screen, a,
	    str_fmt(a, STR_FMT " %s, awaiting " STR_FMT "%s" STR_FMT "%s%s" STR_FMT,
		STR_ARG(json_str(json_get(explain, "status"))),
		str_z(a, screen_duration(a, elapsed)),
		STR_ARG(json_str(json_get(explain, "awaited"))), step.len > 0 ? " (step " : "",
		STR_ARG(step), step.len > 0 ? ")" : "", trouble.len > 0 ? "; " : "",
		STR_ARG(trouble)));
}

bool
watch_until_rest(struct watch *w, struct arena *a, const struct json **out, struct err *err)
{
	auto_arena scratch = { 0 };
	int64_t pause = FIRST_PAUSE_MS;

	w->watched_since_ms = clock_now_ms(clock_real());
	for (;;) {
		const struct json *explain, *history;

		arena_reset(&scratch);
		if (!ask(w, &scratch, "explain", &explain, err) ||
		    !ask(w, &scratch, "history", &history, err)) {
			if (w->screen != NULL)
				screen_end_note(w->screen);
			return false;
		}
		tell_new(w, &scratch, history);
		if (!str_ends(json_str(json_get(explain, "status")), S("ING"))) {
			if (w->screen != NULL)
				screen_end_note(w->screen);
			*out = json_copy(a, explain);
			return true;
		}
		tell_awaited(w, &scratch, explain);
		clock_wait_ms(clock_real(), pause);
		pause = pause + pause / 4 > LONGEST_PAUSE_MS ? LONGEST_PAUSE_MS : pause + pause / 4;
	}
}
