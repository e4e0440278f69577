/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/catalog/internal.h: what the files of this engine share.
 *
 * Rows, one partition for each kind in each account and region; `detail` is what the API shows of
 * it, in its form:
 *
 *   kind         sk                   detail                   found by ref too
 *   portfolio    port-…               PortfolioDetail
 *   product      prod-…               ProductViewSummary
 *   artifact     prod-…/pa-…          …ArtifactDetail          its product, oldest first
 *   association  port-…/prod-…        –                        its product
 *   principal    port-…/<ARN>         Principal
 *   constraint   cons-…               ConstraintDetail         its portfolio and product
 *   share        port-…/<account>     –                        the account shared with
 *   provisioned  pp-…                 ProvisionedProductDetail  its name
 *   record       rec-…                RecordDetail             its account, newest last
 *   token        <action>/<token>     the answer
 *
 * Rows of a portfolio and its products stand in the account that owns them. Principals stand in the
 * account whose people they are: an import brings none along.
 */
#pragma once

#include "base/arena.h"
#include "cloud/catalog/catalog.h"
#include "cloud/engine.h"

#define CATALOG_SERVICE "servicecatalog.amazonaws.com"

/* --- model.c: ids, names, states, errors ------------------------------------------ */

str catalog_id(struct call *c, const char *prefix);           /* "port" gives "port-4l6…" */
str catalog_pair(struct call *c, str first, str second);      /* "port-…/prod-…" */
str catalog_ref(struct call *c, const char *what, str value); /* for the index of rows */

/* The same for the same account, portfolio and product: paths are not kept. */
str catalog_path_id(struct call *c, str portfolio, str product);

str catalog_portfolio_arn(struct call *c, str account, str id);
str catalog_product_arn(struct call *c, str account, str id);

/* "CREATING" until the service would have made it, then "AVAILABLE". */
str catalog_status(struct call *c, const struct json *row);

