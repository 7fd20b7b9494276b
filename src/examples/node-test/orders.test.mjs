import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startSluice } from "./sluice.mjs";

const HANDLERS = process.env.HANDLERS ?? "../node-esm";
let server;
before(async () => { server = await startSluice(); });
after(() => server.stop());

test("an order reaches the handler", async () => {
  const sluice = server.test();
  const name = await sluice.function("orders", HANDLERS, "index.handler", { timeoutSeconds: 30 });
  const mapping = await sluice.mapping(name);
  await sluice.produce(mapping, '{"item":"book"}');
  await sluice.awaitDrained(mapping);
  assert.match(await sluice.logs(name), /\{"item":"book"\}/);
  await sluice.end();
});

test("a failure says why", async () => {
  const sluice = server.test();
  const name = await sluice.function("orders", HANDLERS, "index.nobody", { timeoutSeconds: 30 });
  const mapping = await sluice.mapping(name);
  await sluice.produce(mapping, "one");
  await assert.rejects(sluice.awaitDrained(mapping, 5), /nobody/);
});

test("a window of five minutes is over at once", async () => {
  const sluice = server.test();
  const name = await sluice.function("orders", HANDLERS, "index.handler", { timeoutSeconds: 30 });
  const mapping = await sluice.mapping(name, { BatchSize: 100, MaximumBatchingWindowInSeconds: 300 });
  await sluice.produce(mapping, "one", "two");
  await sluice.advance("PT4M", mapping);
  assert.equal(await sluice.logs(name), "");
  await sluice.advance("PT1M");
  await sluice.awaitDrained(mapping);
  assert.match(await sluice.logs(name), /value=one[^]*value=two/);
  await sluice.end();
});
