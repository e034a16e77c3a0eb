import assert from "node:assert/strict";
import { firstLine } from "../../../../src/server/agents/first-line.ts";

describe("the first line of what an agent asks", () => {
  const table: [text: string, line: string][] = [
    ["touch x", "touch x"],
    ["\n  touch x \n\n", "touch x"],
    ["touch x\nrm -rf build", "touch x … (+1 line)"],
    ["a\nb\n\nc", "a … (+2 lines)"],
    ["x".repeat(101), `${"x".repeat(99)}…`],
    [`${"x".repeat(100)}\ny`, `${"x".repeat(100)} … (+1 line)`],
    ["", ""],
  ];
  for (const [text, line] of table) {
    it(`of ${JSON.stringify(text.slice(0, 30))} is ${JSON.stringify(line.slice(0, 30))}`, () => {
      assert.equal(firstLine(text), line);
    });
  }
});
