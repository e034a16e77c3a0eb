import assert from "node:assert/strict";
import type { GatewayClient } from "../../src/client/http.ts";
import type { Session } from "../../src/protocol/entities.ts";
import type { AgentRequest } from "../../src/protocol/requests.ts";
import { startDemoSession } from "../../scripts/editor/tally.ts";
import { notification, untilNotified } from "../support/editor/notifications.ts";
import { openEditor, type OpenEditor } from "../support/editor/open-editor.ts";
import { rowSaying, showSessions } from "../support/editor/sessions-view.ts";
import { aRequest, aSession } from "../support/entities.ts";
import { clientOf } from "../support/gateway.ts";
import { viewSession } from "../support/session-view.ts";
import { until } from "../support/until.ts";
import { openScriptedEditor, type ScriptedEditor } from "./scripted-editor.ts";
import type { ScriptedGateway } from "./scripted-gateway.ts";

describe("a session that waits for the person, as they see it", () => {
  let editor: OpenEditor;
  let client: GatewayClient;
  before(async () => {
    editor = await openEditor();
    client = clientOf({ TALLY_HOME: editor.tallyHome });
    await showSessions(editor);
  });
  afterEach(async () => {
    for (const { id } of (await client.call("snapshot", {})).sessions) {
      await client.call("endSession", { id, body: { force: true } });
      await client.call("removeSession", { id });
    }
    await editor.palette("Terminal: Kill All Terminals");
    await editor.page.locator(".statusbar-item", { hasText: "waiting" }).waitFor({ state: "detached" });
    await editor.page.locator(".terminal-wrapper").first().waitFor({ state: "detached" });
  });
  after(async () => {
    client.dispose();
    await editor.dispose();
  });

  /** A session that no terminal of the editor shows, and that asks for permission. */
  async function startWaiting(title: string): Promise<void> {
    const env = { PATH: process.env["PATH"] ?? "", TALLY_HOME: editor.tallyHome };
    const body = { agent: "demo", title, cwd: editor.folder, env };
    const { session } = await client.call("createSession", { body });
    using view = viewSession(client, session.id);
    await view.screen.untilShows("Say anything");
    view.type(`permission for ${title}\r`);
    await rowSaying(editor, `${title}, demo, waiting for you`).waitFor();
  }

  it("is told of in a notification, which brings its terminal and then goes away", async () => {
    await startWaiting("Notify");
    const told = await untilNotified(editor, "Notify (demo)");
    await told.getByRole("button", { name: "Show" }).click();
    await editor.untilTerminalShows("May I run");
    await told.waitFor({ state: "detached" });
  });

  it("is told of until it waits no longer", async () => {
    await startWaiting("Answered");
    const told = await untilNotified(editor, "Answered (demo)");
    const [session] = (await client.call("snapshot", {})).sessions;
    using view = viewSession(client, session?.id ?? "");
    await view.screen.untilShows("May I run");
    view.type("y");
    await told.waitFor({ state: "detached" });
  });

  it("is not told of while its terminal is in front", async () => {
    await startDemoSession(editor, "In front");
    await editor.untilTerminalShows("Say anything");
    await editor.typeInTerminal("ask for permission\n");
    await rowSaying(editor, "In front, demo, waiting for you").waitFor();
    await startWaiting("Behind");
    await untilNotified(editor, "Behind (demo)");
    assert.equal(await notification(editor, "In front (demo)").count(), 0);
  });

  it("waits on without its notification when the person says: not now", async () => {
    await startWaiting("Later");
    const told = await untilNotified(editor, "Later (demo)");
    await told.getByText("Not\u00a0Now").click();
    await told.waitFor({ state: "detached" });
    await rowSaying(editor, "Later, demo, waiting for you").waitFor();
  });

  it("is where a click on the status bar leads", async () => {
    await startWaiting("Status");
    await editor.page.locator(".statusbar-item", { hasText: "1 waiting" }).click();
    await editor.untilTerminalShows("May I run");
    await editor.page.locator(".terminal-wrapper.active").waitFor();
  });

  it("is gone to by keyboard, one after the other, the longest waiting first", async () => {
    await startWaiting("First");
    await startWaiting("Second");
    await showSessions(editor);
    for (const title of ["First", "Second", "First"]) {
      await editor.page.keyboard.press("Control+Alt+w");
      await editor.untilTerminalShows(`permission for ${title}`);
    }
  });
});

