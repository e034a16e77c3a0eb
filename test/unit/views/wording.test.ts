import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { age, countWords, endedWords, programName, waitingWords } from "../../../src/views/wording.ts";
import { aSession } from "../../support/entities.ts";

describe("an age in one word", () => {
  const minute = 60_000;
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
    assert.equal(countWords({ waiting: 1, paused: 0, running: 2 }), "1 waiting · 2 running");
    assert.equal(countWords({ waiting: 0, paused: 0, running: 0 }), "");
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
