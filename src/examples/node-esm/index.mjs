// Logs every Kafka record it gets: a handler for AWS Lambda's Kafka triggers in Node, as an ES module.
import { Buffer } from "node:buffer";

export const handler = async (event) => {
  let count = 0;
  for (const records of Object.values(event.records)) {
    for (const record of records) {
      console.log(`${record.topic}-${record.partition}@${record.offset} key=${text(record.key)} value=${text(record.value)}`);
      count++;
    }
  }
  return `${count} records`;
};

// Keys and values arrive as base64; a record may have neither (a tombstone has no value).
function text(base64) {
  return base64 === undefined ? null : Buffer.from(base64, "base64").toString("utf8");
}
