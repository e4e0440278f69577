/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/timestamp.c: times as AWS writes them, in milliseconds and back.
 */
#include "aws/timestamp.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"

#define LAST_SECOND 253402300799.0 /* of year 9999 */

static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
	"Oct", "Nov", "Dec" };

static bool
parse_unix(str text, int64_t *ms)
{
	char z[48], *end;
	double seconds;

	if (text.len == 0 || text.len >= sizeof(z))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\0' || strchr("0123456789+-.eE", text.ptr[i]) == NULL)
			return false;
	}
	memcpy(z, text.ptr, text.len);
	z[text.len] = '\0';
	seconds = strtod(z, &end);
	if (*end != '\0' || !(seconds >= -LAST_SECOND && seconds <= LAST_SECOND))
		return false;
	*ms = (int64_t)(seconds * 1000 + (seconds < 0 ? -0.5 : 0.5));
	return true;
}

/* ISO 8601; time_parse() knows UTC, an offset is taken off here. */
static bool
parse_iso(str text, int64_t *ms)
{
	char z[48];
	size_t sign = text.len - 6;
	int64_t hours, minutes;

	if (time_parse(text, ms))
		return true;
	if (text.len < 25 || text.len >= sizeof(z) || text.ptr[sign + 3] != ':' ||
	    (text.ptr[sign] != '+' && text.ptr[sign] != '-') ||
	    !str_to_i64(str_sub(text, sign + 1, 2), &hours) ||
	    !str_to_i64(str_sub(text, sign + 4, 2), &minutes) || hours < 0 || minutes < 0)
		return false;
	memcpy(z, text.ptr, sign);
	z[sign] = 'Z';
	if (!time_parse((str){ z, sign + 1 }, ms))
		return false;
	minutes += 60 * hours;
	*ms -= (text.ptr[sign] == '+' ? minutes : -minutes) * 60000;
	return true;
}

/* "Tue, 29 Apr 2014 18:30:38 GMT", also with a fraction of seconds. */
static bool
parse_http(str text, int64_t *ms)
{
	char iso[48];
	size_t month = 0, tail = text.len - 17 - 4;

	if (text.len < 29 || text.len > 33 || !str_is(str_sub(text, 3, 2), ", ") ||
	    !str_ends(text, S(" GMT")))
		return false;
	while (month < countof(months) && !str_is(str_sub(text, 8, 3), months[month]))
		month++;
	if (month == countof(months))
		return false;
	memcpy(iso, text.ptr + 12, 4);
	iso[4] = '-';
	iso[5] = (char)('0' + (month + 1) / 10);
	iso[6] = (char)('0' + (month + 1) % 10);
	iso[7] = '-';
	memcpy(iso + 8, text.ptr + 5, 2);
	iso[10] = 'T';
	memcpy(iso + 11, text.ptr + 17, tail);
	iso[11 + tail] = 'Z';
	return time_parse((str){ iso, 12 + tail }, ms);
}

bool
timestamp_parse(str text, int64_t *ms)
{
	return parse_unix(text, ms) || parse_iso(text, ms) || parse_http(text, ms);
}

str
timestamp_unix(struct arena *a, int64_t ms)
{
	int64_t whole = ms / 1000, rest = ms % 1000;

	if (rest == 0)
		return str_fmt(a, "%lld", (long long)whole);
	return str_fmt(
	    a, "%s%lld.%03lld", ms < 0 ? "-" : "", (long long)llabs(whole), (long long)llabs(rest));
}

str
timestamp_http(struct arena *a, int64_t ms)
{
	time_t s = (time_t)(ms / 1000);
	struct tm t;

	gmtime_r(&s, &t);
	return str_fmt(a, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[t.tm_wday], t.tm_mday,
	    months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

str
timestamp_write(struct arena *a, const struct json *seconds, enum aws_time_form form)
{
	int64_t ms;

	if (!timestamp_parse(json_scalar(seconds), &ms))
		return S("");
	switch (form) {
	case AWS_TIME_DEFAULT:
	case AWS_TIME_ISO:
		return ms % 1000 == 0 ? time_iso_s(a, ms) : time_iso_ms(a, ms);
	case AWS_TIME_UNIX:
		return timestamp_unix(a, ms);
	case AWS_TIME_HTTP:
		return timestamp_http(a, ms);
	}
	return S("");
}
