import assert from "node:assert/strict";
import type { GatewayClient } from "../../src/client/http.ts";
import { startDemoSession } from "../../scripts/editor/tally.ts";
import { runTally } from "../support/cli.ts";
import { openEditor, type OpenEditor } from "../support/editor/open-editor.ts";
import { rowSaying, sessionsView, showSessions, showTerminalOf } from "../support/editor/sessions-view.ts";
import { clientOf } from "../support/gateway.ts";

const HOUR_MS = 60 * 60_000;
/** The limit's 20 s, and a few more until it is tried whether it is gone. */
const RESUMED_WITHIN_MS = 60_000;

describe("a pause of the real gateway", () => {
  let editor: OpenEditor;
  let client: GatewayClient;
  before(async () => {
    editor = await openEditor();
    client = clientOf(environment());
    await client.call("health", {});
    await showSessions(editor);
  });
  after(async () => {
    client.dispose();
    await editor.dispose();
  });

  afterEach(async () => {
    for (const { id } of (await client.call("limits", {})).pauses) await client.call("endPause", { id });
  });

  const environment = () => ({ PATH: process.env["PATH"] ?? "", TALLY_HOME: editor.tallyHome });
  const status = async (): Promise<string> => {
    const { stdout } = await runTally(["status"], { env: environment(), cwd: editor.folder });
    return stdout.toString("utf8");
  };

  it("that a wrapper posts is in the status bar, in the tree and in tally status, until it posts the end of it", async () => {
    const inStatusBar = editor.page.locator(".statusbar-item", { hasText: "Claude Code until" });
    const inTree = rowSaying(editor, "Claude Code paused by hand until .*Out of tokens");
    const resumeAt = Date.now() + 2 * HOUR_MS;
    await client.call("wrapperPause", { body: { resumeAt, reason: "Out of tokens" } });
    await Promise.all([inStatusBar.waitFor(), inTree.waitFor()]);
    assert.match(await status(), /Claude Code: until .*Out of tokens/);
    await client.call("wrapperResume", { body: {} });
    await Promise.all([inStatusBar.waitFor({ state: "detached" }), inTree.waitFor({ state: "detached" })]);
    assert.doesNotMatch(await status(), /Claude Code/);
  });

  it("holds a launch in its terminal, where it begins when the pause is lifted", async () => {
    const launch = { agent: "demo", cwd: editor.folder, env: environment() };
    await client.call("startPause", { body: { account: launch } });
    await rowSaying(editor, "Demo agent paused by hand").waitFor();
    await startDemoSession(editor, "Held");
    await editor.page.locator(".monaco-dialog-box").getByRole("button", { name: "Start When It Is Lifted" }).click();
    await rowSaying(editor, "Held, demo, paused").waitFor();
    await editor.untilTerminalShows("Nothing runs here yet.");
    await editor.palette("Tally: Lift Pause");
    await editor.untilTerminalShows("Say anything");
    assert.doesNotMatch(await editor.terminalText(), /Nothing runs here/);
    await rowSaying(editor, "Held, demo, idle").waitFor();
  });

  it("lets a held launch be called off, which was never started", async () => {
    const launch = { agent: "demo", cwd: editor.folder, env: environment() };
    await client.call("startPause", { body: { account: launch } });
    await rowSaying(editor, "Demo agent paused by hand").waitFor();
    await startDemoSession(editor, "Called off");
    await editor.page.locator(".monaco-dialog-box").getByRole("button", { name: "Start When It Is Lifted" }).click();
    await editor.untilTerminalShows("Nothing runs here yet.");
    await editor.palette("Tally: End Session");
    await editor.pickItem("Called off");
    await editor.untilTerminalShows("Called off: it was never started.");
    await rowSaying(editor, "Called off, demo, cancelled").waitFor();
  });

  it("outlives a reload of the window: what a limit stopped goes on in its terminal, which the window shows again", async () => {
    await startDemoSession(editor, "Limited");
    await editor.untilTerminalShows("Say anything");
    // Longer than keys count as typing, and than a reload takes.
    await editor.typeInTerminal("limit 40s\n");
    await rowSaying(editor, "Limited, demo, paused").waitFor();
    await editor.reload();
    await showSessions(editor);
    await rowSaying(editor, "Limited, demo, paused").waitFor();
    await showTerminalOf(editor, editor.treeRow(sessionsView, "Limited"), "You've hit your 5-hour limit");
    await rowSaying(editor, "Limited, demo, idle").waitFor({ timeout: RESUMED_WITHIN_MS });
    await editor.untilTerminalShows("Done: Continue where you left off.");
  });
});
