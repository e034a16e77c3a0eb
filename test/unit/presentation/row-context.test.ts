import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import type { Task, Worktree } from "../../../src/protocol/entities.ts";
import type { HelperProcess } from "../../../src/protocol/worktrees.ts";
import {
  processContext,
  runContext,
  sessionContext,
  taskContext,
  worktreeContext,
} from "../../../src/presentation/row-context.ts";
import type { RunNode } from "../../../src/presentation/tree-nodes.ts";
import { anOperation, aProcess, aRun, aSession, aWorktree } from "../../support/entities.ts";

interface MenuEntry {
  readonly command: string;
  readonly when: string;
  readonly group: string;
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly contributes: { readonly menus: { readonly "view/item/context": readonly MenuEntry[] } };
};

/** What the menu of a row offers, as package.json says it. */
function offered(viewItem: string): string[] {
  const fits = ({ when }: MenuEntry) => {
    const [, pattern] = /viewItem =~ \/(.+?)\/(?: |$)/.exec(when) ?? [];
    const [, value] = /viewItem == ([\w.]+)/.exec(when) ?? [];
    return pattern === undefined ? value === viewItem : new RegExp(pattern).test(viewItem);
  };
  const entries = manifest.contributes.menus["view/item/context"].filter(
    (entry) => !entry.group.startsWith("inline") && fits(entry),
  );
  return entries.map(({ command }) => command.replace("tally.", "")).sort();
}

const ofWorktree = (fields: Partial<Worktree>) => offered(worktreeContext(aWorktree(fields)));
const ofProcess = (fields: Partial<HelperProcess>) => offered(processContext(aProcess(fields)));
const ports = [{ name: "backend", port: 8000 }];

describe("the menu of a worktree's row", () => {
  it("offers all that can be done with one that is ready", () => {
    assert.deepEqual(ofWorktree({ ports }), [
      "addTask",
      "copyWorktreePath",
      "newSession",
      "openPort",
      "openWorktree",
      "openWorktreeTerminal",
      "removeWorktree",
      "resumeWorktree",
      "revealWorktree",
    ]);
  });

  it("offers no port where there is none", () => {
    assert.ok(!ofWorktree({}).includes("openPort"));
  });

  it("offers to adopt one that Tally did not make, and not to remove it", () => {
    const actions = ofWorktree({ status: "seen" });
    assert.ok(actions.includes("adoptWorktree") && actions.includes("newSession"));
    assert.ok(!actions.includes("removeWorktree") && !actions.includes("resumeWorktree"));
  });

  it("offers to repair or to remove one that is broken", () => {
    const actions = ofWorktree({ status: "broken" });
    assert.ok(actions.includes("repairWorktree") && actions.includes("removeWorktree"));
    assert.ok(!actions.includes("newSession"));
  });

  it("offers nothing that would be in the way of what is being done to it", () => {
    for (const status of ["adding", "removing", "broken"] as const) {
      assert.ok(!ofWorktree({ status, operation: anOperation() }).includes("removeWorktree"), status);
    }
  });
});

describe("the menu of a task's row", () => {
  const ofTask = (task: Partial<Task>, row: Partial<RunNode> = {}) => offered(runContext(aRow(task, row)));
  const paused: Partial<Task> = { state: "BLOCKED" };

  it("offers to put one that waits elsewhere, as far as there is a place", () => {
    const both = ["moveTaskDown", "moveTaskUp", "runNext"];
    const moves = (row: Partial<RunNode>) => ofTask({}, row).filter((command) => both.includes(command));
    assert.deepEqual(moves({}), both);
    assert.deepEqual(moves({ isFirst: true }), ["moveTaskDown"]);
    assert.deepEqual(moves({ isLast: true }), ["moveTaskUp", "runNext"]);
  });

  it("offers to run one next that a limit keeps back, once that resets", () => {
    const actions = ofTask(paused);
    assert.ok(actions.includes("runNextWhenItResets") && !actions.includes("runNext"));
  });

  it("offers no place to one that runs", () => {
    assert.deepEqual(ofTask({ state: "RUNNING" }), ["cancelTask", "copyTaskPrompt", "showTaskOutput"]);
  });

  it("offers the session of one that has one", () => {
    assert.ok(ofTask({}, { session: { title: "Fix the cart", isWaiting: false } }).includes("showTaskSession"));
  });

  it("offers to run one again that needs a person, or has ended", () => {
    const { run } = aRun();
    const stuck: Partial<Task> = { run: run && { ...run, waitsFor: { kind: "person", text: "", until: null } } };
    assert.ok(ofTask(stuck).includes("retryTask") && !ofTask({}).includes("retryTask"));
    assert.deepEqual(offered(taskContext(aRun({ state: "DONE" }))), [
      "copyTaskPrompt",
      "openProject",
      "retryTask",
      "showTaskOutput",
    ]);
  });
});

describe("the menu of a session's row", () => {
  const ofSession = (fields: Parameters<typeof aSession>[0]) => offered(sessionContext(aSession(fields)));

  it("offers to give it a task: at once, or when its limit resets", () => {
    assert.ok(ofSession({ state: "IDLE" }).includes("addTask"));
    const paused = ofSession({ state: "PAUSED", promptCount: 1 });
    assert.ok(paused.includes("addTaskWhenItResets") && !paused.includes("addTask"));
  });

  it("offers it of one that has ended where its conversation is known", () => {
    assert.ok(ofSession({ state: "DONE", endedAt: 5, conversationId: "c" }).includes("addTask"));
    assert.ok(!ofSession({ state: "DONE", endedAt: 5 }).includes("addTask"));
  });

  it("offers nothing about the limit of one without a terminal: its task waits in the queue", () => {
    const actions = ofSession({ mode: "headless", state: "PAUSED" });
    assert.deepEqual(actions, [
      "addTask",
      "copySessionId",
      "copySessionLink",
      "endSession",
      "openProject",
      "removeSession",
      "renameSession",
    ]);
  });
});

function aRow(task: Partial<Task>, fields: Partial<RunNode>): RunNode {
  return {
    kind: "run",
    id: "run:run1",
    parent: "queue",
    children: [],
    task: aRun(task),
    place: "shop",
    account: null,
    session: null,
    isBehind: false,
    isFirst: false,
    isLast: false,
    ...fields,
  };
}

describe("the menu of a process's row", () => {
  it("offers to stop one that runs, and to open its port", () => {
    assert.deepEqual(ofProcess({}), ["openPort", "restartProcess", "showProcess", "stopProcess"]);
  });

  it("offers to start one that does not", () => {
    assert.deepEqual(ofProcess({ state: "STOPPED", pid: null, isListening: false }), [
      "restartProcess",
      "showProcess",
      "startProcess",
    ]);
  });

  it("offers only the output of a setup command", () => {
    assert.deepEqual(ofProcess({ kind: "setup", port: null, isListening: null }), ["showProcess"]);
  });
});
