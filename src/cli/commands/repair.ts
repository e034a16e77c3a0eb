import { isatty } from "node:tty";
import { agentEnvironment } from "../../client/environment.ts";
import type { Worktree } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import { personAtTerminal } from "../answer/person-at-terminal.ts";
import { onceApproved } from "../approval/approved.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatWays } from "../screen/held-block.ts";
import { printJson } from "../screen/print.ts";
import { commandLine } from "../screen/shell-words.ts";
import { talkSurface } from "../screen/surface.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import {
  leftWords,
  type MadeWorktree,
  madeWorktree,
  repairWays,
  resumeWay,
  sayFailedOperation,
} from "../worktree/failed-operation.ts";
import { repairLine } from "../worktree/repair-line.ts";
import { projectIdHere } from "../worktree/project-here.ts";
import { type FoundWorktree, resolveWorktree } from "../worktree/resolve-named.ts";
import { cancelOperation, type OperationEnd, runOperation } from "../worktree/run-operation.ts";
import { brokenWords, underWayWords } from "../worktree/worktree-words.ts";
import { sayMade } from "./add.ts";

const options = {
  finish: { type: "boolean" },
  undo: { type: "boolean" },
  trust: { type: "boolean" },
  json: { type: "boolean" },
} as const;

type How = "finish" | "undo";

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { values, operands } = readArguments(args, options, [], ["name"]);
  const { finish = false, undo = false, trust: isTrusted = false, json = false } = values;
  if (finish && undo) throw new UsageError("--finish and --undo exclude each other.");
  const found = operands[0] === undefined ? await onlyBroken(context) : await resolveWorktree(operands[0], context);
  if (found === null) {
    say("Nothing is broken.");
    return exitCodes.ok;
  }
  const how = finish ? "finish" : undo ? "undo" : await askHow(found.worktree, context);
  if (how === null) return exitCodes.failure;
  return repair(found, { how, isTrusted, json }, context);
}

/** The only worktree that is broken, of this project where there are several. @throws {UsageError} when there are several there too */
async function onlyBroken(context: CliContext): Promise<FoundWorktree | null> {
  const snapshot = await context.client.call("snapshot", {});
  const all = snapshot.worktrees.filter(({ status }) => status === "broken");
  const projectId = projectIdHere(snapshot, process.cwd());
  const here = all.filter((worktree) => worktree.projectId === projectId);
  const [only, ...others] = here.length > 0 ? here : all;
  if (only === undefined) return null;
  if (others.length > 0) {
    const names = [only, ...others].map((worktree) => `  ${printable(worktree.name)}  ${brokenWords(worktree)}`);
    throw new UsageError(`Which one? Name it:\n${names.join("\n")}`);
  }
  return resolveWorktree(only.id, context);
}

async function askHow(worktree: Worktree, { env }: CliContext): Promise<How | null> {
  const { name, operation } = worktree;
  const underWay = underWayWords(worktree);
  if (underWay !== null) {
    const line = `${repairLine(name)} --undo`;
    throw new TallyError(
      "worktree-busy",
      `${printable(name)} ${underWay}. Wait until that is over, or undo it: ${line}`,
    );
  }
  say(`${printable(name)}: ${brokenWords(worktree)}`);
  if (operation?.error) say(printable(operation.error.message));
  if (!isatty(0) || !isatty(2)) {
    say(formatWays(repairWays(name), talkSurface(env)).join("\n"));
    throw new UsageError("Say --finish or --undo.");
  }
  const person = personAtTerminal();
  try {
    for (;;) {
      const line = await person.ask("[f]inish what was begun / [u]ndo it / [q]uit: ");
      const word = line?.trim().toLowerCase() ?? "q";
      if (word === "f" || word === "finish") return "finish";
      if (word === "u" || word === "undo") return "undo";
      if (word === "q" || word === "quit") return null;
      say("Type f, u or q.");
    }
  } finally {
    person.dispose();
  }
}

interface Wish {
  readonly how: How;
  readonly isTrusted: boolean;
  readonly json: boolean;
}

async function repair(found: FoundWorktree, wish: Wish, context: CliContext): Promise<number> {
  const { how, json } = wish;
  const { name } = found.worktree;
  const isCancelled = how === "undo" && underWayWords(found.worktree) !== null;
  const end = isCancelled ? await cancelOperation(found.worktree, context) : await finishOrUndo(found, wish, context);
  if (json && end.kind === "over") printJson(end.worktree);
  const gone = goneWords(end, how, name);
  if (gone !== null) {
    say(gone);
    return exitCodes.ok;
  }
  const well = how === "undo" ? undoneWorktree(end) : madeWorktree(end);
  if (well === null) return sayFailedOperation(end, { command: "repair", name }, context);
  if (how === "undo") {
    say(`Undone. ${printable(name)} stays.`);
    say(formatWays([resumeWay(name)], talkSurface(context.env)).join("\n"));
  } else if (!json) sayMade(well, context);
  return exitCodes.ok;
}

async function finishOrUndo(
  { worktree: { id, name }, project }: FoundWorktree,
  { how, isTrusted }: Wish,
  context: CliContext,
): Promise<OperationEnd> {
  const body = { how, env: agentEnvironment(context.env) };
  const begin = (operationId: string) => context.client.call("repairWorktree", { id, body: { ...body, operationId } });
  const trustLine = commandLine(["tally", "repair", name, `--${how}`, "--trust"]);
  const { end } = await onceApproved(() => runOperation(begin, context), {
    cwd: project.path,
    consent: { isTrusted, trustLine },
    context,
  });
  return end;
}

/** What to say where the worktree was to go, and did; null where it was not, or did not. */
function goneWords(end: OperationEnd, how: How, name: string): string | null {
  if (end.kind !== "gone") return null;
  if (how === "undo") return `Undone. ${leftWords(end, name)}`;
  return end.hasSnapshot ? `Removed ${printable(name)}. ${leftWords(end, name)}` : null;
}

/** One that was to be removed and stays. */
function undoneWorktree(end: OperationEnd): MadeWorktree | null {
  return end.kind === "over" && end.worktree.status === "ready" ? end : null;
}
