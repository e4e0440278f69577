/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/error.c: the one table from AWS's error codes to our kinds, and which of them pass.
 *
 * A row is a whole code, or with '*' a beginning or an end. The first that fits counts.
 */
#include "aws/error.h"

static const struct {
	const char *pattern;
	enum err_kind kind;
} kinds[] = {
	/* whole names, where a rule below would be wrong */
	{ "LimitExceeded", ERR_CONFLICT },          /* iam: a quota, not a rate */
	{ "LimitExceededException", ERR_CONFLICT }, /* the same, though retried (aws.md 7.7) */
	{ "RequestTimeout", ERR_TIMEOUT },
	{ "RequestTimeoutException", ERR_TIMEOUT },
	{ "SignatureDoesNotMatch", ERR_UNAUTHENTICATED },
	{ "InvalidSignatureException", ERR_UNAUTHENTICATED },
	{ "InvalidClientTokenId", ERR_UNAUTHENTICATED },
	{ "InvalidAccessKeyId", ERR_UNAUTHENTICATED },
	{ "InvalidToken", ERR_UNAUTHENTICATED },
	{ "UnrecognizedClientException", ERR_UNAUTHENTICATED },
	{ "MissingAuthenticationToken*", ERR_UNAUTHENTICATED },
	{ "IncompleteSignature*", ERR_UNAUTHENTICATED },
	{ "ExpiredToken*", ERR_UNAUTHENTICATED },
	{ "RequestExpired", ERR_UNAUTHENTICATED },
	{ "RequestTimeTooSkewed", ERR_UNAUTHENTICATED },
	{ "AuthFailure", ERR_UNAUTHENTICATED },
	{ "AuthorizationHeaderMalformed", ERR_UNAUTHENTICATED },
	/* may not */
	{ "AccessDenied*", ERR_DENIED },
	{ "UnauthorizedOperation", ERR_DENIED },
	{ "NotAuthorizedException", ERR_DENIED },
	{ "OptInRequired", ERR_DENIED },
	{ "403", ERR_DENIED },
	/* is not there */
	{ "NoSuch*", ERR_NOT_FOUND },
	{ "*NotFound", ERR_NOT_FOUND },
	{ "*NotFoundException", ERR_NOT_FOUND },
	{ "ChangeSetNotFound", ERR_NOT_FOUND },
	{ "InvalidDocument", ERR_NOT_FOUND }, /* ssm: the document does not exist */
	{ "*DoesNotExist", ERR_NOT_FOUND },
	{ "404", ERR_NOT_FOUND },
	/* stands in the way */
	{ "*AlreadyExists", ERR_CONFLICT },
	{ "*AlreadyExistsException", ERR_CONFLICT },
	{ "AlreadyExistsException", ERR_CONFLICT },
	{ "*ConflictException", ERR_CONFLICT },
	{ "*InUse", ERR_CONFLICT },
	{ "*InUseException", ERR_CONFLICT },
	{ "DuplicateResourceException", ERR_CONFLICT },
	{ "*.Duplicate", ERR_CONFLICT },
	{ "InvalidStateException", ERR_CONFLICT },
	{ "IncorrectInstanceState", ERR_CONFLICT },
	{ "DeleteConflict", ERR_CONFLICT },
	{ "DependencyViolation", ERR_CONFLICT },
	{ "ConcurrentModification", ERR_CONFLICT },
	{ "ConditionalCheckFailedException", ERR_CONFLICT },
	{ "TransactionCanceledException", ERR_CONFLICT },
	{ "BucketAlreadyOwnedByYou", ERR_CONFLICT },
	{ "BucketNotEmpty", ERR_CONFLICT },
	{ "IdempotentParameterMismatch*", ERR_CONFLICT },
	{ "PreconditionFailed", ERR_CONFLICT },
	/* too much */
	{ "EntityTooLarge", ERR_TOO_LARGE },
	{ "RequestEntityTooLarge*", ERR_TOO_LARGE },
	{ "MaxDocumentSizeExceeded", ERR_TOO_LARGE },
	{ "*Throttl*", ERR_THROTTLED },
	{ "TooManyRequestsException", ERR_THROTTLED },
	{ "ProvisionedThroughputExceededException", ERR_THROTTLED },
	{ "RequestLimitExceeded", ERR_THROTTLED },
	{ "BandwidthLimitExceeded", ERR_THROTTLED },
	{ "SlowDown", ERR_THROTTLED },
	/* theirs */
	{ "Internal*", ERR_UPSTREAM },
	{ "ServiceUnavailable*", ERR_UPSTREAM },
	{ "ServiceFailure*", ERR_UPSTREAM },
};

