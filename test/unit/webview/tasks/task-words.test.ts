import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { errorInShort, taskFacts, taskFactsInShort } from "../../../../src/webview/sections/tasks/task-words.ts";
import { aRun, aTask } from "../../../support/entities.ts";

const now = 10_000_000;
const usage = { inputTokens: 1_000, outputTokens: 200, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.42 };
const ended = { position: null, startedAt: now - 300_000, endedAt: now - 180_000 };

describe("a task in short", () => {
  for (const [what, task, facts] of [
    [
      "what is done",
      aRun({ ...ended, state: "DONE", usage }),
      ["done", "3m ago", "claude", "shop", "2 min", "1.2k tokens", "$0.42"],
    ],
    ["what failed", aRun({ ...ended, state: "ERROR" }), ["failed", "3m ago", "claude", "shop", "2 min"]],
    [
      "what was cancelled before it began",
      aRun({ ...ended, state: "CANCELLED", startedAt: null, endedAt: now }),
      ["cancelled", "just now", "claude", "shop"],
    ],
    ["what a foreign tool does", aTask({ createdAt: now - 300_000 }), ["running", "5m", "custom", "shop"]],
  ] as const) {
    it(`says of ${what}: ${facts.join(" · ")}`, () => assert.deepEqual(taskFactsInShort(task, "shop", now), facts));
  }

  it("says why it failed on one line", () => {
    const task = aRun({ ...ended, state: "ERROR", error: "It took too long.\nSee its output." });
    assert.equal(errorInShort(task), "It took too long. See its output.");
  });

  it("has no error of what went well", () => assert.equal(errorInShort(aRun({ ...ended, state: "DONE" })), null));
});

describe("what is known of a task", () => {
  it("leaves out what is not", () => {
    const labels = taskFacts(aTask(), { place: "", account: null, session: null }).map(([label]) => label);
    assert.deepEqual(labels, ["Agent", "Id"]);
  });

  it("has the time limit of one that can still meet it, and how long one took that cannot", () => {
    const run = aRun().run && { ...aRun().run!, timeLimitMs: 7_200_000, attempts: 2 };
    const of = (task: ReturnType<typeof aRun>) =>
      taskFacts(task, { place: "shop", account: "Claude Code", session: null }).map(([label]) => label);
    assert.deepEqual(of(aRun({ run })), ["Where", "Agent", "Account", "Begun", "Time limit", "Id"]);
    assert.deepEqual(of(aRun({ ...ended, state: "DONE", run })), ["Where", "Agent", "Account", "Took", "Begun", "Id"]);
  });
});
