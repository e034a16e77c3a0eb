import assert from "node:assert/strict";
import {
  holds,
  isOfPause,
  isSameModel,
  type LimitHit,
  newPause,
  withHit,
} from "../../../../src/server/limits/pause-rules.ts";
import { anAccount, aPause } from "../../../support/entities.ts";

const NOW = 1_000_000;
const MINUTE_MS = 60_000;
const timing = { now: NOW, jitterMs: 500 };

function aHit(fields: Partial<LimitHit> = {}): LimitHit {
  return {
    accountId: "claude-account1",
    sessionId: "session1",
    namesModel: false,
    kind: "five-hour",
    model: null,
    resetsAt: NOW + 30 * MINUTE_MS,
    isExact: true,
    isGuess: false,
    reason: "You have hit your 5-hour limit.",
    evidence: "You've hit your 5-hour limit",
    source: "hook",
    signal: "StopFailure hook",
    at: NOW - 100,
    ...fields,
  };
}

describe("a pause", () => {
  it("begins with a hit, until its reset", () => {
    const pause = newPause("p", anAccount(), aHit(), timing);
    assert.deepEqual(
      [pause.since, pause.until, pause.kind, pause.isInForce, pause.nextTryAt],
      [NOW - 100, NOW + 30 * MINUTE_MS, "five-hour", true, NOW + 30 * MINUTE_MS + 500],
    );
  });

  it("is tried out a minute later where the reset comes from words: those are cut to the minute", () => {
    const pause = newPause("p", anAccount(), aHit({ isExact: false }), timing);
    assert.equal(pause.nextTryAt, NOW + 31 * MINUTE_MS + 500);
  });

  it("is tried out by and by where nobody knows its reset", () => {
    const unknown = aHit({ resetsAt: null });
    let pause = newPause("p", anAccount(), unknown, timing);
    const waits: number[] = [];
    for (let tries = 0; tries < 7; tries++) {
      const at: number = pause.nextTryAt ?? 0;
      waits.push((at - pause.updatedAt) / MINUTE_MS);
      pause = withHit(pause, { ...unknown, at: at + 10 }, { now: at + 20, jitterMs: 0 });
    }
    assert.deepEqual(waits, [5, 10, 20, 40, 60, 60, 60]);
    assert.equal(pause.tries, 7);
  });

  it("is only a suggestion where words on a screen look like a limit, until an agent was stopped", () => {
    const guess = newPause("p", anAccount(), aHit({ isGuess: true, source: "screen" }), timing);
    assert.equal(guess.isInForce, false);
    assert.equal(holds(guess, "claude-account1", null), false);
    const certain = withHit(guess, aHit(), timing);
    assert.deepEqual([certain.isInForce, certain.source], [true, "hook"]);
  });

  it("takes over the exact reset in place of one from words, and not the other way round", () => {
    const words = newPause("p", anAccount(), aHit({ isExact: false, resetsAt: NOW + 10 * MINUTE_MS }), timing);
    const exact = withHit(words, aHit({ resetsAt: NOW + 10 * MINUTE_MS + 42_000 }), timing);
    assert.deepEqual([exact.until, exact.nextTryAt], [NOW + 10 * MINUTE_MS + 42_000, NOW + 10 * MINUTE_MS + 42_500]);
    assert.equal(withHit(exact, aHit({ isExact: false, resetsAt: NOW + 10 * MINUTE_MS }), timing), exact);
  });

  it("learns its reset from a later hit", () => {
    const unknown = newPause("p", anAccount(), aHit({ resetsAt: null }), timing);
    assert.equal(withHit(unknown, aHit({ isExact: false }), timing).until, NOW + 30 * MINUTE_MS);
  });

  it("is as long as the longest of several limits", () => {
    const fiveHour = newPause("p", anAccount(), aHit(), timing);
    const weekly = withHit(
      fiveHour,
      aHit({ kind: "weekly", isExact: false, resetsAt: NOW + 3_000 * MINUTE_MS }),
      timing,
    );
    assert.deepEqual([weekly.until, weekly.kind], [NOW + 3_000 * MINUTE_MS, "weekly"]);
  });

  it("is the same when another session says the same", () => {
    const pause = newPause("p", anAccount(), aHit(), timing);
    assert.equal(withHit(pause, aHit({ sessionId: "session2", at: NOW + 5 }), { ...timing, now: NOW + 10 }), pause);
  });

  it("is prolonged when the limit is met again after its reset", () => {
    const pause = aPause({ kind: "five-hour", until: NOW, nextTryAt: NOW + 500 });
    const again = aHit({ at: NOW + 2_000, resetsAt: NOW + 60 * MINUTE_MS });
    const prolonged = withHit(pause, again, { now: NOW + 2_100, jitterMs: 500 });
    assert.deepEqual(
      [prolonged.until, prolonged.nextTryAt, prolonged.tries],
      [NOW + 60 * MINUTE_MS, NOW + 60 * MINUTE_MS + 500, 1],
    );
  });

  it("learns the exact reset also when its words, cut to the minute, name one that is past", () => {
    const words = newPause("p", anAccount(), aHit({ isExact: false, resetsAt: NOW - 200 }), timing);
    const exact = withHit(words, aHit({ resetsAt: NOW + 20_000 }), timing);
    assert.deepEqual([exact.until, exact.tries, exact.nextTryAt], [NOW + 20_000, 0, NOW + 20_500]);
  });

  it("is tried again in a minute when the limit is met again and names the reset that is over", () => {
    const pause = aPause({ until: NOW, nextTryAt: NOW + 500 });
    const prolonged = withHit(pause, aHit({ at: NOW + 2_000, resetsAt: NOW }), { now: NOW + 2_100, jitterMs: 500 });
    assert.deepEqual([prolonged.until, prolonged.nextTryAt], [null, NOW + 2_100 + MINUTE_MS]);
  });
});

