import assert from "node:assert/strict";
import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { GatewayClient } from "../../src/client/http.ts";
import { LiveModel } from "../../src/client/live-model.ts";
import type { Model } from "../../src/protocol/model.ts";
import type { Worktree } from "../../src/protocol/entities.ts";
import type { Operation, StepId } from "../../src/protocol/worktrees.ts";
import { runTally, type TallyRun } from "./cli.ts";
import { startTestGateway, type TestGateway } from "./gateway.ts";
import { git } from "./repositories.ts";
import { contentsOf, isFree, type SampleRepository, sampleRepository, untilAnswers } from "./sample-repository.ts";
import { until } from "./until.ts";
import { type TallyThere, tallyIn, tracesOf } from "./worktrees.ts";

const MINUTE_MS = 60_000;

/** A gateway that can be killed, a sample repository, and one worktree that comes and goes. */
export interface WorktreeRig {
  readonly gateway: TestGateway;
  readonly shop: SampleRepository;
  readonly tally: TallyThere;
  readonly name: string;
  /** A path in the worktree. */
  path(...parts: readonly string[]): string;
  /** The worktree as the gateway last told of it. */
  row(): Worktree | undefined;
  /** `tally <args>`, however it ends. */
  run(...args: readonly string[]): Promise<TallyRun>;
  /** Takes the main checkout as it is now for the untouched one. */
  touched(): Promise<void>;
  /** Begins to add the worktree, with everything approved. */
  add(agent?: string | null): Promise<void>;
  /** Adds it, to the end. */
  added(agent?: string | null): Promise<void>;
  /** Kills the gateway as soon as it tells what is waited for. */
  crashOnce(told: (model: Model) => boolean, begins: () => Promise<unknown>): Promise<void>;
  /** Kills the gateway as soon as it tells that this step has begun. */
  crashAt(kind: Operation["kind"], step: StepId, begins: () => Promise<unknown>): Promise<void>;
  /** What the next gateway makes of it: the worktree as it stands, or null where nothing is left. */
  afterRestart(): Promise<Worktree | null>;
  assertNothingIsLeft(): Promise<void>;
  /** It is there with all that belongs to it, and runs. */
  assertWhole(): Promise<void>;
  dispose(): Promise<void>;
}

export async function worktreeRig(): Promise<WorktreeRig> {
  const name = "feature-payment";
  const gateway = await startTestGateway();
  const shop = await sampleRepository();
  const surroundings = { env: gateway.env, cwd: shop.path };
  const tally = tallyIn(surroundings);
  const path = (...parts: readonly string[]) => join(`${shop.path}-${name}`, ...parts);
  let untouched = await contentsOf(shop.path);
  const row = () => [...gateway.model().worktrees.values()].find((each) => each.name === name);
  const words = () => JSON.stringify(row());

  const rig: WorktreeRig = {
    gateway,
    shop,
    tally,
    name,
    path,
    row,
    run: (...args) => runTally(args, surroundings),
    touched: async () => {
      untouched = await contentsOf(shop.path);
    },
    add: async (agent = "demo") => {
      const cwd = shop.path;
      const { commands } = await gateway.client.call("repositoryCommands", { query: { cwd } });
      if (commands) await gateway.client.call("approveCommands", { body: { cwd, hash: commands.hash } });
      await gateway.client.call("addWorktree", { body: { cwd, name, agent, env: gateway.env } });
    },
    added: async (agent = "demo") => {
      await rig.add(agent);
      await until(() => row()?.status === "ready", "the worktree to be ready", MINUTE_MS, words);
    },
    crashOnce: async (told, begins) => {
      let crashed: Promise<void> | undefined;
      const live = new LiveModel({
        client: new GatewayClient(() => Promise.resolve(gateway.endpoint)),
        onModel: (model) => {
          if (told(model)) crashed ??= gateway.crash();
        },
        onConnection: () => undefined,
      });
      try {
        await until(() => live.connection === "connected", "the event stream to connect");
        // Its answer may be lost with the gateway; when it was refused instead, the moment never comes.
        const begun = await begins().then(
          () => "begun",
          (error: unknown) => String(error),
        );
        await until(
          () => crashed !== undefined,
          "the moment to kill the gateway",
          MINUTE_MS,
          () => `${begun} ${words()}`,
        );
        await crashed;
      } finally {
        live.dispose();
      }
    },
    crashAt: (kind, step, begins) =>
      rig.crashOnce(({ worktrees }) => {
        const operation = [...worktrees.values()].find((each) => each.name === name)?.operation;
        const begun = operation?.kind === kind ? operation.steps.find(({ id }) => id === step) : undefined;
        return begun !== undefined && begun.state !== "pending";
      }, begins),
    afterRestart: async () => {
      await gateway.restart();
      const isUnderWay = () => ["adding", "removing"].includes(row()?.status ?? "gone");
      await until(() => !isUnderWay(), "the next gateway to say what is left", undefined, words);
      return row() ?? null;
    },
    assertNothingIsLeft: async () => {
      assert.deepEqual(await tracesOf(shop), []);
      assert.deepEqual(await contentsOf(shop.path), untouched);
      const { worktrees, processes, sessions } = await tally.listed();
      const live = sessions.filter(({ endedAt }) => endedAt === null);
      assert.deepEqual([worktrees, processes, live], [[], [], []]);
      for (const port of Object.values(shop.bases)) await until(() => isFree(port), `port ${port} to be free`);
    },
    assertWhole: async () => {
      const worktree = await tally.worktree(name);
      assert.deepEqual([worktree.status, worktree.operation?.state], ["ready", "done"]);
      assert.equal(await git(path(), "branch", "--show-current"), name);
      assert.equal(await git(path(), "status", "--porcelain"), "");
      assert.equal(await readFile(path("backend/.env"), "utf8"), "SECRET_KEY=made-up-backend\n");
      assert.equal(await realpath(path("frontend/node_modules")), join(shop.path, "frontend/node_modules"));
      assert.match(await readFile(path("backend/migrate.log"), "utf8"), /^migrated\n/);
      assert.equal((await untilAnswers(shop.bases.backend)).cwd, path("backend"));
      assert.equal((await untilAnswers(shop.bases.frontend)).cwd, path("frontend"));
      const live = (await tally.listed()).sessions.filter(({ endedAt }) => endedAt === null);
      assert.deepEqual(
        live.map(({ title }) => title),
        [`shop-${name}`],
      );
    },
    dispose: async () => {
      await gateway.dispose();
      await shop[Symbol.asyncDispose]();
    },
  };
  return rig;
}
