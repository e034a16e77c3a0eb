import assert from "node:assert/strict";
import { LineSplitter } from "../../../../src/server/signals/line-splitter.ts";

function linesOf(chunks: readonly (Buffer | string)[], maxLineBytes = 100): string[] {
  const splitter = new LineSplitter(maxLineBytes);
  return chunks.flatMap((chunk) => [...splitter.push(Buffer.from(chunk))]);
}

describe("The line splitter", () => {
  it("gives lines once they have ended", () => {
    assert.deepEqual(linesOf(["one\ntwo\nthr"]), ["one", "two"]);
  });

  it("gives the same lines wherever the bytes are cut", () => {
    const bytes = Buffer.from("ünï\n\n日本 🙂\nlast\n");
    for (let cut = 0; cut <= bytes.length; cut++) {
      assert.deepEqual(
        linesOf([bytes.subarray(0, cut), bytes.subarray(cut)]),
        ["ünï", "", "日本 🙂", "last"],
        `cut at ${cut}`,
      );
    }
    assert.deepEqual(linesOf([...bytes].map((byte) => Buffer.from([byte]))), ["ünï", "", "日本 🙂", "last"]);
  });

  it("keeps nothing of a chunk that is written to again", () => {
    const splitter = new LineSplitter(100);
    const chunk = Buffer.from("begun");
    assert.deepEqual([...splitter.push(chunk)], []);
    chunk.fill("x");
    assert.deepEqual([...splitter.push(Buffer.from("\n"))], ["begun"]);
  });

  it("leaves out a line that is too long, and only that", () => {
    assert.deepEqual(linesOf(["12345\n123456\n12345\n"], 5), ["12345", "12345"]);
    assert.deepEqual(linesOf(["123", "456", "789\n12", "345\n"], 5), ["12345"]);
  });

  it("gives what has no end as a line when nothing more comes", () => {
    const splitter = new LineSplitter(5);
    const endAfter = (chunk: string) => [[...splitter.push(Buffer.from(chunk))], splitter.end()];
    assert.deepEqual(endAfter("one\ntwo"), [["one"], "two"]);
    assert.deepEqual(endAfter("three\n"), [["three"], null]);
    assert.deepEqual(endAfter("too long"), [[], null]);
    assert.deepEqual(endAfter("last"), [[], "last"]);
  });
});
