import assert from "node:assert/strict";
import { startDemoSession } from "../../scripts/editor/tally.ts";
import type { Workbench } from "../../scripts/editor/workbench.ts";
import { openEditor, type OpenEditor } from "../support/editor/open-editor.ts";

const view = "Sessions";

describe("a session, as a person sees it", () => {
  let editor: OpenEditor;
  before(async () => {
    editor = await openEditor();
    await editor.openViews("Tally");
  });
  after(() => editor.dispose());

  it("is offered by the empty view", async () => {
    await editor.page.getByRole("button", { name: "New Session" }).first().waitFor();
  });

  it("is started from the palette, and greets in its terminal", async () => {
    await startDemoSession(editor, "Fix the cart");
    await editor.untilTerminalShows("Tally demo agent");
  });

  it("is a row of the tree, under its project, with its state", async () => {
    await editor.treeRow(view, "Fix the cart").waitFor();
    const [project, session] = await editor.treeRows(view);
    assert.match(project ?? "", /sample/);
    assert.match(session ?? "", /^Fix the cart, demo, idle/);
  });

  it("answers what is typed", async () => {
    await editor.typeInTerminal("hello\n");
    await editor.untilTerminalShows("Done: hello");
  });

  it("shows in the tree and on the badge that it waits for the person", async () => {
    await editor.typeInTerminal("please ask for permission\n");
    await rowSaying(editor, "Fix the cart, demo, waiting for you").waitFor();
    await editor.page.locator(".activitybar .badge-content", { hasText: "1" }).waitFor();
    await editor.page.locator(".statusbar-item", { hasText: "1 waiting" }).waitFor();
  });

  it("has the same screen and state in a second window, which sees what is typed in the first", async () => {
    const second = await editor.window2();
    await rowSaying(second, "Fix the cart, demo, waiting for you").click();
    await second.untilTerminalShows("May I run");
    await editor.typeInTerminal("y");
    await rowSaying(second, "Fix the cart, demo, idle").waitFor();
    await second.page.close();
  });

  it("runs on over a reload of the window, which brings its terminal back with its screen", async () => {
    await editor.reload();
    await editor.treeRow(view, "Fix the cart").click();
    await editor.untilTerminalShows("Done: hello");
    await editor.typeInTerminal("and again\n");
    await editor.untilTerminalShows("Done: and again");
  });

  it("says that it runs on when its tab is closed", async () => {
    await editor.palette("Terminal: Kill the Active Terminal Instance");
    await editor.palette("Notifications: Show Notifications");
    await editor.page.locator(".notification-list-item", { hasText: '"Fix the cart" runs on' }).waitFor();
    await rowSaying(editor, "Fix the cart, demo, idle").waitFor();
  });

  it("is attached again with a click", async () => {
    await editor.treeRow(view, "Fix the cart").click();
    await editor.untilTerminalShows("Done: and again");
  });

  it("says in its terminal and in the tree that it ended", async () => {
    await editor.typeInTerminal("exit\n");
    await editor.untilTerminalShows("[Tally] demo ended (exit code 0)");
    await rowSaying(editor, "Fix the cart, demo, done").waitFor();
  });

  it("is gone when it is removed", async () => {
    await editor.palette("Tally: Remove Session");
    await editor.pickItem("Fix the cart");
    await editor.page.getByRole("button", { name: "New Session" }).first().waitFor();
  });
});

describe("a session that was started in a shell of the editor", () => {
  for (const nodeOnPath of ["machine", "none"] as const) {
    it(`shows in the tree, with ${nodeOnPath === "none" ? "no Node on PATH" : "the machine's own Node on PATH"}`, async () => {
      const editor = await openEditor({ nodeOnPath });
      try {
        await editor.openViews("Tally");
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

/** A row of the tree, by what a screen reader says of it. */
function rowSaying(workbench: Workbench, label: string) {
  return workbench.page
    .getByRole("tree", { name: view })
    .getByRole("treeitem", { name: new RegExp(`^${label}`) })
    .first();
}
