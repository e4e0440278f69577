/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/ssm: documents, their sharing, and parameters, as scripts of calls. */
#include "cloud_rig.h"

#define ARN "arn:aws:ssm:us-east-1:" RIG_MAIN ":document/"

struct line {
	const char *action, *in;
	const char *code; /* NULL: must succeed */
	const char *text; /* of the error, or what the answer's JSON must hold; NULL for any */
};

static void
run_script(struct rig *r, const struct line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct line *l = &lines[i];
		str got;

		if (l->code != NULL)
			got = rig_fails(r, "ssm", l->action, l->code, "%s", l->in);
		else
			got = json_text(r->a, rig_ok(r, "ssm", l->action, "%s", l->in));
		got = str_replace(r->a, got, S("\""), S("'"));
		CHECK(l->text == NULL || str_has(got, str_of(l->text)),
		    "line %zu, %s %s:\n  got:  " STR_FMT "\n  want: %s", i, l->action, l->in,
		    STR_ARG(got), l->text);
	}
}

#define RUN(r, script) run_script((r), (script), countof(script))

/* A document in YAML, to stand inside JSON that is written with '. */
#define STEPS "mainSteps: [{name: P, action: aws:pause}]\\n"
#define DOC(more) "schemaVersion: 0.3\\n" more STEPS
#define YAML(name, content) \
	"{'Name':'" name \
	"','DocumentType':'Automation','DocumentFormat':'YAML','Content':'" content "'}"

static void
test_documents(struct arena *a)
{
	static const struct line script[] = {
		{ "GetDocument", "{'Name':'d-1'}", "InvalidDocument",
		    "The specified document does not exist." },
		{ "CreateDocument", YAML("d-1", "schemaVersion: 0.3\\nmainSteps: []"),
		    "InvalidDocumentContent",
		    "2:12: mainSteps must be a list of one step or more" },
		{ "CreateDocument", YAML("d-1", "schemaVersion: 2.2\\n"),
		    "InvalidDocumentSchemaVersion", "schemaVersion '0.3'" },
		{ "CreateDocument", YAML("a b", DOC("")), "ValidationException",
		    "Value 'a b' at 'name' failed to satisfy constraint" },
		{ "CreateDocument", YAML("AWS-Mine", DOC("")), "ValidationException",
		    "begins with a prefix that is reserved: aws-" },
		{ "CreateDocument", "{'Name':'d-1','Content':'x','DocumentFormat':'YAML'}",
		    "ValidationException", "DocumentType must be Automation here, and is Command" },
		{ "CreateDocument",
		    "{'Name':'d-1','Content':'" DOC("") "','DocumentType':'Automation'}",
		    "InvalidDocumentContent",
		    "the document is no JSON, and DocumentFormat is not YAML" },
		{ "CreateDocument",
		    YAML("d-1",
			DOC("description: what\\nparameters: {P: {type: String, default: x}}\\n")),
		    NULL,
		    "'Name':'d-1','Owner':'" RIG_MAIN
		    "','CreatedDate':1651779543,'Status':'Creating',"
		    "'DocumentVersion':'1','Description':'what','Parameters':[{'Name':'P','Type':"
		    "'String','DefaultValue':'x'}]" },
		{ "CreateDocument", YAML("d-1", DOC("")), "DocumentAlreadyExists", NULL },
		{ "DescribeDocument", "{'Name':'d-1'}", NULL, "'Status':'Active'" },
		{ "GetDocument", "{'Name':'d-1'}", NULL,
		    "'DocumentVersion':'1','Status':'Active','Content':'schemaVersion: 0.3\\n" },
		{ "GetDocument", "{'Name':'" ARN "d-1','DocumentFormat':'JSON'}", NULL,
		    "'DocumentFormat':'JSON'" },
		/* versions */
		{ "UpdateDocument",
		    "{'Name':'d-1','DocumentFormat':'YAML','DocumentVersion':'7','Content':'x'}",
		    "InvalidDocumentVersion", NULL },
		{ "UpdateDocument",
		    "{'Name':'d-1','DocumentFormat':'YAML','VersionName':'second','DocumentVersion':"
		    "'$LATEST','Content':'" DOC("description: two\\n") "'}",
		    NULL, "'DocumentVersion':'2'" },
		{ "UpdateDocument",
		    "{'Name':'d-1','DocumentFormat':'YAML','Content':'" DOC(
			"description: two\\n") "'}",
		    "DuplicateDocumentContent", NULL },
		{ "UpdateDocument",
		    "{'Name':'d-1','DocumentFormat':'YAML','VersionName':'second','Content':'" DOC(
			"description: three\\n") "'}",
		    "DuplicateDocumentVersionName", NULL },
		{ "GetDocument", "{'Name':'d-1'}", NULL, "'DocumentVersion':'1'" },
		{ "GetDocument", "{'Name':'d-1','DocumentVersion':'$LATEST'}", NULL,
		    "'VersionName':'second','DocumentVersion':'2'" },
		{ "GetDocument", "{'Name':'d-1','DocumentVersion':'3'}", "InvalidDocumentVersion",
		    NULL },
		{ "UpdateDocumentDefaultVersion", "{'Name':'d-1','DocumentVersion':'9'}",
		    "InvalidDocumentVersion", NULL },
		{ "UpdateDocumentDefaultVersion", "{'Name':'d-1','DocumentVersion':'2'}", NULL,
		    "{'Name':'d-1','DefaultVersion':'2','DefaultVersionName':'second'}" },
		{ "GetDocument", "{'Name':'d-1'}", NULL, "'DocumentVersion':'2'" },
		{ "DeleteDocument", "{'Name':'d-1','DocumentVersion':'2'}",
		    "InvalidDocumentOperation",
		    "Default version of the document can't be deleted." },
		{ "DeleteDocument", "{'Name':'d-1','DocumentVersion':'1'}", NULL, NULL },
		{ "GetDocument", "{'Name':'d-1','DocumentVersion':'1'}", "InvalidDocumentVersion",
		    NULL },
		{ "ListDocuments", "{'Filters':[{'Key':'Owner','Values':['Self']}]}", NULL,
		    "[{'Name':'d-1'," },
		{ "ListDocuments", "{'Filters':[{'Key':'Name','Values':['e']}]}", NULL,
		    "{'DocumentIdentifiers':[]}" },
		{ "DeleteDocument", "{'Name':'d-1'}", NULL, NULL },
		{ "DeleteDocument", "{'Name':'d-1'}", "InvalidDocument", NULL },
	};
	struct rig r;

	rig_open(&r, a);
	RUN(&r, script);
	rig_close(&r);
}

