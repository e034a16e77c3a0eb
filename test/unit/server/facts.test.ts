import assert from "node:assert/strict";
import type { Usage } from "../../../src/protocol/entities.ts";
import type { Reading, Signal } from "../../../src/server/agents/reading.ts";
import { countUsage, learn, withFacts } from "../../../src/server/sessions/state/facts.ts";
import { newTracking, readTracking, type Tracking } from "../../../src/server/sessions/state/tracking.ts";
import { aSession } from "../../support/entities.ts";

const launch = { expects: [], whereabouts: {}, conversationId: null, continuesItself: false } as const;
const told = (reading: Reading, at = 2_000): Signal => ({ source: "hook", at, reading });
const prompt = told({ type: "prompt", key: "k", text: "Fix the cart\nplease" });

/** The counts after each conversation told its totals. */
function counted(totals: readonly [conversationId: string, usage: Partial<Usage>][]): Tracking["usages"] {
  return totals.reduce<Tracking["usages"]>(
    (usages, [conversationId, usage]) => countUsage(usages, told({ type: "usage", usage }), conversationId),
    {},
  );
}

describe("what is known of a session beside its state", () => {
  const tracking = newTracking(launch, "/work", false, 1_000);
  const nothing = { signals: [], tracking, promptCount: 0 };

  it("is the same object when nothing new was told", () => {
    const session = aSession();
    assert.equal(withFacts(session, nothing), session);
  });

  it("has the model", () => {
    const signals = [told({ type: "model", model: "opus" })];
    assert.equal(withFacts(aSession(), { ...nothing, signals }).model, "opus");
  });

  it("has the tokens of all its conversations, and what they cost", () => {
    const usages = counted([
      ["c1", { inputTokens: 10, costUsd: 0.5 }],
      ["c1", { inputTokens: 30 }],
      ["c2", { inputTokens: 5, costUsd: 0.25 }],
    ]);
    const { usage } = withFacts(aSession(), { ...nothing, tracking: { ...tracking, usages } });
    assert.deepEqual([usage?.inputTokens, usage?.costUsd], [35, 0.75]);
  });

  it("has the cost that the agent counts over all its conversations, where it does", () => {
    const ofProcess = told({ type: "usage", scope: "process", usage: { costUsd: 2 } });
    const usages = countUsage(counted([["c1", { inputTokens: 10 }]]), ofProcess, "c2");
    const { usage } = withFacts(aSession(), { ...nothing, tracking: { ...tracking, usages } });
    assert.deepEqual([usage?.inputTokens, usage?.costUsd], [10, 2]);
  });

  it("is called after its first prompt", () => {
    assert.equal(withFacts(aSession(), { ...nothing, signals: [prompt], promptCount: 1 }).title, "Fix the cart");
  });

  it("is not called after a later one, or after any when a person named it", () => {
    const signals = [prompt];
    assert.equal(
      withFacts(aSession({ title: "First", promptCount: 1 }), { ...nothing, signals, promptCount: 2 }).title,
      "First",
    );
    const named = newTracking(launch, "/work", true, 1_000);
    assert.equal(withFacts(aSession({ title: "Mine" }), { signals, tracking: named, promptCount: 1 }).title, "Mine");
  });
});

describe("where an agent is", () => {
  const { whereabouts } = newTracking(launch, "/work", false, 1_000);

  it("is the same object when nothing new was told", () => {
    const known = learn(whereabouts, told({ type: "conversation", id: "c1", transcriptPath: "/t.jsonl" }));
    assert.equal(learn(known, told({ type: "conversation", id: "c1" })), known);
    assert.equal(learn(known, prompt), known);
  });

  it("forgets the transcript of another conversation", () => {
    const known = learn(whereabouts, told({ type: "conversation", id: "c1", transcriptPath: "/t.jsonl" }));
    assert.equal(learn(known, told({ type: "conversation", id: "c2" })).transcriptPath, null);
  });
});

describe("what is kept to follow a session", () => {
  it("is read as it was written", () => {
    const tracking = newTracking({ ...launch, whereabouts: { port: "4100" } }, "/work", true, 1_000);
    assert.deepEqual(readTracking(JSON.stringify(tracking)), tracking);
  });

  it("is nothing where another version wrote something else", () => {
    assert.equal(readTracking(JSON.stringify({ version: 9 })), null);
    assert.equal(readTracking(null), null);
  });
});
