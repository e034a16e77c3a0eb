import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import * as vscode from "vscode";
import { emptyModel } from "../../src/protocol/model.ts";
import type { Worktree } from "../../src/protocol/entities.ts";
import type { HelperProcess } from "../../src/protocol/worktrees.ts";
import { tooltipOf } from "../../src/views/tooltip.ts";
import type { WorktreeNode } from "../../src/presentation/tree-nodes.ts";
import { anOperation, aProject, aWorktree } from "../support/entities.ts";
import { git } from "../support/repositories.ts";
import { until, untilDefined } from "../support/until.ts";
import { gateway, removeAllSessions, snapshot, terminalNamed, untilState } from "./own-gateway.ts";
import { plain } from "./tooltips.ts";

const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file("/");
const tallyJson = vscode.Uri.joinPath(folder, "tally.json");

async function writeTallyJson(content: unknown): Promise<void> {
  await vscode.workspace.fs.writeFile(tallyJson, Buffer.from(JSON.stringify(content)));
}

/** What the person would answer in the dialog. */
async function approve(): Promise<void> {
  const query = { cwd: folder.fsPath };
  const { commands } = await gateway.call("repositoryCommands", { query });
  if (commands) await gateway.call("approveCommands", { body: { ...query, hash: commands.hash } });
}

async function add(name: string, agent: string | null = null): Promise<Worktree> {
  await vscode.commands.executeCommand("tally.addWorktree", { name, agent });
  const worktree = (await snapshot()).worktrees.find((each) => each.name === name);
  assert.equal(worktree?.status, "ready", JSON.stringify(worktree?.operation));
  return worktree;
}

async function processNamed(name: string): Promise<HelperProcess> {
  const process = (await snapshot()).processes.find((each) => each.name === name);
  assert.ok(process, `there is no process ${name}`);
  return process;
}

async function untilProcess(id: string, state: HelperProcess["state"]): Promise<HelperProcess> {
  return untilDefined(
    async () => (await snapshot()).processes.find((each) => each.id === id && each.state === state),
    `process ${id} to be ${state}`,
  );
}

async function removeAllWorktrees(): Promise<void> {
  const env = { PATH: process.env["PATH"] ?? "" };
  for (const { id } of (await snapshot()).worktrees) {
    await gateway.call("removeWorktree", { id, body: { force: true, skipCommands: true, env } });
  }
  await until(async () => (await snapshot()).worktrees.length === 0, "all worktrees to be gone");
}

describe("Add Worktree", () => {
  afterEach(async () => {
    await removeAllSessions();
    await removeAllWorktrees();
  });

  it("makes a worktree of the window's repository", async () => {
    const { path, branch } = await add("feature-payment");
    assert.equal(path, `${folder.fsPath}-feature-payment`);
    assert.equal(branch, "feature-payment");
  });

  it("shows the terminal of the agent that it starts", async () => {
    const { id, agentSessionId } = await add("agent", "demo");
    const session = await untilState(agentSessionId ?? "", "IDLE");
    assert.equal(session.worktreeId, id);
    assert.equal((await terminalNamed(session.title)).name, "sample-agent");
  });

  it("leaves nothing when it is refused", async () => {
    await vscode.commands.executeCommand("tally.addWorktree", { name: "a..b", agent: null });
    assert.deepEqual((await snapshot()).worktrees, []);
  });
});

describe("Adopt Worktree", () => {
  afterEach(removeAllWorktrees);

  it("takes a checkout that somebody made with git for one of Tally's", async () => {
    const path = `${folder.fsPath}-by-hand`;
    await git(folder.fsPath, "worktree", "add", "-q", "-b", "by-hand", path);
    await vscode.commands.executeCommand("tally.adoptWorktree", path);
    const [worktree] = (await snapshot()).worktrees;
    assert.deepEqual([worktree?.path, worktree?.status], [path, "ready"]);
  });
});

