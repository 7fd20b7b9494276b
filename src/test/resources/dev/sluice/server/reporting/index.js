const fs = require("fs");
const directory = process.env.DIRECTORY;

exports.handler = async (event) => {
  const lines = Object.values(event.records).flat().map((record) => `${record.partition} ${record.offset}\n`);
  console.log("got", lines.length);
  fs.appendFileSync(`${directory}/seen`, lines.join(""));
  if (lines.includes("1 125\n") && !fs.existsSync(`${directory}/failed`)) {
    fs.mkdirSync(`${directory}/failed`);
    throw new Error("told to fail");
  }
  fs.appendFileSync(`${directory}/done`, lines.join(""));
  return "ok";
};
