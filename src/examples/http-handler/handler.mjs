// A handler for AWS Lambda's Kafka triggers in plain Node, and a server that runs it for Sluice.
//
//   node src/examples/http-handler/handler.mjs 8080
//   scripts/sluice functions add orders --url http://localhost:8080/
//
// On AWS only `handler` is used; there the server below never starts.
import { realpathSync } from "node:fs";
import http from "node:http";
import { pathToFileURL } from "node:url";

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

function serve(port) {
  const server = http.createServer(async (request, response) => {
    let answer;
    try {
      const chunks = [];
      for await (const chunk of request) {
        chunks.push(chunk);
      }
      answer = await handler(JSON.parse(Buffer.concat(chunks).toString("utf8")));
    } catch (error) {
      // As Lambda says that the function failed; Sluice then tries the batch again.
      response.setHeader("X-Amz-Function-Error", "Unhandled");
      answer = { errorType: error.name, errorMessage: error.message };
    }
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(answer ?? null));
  });
  // Sluice keeps connections open between events; Node would close them after 5 s.
  server.keepAliveTimeout = 60_000;
  server.listen(port, "localhost", () => console.log(`handler listens on http://localhost:${server.address().port}/`));
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  serve(Number(process.argv[2] ?? 8080));
}
