/* SPDX-License-Identifier: Apache-2.0 */
/* All routes as a table: each says who may use it, each is found, and none hides another. */
#include "check.h"

#include "api/internal.h"

#define UUID "0f1e2d3c-4b5a-4678-9abc-def012345678"

static size_t
parameters_of(const char *path)
{
	size_t count = 0;

	for (; *path != '\0'; path++)
		count += *path == '{';
	return count;
}

/* A path that fits: its parameters are "p1", "p2", … */
static str
sample(struct arena *a, const char *path)
{
	str out = S("/api"), rest = str_from(str_of(path), 1), part;
	int n = 0;

	while (str_cut(&rest, '/', &part))
		out = str_starts(part, S("{"))
		    ? str_fmt(a, STR_FMT "/p%d", STR_ARG(out), ++n)
		    : str_fmt(a, STR_FMT "/" STR_FMT, STR_ARG(out), STR_ARG(part));
	return out;
}

static void
check_row(struct arena *a, const struct route *r)
{
	str parameters[MAX_PARAMETERS], target = sample(a, r->path);
	size_t count = parameters_of(r->path);

	CHECK(r->permission > PERM_NONE_SET && r->permission < PERMISSION_COUNT,
	    "%s %s: permission", r->method, r->path);
	CHECK(r->permission != PERM_PUBLIC || str_is(str_of(r->path), "/events"),
	    "%s %s: only events prove themselves otherwise", r->method, r->path);
	CHECK(count <= MAX_PARAMETERS, "%s %s: parameters", r->method, r->path);
	CHECK(r->run != NULL && r->status >= 200 && r->status < 300, "%s %s", r->method, r->path);
	CHECK(!r->is_inline || str_is(str_of(r->method), "GET"), "%s %s: writes on a loop",
	    r->method, r->path);
	CHECK(route_find(str_of(r->method), target, parameters) == r,
	    "%s " STR_FMT " is another row's", r->method, STR_ARG(target));
	for (size_t i = 0; i < MAX_PARAMETERS; i++) {
		str want = i < count ? str_fmt(a, "p%zu", i + 1) : (str){ 0 };

		CHECK_STR(
		    parameters[i], str_z(a, want), "%s %s: parameter %zu", r->method, r->path, i);
	}
}

static void
test_rows(struct arena *a)
{
	size_t rows = 0;

	for (size_t t = 0; t < route_table_count; t++)
		for (size_t i = 0; i < route_tables[t]->count; i++, rows++)
			check_row(a, &route_tables[t]->routes[i]);
	assert_true(rows > 20);
}

static void
test_find(struct arena *a)
{
	static const struct {
		const char *method, *target, *want; /* the row's path; NULL for none */
	} cases[] = {
		{ "GET", "/api/environments", "/environments" },
		{ "GET", "/api/environments/", "/environments" },
		{ "GET", "/api/environments?x=1", "/environments" },
		{ "GET", "/api/environments/x", "/environments/{id}" },
		{ "GET", "/api/environments/x/?y=/z", "/environments/{id}" },
		{ "GET", "/api/environments/%2F", "/environments/{id}" },
		{ "GET", "/api/environments//", NULL },
		{ "GET", "/api/environments//explain", NULL },
		{ "GET", "/api//environments", NULL },
		{ "GET", "/api/environments/x/y", NULL },
		{ "GET", "/api/environments/x/explain/y", NULL },
		{ "GET", "/api/Environments", NULL },
		{ "get", "/api/environments", NULL },
		{ "HEAD", "/api/environments", NULL },
		{ "OPTIONS", "/api/environments", NULL },
		{ "", "/api/environments", NULL },
		{ "GET", "/api/", NULL },
		{ "GET", "/api", NULL },
		{ "GET", "/apienvironments", NULL },
		{ "GET", "/environments", NULL },
		{ "GET", "", NULL },
		{ "OPTIONS", "*", NULL },
	};

	(void)a;
	for (size_t i = 0; i < countof(cases); i++) {
		str parameters[MAX_PARAMETERS];
		const struct route *r =
		    route_find(str_of(cases[i].method), str_of(cases[i].target), parameters);

		CHECK((r == NULL) == (cases[i].want == NULL), "%s %s", cases[i].method,
		    cases[i].target);
		if (r != NULL)
			CHECK_STR(str_of(r->path), cases[i].want, "%s %s", cases[i].method,
			    cases[i].target);
	}
}

/* A row that fits half leaves nothing in the parameters. */
static void
test_parameters_are_clean(struct arena *a)
{
	str parameters[MAX_PARAMETERS];

	(void)a;
	assert_non_null(route_find(S("GET"), S("/api/environmentTypes"), parameters));
	for (size_t i = 0; i < MAX_PARAMETERS; i++)
		assert_int_equal(parameters[i].len, 0);
}

static void
test_ids(struct arena *a)
{
	static const struct {
		enum id_kind kind;
		const char *in, *want; /* want NULL: none */
	} cases[] = {
		{ ID_ENVIRONMENT, "env-" UUID, "env-" UUID },
		{ ID_ENVIRONMENT, UUID, "env-" UUID },
		{ ID_ENVIRONMENT, "ENV-0F1E2D3C-4B5A-4678-9ABC-DEF012345678", "env-" UUID },
		{ ID_CONFIG, UUID, "etc-" UUID },
		{ ID_PROJECT, "proj-" UUID, "proj-" UUID },
		{ ID_TYPE, UUID, UUID },
		{ ID_TYPE, "et-" UUID, UUID },
		{ ID_TYPE, "etc-" UUID, NULL },
		{ ID_ENVIRONMENT, "etc-" UUID, NULL },
		{ ID_ENVIRONMENT, "env-env-" UUID, NULL },
		{ ID_ENVIRONMENT, "env-", NULL },
		{ ID_ENVIRONMENT, "", NULL },
		{ ID_ENVIRONMENT, UUID "0", NULL },
		{ ID_ENVIRONMENT, UUID "#", NULL },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		str out = { 0 };
		bool ok = id_read(a, cases[i].kind, str_of(cases[i].in), &out);

		CHECK(ok == (cases[i].want != NULL), "%s", cases[i].in);
		if (ok)
			CHECK_STR(out, cases[i].want, "%s", cases[i].in);
	}
}

static void
test_members(struct arena *a)
{
	static const struct {
		const char *group, *project;
		bool may;
	} cases[] = {
		{ "proj-" UUID "#Researcher", "proj-" UUID, true },
		{ "proj-" UUID "#ProjectAdmin", "proj-" UUID, true },
		{ "proj-" UUID "#Researcher", UUID, true },
		{ "proj-" UUID "#Researcher", "PROJ-" UUID, true },
		{ "proj-" UUID "#Visitor", "proj-" UUID, false },
		{ "proj-" UUID "#", "proj-" UUID, false },
		{ "proj-" UUID, "proj-" UUID, false },
		{ "proj-" UUID "#Researcher", "proj-1f1e2d3c-4b5a-4678-9abc-def012345678", false },
		{ "#Researcher", "", false },
		{ "", "", false },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		str group = str_of(cases[i].group);
		const struct caller caller = { .groups = &group, .group_count = 1 };
		const struct request rq = { .a = a, .caller = &caller };
		struct err err;

		err_init(&err, a);
		CHECK(may_use_project(&rq, str_of(cases[i].project), &err) == cases[i].may,
		    "%s of %s", cases[i].group, cases[i].project);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows),
		TEST(test_find),
		TEST(test_parameters_are_clean),
		TEST(test_ids),
		TEST(test_members),
	};

	return RUN_TESTS(tests);
}
