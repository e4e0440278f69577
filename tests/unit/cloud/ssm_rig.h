/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests of automations: a cloud whose Service Catalog is a stand-in of four operations, and
 * whose events are noted before EventBridge takes them.
 *
 * The stand-in keeps all that it knows in parameters of the parameter store, so a test drives it by
 * PutParameter: /sc/status, /sc/message (product), /sc/record, /sc/errors (record, JSON text).
 */
#pragma once

#include "cloud_rig.h"

#include "base/buf.h"
#include "cloud/events/events.h"
#include "cloud/iam/iam.h"
#include "cloud/ssm/ssm.h"
#include "cloud/sts/sts.h"

/* What happened, since the last ssm_rig_open(). */
struct ssm_notes {
	struct arena *a;
	struct buf events;  /* "DetailType Status Step; " of events of the service itself */
	struct buf details; /* "{…}; " of events that documents put */
	int products, terminations;
	str who;                  /* the last to provision */
	const struct json *input; /* of the last provisioning */
};
static struct ssm_notes notes;

/* --- the stand-in -------------------------------------------------------------------- */

/* Its answer depends on a parameter: whoever watches the call watches the parameter too. */
static inline bool
noted_value(struct call *c, const char *name, const char *absent, str *out, struct err *err)
{
	struct json *in = json_new_object(c->a);
	const struct json *answer;

	json_put_str(c->a, in, "Name", str_of(name));
	*out = str_of(absent);
	if (cloud_call(c,
		&(struct cloud_request){ .service = "ssm", .action = "GetParameter", .in = in },
		&answer, err)) {
		*out = json_str(json_path(answer, "Parameter", "Value", NULL));
		return true;
	}
	if (!err_is(err, "ParameterNotFound"))
		return false;
	err_clear(err);
	return true;
}

static inline bool
provision_product(struct call *c, struct err *err)
{
	struct json *record, *in = json_new_object(c->a);
	str token = json_str(json_get(c->in, "ProvisionToken"));
	const struct json *out;

	assert_int_equal(token.len, 36);
	json_put_str(c->a, in, "Name", str_cat(c->a, S("/sc/token/"), token));
	json_put_str(c->a, in, "Value", S("-"));
	json_put_str(c->a, in, "Type", S("String"));
	if (cloud_call(c,
		&(struct cloud_request){ .service = "ssm", .action = "PutParameter", .in = in },
		&out, err))
		notes.products++;
	else if (!err_is(err, "ParameterAlreadyExists"))
		return false;
	err_clear(err);
	notes.who = str_dup(notes.a, c->who->arn);
	notes.input = json_copy(notes.a, c->in);
	record = json_put(c->a, c->out, "RecordDetail", json_new_object(c->a));
	json_put_str(c->a, record, "RecordId", str_cat(c->a, S("rec-"), str_sub(token, 0, 8)));
	json_put_str(
	    c->a, record, "ProvisionedProductId", str_cat(c->a, S("pp-"), str_sub(token, 0, 8)));
	return true;
}

static inline bool
describe_product(struct call *c, struct err *err)
{
	struct json *detail =
	    json_put(c->a, c->out, "ProvisionedProductDetail", json_new_object(c->a));
	str status, message;

	if (!noted_value(c, "/sc/status", "UNDER_CHANGE", &status, err) ||
	    !noted_value(c, "/sc/message", "", &message, err))
		return false;
	if (str_is(status, "BROKEN"))
		return err_set(err, ERR_IO, "a fault of ours");
	if (str_is(status, "GONE"))
		return err_code(err, ERR_NOT_FOUND, "ResourceNotFoundException",
		    "Provisioned product not found: " STR_FMT,
		    STR_ARG(json_str(json_get(c->in, "Id"))));
	json_put(c->a, detail, "Id", json_get(c->in, "Id"));
	json_put_str(c->a, detail, "Status", status);
	if (message.len > 0)
		json_put_str(c->a, detail, "StatusMessage", message);
	return true;
}

static inline bool
terminate_product(struct call *c, struct err *err)
{
	struct json *record = json_put(c->a, c->out, "RecordDetail", json_new_object(c->a));

	(void)err;
	notes.terminations++;
	json_put_str(c->a, record, "RecordId", S("rec-t"));
	return true;
}

static inline bool
describe_record(struct call *c, struct err *err)
{
	struct json *detail = json_put(c->a, c->out, "RecordDetail", json_new_object(c->a));
	const struct json *list;
	str status, errors;

	if (!noted_value(c, "/sc/record", "IN_PROGRESS", &status, err) ||
	    !noted_value(c, "/sc/errors", "", &errors, err))
		return false;
	json_put(c->a, detail, "RecordId", json_get(c->in, "Id"));
	json_put_str(c->a, detail, "Status", status);
	if (errors.len > 0) {
		CHECK_OK(json_parse(c->a, errors, &list, err), err);
		json_put(c->a, detail, "RecordErrors", list);
	}
	return true;
}

