/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/model.c: finds services and operations, and parses an operation's row when it is first
 * asked for.
 *
 * The tables are constant; beside each stands, from the first look-up on, a slot per operation. A
 * slot is filled once, under the one lock, and then read without it.
 */
#include "aws/model.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#include "aws/internal.h"
#include "aws/model_services.h"
#include "base/arena.h"
#include "base/err.h"

struct slot {
	str name, boto_name;
	_Atomic(const struct aws_operation *) operation; /* NULL until asked for */
};

struct parsed_service {
	const struct aws_service *service;
	struct slot *slots;             /* one per row of the service */
	const struct aws_shape **named; /* guarded by parse_lock */
};

static struct arena lasting; /* after start(): guarded by parse_lock */
static pthread_mutex_t parse_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t started = PTHREAD_ONCE_INIT;
static struct parsed_service *parsed; /* one per service; set by start(), then read-only */

static bool
is_lower(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Does a new word begin at i? Acronyms stay whole, also with a plural's s: "ListWebACLs". */
static bool
word_begins(str name, size_t i)
{
	bool last = i + 1 == name.len,
	     next_small = !last && name.ptr[i + 1] >= 'a' && name.ptr[i + 1] <= 'z';

	if (i == 0 || !is_upper(name.ptr[i]))
		return false;
	if (is_lower(name.ptr[i - 1]))
		return true;
	return next_small && !(i + 2 == name.len && name.ptr[i + 1] == 's');
}

str
aws_boto_name(struct arena *a, str name)
{
	char *out = arena_raw(a, 2 * name.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (word_begins(name, i))
			out[len++] = '_';
		out[len++] = is_upper(c) ? (char)(c + ('a' - 'A')) : c;
	}
	return (str){ out, len };
}

static void
start(void)
{
	size_t count = 0;

	while (aws_services[count] != NULL)
		count++;
	parsed = arena_new(&lasting, struct parsed_service, count + 1);
	for (size_t i = 0; i < count; i++) {
		const struct aws_service *service = aws_services[i];

		parsed[i].service = service;
		parsed[i].slots = arena_new(&lasting, struct slot, service->operation_count + 1);
		parsed[i].named =
		    arena_new(&lasting, const struct aws_shape *, service->shape_count + 1);
		for (size_t k = 0; k < service->operation_count; k++) {
			struct slot *slot = &parsed[i].slots[k];

			slot->name = str_of(service->operations[k].name);
			slot->boto_name = aws_boto_name(&lasting, slot->name);
		}
	}
}

static struct parsed_service *
parsed_service(const struct aws_service *service)
{
	pthread_once(&started, start);
	for (struct parsed_service *p = parsed; p->service != NULL; p++) {
		if (p->service == service)
			return p;
	}
	assert(!"a service that is not in the table of services");
	return NULL;
}

static const struct aws_operation *
slot_operation(struct parsed_service *p, struct slot *slot)
{
	const struct aws_operation *op =
	    atomic_load_explicit(&slot->operation, memory_order_acquire);

	if (op != NULL)
		return op;
	pthread_mutex_lock(&parse_lock);
	op = atomic_load_explicit(&slot->operation, memory_order_relaxed);
	if (op == NULL) {
		op = model_parse_operation(
		    &lasting, p->service, &p->service->operations[slot - p->slots], p->named);
		atomic_store_explicit(&slot->operation, op, memory_order_release);
	}
	pthread_mutex_unlock(&parse_lock);
	return op;
}

const struct aws_service *
aws_service_at(size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (aws_services[i] == NULL)
			return NULL;
	}
	return aws_services[index];
}

const struct aws_service *
aws_service_find(str name)
{
	for (size_t i = 0; aws_services[i] != NULL; i++) {
		if (str_is(name, aws_services[i]->name))
			return aws_services[i];
	}
	return NULL;
}

const struct aws_service *
aws_service_by_target(str target_prefix)
{
	for (size_t i = 0; aws_services[i] != NULL; i++) {
		const char *prefix = aws_services[i]->target_prefix;

		if (prefix != NULL && str_is(target_prefix, prefix))
			return aws_services[i];
	}
	return NULL;
}

const struct aws_operation *
aws_operation_of(const struct aws_service *service, str name)
{
	struct parsed_service *p = parsed_service(service);

	for (size_t i = 0; i < service->operation_count; i++) {
		if (str_eq(p->slots[i].name, name))
			return slot_operation(p, &p->slots[i]);
	}
	return NULL;
}

bool
aws_operation_find(str service, str operation, const struct aws_operation **out, struct err *err)
{
	const struct aws_service *s = aws_service_find(service);
	struct parsed_service *p;

	if (s == NULL)
		return err_code(err, ERR_NOT_FOUND, "UnknownService",
		    "AWS service " STR_FMT " is not known here", STR_ARG(service));
	p = parsed_service(s);
	for (size_t i = 0; i < s->operation_count; i++) {
		struct slot *slot = &p->slots[i];

		if (str_eq(slot->name, operation) || str_eq(slot->boto_name, operation)) {
			*out = slot_operation(p, slot);
			return true;
		}
	}
	return err_code(err, ERR_NOT_FOUND, "UnknownOperation",
	    "operation " STR_FMT " of AWS service " STR_FMT " is not known here",
	    STR_ARG(operation), STR_ARG(service));
}

const struct aws_member *
aws_member_find(const struct aws_shape *structure, str name)
{
	for (size_t i = 0; i < structure->member_count; i++) {
		if (str_eq(structure->members[i].name, name))
			return &structure->members[i];
	}
	return NULL;
}
