import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startSluice } from "./sluice.mjs";

const HANDLERS = process.env.HANDLERS ?? "../node-esm";
let server;
beforeAll(async () => { server = await startSluice(); });
afterAll(() => server.stop());

test("an order reaches the handler", async () => {
  const sluice = server.test();
  const name = await sluice.function("orders", HANDLERS, "index.handler", { timeoutSeconds: 30 });
  const mapping = await sluice.mapping(name);
  await sluice.produce(mapping, '{"item":"book"}');
  await sluice.awaitDrained(mapping);
  expect(await sluice.logs(name)).toContain('{"item":"book"}');
  await sluice.end();
});
