/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_emr.c: the operations of EMR with which a cluster is watched. */
#include "aws/model_services.h"

static const struct aws_operation_row operations[] = {
	{ "DescribeCluster", "ClusterId!:s", "Cluster:Cluster" },
	{ "ListInstances",
	    "ClusterId!:s InstanceGroupId:s InstanceGroupTypes:[s] InstanceStates:[s] Marker:s",
	    "Instances:[Instance] Marker:s" },
};

static const struct aws_named_shape shapes[] = {
	{ "Cluster",
	    "Id:s Name:s Status:{State:s StateChangeReason:{Code:s Message:s} Timeline:{"
	    "CreationDateTime:t ReadyDateTime:t EndDateTime:t}} MasterPublicDnsName:s ClusterArn:s "
	    "ReleaseLabel:s" },
	{ "Instance",
	    "Id:s Ec2InstanceId:s PublicDnsName:s PublicIpAddress:s PrivateDnsName:s "
	    "PrivateIpAddress:s Status:{State:s StateChangeReason:{Code:s Message:s}} "
	    "InstanceGroupId:s InstanceType:s" },
};

const struct aws_service aws_service_emr = {
	.name = "emr",
	.endpoint_prefix = "elasticmapreduce",
	.signing_name = "elasticmapreduce",
	.target_prefix = "ElasticMapReduce",
	.version = "2009-03-31",
	.protocol = AWS_JSON_1_1,
	.operations = operations,
	.operation_count = countof(operations),
	.shapes = shapes,
	.shape_count = countof(shapes),
};
