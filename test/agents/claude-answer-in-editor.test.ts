import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureGateway } from "../../src/client/ensure-gateway.ts";
import { GatewayClient } from "../../src/client/http.ts";
import { tallyHome } from "../../src/protocol/home.ts";
import { asksFirst, claudeHome, claudeIsReady, claudeVersions } from "../support/claude.ts";
import { untilNotified } from "../support/editor/notifications.ts";
import { openEditor } from "../support/editor/open-editor.ts";
import { rowSaying, showSessions } from "../support/editor/sessions-view.ts";
import { repositoryRoot } from "../support/gateway.ts";
import { type Answer, says, usesTool } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { type SessionView, viewSession } from "../support/session-view.ts";

const [version] = claudeVersions;

/** A command that a notification cannot show in full. */
const longCommand = "if true\nthen\n  touch second.txt\nfi";
const colours = ["Amber", "Blue"].map((label) => ({ label, description: `The colour ${label}` }));

const answers: readonly Answer[] = [
  usesTool("Bash", { command: "touch first.txt", description: "Make a file" }),
  says("It is made."),
  usesTool("Bash", { command: longCommand, description: "Make another" }),
  usesTool("AskUserQuestion", {
    questions: [{ question: "Which colour?", header: "Colour", multiSelect: false, options: colours }],
  }),
  says("Blue it is."),
];

describe(`Claude Code ${version}, answered in the editor`, () => {
  it("goes on with what was allowed and chosen on notifications, which go away when it is answered in its terminal", async () => {
    await using api = await startLoopbackApi({ script: (_, turn) => answers[turn] ?? says("That was all.") });
    await using home = await claudeHome(version, api.url);
    const editor = await openEditor({ folder: home.cwd, env: home.env });
    const env = { ...home.env, TALLY_HOME: editor.tallyHome };
    const client = new GatewayClient(() => ensureGateway({ home: tallyHome(env), env, folder: repositoryRoot }));
    try {
      await showSessions(editor);
      const untilAsked = () => untilNotified(editor, "Files (claude)");
      const body = { agent: "claude", args: asksFirst(version), title: "Files", cwd: home.cwd, env };
      const { session } = await client.call("createSession", { body });
      using view = viewSession(client, session.id);
      await rowSaying(editor, "Files, claude, idle").waitFor();
      await view.screen.untilShows(claudeIsReady);

      await ask(view, "make a file");
      await (await untilAsked()).getByText("Allow").click();
      await rowSaying(editor, "Files, claude, idle").waitFor();
      assert.ok(existsSync(join(home.cwd, "first.txt")));

      await ask(view, "make another");
      const notified = await untilAsked();
      await notified.getByText("Review...").click();
      await editor.page.locator(".view-line", { hasText: "touch second.txt" }).waitFor();
      view.type("\x1b");
      await notified.waitFor({ state: "detached" });
      await editor.page.locator(".tab", { hasText: "Files" }).waitFor({ state: "detached" });
      await rowSaying(editor, "Files, claude, idle").waitFor();
      assert.ok(!existsSync(join(home.cwd, "second.txt")));

      await ask(view, "ask me");
      await (await untilAsked()).getByText("Blue").click();
      await view.screen.untilShows("Blue it is.");
      await rowSaying(editor, "Files, claude, idle").waitFor();
    } finally {
      client.dispose();
      await editor.dispose();
    }
  });
});

async function ask(view: SessionView, prompt: string): Promise<void> {
  view.type(`${prompt}\r`);
  await view.screen.untilShows(prompt);
}