describe("a process of a worktree", () => {
  before(async () => {
    await writeTallyJson({ processes: { worker: "echo ready; exec sleep 1000" } });
    await gateway.call("health", {});
  });
  afterEach(async () => {
    await removeAllSessions();
    await removeAllWorktrees();
  });
  after(() => vscode.workspace.fs.delete(tallyJson));

  async function started(name: string): Promise<HelperProcess> {
    await approve();
    await add(name);
    return untilProcess((await processNamed("worker")).id, "RUNNING");
  }

  it("is shown in a terminal of its own", async () => {
    const { id } = await started("shown");
    await vscode.commands.executeCommand("tally.showProcess", id);
    const terminal = await terminalNamed("worker (shown)");
    await until(() => vscode.window.activeTerminal === terminal, "its terminal to be in front");
  });

  it("is stopped, and started again", async () => {
    const { id } = await started("stopped");
    await vscode.commands.executeCommand("tally.stopProcess", id);
    await untilProcess(id, "STOPPED");
    await vscode.commands.executeCommand("tally.startProcess", id);
    await untilProcess(id, "RUNNING");
  });

  it("is another program after it was restarted", async () => {
    const { id, pid } = await started("restarted");
    await vscode.commands.executeCommand("tally.restartProcess", id);
    await until(async () => {
      const now = await processNamed("worker");
      return now.state === "RUNNING" && now.pid !== pid;
    }, "another program to run");
  });

  it("that somebody killed runs again when its worktree is resumed", async () => {
    const { id, worktreeId, pid } = await started("resumed");
    process.kill(pid ?? 0, "SIGKILL");
    await untilProcess(id, "ERROR");
    await vscode.commands.executeCommand("tally.resumeWorktree", worktreeId);
    await untilProcess(id, "RUNNING");
  });

  it("takes its tab with it when its worktree is removed", async () => {
    const { id } = await started("removed");
    await vscode.commands.executeCommand("tally.showProcess", id);
    await terminalNamed("worker (removed)");
    await removeAllWorktrees();
    await until(() => vscode.window.terminals.length === 0, "its tab to be closed");
  });
});

describe("a worktree's place", () => {
  let worktree: Worktree;
  before(async () => (worktree = await add("place")));
  after(async () => {
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await removeAllWorktrees();
  });

  it("is where its terminal is, which knows which worktree it is in", async () => {
    await vscode.commands.executeCommand("tally.openWorktreeTerminal", worktree.id);
    const options = (await terminalNamed("place")).creationOptions as vscode.TerminalOptions;
    assert.equal(options.cwd, worktree.path);
    assert.equal(options.env?.["TALLY_WORKTREE_PATH"], worktree.path);
  });

  it("is copied", async () => {
    await vscode.commands.executeCommand("tally.copyWorktreePath", worktree.id);
    assert.equal(await vscode.env.clipboard.readText(), worktree.path);
  });

  it("is where a session starts that is asked for there", async () => {
    await vscode.commands.executeCommand("tally.newSession", { agent: "demo", title: "There", cwd: worktree.path });
    const session = (await snapshot()).sessions.find(({ title }) => title === "There");
    assert.equal(session?.worktreeId, worktree.id);
    await removeAllSessions();
  });
});

describe("Create tally.json", () => {
  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("shows a proposal that is written only when it is saved", async () => {
    await vscode.commands.executeCommand("tally.createTallyJson");
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.fsPath, tallyJson.fsPath);
    assert.equal(document.isUntitled, true);
    assert.doesNotThrow(() => JSON.parse(document.getText()) as unknown);
    assert.equal(existsSync(tallyJson.fsPath), false);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  it("opens the one that there is", async () => {
    await writeTallyJson({ ports: ["backend"] });
    await vscode.commands.executeCommand("tally.createTallyJson");
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.toString(), tallyJson.toString());
    assert.equal(document.getText(), '{"ports":["backend"]}');
    await vscode.workspace.fs.delete(tallyJson);
  });
});

describe("the tooltip of a worktree", () => {
  const worktree = aWorktree({
    name: "[name](command:evil)",
    status: "broken",
    ports: [{ name: "back](command:evil)", port: 8000 }],
    shared: ["node_modules"],
    operation: anOperation({
      state: "failed",
      error: { code: "setup-failed", message: "[why](command:evil) $(bell)" },
      steps: [{ id: "setup", label: "Set up", state: "failed", detail: "[detail](command:evil)", processId: null }],
    }),
  });
  const counts = { waiting: 0, unknown: 0, paused: 0, running: 0 };
  const node: WorktreeNode = {
    kind: "worktree",
    id: "w",
    parent: null,
    children: [],
    worktree,
    project: aProject(),
    counts,
  };
  const tooltip = tooltipOf(node, 2_000, emptyModel);

  it("says what happened, what Repair does, and that what is shared is shared", () => {
    const text = plain(tooltip);
    for (const words of ["Finish:", "Undo:", "a change there reaches every worktree", "http://localhost:8000"]) {
      assert.ok(text.includes(words), `"${words}" is missing in: ${text}`);
    }
  });

  it("takes nothing that comes from a repository for markup", () => {
    assert.ok(!tooltip.isTrusted && !tooltip.supportHtml);
    assert.doesNotMatch(tooltip.value, /(?<!\\)\]\(command:/);
    assert.doesNotMatch(tooltip.value, /(?<!\\)\$\(bell\)/);
  });
});
