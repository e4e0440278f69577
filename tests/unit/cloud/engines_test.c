/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of all engines: every action is one of the model, runs, and says what it needs to be
 * allowed, in terms of its own input.
 */
#include "check.h"

#include "aws/model.h"
#include "cloud/internal.h"

/* Every ${Name} of a resource is region, account or a member of the input. */
static void
check_resource(const struct action *action, const struct aws_operation *op)
{
	str rest = str_of(action->resource);

	while (str_has(rest, S("${"))) {
		str name = str_from(rest, str_find(rest, S("${")) + 2);

		name = str_sub(name, 0, str_find_char(name, '}'));
		CHECK(str_is(name, "region") || str_is(name, "account") ||
			aws_member_find(op->input, name) != NULL,
		    "%s: its resource names ${" STR_FMT "}, which its input lacks", action->name,
		    STR_ARG(name));
		rest = str_from(rest, str_find(rest, S("${")) + 2);
	}
	CHECK(str_starts(str_of(action->resource), S("arn:")) ||
		str_starts(str_of(action->resource), S("${")) ||
		str_is(str_of(action->resource), "*"),
	    "%s: %s is no ARN", action->name, action->resource);
}

static void
check_action(const struct engine *engine, const struct action *action)
{
	const struct aws_service *service = aws_service_find(str_of(engine->service));
	const struct aws_operation *op = aws_operation_of(service, str_of(action->name));

	CHECK(op != NULL, "%s:%s is in the model", engine->service, action->name);
	CHECK(action->run != NULL, "%s:%s has a function", engine->service, action->name);
	CHECK(action->iam_action != NULL && str_has(str_of(action->iam_action), S(":")),
	    "%s:%s names its IAM action", engine->service, action->name);
	CHECK(action->resource != NULL, "%s:%s names its resource", engine->service, action->name);
	check_resource(action, op);
}

static void
test_actions(struct arena *a)
{
	size_t count = 0;

	(void)a;
	for (size_t i = 0; cloud_engines[i] != NULL; i++) {
		const struct engine *e = cloud_engines[i];

		CHECK(
		    aws_service_find(str_of(e->service)) != NULL, "%s is in the model", e->service);
		for (size_t j = 0; j < e->action_count; j++, count++) {
			check_action(e, &e->actions[j]);
			CHECK(engine_action(e, str_of(e->actions[j].name)) == &e->actions[j],
			    "%s:%s stands once", e->service, e->actions[j].name);
		}
	}
	CHECK(count >= 40, "%zu actions", count);
}

static void
test_tasks(struct arena *a)
{
	(void)a;
	for (size_t i = 0; cloud_engines[i] != NULL; i++) {
		const struct engine *e = cloud_engines[i];

		for (size_t j = 0; j < e->task_count; j++) {
			CHECK(e->tasks[j].step != NULL, "%s/%s", e->service, e->tasks[j].name);
			CHECK(engine_task(e, str_of(e->tasks[j].name)) == &e->tasks[j],
			    "%s/%s stands once", e->service, e->tasks[j].name);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_actions),
		TEST(test_tasks),
	};

	return RUN_TESTS(tests);
}
