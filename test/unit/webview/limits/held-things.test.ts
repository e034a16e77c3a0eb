import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Session, Task } from "../../../../src/protocol/entities.ts";
import { goingOnWords, heldBy, stayingWords } from "../../../../src/webview/sections/limits/held-things.ts";
import { aContinuation, aPause, aRun, aSession } from "../../../support/entities.ts";

const pause = aPause();
const waiting = aSession({ id: "s1", state: "PAUSED", continuation: aContinuation() });
const stopped = aSession({ id: "s2", state: "PAUSED", continuation: aContinuation({ status: "cancelled" }) });

function aHeldRun(fields: Partial<Task> = {}): Task {
  const run = aRun();
  const waitsFor = { kind: "pause" as const, text: "Claude Code is paused.", until: null };
  return { ...run, accountId: pause.accountId, run: run.run && { ...run.run, waitsFor }, ...fields };
}

function held(sessions: readonly Session[], tasks: readonly Task[]) {
  const byId = <T extends { id: string }>(items: readonly T[]) => new Map(items.map((item) => [item.id, item]));
  return heldBy(pause, { sessions: byId(sessions), tasks: byId(tasks) });
}

describe("what a pause holds", () => {
  it("goes on by itself, or stays until a person goes on with it", () => {
    const { goingOn, staying } = held([waiting, stopped], []);
    assert.deepEqual([goingOn, staying], [[waiting], [stopped]]);
  });

  it("is nothing that another pause stopped", () => {
    const other = aSession({ state: "PAUSED", continuation: aContinuation({ pauseId: "pause2" }) });
    assert.deepEqual(held([other], []), { goingOn: [], tasks: [], staying: [] });
  });

  it("is a queued task of its account", () => {
    const task = aHeldRun();
    const elsewhere = aHeldRun({ id: "run2", accountId: "codex-account1" });
    assert.deepEqual(held([], [task, elsewhere, aRun({ id: "run3", accountId: pause.accountId })]).tasks, [task]);
  });

  for (const [words, sessions, tasks] of [
    ["", [], []],
    ["1 session goes on by itself then.", [waiting], []],
    ["2 sessions go on by themselves then.", [waiting, { ...waiting, id: "s3" }], []],
    ["1 session and 1 queued task go on by themselves then.", [waiting], [aHeldRun()]],
    ["2 queued tasks go on by themselves then.", [], [aHeldRun(), aHeldRun({ id: "run2" })]],
  ] as const) {
    it(`is told as "${words}"`, () => assert.equal(goingOnWords(held(sessions, tasks)), words));
  }

  it("says which sessions do not go on by themselves", () => {
    assert.equal(stayingWords(held([waiting, stopped], [])), "1 session does not go on by itself.");
  });
});
