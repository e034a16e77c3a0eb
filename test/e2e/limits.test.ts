import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { TallyError } from "../../src/protocol/errors.ts";
import type { Pause } from "../../src/protocol/limits.ts";
import type { CreatedSession, RouteBody } from "../../src/protocol/routes.ts";
import { untilNotified } from "../support/editor/notifications.ts";
import { openEditor, type OpenEditor } from "../support/editor/open-editor.ts";
import { rowSaying, showSessions } from "../support/editor/sessions-view.ts";
import { aContinuation, anAccount, aPause, aProject, aQuota, aSession, aTask } from "../support/entities.ts";
import { until } from "../support/until.ts";
import { type ScriptedGateway, startScriptedGateway } from "./scripted-gateway.ts";

const HOUR_MS = 60 * 60_000;

describe("a limit, as a person sees it", () => {
  let gateway: ScriptedGateway;
  let editor: OpenEditor;
  /** What the window asked to be started, in its order. */
  let launches: RouteBody<"createSession">[];
  let pauses = 0;
  let current: Pause;

  before(async () => {
    gateway = await startScriptedGateway();
    gateway.on("detectAgents", () => ({
      agents: [anAgent("claude", "Claude Code"), anAgent("demo", "Demo agent")],
    }));
    gateway.on("createSession", start);
    gateway.on("endPause", (_, id) => {
      assert.equal(id, current.id);
      ends();
      return { pause: current };
    });
    editor = await openEditor({ env: gateway.env, settings: { "tally.limits.block": "warn" } });
    await showSessions(editor);
    await gateway.untilFollowed();
  });
  beforeEach(() => (launches = []));
  afterEach(async () => {
    ends();
    await statusBar("until").waitFor({ state: "detached" });
  });
  after(async () => {
    await editor.dispose();
    await gateway.close();
  });

  const statusBar = (text: string): Locator => editor.page.locator(".statusbar-item", { hasText: text });
  const dialog = (): Locator => editor.page.locator(".monaco-dialog-box");
  const button = (label: string): Locator => dialog().getByRole("button", { name: label });

  function begins(fields: Partial<Pause> = {}): void {
    pauses += 1;
    const now = Date.now();
    const until = now + 2 * HOUR_MS;
    current = aPause({ id: `pause${pauses}`, since: now, createdAt: now, until, nextTryAt: until, ...fields });
    gateway.putAccount(anAccount({ quotas: [aQuota({ usedPercent: 100, resetsAt: until })] }));
    gateway.putPause(current);
  }

  function ends(): void {
    current = { ...current, endedAt: Date.now(), endedBy: "lifted" };
    gateway.putPause(current);
  }

  /** Claude Code is limited while the pause lasts; anything else starts. */
  function start(body: RouteBody<"createSession">): CreatedSession {
    launches.push(body);
    const isHeld = body.agent === "claude" && current.endedAt === null;
    if (isHeld && body.whenPaused === "refuse") {
      throw new TallyError("paused", "Claude Code is paused.", { pause: current, resumeAt: current.until });
    }
    const session = aSession({
      id: `started${launches.length}`,
      title: body.title ?? "Untitled",
      agent: body.agent ?? "claude",
      createdAt: Date.now(),
      stateSince: Date.now(),
      ...(isHeld && body.whenPaused === "hold"
        ? { state: "PAUSED", continuation: aContinuation({ pauseId: current.id, at: current.until }) }
        : { state: "RUNNING", pid: 42 }),
    });
    gateway.put(session);
    return { session, project: aProject(), task: aTask(), launch: null, pause: isHeld ? current : null };
  }

  async function startClaude(title: string): Promise<void> {
    await editor.palette("Tally: New Session");
    await editor.pickItem("Claude Code");
    await editor.typeInInput(title);
  }

  async function leaveWhichOne(): Promise<void> {
    const list = editor.page.getByPlaceholder("Which one?");
    await list.waitFor();
    await until(async () => {
      // It is shown a moment before it has the keyboard.
      if (await list.isVisible()) await list.press("Escape", { timeout: 1_000 }).catch(() => undefined);
      return list.isHidden();
    }, "the list to close");
  }

  it("is in the status bar and on top of the tree while it lasts", async () => {
    begins();
    await statusBar("Claude Code until").waitFor();
    await rowSaying(editor, "Claude Code paused until .*, in 2 h. The 5-hour limit is reached.").waitFor();
    ends();
    await statusBar("Claude Code until").waitFor({ state: "detached" });
    await rowSaying(editor, "Claude Code paused").waitFor({ state: "detached" });
  });

  it("is told of in notifications when it begins and when it is over", async () => {
    begins({ kind: "weekly" });
    gateway.put(
      aSession({
        id: "told",
        title: "Told",
        state: "PAUSED",
        pid: 42,
        continuation: aContinuation({ pauseId: current.id }),
      }),
    );
    await untilNotified(editor, "has hit its weekly limit: paused until");
    ends();
    const text = "Not resumed: it waits for you.";
    const continuation = aContinuation({ pauseId: current.id, status: "not-resumed", text });
    gateway.put(aSession({ id: "told", title: "Told", state: "IDLE", pid: 42, continuation }));
    await untilNotified(editor, '"Told": Not resumed: it waits for you.');
  });

  it("holds a launch, which says why and can wait for its end", async () => {
    begins();
    await startClaude("Waits");
    await dialog().getByText("Claude Code is paused until").waitFor();
    await dialog().getByText("known from the agent's hooks (StopFailure hook)").waitFor();
    await button("Start When It Resets").click();
    await rowSaying(editor, "Waits, claude, paused just now, starts").waitFor();
    assert.deepEqual(
      launches.map(({ whenPaused }) => whenPaused),
      ["refuse", "hold"],
    );
    assert.equal(await editor.page.locator(".notification-list-item", { hasText: "Started, although" }).count(), 0);
  });

  it("lets a launch through that the person wants all the same", async () => {
    begins();
    await startClaude("Anyway");
    await button("Start Anyway").click();
    await rowSaying(editor, "Anyway, claude, running").waitFor();
  });

  it("leaves the other agents free, which are offered instead", async () => {
    begins();
    await startClaude("Other");
    await button("Use Another Agent").click();
    await editor.pickItem("Demo agent");
    await rowSaying(editor, "Other, demo, running").waitFor();
    assert.deepEqual(
      launches.map(({ agent }) => agent),
      ["claude", "demo"],
    );
  });

  it("says so where the person has set that it only warns", async () => {
    begins();
    gateway.on("createSession", (body) => start({ ...body, whenPaused: "start" }));
    try {
      await startClaude("Warned");
      await rowSaying(editor, "Warned, claude, running").waitFor();
      await untilNotified(editor, "Started, although Claude Code is paused until");
    } finally {
      gateway.on("createSession", start);
    }
  });

  it("offers an ended session only what there is, and resumes nothing on Enter", async () => {
    begins();
    const over = Date.now();
    gateway.put(aSession({ id: "over", title: "Over", state: "DONE", endedAt: over, conversationId: "c", pid: 42 }));
    const forced: boolean[] = [];
    gateway.on("resumeSession", ({ force }) => {
      forced.push(force);
      throw new TallyError("paused", "Claude Code is paused.", { pause: current, resumeAt: current.until });
    });
    await editor.palette("Tally: Resume Session");
    await editor.pickItem("Over");
    await dialog().getByText("The session has ended, so it does not go on by itself: resume it again then.").waitFor();
    assert.deepEqual(
      await dialog()
        .getByRole("button", { name: /Resume|Start/ })
        .allTextContents(),
      ["Resume Anyway"],
    );
    await editor.page.keyboard.press("Enter");
    await editor.pickItem("Pause Agent...");
    await leaveWhichOne();
    assert.deepEqual(forced, [false]);
  });

  it("starts nothing when the person goes away", async () => {
    begins();
    await startClaude("Nothing");
    await button("Cancel").click();
    await dialog().waitFor({ state: "detached" });
    assert.equal(launches.length, 1);
  });

  it("is lifted from its row", async () => {
    begins();
    const row = rowSaying(editor, "Claude Code paused until");
    await row.hover();
    await row.locator('.action-label[aria-label="Lift Pause"]').click();
    await row.waitFor({ state: "detached" });
  });

  it("is lifted by command", async () => {
    begins();
    await rowSaying(editor, "Claude Code paused until").waitFor();
    await editor.palette("Tally: Lift Pause");
    await rowSaying(editor, "Claude Code paused until").waitFor({ state: "detached" });
  });

  it("is made by hand, for as long as the person says", async () => {
    let asked: RouteBody<"startPause"> | undefined;
    gateway.on("startPause", (body) => {
      asked = body;
      begins({ kind: "manual", until: body.until, reason: body.reason ?? "" });
      return { pause: current };
    });
    await editor.palette("Tally: Pause Agent...");
    await editor.pickItem("Claude Code");
    await editor.pickItem("Until I lift it");
    await editor.typeInInput("Saving it for the release");
    await rowSaying(editor, "Claude Code paused by hand, until it is lifted. Saving it for the release").waitFor();
    assert.deepEqual(asked, {
      account: { accountId: "claude-account1" },
      until: null,
      reason: "Saving it for the release",
    });
  });

  it("is what a click on the status bar leads to when nothing else goes on", async () => {
    for (const title of ["Waits", "Anyway", "Other", "Warned", "Told"]) {
      const session = [...gateway.sessions()].find((each) => each.title === title);
      if (session) gateway.put({ ...session, state: "DONE", endedAt: Date.now() });
    }
    begins();
    await statusBar("Claude Code until").click();
    await editor.pickItem("Pause Agent...");
    await leaveWhichOne();
  });

  it("tells a session that starts by itself that the person wants it so no more", async () => {
    begins();
    const session = aSession({
      id: "auto",
      title: "Auto",
      state: "PAUSED",
      pid: 42,
      continuation: aContinuation({ pauseId: current.id, at: current.until }),
    });
    gateway.put(session);
    gateway.on("setAutoResume", ({ enabled }) => {
      const changed = { ...session, autoResume: enabled };
      gateway.put(changed);
      return { session: changed };
    });
    await rowSaying(editor, "Auto, claude, paused .*, resumes").waitFor();
    await editor.palette("Tally: Cancel Auto-Resume");
    await editor.pickItem("Auto");
    await until(() => gateway.sessions().some(({ id, autoResume }) => id === "auto" && !autoResume), "it to be told");
  });

  it("is treated as the person has set", async () => {
    await until(() => gateway.settings.at(-1)?.block === "warn", "the setting to be told");
  });
});

