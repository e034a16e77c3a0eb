import * as z from "zod";
import { agentEnvironment } from "../../client/environment.ts";
import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import { workAtRiskSchema } from "../../protocol/worktrees.ts";
import type { RouteResult } from "../../protocol/routes.ts";
import { onceApproved } from "../approval/approved.ts";
import type { CliContext } from "../context.ts";
import { exitCodeOfError, exitCodes } from "../exit-codes.ts";
import { isHeld } from "../screen/continuation-words.ts";
import { formatWays } from "../screen/held-block.ts";
import { printJson } from "../screen/print.ts";
import { commandLine } from "../screen/shell-words.ts";
import { talkSurface } from "../screen/surface.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import { sayFailedOperation } from "../worktree/failed-operation.ts";
import { isInside } from "../worktree/project-here.ts";
import { type FoundWorktree, resolveNamed } from "../worktree/resolve-named.ts";
import { formatRisk } from "../worktree/risk-text.ts";
import { type OperationEnd, runOperation } from "../worktree/run-operation.ts";

const options = {
  "keep-branch": { type: "boolean" },
  force: { type: "boolean" },
  "no-teardown": { type: "boolean" },
  trust: { type: "boolean" },
  json: { type: "boolean" },
} as const;

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { values, operands } = readArguments(args, options, ["name|id"]);
  const named = await resolveNamed(operands[0], context);
  const wish = {
    keepBranch: values["keep-branch"] ?? false,
    force: values.force ?? false,
    skipCommands: values["no-teardown"] ?? false,
  };
  if (named.kind === "worktree") {
    return remove(named, { wish, isTrusted: values.trust ?? false, json: values.json ?? false }, context);
  }
  if (Object.values(wish).includes(true)) {
    throw new UsageError(`"${operands[0]}" is a session: the options are for worktrees.`);
  }
  return forgetSession(named.session, context);
}

async function forgetSession(session: Session, { client }: CliContext): Promise<number> {
  const { id, title } = session;
  if (isHeld(session))
    throw new TallyError("session-live", `Session ${id} is held. Call it off first: tally end ${id}`);
  await client.call("removeSession", { id });
  say(`Removed ${id} (${printable(title)}).`);
  return exitCodes.ok;
}

/** What the person wants of a removal. */
export interface RemovalWish {
  readonly keepBranch: boolean;
  readonly force: boolean;
  readonly skipCommands: boolean;
}

interface Removal {
  readonly wish: RemovalWish;
  readonly isTrusted: boolean;
  readonly json: boolean;
}

async function remove(found: FoundWorktree, { wish, isTrusted, json }: Removal, context: CliContext): Promise<number> {
  const { name } = found.worktree;
  const cwd = process.cwd();
  try {
    const { answer, end } = await removeWorktree(found, { wish, isTrusted }, context);
    if (end.kind !== "gone") return await sayFailedOperation(end, { command: "remove", name }, context);
    if (json) printJson({ name, snapshotRef: answer.snapshotRef, branch: answer.branch });
    else say(removedWords(name, answer));
    if (isInside(cwd, found.worktree.path))
      say(`You stand in a folder that is gone: ${commandLine(["cd", found.project.path])}`);
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof TallyError) || error.code !== "work-at-risk") throw error;
    sayAtRisk(error, found, context);
    return exitCodeOfError(error.code);
  }
}

/** Removes it, with its steps shown. @throws {TallyError} `work-at-risk` */
export function removeWorktree(
  { worktree: { id, name }, project }: FoundWorktree,
  { wish, isTrusted }: Omit<Removal, "json">,
  context: CliContext,
): Promise<{ readonly answer: RouteResult<"removeWorktree">; readonly end: OperationEnd }> {
  const body = { ...wish, env: agentEnvironment(context.env) };
  const begin = (operationId: string) => context.client.call("removeWorktree", { id, body: { ...body, operationId } });
  const trustLine = `${commandLine(["tally", "remove", name, "--trust"])}, or --no-teardown`;
  return onceApproved(() => runOperation(begin, context), {
    cwd: project.path,
    consent: { isTrusted, trustLine },
    context,
  });
}

/** What went, what became of its branch and why, and how it comes back. */
export function removedWords(name: string, { branch }: Pick<RouteResult<"removeWorktree">, "branch">): string {
  const kept = branch.name === null || branch.isDeleted ? "" : `, and kept branch ${printable(branch.name)}`;
  const gone = branch.isDeleted ? ` and branch ${printable(branch.name ?? "")}` : "";
  return `Removed ${printable(name)}${gone}${kept}. ${branch.why} Bring it back with: ${commandLine(["tally", "restore", name])}`;
}

const riskDetails = z.object({ risk: workAtRiskSchema });

function sayAtRisk(error: TallyError, { worktree: { name, path } }: FoundWorktree, { env }: CliContext): void {
  const surface = talkSurface(env);
  const { data } = riskDetails.safeParse(error.details);
  const ways = [
    { words: "Keep it as a snapshot and remove", line: commandLine(["tally", "remove", name, "--force"]) },
    { words: "Commit and push it yourself", line: commandLine(["cd", path]) },
  ];
  say(`tally remove: ${data ? `${printable(name)} holds work that is nowhere else.` : error.message}`);
  say([...(data ? formatRisk(data.risk, surface) : []), "", ...formatWays(ways, surface)].join("\n"));
}
