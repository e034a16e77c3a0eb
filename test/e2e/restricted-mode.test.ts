import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openEditor, type OpenEditor } from "../support/editor/open-editor.ts";
import { showSessions } from "../support/editor/sessions-view.ts";

describe("Restricted Mode", () => {
  let editor: OpenEditor;
  before(async () => {
    editor = await openEditor({
      workspaceTrust: true,
      settings: { "security.workspace.trust.startupPrompt": "never" },
    });
    await showSessions(editor);
  });
  after(() => editor.dispose());

  it("is what the view gives as the reason why nothing starts, with a way out of it", async () => {
    await editor.page.getByText("Tally starts nothing here").waitFor();
    await editor.page.getByRole("button", { name: "Manage Workspace Trust" }).waitFor();
  });

  it("offers neither a new session nor a worktree", async () => {
    await editor.listCommands("Tally: ");
    await editor.page.locator(".quick-input-list .label-name", { hasText: "Tally: Show Gateway Log" }).waitFor();
    const offered = await editor.page.locator(".quick-input-list .label-name").allTextContents();
    for (const starts of ["Tally: New Session", "Tally: Add Worktree", "Tally: Restore Worktree"]) {
      assert.ok(!offered.includes(starts), offered.join(", "));
    }
    await editor.page.keyboard.press("Escape");
  });

  it("starts no gateway", () => {
    assert.ok(!existsSync(join(editor.tallyHome, "gateway.json")));
  });
});