/* Does code fit a row's pattern, with '*' at the beginning, the end or both? */
static bool
fits(str code, const char *pattern)
{
	str p = str_of(pattern);
	bool head = str_starts(p, S("*")), tail = str_ends(p, S("*"));
	str core = str_sub(p, head ? 1 : 0, p.len - (head ? 1 : 0) - (tail ? 1 : 0));

	if (head && tail)
		return str_has(code, core);
	if (head)
		return str_ends(code, core);
	return tail ? str_starts(code, core) : str_eq(code, core);
}

static enum err_kind
kind_of_status(int status)
{
	switch (status) {
	case 401:
		return ERR_UNAUTHENTICATED;
	case 403:
		return ERR_DENIED;
	case 404:
		return ERR_NOT_FOUND;
	case 409:
	case 412:
		return ERR_CONFLICT;
	case 413:
		return ERR_TOO_LARGE;
	case 429:
		return ERR_THROTTLED;
	default:
		return status >= 400 && status < 500 ? ERR_INVALID : ERR_UPSTREAM;
	}
}

enum err_kind
aws_error_kind(str code, int status)
{
	for (size_t i = 0; i < countof(kinds); i++) {
		if (fits(code, kinds[i].pattern))
			return kinds[i].kind;
	}
	return kind_of_status(status);
}

/* aws.md 7.7 */
static const char *const throttling[] = { "Throttling", "ThrottlingException", "ThrottledException",
	"RequestThrottledException", "RequestThrottled", "TooManyRequestsException",
	"ProvisionedThroughputExceededException", "TransactionInProgressException",
	"RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "SlowDown",
	"PriorRequestNotComplete", "EC2ThrottledException" };

static const char *const transient[] = { "RequestTimeout", "RequestTimeoutException",
	"InternalError", "IDPCommunicationError" };

/* A clock that is off shows in these, or in a signature that expired or is not valid yet. */
static const char *const clock_codes[] = { "RequestTimeTooSkewed", "RequestExpired",
	"RequestInTheFuture" };

static bool
stands_in(str code, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (str_is(code, list[i]))
			return true;
	}
	return false;
}

static bool
is_clock(const struct err *err)
{
	bool signature =
	    err_is(err, "SignatureDoesNotMatch") || err_is(err, "InvalidSignatureException");

	return stands_in(err->code, clock_codes, countof(clock_codes)) ||
	    (signature &&
		(str_starts(err->msg, S("Signature expired")) ||
		    str_starts(err->msg, S("Signature not yet current"))));
}

enum aws_retry
aws_error_retry(const struct err *err, int status)
{
	if (status == 0)
		return err->kind == ERR_TIMEOUT || err->kind == ERR_UPSTREAM ? AWS_RETRY_TRANSIENT
									     : AWS_RETRY_NEVER;
	if (stands_in(err->code, throttling, countof(throttling)) || status == 429)
		return AWS_RETRY_THROTTLED;
	if (stands_in(err->code, transient, countof(transient)) || status == 500 || status == 502 ||
	    status == 503 || status == 504)
		return AWS_RETRY_TRANSIENT;
	return is_clock(err) ? AWS_RETRY_CLOCK : AWS_RETRY_NEVER;
}