static void
test_too_large(struct arena *a)
{
	struct json *in = json_new_object(a);
	const struct json *out;
	struct rig r;

	rig_open(&r, a);
	json_put_str(a, in, "Name", S("big"));
	json_put_str(a, in, "DocumentType", S("Automation"));
	json_put_str(a, in, "DocumentFormat", S("YAML"));
	json_put_str(a, in, "Content", str_fmt(a, "%*s", 70000, "x"));
	assert_false(rig_try(&r, "ssm", "CreateDocument", in, &out));
	CHECK_STR(r.err.code, "MaxDocumentSizeExceeded", "code");
	rig_close(&r);
}

static void
test_sharing(struct arena *a)
{
	static const struct line owner[] = {
		{ "CreateDocument", YAML("d-1", DOC("")), NULL, NULL },
		{ "ModifyDocumentPermission",
		    "{'Name':'d-1','PermissionType':'Share','AccountIdsToAdd':['12']}",
		    "ValidationException",
		    "AccountIdsToAdd: 12 is neither an account's 12 digits nor all" },
		{ "ModifyDocumentPermission",
		    "{'Name':'d-1','PermissionType':'Share','AccountIdsToAdd':['" RIG_HOSTING "']}",
		    NULL, NULL },
		{ "ModifyDocumentPermission",
		    "{'Name':'d-1','PermissionType':'Share','AccountIdsToAdd':['" RIG_HOSTING "']}",
		    NULL, NULL },
		{ "DescribeDocumentPermission", "{'Name':'d-1','PermissionType':'Share'}", NULL,
		    "'AccountSharingInfoList':[{'AccountId':'" RIG_HOSTING
		    "','SharedDocumentVersion':'$DEFAULT'}],'AccountIds':['" RIG_HOSTING "']" },
		{ "DeleteDocument", "{'Name':'d-1'}", "InvalidDocumentOperation",
		    "Must unshare document first before delete" },
		{ "UpdateDocument",
		    "{'Name':'d-1','DocumentFormat':'YAML','Content':'" DOC(
			"description: two\\n") "'}",
		    NULL, NULL },
	};
	static const struct line other[] = {
		{ "GetDocument", "{'Name':'d-1'}", "InvalidDocument", NULL },
		{ "GetDocument", "{'Name':'" ARN "d-1'}", NULL, "{'Name':'" ARN "d-1'," },
		{ "GetDocument", "{'Name':'" ARN "d-1','DocumentVersion':'1'}", NULL, NULL },
		{ "GetDocument", "{'Name':'" ARN "d-1','DocumentVersion':'2'}",
		    "InvalidDocumentVersion", NULL },
		{ "UpdateDocument",
		    "{'Name':'" ARN "d-1','DocumentFormat':'YAML','Content':'" DOC("") "'}",
		    "ValidationException", NULL },
		{ "DeleteDocument", "{'Name':'" ARN "d-1'}", "InvalidDocument", NULL },
		{ "DescribeDocumentPermission", "{'Name':'" ARN "d-1','PermissionType':'Share'}",
		    "InvalidDocument", NULL },
		{ "ListDocuments", "{}", NULL, "[{'Name':'" ARN "d-1'," },
		{ "ListDocuments", "{'Filters':[{'Key':'Owner','Values':['Self']}]}", NULL,
		    "{'DocumentIdentifiers':[]}" },
	};
	static const struct line unshare[] = {
		{ "ModifyDocumentPermission",
		    "{'Name':'d-1','PermissionType':'Share','AccountIdsToRemove':['" RIG_HOSTING
		    "']}",
		    NULL, NULL },
	};
	static const struct line unshared[] = {
		{ "GetDocument", "{'Name':'" ARN "d-1'}", "InvalidDocument", NULL },
		{ "ListDocuments", "{}", NULL, "{'DocumentIdentifiers':[]}" },
	};
	static const struct line with_all[] = {
		{ "ModifyDocumentPermission",
		    "{'Name':'d-1','PermissionType':'Share','AccountIdsToAdd':['all'],"
		    "'SharedDocumentVersion':'$ALL'}",
		    NULL, NULL },
	};
	static const struct line all_see[] = {
		{ "GetDocument", "{'Name':'" ARN "d-1','DocumentVersion':'2'}", NULL, NULL },
		{ "ListDocuments", "{}", NULL, "[{'Name':'" ARN "d-1'," },
	};
	struct rig r;

	rig_open(&r, a);
	RUN(&r, owner);
	r.as = r.hosting;
	RUN(&r, other);
	r.as = r.main;
	RUN(&r, unshare);
	r.as = r.hosting;
	RUN(&r, unshared);
	r.as = r.main;
	RUN(&r, with_all);
	r.as = r.hosting;
	RUN(&r, all_see);
	rig_close(&r);
}

