import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureGateway } from "../src/client/ensure-gateway.ts";
import { GatewayClient } from "../src/client/http.ts";
import { tallyHome } from "../src/protocol/home.ts";
import type { AddTask } from "../src/protocol/queue-routes.ts";
import type { CreateSession } from "../src/protocol/routes.ts";
import { portVariable } from "../src/protocol/worktrees.ts";
import { openEditor, type OpenEditor } from "../test/support/editor/open-editor.ts";
import { until } from "../test/support/until.ts";
import { viewSession } from "../test/support/session-view.ts";
import { onScreen } from "./editor/tally.ts";
import { repository } from "./progress.mjs";

/** Takes the README's pictures, in both themes, of the real editor with sessions in several states. */
const pictures = join(repository, "media", "readme");

interface Stage {
  readonly client: GatewayClient;
  readonly cwd: string;
  readonly env: Record<string, string>;
}

interface Scene {
  readonly name: string;
  readonly play: (stage: Stage) => Promise<void>;
  /** The row that comes to its state last. */
  readonly last: RegExp;
  /** The row that is opened, and what its terminal shows then. */
  readonly opened: RegExp;
  readonly shows: string;
}

const scenes: readonly Scene[] = [
  {
    name: "sessions",
    play: playStates,
    last: /^Update the docs, demo, idle/,
    opened: /^Fix the cart's rounding, demo, waiting/,
    shows: "May I run",
  },
  {
    name: "limits",
    play: playLimit,
    last: /^Update docs, demo, paused/,
    opened: /^Fix rounding, demo, paused/,
    shows: "resets",
  },
  {
    name: "worktrees",
    play: playWorktrees,
    last: /^sample-fix-rounding, demo, running/,
    opened: /^sample-feature-payment, demo, waiting/,
    shows: "May I run",
  },
  {
    name: "tasks",
    play: playTasks,
    last: /^Task Payment page, running/,
    opened: /^Task Fix rounding, running/,
    shows: "● Grep: Math.round",
  },
];

/** How long the pause still holds in the picture of tasks. */
const PAUSED_MS = 9_000_000;

/** Each session is in another state, because of what the demo agent is told. */
async function playStates(stage: Stage): Promise<void> {
  await tell(stage, await start(stage, "Fix the cart's rounding"), "ask for permission");
  await tell(stage, await start(stage, "Migrate the database"), "take a long time");
  await tell(stage, await start(stage, "Translate the checkout"), "a question, please");
  await tell(stage, await start(stage, "Update the docs"), "hello");
  await stage.client.call("upsertTask", {
    body: {
      project: { repoPath: stage.cwd },
      task: { id: "nightly", agent: "aider", title: "Nightly dependency update", state: "BLOCKED" },
    },
  });
}

/** All meet one limit, and a launch is held by it. Their titles leave room for when they resume. */
async function playLimit(stage: Stage): Promise<void> {
  const ids: string[] = [];
  for (const title of ["Fix rounding", "Migrate data", "Translate it"]) ids.push(await start(stage, title));
  for (const id of ids) await tell(stage, id, "limit 9000s");
  const { client } = stage;
  await until(async () => (await client.call("limits", {})).pauses.length > 0, "the pause");
  await start(stage, "Update docs", "hold");
}

/** Stand-ins for the servers of a shop; each listens on the port that its worktree has for it. */
const serve = (port: string) =>
  `exec node -e 'require("http").createServer((_, answer) => answer.end("ok")).listen(+process.env.${port})'`;

