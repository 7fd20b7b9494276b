import { appendFile, mkdir } from "node:fs/promises";

const directory = process.env.DIRECTORY;

export const handler = async (event) => {
  const lines = Object.values(event.records).flat().map((record) => `${record.partition} ${record.offset}\n`);
  console.log(`got ${lines.length}`);
  await appendFile(`${directory}/seen`, lines.join(""));
  if (lines.includes("1 125\n") && (await mkdir(`${directory}/failed`, { recursive: true }))) {
    throw new Error("told to fail");
  }
  await appendFile(`${directory}/done`, lines.join(""));
  return "ok";
};
