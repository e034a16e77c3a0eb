import assert from "node:assert/strict";
import * as vscode from "vscode";
import { readGatewayFile } from "../../src/client/discovery.ts";
import { tallyHome } from "../../src/protocol/home.ts";
import { until } from "../support/until.ts";
import { closeTab, gateway, removeAllSessions, snapshot, startDemo, terminalNamed, untilState } from "./own-gateway.ts";

describe("a session that was started in the editor", () => {
  afterEach(removeAllSessions);

  it("works in the workspace folder, under the title it was given, and says where it was started", async () => {
    const { session } = await startDemo("Fix the cart");
    assert.equal(session.cwd, vscode.workspace.workspaceFolders?.[0]?.uri.fsPath);
    assert.equal(session.origin, "editor");
  });

  it("shows its terminal, and becomes idle in it", async () => {
    const { session, terminal } = await startDemo("Fix the cart");
    await until(() => vscode.window.activeTerminal === terminal, "its terminal to be shown");
    await untilState(session.id, "IDLE");
  });

  it("takes what is typed into its terminal", async () => {
    const { session, terminal } = await startDemo("Fix the cart");
    await untilState(session.id, "IDLE");
    terminal.sendText("please ask for permission");
    await untilState(session.id, "WAITING_USER");
  });

  it("runs on when its tab is closed", async () => {
    const { session, terminal } = await startDemo("Fix the cart");
    await untilState(session.id, "IDLE");
    await closeTab(terminal);
    assert.equal((await gateway.call("getSession", { id: session.id })).session.endedAt, null);
  });

  it("is shown again in a new tab after its tab was closed", async () => {
    const { session, terminal } = await startDemo("Fix the cart");
    await untilState(session.id, "IDLE");
    await closeTab(terminal);
    await vscode.commands.executeCommand("tally.showTerminal", session.id);
    assert.notEqual(await terminalNamed("Fix the cart"), terminal);
  });

  it("is shown in the tab that is open, and in no second one", async () => {
    const first = await startDemo("First");
    await startDemo("Second");
    await vscode.commands.executeCommand("tally.showTerminal", first.session.id);
    await until(() => vscode.window.activeTerminal === first.terminal, "the first tab to be active");
    assert.equal(vscode.window.terminals.length, 2);
  });

  it("ends when it is told to, and its tab stays to be read and says so", async () => {
    const { session } = await startDemo("Fix the cart");
    await untilState(session.id, "IDLE");
    await vscode.commands.executeCommand("tally.endSession", session.id);
    await untilState(session.id, "DONE");
    await terminalNamed("Fix the cart (ended)");
  });

  it("names its tab anew when somebody renames it", async () => {
    const { session } = await startDemo("Fix the cart");
    await untilState(session.id, "IDLE");
    await gateway.call("renameSession", { id: session.id, body: { title: "Fix the basket" } });
    await terminalNamed("Fix the basket");
  });

  it("outlives a restart of the gateway, with its terminal attached", async () => {
    const { session, terminal } = await startDemo("Fix the cart");
    await untilState(session.id, "IDLE");
    const before = await readGatewayFile(tallyHome(process.env));
    await vscode.commands.executeCommand("tally.restartGateway");
    const after = await readGatewayFile(tallyHome(process.env));
    assert.notEqual(after?.pid, before?.pid);
    terminal.sendText("please ask for permission");
    await untilState(session.id, "WAITING_USER");
  });
});

describe("a program that is started from the editor", () => {
  afterEach(removeAllSessions);

  it("runs in the environment of the editor's terminals", async () => {
    const script = 'test "$TERM_PROGRAM" = vscode && test -z "$VSCODE_PID$ELECTRON_RUN_AS_NODE" && exit 7';
    await vscode.commands.executeCommand("tally.newSession", {
      agent: "command",
      args: ["sh", "-c", script],
      title: "Environment",
    });
    await until(async () => (await snapshot()).sessions.every(({ endedAt }) => endedAt !== null), "it to end");
    assert.equal((await snapshot()).sessions[0]?.exitCode, 7);
  });

  it("starts at the size of its terminal", async () => {
    await vscode.commands.executeCommand("tally.newSession", {
      agent: "command",
      args: ["sh", "-c", "stty size"],
      title: "Size",
    });
    await until(async () => (await snapshot()).sessions.every(({ endedAt }) => endedAt !== null), "it to end");
    const [session] = (await snapshot()).sessions;
    const output = await gateway.call("sessionOutput", { id: session?.id ?? "", query: { format: "text" } });
    assert.match(output.data, new RegExp(`^${output.rows} ${output.cols}`));
    assert.notDeepEqual([output.rows, output.cols], [24, 80]);
  });
});
