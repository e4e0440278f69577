/* SPDX-License-Identifier: Apache-2.0 */
/* What every benchmark measures with. */
#pragma once

#include <stddef.h>
#include <stdlib.h>
#include <time.h>

static inline double
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static inline int
by_size(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a > b) - (a < b);
}

/* Sorts the list. */
static inline double
median(double *list, size_t count)
{
	qsort(list, count, sizeof(*list), by_size);
	return list[count / 2];
}
