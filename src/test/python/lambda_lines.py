"""Speaks to Lambda's API by boto3, for the tests: one JSON object a line on standard input, one a line as answer.

{"call": OPERATION, "members": ...}, {"await": WAITER, "members": ...} or {"pages": OPERATION, "pageSize": N, "members": ...};
{"$file": PATH} among the members stands for the bytes of that file.
"""
import json
import sys

import boto3
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError


def with_files(value):
    if isinstance(value, list):
        return [with_files(element) for element in value]
    if not isinstance(value, dict):
        return value
    if "$file" in value:
        with open(value["$file"], "rb") as file:
            return file.read()
    return {name: with_files(member) for name, member in value.items()}


def plain(output):
    output.pop("ResponseMetadata", None)
    if hasattr(output.get("Payload"), "read"):
        output["Payload"] = output["Payload"].read().decode()
    return output


def answer(client, request):
    members = with_files(request["members"])
    if "await" in request:
        client.get_waiter(xform_name(request["await"])).wait(**members)
        return {}
    if "pages" in request:
        paginator = client.get_paginator(xform_name(request["pages"]))
        return [plain(page) for page in paginator.paginate(**members, PaginationConfig={"PageSize": request["pageSize"]})]
    return plain(getattr(client, xform_name(request["call"]))(**members))


def main():
    client = boto3.client("lambda")
    for line in sys.stdin:
        try:
            result = {"answer": answer(client, json.loads(line))}
        except ClientError as error:
            result = {"refused": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}
        except BotoCoreError as error:
            result = {"failed": str(error)}
        print(json.dumps(result, default=str), flush=True)


main()