static void
test_parameters(struct arena *a)
{
	static const struct line script[] = {
		{ "GetParameter", "{'Name':'/a/b'}", "ParameterNotFound", "" },
		{ "PutParameter", "{'Name':'aws-x','Value':'v','Type':'String'}",
		    "ValidationException", "can't be prefixed with" },
		{ "PutParameter", "{'Name':'/SSM/x','Value':'v','Type':'String'}",
		    "ValidationException", NULL },
		{ "PutParameter", "{'Name':'a/b','Value':'v','Type':'String'}",
		    "ValidationException", "fully qualified name" },
		{ "PutParameter", "{'Name':'a b','Value':'v','Type':'String'}",
		    "ValidationException", "can only consist of" },
		{ "PutParameter",
		    "{'Name':'/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16','Value':'v',"
		    "'Type':'String'}",
		    "HierarchyLevelLimitExceededException", "maximum of 15 levels" },
		{ "PutParameter", "{'Name':'/a/b','Value':'v'}", "ValidationException",
		    "A parameter type is required when you create a parameter." },
		{ "PutParameter", "{'Name':'/a/b','Value':'v','Type':'Text'}",
		    "ValidationException", "enum value set" },
		{ "PutParameter",
		    "{'Name':'/a/b','Value':'v1','Type':'String','AllowedPattern':'v\\\\d'}", NULL,
		    "{'Version':1,'Tier':'Standard'}" },
		{ "PutParameter", "{'Name':'/a/b','Value':'v2','Type':'String'}",
		    "ParameterAlreadyExists", "set the overwrite option in the request to true." },
		{ "PutParameter", "{'Name':'/a/b','Value':'w2','Overwrite':true}",
		    "ParameterPatternMismatchException", NULL },
		{ "PutParameter",
		    "{'Name':'/a/b','Value':'v2','Type':'StringList','Overwrite':true}",
		    "HierarchyTypeMismatchException", NULL },
		{ "PutParameter", "{'Name':'/a/b','Value':'v2','Overwrite':true}", NULL,
		    "'Version':2" },
		{ "GetParameter", "{'Name':'/a/b'}", NULL,
		    "{'Name':'/a/b','Type':'String','Value':'v2','Version':2,'LastModifiedDate':"
		    "1651779543,'ARN':'arn:aws:ssm:us-east-1:" RIG_MAIN
		    ":parameter/a/b','DataType':'text'}" },
		{ "GetParameter", "{'Name':'/a/b:1'}", NULL, "'Value':'v1'" },
		{ "GetParameter", "{'Name':'/a/b:2'}", NULL, "'Value':'v2'" },
		{ "GetParameter", "{'Name':'/a/b:3'}", "ParameterVersionNotFound", NULL },
		{ "GetParameter", "{'Name':'/a/b:label'}", "ParameterVersionNotFound", NULL },
		{ "GetParameter", "{'Name':'arn:aws:ssm:us-east-1:" RIG_MAIN ":parameter/a/b'}",
		    NULL, "'Value':'v2'" },
		{ "PutParameter", "{'Name':'plain','Value':'p','Type':'SecureString'}", NULL,
		    NULL },
		{ "GetParameter", "{'Name':'arn:aws:ssm:us-east-1:" RIG_MAIN ":parameter/plain'}",
		    NULL, "'Value':'AQICAH" },
		{ "GetParameter", "{'Name':'plain','WithDecryption':true}", NULL, "'Value':'p'" },
		{ "GetParameters", "{'Names':['plain','none','/a/b:1']}", NULL,
		    "'InvalidParameters':['none']" },
		{ "PutParameter", "{'Name':'/a/c/d','Value':'x,y','Type':'StringList'}", NULL,
		    NULL },
		{ "PutParameter", "{'Name':'/ab','Value':'z','Type':'String'}", NULL, NULL },
		{ "GetParametersByPath", "{'Path':'a'}", "ValidationException",
		    "begin with a slash" },
		{ "GetParametersByPath", "{'Path':'/a','MaxResults':11}", "ValidationException",
		    NULL },
		{ "DeleteParameter", "{'Name':'none'}", "ParameterNotFound", "" },
		{ "DeleteParameter", "{'Name':'/a/b'}", NULL, "{}" },
		{ "GetParameter", "{'Name':'/a/b:1'}", "ParameterNotFound", "" },
		{ "PutParameter", "{'Name':'/a/b','Value':'new','Type':'String'}", NULL,
		    "'Version':1" },
		{ "DeleteParameters", "{'Names':['/a/b','none']}", NULL,
		    "{'DeletedParameters':['/a/b'],'InvalidParameters':['none']}" },
	};
	struct rig r;

	rig_open(&r, a);
	RUN(&r, script);
	rig_close(&r);
}

