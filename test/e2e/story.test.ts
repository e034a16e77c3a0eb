import { join } from "node:path";
import type { Locator } from "playwright-core";
import { cacheFolder } from "../../scripts/editor/install.ts";
import { onScreen } from "../../scripts/editor/tally.ts";
import { openDashboard } from "../support/editor/dashboard.ts";
import { openEditor, type OpenEditor } from "../support/editor/open-editor.ts";
import { rowSaying, showSessions, showTerminalOf } from "../support/editor/sessions-view.ts";

/** Long enough for a person to ask for a launch meanwhile. */
const LIMIT = "limit 45s";
const RESUMED_WITHIN_MS = 120_000;
const soon = { TALLY_RESUME_JITTER_MS: "0", TALLY_RESUME_STAGGER_MS: "0" };

for (const theme of ["dark", "light"] as const) {
  describe(`the story of a session, in ${theme}`, function () {
    this.timeout(300_000);

    let editor: OpenEditor;
    before(async () => {
      editor = await openEditor({ theme, env: soon });
      await showSessions(editor);
    });
    after(() => editor.dispose());

    const row = (label: string): Locator => rowSaying(editor, label);
    /** For whoever wants to look at it: `.cache/e2e/story-<theme>-<step>.png`. */
    const picture = (step: string) => editor.screenshot(join(cacheFolder, "e2e", `story-${theme}-${step}.png`));

    it("goes from a new worktree through a permission and a limit to its end, in the tree and on the dashboard", async () => {
      await editor.palette("Tally: Add Worktree");
      await editor.typeInInput("harbour");
      await editor.pickItem(onScreen.demoAgent);
      await editor.typeInInput("ask for permission");
      await row("sample-harbour, demo, waiting for you").waitFor();
      await picture("1-waits");

      const page = await openDashboard(editor);
      const card = page.getByRole("article", { name: "sample-harbour" });
      await card.waitFor();
      await picture("2-dashboard");
      await card.getByRole("button", { name: "Allow: sample-harbour" }).click();
      await editor.untilTerminalShows("Allowed.");
      await row("sample-harbour, demo, idle").waitFor();
      await page.getByText("Nobody waits for you.").waitFor();
      await picture("3-answered");

      await editor.typeInTerminal(`${LIMIT}\n`);
      await row("sample-harbour, demo, paused").waitFor();
      await page.getByRole("timer").waitFor();
      await editor.palette(onScreen.newSession);
      await editor.pickItem("sample");
      await editor.pickItem(onScreen.demoAgent);
      await editor.typeInInput("Blocked");
      await editor.page.locator(".monaco-dialog-box").getByRole("button", { name: "Start When It Resets" }).click();
      await row("Blocked, demo, paused").waitFor();
      await picture("4-paused");

      await row("sample-harbour, demo, idle").waitFor({ timeout: RESUMED_WITHIN_MS });
      await row("Blocked, demo, idle").waitFor();
      await page.getByRole("timer").waitFor({ state: "detached" });
      await picture("5-resumed");

      await row("Demo agent paused").waitFor({ state: "detached" });
      await showTerminalOf(editor, row("sample-harbour, demo, idle"), "Done: Continue where you left off.");
      await editor.typeInTerminal("exit\n");
      await row("sample-harbour, demo, done").waitFor();
      await page.getByRole("button", { name: /^Ended 1$/ }).waitFor();
      await picture("6-ended");
    });
  });
}
