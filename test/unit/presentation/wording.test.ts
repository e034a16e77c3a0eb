import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  age,
  costWords,
  countTokens,
  countWords,
  duration,
  endedWords,
  programName,
  promptDescription,
  sessionDescription,
  sessionLabel,
  usageWords,
  waitingWords,
} from "../../../src/presentation/wording.ts";
import { aReason, aRequest, aSession, aTask } from "../../support/entities.ts";

const minute = 60_000;
const usage = { inputTokens: 1_200, outputTokens: 340, cacheReadTokens: 45_000, cacheWriteTokens: 0, costUsd: 0.123 };

describe("an age in one word", () => {
  for (const [elapsedMs, word] of [
    [0, "now"],
    [59_999, "now"],
    [minute, "1m"],
    [59 * minute, "59m"],
    [60 * minute, "1h"],
    [24 * 60 * minute, "1d"],
  ] as const) {
    it(`is "${word}" after ${elapsedMs} ms`, () => assert.equal(age(1_000, 1_000 + elapsedMs), word));
  }

  it("is never negative, when the gateway's clock is ahead", () => assert.equal(age(5_000, 1_000), "now"));
});

describe("who waits and who works, in words", () => {
  it("names only what there is", () => {
    assert.equal(countWords({ waiting: 1, unknown: 1, paused: 0, running: 2 }), "1 waiting · 1 unknown · 2 running");
    assert.equal(countWords({ waiting: 0, unknown: 0, paused: 0, running: 0 }), "");
  });

  it("counts those that wait in good English", () => {
    assert.equal(waitingWords(1), "1 session waits for you");
    assert.equal(waitingWords(2), "2 sessions wait for you");
  });
});

describe("the last line of a session's terminal", () => {
  it("says how the agent ended", () => {
    assert.equal(endedWords("claude", 3, null), "claude ended (exit code 3)");
    assert.equal(endedWords("claude", null, "SIGKILL"), "claude ended (SIGKILL)");
    assert.equal(endedWords("claude", null, null), "claude ended");
  });
});

describe("the name of what runs in a session", () => {
  it("is the agent's, and of any other program the program's", () => {
    assert.equal(programName(aSession({ agent: "claude", command: ["claude", "-c"] })), "claude");
    assert.equal(programName(aSession({ agent: "command", command: ["/usr/bin/npm", "test"] })), "npm");
  });
});

describe("what stands behind a session's title", () => {
  it("is what runs in it, and since when it is in its state", () => {
    assert.equal(sessionDescription(aSession({ stateSince: 0 }), 3 * minute), "claude · 3m");
  });

  it("is since when it waits, and what for", () => {
    const request = aRequest({ title: "Bash: touch x" });
    const waiting = aSession({ state: "WAITING_USER", stateSince: 0, request });
    assert.equal(sessionDescription(waiting, 2 * minute), "2m · Bash: touch x");
  });

  it("is why it waits, where the agent does not say what for", () => {
    const reason = aReason({ text: "It waits for you." });
    const waiting = aSession({ state: "WAITING_USER", stateSince: 0, reason });
    assert.equal(sessionDescription(waiting, 0), "now · It waits for you.");
  });

  it("says that what it does is unknown", () => {
    const unknown = aSession({ stateSince: 0, reason: aReason({ isUnknown: true }) });
    assert.equal(sessionDescription(unknown, minute), "claude · unknown · 1m");
  });

  it("is one short line with everything visible, whatever an agent asks", () => {
    const request = aRequest({ title: `a\nb\u202e${"x".repeat(10_000)}` });
    const words = sessionDescription(aSession({ state: "WAITING_USER", stateSince: 0, request }), 0);
    assert.match(words, /^now · a b<U\+202E>x+…$/);
    assert.ok(words.length < 150);
  });
});

describe("what a screen reader says of a session", () => {
  it("is its title, what runs in it, its state, and what it waits for", () => {
    const waiting = aSession({ state: "WAITING_USER", stateSince: 0, request: aRequest({ title: "Bash: ls" }) });
    assert.equal(sessionLabel(waiting, minute), "Fix the cart, claude, waiting for you for 1 minute: Bash: ls");
  });

  for (const [state, elapsedMs, words] of [
    ["IDLE", minute - 1, "idle just now"],
    ["RUNNING", 3 * 60 * minute, "running for 3 hours"],
    ["ERROR", minute, "failed 1 minute ago"],
    ["DONE", 24 * 60 * minute, "done 1 day ago"],
  ] as const) {
    it(`says in whole words how long ago that was: ${words}`, () => {
      assert.equal(sessionLabel(aSession({ state, stateSince: 0 }), elapsedMs), `Fix the cart, claude, ${words}`);
    });
  }

  it("does not pass a guess for knowledge", () => {
    const unknown = aSession({ stateSince: 0, reason: aReason({ isUnknown: true }) });
    assert.equal(sessionLabel(unknown, minute), "Fix the cart, claude, unknown for 1 minute");
  });
});

describe("what a prompt took", () => {
  it("is its tokens and its time, which goes on while it runs", () => {
    const prompt = aTask({ kind: "prompt", createdAt: 0, usage });
    assert.equal(promptDescription(prompt, 40_000), "47k tokens · 40s");
    assert.equal(promptDescription({ ...prompt, endedAt: 2 * minute }, 60 * minute), "47k tokens · 2m");
  });

  it("is only its time, where the agent does not tell its tokens", () => {
    assert.equal(promptDescription(aTask({ kind: "prompt", createdAt: 0 }), 0), "0s");
  });

  it("is never less than nothing, when the gateway's clock is ahead", () => assert.equal(duration(5_000, 1_000), "0s"));
});

describe("tokens and cost", () => {
  for (const [tokens, words] of [
    [999, "999"],
    [1_200, "1.2k"],
    [9_949, "9.9k"],
    [9_999, "10k"],
    [999_499, "999k"],
    [999_500, "1.0M"],
    [45_000_000, "45M"],
  ] as const) {
    it(`count ${tokens} as ${words}`, () => assert.equal(countTokens(tokens), words));
  }

  it("are told in full where there is room, without what there was none of", () => {
    assert.equal(usageWords(usage), "1.2k in, 340 out, 45k cached");
    assert.equal(usageWords({ ...usage, cacheReadTokens: 0 }), "1.2k in, 340 out");
  });

  it("are in cents, and not made up", () => {
    assert.equal(costWords(usage), "$0.12");
    assert.equal(costWords({ ...usage, costUsd: 0.001 }), "<$0.01");
    assert.equal(costWords({ ...usage, costUsd: 0 }), "$0.00");
    assert.equal(costWords({ ...usage, costUsd: null }), null);
  });
});
