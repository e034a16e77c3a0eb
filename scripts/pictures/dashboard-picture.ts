import { join } from "node:path";
import { openDashboard } from "../../test/support/editor/dashboard.ts";
import { openEditor } from "../../test/support/editor/open-editor.ts";
import { viewSession } from "../../test/support/session-view.ts";
import { claudeIsReady } from "../../test/support/claude.ts";
import { says, type Script, usesTool } from "../../test/support/loopback-api/answers.ts";
import { until } from "../../test/support/until.ts";
import { onScreen } from "../editor/tally.ts";
import { type ClaudeAtWork, claudeAtWork } from "./claude-at-work.ts";
import { type PastStates, seedPast } from "./past.ts";
import { pictureFolder, type Theme } from "./picture-folder.ts";
import { start, tell } from "./stage.ts";

/** On a busy machine Claude Code takes its time to start. */
const PLAYED_WITHIN_MS = 60_000;

/** High enough for who waits, the sessions and their limits; then the page is scrolled to the work done. */
const viewport = { width: 1280, height: 1000 };

const currencies = ["Euro only", "Euro and pound", "Whatever the visitor's country has"].map((label) => ({
  label,
  description: "",
}));

/** What the model does with each prompt. */
const script: Script = ({ lastUserText }) => {
  if (lastUserText.includes("rounding")) {
    return usesTool("Bash", { command: "npm test -- cart", description: "Run the tests of the cart" });
  }
  if (lastUserText.includes("currencies")) {
    const question = "Which currencies shall the checkout show?";
    return usesTool("AskUserQuestion", {
      questions: [{ question, header: "Currencies", multiSelect: false, options: currencies }],
    });
  }
  return says("That is done.");
};

const worked = (minutes: number) => ({ state: "RUNNING", minutes }) as const;
const waited = (minutes: number) => ({ state: "WAITING_USER", minutes }) as const;
const idled = (minutes: number) => ({ state: "IDLE", minutes }) as const;

/** What the demo agent does of the task that runs. */
const linksTask = `Check the handbook's links
say The links of two chapters are dead. I look for where they went.
wait-for never`;

/** What the sessions of the picture have been through. */
const past: Readonly<Record<string, PastStates>> = {
  "Fix the cart's rounding": [worked(38), idled(52), worked(24), waited(9), worked(46)],
  "Translate the checkout": [worked(21), waited(14), worked(63), idled(30), worked(12)],
  "Migrate the database": [idled(20), worked(75), waited(6), worked(41)],
  "Update the docs": [worked(18), idled(44), worked(27), idled(31)],
};

/** Takes a picture of the dashboard with everything that it can show. */
export async function takeDashboardPicture(theme: Theme): Promise<void> {
  await using stage = await claudeAtWork("shop", script);
  await play(stage);
  const editor = await openEditor({ theme, folder: stage.cwd, home: stage.home.root, env: stage.env });
  try {
    await editor.page.setViewportSize(viewport);
    await editor.openViews(onScreen.container);
    const frame = await openDashboard(editor);
    // Its history is of the day, its sessions of this moment.
    await frame.getByRole("combobox", { name: "How far back the timeline goes" }).selectOption("6h");
    await frame.getByRole("button", { name: "Allow: Fix the cart's rounding" }).waitFor();
    const chart = frame.locator(".section-stats canvas").first();
    await chart.waitFor();
    await editor.screenshot(join(pictureFolder, `dashboard-${theme}.png`));
    await chart.scrollIntoViewIfNeeded();
    await editor.screenshot(join(pictureFolder, `work-${theme}.png`));
  } finally {
    await editor.dispose();
  }
}

/** The sessions begin, get their past, and then do what the picture shows. */
async function play(stage: ClaudeAtWork): Promise<void> {
  const { client, cwd, env } = stage;
  const rounding = await startClaude(stage, "Fix the cart's rounding");
  const checkout = await startClaude(stage, "Translate the checkout");
  const database = await start(stage, "Migrate the database");
  const docs = await start(stage, "Update the docs");
  seedPast(stage.home.stateDb, past);

  await tell(stage, docs, "hello");
  const { worktree } = await client.call("addWorktree", { body: { cwd, name: "handbook", agent: null, env } });
  const place = { worktreeId: worktree.id };
  for (const prompt of [linksTask, "Release notes of 2.4", "Update the dependencies"]) {
    await client.call("addTask", { body: { prompt, place, agent: "demo", env } });
  }
  await askClaude(stage, checkout, "Translate the checkout. Ask me which currencies.");
  await askClaude(stage, rounding, "The cart rounds twice. Fix its rounding.");
  await tell(stage, database, "take a long time");
  await until(
    async () => {
      const { sessions, tasks } = await client.call("snapshot", {});
      const isIn = (id: string, state: string) =>
        sessions.some((session) => session.id === id && session.state === state);
      const waiting = isIn(rounding, "WAITING_USER") && isIn(checkout, "WAITING_USER");
      return waiting && isIn(docs, "IDLE") && tasks.some(({ kind, state }) => kind === "run" && state === "RUNNING");
    },
    "the sessions of the picture",
    PLAYED_WITHIN_MS,
  );
}

const claudeSize = { cols: 100, rows: 24 };

async function startClaude({ client, cwd, env }: ClaudeAtWork, title: string): Promise<string> {
  const body = { agent: "claude", title, cwd, env, ...claudeSize };
  const { session } = await client.call("createSession", { body });
  using view = viewSession(client, session.id, claudeSize);
  await view.screen.untilShows(claudeIsReady);
  return session.id;
}

async function askClaude({ client }: ClaudeAtWork, id: string, prompt: string): Promise<void> {
  using view = viewSession(client, id, claudeSize);
  await view.screen.untilShows(claudeIsReady);
  view.type(prompt);
  await view.screen.untilShows(prompt);
  view.type("\r");
}
