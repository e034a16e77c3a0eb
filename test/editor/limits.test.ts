import assert from "node:assert/strict";
import * as vscode from "vscode";
import { emptyModel } from "../../src/protocol/model.ts";
import { statusTooltip } from "../../src/views/status-tooltip.ts";
import { tooltipOf } from "../../src/views/tooltip.ts";
import type { AccountNode, PauseNode, Tree, TreeNode } from "../../src/presentation/tree-nodes.ts";
import { aContinuation, anAccount, aPause, aQuota, aSession } from "../support/entities.ts";
import { until } from "../support/until.ts";
import { gateway, removeAllSessions, snapshot, startDemo, terminalNamed, untilState } from "./own-gateway.ts";
import { plain, sessionRow } from "./tooltips.ts";

const HOUR_MS = 60 * 60_000;
const now = Date.now();

const hostile = "[text](command:evil) $(bell)\u202e";
const account = anAccount({ quotas: [aQuota({ usedPercent: 82, resetsAt: now + HOUR_MS })] });
const pause: PauseNode = {
  kind: "pause",
  id: "pause:p",
  parent: null,
  children: [],
  pause: aPause({ id: "p", label: hostile, reason: hostile, evidence: hostile, until: now + HOUR_MS, tries: 2 }),
  account,
  waiting: [aSession({ title: hostile, continuation: aContinuation() })],
};
const accountNode: AccountNode = { kind: "account", id: "account:a", parent: null, children: [], account };

describe("the tooltip of a pause", () => {
  const tooltip = tooltipOf(pause, now, emptyModel);

  it("says who says so, what goes on then, how often it was tried out, and what is used", () => {
    const text = plain(tooltip);
    for (const words of [
      "the agent's hooks (StopFailure hook)",
      "Goes on then",
      "2 times, and still limited",
      "82% used",
    ]) {
      assert.ok(text.includes(words), `"${words}" is missing in: ${text}`);
    }
  });

  it("takes nothing that an agent wrote for markup", () => {
    assert.ok(!tooltip.isTrusted && !tooltip.supportHtml);
    assertHarmless(tooltip);
  });
});

describe("the tooltip of the status bar", () => {
  const tooltip = statusTooltip(aTree([pause, accountNode]), now);

  it("says what is paused and what is used", () => {
    const text = plain(tooltip);
    for (const words of ["paused until", "in 1 h", "82% used"]) assert.ok(text.includes(words), text);
  });

  it("says it above the sessions, however many they are and however long their titles", () => {
    const rows = Array.from({ length: 30 }, (_, index) =>
      sessionRow(`session:${index}`, aSession({ title: "long ".repeat(40) })),
    );
    const text = plain(statusTooltip(aTree([...rows, pause, accountNode]), now));
    assert.ok(text.indexOf("82% used") < text.indexOf("long long"), text);
    assert.match(text, /^20 more$/m);
    assert.ok(
      text.split("\n").every((line) => line.length < 200),
      text,
    );
  });

  it("says of an account whose windows have all reset that its use is not known", () => {
    const reset = anAccount({ quotas: [aQuota({ resetsAt: now - 1 })] });
    const text = plain(statusTooltip(aTree([{ ...accountNode, account: reset }]), now));
    assert.match(text, /Used:\* not known since it reset/);
  });

  it("runs no command but the one that shows the limits, whatever an agent wrote", () => {
    assert.deepEqual(tooltip.isTrusted, { enabledCommands: ["tally.showLimits"] });
    assertHarmless(tooltip);
  });
});

function aTree(nodes: readonly TreeNode[]): Tree {
  return { roots: nodes.map(({ id }) => id), nodes: new Map(nodes.map((node) => [node.id, node])) };
}

function assertHarmless({ value }: vscode.MarkdownString): void {
  assert.doesNotMatch(value, /\[text\]\(/);
  assert.doesNotMatch(value, /(?<!\\)\$\(bell\)/);
  assert.doesNotMatch(value, /\u202e/);
}

describe("an account that is paused by hand", () => {
  afterEach(async () => {
    for (const { id } of (await snapshot()).pauses) await gateway.call("endPause", { id });
    await removeAllSessions();
  });

  it("is free again after the command that lifts the pause", async () => {
    // Nothing needed a gateway before.
    await startDemo("Runs");
    const cwd = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
    const body = { account: { agent: "demo", cwd, env: {} } };
    const { pause: made } = await gateway.call("startPause", { body });
    await until(async () => {
      // The window hears of it a moment later.
      await vscode.commands.executeCommand("tally.liftPause", made.id);
      return (await snapshot()).pauses.length === 0;
    }, "the pause to be lifted");
  });
});

describe("a session that has ended", () => {
  afterEach(removeAllSessions);

  it("lives on in the same tab when it is resumed", async () => {
    const { session, terminal } = await startDemo("Comes back");
    await untilState(session.id, "IDLE");
    await vscode.commands.executeCommand("tally.endSession", session.id);
    await terminalNamed("Comes back (ended)");
    await vscode.commands.executeCommand("tally.resumeSession", session.id);
    await untilState(session.id, "IDLE");
    assert.equal(await terminalNamed("Comes back"), terminal);
    terminal.sendText("please ask for permission");
    await untilState(session.id, "WAITING_USER");
  });
});
