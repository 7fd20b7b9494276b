// Sluice as a fixture of node:test or Jest. Copy this file beside your tests; it needs @aws-sdk/client-lambda, and the command sluice (or SLUICE=path/to/scripts/sluice).
import { CreateEventSourceMappingCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** One server for the run: `const server = await startSluice()` before all tests, `await server.stop()` after them. */
export async function startSluice() {
  const directory = mkdtempSync(join(tmpdir(), "sluice-"));
  const ready = join(directory, "ready.json");
  const log = openSync(join(directory, "log"), "w");
  const child = spawn(process.env.SLUICE ?? "sluice", ["serve", "--port", "0", "--embedded-kafka-port", "0", "--quiet", "--data-dir",
    join(directory, "data"), "--ready-file", ready, "--exit-with-parent", "--allow-reset", "--movable-clock"], { stdio: ["ignore", log, log] });
  const ended = new Promise((end) => child.once("exit", end));
  for (; !existsSync(ready); await sleep(50)) {
    if (child.exitCode !== null) throw new Error(readFileSync(join(directory, "log"), "utf8"));
  }
  const server = JSON.parse(readFileSync(ready, "utf8"));
  return { ...server, test: () => new Sluice(server), stop: () => (child.kill(), ended) };
}

/** What one test sees: an account of its own, so that none meets what another has made. */
class Sluice {
  constructor(server) {
    this.server = server;
    this.account = String(randomInt(10 ** 11, 10 ** 12));
    this.aws = new LambdaClient({ endpoint: server.url, region: server.region, credentials: { accessKeyId: this.account, secretAccessKey: "made-up" } });
  }

  async control(method, path, body) {
    const answer = await fetch(`${this.server.url}/_sluice/${path}`, { method, body: body && JSON.stringify(body), headers: { "Content-Type": "application/json" } });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.status === 204 ? {} : answer.json();
  }

  /** Registers a handler of the working tree, for this test alone; answers its name. */
  async function(name, directory, handler, settings = {}) {
    await this.control("PUT", `functions/${name}?accountId=${this.account}&region=${this.server.region}`,
      { directory: resolve(directory), handler, runtime: "nodejs22.x", ...settings });
    return name;
  }

  /** Creates a mapping with any of AWS's members, of a fresh topic when none is named; answers what AWS answers. */
  mapping(functionName, { topic = `topic-${this.account}-${randomInt(10 ** 6)}`, ...members } = {}) {
    return this.aws.send(new CreateEventSourceMappingCommand({ FunctionName: functionName, Topics: [topic], StartingPosition: "TRIM_HORIZON",
      EventSourceArn: `arn:aws:kafka:${this.server.region}:${this.account}:cluster/test/00000000-0000-0000-0000-000000000000-1`, ...members }));
  }

  produce(mapping, ...values) { return this.control("POST", `topics/${mapping.Topics[0]}/records`, { records: values.map((value) => ({ value })) }); }

  /** Moves time on by "PT5M", say, for all tests, once these mappings read: windows end, records age, backoffs pass, all at once. */
  async advance(duration, ...mappings) {
    for (const mapping of mappings) await this.until(mapping, (now) => now.State === "Enabled");
    return this.control("POST", "advance", { duration });
  }

  /** Returns when all that was written is done with: delivered, filtered or given up. */
  awaitDrained(mapping, seconds) { return this.until(mapping, (now) => now.detail?.lag === 0, seconds); }

  /** Returns when this holds of the mapping. Fails with why it does not. */
  async until(mapping, holds, seconds = 30) {
    for (const deadline = Date.now() + seconds * 1000; ; await sleep(50)) {
      const now = await this.control("GET", `mappings/${mapping.UUID}`);
      if (holds(now)) return now;
      if (Date.now() > deadline) throw new Error(now.diagnosis.map((why) => `${why.sentence}  ${why.figures}  ${why.command ?? ""}`).join("\n"));
    }
  }

  async logs(functionName) {
    const { lines } = await this.control("GET", `functions/${functionName}/logs`);
    return lines.filter((line) => line.accountId === this.account).map((line) => line.text).join("\n");
  }

  /** Takes away what this test has made. */
  end() { return this.control("POST", `reset?accountId=${this.account}`); }
}
