import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Task } from "../../src/protocol/entities.ts";
import { isTaskEnded } from "../../src/protocol/states.ts";
import { runTooltip } from "../../src/views/run-tooltips.ts";
import type { RunNode } from "../../src/presentation/tree-nodes.ts";
import { aRun } from "../support/entities.ts";
import { until, untilDefined } from "../support/until.ts";
import { gateway, removeAllSessions, snapshot, startDemo, terminalNamed, untilState } from "./own-gateway.ts";

const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "/";

async function taskOf(prompt: string): Promise<Task> {
  const task = (await snapshot()).tasks.find(({ kind, description }) => kind === "run" && description === prompt);
  assert.ok(task, `there is no task "${prompt}"`);
  return task;
}

async function untilTask(prompt: string, state: Task["state"]): Promise<Task> {
  return untilDefined(async () => {
    const task = await taskOf(prompt);
    return task.state === state ? task : undefined;
  }, `the task "${prompt}" to be ${state}`);
}

/** What a key binding or another extension may do without a question. */
async function add(prompt: string, more: object = { cwd: folder, agent: "demo" }): Promise<Task> {
  await vscode.commands.executeCommand("tally.addTask", { prompt, ...more });
  return taskOf(prompt);
}

async function removeAllTasks(): Promise<void> {
  const { tasks } = await snapshot();
  for (const { id } of tasks.filter(({ kind, state }) => kind === "run" && !isTaskEnded(state))) {
    await gateway.call("cancelTask", { id });
  }
  await removeAllSessions();
}

describe("Add Task", () => {
  afterEach(removeAllTasks);

  it("hands a prompt over, which is done in a session of its own", async () => {
    await add("say The work is done.");
    const { result, sessionId } = await untilTask("say The work is done.", "DONE");
    assert.equal(result, "The work is done.");
    const { session } = await gateway.call("getSession", { id: sessionId ?? "" });
    assert.deepEqual([session.mode, session.cwd, session.origin], ["headless", folder, "editor"]);
  });

  it("gives it to the agent of a session, in its terminal", async () => {
    const { session } = await startDemo("For a task");
    await untilState(session.id, "IDLE");
    await add("hello", { place: session.id });
    const task = await untilTask("hello", "DONE");
    assert.deepEqual([task.run?.via, task.sessionId], ["terminal", session.id]);
  });
});

describe("a task of the queue", () => {
  afterEach(removeAllTasks);

  it("is put before others, stopped, and begun again", async () => {
    await add("wait-for never");
    await untilTask("wait-for never", "RUNNING");
    const first = await add("say first");
    const second = await add("say second");
    await vscode.commands.executeCommand("tally.runNext", second.id);
    const { tasks } = await gateway.call("queue", {});
    assert.deepEqual(
      tasks.map(({ title }) => title),
      ["wait-for never", "say second", "say first"],
    );
    await vscode.commands.executeCommand("tally.cancelTask", first.id);
    await untilTask("say first", "CANCELLED");
    await vscode.commands.executeCommand("tally.retryTask", first.id);
    await untilTask("say first", "QUEUED");
  });

  it("shows what it does in a tab, which ends nothing when it is closed", async () => {
    const { id } = await add("wait-for nobody");
    await untilTask("wait-for nobody", "RUNNING");
    await vscode.commands.executeCommand("tally.showTaskOutput", id);
    const terminal = await terminalNamed("wait-for nobody");
    terminal.dispose();
    await until(() => !vscode.window.terminals.includes(terminal), "its tab to be closed");
    assert.equal((await taskOf("wait-for nobody")).state, "RUNNING");
  });

  it("has its prompt copied", async () => {
    const { id } = await add("say one\nsay two");
    await vscode.commands.executeCommand("tally.copyTaskPrompt", id);
    assert.equal(await vscode.env.clipboard.readText(), "say one\nsay two");
  });
});

describe("the tooltip of a task", () => {
  const { run } = aRun();
  const row: RunNode = {
    kind: "run",
    id: "run:run1",
    parent: "queue",
    children: [],
    task: aRun({
      title: "[title](command:evil)",
      description: "[prompt](command:evil)\n$(bell)",
      run: run && { ...run, waitsFor: { kind: "person", text: "[why](command:evil) $(bell)", until: null } },
    }),
    place: "[place](command:evil)",
    account: null,
    session: null,
    isBehind: false,
    isFirst: true,
    isLast: true,
  };
  const { value, isTrusted, supportHtml } = runTooltip(row, 2_000);

  it("takes nothing of the prompt for markup", () => {
    assert.ok(!isTrusted && !supportHtml);
    const outsideOfCode = value.replaceAll(/```[^]*?```/g, "");
    assert.doesNotMatch(outsideOfCode, /(?<!\\)\]\(command:/);
    assert.doesNotMatch(outsideOfCode, /(?<!\\)\$\(bell\)/);
  });
});
