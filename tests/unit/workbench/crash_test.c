/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store fails its nth transaction, before or after it was made, and the program is started
 * again on what is there: for every n the same end, and nothing is made twice.
 */
#include "rig.h"

/* From nothing registered to TERMINATED. The fake asserts that nothing is provisioned twice. */
static void
whole_life(struct rig *r)
{
	rig_set_up(r);
	rig_launch(r);
	rig_complete(r);
	rig_stop_whole(r);
	rig_start_whole(r);
	rig_terminate_whole(r);
	assert_int_equal(r->fake.execution_count, 2);
	assert_int_equal(fake_calls(&r->fake, "StopNotebookInstance") <= 2, true);
}

static unsigned
transactions(struct arena *a)
{
	struct rig *r = rig_open_empty(a);
	unsigned count;

	whole_life(r);
	count = r->failing.count;
	rig_close(r);
	return count;
}

static void
fail_at_every(struct arena *a, bool after)
{
	unsigned count = transactions(a);

	assert_true(count > 30);
	for (unsigned n = 1; n <= count; n++) {
		auto_arena mine = { 0 };
		struct rig *r = rig_open_empty(&mine);

		r->failing.fail_at = n;
		r->failing.after = after;
		whole_life(r);
		rig_close(r);
	}
}

static void
test_fail_before(struct arena *a)
{
	fail_at_every(a, false);
}

static void
test_fail_after(struct arena *a)
{
	fail_at_every(a, true);
}

/* Stopped and opened again at every point of a life. */
static void
test_restarts(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	for (int i = 0; i < 4; i++) {
		(void)workbench_step(r->wb, r->now_ms);
		rig_restart(r);
	}
	rig_complete(r);
	rig_stop(r);
	(void)workbench_step(r->wb, r->now_ms);
	rig_restart(r);
	rig_run(r);
	r->fake.instance = "Stopped";
	(void)rig_event(r, rig_instance_event(r, "Stopped", r->now_ms + 1));
	rig_restart(r);
	CHECK_STR(rig_status(r), "STOPPED", "after restarts");
	rig_terminate_whole(r);
	assert_int_equal(r->fake.execution_count, 2);
	rig_close(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_fail_before),
		TEST(test_fail_after),
		TEST(test_restarts),
	};

	return RUN_TESTS(tests);
}
