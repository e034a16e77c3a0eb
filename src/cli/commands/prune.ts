import { isatty } from "node:tty";
import { readDuration } from "../../protocol/duration.ts";
import type { PruneCandidate } from "../../protocol/worktree-routes.ts";
import type { RouteResult } from "../../protocol/routes.ts";
import type { SnapshotInfo } from "../../protocol/worktrees.ts";
import { TallyError } from "../../protocol/errors.ts";
import { personAtTerminal } from "../answer/person-at-terminal.ts";
import type { CliContext } from "../context.ts";
import { exitCodeOfError, exitCodes } from "../exit-codes.ts";
import { print, printJson } from "../screen/print.ts";
import { surfaceOf } from "../screen/surface.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import { sayFailedOperation } from "../worktree/failed-operation.ts";
import { formatCandidates } from "../worktree/prune-table.ts";
import { formatSnapshots } from "../worktree/snapshot-table.ts";
import { countWords, sizeWords } from "../worktree/worktree-words.ts";
import { removedWords, removeWorktree } from "./remove.ts";

const options = {
  yes: { type: "boolean", short: "y" },
  "dry-run": { type: "boolean", short: "n" },
  snapshots: { type: "string" },
  "no-teardown": { type: "boolean" },
  trust: { type: "boolean" },
  json: { type: "boolean" },
} as const;

/** Snapshots from before are told of: they hold disk space, and whoever misses something has noticed by then. */
const OLD_SNAPSHOT_MS = 30 * 24 * 3_600_000;

interface Wish {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly skipCommands: boolean;
  readonly isTrusted: boolean;
  readonly json: boolean;
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { values } = readArguments(args, options, []);
  const wish: Wish = {
    yes: values.yes ?? false,
    dryRun: values["dry-run"] ?? false,
    skipCommands: values["no-teardown"] ?? false,
    isTrusted: values.trust ?? false,
    json: values.json ?? false,
  };
  if (wish.yes && wish.dryRun) throw new UsageError("--yes and --dry-run exclude each other.");
  if (values.snapshots !== undefined) return pruneSnapshots(values.snapshots, wish, context);
  return pruneWorktrees(wish, context);
}

async function pruneWorktrees(wish: Wish, context: CliContext): Promise<number> {
  const { client, env } = context;
  const { candidates, snapshots } = await client.call("pruneCandidates", { query: { cwd: process.cwd() } });
  const safe = candidates.filter(({ isSafe }) => isSafe);
  if (!wish.json) {
    print(formatCandidates(candidates, surfaceOf(process.stdout, env)));
    if (candidates.length === 0) say("There is no worktree to sweep.");
    else say("✓ is safe to remove, – is not.");
    sayOldSnapshots(snapshots);
  }
  const isSwept = safe.length > 0 && !wish.dryRun && (await isAgreed(sweepQuestion(safe), wish));
  const { removed, exitCode } = isSwept ? await sweep(safe, wish, context) : { removed: [], exitCode: exitCodes.ok };
  if (wish.json) printJson({ candidates, snapshots, removed });
  else if (!isSwept && safe.length > 0) say("Nothing was removed.");
  else if (safe.length === 0 && candidates.length > 0) say("Nothing is safe to sweep.");
  return exitCode;
}

/** What is asked before worktrees are removed. */
export function sweepQuestion(safe: readonly PruneCandidate[]): string {
  const bytes = safe.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return `Remove ${countWords(safe.length, "worktree")} marked ✓, ${sizeWords(bytes)}? Each stays as a snapshot. [y]es / [N]o: `;
}

/** One after the other; one that cannot go keeps the others from nothing. */
async function sweep(
  safe: readonly PruneCandidate[],
  { skipCommands, isTrusted, json }: Wish,
  context: CliContext,
): Promise<{ removed: RouteResult<"removeWorktree">[]; exitCode: number }> {
  const removed: RouteResult<"removeWorktree">[] = [];
  let exitCode: number = exitCodes.ok;
  // Asked before any of them is gone: this command may have been typed in one of them.
  const { projects } = await context.client.call("snapshot", {});
  for (const { worktree } of safe) {
    const { name, projectId } = worktree;
    const project = projects.find(({ id }) => id === projectId);
    if (!project) continue;
    try {
      const found = { worktree, project };
      const wish = { keepBranch: false, force: false, skipCommands };
      const { answer, end } = await removeWorktree(found, { wish, isTrusted }, context);
      if (end.kind === "gone") {
        removed.push(answer);
        if (!json) say(removedWords(name, answer));
        continue;
      }
      exitCode = await sayFailedOperation(end, { command: "prune", name }, context);
      // Whoever pressed Ctrl-C wants no more of it.
      if (end.kind !== "over" || end.wasCancelled) break;
    } catch (error) {
      if (!(error instanceof TallyError)) throw error;
      say(`tally prune: ${printable(name)}: ${error.message}`);
      exitCode = exitCodeOfError(error.code);
    }
  }
  return { removed, exitCode };
}

async function pruneSnapshots(age: string, wish: Wish, context: CliContext): Promise<number> {
  const { client, env } = context;
  const ageMs = readDuration(age);
  if (ageMs === null) throw new UsageError(`"${age}" is no age. Say for example 30d, 12w or 6h.`);
  const cwd = process.cwd();
  const surface = surfaceOf(process.stdout, env);
  const { snapshots } = await client.call("snapshots", { query: { cwd } });
  const old = olderThan(ageMs, snapshots, surface.nowMs);
  if (!wish.json) print(formatSnapshots(old, surface));
  const question = `Forget ${countWords(old.length, "snapshot")} for good? [y]es / [N]o: `;
  const isAgreedTo = old.length > 0 && !wish.dryRun && (await isAgreed(question, wish));
  const dropped = isAgreedTo ? old : [];
  for (const { ref } of dropped) await client.call("dropSnapshot", { body: { cwd, ref } });
  if (wish.json) printJson({ snapshots: old, dropped: dropped.map(({ ref }) => ref) });
  else if (old.length === 0) say(`No snapshot is older than ${age}.`);
  else say(dropped.length === 0 ? "Nothing was forgotten." : `Forgot ${countWords(dropped.length, "snapshot")}.`);
  return exitCodes.ok;
}

export function olderThan(ageMs: number, snapshots: readonly SnapshotInfo[], nowMs: number): SnapshotInfo[] {
  return snapshots.filter(({ takenAt }) => nowMs - takenAt > ageMs);
}

function sayOldSnapshots(snapshots: readonly SnapshotInfo[]): void {
  const old = olderThan(OLD_SNAPSHOT_MS, snapshots, Date.now());
  if (old.length === 0) return;
  const [are, them] = old.length === 1 ? ["is", "it"] : ["are", "them"];
  say(
    `${countWords(old.length, "snapshot")} ${are} older than 30 days. Forget ${them} with: tally prune --snapshots 30d`,
  );
}

/** By `--yes`, or by the person at the terminal. Without either nothing is done, and it is said how. */
async function isAgreed(question: string, { yes, json }: Pick<Wish, "yes" | "json">): Promise<boolean> {
  if (yes) return true;
  if (!isatty(0) || !isatty(2)) {
    if (!json) say("To do it, say --yes, or run it in a terminal.");
    return false;
  }
  const person = personAtTerminal();
  try {
    return /^y(es)?$/i.test((await person.ask(question))?.trim() ?? "");
  } finally {
    person.dispose();
  }
}
