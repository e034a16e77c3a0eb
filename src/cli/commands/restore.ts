import { agentEnvironment } from "../../client/environment.ts";
import { TallyError } from "../../protocol/errors.ts";
import { onceApproved } from "../approval/approved.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { print, printJson } from "../screen/print.ts";
import { commandLine } from "../screen/shell-words.ts";
import { surfaceOf } from "../screen/surface.ts";
import { didYouMean } from "../suggest.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import { madeWorktree, resumeWay, sayFailedOperation } from "../worktree/failed-operation.ts";
import { runOperation } from "../worktree/run-operation.ts";
import { fullRef, shortRef } from "../worktree/snapshot-ref.ts";
import { formatSnapshots } from "../worktree/snapshot-table.ts";
import { sayMade } from "./add.ts";

const options = { list: { type: "boolean" }, trust: { type: "boolean" }, json: { type: "boolean" } } as const;

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { values, operands } = readArguments(args, options, [], ["name|ref"]);
  const [ref] = operands;
  const { list = false, trust: isTrusted = false, json = false } = values;
  if (list && ref !== undefined) throw new UsageError("--list lists all of them, so it goes without a name.");
  return ref === undefined ? listSnapshots(json, context) : restore(fullRef(ref), { isTrusted, json }, context);
}

async function listSnapshots(json: boolean, { client, env }: CliContext): Promise<number> {
  const { snapshots } = await client.call("snapshots", { query: { cwd: process.cwd() } });
  if (json) printJson(snapshots);
  else if (snapshots.length === 0) say("There is nothing to restore: no worktree of this project was removed.");
  else {
    print(formatSnapshots(snapshots, surfaceOf(process.stdout, env)));
    say("Bring the latest of a name back with: tally restore <name>, any other with its ref: tally restore <ref>");
  }
  return exitCodes.ok;
}

async function restore(
  ref: string,
  { isTrusted, json }: { readonly isTrusted: boolean; readonly json: boolean },
  context: CliContext,
): Promise<number> {
  const cwd = process.cwd();
  const body = { ref, cwd, env: agentEnvironment(context.env) };
  const begin = (operationId: string) =>
    context.client
      .call("restoreWorktree", { body: { ...body, operationId } })
      .catch((error: unknown) => orMeant(error, ref, context));
  const trustLine = commandLine(["tally", "restore", shortRef(ref), "--trust"]);
  const { answer, end } = await onceApproved(() => runOperation(begin, context), {
    cwd,
    consent: { isTrusted, trustLine },
    context,
  });
  if (json && end.kind === "over") printJson(end.worktree);
  const made = madeWorktree(end);
  if (made === null) return sayFailedOperation(end, { command: "restore", name: answer.worktree.name }, context);
  if (!json) sayMade(made, context, [resumeWay(made.worktree.name)]);
  return exitCodes.ok;
}

/** @throws the error, with the snapshots that a mistyped name may have meant. */
async function orMeant(error: unknown, ref: string, { client }: CliContext): Promise<never> {
  if (!(error instanceof TallyError) || error.code !== "snapshot-not-found") throw error;
  const { snapshots } = await client.call("snapshots", { query: { cwd: process.cwd() } });
  const isRef = ref !== shortRef(ref);
  const known = snapshots.map((snapshot) => (isRef ? shortRef(snapshot.ref) : snapshot.name));
  throw new TallyError(error.code, `${error.message}\n${didYouMean(shortRef(ref), known)}`.trimEnd(), error.details);
}
