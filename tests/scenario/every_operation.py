# SPDX-License-Identifier: Apache-2.0
"""Calls every operation of a service, as the AWS CLI would, at the endpoint that is given.

usage: every_operation.py URL SERVICE...

The library that the installed AWS CLI is made of writes each request, with the members that are
required and little in them, and must understand what comes back: an answer, or an error of AWS's
form. Prints what was wrong, and last {"answered": N, "unknown": N, "wrong": N}. Keys come from AWS's
variables.
"""
import datetime
import json
import sys

sys.path.insert(0, "/usr/lib/python3/dist-packages")

import awscli  # which carries botocore, and lets it be found

import botocore.config
import botocore.exceptions
import botocore.session

UNKNOWN = {"InvalidAction", "UnknownOperationException", "NotImplemented"}
FAULTS = {"InternalFailure", "InternalError", "InternalServerError", "ServiceUnavailable"}
WORDLESS = {"ParameterNotFound"}  # as in AWS
TEXTS = {
    "Arn": "arn:aws:iam::222222222222:role/none",
    "ARN": "arn:aws:iam::222222222222:role/none",
    "TemplateBody": '{"Resources": {}}',
    "Content": "{}",
}


def text(name, shape):
    if shape.enum:
        return shape.enum[0]
    for end, value in TEXTS.items():
        if name.endswith(end):
            return value
    return "x" * max(shape.metadata.get("min", 1), 1)


def little(name, shape):
    """As little as the shape allows."""
    kind = shape.type_name
    if kind == "structure":
        return {m: little(m, shape.members[m]) for m in shape.required_members}
    if kind == "list":
        return [little(name, shape.member)] * max(shape.metadata.get("min", 0), 0)
    if kind == "map":
        return {}
    if kind == "string":
        return text(name, shape)
    if kind == "timestamp":
        return datetime.datetime(2026, 1, 1)
    if kind == "blob":
        return b"x"
    if kind == "boolean":
        return False
    return max(shape.metadata.get("min", 1), 1)


def outcome(client, operation, params):
    """What came of it: "answered", "unknown", or what was wrong."""
    try:
        client._make_api_call(operation.name, params)
    except botocore.exceptions.ClientError as e:
        code, message = e.response["Error"].get("Code"), e.response["Error"].get("Message")
        if code in UNKNOWN:
            return "unknown"
        if not code or code in FAULTS or not message and code not in WORDLESS:
            return f"error without sense: {e.response}"
    except Exception as e:  # whatever the library could not make sense of
        return f"{type(e).__name__}: {e}"
    return "answered"


def main(url, services):
    session = botocore.session.get_session()
    config = botocore.config.Config(
        parameter_validation=False,
        inject_host_prefix=False,
        retries={"max_attempts": 1},
        s3={"addressing_style": "path"},
    )
    counts = {"answered": 0, "unknown": 0, "wrong": 0}
    for service in services:
        client = session.create_client(
            service, region_name="us-east-1", endpoint_url=url, config=config
        )
        for name in client.meta.service_model.operation_names:
            operation = client.meta.service_model.operation_model(name)
            params = little("", operation.input_shape) if operation.input_shape else {}
            what = outcome(client, operation, params)
            if what not in counts:
                print(f"{service}:{name}: {what}")
                what = "wrong"
            counts[what] += 1
    print(json.dumps(counts))


main(sys.argv[1], sys.argv[2:])
