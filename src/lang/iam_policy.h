/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IAM policy documents: the language of identity policies, trust policies and the policies of
 * buckets, keys and buses. Pure: a tree and a request in, an effect out. Who holds which policies,
 * and how several are combined, is not decided here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct err;
struct json;

/* Where the document stands decides which elements it must and must not have. */
enum iam_policy_use {
	IAM_POLICY_IDENTITY, /* of a role or user, managed, boundary, session: no Principal */
	IAM_POLICY_TRUST,    /* of a role: Principal, no Resource, only actions of sts */
	IAM_POLICY_RESOURCE, /* of a bucket, key, bus: Principal and Resource */
};

struct iam_list {
	str *items;
	size_t count;
	bool negated; /* NotAction, NotResource, NotPrincipal */
};

enum iam_principal_type { IAM_ANYONE, IAM_AWS, IAM_SERVICE, IAM_FEDERATED, IAM_CANONICAL_USER };

struct iam_principal {
	enum iam_principal_type type;
	str value;
	uint32_t line, column;
};

struct iam_operator; /* a row of the table of operators in iam_condition.c */
enum iam_quantifier { IAM_SINGLE, IAM_FOR_ALL_VALUES, IAM_FOR_ANY_VALUE };

struct iam_condition {
	const struct iam_operator *op;
	enum iam_quantifier quantifier;
	bool if_exists;
	str key; /* in any case */
	struct iam_list values;
};

struct iam_statement {
	str sid;
	bool deny;
	struct iam_principal *principals;
	size_t principal_count;
	bool not_principal;
	struct iam_list actions, resources;
	struct iam_condition *conditions;
	size_t condition_count;
	uint32_t line, column;
};

struct iam_policy {
	bool variables; /* Version 2012-10-17: ${…} stands for a value of the request */
	struct iam_statement *statements;
	size_t statement_count;
};

/*
 * Reads a document from a tree (JSON or YAML), which must live as long as the result.
 * Fails: ERR_INVALID, code "MalformedPolicyDocument": AWS's words, then what and where in
 * parentheses, so that a service may answer it and a checker point at it.
 */
bool iam_policy_parse(struct arena *a, const struct json *tree, enum iam_policy_use use,
    struct iam_policy *out, struct err *err);
bool iam_policy_parse_text(
    struct arena *a, str text, enum iam_policy_use use, struct iam_policy *out, struct err *err);

/* Who asks. Empty members are what the asker does not have. */
struct iam_asker {
	str account;     /* 12 digits */
	str arn;         /* user, assumed-role session, root */
	str role_arn;    /* of a session */
	str id;          /* AROA… or AIDA…, without session name */
	str service;     /* "events.amazonaws.com"; then all others but account are empty */
	bool is_service; /* services are named by Service alone */
};

struct iam_request {
	const struct iam_asker *who; /* NULL where no statement has principals */
	str action;                  /* "sts:AssumeRole" */
	str resource;                /* an ARN, or "*" */
	/*
	 * Keys of the request: an object whose values are texts, numbers, booleans or lists of
	 * them ("sts:ExternalId": "x"). Names are compared without regard to case. NULL for none.
	 */
	const struct json *context;
};

enum iam_effect { IAM_NONE, IAM_ALLOW, IAM_DENY };

/* By which kind of principal an Allow came, the strongest last (aws.md 6.2, step 3). */
enum iam_grant {
	IAM_GRANT_NONE,
	IAM_GRANT_ACCOUNT, /* the account's root: its identity policies must allow as well */
	IAM_GRANT_ROLE,    /* the role: boundary and session policy still count */
	IAM_GRANT_DIRECT,  /* user, session, service, or anyone */
};

struct iam_answer {
	enum iam_effect effect;
	enum iam_grant grant;
	const struct iam_statement *statement; /* that decided; NULL for IAM_NONE */
};

/* Deny over Allow over none, over all statements that match. */
struct iam_answer iam_policy_evaluate(
    struct arena *a, const struct iam_policy *policy, const struct iam_request *request);

/* '*' any text, '?' one byte; no_case: ASCII letters of either case are equal. */
bool iam_glob(str pattern, str text, bool no_case);
