/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resource types, one row each: which properties a type has, which operation makes it of them,
 * what Ref and Fn::GetAtt give, and how it goes away.
 *
 * Most types are one call each way, and their row says all. input and remove_input tell how
 * properties become an operation's input, in words told apart by blanks:
 *
 *   Member            the property of that name
 *   Member=Name       the property Name
 *   Member=json:Name  the property Name, an object or a text, as JSON text
 *   Member=$id        the physical id
 *   Member=.Name      the attribute Name
 *
 * What is absent is left out. id is a path into the operation's answer ("Vpc.VpcId"), or a text
 * with ${Member} of its input. attributes are words Name=path into the answer, Name=$id,
 * Name=${Member} of the input, or Name alone: a hook sets it.
 */
#pragma once

#include "cloud/engine.h"

/* How a name is made where the template gives none. */
struct cfn_naming {
	const char *member; /* of the create operation's input; NULL: it needs no name */
	size_t max;         /* longest name; 0: 255 */
	bool lower;         /* in lower case */
	bool without_stack; /* LogicalId-Random instead of StackName-LogicalId-Random */
};

/* How tags are handed over. */
enum cfn_tagging {
	CFN_UNTAGGED,
	CFN_TAGS,     /* Tags: [{Key, Value}] */
	CFN_TAGS_EC2, /* TagSpecifications of ec2_kind */
	CFN_TAGS_KMS, /* Tags: [{TagKey, TagValue}] */
};

struct cfn_work;

/* One handler: false with a code in err is the resource's failure, without one the cloud's. */
typedef bool cfn_handler(struct cfn_work *w, struct err *err);

struct cfn_type {
	const char *name;
	/*
	 * Made before resource types had schemas: errors have other words. Which types these are
	 * is general knowledge, and changes as AWS moves them.
	 */
	bool is_legacy;
	const char *properties; /* in the language of aws/model.h; d is a JSON document */
	const char *service;
	const char *create; /* operation; NULL where the hook does all */
	const char *input;
	struct cfn_naming naming;
	enum cfn_tagging tagging;
	const char *ec2_kind;
	const char *id;
	const char *attributes;
	cfn_handler *created; /* what else creating needs, after the operation; may be NULL */
	/* Is it ready? Called until it leaves w->is_waiting alone. NULL: at once. */
	cfn_handler *settle;
	/* What must be done before the remove operation; may wait as settle does. May be NULL. */
	cfn_handler *removing;
	const char *remove; /* operation; NULL where the hook does all */
	const char *remove_input;
	/* Error codes, told apart by blanks, that mean: it is no more. "Code:Text" where the
	 * message has the text. */
	const char *gone;
};

/* One resource being worked on. */
struct cfn_work {
	struct call *c;
	const struct cfn_type *type;
	str stack_name, stack_id, logical_id;
	str token;                     /* of this resource's handler requests: a UUID */
	const struct json *properties; /* in the types of the row's shapes */
	const struct json *tags;       /* the stack's and the resource's own, [{Key, Value}] */
	struct json *input;            /* of the create operation, while it is being made */
	const struct json *answer;     /* the create operation's */
	str physical_id;               /* set as soon as something exists */
	struct json *attributes;
	const char *service; /* of the last call: an error's words name it */
	struct watch watch;  /* what a waiting handler looked at */
	bool is_waiting;
};

/* NULL: there is no such type. */
const struct cfn_type *cfn_type_find(str name);
/* For a loop over all of them; NULL past the last. */
const struct cfn_type *cfn_type_at(size_t index);
bool cfn_type_has_attribute(const struct cfn_type *type, str name);

/* Tables of the services; an all-zero row ends each. */
extern const struct cfn_type cfn_types_ec2[], cfn_types_events[], cfn_types_iam[], cfn_types_kms[],
    cfn_types_s3[], cfn_types_sagemaker[], cfn_types_ssm[];

/* --- properties.c --------------------------------------------------------------------- */

/*
 * Properties as the type's shapes want them. Fails with the words of the resource's reason, code
 * "InvalidRequest".
 */
bool cfn_properties_check(struct call *c, const struct cfn_type *type, str logical_id,
    const struct json *in, const struct json **out, struct err *err);

/* --- work.c: what rows and hooks have in common ------------------------------------------ */

bool cfn_work_create(struct cfn_work *w, struct err *err);
bool cfn_work_settle(struct cfn_work *w, struct err *err);
/* Does what is left to do, as far as it can be done now; absence is success. */
bool cfn_work_remove(struct cfn_work *w, struct err *err);

/* One call as the stack's principal. in may be NULL, out too. */
bool cfn_call(struct cfn_work *w, const char *service, const char *operation, const struct json *in,
    const struct json **out, struct err *err);
/* The same; what it reads wakes the stack when it changes. */
bool cfn_look(struct cfn_work *w, const char *service, const char *operation, const struct json *in,
    const struct json **out, struct err *err);
/* Where a call failed because the thing is no more (type->gone): clears err, true. */
bool cfn_is_gone(struct cfn_work *w, struct err *err);

/* An input of one member. */
struct json *cfn_input(struct cfn_work *w, const char *member, str value);
struct json *cfn_mapped(struct cfn_work *w, const char *words);
const struct json *cfn_property(struct cfn_work *w, const char *name);
/* A document given as object or as text, as text. */
str cfn_document(struct cfn_work *w, const struct json *value);
void cfn_set_attribute(struct cfn_work *w, const char *name, str value);

/* --- reason.c ---------------------------------------------------------------------------- */

/* Codes of err that say how its message becomes the reason. */
#define CFN_PLAIN_REASON "InvalidRequest" /* as it stands */
#define CFN_NOT_STABLE "NotStabilized"    /* what became of the resource, not of a call */

/* The reason that a resource's events tell for a failure, whole. */
str cfn_reason(struct cfn_work *w, const struct err *err);
/* The same for a failure that the fault plan ordered. */
str cfn_fault_reason(struct cfn_work *w, const char *message);

/* --- names.c ----------------------------------------------------------------------------- */

str cfn_name_make(struct arena *a, const struct cfn_naming *naming, str stack, str logical_id);
