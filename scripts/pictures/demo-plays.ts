import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AddTask } from "../../src/protocol/queue-routes.ts";
import { portVariable } from "../../src/protocol/worktrees.ts";
import { until } from "../../test/support/until.ts";
import { type Stage, start, tell } from "./stage.ts";

/** Each session is in another state, because of what the demo agent is told. */
export async function playStates(stage: Stage): Promise<void> {
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
export async function playLimit(stage: Stage): Promise<void> {
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
export async function playWorktrees(stage: Stage): Promise<void> {
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

/** How long the pause still holds in the picture of tasks. */
const PAUSED_MS = 9_000_000;

/** What the demo agent does of a task, until the picture is taken. */
const rounding = `Fix rounding
say The cart rounds each line, and then the sum of them. I round once, at the end, and keep whole cents until then.
tool Edit src/cart.ts
tool Bash: npm test
say Both sums agree now. I look for other places that round.
tool Grep: Math.round
wait-for never`;

/** Tasks in two worktrees, one behind another, and one that a limit holds. */
export async function playTasks({ client, cwd, env }: Stage): Promise<void> {
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
