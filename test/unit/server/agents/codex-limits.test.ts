import assert from "node:assert/strict";
import { limitReport, quotaReading, rateLimitsSchema } from "../../../../src/server/agents/codex/limits.ts";

const at = Date.parse("2026-11-21T06:24:00Z");
const inSeconds = (seconds: number) => at / 1_000 + seconds;
const words = "You’ve hit your usage limit.";

function limits(primary: [percent: number, seconds: number], secondary: [percent: number, seconds: number]) {
  const window = ([used_percent, seconds]: [number, number], window_minutes: number) => ({
    used_percent,
    window_minutes,
    resets_at: inSeconds(seconds),
  });
  return rateLimitsSchema.parse({
    limit_id: "codex",
    limit_name: null,
    primary: window(primary, 300),
    secondary: window(secondary, 10_080),
  });
}

function report(...windows: Parameters<typeof limits>) {
  const { kind, resetsAt, isExact } = limitReport(words, limits(...windows), at, "UTC");
  return { kind, inSeconds: resetsAt === null ? null : (resetsAt - at) / 1_000, isExact };
}

describe("a usage limit of Codex", () => {
  it("resets with the window that is full", () => {
    assert.deepEqual(report([100, 3_600], [10, 400_000]), { kind: "five-hour", inSeconds: 3_600, isExact: true });
    assert.deepEqual(report([40, 3_600], [100, 400_000]), { kind: "weekly", inSeconds: 400_000, isExact: true });
  });

  it("resets with the later one of two that are full", () => {
    assert.deepEqual(report([100, 3_600], [100, 400_000]), { kind: "weekly", inSeconds: 400_000, isExact: true });
  });

  it("resets at an unknown time where no window is full, or the full one has reset since", () => {
    const unknown = { kind: "other", inSeconds: null, isExact: false };
    assert.deepEqual(report([40, 3_600], [10, 400_000]), unknown);
    assert.deepEqual(report([100, -60], [10, 400_000]), unknown);
    assert.deepEqual(limitReport(words, null, at, "UTC").resetsAt, null);
  });

  it("is one model's where the allowance is", () => {
    const ofModel = { ...limits([100, 3_600], [10, 400_000]), limit_id: "codex_other", limit_name: "GPT-X-Spark" };
    assert.equal(limitReport(words, ofModel, at, "UTC").model, "GPT-X-Spark");
  });
});

describe("the allowance of Codex", () => {
  it("is told in its windows", () => {
    const [reading] = quotaReading(limits([12.5, 3_600], [40, 400_000]));
    assert.deepEqual(reading, {
      type: "quota",
      windows: [
        { kind: "five-hour", model: null, usedPercent: 12.5, resetsAt: at + 3_600_000 },
        { kind: "weekly", model: null, usedPercent: 40, resetsAt: at + 400_000_000 },
      ],
    });
  });

  it("is not told by an account that has none", () => {
    assert.deepEqual(quotaReading(rateLimitsSchema.parse({ limit_id: "codex", primary: null, secondary: null })), []);
  });

  it("is known in windows whose length is not", () => {
    const [reading] = quotaReading(rateLimitsSchema.parse({ primary: { used_percent: 3 } }));
    assert.deepEqual(reading?.type === "quota" && reading.windows, [
      { kind: "other", model: null, usedPercent: 3, resetsAt: null },
    ]);
  });
});
