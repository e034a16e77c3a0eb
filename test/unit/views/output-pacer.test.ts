import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { BURST_BYTES, FRAME_MS, OutputPacer, RATE_BYTES_PER_S } from "../../../src/views/output-pacer.ts";
import { ManualClock } from "../../support/manual-clock.ts";

describe("output on its way to a terminal without flow control", () => {
  it("shows an isolated echo at once", () => {
    const { pacer, shown } = paced();
    pacer.push(bytes("a"));
    assert.deepEqual(shown, ["a"]);
  });

  it("gathers what follows within a frame and shows it in one piece", () => {
    const { pacer, shown, clock } = paced();
    pacer.push(bytes("a"));
    pacer.push(bytes("b"));
    pacer.push(bytes("c"));
    assert.deepEqual(shown, ["a"]);
    clock.advance(FRAME_MS);
    assert.deepEqual(shown, ["a", "bc"]);
  });

  it("joins a character that two chunks share", () => {
    const { pacer, shown, clock } = paced();
    const [first, ...rest] = bytes("é");
    pacer.push(Uint8Array.of(first!));
    pacer.push(Uint8Array.from(rest));
    clock.advance(FRAME_MS);
    assert.equal(shown.join(""), "é");
  });

  it("clears the terminal for a snapshot, which replaces what was still held", () => {
    const { pacer, shown, clock } = paced();
    pacer.push(bytes("a"));
    pacer.push(bytes("obsolete"));
    pacer.replace("screen");
    clock.advance(FRAME_MS);
    assert.deepEqual(shown, ["a", "\x1bcscreen"]);
  });

  it("does not take half a character from before a snapshot into what comes after it", () => {
    const { pacer, shown, clock } = paced();
    pacer.push(bytes("é").subarray(0, 1));
    pacer.replace("");
    pacer.push(bytes("x"));
    clock.advance(FRAME_MS);
    assert.deepEqual(shown, ["\x1bc", "x"]);
  });

  it("shows what is held when it is flushed", () => {
    const { pacer, shown } = paced();
    pacer.push(bytes("a"));
    pacer.push(bytes("last words"));
    pacer.flush();
    assert.deepEqual(shown, ["a", "last words"]);
  });

  it("shows nothing more once it is disposed of", () => {
    const { pacer, shown, clock } = paced();
    pacer.push(bytes("a"));
    pacer.push(bytes("b"));
    pacer.dispose();
    clock.advance(10 * FRAME_MS);
    assert.deepEqual(shown, ["a"]);
  });
});

describe("the acknowledgement of output", () => {
  it("comes at once for a burst", () => {
    const { pacer, acked } = paced();
    pacer.push(new Uint8Array(BURST_BYTES));
    assert.equal(acked(), BURST_BYTES);
  });

  it("comes at the bounded rate for a flood", () => {
    const { pacer, acked, clock } = paced();
    pacer.push(new Uint8Array(BURST_BYTES + 10 * RATE_BYTES_PER_S));
    clock.advance(1_000);
    const paidBytes = acked() - BURST_BYTES;
    assert.ok(paidBytes <= RATE_BYTES_PER_S, `${paidBytes} acknowledged in a second`);
    assert.ok(paidBytes > 0.9 * RATE_BYTES_PER_S, `only ${paidBytes} acknowledged in a second`);
  });

  it("covers in the end all that came, to less than one unit, replaced output included", () => {
    const { pacer, acked, clock } = paced();
    pacer.push(bytes("a"));
    pacer.push(new Uint8Array(100_000));
    pacer.replace("x".repeat(100_000));
    clock.advance(60_000);
    assert.ok(200_001 - acked() < 32 * 1024, `${acked()} acknowledged`);
  });
});

function paced() {
  const clock = new ManualClock();
  const shown: string[] = [];
  let ackedBytes = 0;
  const pacer = new OutputPacer({
    show: (text) => shown.push(text),
    ack: (count) => (ackedBytes += count),
    clock,
  });
  return { pacer, shown, clock, acked: () => ackedBytes };
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
