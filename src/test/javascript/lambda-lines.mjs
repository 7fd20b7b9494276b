// Speaks to Lambda's API by the AWS SDK for JavaScript, for the tests: a JSON object a line on standard input, one as its answer.
// {"call": OPERATION, "members": …}, {"await": WAITER, "members": …} or {"pages": OPERATION, "pageSize": N, "members": …};
// {"$file": PATH} among the members stands for the bytes of that file.
import * as lambda from "@aws-sdk/client-lambda";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const client = new lambda.LambdaClient({});

function withFiles(value) {
  if (Array.isArray(value)) {
    return value.map(withFiles);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  if ("$file" in value) {
    return readFileSync(value.$file);
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withFiles(member)]));
}

function plain(output) {
  const { $metadata, ...answer } = output;
  if (answer.Payload instanceof Uint8Array) {
    answer.Payload = Buffer.from(answer.Payload).toString();
  }
  return answer;
}

async function answer(request) {
  const members = withFiles(request.members);
  if (request.await) {
    const result = await lambda[`waitUntil${request.await}`]({ client, maxWaitTime: 60, minDelay: 1 }, members);
    return { answer: { state: result.state } };
  }
  if (request.pages) {
    const pages = [];
    for await (const page of lambda[`paginate${request.pages}`]({ client, pageSize: request.pageSize }, members)) {
      pages.push(plain(page));
    }
    return { answer: pages };
  }
  return { answer: plain(await client.send(new lambda[`${request.call}Command`](members))) };
}

for await (const line of createInterface({ input: process.stdin })) {
  let result;
  try {
    result = await answer(JSON.parse(line));
  } catch (error) {
    const refused = error instanceof lambda.LambdaServiceException;
    result = refused ? { refused: error.name, message: error.message } : { failed: String(error) };
  }
  process.stdout.write(JSON.stringify(result) + "\n");
}
