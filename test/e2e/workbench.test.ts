import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { openEditor, type OpenEditor } from "../support/editor/open-editor.ts";

describe("the editor, with Tally installed from its package", () => {
  let editor: OpenEditor;
  before(async () => (editor = await openEditor()));
  after(() => editor.dispose());

  it("opens the workbench on the folder", async () => {
    await editor.treeRow("Files Explorer", "README.md").waitFor();
    assert.deepEqual(await editor.treeRows("Files Explorer"), ["src", "README.md"]);
  });

  it("lists Tally among the installed extensions", async () => {
    await editor.openViews("Extensions");
    await editor.page.locator(".extension-list-item .name").filter({ hasText: "Tally" }).waitFor();
  });

  it("runs a shell in its terminal, with Tally's throw-away home", async () => {
    await editor.palette("Terminal: Create New Terminal");
    await editor.typeInTerminal('echo "home=[$TALLY_HOME]"\n');
    await editor.untilTerminalShows(`home=[${editor.tallyHome}]`);
  });

  it("shows the same folder in a second window", async () => {
    const second = await editor.window2();
    await second.treeRow("Files Explorer", "README.md").waitFor();
    await second.page.close();
  });

  it("comes back after a reload of the window", async () => {
    await editor.reload();
    await editor.treeRow("Files Explorer", "README.md").waitFor();
  });
});

describe("an editor that was disposed of", () => {
  let editor: OpenEditor;
  let failure: unknown;
  before(async () => {
    editor = await openEditor({ extension: "development" });
    await editor.page.evaluate(() => {
      console.error("an error that was made up");
      void Promise.reject(new Error("a rejection that was made up"));
    });
    failure = await editor.dispose().catch((error: unknown) => error);
  });

  it("leaves nothing on disk", () => {
    assert.ok(!existsSync(editor.dataDir) && !existsSync(editor.tallyHome));
  });

  it("tells what errors there were, so that no test passes with one", () => {
    assert.match(String(failure), /an error that was made up[^]*a rejection that was made up/);
  });
});