static const struct action catalog_actions[] = {
	{ "DescribeProvisionedProduct", describe_product, "servicecatalog:*", "*" },
	{ "DescribeRecord", describe_record, "servicecatalog:*", "*" },
	{ "ProvisionProduct", provision_product, "servicecatalog:*", "*" },
	{ "TerminateProvisionedProduct", terminate_product, "servicecatalog:*", "*" },
};
static const struct engine catalog_stand_in = {
	.service = "servicecatalog",
	.actions = catalog_actions,
	.action_count = countof(catalog_actions),
};

/* --- events, noted ------------------------------------------------------------------- */

static inline void
note_event(struct arena *a, const struct json *entry)
{
	str source = json_str(json_get(entry, "Source")),
	    detail = json_str(json_get(entry, "Detail"));
	const struct json *d;
	struct err err;

	err_init(&err, a);
	if (!str_starts(source, S("aws."))) {
		buf_fmt(&notes.details, STR_FMT "; ", STR_ARG(detail));
		return;
	}
	if (!str_is(source, "aws.ssm") || json_get(entry, "Resources") == NULL)
		return;
	CHECK_OK(json_parse(a, detail, &d, &err), &err);
	if (json_get(d, "ExecutionId") == NULL)
		return;
	buf_fmt(&notes.events, STR_FMT "%s" STR_FMT "; ",
	    STR_ARG(json_str(json_get(d, "StepName"))), json_get(d, "StepName") == NULL ? "" : "=",
	    STR_ARG(json_str(json_get(d, "Status"))));
}

static inline bool
put_events_noted(struct call *c, struct err *err)
{
	for (const struct json *e = json_first(json_get(c->in, "Entries")); e != NULL; e = e->next)
		note_event(c->a, e);
	for (size_t i = 0; i < events_engine.action_count; i++) {
		if (str_is(S("PutEvents"), events_engine.actions[i].name))
			return events_engine.actions[i].run(c, err);
	}
	fail();
	return false;
}

static const struct action events_actions[] = {
	{ "PutEvents", put_events_noted, "events:PutEvents", "*" },
};
static const struct engine events_noted = {
	.service = "events",
	.actions = events_actions,
	.action_count = countof(events_actions),
};

static const struct engine *const ssm_rig_engines[] = { &catalog_stand_in, &events_noted,
	&iam_engine, &ssm_engine, &sts_engine, NULL };

static inline void
ssm_rig_open(struct rig *r, struct arena *a)
{
	notes = (struct ssm_notes){ .a = a, .events = buf_in(a), .details = buf_in(a) };
	rig_init(r, a);
	r->engines = ssm_rig_engines;
	rig_start(r);
}

/* --- calls --------------------------------------------------------------------------- */

static inline void
ssm_create(struct rig *r, const char *name, str content)
{
	struct json *in = json_new_object(r->a);
	const struct json *out;

	json_put_str(r->a, in, "Name", str_of(name));
	json_put_str(r->a, in, "DocumentType", S("Automation"));
	json_put_str(r->a, in, "DocumentFormat", S("YAML"));
	json_put_str(r->a, in, "Content", content);
	CHECK_OK(rig_try(r, "ssm", "CreateDocument", in, &out), &r->err);
}

static inline void
ssm_set(struct rig *r, const char *name, const char *value)
{
	struct json *in = json_new_object(r->a);
	const struct json *out;

	json_put_str(r->a, in, "Name", str_of(name));
	json_put_str(r->a, in, "Value", str_of(value));
	json_put_str(r->a, in, "Type", S("String"));
	json_put_bool(r->a, in, "Overwrite", true);
	CHECK_OK(rig_try(r, "ssm", "PutParameter", in, &out), &r->err);
}

static inline const struct json *
ssm_execution(struct rig *r, str id)
{
	return json_get(rig_ok(r, "ssm", "GetAutomationExecution",
			    "{'AutomationExecutionId':'" STR_FMT "'}", STR_ARG(id)),
	    "AutomationExecution");
}

/* "Failed: A=Success B=Failed C=Pending" */
static inline str
ssm_trace(struct rig *r, str id)
{
	const struct json *x = ssm_execution(r, id);
	struct buf b = buf_in(r->a);

	buf_fmt(&b, STR_FMT ":", STR_ARG(json_str(json_get(x, "AutomationExecutionStatus"))));
	for (const struct json *s = json_first(json_get(x, "StepExecutions")); s != NULL;
	     s = s->next)
		buf_fmt(&b, " " STR_FMT "=" STR_FMT, STR_ARG(json_str(json_get(s, "StepName"))),
		    STR_ARG(json_str(json_get(s, "StepStatus"))));
	return buf_str(&b);
}

static inline const struct json *
ssm_step_of(struct rig *r, str id, const char *name)
{
	const struct json *s = json_first(json_get(ssm_execution(r, id), "StepExecutions"));

	while (s != NULL && !str_is(json_str(json_get(s, "StepName")), name))
		s = s->next;
	return s;
}