describe("a request that Tally can answer", () => {
  let scripted: ScriptedEditor;
  let gateway: ScriptedGateway;
  let editor: OpenEditor;
  before(async () => {
    scripted = await openScriptedEditor();
    ({ gateway, editor } = scripted);
  });
  after(() => scripted.close());

  const session = (title: string, fields: Partial<Session>): Session =>
    aSession({ id: title, title, createdAt: Date.now(), stateSince: Date.now(), ...fields });

  /** A session begins to wait for the answer to a request. */
  async function asks(title: string, request: Partial<AgentRequest>): Promise<void> {
    gateway.put(session(title, { state: "RUNNING" }));
    gateway.put(session(title, { state: "WAITING_USER", request: aRequest({ id: `${title}-1`, ...request }) }));
    await rowSaying(editor, `${title}, claude, waiting for you`).waitFor();
  }

  const goesOn = (title: string) => gateway.put(session(title, { state: "RUNNING" }));

  async function untilAnswered(title: string, answer: unknown): Promise<void> {
    const given = () => gateway.answers.filter(({ sessionId }) => sessionId === title);
    await until(() => given().length > 0, `an answer to ${title}`);
    assert.deepEqual(
      given().map((each) => each.answer),
      [answer],
    );
  }

  const link = (title: string, label: string) => notification(editor, title).locator("a", { hasText: label });
  const lens = (label: string) => editor.page.locator(".codelens-decoration a", { hasText: label });

  it("is allowed on its notification, which shows all of it", async () => {
    await asks("Allow", { title: "Bash: npm test", detail: "npm test" });
    await untilNotified(editor, "Allow (claude) wants your permission: Bash: npm test");
    await link("Allow (claude)", "Allow").click();
    await untilAnswered("Allow", { choice: "allow" });
    await notification(editor, "Allow (claude)").waitFor({ state: "detached" });
  });

  it("is denied on its notification", async () => {
    await asks("Deny", {});
    await untilNotified(editor, "Deny (claude)");
    await link("Deny (claude)", "Deny").click();
    await untilAnswered("Deny", { choice: "deny" });
  });

  it("is allowed only after a look at all of it, when that does not fit on the notification", async () => {
    await asks("Review", { title: "Bash", detail: "if npm test\nthen\n  rm -rf /\nfi" });
    await untilNotified(editor, "Review (claude)");
    assert.equal(await link("Review (claude)", "Allow").count(), 0);
    await link("Review (claude)", "Review...").click();
    await editor.page.locator(".view-line", { hasText: "rm -rf /" }).waitFor();
    await lens("Allow").click();
    await untilAnswered("Review", { choice: "allow" });
    await editor.page.locator(".tab", { hasText: "Review" }).waitFor({ state: "detached" });
  });

  it("goes away with its notification and its document when it was answered elsewhere", async () => {
    await asks("Elsewhere", { title: "Bash", detail: "if npm test\nthen\n  rm -rf /\nfi" });
    await untilNotified(editor, "Elsewhere (claude)");
    await link("Elsewhere (claude)", "Review...").click();
    await editor.page.locator(".tab", { hasText: "Elsewhere" }).waitFor();
    goesOn("Elsewhere");
    await notification(editor, "Elsewhere (claude)").waitFor({ state: "detached" });
    await editor.page.locator(".tab", { hasText: "Elsewhere" }).waitFor({ state: "detached" });
  });

  it("is allowed from the tree after a look at all of it", async () => {
    await asks("Tree", { title: "Run the tests", detail: "npm test -- --all" });
    await rowSaying(editor, "Tree, ").hover();
    await rowSaying(editor, "Tree, ").locator('.action-label[aria-label="Allow"]').click();
    const dialog = editor.page.locator(".monaco-dialog-box", { hasText: "npm test -- --all" });
    assert.deepEqual(
      gateway.answers.filter(({ sessionId }) => sessionId === "Tree"),
      [],
    );
    await dialog.getByRole("button", { name: "Allow" }).click();
    await untilAnswered("Tree", { choice: "allow" });
  });

  const colour = {
    kind: "question",
    title: "Which colour?",
    detail: "",
    questions: [
      {
        text: "Which colour?",
        header: null,
        options: ["Amber", "Sea green"].map((label) => ({ label, description: null })),
        multiSelect: false,
      },
    ],
  } as const satisfies Partial<AgentRequest>;

  it("is answered from its document by command, also when there is another one", async () => {
    await asks("Selected", { title: "Bash", detail: "ls" });
    await asks("Read", { title: "Bash", detail: "if true\n  npm test\nfi" });
    await (await untilNotified(editor, "Read (claude)")).locator("a", { hasText: "Review..." }).click();
    await editor.page.locator(".view-line", { hasText: "npm test" }).waitFor();
    await editor.palette("Tally: Deny");
    await untilAnswered("Read", { choice: "deny" });
    goesOn("Selected");
  });

  it("is answered with a choice on its notification, when it is a question", async () => {
    await asks("Choose", { ...colour, questions: [...colour.questions] });
    await untilNotified(editor, "Choose (claude)");
    await link("Choose (claude)", "Sea green").click();
    await untilAnswered("Choose", { choice: "answers", answers: [["Sea green"]] });
  });

  it("is answered in the person's own words, when it is a question", async () => {
    await asks("Words", { ...colour, questions: [...colour.questions] });
    await editor.palette("Tally: Answer Question...");
    await editor.pickItem("In your own words...");
    await editor.typeInInput("Pitch black");
    await untilAnswered("Words", { choice: "answers", answers: [["Pitch black"]] });
  });

  it("is no longer asked for when it was answered elsewhere meanwhile", async () => {
    await asks("Late", { ...colour, questions: [...colour.questions] });
    await editor.palette("Tally: Answer Question...");
    const picks = editor.page.locator(".quick-input-widget:visible", { hasText: "Sea green" });
    await picks.waitFor();
    goesOn("Late");
    await picks.waitFor({ state: "detached" });
    await untilNotified(editor, "answered already");
  });

  it("offers nothing to click that its agent wrote", async () => {
    const text = "[npm test](command:tally.allow)";
    await asks("Hostile", { title: text, detail: text });
    const links = (await untilNotified(editor, "Hostile (claude)")).locator("a[href]");
    assert.deepEqual(await links.allTextContents(), ["Review...", "Deny", "Not\u00a0Now"]);
    goesOn("Hostile");
  });
});
