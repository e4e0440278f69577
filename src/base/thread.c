/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/thread.c: pthreads, with the holder remembered.
 *
 * holder is written before held, and read after it: a thread that asks about a mutex that is not
 * its own may see any holder but itself.
 */
#include "base/thread.h"

#include <assert.h>
#include <errno.h>
#include <time.h>

static void
took(struct mutex *m)
{
	__atomic_store_n(&m->holder, pthread_self(), __ATOMIC_RELAXED);
	__atomic_store_n(&m->held, true, __ATOMIC_RELEASE);
}

static void
gives(struct mutex *m)
{
	mutex_assert_held(m);
	__atomic_store_n(&m->held, false, __ATOMIC_RELEASE);
}

void
mutex_init(struct mutex *m)
{
	*m = (struct mutex)MUTEX_INIT;
}

void
mutex_fini(struct mutex *m)
{
	int failed;

	assert(!__atomic_load_n(&m->held, __ATOMIC_ACQUIRE));
	failed = pthread_mutex_destroy(&m->mu);
	assert(!failed);
}

void
mutex_lock(struct mutex *m)
{
	int failed;

	assert(!mutex_is_mine(m)); /* it would wait for itself */
	failed = pthread_mutex_lock(&m->mu);
	assert(!failed);
	took(m);
}

void
mutex_lock_in_turn(struct mutex *m, struct mutex *door)
{
	mutex_lock(door); /* held by the one that gets m next */
	mutex_lock(m);
	mutex_unlock(door);
}

void
mutex_unlock(struct mutex *m)
{
	int failed;

	gives(m);
	failed = pthread_mutex_unlock(&m->mu);
	assert(!failed);
}

struct mutex *
mutex_hold(struct mutex *m)
{
	mutex_lock(m);
	return m;
}

void
mutex_unlock_cleanup(struct mutex **m)
{
	if (*m != NULL)
		mutex_unlock(*m);
}

bool
mutex_is_mine(const struct mutex *m)
{
	return __atomic_load_n(&m->held, __ATOMIC_ACQUIRE) &&
	    pthread_equal(__atomic_load_n(&m->holder, __ATOMIC_RELAXED), pthread_self());
}

void
mutex_assert_held(const struct mutex *m)
{
	assert(mutex_is_mine(m));
}

void
condition_init(struct condition *c)
{
	pthread_condattr_t attr;
	int failed = pthread_condattr_init(&attr);

	assert(!failed);
	failed = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	assert(!failed);
	failed = pthread_cond_init(&c->cond, &attr);
	assert(!failed);
	(void)pthread_condattr_destroy(&attr);
}

void
condition_fini(struct condition *c)
{
	int failed = pthread_cond_destroy(&c->cond);

	assert(!failed);
}

void
condition_wait(struct condition *c, struct mutex *m)
{
	int failed;

	gives(m);
	failed = pthread_cond_wait(&c->cond, &m->mu);
	assert(!failed);
	took(m);
}

bool
condition_wait_for(struct condition *c, struct mutex *m, int64_t timeout_ms)
{
	const int64_t longest_ms = INT64_C(1000) * 60 * 60 * 24 * 365; /* no overflow below */
	struct timespec until;
	int failed;

	if (timeout_ms > longest_ms)
		timeout_ms = longest_ms;
	if (timeout_ms < 0)
		timeout_ms = 0;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += timeout_ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	gives(m);
	failed = pthread_cond_timedwait(&c->cond, &m->mu, &until);
	assert(failed == 0 || failed == ETIMEDOUT);
	took(m);
	return failed == 0;
}

void
condition_signal(struct condition *c)
{
	int failed = pthread_cond_signal(&c->cond);

	assert(!failed);
}

void
condition_broadcast(struct condition *c)
{
	int failed = pthread_cond_broadcast(&c->cond);

	assert(!failed);
}
