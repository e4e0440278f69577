/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EC2's networks: VPCs, subnets, security groups, internet gateways, route tables, network
 * interfaces and tags, with EC2's error codes. Nothing is routed: they are what stacks build,
 * what depends on what, and what may not be deleted yet.
 *
 * There is no default VPC, and no IPv6.
 */
#pragma once

extern const struct engine ec2_engine;
