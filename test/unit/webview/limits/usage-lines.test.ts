import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { QuotaSample } from "../../../../src/protocol/stats.ts";
import { strokePath, usageLines } from "../../../../src/webview/sections/limits/usage-lines.ts";

const span = { from: 1_000, to: 2_000 };

function aSample(at: number, usedPercent: number, fields: Partial<QuotaSample> = {}): QuotaSample {
  return { accountId: "claude-account1", kind: "five-hour", model: null, usedPercent, resetsAt: null, at, ...fields };
}

describe("the line of a window's use", () => {
  it("goes through what was told, and on to now", () => {
    const [line] = usageLines([aSample(1_100, 20), aSample(1_500, 60)], span);
    assert.deepEqual(line?.strokes, [
      [
        { at: 1_100, percent: 20 },
        { at: 1_500, percent: 60 },
        { at: 2_000, percent: 60 },
      ],
    ]);
  });

  it("begins with what was told last before the time that is shown", () => {
    const [line] = usageLines([aSample(500, 10), aSample(900, 20), aSample(1_500, 60)], span);
    assert.deepEqual([line?.strokes[0]?.[0], line?.since], [{ at: 1_000, percent: 20 }, 1_000]);
  });

  it("falls to nothing where the window resets", () => {
    const [line] = usageLines([aSample(1_100, 80, { resetsAt: 1_300 }), aSample(1_600, 5, { resetsAt: 2_300 })], span);
    assert.deepEqual(line?.resets, [1_300]);
    assert.deepEqual(line.strokes, [
      [
        { at: 1_100, percent: 80 },
        { at: 1_300, percent: 80 },
      ],
      [
        { at: 1_300, percent: 0 },
        { at: 1_600, percent: 5 },
        { at: 2_000, percent: 5 },
      ],
    ]);
  });

  it("takes a fall that nobody announced for a reset", () => {
    const [line] = usageLines([aSample(1_100, 80), aSample(1_600, 5)], span);
    assert.deepEqual(line?.resets, [1_600]);
  });

  it("takes a fall by a rounding for none", () => {
    const [line] = usageLines([aSample(1_100, 80.4), aSample(1_600, 79)], span);
    assert.deepEqual(line?.resets, []);
  });

  it("ends at a reset after which nothing was told", () => {
    const [line] = usageLines([aSample(1_100, 80, { resetsAt: 1_300 })], span);
    assert.deepEqual([line?.strokes.at(-1)?.at(-1), line?.resets], [{ at: 1_300, percent: 80 }, [1_300]]);
  });

  it("is none where all of it was before the time that is shown", () => {
    assert.deepEqual(usageLines([aSample(100, 80, { resetsAt: 300 })], span), []);
  });

  it("leaves out what nobody could tell apart", () => {
    const dense = Array.from({ length: 1_000 }, (_, index) => aSample(1_000 + index, 50));
    const points = usageLines(dense, span)[0]?.strokes.flat().length ?? 0;
    assert.ok(points > 100 && points <= 402, `${points} points`);
  });

  it("knows the least and the most that was used in the time that is shown", () => {
    const [line] = usageLines([aSample(900, 5), aSample(1_100, 20), aSample(1_500, 60), aSample(1_700, 59)], span);
    assert.deepEqual([line?.lowest, line?.highest], [20, 60]);
  });
});

describe("the lines of an account", () => {
  it("are one for each window, the shortest first", () => {
    const samples = [
      aSample(1_100, 10, { kind: "weekly", model: "opus" }),
      aSample(1_100, 10, { kind: "weekly" }),
      aSample(1_100, 10),
    ];
    const lines = usageLines(samples, span).map(({ kind, model }) => [kind, model]);
    assert.deepEqual(lines, [
      ["five-hour", null],
      ["weekly", null],
      ["weekly", "opus"],
    ]);
  });
});

describe("a stroke's path", () => {
  it("fills 1000 by 100, whatever the time; above the limit it is full", () => {
    const path = strokePath(
      [
        { at: 1_000, percent: 0 },
        { at: 1_250, percent: 25 },
        { at: 2_000, percent: 130 },
      ],
      span,
    );
    assert.equal(path, "M0 100L250 75L1000 0");
  });
});