describe("a persona of a repository that nobody has approved", () => {
  it("shows all that it runs, and starts once that is approved", async () => {
    const gateway = await startScriptedGateway();
    const persona = { name: "review", agent: "claude", args: ["--model", "opus"], env: { REVIEW: "1" }, hash: "h" };
    let isApproved = false;
    const offered = () => ({ ...persona, from: "repository" as const, isApproved });
    gateway.on("personas", () => ({ personas: [offered()], problem: null }));
    gateway.on("approvePersona", ({ hash }) => {
      isApproved = hash === "h";
      return { persona: offered() };
    });
    gateway.on("createSession", ({ persona: name, title }) => {
      if (!isApproved) throw new TallyError("approval-needed", "Approve it first.");
      const session = aSession({ id: "review", title: title ?? "", persona: name ?? null, stateSince: Date.now() });
      gateway.put(session);
      return { session, project: aProject(), task: aTask(), launch: null, pause: null };
    });
    const editor = await openEditor({ env: gateway.env });
    try {
      await showSessions(editor);
      await gateway.untilFollowed();
      await editor.palette("Tally: New Session");
      await editor.pickItem("review");
      await editor.typeInInput("Review");
      const dialog = editor.page.locator(".monaco-dialog-box");
      await dialog.getByText("Command: claude --model opus").waitFor();
      await dialog.getByText("REVIEW=1").waitFor();
      await dialog.getByRole("button", { name: "Approve and Start" }).click();
      await rowSaying(editor, "Review, claude, running").waitFor();
    } finally {
      await editor.dispose();
      await gateway.close();
    }
  });
});

function anAgent(name: string, label: string) {
  return { name, label, path: `/usr/bin/${name}`, installHint: null };
}
