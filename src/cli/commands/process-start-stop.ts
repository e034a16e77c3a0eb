import { agentEnvironment } from "../../client/environment.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { HelperProcess } from "../../protocol/worktrees.ts";
import { onceApproved } from "../approval/approved.ts";
import type { CliContext } from "../context.ts";
import { exitCodeOfError, exitCodes } from "../exit-codes.ts";
import { print, printJson } from "../screen/print.ts";
import { commandLine } from "../screen/shell-words.ts";
import { surfaceOf } from "../screen/surface.ts";
import { formatTable } from "../screen/table.ts";
import { say } from "../talk.ts";
import { isRunning, processRow } from "../worktree/process-words.ts";
import type { ProcessOrder } from "./process.ts";

/** Starts those that do not run; with `isRestart` all of them anew. */
export async function startProcesses(order: ProcessOrder, isRestart: boolean, context: CliContext): Promise<number> {
  const { project, worktree } = order.found;
  const env = agentEnvironment(context.env);
  const action = isRestart ? "restart" : "start";
  const consent = {
    isTrusted: order.values.trust ?? false,
    trustLine: commandLine(["tally", "process", action, worktree.name, "--trust"]),
  };
  return eachInTurn(order, context, async (process) => {
    if (!isRestart && isRunning(process)) return process;
    const start = () => context.client.call("startProcess", { id: process.id, body: { env, isRestart } });
    return (await onceApproved(start, { cwd: project.path, consent, context })).process;
  });
}

/** Stops them, and waits until they have ended. */
export function stopProcesses(order: ProcessOrder, context: CliContext): Promise<number> {
  const force = order.values.force ?? false;
  return eachInTurn(order, context, async (process) => {
    if (!isRunning(process)) return process;
    return (await context.client.call("stopProcess", { id: process.id, body: { force } })).process;
  });
}

/** Does it to each and shows how they then are. One that fails keeps the others from nothing. @returns the exit code. */
async function eachInTurn(
  { processes, values }: ProcessOrder,
  { env }: CliContext,
  act: (process: HelperProcess) => Promise<HelperProcess>,
): Promise<number> {
  const after: HelperProcess[] = [];
  let exitCode: number = exitCodes.ok;
  for (const process of processes) {
    try {
      after.push(await act(process));
    } catch (error) {
      // Without approval none of the others starts either.
      if (!(error instanceof TallyError) || error.code === "approval-needed" || error.code === "inside-session") {
        throw error;
      }
      say(`tally process: ${process.name}: ${error.message}`);
      exitCode = exitCodeOfError(error.code);
    }
  }
  if (values.json) printJson(after);
  else print(formatTable(after.map(processRow), surfaceOf(process.stdout, env)));
  return after.some(({ state }) => state === "ERROR") ? exitCodes.failure : exitCode;
}
