/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "check.h"

#include "base/thread.h"

struct shared {
	struct mutex mu;
	struct condition turn;
	int count;    /* guarded by mu */
	bool foreign; /* the other thread took our lock for its own */
};

static void
test_holder(struct arena *a)
{
	struct mutex mu;

	(void)a;
	mutex_init(&mu);
	CHECK(!mutex_is_mine(&mu), "fresh");
	{
		auto_unlock struct mutex *held = mutex_hold(&mu);

		mutex_assert_held(&mu);
		CHECK(mutex_is_mine(&mu), "held");
	}
	CHECK(!mutex_is_mine(&mu), "the scope was left");
	mutex_lock(&mu);
	mutex_unlock(&mu);
	mutex_fini(&mu);
}

/* Two threads take turns: even numbers here, odd ones there. */
static void *
count_odd(void *cookie)
{
	struct shared *s = cookie;

	s->foreign = mutex_is_mine(&s->mu);
	mutex_lock(&s->mu);
	for (int i = 0; i < 100; i++) {
		while (s->count % 2 == 0)
			condition_wait(&s->turn, &s->mu);
		mutex_assert_held(&s->mu);
		s->count++;
		condition_broadcast(&s->turn);
	}
	mutex_unlock(&s->mu);
	return NULL;
}

static void
test_turns(struct arena *a)
{
	struct shared s = { .count = 0 };
	pthread_t other;

	(void)a;
	mutex_init(&s.mu);
	condition_init(&s.turn);
	mutex_lock(&s.mu);
	assert_int_equal(pthread_create(&other, NULL, count_odd, &s), 0);
	for (int i = 0; i < 100; i++) {
		while (s.count % 2 == 1)
			(void)condition_wait_for(&s.turn, &s.mu, INT64_MAX);
		mutex_assert_held(&s.mu);
		s.count++;
		condition_signal(&s.turn);
	}
	mutex_unlock(&s.mu);
	assert_int_equal(pthread_join(other, NULL), 0);
	CHECK(s.count == 200 && !s.foreign, "count %d", s.count);
	condition_fini(&s.turn);
	mutex_fini(&s.mu);
}

static void
test_time_out(struct arena *a)
{
	struct mutex mu = MUTEX_INIT;
	struct condition never;

	(void)a;
	condition_init(&never);
	mutex_lock(&mu);
	while (condition_wait_for(&never, &mu, 1))
		; /* woken for no reason: waits again */
	mutex_assert_held(&mu);
	CHECK(!condition_wait_for(&never, &mu, -5), "in the past");
	mutex_unlock(&mu);
	condition_fini(&never);
	mutex_fini(&mu);
}

struct queue {
	struct mutex mu, door;
	bool was_there; /* guarded by mu: the other thread */
};

static void *
be_there(void *cookie)
{
	struct queue *q = cookie;

	mutex_lock_in_turn(&q->mu, &q->door);
	q->was_there = true;
	mutex_unlock(&q->mu);
	return NULL;
}

static bool
is_held(const struct mutex *m)
{
	return __atomic_load_n(&m->held, __ATOMIC_ACQUIRE);
}

/* Who gives a mutex away and wants it back at once lets the one that waits go first. */
static void
test_in_turn(struct arena *a)
{
	struct queue q = { .was_there = false };

	(void)a;
	mutex_init(&q.mu);
	mutex_init(&q.door);
	for (int i = 0; i < 20; i++) {
		pthread_t other;

		mutex_lock_in_turn(&q.mu, &q.door);
		q.was_there = false;
		assert_int_equal(pthread_create(&other, NULL, be_there, &q), 0);
		for (int ms = 0; ms < 5000 && !is_held(&q.door); ms++)
			usleep(1000); /* then it waits */
		mutex_unlock(&q.mu);
		mutex_lock_in_turn(&q.mu, &q.door);
		CHECK(q.was_there, "round %d", i);
		mutex_unlock(&q.mu);
		pthread_join(other, NULL);
	}
	mutex_fini(&q.door);
	mutex_fini(&q.mu);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_holder),
		TEST(test_turns),
		TEST(test_time_out),
		TEST(test_in_turn),
	};

	return RUN_TESTS(tests);
}
