import assert from "node:assert/strict";
import diagnostics from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import * as vscode from "vscode";
import { LiveModel } from "../../src/client/live-model.ts";
import type { Session, Worktree } from "../../src/protocol/entities.ts";
import { until } from "../support/until.ts";
import { gateway, removeAllSessions, snapshot, startDemo, terminalNamed } from "./own-gateway.ts";

describe("what the editor asks of the gateway", () => {
  let live: LiveModel;
  before(async () => {
    // The first session starts the gateway.
    await startDemo("First");
    await removeAllSessions();
    live = new LiveModel({ client: gateway, onModel: () => undefined, onConnection: () => undefined });
    await until(() => live.connection === "connected", "the events to be followed");
  });
  after(() => live.dispose());
  afterEach(removeAllSessions);

  /** What is asked from the first change on, in its order, as `POST /v1/sessions`. Sockets are none of it. */
  async function changesDuring(act: () => Promise<void>): Promise<string[]> {
    const requests: string[] = [];
    const hear = (message: unknown) => {
      const { request } = message as { readonly request: ClientRequest };
      if (request.getHeader("upgrade") === undefined) requests.push(`${request.method} ${request.path}`);
    };
    diagnostics.subscribe("http.client.request.start", hear);
    try {
      await act();
    } finally {
      diagnostics.unsubscribe("http.client.request.start", hear);
    }
    const ours = requests.filter((each) => / \/v1\//.test(each));
    return ours.slice(ours.findIndex((each) => !each.startsWith("GET ")));
  }
  const sessionNamed = (title: string): Session | undefined =>
    [...live.model.sessions.values()].find((session) => session.title === title);
  const worktreeNamed = (name: string): Worktree | undefined =>
    [...live.model.worktrees.values()].find((worktree) => worktree.name === name);

  it("is one POST for a new session, whose terminal is shown from its answer", async () => {
    const requests = await changesDuring(async () => {
      await vscode.commands.executeCommand("tally.newSession", { agent: "demo", title: "Fix the cart" });
      await terminalNamed("Fix the cart");
      await until(() => sessionNamed("Fix the cart")?.state === "IDLE", "the session to be idle");
    });
    assert.deepEqual(requests, ["POST /v1/sessions"]);
  });

  it("is one POST for the end of a session", async () => {
    await vscode.commands.executeCommand("tally.newSession", { agent: "demo", title: "Fix the cart" });
    await until(() => sessionNamed("Fix the cart")?.state === "IDLE", "the session to be idle");
    const { id } = sessionNamed("Fix the cart")!;
    const requests = await changesDuring(async () => {
      await vscode.commands.executeCommand("tally.endSession", id);
      await terminalNamed("Fix the cart (ended)");
    });
    assert.deepEqual(requests, [`POST /v1/sessions/${id}/end`]);
  });

  it("is one POST for a task, which is followed to its end without being asked for", async () => {
    const cwd = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    const prompt = "say hello";
    const requests = await changesDuring(async () => {
      await vscode.commands.executeCommand("tally.addTask", { prompt, agent: "demo", cwd });
      const isDone = () =>
        [...live.model.tasks.values()].some((task) => task.title === prompt && task.state === "DONE");
      await until(isDone, "the task to be done");
    });
    assert.deepEqual(requests, ["POST /v1/tasks"]);
  });

  it("is one POST for a new worktree", async () => {
    const requests = await changesDuring(async () => {
      await vscode.commands.executeCommand("tally.addWorktree", { name: "requests", agent: null });
      await until(() => worktreeNamed("requests")?.status === "ready", "the worktree to be ready");
    });
    assert.deepEqual(requests, ["POST /v1/worktrees"]);
    const body = { force: true, skipCommands: true, env: { PATH: process.env["PATH"] ?? "" } };
    for (const { id } of (await snapshot()).worktrees) await gateway.call("removeWorktree", { id, body });
    await until(() => worktreeNamed("requests") === undefined, "the worktree to be gone");
  });
});
