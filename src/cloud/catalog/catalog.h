/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Service Catalog: portfolios of products, shared between accounts; products launched as stacks
 * under a launch role, with records that outlive them.
 *
 * The promise. What ProvisionProduct and TerminateProvisionedProduct answer is a record; its work
 * goes on by steps that are safe to repeat and ends in SUCCEEDED or FAILED. Parameters are judged
 * by CloudFormation, after the call has returned. A product that failed stays, in ERROR, with the
 * words of the first resource that failed, until it is terminated.
 */
#pragma once

struct engine;

extern const struct engine catalog_engine;
