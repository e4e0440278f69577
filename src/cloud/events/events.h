/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EventBridge: buses, rules, targets, connections, API destinations, and delivery.
 *
 * What PutEvents has answered with an EventId reaches every target of every rule that takes it, at
 * least once, in the order in which it was put, unless the target refuses it or its retry policy
 * runs out. Over buses an event keeps its id, account, region and time.
 */
#pragma once

extern const struct engine events_engine;
