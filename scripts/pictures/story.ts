import { setTimeout as delay } from "node:timers/promises";
import { join } from "node:path";
import type { Frame, Page } from "playwright-core";
import { openDashboard } from "../../test/support/editor/dashboard.ts";
import { openEditor, type OpenEditor } from "../../test/support/editor/open-editor.ts";
import { says, type Script, usesTool } from "../../test/support/loopback-api/answers.ts";
import { onScreen } from "../editor/tally.ts";
import { claudeAtWork } from "./claude-at-work.ts";
import { Film } from "./film.ts";
import { pictureFolder, type Theme } from "./picture-folder.ts";

/** As wide as the README shows it, so that its text stays sharp. */
const viewport = { width: 1000, height: 625 };
const worktree = "fix-rounding";
const prompt = "The cart rounds twice. Fix it and test it.";
const command = "node --test";
/** How long the agent seems to think, in the film. */
const THINKS_MS = 1_200;

const script: Script = async ({ lastUserText, toolResults }) => {
  await delay(THINKS_MS);
  if (toolResults.length > 0) return says("It rounds once now, at the end, and the tests pass.");
  if (lastUserText.includes(prompt)) return usesTool("Bash", { command, description: "Run the tests" });
  return says("Ready.");
};

/** Films a short story in the real editor: a worktree is made, its agent asks for a permission, and is answered from the dashboard. */
export async function takeStory(theme: Theme): Promise<void> {
  await using stage = await claudeAtWork("shop", script);
  // The first moment is one in which nothing has happened, and not one in which the gateway starts.
  await stage.client.call("health", {});
  const editor = await openEditor({ theme, folder: stage.cwd, home: stage.home.root, env: stage.env });
  try {
    await editor.page.setViewportSize(viewport);
    await editor.openViews(onScreen.container);
    const dashboard = await openDashboard(editor);
    const film = new Film(editor.page);
    await play(editor, dashboard, film);
    await film.develop(join(pictureFolder, `story-${theme}.webp`));
  } finally {
    await editor.dispose();
  }
}

async function play(editor: OpenEditor, dashboard: Frame, film: Film): Promise<void> {
  const { page } = editor;
  await film.show(1_200);

  await page.keyboard.press("F1");
  const input = page.locator(".quick-input-widget:visible input").first();
  await input.fill(">Tally: Add Worktree");
  await film.show(900);
  await editor.pickItem("Tally: Add Worktree");
  await page.getByPlaceholder("feature-payment").waitFor();
  await typeSlowly(page, worktree, film);
  await page.keyboard.press("Enter");
  await page.locator(".quick-input-widget:visible .monaco-list-row").first().waitFor();
  await film.show(900);
  await editor.pickItem("Claude Code");
  await page.getByPlaceholder("Add a payment page").waitFor();
  await typeSlowly(page, prompt, film);
  await page.keyboard.press("Enter");

  const allow = dashboard.getByRole("button", { name: /^Allow: / });
  await film.follow(() => allow.isVisible(), { shownMs: 320 });
  await film.show(2_000);
  await allow.hover();
  await film.show(600);
  await allow.click();
  const isOver = async () => (await editor.treeRows(onScreen.view)).some((row) => /, claude, idle/.test(row));
  await film.follow(isOver, { shownMs: 320 });
  await film.show(3_000);
}

/** A picture every few letters. */
async function typeSlowly(page: Page, text: string, film: Film): Promise<void> {
  const letters = 7;
  for (let at = 0; at < text.length; at += letters) {
    await page.keyboard.type(text.slice(at, at + letters));
    await film.show(220);
  }
  await film.show(500);
}
