// Counts the quads of a Turtle or TriG file with N3.js: node engine_n3.js FILE
const { StreamParser } = require("n3");
const fs = require("fs");
const file = process.argv[2];
const parser = new StreamParser({ format: file.endsWith(".trig") ? "application/trig" : "text/turtle" });
let count = 0;
const fail = (error) => {
  console.error(error.message);
  process.exit(1);
};
parser.on("data", () => count++).on("error", fail).on("end", () => console.log(count));
fs.createReadStream(file).on("error", fail).pipe(parser);
