/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SageMaker notebook instances over a compute driver, and their lifecycle configurations.
 *
 * Every change of an instance's status is told as an event, with a LastModifiedTime that never
 * stands still. What an instance is doing is in its row, so a restart in the middle goes on.
 */
#pragma once

extern const struct engine sagemaker_engine;
