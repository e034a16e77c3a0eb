import { isErrorCode } from "../../protocol/errors.ts";
import type { Operation } from "../../protocol/worktrees.ts";
import type { CliContext } from "../context.ts";
import { exitCodeOfError, exitCodes } from "../exit-codes.ts";
import { formatWays, type WayOn } from "../screen/held-block.ts";
import { agentLines } from "../screen/request-text.ts";
import { commandLine } from "../screen/shell-words.ts";
import { talkSurface } from "../screen/surface.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { repairLine } from "./repair-line.ts";
import type { OperationEnd } from "./run-operation.ts";

/** The end of a command's output says why it failed. */
const OUTPUT_LINES = 20;

interface Told {
  /** What was meant to be done to which worktree. */
  readonly command: string;
  readonly name: string;
}

/** Says why an operation did not come to its end, what is left of it and what to do. @returns the exit code. */
export async function sayFailedOperation(
  end: OperationEnd,
  { command, name }: Told,
  context: CliContext,
): Promise<number> {
  const talk = (words: string) => say(`tally ${command}: ${words}`);
  switch (end.kind) {
    case "left":
      talk(`The gateway goes on undoing it. What is left of it: tally list`);
      return exitCodes.interrupted;
    case "gateway-stopped":
      talk(`interrupted, because the gateway was stopped. Go on with it: ${repairLine(name)}`);
      return exitCodes.gatewayNotRunning;
    case "gone": {
      if (end.wasCancelled || end.operation?.state === "cancelled") {
        talk(`Cancelled. ${leftWords(end, name)}`);
        return exitCodes.interrupted;
      }
      const why = end.operation?.error;
      talk(`${why?.message ?? "It failed."} ${leftWords(end, name)}`);
      return exitCodeOf(why?.code);
    }
    case "over":
      return sayLeftOver(end, { command, name }, context);
  }
}

/** What is left of a worktree that is gone. */
export function leftWords({ hasSnapshot }: Extract<OperationEnd, { kind: "gone" }>, name: string): string {
  if (!hasSnapshot) return "Nothing of it is left.";
  return `What was in it is kept as a snapshot. Bring it back with: ${commandLine(["tally", "restore", name])}`;
}

/** Of an operation after which the worktree is there. */
async function sayLeftOver(
  { operation, worktree, wasCancelled }: Extract<OperationEnd, { kind: "over" }>,
  { command, name }: Told,
  context: CliContext,
): Promise<number> {
  const isBroken = worktree.status === "broken";
  const ways = isBroken ? repairWays(name) : hasEndedAll(operation) ? [resumeWay(name)] : [];
  const tell = (words: string, more: readonly WayOn[] = ways) => {
    say(`tally ${command}: ${words}`);
    if (more.length > 0) say(formatWays(more, talkSurface(context.env)).join("\n"));
  };
  if (operation?.state === "interrupted") {
    tell(`interrupted: ${repairLine(name)}`, []);
    return exitCodes.failure;
  }
  if (operation?.state === "cancelled" && isBroken && !wasCancelled) {
    // Whoever cancelled it, in another terminal or the editor, has what is left undone.
    tell("Cancelled elsewhere, and undone from there. What is left of it: tally list", []);
    return exitCodes.interrupted;
  }
  if (operation?.state === "cancelled") {
    tell(isBroken ? "Cancelled, but not all of it could be undone." : `Cancelled. ${printable(name)} stays.`);
    return exitCodes.interrupted;
  }
  const seeAll = await sayOutput(operation, name, context);
  tell(operation?.error?.message ?? "It failed.", [...seeAll, ...ways]);
  return exitCodeOf(operation?.error?.code);
}

/** A worktree that is well, and the session of its agent. */
export type MadeWorktree = Pick<Extract<OperationEnd, { kind: "over" }>, "worktree" | "agent">;

/** The worktree, where the operation came to the end that it was meant to have; else null. */
export function madeWorktree(end: OperationEnd): MadeWorktree | null {
  return end.kind === "over" && (end.operation === null || end.operation.state === "done") ? end : null;
}

export function repairWays(name: string): WayOn[] {
  return [
    { words: "Go on with it", line: `${repairLine(name)} --finish` },
    { words: "Undo it", line: `${repairLine(name)} --undo` },
  ];
}

export function resumeWay(name: string): WayOn {
  return { words: "Start what ran in it", line: commandLine(["tally", "resume", name]) };
}

/** A removal that came so far that nothing runs any more. */
function hasEndedAll(operation: Operation | null): boolean {
  return operation?.steps.some(({ id, state }) => id === "end" && state === "done") ?? false;
}

/** What the command that failed printed last. @returns how to see all of it. */
async function sayOutput(operation: Operation | null, worktree: string, { client, env }: CliContext): Promise<WayOn[]> {
  const id = operation?.steps.find(({ state }) => state === "failed")?.processId;
  if (!id) return [];
  const [output, snapshot] = await Promise.all([
    client.call("processOutput", { id, query: {} }).catch(() => null),
    client.call("snapshot", {}),
  ]);
  const lines = lastLines(output?.data ?? "", OUTPUT_LINES);
  if (lines.length > 0) say(agentLines(lines.join("\n"), talkSurface(env).width).join("\n"));
  const name = snapshot.processes.find((process) => process.id === id)?.name;
  if (name === undefined) return [];
  return [{ words: "All it printed", line: commandLine(["tally", "process", "logs", worktree, name]) }];
}

/** Without the blank lines at their end. */
export function lastLines(text: string, count: number): string[] {
  return text.trimEnd() === "" ? [] : text.trimEnd().split(/\r?\n/).slice(-count);
}

function exitCodeOf(code: string | undefined): number {
  return code !== undefined && isErrorCode(code) ? exitCodeOfError(code) : exitCodes.failure;
}
