import assert from "node:assert/strict";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { cacheFolder } from "../../scripts/editor/install.ts";
import type { AgentRequest } from "../../src/protocol/requests.ts";
import { seriousFaults } from "../support/editor/axe.ts";
import { dashboardFrame, openDashboard, openSidebarDashboard } from "../support/editor/dashboard.ts";
import { focused, reachable, tabTo, walk } from "../support/editor/focus-walk.ts";
import { openEditor, type OpenEditor } from "../support/editor/open-editor.ts";
import { rowSaying, showSessions } from "../support/editor/sessions-view.ts";
import { aContinuation, anAccount, aPause, aQuota, aRequest, aSession, aTask } from "../support/entities.ts";
import { until } from "../support/until.ts";
import { type ScriptedGateway, startScriptedGateway } from "./scripted-gateway.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What the editor calls its themes, by the class that a page has in each. */
const themes = {
  "vscode-light": "Light Modern",
  "vscode-high-contrast": "Dark High Contrast",
  "vscode-dark": "Dark Modern",
};

describe("the dashboard, as a person sees it", () => {
  let gateway: ScriptedGateway;
  let editor: OpenEditor;

  before(async () => {
    gateway = await startScriptedGateway();
    tellHistory(gateway);
    fill(gateway);
    editor = await openEditor({ env: gateway.env });
    await showSessions(editor);
    await gateway.untilFollowed();
    await openDashboard(editor);
  });
  after(async () => {
    await editor.dispose();
    await gateway.close();
  });

  const card = (frame: Frame, title: string) => frame.getByRole("article", { name: title });
  const search = (frame: Frame) => frame.getByRole("searchbox");
  const why = (frame: Frame, title: string) => card(frame, title).getByLabel("If you deny it: why");
  const untilAnswered = (id: string) =>
    until(() => gateway.answers.some(({ sessionId }) => sessionId === id), `an answer to ${id}`);

  /** The page of the panel that is open, with the keyboard in its search, as after a click there. */
  async function withKeyboard(): Promise<Frame> {
    const frame = await dashboardFrame(editor, "panel");
    await search(frame).click();
    await until(() => frame.evaluate<boolean>("document.hasFocus()"), "the page to have the keyboard");
    return frame;
  }

  /** As the person does; resolves once the page has it. */
  async function setTheme(theme: keyof typeof themes, frame: Frame): Promise<void> {
    await editor.palette("Preferences: Color Theme");
    await editor.page.locator(".quick-input-widget:visible input").first().fill(themes[theme]);
    await editor.pickItem(themes[theme]);
    await frame.locator(`body.${theme}`).waitFor();
  }

  for (const [place, open, background] of [
    ["panel", openDashboard, "editor-background"],
    ["sidebar", openSidebarDashboard, "sideBar-background"],
  ] as const) {
    it(`has no serious fault for who cannot see it well, as a ${place} in light, high contrast and dark`, async () => {
      const frame = await open(editor);
      await card(frame, "Allowed").waitFor();
      const faults: string[] = [];
      for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
        await setTheme(theme, frame);
        await editor.screenshot(join(cacheFolder, "e2e", `dashboard-${place}-${theme}.png`));
        faults.push(...(await seriousFaults(frame, background)).map((fault) => `${theme}: ${fault}`));
      }
      assert.deepEqual(faults, []);
    });
  }

  it("is walked through by the Tab key, which comes to all that can be done, and goes on", async () => {
    await showSessions(editor);
    const frame = await withKeyboard();
    const expected = await reachable(frame);
    const seen = new Set(await walk(editor, frame));
    assert.deepEqual(
      expected.filter((name) => !seen.has(name)),
      [],
    );
  });

  it("moves from one session to the next with the arrow keys", async () => {
    const frame = await withKeyboard();
    await frame.locator(".session-title").first().focus();
    const first = await focused(frame);
    await editor.page.keyboard.press("ArrowDown");
    await until(async () => ![first, null].includes(await focused(frame)), "the next session to have the focus");
  });

  it("stays with the keyboard in the list whose row goes away", async () => {
    const frame = await withKeyboard();
    const row = frame.locator('[data-session="works"]');
    await row.focus();
    gateway.put(aSession({ id: "works", title: "Works", state: "DONE", createdAt: Date.now(), endedAt: Date.now() }));
    await row.waitFor({ state: "detached" });
    assert.match((await focused(frame)) ?? "nothing", /^button {2}\w+, claude/);
  });

  it("answers a permission by keyboard alone, and shows the change as the tree does", async () => {
    const frame = await withKeyboard();
    await tabTo(editor, frame, /Allow: Allowed/);
    await editor.page.keyboard.press("Enter");
    await untilAnswered("allowed");
    await Promise.all([
      card(frame, "Allowed").waitFor({ state: "detached" }),
      rowSaying(editor, "Allowed, claude, running").waitFor(),
    ]);
    assert.notEqual(await focused(frame), null);
  });

  it("keeps drafts, the search and folds while it is hidden, and over a reload of the window", async () => {
    const before = await withKeyboard();
    await why(before, "Drafted").fill("not on a Friday");
    await before.getByRole("button", { name: /^Work Done/ }).click();
    await search(before).fill("Draft");
    const isKept = async (frame: Frame) => {
      assert.equal(await why(frame, "Drafted").inputValue(), "not on a Friday");
      assert.equal(await search(frame).inputValue(), "Draft");
      assert.equal(await frame.getByRole("button", { name: /^Work Done/ }).getAttribute("aria-expanded"), "false");
    };
    await editor.palette("File: New Untitled Text File");
    await until(() => before.isDetached(), "the hidden page to be gone");
    await isKept(await openDashboard(editor));
    await editor.reloadByCommand();
    await showSessions(editor);
    await rowSaying(editor, "Drafted, claude, waiting for you").waitFor();
    const after = await dashboardFrame(editor, "panel");
    await card(after, "Drafted").waitFor();
    await isKept(after);
    await search(after).fill("");
  });

  it("shows the same in a second window, where what was answered in the first goes away", async () => {
    const frame = await dashboardFrame(editor, "panel");
    const second = await editor.window2();
    await showSessions(second);
    await rowSaying(second, "Both, claude, waiting for you").waitFor();
    const other = await openDashboard(second);
    const titles = (page: Frame) => page.getByRole("article").getByRole("heading").allTextContents();
    // The editor brings the page back as the first window wrote it down last, and that may be before its search was emptied.
    await until(async () => {
      await search(other).fill("");
      return JSON.stringify(await titles(other)) === JSON.stringify(await titles(frame));
    }, "the same in both");
    await card(other, "Both").waitFor();
    await card(frame, "Both").getByRole("button", { name: "Deny: Both" }).click();
    await untilAnswered("both");
    await Promise.all([frame, other].map((page) => card(page, "Both").waitFor({ state: "detached" })));
    await second.page.close();
  });
});

