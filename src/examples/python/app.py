"""Logs every Kafka record it gets: a handler for AWS Lambda's Kafka triggers in Python, with nothing but the standard library."""
import base64


def handler(event, context):
    count = 0
    for records in event["records"].values():
        for record in records:
            print(f"{record['topic']}-{record['partition']}@{record['offset']} "
                  f"key={text(record.get('key'))} value={text(record.get('value'))}")
            count += 1
    return f"{count} records"


def text(encoded):
    """Keys and values arrive as base64; a record may have neither (a tombstone has no value)."""
    return None if encoded is None else base64.b64decode(encoded).decode("utf-8", "replace")
