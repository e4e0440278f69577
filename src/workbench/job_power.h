/* SPDX-License-Identifier: Apache-2.0 */
/* How start and stop end: for their jobs, and for events that say so first. */
#pragma once

#include "workbench/job.h"

/* Ends the operation with the environment in status to; error is empty where that is what was
 * asked for. Fails as the store fails. */
bool job_power_end(struct job *j, enum env_status to, str error, const char *why, struct err *err);

/* The row is woken to ask: an event says something that must be confirmed. */
void job_power_ask(struct job *j);
