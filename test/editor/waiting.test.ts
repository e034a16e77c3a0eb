import assert from "node:assert/strict";
import * as vscode from "vscode";
import { emptyModel } from "../../src/protocol/model.ts";
import { tooltipOf } from "../../src/views/tooltip.ts";
import { aReason, aRequest, aSession } from "../support/entities.ts";
import { until } from "../support/until.ts";
import { gateway, removeAllSessions, startDemo, untilState } from "./own-gateway.ts";
import { plain, sessionRow } from "./tooltips.ts";

/** A session of the demo agent whose terminal was in front, and that asks for permission. */
async function startWaiting(): ReturnType<typeof startDemo> {
  const started = await startDemo("Waits");
  await untilState(started.session.id, "IDLE");
  started.terminal.sendText("please ask for permission");
  await untilState(started.session.id, "WAITING_USER");
  return started;
}

describe("Next Waiting Session", () => {
  afterEach(removeAllSessions);

  it("shows the terminal of the session that waits", async () => {
    const waiting = await startWaiting();
    const { terminal } = await startDemo("Works");
    await until(() => vscode.window.activeTerminal === terminal, "the other terminal to be in front");
    await until(async () => {
      await vscode.commands.executeCommand("tally.nextWaitingSession");
      return vscode.window.activeTerminal === waiting.terminal;
    }, "the window to know and show it");
  });

  it("leaves the person where they are when no session waits", async () => {
    const { session, terminal } = await startDemo("Works");
    await untilState(session.id, "IDLE");
    await until(() => vscode.window.activeTerminal === terminal, "its terminal to be in front");
    await vscode.commands.executeCommand("tally.nextWaitingSession");
    assert.equal(vscode.window.activeTerminal, terminal);
  });
});

describe("Allow", () => {
  afterEach(removeAllSessions);

  it("does not answer what its agent wants to be asked in its terminal", async () => {
    const { session } = await startWaiting();
    await vscode.commands.executeCommand("tally.allow", session.id);
    assert.equal((await gateway.call("getSession", { id: session.id })).session.state, "WAITING_USER");
  });

  it("is harmless for a request that is over", async () => {
    const ref = { sessionId: "gone", requestId: "gone" };
    for (const command of ["allow", "deny", "reviewRequest", "answerQuestion"]) {
      await vscode.commands.executeCommand(`tally.${command}`, ref);
    }
  });
});

describe("the tooltip of a session", () => {
  const session = aSession({
    state: "WAITING_USER",
    title: "[title](command:evil) <img src=x>",
    agentVersion: "2.1.329",
    model: "opus",
    promptCount: 3,
    usage: { inputTokens: 1_200, outputTokens: 340, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.5 },
    request: aRequest({ title: "Bash", detail: "npm test\n ```\n[detail](command:evil)\u202e" }),
    reason: aReason({
      text: "[reason](command:evil) $(bell)",
      source: "hook",
      signal: "PermissionRequest hook",
      caveat: "Its hooks are silent.",
    }),
  });
  const tooltip = tooltipOf(sessionRow("s", session), 1_000 + 5 * 60_000, emptyModel);

  it("says why the session is in its state, who says so, and what may be wrong with it", () => {
    const text = plain(tooltip);
    for (const words of [
      "waiting for you · 5m",
      "the agent's hooks (PermissionRequest hook), 5m ago",
      "Its hooks are silent.",
    ]) {
      assert.ok(text.includes(words), `"${words}" is missing in: ${text}`);
    }
  });

  it("says what runs, and what it has used", () => {
    const text = plain(tooltip);
    for (const words of ["claude 2.1.329", "opus", "1.2k in, 340 out", "$0.50"]) {
      assert.ok(text.includes(words), `"${words}" is missing in: ${text}`);
    }
  });

  it("takes nothing that an agent wrote for markup", () => {
    assert.ok(!tooltip.isTrusted && !tooltip.supportHtml);
    assert.doesNotMatch(tooltip.value, /\[(?:title|reason)\]\(/);
    assert.doesNotMatch(tooltip.value, /(?<!\\)\$\(bell\)/);
    assert.doesNotMatch(tooltip.value, /\u202e/);
  });

  it("shows what would be allowed as it is, in a block that it cannot break out of", () => {
    const fence = /^(`{3,})text\n([^]*?)\n {0,3}\1/m.exec(tooltip.value);
    assert.equal(fence?.[2], "npm test\n ```\n[detail](command:evil)<U+202E>");
  });
});
