import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { onScreen } from "../../scripts/editor/tally.ts";
import { appears } from "../../scripts/editor/workbench.ts";
import { openEditor, type OpenEditor } from "../support/editor/open-editor.ts";
import { rowSaying, sessionsView, showSessions, showTerminalOf } from "../support/editor/sessions-view.ts";
import { worktreeProject, type WorktreeProject } from "../support/editor/worktree-project.ts";
import { until } from "../support/until.ts";

describe("a worktree, as a person sees it", () => {
  let project: WorktreeProject;
  let editor: OpenEditor;
  before(async () => {
    project = await worktreeProject();
    editor = await openEditor({ folder: project.path });
    await showSessions(editor);
  });
  after(async () => {
    await editor.dispose();
    await project.dispose();
  });

  const dialog = (): Locator => editor.page.locator(".monaco-dialog-box");
  const pathOf = (name: string): string => join(project.parent, `shop-${name}`);
  const row = (label: string): Locator => rowSaying(editor, label);

  /** As a person does: palette, name, agent, approval of what tally.json runs. */
  async function add(name: string, agent: string): Promise<void> {
    await editor.palette("Tally: Add Worktree");
    await editor.typeInInput(name);
    await pickBase();
    await editor.pickItem(agent);
    if (agent === onScreen.demoAgent) await editor.typeInInput();
    await approve(name);
    await row(`Worktree ${name}, web on port`).waitFor();
  }

  /** Asked only once there is a branch besides the default one. */
  async function pickBase(): Promise<void> {
    const base = editor.page.getByPlaceholder(/begin from\?$/);
    const agents = editor.page.getByPlaceholder("Which agent?");
    await base.or(agents).waitFor();
    if (await base.isVisible()) await editor.pickItem("main");
  }

  /** Asked once for the same commands. */
  async function approve(name: string): Promise<void> {
    const button = dialog().getByRole("button", { name: "Approve and Run" });
    await button
      .or(row(`Worktree ${name}`))
      .first()
      .waitFor();
    if (await button.isVisible()) await button.click();
  }

  async function remove(name: string, button: string): Promise<void> {
    await editor.treeRow(sessionsView, name).first().click();
    await editor.page.keyboard.press("Delete");
    await dialog().getByText(`Remove worktree ${name}?`).waitFor();
    await dialog().getByRole("button", { name: button, exact: true }).click();
    await row(`Worktree ${name}`).waitFor({ state: "detached" });
  }

  it("comes with its process, its port and its agent, once what tally.json runs is approved", async () => {
    await editor.palette("Tally: Add Worktree");
    await editor.typeInInput("feature-payment");
    await editor.pickItem(onScreen.demoAgent);
    await editor.typeInInput();
    await dialog().getByText("node server.mjs $TALLY_PORT_WEB").waitFor();
    await dialog().getByRole("button", { name: "Approve and Run" }).click();
    await row("Worktree feature-payment, web on port").waitFor();
    await row(`Process web, running, on port ${project.port}`).waitFor();
    await row("shop-feature-payment, demo, idle").waitFor();
    await row("Shared with the main checkout").waitFor();
    assert.equal(await readFile(join(pathOf("feature-payment"), ".env"), "utf8"), "SECRET=made-up\n");
    await editor.untilTerminalShows("Tally demo agent");
  });

  it("shows a process's terminal on a click, also after a reload of the window", async () => {
    await add("terminal", "None");
    await showTerminalOf(editor, row("Process web, running"), "serving on");
    await editor.reload();
    await showSessions(editor);
    await showTerminalOf(editor, row("Process web, running"), "serving on");
  });

  it("has its port as a link in its tooltip", async () => {
    await add("tooltip", "None");
    const link = editor.page.locator(".monaco-hover a", { hasText: /^http:\/\/localhost:\d+$/ }).first();
    // A row that is drawn anew meanwhile loses the tooltip that was to come.
    await until(async () => {
      await editor.page.mouse.move(700, 300);
      await editor.treeRow(sessionsView, "tooltip").first().hover();
      return appears(link, 3_000);
    }, "its tooltip");
    assert.match((await link.getAttribute("data-href")) ?? "", /^http:\/\/localhost:\d+/);
  });

  it("is removed with its work kept, which brings it back whole", async () => {
    await add("keep", "None");
    await writeFile(join(pathOf("keep"), "notes.md"), "what I think\n");
    await editor.treeRow(sessionsView, "keep").first().click();
    await editor.page.keyboard.press("Delete");
    await dialog().getByText("notes.md").waitFor();
    await dialog().getByRole("button", { name: "Remove and Keep a Snapshot" }).click();
    await row("Worktree keep").waitFor({ state: "detached" });
    await until(() => !existsSync(pathOf("keep")), "its folder to be gone");
    await editor.palette("Tally: Restore Worktree");
    await editor.pickItem("keep");
    await row("Worktree keep, ").waitFor();
    assert.equal(await readFile(join(pathOf("keep"), "notes.md"), "utf8"), "what I think\n");
  });

  it("is swept with others that are chosen, and what they cost is shown before", async () => {
    await add("swept", "None");
    await editor.palette("Tally: Prune Worktrees");
    const item = editor.page.locator(".quick-input-widget:visible .monaco-list-row", { hasText: /^swept/ });
    await item.getByText(/ · now · /).waitFor();
    await item.getByRole("checkbox").setChecked(true);
    await editor.page.getByRole("button", { name: "OK" }).click();
    const prune = dialog().getByRole("button", { name: "Prune" });
    await prune.or(row("Worktree swept: ")).first().waitFor();
    if (await prune.isVisible()) await prune.click();
    await row("Worktree swept").waitFor({ state: "detached" });
  });

  it("says what is wrong with a name while it is typed", async () => {
    await editor.palette("Tally: Add Worktree");
    const box = editor.page.locator(".quick-input-widget:visible .quick-input-box input");
    for (const [name, words] of [
      ["../x", "leads out of the folder"],
      ["-x", "begins with -"],
      ["con", "name of a device on Windows"],
      ["main", "is checked out at"],
    ] as const) {
      await box.fill(name);
      await editor.page.locator(".quick-input-message", { hasText: words }).waitFor();
    }
    await editor.page.keyboard.press("Escape");
  });

  it("is a folder in which a new session can be started from its row", async () => {
    await add("session", "None");
    await editor.treeRow(sessionsView, "session").first().hover();
    await editor.treeRow(sessionsView, "session").first().getByRole("button", { name: "New Session" }).click();
    await editor.pickItem(onScreen.demoAgent);
    await editor.typeInInput("In the worktree");
    await row("In the worktree, demo, idle").waitFor();
    await remove("session", "Remove");
  });
});
