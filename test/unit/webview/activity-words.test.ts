import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Session } from "../../../src/protocol/entities.ts";
import { activityWords } from "../../../src/webview/activity-words.ts";
import { aSession } from "../../support/entities.ts";

describe("what goes on, in few words", () => {
  const ended: Partial<Session> = { state: "DONE", endedAt: 1_000 };

  for (const [words, ...sessions] of [
    ["1 waiting · 1 running", { state: "WAITING_USER" }, { state: "RUNNING" }, { state: "IDLE" }],
    ["2 idle", { state: "IDLE" }, { state: "IDLE" }, ended],
    ["1 failed", { state: "ERROR" }],
    ["nothing runs", ended],
    ["nothing runs"],
  ] as readonly [string, ...Partial<Session>[]][]) {
    it(`is "${words}" of ${sessions.length}`, () => assert.equal(activityWords(sessions.map(aSession)), words));
  }
});
