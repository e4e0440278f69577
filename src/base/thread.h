/* SPDX-License-Identifier: Apache-2.0 */
/* Mutex and condition that know who holds them, so that a wrong use is caught at once. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct mutex {
	pthread_mutex_t mu;
	pthread_t holder;
	bool held;
};

/* For mutexes that live as long as the program. */
#define MUTEX_INIT \
	{ \
		.mu = PTHREAD_MUTEX_INITIALIZER \
	}

void mutex_init(struct mutex *m);
void mutex_fini(struct mutex *m);
void mutex_lock(struct mutex *m);
/*
 * As mutex_lock() where all who lock m name the same door: who waits gets m before the one that
 * gave it away and wants it again at once.
 */
void mutex_lock_in_turn(struct mutex *m, struct mutex *door);
void mutex_unlock(struct mutex *m);
void mutex_assert_held(const struct mutex *m);
/* Does the calling thread hold it? */
bool mutex_is_mine(const struct mutex *m);

struct condition {
	pthread_cond_t cond;
};

void condition_init(struct condition *c);
void condition_fini(struct condition *c);
/* Both may return early without a signal: wait in a loop over what is waited for. */
void condition_wait(struct condition *c, struct mutex *m);
/* False when timeout_ms of the machine's monotonic clock passed first. */
bool condition_wait_for(struct condition *c, struct mutex *m, int64_t timeout_ms);
void condition_signal(struct condition *c);
void condition_broadcast(struct condition *c);

/*
 * Held until the scope is left by any path, or until given up early (mutex_unlock, then NULL):
 *	auto_unlock struct mutex *held = mutex_hold(&p->mu);
 */
struct mutex *mutex_hold(struct mutex *m);
void mutex_unlock_cleanup(struct mutex **m);
#define auto_unlock __attribute__((cleanup(mutex_unlock_cleanup), unused))
