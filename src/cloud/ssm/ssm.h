/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Systems Manager: automation documents, shared between accounts; automations; parameters.
 *
 * An automation that StartAutomationExecution has answered with an id runs to an end, over a
 * restart at any moment: each step is one transaction, so a step repeated has no second effect.
 */
#pragma once

extern const struct engine ssm_engine;
