import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { asksForColour, newestClaude, withClaudeInEditor } from "../support/editor/claude-in-editor.ts";
import { untilNotified } from "../support/editor/notifications.ts";
import { type Answer, says, usesTool } from "../support/loopback-api/answers.ts";
import type { SessionView } from "../support/session-view.ts";

/** A command that a notification cannot show in full. */
const longCommand = "if true\nthen\n  touch second.txt\nfi";

const answers: readonly Answer[] = [
  usesTool("Bash", { command: "touch first.txt", description: "Make a file" }),
  says("It is made."),
  usesTool("Bash", { command: longCommand, description: "Make another" }),
  asksForColour,
  says("Blue it is."),
];

describe(`Claude Code ${newestClaude}, answered in the editor`, () => {
  it("goes on with what was allowed and chosen on notifications, which go away when it is answered in its terminal", () =>
    withClaudeInEditor(answers, async ({ editor, view, cwd, untilIdle, untilReady }) => {
      const untilAsked = () => untilNotified(editor, "Files (claude)");
      await untilReady();

      await ask(view, "make a file");
      await (await untilAsked()).getByText("Allow").click();
      await untilIdle();
      assert.ok(existsSync(join(cwd, "first.txt")));

      await ask(view, "make another");
      const notified = await untilAsked();
      await notified.getByText("Review...").click();
      await editor.page.locator(".view-line", { hasText: "touch second.txt" }).waitFor();
      view.type("\x1b");
      await notified.waitFor({ state: "detached" });
      await editor.page.locator(".tab", { hasText: "Files" }).waitFor({ state: "detached" });
      await untilIdle();
      assert.ok(!existsSync(join(cwd, "second.txt")));

      await ask(view, "ask me");
      await (await untilAsked()).getByText("Blue").click();
      await view.screen.untilShows("Blue it is.");
      await untilIdle();
    }));
});

async function ask(view: SessionView, prompt: string): Promise<void> {
  view.type(`${prompt}\r`);
  await view.screen.untilShows(prompt);
}