/** Sessions in every state, with something to answer, a pause, and tasks. */
function fill(gateway: ScriptedGateway): void {
  const now = Date.now();
  const account = anAccount({ quotas: [aQuota({ usedPercent: 80, resetsAt: now + HOUR_MS })] });
  gateway.putAccount(account);
  const pause = aPause({ since: now, createdAt: now, until: now + HOUR_MS, nextTryAt: now + HOUR_MS });
  gateway.putPause(pause);
  const waits = (title: string, request: Partial<AgentRequest> = {}) => {
    const id = title.toLowerCase();
    gateway.put(
      aSession({
        id,
        title,
        state: "WAITING_USER",
        stateSince: now,
        createdAt: now,
        pid: 42,
        request: aRequest({ id: `request-${id}`, at: now, ...request }),
      }),
    );
  };
  for (const title of ["Allowed", "Drafted", "Both"]) waits(title);
  waits("Colour", {
    kind: "question",
    title: "Which colour?",
    detail: "",
    questions: [
      {
        text: "Which colour?",
        header: "Colour",
        multiSelect: false,
        options: ["Amber", "Sea green"].map((label) => ({ label, description: `The colour ${label}` })),
      },
    ],
  });
  const continuation = aContinuation({ pauseId: pause.id, at: now + HOUR_MS });
  gateway.put(aSession({ id: "paused", title: "Paused", state: "PAUSED", createdAt: now, continuation }));
  gateway.put(aSession({ id: "works", title: "Works", createdAt: now, stateSince: now, pid: 43 }));
  gateway.put(aSession({ id: "ended", title: "Ended well", state: "DONE", createdAt: now, endedAt: now }));
  gateway.put(aTask({ id: "foreign", title: "Nightly update", state: "BLOCKED" }));
}

/** What was before: two days of work, and what the account was used. */
function tellHistory(gateway: ScriptedGateway): void {
  const now = Date.now();
  const usage = { inputTokens: 1_200, outputTokens: 300, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.12 };
  const work = { agent: "claude", projectId: "project1", done: 4, failed: 1, cancelled: 0, executionMs: 90_000, usage };
  const days = [now - DAY_MS, now].map((startsAt) => ({
    ...work,
    startsAt,
    day: new Date(startsAt).toISOString().slice(0, 10),
  }));
  const samples = [20, 50, 80].map((usedPercent, place) => ({
    accountId: "claude-account1",
    kind: "five-hour" as const,
    model: null,
    usedPercent,
    resetsAt: now + HOUR_MS,
    at: now - (3 - place) * HOUR_MS,
  }));
  const spans = [{ state: "RUNNING" as const, isUnknown: false, from: now - HOUR_MS }];
  gateway.on("stats", () => ({ days, timeZone: "UTC" }));
  gateway.on("timeline", () => ({ sessions: [{ sessionId: "works", spans, endedAt: null }], since: now - DAY_MS }));
  gateway.on("quotaHistory", () => ({ samples }));
  gateway.on("pauseHistory", () => ({ pauses: [] }));
}
