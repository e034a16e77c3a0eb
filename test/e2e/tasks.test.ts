import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { GatewayClient } from "../../src/client/http.ts";
import { endpointFromFile } from "../../src/client/discovery.ts";
import { TallyError } from "../../src/protocol/errors.ts";
import { tallyHome } from "../../src/protocol/home.ts";
import { untilNotified } from "../support/editor/notifications.ts";
import { openEditor, type OpenEditor } from "../support/editor/open-editor.ts";
import { rowSaying, showSessions, showTerminalOf } from "../support/editor/sessions-view.ts";
import { until } from "../support/until.ts";

const TITLE = "Tally: Add Task...";

describe("tasks, as a person sees them", () => {
  let editor: OpenEditor;
  let client: GatewayClient;
  before(async () => {
    editor = await openEditor();
    client = new GatewayClient(() => endpointOf(editor.tallyHome));
    await showSessions(editor);
    await editor.palette("Tally: Add Worktree");
    await editor.typeInInput("rounding");
    await editor.pickItem("None");
    await row("Worktree rounding").waitFor();
  });
  after(async () => {
    client.dispose();
    await editor.dispose();
  });

  const row = (label: string): Locator => rowSaying(editor, label);

  /** As a person does: palette, place, prompt. Without another agent, nobody is asked which. */
  async function add(prompt: string, place = "rounding"): Promise<void> {
    await editor.palette(TITLE);
    await editor.pickItem(place);
    await editor.typeInInput(prompt);
    await editor.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /**
   * With the keyboard: for a moment after it has opened, a menu takes no click. The editor closes one again when the tree draws a change in
   * that moment.
   */
  async function chooseInMenu(of: string, item: string): Promise<void> {
    const wanted = editor.page.getByRole("menuitem", { name: item, exact: true });
    await until(async () => {
      if (!(await wanted.isVisible())) await row(of).click({ button: "right" });
      const isOpen = wanted.hover({ timeout: 3_000 });
      return isOpen.then(
        () => true,
        () => false,
      );
    }, `the menu of ${of}`);
    await editor.page.keyboard.press("Enter");
    await wanted.waitFor({ state: "detached" });
  }

  /** The titles of the tasks in the queue, top to bottom. */
  async function queue(): Promise<string[]> {
    const labels = await editor.treeRows("Sessions");
    return labels.flatMap((label) => /^Task ([^,]+), (?:queued|blocked|running)/.exec(label)?.[1] ?? []);
  }

  /** Sessions that have ended are below a row of their own once they are many. */
  async function unfoldEnded(): Promise<void> {
    await row("Ended").waitFor();
    if ((await row("Ended").getAttribute("aria-expanded")) === "false") await row("Ended").click();
  }

  async function untilQueue(...titles: string[]): Promise<void> {
    await until(
      async () => JSON.stringify(await queue()) === JSON.stringify(titles),
      `the queue: ${titles.join(", ")}`,
    );
  }

  /** What a task waits for that begins with `wait-for <name>`. */
  const letGo = (name: string): Promise<void> => writeFile(join(`${editor.folder}-rounding`, name), "");

  async function untilQueueIsEmpty(): Promise<void> {
    await row("Queue").waitFor({ state: "detached" });
  }

  it("begin where they were added, show what they do, and are below their session afterwards", async () => {
    await add("wait-for go");
    await row("Queue. 1 running").waitFor();
    await showTerminalOf(editor, row("Task wait-for go, running"), "> wait-for go");
    await letGo("go");
    await untilQueueIsEmpty();
    await editor.untilTerminalShows("[Tally] Done");
    await row("wait-for go, demo, done").waitFor();
  });

  it("take a text of many lines, which is written in an editor", async () => {
    await editor.palette(TITLE);
    await editor.pickItem("rounding");
    await editor.page.getByRole("button", { name: "Write It in an Editor" }).click();
    await editor.page.locator(".editor-instance .view-lines").waitFor();
    await editor.page.keyboard.type("say The first line\nsay The second line");
    await editor.page.getByRole("button", { name: "Add Task from Editor" }).click();
    await row("say The first line, demo, done").waitFor();
    await editor.page.locator(".editor-instance").waitFor({ state: "detached" });
    await untilQueueIsEmpty();
    await showTerminalOf(editor, row("say The first line, demo, done"), "The second line");
  });

  it("wait for one another in one worktree, and are put into another order by dragging and by keys", async () => {
    await add("wait-for all");
    for (const title of ["say one", "say two", "say three"]) await add(title);
    await row("Task say three, queued, after wait-for all").waitFor();
    await untilQueue("wait-for all", "say one", "say two", "say three");
    await until(async () => {
      if ((await queue())[1] !== "say three") await row("Task say three").dragTo(row("Task say one"));
      return (await queue())[1] === "say three";
    }, "the third to be dragged before the first");
    await untilQueue("wait-for all", "say three", "say one", "say two");
    await showTerminalOf(editor, row("Task say three"), "> say three");
    await editor.page.keyboard.press("Alt+ArrowDown");
    await untilQueue("wait-for all", "say one", "say three", "say two");
    await chooseInMenu("Task say two", "Run Next");
    await untilQueue("wait-for all", "say two", "say one", "say three");
    await letGo("all");
    await untilQueueIsEmpty();
  });

  it("are taken out of the queue, and brought back to where they were", async () => {
    await add("wait-for undone");
    for (const title of ["say four", "say five"]) await add(title);
    await row("Task say five, queued").waitFor();
    await row("Task say four").hover();
    await row("Task say four").getByRole("button", { name: "Cancel Task" }).click();
    await untilQueue("wait-for undone", "say five");
    const taken = await untilNotified(editor, 'Took "say four" out of the queue');
    await taken.getByRole("button", { name: "Undo" }).click();
    await untilQueue("wait-for undone", "say four", "say five");
    await letGo("undone");
    await untilQueueIsEmpty();
  });

  it("are all taken out of the queue once that is confirmed, and what runs goes on", async () => {
    await add("wait-for alone");
    for (const title of ["say eight", "say nine"]) await add(title);
    await row("Task say nine, queued").waitFor();
    await chooseInMenu("Queue", "Empty Queue");
    await editor.page.locator(".monaco-dialog-box").getByRole("button", { name: "Empty Queue" }).click();
    await untilQueue("wait-for alone");
    await letGo("alone");
    await untilQueueIsEmpty();
  });

  it("are stopped once that is confirmed", async () => {
    await add("wait-for nothing");
    await row("Task wait-for nothing, running").hover();
    await row("Task wait-for nothing, running").getByRole("button", { name: "Cancel Task" }).click();
    await editor.page.locator(".monaco-dialog-box").getByRole("button", { name: "Stop Task" }).click();
    await untilQueueIsEmpty();
    const { tasks } = await client.call("snapshot", {});
    assert.deepEqual(
      tasks.filter(({ kind, title }) => kind === "run" && title === "wait-for nothing").map(({ state }) => state),
      ["CANCELLED"],
    );
  });

  it("say when they begin while their account is paused, and which is next then", async () => {
    await client.call("startPause", {
      body: { account: { agent: "demo", cwd: editor.folder, env: {} }, until: Date.now() + 7_200_000 },
    });
    await row("Demo agent paused by hand until").waitFor();
    await untilNotified(editor, "Demo agent is paused until");
    await add("say six");
    await add("say seven");
    await untilNotified(editor, 'Added "say seven". Its account is paused: it begins');
    await chooseInMenu("Task say seven, queued, paused until", "Run Next When It Resets");
    await untilQueue("say seven", "say six");
    const { pauses } = await client.call("limits", {});
    for (const { id } of pauses) await client.call("endPause", { id });
    await untilQueueIsEmpty();
  });

  it("show their output again after a reload of the window", async () => {
    await unfoldEnded();
    await showTerminalOf(editor, row("say seven, demo, done"), "> say seven");
    await editor.reload();
    await showSessions(editor);
    await unfoldEnded();
    await showTerminalOf(editor, row("say seven, demo, done"), "[Tally] Done");
  });

  it("tell of a failure, with its output and a way to try again", async () => {
    await add("fail The tests hang.");
    const failed = await untilNotified(editor, "failed: The tests hang.");
    await failed.getByRole("button", { name: "Show Output" }).click();
    await editor.untilTerminalShows("[Tally] Failed");
  });
});

async function endpointOf(home: string) {
  const env = { TALLY_HOME: home };
  const found = await endpointFromFile(tallyHome(env), env);
  if (!found) throw new TallyError("gateway-unreachable", "no gateway runs");
  return found.endpoint;
}
