// The least that answers Lambda's events: it sends each back as it came.
import net from "node:net";

const [, host, port] = /^(.*):(\d+)$/.exec(process.env.AWS_LAMBDA_RUNTIME_API);
const api = " /2018-06-01/runtime/invocation/";
const connection = net.connect({ host, port: Number(port), noDelay: true });
let received = Buffer.alloc(0);
let asksNext = true;

const askNext = () => connection.write(`GET${api}next HTTP/1.1\r\nHost: runtime\r\n\r\n`);

connection.on("connect", askNext);
connection.on("data", (bytes) => {
  received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
  const headEnd = received.indexOf("\r\n\r\n");
  if (headEnd < 0) {
    return;
  }
  const head = received.latin1Slice(0, headEnd);
  const end = headEnd + 4 + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  if (received.length < end) {
    return;
  }
  const event = received.subarray(headEnd + 4, end);
  received = received.subarray(end);
  if (asksNext) {
    const id = /^lambda-runtime-aws-request-id: *(\S+)/im.exec(head)[1];
    const start = `POST${api}${id}/response HTTP/1.1\r\nHost: runtime\r\nContent-Length: ${event.length}\r\n\r\n`;
    connection.write(Buffer.concat([Buffer.from(start, "latin1"), event]));
  } else {
    askNext();
  }
  asksNext = !asksNext;
});