/* The names in a list of parameters, comma after each. */
static str
names(struct rig *r, const struct json *list)
{
	str all = S("");

	for (const struct json *p = json_first(list); p != NULL; p = p->next)
		all = str_fmt(r->a, STR_FMT STR_FMT ",", STR_ARG(all),
		    STR_ARG(json_str(json_get(p, "Name"))));
	return all;
}

static void
test_parameter_lists(struct arena *a)
{
	static const struct {
		const char *action, *in, *want;
	} cases[] = {
		{ "GetParametersByPath", "{'Path':'/'}", "/top," },
		{ "GetParametersByPath", "{'Path':'/','Recursive':true}",
		    "/a/b,/a/c/d,/a/e,/ab/f,/top," },
		{ "GetParametersByPath", "{'Path':'/a'}", "/a/b,/a/e," },
		{ "GetParametersByPath", "{'Path':'/a/'}", "/a/b,/a/e," },
		{ "GetParametersByPath", "{'Path':'/a','Recursive':true}", "/a/b,/a/c/d,/a/e," },
		{ "GetParametersByPath",
		    "{'Path':'/a','Recursive':true,'ParameterFilters':[{'Key':'Type','Values':["
		    "'StringList']}]}",
		    "/a/c/d," },
		{ "DescribeParameters", "{}", "/a/b,/a/c/d,/a/e,/ab/f,/top,plain," },
		{ "DescribeParameters", "{'Filters':[{'Key':'Name','Values':['/a']}]}",
		    "/a/b,/a/c/d,/a/e,/ab/f," },
		{ "DescribeParameters",
		    "{'ParameterFilters':[{'Key':'Name','Values':['/a/b','plain']}]}",
		    "/a/b,plain," },
		{ "DescribeParameters",
		    "{'ParameterFilters':[{'Key':'Path','Option':'OneLevel','Values':['/a']}]}",
		    "/a/b,/a/e," },
		{ "DescribeParameters", "{'ParameterFilters':[{'Key':'tag:k','Values':['v']}]}",
		    "plain," },
	};
	static const char *const all[] = { "/a/b", "/a/c/d", "/a/e", "/ab/f", "/top" };
	const struct json *page;
	struct rig r;

	rig_open(&r, a);
	for (size_t i = 0; i < countof(all); i++)
		rig_ok(&r, "ssm", "PutParameter", "{'Name':'%s','Value':'v','Type':'%s'}", all[i],
		    i == 1 ? "StringList" : "String");
	rig_ok(&r, "ssm", "PutParameter",
	    "{'Name':'plain','Value':'v','Type':'String','Tags':[{'Key':'k','Value':'v'}]}");
	for (size_t i = 0; i < countof(cases); i++)
		CHECK_STR(names(&r,
			      json_get(rig_ok(&r, "ssm", cases[i].action, "%s", cases[i].in),
				  "Parameters")),
		    cases[i].want, "%s %s", cases[i].action, cases[i].in);
	page = rig_ok(
	    &r, "ssm", "GetParametersByPath", "{'Path':'/','Recursive':true,'MaxResults':3}");
	CHECK_STR(names(&r, json_get(page, "Parameters")), "/a/b,/a/c/d,/a/e,", "first page");
	page = rig_ok(&r, "ssm", "GetParametersByPath",
	    "{'Path':'/','Recursive':true,'MaxResults':3,'NextToken':'" STR_FMT "'}",
	    STR_ARG(json_str(json_get(page, "NextToken"))));
	CHECK_STR(names(&r, json_get(page, "Parameters")), "/ab/f,/top,", "second page");
	assert_null(json_get(page, "NextToken"));
	rig_close(&r);
}

/* A hundred versions stay; older ones go. */
static void
test_parameter_history(struct arena *a)
{
	struct rig r;

	rig_open(&r, a);
	for (int i = 1; i <= 105; i++)
		rig_ok(&r, "ssm", "PutParameter",
		    "{'Name':'p','Value':'v%d','Type':'String','Overwrite':true}", i);
	CHECK_STR(
	    rig_text(rig_ok(&r, "ssm", "GetParameter", "{'Name':'p:6'}"), "Parameter", "Value"),
	    "v6", "the oldest that stays");
	rig_fails(&r, "ssm", "GetParameter", "ParameterVersionNotFound", "{'Name':'p:5'}");
	rig_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_documents),
		TEST(test_too_large),
		TEST(test_sharing),
		TEST(test_parameters),
		TEST(test_parameter_lists),
		TEST(test_parameter_history),
	};

	return RUN_TESTS(tests);
}
