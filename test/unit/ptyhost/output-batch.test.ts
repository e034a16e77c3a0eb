import assert from "node:assert/strict";
import { mock } from "node:test";
import { MAX_FRAME_BYTES, OutputBatch } from "../../../src/ptyhost/output-batch.ts";

function makeBatch() {
  const frames: Buffer[] = [];
  return { frames, batch: new OutputBatch((frame) => frames.push(frame)) };
}
const texts = (frames: readonly Buffer[]) => frames.map(String);

describe("the batch of output", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  it("sends the first chunk after a quiet time at once", () => {
    const { batch, frames } = makeBatch();
    batch.push(Buffer.from("echo"));
    assert.deepEqual(texts(frames), ["echo"]);
  });

  it("joins what follows within a millisecond", () => {
    const { batch, frames } = makeBatch();
    for (const text of ["a", "b", "c"]) batch.push(Buffer.from(text));
    mock.timers.tick(1);
    assert.deepEqual(texts(frames), ["a", "bc"]);
  });

  it("sends at once again after a millisecond without output", () => {
    const { batch, frames } = makeBatch();
    batch.push(Buffer.from("a"));
    mock.timers.tick(1);
    batch.push(Buffer.from("b"));
    assert.deepEqual(texts(frames), ["a", "b"]);
  });

  it("keeps frames within their size, and every byte in its place", () => {
    const { batch, frames } = makeBatch();
    const chunks = [10, 40_000, 40_000, 200_000, 3].map((bytes, index) => Buffer.alloc(bytes, String(index)));
    for (const chunk of chunks) batch.push(chunk);
    batch.flush();
    assert.ok(frames.every((frame) => frame.length <= MAX_FRAME_BYTES));
    assert.deepEqual(Buffer.concat(frames), Buffer.concat(chunks));
  });
});
