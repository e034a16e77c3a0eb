import assert from "node:assert/strict";
import { startDemoSession } from "../../scripts/editor/tally.ts";
import { untilNotified } from "../support/editor/notifications.ts";
import { openEditor, type OpenEditor } from "../support/editor/open-editor.ts";
import { rowSaying, sessionsView, showSessions, showTerminalOf } from "../support/editor/sessions-view.ts";

describe("the sessions view of a window where nothing runs yet", () => {
  it("offers to start a session, for which Enter takes the first agent of those offered", async () => {
    const editor = await openEditor();
    try {
      await showSessions(editor);
      await editor.page.getByRole("button", { name: "New Session" }).first().waitFor();
      await editor.palette("Tally: New Session");
      await editor.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: "Demo agent" }).waitFor();
      await editor.page.keyboard.press("Enter");
      await editor.typeInInput("Keys");
      await rowSaying(editor, "Keys, demo, idle").waitFor();
    } finally {
      await editor.dispose();
    }
  });
});

describe("a session, as a person sees it", () => {
  let editor: OpenEditor;
  before(async () => {
    editor = await openEditor();
    await showSessions(editor);
  });
  after(() => editor.dispose());

  /** Starts a session of its own for a test, and waits until it can be talked to. */
  async function start(title: string): Promise<void> {
    await startDemoSession(editor, title);
    await rowSaying(editor, `${title}, demo, idle`).waitFor();
    await editor.untilTerminalShows("Tally demo agent");
  }

  it("is a row of the tree under its project, with its state", async () => {
    await start("Row");
    assert.match((await editor.treeRows(sessionsView))[0] ?? "", /^Project sample/);
  });

  it("answers what is typed", async () => {
    await start("Answer");
    await editor.typeInTerminal("hello\n");
    await editor.untilTerminalShows("Done: hello");
  });

  it("shows in the tree, on the badge and in the status bar that it waits for the person", async () => {
    await start("Wait");
    await editor.typeInTerminal("please ask for permission\n");
    await rowSaying(editor, "Wait, demo, waiting for you").waitFor();
    await editor.page.locator(".activitybar .badge-content", { hasText: "1" }).waitFor();
    await editor.page.locator(".statusbar-item", { hasText: "1 waiting" }).waitFor();
    await editor.typeInTerminal("y");
    await rowSaying(editor, "Wait, demo, idle").waitFor();
  });

  it("has the same screen in a second window, which sees what is typed in the first", async () => {
    await start("Both");
    const second = await editor.window2();
    await showSessions(second);
    await showTerminalOf(second, second.treeRow(sessionsView, "Both"), "Tally demo agent");
    await editor.typeInTerminal("hello both\n");
    await second.untilTerminalShows("Done: hello both");
    await second.page.close();
  });

  it("runs on over a reload of the window, which brings its terminal back with its screen", async () => {
    await start("Reload");
    await editor.typeInTerminal("before\n");
    await editor.untilTerminalShows("Done: before");
    await editor.reload();
    await showSessions(editor);
    await showTerminalOf(editor, editor.treeRow(sessionsView, "Reload"), "Done: before");
    await editor.typeInTerminal("after\n");
    await editor.untilTerminalShows("Done: after");
  });

  it("says that it runs on when its tab is closed, and is attached again with a click", async () => {
    await start("Close");
    await editor.typeInTerminal("remember\n");
    await editor.untilTerminalShows("Done: remember");
    await editor.palette("Terminal: Kill the Active Terminal Instance");
    await untilNotified(editor, '"Close" runs on');
    await editor.treeRow(sessionsView, "Close").click();
    await editor.untilTerminalShows("Done: remember");
  });

  it("has a title that is text and nothing else, whatever stands in it", async () => {
    const title = "[ok](command:workbench.action.quit) $(trash)";
    await startDemoSession(editor, title);
    await rowSaying(editor, String.raw`\[ok\].*, demo, idle`).waitFor();
    await editor.untilTerminalShows("Tally demo agent");
    await editor.palette("Terminal: Kill the Active Terminal Instance");
    const told = await untilNotified(editor, '$(trash)" runs on');
    assert.equal(await told.locator(".notification-list-item-message a").count(), 0);
    await editor.palette("Tally: Copy Session ID");
    await editor.pickItem(title);
  });

  it("says in its terminal and in the tree that it ended, and is gone with its tab when it is removed, which is asked first", async () => {
    await start("End");
    await editor.typeInTerminal("exit\n");
    await editor.untilTerminalShows("[Tally] demo ended (exit code 0)");
    await rowSaying(editor, "End, demo, done").waitFor();
    const tab = editor.page.locator(".single-terminal-tab, .terminal-tabs-entry", { hasText: "End (ended)" });
    await tab.waitFor();
    await editor.palette("Tally: Remove Session");
    await editor.pickItem("End");
    await editor.page.locator(".monaco-dialog-box").getByRole("button", { name: "Remove", exact: true }).click();
    await rowSaying(editor, "End, ").waitFor({ state: "detached" });
    await tab.waitFor({ state: "detached" });
  });
});

describe("a session that was started in a shell of the editor", () => {
  for (const nodeOnPath of ["machine", "none"] as const) {
    it(`shows in the tree, with ${nodeOnPath === "none" ? "no Node on PATH" : "the machine's own Node on PATH"}`, async () => {
      const editor = await openEditor({ nodeOnPath });
      try {
        await showSessions(editor);
        await editor.page.getByRole("button", { name: "New Session" }).first().waitFor();
        await editor.palette("Terminal: Create New Terminal");
        await editor.typeInTerminal("tally demo\n");
        await editor.untilTerminalShows("Tally demo agent");
        await rowSaying(editor, "Demo, demo, idle").waitFor();
        await editor.typeInTerminal("exit\n");
        await rowSaying(editor, "Demo, demo, done").waitFor();
      } finally {
        await editor.dispose();
      }
    });
  }
});

describe("a session in an editor without a Node on PATH", () => {
  it("starts from the palette all the same", async () => {
    const editor = await openEditor({ nodeOnPath: "none" });
    try {
      await startDemoSession(editor, "No Node");
      await editor.untilTerminalShows("Tally demo agent");
    } finally {
      await editor.dispose();
    }
  });
});
