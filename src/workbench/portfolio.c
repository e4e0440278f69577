/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/portfolio.c: finds what publishing made before, by its names.
 *
 * Idempotency tokens protect a repeated call for a while only; names are for ever.
 */
#include "workbench/portfolio.h"

#include "aws/client.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "workbench/internal.h"
#include "workbench/paging.h"

/* The element whose member has that text. */
static const struct json *
with_text(const struct json *list, const char *member, str text)
{
	for (const struct json *e = json_first(list); e != NULL; e = e->next)
		if (str_eq(json_str(json_get(e, member)), text))
			return e;
	return NULL;
}

static bool
create(struct workbench *wb, struct arena *a, const struct aws_credentials *as, str *id,
    struct err *err)
{
	struct json *in = json_new_object(a);
	const struct json *answer;

	json_put_str(a, in, "DisplayName", wb->o.stack);
	json_put_str(a, in, "ProviderName", S("_system_"));
	json_put_str(a, in, "IdempotencyToken",
	    id_uuid_from(a, str_fmt(a, "portfolio " STR_FMT, STR_ARG(wb->o.stack))));
	if (!aws_call(wb->o.aws, a, as, "servicecatalog", "CreatePortfolio", in, &answer, err))
		return false;
	*id = json_str(json_path(answer, "PortfolioDetail", "Id", NULL));
	return true;
}

bool
portfolio_ensure(struct workbench *wb, struct arena *a, const struct aws_credentials *as, str *id,
    struct err *err)
{
	static const struct paging all = { "servicecatalog", "ListPortfolios", "PortfolioDetails",
		"PageToken", "NextPageToken" };
	const struct json *list, *found;

	if (!paging_all(wb, a, as, &all, NULL, &list, err))
		return false;
	found = with_text(list, "DisplayName", wb->o.stack);
	if (found == NULL)
		return create(wb, a, as, id, err);
	*id = json_str(json_get(found, "Id"));
	return true;
}

bool
portfolio_product(struct workbench *wb, struct arena *a, const struct aws_credentials *as,
    str portfolio_id, str name, str *product_id, struct err *err)
{
	static const struct paging all = { "servicecatalog", "SearchProductsAsAdmin",
		"ProductViewDetails", "PageToken", "NextPageToken" };
	struct json *in = json_new_object(a);
	const struct json *list;

	*product_id = (str){ 0 };
	json_put_str(a, in, "PortfolioId", portfolio_id);
	if (!paging_all(wb, a, as, &all, in, &list, err))
		return false;
	for (const struct json *p = json_first(list); p != NULL; p = p->next) {
		const struct json *summary = json_get(p, "ProductViewSummary");

		if (str_eq(json_str(json_get(summary, "Name")), name))
			*product_id = json_str(json_get(summary, "ProductId"));
	}
	return true;
}

bool
portfolio_artifact(struct workbench *wb, struct arena *a, const struct aws_credentials *as,
    str product_id, str description, str *artifact_id, struct err *err)
{
	struct json *in = json_new_object(a);
	const struct json *answer, *found;

	*artifact_id = (str){ 0 };
	json_put_str(a, in, "ProductId", product_id);
	if (!aws_call(
		wb->o.aws, a, as, "servicecatalog", "ListProvisioningArtifacts", in, &answer, err))
		return false;
	found =
	    with_text(json_get(answer, "ProvisioningArtifactDetails"), "Description", description);
	*artifact_id = json_str(json_get(found, "Id"));
	return true;
}

bool
portfolio_is_constrained(struct workbench *wb, struct arena *a, const struct aws_credentials *as,
    str portfolio_id, str product_id, bool *out, struct err *err)
{
	static const struct paging all = { "servicecatalog", "ListConstraintsForPortfolio",
		"ConstraintDetails", "PageToken", "NextPageToken" };
	struct json *in = json_new_object(a);
	const struct json *list;

	json_put_str(a, in, "PortfolioId", portfolio_id);
	json_put_str(a, in, "ProductId", product_id);
	if (!paging_all(wb, a, as, &all, in, &list, err))
		return false;
	*out = with_text(list, "Type", S("LAUNCH")) != NULL;
	return true;
}