describe("what a pause holds", () => {
  const opus = aPause({ model: "Opus", kind: "weekly" });
  const cases: [
    what: string,
    pause: ReturnType<typeof aPause>,
    account: string,
    model: string | null,
    held: boolean,
  ][] = [
    ["any launch on its account", aPause(), "claude-account1", "claude-sonnet-4-5", true],
    ["no launch on another account", aPause(), "claude-account2", null, false],
    ["a launch of its model", opus, "claude-account1", "claude-opus-4-5", true],
    ["a launch of its model by a short name", opus, "claude-account1", "opus", true],
    ["no launch of another model", opus, "claude-account1", "sonnet", false],
    ["a launch that names no model, as the one did that hit it", opus, "claude-account1", null, true],
    [
      "no launch that names no model where the one that hit it did",
      { ...opus, holdsUnnamedModel: false },
      "claude-account1",
      null,
      false,
    ],
    ["nothing once it has ended", aPause({ endedAt: 5, endedBy: "reset" }), "claude-account1", null, false],
    ["nothing while it is a guess", aPause({ isInForce: false }), "claude-account1", null, false],
    ["any launch past its reset, until it was tried out", aPause({ until: 1 }), "claude-account1", null, true],
  ];
  for (const [what, pause, account, model, held] of cases) {
    it(`is ${what}`, () => assert.equal(holds(pause, account, model), held));
  }

  it("is of one limit with a hit on the same account and model", () => {
    assert.equal(isOfPause(aPause(), aHit()), true);
    assert.equal(isOfPause(aPause({ model: "Opus" }), aHit({ model: "opus" })), true);
    assert.equal(isOfPause(aPause({ model: "Opus" }), aHit({ model: "Sonnet" })), false);
    assert.equal(isOfPause(aPause({ model: "Opus" }), aHit()), false);
    assert.equal(isOfPause(aPause({ kind: "manual" }), aHit()), false);
    assert.equal(isOfPause(aPause({ accountId: "claude-account2" }), aHit()), false);
    assert.equal(isOfPause(aPause({ endedAt: 5 }), aHit()), false);
  });

  it("knows a model by its short and its long name", () => {
    assert.equal(isSameModel("Pro", "gemini-2.5-pro"), true);
    assert.equal(isSameModel("claude-opus-4-5", "Opus"), true);
    assert.equal(isSameModel("Sonnet", "opus"), false);
  });
});
