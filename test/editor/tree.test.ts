import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Session } from "../../src/protocol/entities.ts";
import { until, untilDefined } from "../support/until.ts";
import { gateway, removeAllSessions, snapshot } from "./own-gateway.ts";

const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "/";
const env = { PATH: process.env["PATH"] ?? "" };
const run = (command: string, ...args: unknown[]) => vscode.commands.executeCommand(command, ...args);

/** A session that has ended, without a terminal in the window. */
async function endedSession(title: string, exitCode = 0): Promise<Session> {
  const { session } = await gateway.call("createSession", {
    body: { agent: "command", args: ["sh", "-c", `exit ${exitCode}`], title, cwd: folder, env },
  });
  return untilDefined(async () => {
    const now = (await gateway.call("getSession", { id: session.id })).session;
    return now.endedAt === null ? undefined : now;
  }, `"${title}" to end`);
}

/** The editor fails to focus a view whose rows it is just exchanging. */
async function focusRows(): Promise<void> {
  const focus = async () => {
    try {
      await run("tally.sessions.focus");
      return true;
    } catch {
      return false;
    }
  };
  await until(focus, "the view to have the keyboard");
}

/** Selects all rows of the view that are not folded away, as Ctrl+A does. */
async function selectAllRows(): Promise<void> {
  try {
    await run("list.focusFirst");
    await run("list.selectAll");
  } catch {
    // The editor is just exchanging the rows; the caller looks again.
  }
}

/** Runs a command as a key does; where the editor has not told of the selection yet it asks, and gets no answer. */
async function onSelected(command: string): Promise<void> {
  let isOver = false;
  void run(command, "selection").then(() => (isOver = true));
  await until(async () => {
    if (!isOver) await run("workbench.action.closeQuickOpen");
    return isOver;
  }, `${command} to be over`);
}

async function archivedTitles(): Promise<string[]> {
  const { sessions } = await snapshot();
  return sessions.flatMap(({ archivedAt, title }) => (archivedAt === null ? [] : [title])).sort();
}

/**
 * The title of the session in the row that the keyboard comes to after `down` steps from the top; undefined where the editor is just
 * exchanging the rows.
 */
async function sessionInRow(down: number): Promise<string | undefined> {
  await vscode.env.clipboard.writeText("");
  try {
    await run("list.focusFirst");
    for (let step = 0; step < down; step++) await run("list.focusDown");
    await run("list.selectAndPreserveFocus");
  } catch {
    return undefined;
  }
  await onSelected("tally.copySessionId");
  const id = await vscode.env.clipboard.readText();
  return (await snapshot()).sessions.find((session) => session.id === id)?.title;
}

// It runs already where other tests have come before.
before(() => run("tally.startGateway"));

describe("the tree", () => {
  afterEach(async () => {
    await run("tally.clearFilter");
    await run("tally.groupSessions", "project");
    await run("tally.sortSessions", "waiting");
    await run("tally.hideArchived");
    await removeAllSessions();
  });

  it("shows only what a filter leaves, and what is selected there is archived together, and comes back", async () => {
    await endedSession("Cart: rounding");
    await endedSession("Cart: coupons");
    await endedSession("Docs");
    await run("tally.filterSessions", { filter: "cart" });
    await focusRows();
    await until(async () => {
      const shown = new Set([await sessionInRow(1), await sessionInRow(2)]);
      return shown.has("Cart: rounding") && shown.has("Cart: coupons");
    }, "both to be shown");
    await until(async () => {
      await selectAllRows();
      await onSelected("tally.archiveSession");
      return (await archivedTitles()).length > 0;
    }, "something to be archived");
    assert.deepEqual(await archivedTitles(), ["Cart: coupons", "Cart: rounding"]);
    await run("tally.showArchived");
    await until(async () => {
      await selectAllRows();
      await onSelected("tally.unarchiveSession");
      return (await archivedTitles()).length === 0;
    }, "them to come back");
  });

  it("knows which row a key is for, also while the editor exchanges its rows", async () => {
    const { id } = await endedSession("Only");
    await focusRows();
    await until(async () => (await sessionInRow(1)) === "Only", "it to be selected");
    const anew = run("tally.showArchived");
    for (let pressed = 0; pressed < 20; pressed++) {
      await vscode.env.clipboard.writeText("");
      await run("tally.copySessionId", "selection");
      assert.equal(await vscode.env.clipboard.readText(), id);
    }
    await anew;
  });

  it("archives all that has ended at once", async () => {
    await endedSession("First");
    await endedSession("Second", 1);
    await until(async () => {
      await run("tally.archiveEnded");
      return (await archivedTitles()).length === 2;
    }, "both to be archived");
  });

  it("stands below the states of its sessions, what failed before what ended well", async () => {
    await endedSession("Failed", 1);
    await endedSession("Done");
    await run("tally.groupSessions", "state");
    await focusRows();
    await until(async () => (await sessionInRow(1)) === "Failed", "what failed to be below the first group");
  });
});

describe("tasks that are selected together", () => {
  const add = async (prompt: string) => {
    const body = { prompt, agent: "demo", place: { cwd: folder }, env };
    return (await gateway.call("addTask", { body })).task.id;
  };

  it("are taken out of the queue together, without a question while they wait", async () => {
    const first = await add("wait-for never");
    const rows = [await add("say one"), await add("say two")].map((id) => `run:${id}`);
    const { tasks } = await gateway.call("queue", {});
    assert.equal(tasks.length, 3);
    await until(async () => {
      await run("tally.cancelTask", rows[0], rows);
      return (await gateway.call("queue", {})).tasks.length === 1;
    }, "both to be gone");
    await gateway.call("cancelTask", { id: first });
    await removeAllSessions();
  });
});
