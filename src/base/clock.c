/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/clock.c: real and test time, and the three ways in which we write it.
 */
#include "base/clock.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"

int64_t
clock_now_ms(struct clock *c)
{
	return c->ops->now_ms(c);
}

void
clock_wait_ms(struct clock *c, int64_t ms)
{
	c->ops->wait_ms(c, ms);
}

static int64_t
real_now_ms(struct clock *c)
{
	struct timespec ts;

	(void)c;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void
real_wait_ms(struct clock *c, int64_t ms)
{
	struct timespec left = { ms / 1000, ms % 1000 * 1000000 };

	(void)c;
	while (nanosleep(&left, &left) != 0)
		; /* a signal woke us: the rest is still to wait */
}

static const struct clock_ops real_ops = { real_now_ms, real_wait_ms };

struct clock *
clock_real(void)
{
	static struct clock real = { &real_ops };

	return &real;
}

int64_t
clock_monotonic_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
clock_monotonic_ms(void)
{
	return clock_monotonic_us() / 1000;
}

static int64_t
test_now_ms(struct clock *c)
{
	return *((struct test_clock *)c)->now_ms;
}

static void
test_wait_ms(struct clock *c, int64_t ms)
{
	*((struct test_clock *)c)->now_ms += ms;
}

static const struct clock_ops test_ops = { test_now_ms, test_wait_ms };

void
test_clock_init(struct test_clock *c, int64_t *now_ms)
{
	*c = (struct test_clock){ { &test_ops }, now_ms };
}

static struct tm
split(int64_t ms, int *millis)
{
	int64_t rest = ms % 1000;
	time_t s;
	struct tm tm;

	if (rest < 0)
		rest += 1000;
	s = (time_t)((ms - rest) / 1000);
	gmtime_r(&s, &tm);
	*millis = (int)rest;
	return tm;
}

/* The years 0 to 9999, which are all that the forms below can write. */
#define FIRST_MS INT64_C(-62167219200000)
#define LAST_MS INT64_C(253402300799999)

/*
 * A letter of form stands for the digits of a part, as many as there are letters of it; all else
 * stands for itself. Rows hold many times: printf would cost ten times as much.
 */
static str
write_time(struct arena *a, int64_t ms, str form)
{
	static const char letters[] = "YMDhmsf";
	char *text = arena_raw(a, form.len);
	struct tm t;
	int parts[countof(letters) - 1];

	t = split(ms < FIRST_MS ? FIRST_MS : ms > LAST_MS ? LAST_MS : ms, &parts[6]);
	parts[0] = t.tm_year + 1900;
	parts[1] = t.tm_mon + 1;
	parts[2] = t.tm_mday;
	parts[3] = t.tm_hour;
	parts[4] = t.tm_min;
	parts[5] = t.tm_sec;
	for (size_t i = form.len; i-- > 0;) {
		const char *letter = strchr(letters, form.ptr[i]);

		text[i] = form.ptr[i];
		if (letter == NULL)
			continue;
		text[i] = (char)('0' + parts[letter - letters] % 10);
		parts[letter - letters] /= 10;
	}
	return (str){ text, form.len };
}

str
time_iso_ms(struct arena *a, int64_t ms)
{
	return write_time(a, ms, S("YYYY-MM-DDThh:mm:ss.fffZ"));
}

str
time_iso_s(struct arena *a, int64_t ms)
{
	return write_time(a, ms, S("YYYY-MM-DDThh:mm:ssZ"));
}

str
time_compact(struct arena *a, int64_t ms)
{
	return write_time(a, ms, S("YYYYMMDDThhmmssZ"));
}

/* Takes exactly count digits off s. */
static bool
digits(str *s, size_t count, int *out)
{
	int64_t value;

	if (s->len < count || s->ptr[0] == '-' || !str_to_i64(str_sub(*s, 0, count), &value))
		return false;
	*s = str_from(*s, count);
	*out = (int)value;
	return true;
}

static void
skip(str *s, char c)
{
	if (s->len > 0 && s->ptr[0] == c)
		*s = str_from(*s, 1);
}

bool
time_parse(str text, int64_t *ms)
{
	struct tm t = { 0 };
	int millis = 0;
	str s = text;

	if (!digits(&s, 4, &t.tm_year))
		return false;
	skip(&s, '-');
	if (!digits(&s, 2, &t.tm_mon))
		return false;
	skip(&s, '-');
	if (!digits(&s, 2, &t.tm_mday) || s.len == 0 || s.ptr[0] != 'T')
		return false;
	skip(&s, 'T');
	if (!digits(&s, 2, &t.tm_hour))
		return false;
	skip(&s, ':');
	if (!digits(&s, 2, &t.tm_min))
		return false;
	skip(&s, ':');
	if (!digits(&s, 2, &t.tm_sec))
		return false;
	if (s.len > 0 && s.ptr[0] == '.') {
		int scale = 100;

		for (s = str_from(s, 1); s.len > 0 && s.ptr[0] >= '0' && s.ptr[0] <= '9';
		     s = str_from(s, 1), scale /= 10)
			millis += (s.ptr[0] - '0') * scale;
	}
	if (!str_is(s, "Z") && !str_is(s, "+00:00"))
		return false;
	if (t.tm_mon < 1 || t.tm_mon > 12 || t.tm_mday < 1 || t.tm_mday > 31 || t.tm_hour > 23 ||
	    t.tm_min > 59 || t.tm_sec > 60)
		return false;
	t.tm_year -= 1900;
	t.tm_mon -= 1;
	*ms = (int64_t)timegm(&t) * 1000 + millis;
	return true;
}