/** Two worktrees with servers of their own, and an agent in each. */
async function playWorktrees(stage: Stage): Promise<void> {
  const { client, cwd, env } = stage;
  mkdirSync(join(cwd, "node_modules"));
  const tallyJson = {
    symlink: ["node_modules"],
    ports: ["backend", "frontend"],
    processes: { backend: serve(portVariable("backend")), frontend: serve(portVariable("frontend")) },
  };
  writeFileSync(join(cwd, "tally.json"), JSON.stringify(tallyJson));
  const { commands } = await client.call("repositoryCommands", { query: { cwd } });
  await client.call("approveCommands", { body: { cwd, hash: commands?.hash ?? "" } });
  for (const [name, prompt] of [
    ["feature-payment", "ask for permission"],
    ["fix-rounding", "take a long time"],
  ] as const) {
    const { worktree } = await client.call("addWorktree", { body: { cwd, name, agent: "demo", env } });
    await until(async () => {
      const { processes } = await client.call("snapshot", {});
      const own = processes.filter(({ worktreeId }) => worktreeId === worktree.id);
      return own.length === 2 && own.every(({ state }) => state === "RUNNING");
    }, `the processes of ${name}`);
    const { sessions } = await client.call("snapshot", {});
    const session = sessions.find(({ worktreeId }) => worktreeId === worktree.id);
    if (session) await tell(stage, session.id, prompt);
  }
}

/** What the demo agent does of a task, until the picture is taken. */
const rounding = `Fix rounding
say The cart rounds each line, and then the sum of them. I round once, at the end, and keep whole cents until then.
tool Edit src/cart.ts
tool Bash: npm test
say Both sums agree now. I look for other places that round.
tool Grep: Math.round
wait-for never`;

/** Tasks in two worktrees, one behind another, and one that a limit holds. */
async function playTasks({ client, cwd, env }: Stage): Promise<void> {
  const ids: string[] = [];
  for (const name of ["fix-rounding", "feature-payment"]) {
    const { worktree } = await client.call("addWorktree", { body: { cwd, name, agent: null, env } });
    ids.push(worktree.id);
  }
  const [roundingId = "", paymentId = ""] = ids;
  const limited = { ...env, TALLY_DEMO_ACCOUNT: "work" };
  await client.call("startPause", {
    body: { account: { agent: "demo", cwd, env: limited }, until: Date.now() + PAUSED_MS },
  });
  const add = (prompt: string, place: AddTask["place"], itsEnv = env) =>
    client.call("addTask", { body: { prompt, place, agent: "demo", env: itsEnv } });
  await add(rounding, { worktreeId: roundingId });
  await add("Payment page\nwait-for never", { worktreeId: paymentId });
  await add("Test rounding", { worktreeId: roundingId });
  await add("Release notes", { cwd }, limited);
}

async function start(
  { client, cwd, env }: Stage,
  title: string,
  whenPaused: NonNullable<CreateSession["whenPaused"]> = "refuse",
): Promise<string> {
  const body = { agent: "demo", title, cwd, env, cols: 100, rows: 16, whenPaused };
  return (await client.call("createSession", { body })).session.id;
}

async function tell({ client }: Stage, id: string, prompt: string): Promise<void> {
  using view = viewSession(client, id, { cols: 100, rows: 16 });
  await view.screen.untilShows("Say anything");
  view.type(`${prompt}\r`);
  await view.screen.untilShows(prompt);
}

async function photograph(
  editor: OpenEditor,
  { name, play, last, opened, shows }: Scene,
  theme: string,
): Promise<void> {
  const env = { PATH: process.env["PATH"] ?? "", TALLY_HOME: editor.tallyHome };
  const gateway = { home: tallyHome(env), env, folder: repository };
  const client = new GatewayClient(() => ensureGateway(gateway));
  await play({ client, cwd: editor.folder, env });
  client.dispose();
  await editor.openViews(onScreen.container);
  const row = (label: RegExp) => editor.page.getByRole("treeitem", { name: label }).first();
  await row(last).waitFor();
  await row(opened).click();
  await editor.untilTerminalShows(shows);
  await editor.screenshot(join(pictures, `${name}-${theme}.png`));
}

mkdirSync(pictures, { recursive: true });
/** All of them, or those that are named. */
const wanted = process.argv.slice(2);
for (const scene of scenes.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  for (const theme of ["dark", "light"] as const) {
    const editor = await openEditor({ theme });
    try {
      await photograph(editor, scene, theme);
    } finally {
      await editor.dispose();
    }
  }
}