/* ResourceNotFoundException "Portfolio not found: port-…" */
bool catalog_missing(struct err *err, const char *what, str id);
/* InvalidParametersException */
bool catalog_invalid(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* ResourceInUseException */
bool catalog_in_use(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Exactly one of two members must be given. */
bool catalog_one_of(struct call *c, const char *x, const char *y, struct err *err);

str catalog_in(const struct call *c, const char *member); /* text of an input member */
void catalog_copy(struct call *c, struct json *to, const char *member, const char *as);

/* Puts one page of list in the answer: PageSize, PageToken, NextPageToken. */
bool catalog_page(struct call *c, const struct json *list, const char *key, struct err *err);

/* --- rows.c ----------------------------------------------------------------------- */

/* A new row of the calling account. */
struct json *catalog_new(struct call *c, const char *kind, str sk);

/* *out is NULL where there is none. */
bool catalog_find(struct call *c, const char *kind, str account, str sk, const struct json **out,
    struct err *err);
bool catalog_del(struct call *c, const char *kind, str account, str sk, struct err *err);

/* A list of rows: all of a kind, those whose sk begins with prefix, or those found by ref. */
bool catalog_list(
    struct call *c, const char *kind, str account, str prefix, struct json **out, struct err *err);
bool catalog_list_by(
    struct call *c, const char *what, str value, struct json **out, struct err *err);

/* Their details. */
struct json *catalog_details(struct call *c, const struct json *rows);

/* By a text of each element, in the input's SortOrder. */
struct json *catalog_sorted(struct call *c, const struct json *list,
    str (*key)(struct call *c, const struct json *element));

/*
 * Runs make once for each token (a member of the input): a repeat with the same input gives the
 * same answer, with another input InvalidParametersException.
 */
bool catalog_once(struct call *c, const char *member, bool (*make)(struct call *c, struct err *err),
    struct err *err);

/* --- portfolio.c ------------------------------------------------------------------ */

/* The account's own, or one that it imported. Fails: ResourceNotFoundException. */
bool catalog_portfolio_load(struct call *c, str id, const struct json **row, struct err *err);
/* The account's own only. */
bool catalog_portfolio_own(struct call *c, str id, const struct json **row, struct err *err);
/* May this account use the portfolio of owner? Its own, or an accepted share. */
bool catalog_portfolio_visible(struct call *c, str id, str owner, bool *visible, struct err *err);
/* All that this account sees, own ones first. */
bool catalog_portfolio_visible_list(struct call *c, struct json **rows, struct err *err);

/* --- product.c, artifact.c -------------------------------------------------------- */

/* The account's own, or one of a portfolio that it sees. Fails: ResourceNotFoundException. */
bool catalog_product_load(struct call *c, str id, const struct json **row, struct err *err);
bool catalog_product_own(struct call *c, str id, const struct json **row, struct err *err);
/* By Id or Name (or other names of the two), among the account's own and those it sees. */
bool catalog_product_named(
    struct call *c, const char *id, const char *name, const struct json **row, struct err *err);
/* Adds the products of portfolios (rows) to rows, each once. */
bool catalog_product_list_of(
    struct call *c, const struct json *portfolios, struct json *rows, struct err *err);
struct json *catalog_product_view(struct call *c, const struct json *row); /* …ViewDetail */

/* Adds a version from ArtifactProperties, reading its template. */
bool catalog_artifact_add(struct call *c, const struct json *product, const struct json *properties,
    const struct json **row, struct err *err);
bool catalog_artifact_list(struct call *c, str product, struct json **rows, struct err *err);
/* By id, or by name, which must be one version's only. */
bool catalog_artifact_named(struct call *c, const struct json *product, str id, str name,
    const struct json **row, struct err *err);
bool catalog_artifact_del(struct call *c, const struct json *row, struct err *err);

/* --- template.c: the catalog's own copies ----------------------------------------- */

/* Reads url as the caller, checks the template unless told not to, keeps it as key. */
bool catalog_template_keep(struct call *c, str url, str key, bool check, struct err *err);
bool catalog_template_load(struct call *c, str key, str *text, struct err *err);
bool catalog_template_del(struct call *c, str key, struct err *err);
str catalog_template_url(struct call *c, str key);
/* Puts ProvisioningArtifactParameters in the answer; with_outputs: the keys of outputs, too. */
bool catalog_template_describe(struct call *c, str key, bool with_outputs, struct err *err);

/* --- path.c ----------------------------------------------------------------------- */

/* One way for the caller to a product: through a portfolio that grants it. */
struct catalog_path {
	str id;
	const struct json *portfolio;   /* rows */
	const struct json *constraint;  /* the LAUNCH one; NULL for none */
	const struct json *constraints; /* all of them, a list of rows */
};

bool catalog_paths(
    struct call *c, str product, struct catalog_path **out, size_t *count, struct err *err);
/* The one that PathId or PathName names, or the only one. */
bool catalog_path_choose(struct call *c, str product, struct catalog_path *out, struct err *err);

/* --- provisioned.c ---------------------------------------------------------------- */

/* By id or name, NULL where there is none. */
bool catalog_provisioned_find(
    struct call *c, str id, str name, const struct json **row, struct err *err);

/* Sets a member of row's detail: both are copied first, the row's tree is never changed. */
void catalog_set_detail(struct call *c, struct json *row, const char *member, str value);

/* --- actions and tasks ------------------------------------------------------------ */

bool catalog_create_portfolio(struct call *c, struct err *err);
bool catalog_list_portfolios(struct call *c, struct err *err);
bool catalog_describe_portfolio(struct call *c, struct err *err);
bool catalog_delete_portfolio(struct call *c, struct err *err);
bool catalog_associate_product(struct call *c, struct err *err);
bool catalog_disassociate_product(struct call *c, struct err *err);
bool catalog_list_portfolios_for_product(struct call *c, struct err *err);
bool catalog_associate_principal(struct call *c, struct err *err);
bool catalog_disassociate_principal(struct call *c, struct err *err);
bool catalog_list_principals(struct call *c, struct err *err);
bool catalog_create_share(struct call *c, struct err *err);
bool catalog_delete_share(struct call *c, struct err *err);
bool catalog_accept_share(struct call *c, struct err *err);
bool catalog_reject_share(struct call *c, struct err *err);
bool catalog_list_accepted_shares(struct call *c, struct err *err);
bool catalog_list_access(struct call *c, struct err *err);
bool catalog_create_product(struct call *c, struct err *err);
bool catalog_describe_product_as_admin(struct call *c, struct err *err);
bool catalog_search_products_as_admin(struct call *c, struct err *err);
bool catalog_delete_product(struct call *c, struct err *err);
bool catalog_create_artifact(struct call *c, struct err *err);
bool catalog_describe_artifact(struct call *c, struct err *err);
bool catalog_list_artifacts(struct call *c, struct err *err);
bool catalog_update_artifact(struct call *c, struct err *err);
bool catalog_delete_artifact(struct call *c, struct err *err);
bool catalog_create_constraint(struct call *c, struct err *err);
bool catalog_describe_constraint(struct call *c, struct err *err);
bool catalog_list_constraints(struct call *c, struct err *err);
bool catalog_delete_constraint(struct call *c, struct err *err);
bool catalog_list_launch_paths(struct call *c, struct err *err);
bool catalog_describe_parameters(struct call *c, struct err *err);
bool catalog_describe_product(struct call *c, struct err *err);
bool catalog_search_products(struct call *c, struct err *err);
bool catalog_provision(struct call *c, struct err *err);
bool catalog_terminate(struct call *c, struct err *err);
bool catalog_describe_provisioned(struct call *c, struct err *err);
bool catalog_scan_provisioned(struct call *c, struct err *err);
bool catalog_search_provisioned(struct call *c, struct err *err);
bool catalog_outputs(struct call *c, struct err *err);
bool catalog_describe_record(struct call *c, struct err *err);
bool catalog_list_records(struct call *c, struct err *err);

bool catalog_record_step(
    struct call *c, const struct item *row, const struct json *result, struct err *err);
