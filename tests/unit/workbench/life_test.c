/* SPDX-License-Identifier: Apache-2.0 */
/* A whole life, and what people see of it. */
#include "rig.h"

#include "workbench/env.h"

static void
test_whole_life(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	CHECK_STR(rig_status(r), "PENDING", "at once");
	rig_complete(r);
	rig_stop_whole(r);
	rig_start_whole(r);
	rig_stop_whole(r);
	rig_terminate_whole(r);
	CHECK_STR(rig_statuses(r),
	    "PENDING COMPLETED STOPPING STOPPED STARTING PENDING COMPLETED STOPPING STOPPED "
	    "TERMINATING TERMINATED",
	    "every status in order");
	assert_int_equal(fake_calls(&r->fake, "StartAutomationExecution"), 2);
	rig_close(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_whole_life),
	};

	return RUN_TESTS(tests);
}
