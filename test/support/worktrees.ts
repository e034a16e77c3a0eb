import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type * as z from "zod";
import type { Worktree } from "../../src/protocol/entities.ts";
import { snapshotSchema } from "../../src/protocol/events.ts";
import { runTally, type Surroundings } from "./cli.ts";
import { git } from "./repositories.ts";
import type { SampleRepository } from "./sample-repository.ts";

const listedSchema = snapshotSchema.pick({ projects: true, worktrees: true, processes: true, sessions: true });
type Listed = z.infer<typeof listedSchema>;

/** The `tally` command as a person has it in a folder. */
export interface TallyThere {
  /** Runs it to its end, which has to be a good one. @returns what it printed, talk first */
  (...args: readonly string[]): Promise<string>;
  listed(): Promise<Listed>;
  /** @throws when there is none of that name */
  worktree(name: string): Promise<Worktree>;
}

export function tallyIn(surroundings: Surroundings): TallyThere {
  const run = async (args: readonly string[]) => {
    const { exitCode, signal, stdout, stderr } = await runTally(args, surroundings);
    assert.equal(
      exitCode,
      0,
      `tally ${args.join(" ")} ended with ${exitCode ?? signal ?? "nothing"} and said: ${stderr}`,
    );
    return { stdout: stdout.toString("utf8"), stderr };
  };
  const listed = async () => listedSchema.parse(JSON.parse((await run(["list", "--json"])).stdout));
  return Object.assign(
    async (...args: readonly string[]) => {
      const { stdout, stderr } = await run(args);
      return stderr + stdout;
    },
    {
      listed,
      worktree: async (name: string) => {
        const found = (await listed()).worktrees.find((worktree) => worktree.name === name);
        assert.ok(found, `there is no worktree ${name}`);
        return found;
      },
    },
  );
}

/** What `.tally-sessions` in the main checkout says; null when there is no such file. */
export async function sessionsFile({ path }: SampleRepository): Promise<unknown> {
  const text = await readFile(join(path, ".tally-sessions"), "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as unknown);
}

/** What there is of worktrees outside of Tally's own store: folders beside the main checkout, branches, and git's own folders for them. */
export async function tracesOf(shop: SampleRepository): Promise<string[]> {
  const beside = (await readdir(shop.parent)).filter((name) => name !== "shop" && !name.endsWith(".log"));
  const branches = (await git(shop.path, "branch", "--format=%(refname:short)")).split("\n");
  const admin = await readdir(join(shop.path, ".git", "worktrees")).catch(() => []);
  const leftovers = (await readdir(join(shop.path, ".git"))).filter((name) => name.endsWith(".lock"));
  return [
    ...beside.map((name) => `folder ${name}`),
    ...branches.filter((name) => name !== "main").map((name) => `branch ${name}`),
    ...admin.map((name) => `.git/worktrees/${name}`),
    ...leftovers.map((name) => `.git/${name}`),
  ];
}
