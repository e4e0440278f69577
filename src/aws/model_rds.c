/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_rds.c: the operations of RDS with which a database is driven. */
#include "aws/model_services.h"

static const struct aws_operation_row operations[] = {
	{ "DescribeDBInstances", "DBInstanceIdentifier:s MaxRecords:i Marker:s",
	    "Marker:s DBInstances:[DBInstance:DBInstance]" },
	{ "StartDBInstance", "DBInstanceIdentifier!:s", "DBInstance:DBInstance" },
	{ "StopDBInstance", "DBInstanceIdentifier!:s DBSnapshotIdentifier:s",
	    "DBInstance:DBInstance" },
};

static const struct aws_named_shape shapes[] = {
	{ "DBInstance",
	    "DBInstanceIdentifier:s DBInstanceClass:s Engine:s DBInstanceStatus:s MasterUsername:s "
	    "DBName:s Endpoint:{Address:s Port:i HostedZoneId:s} InstanceCreateTime:t "
	    "DbiResourceId:s DBInstanceArn:s" },
};

const struct aws_service aws_service_rds = {
	.name = "rds",
	.endpoint_prefix = "rds",
	.signing_name = "rds",
	.version = "2014-10-31",
	.xml_namespace = "http://rds.amazonaws.com/doc/2014-10-31/",
	.protocol = AWS_QUERY,
	.operations = operations,
	.operation_count = countof(operations),
	.shapes = shapes,
	.shape_count = countof(shapes),
};
