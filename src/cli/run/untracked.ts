import { join } from "node:path";
import { agentEnvironment } from "../../client/environment.ts";
import { mayHaveArrived } from "../../client/http.ts";
import { type ErrorCode, TallyError } from "../../protocol/errors.ts";
import type { CliContext } from "../context.ts";
import { exitCodeOfProgram } from "../exit-codes.ts";
import type { RunIntent } from "../grammar.ts";
import { type ChildPlan, endAs, startChild } from "./child.ts";
import { wordOf } from "./request.ts";

/** Failures of Tally's own. Every other code says that the request is wrong, and then nothing runs. */
const ownFailures: readonly ErrorCode[] = [
  "gateway-unreachable",
  "gateway-start-failed",
  "gateway-stopping",
  "runtime-missing",
  "pty-host-unavailable",
  "unauthorized",
  "host-refused",
  "origin-refused",
  "too-many-requests",
  "body-too-large",
  "internal",
];

/** Why a launch failed because of Tally and not because of what was asked for, in one line; null otherwise. */
export function whyUntracked(error: unknown): string | null {
  if (error instanceof TallyError) {
    // It may be running already, and twice is worse than not at all.
    if (mayHaveArrived(error)) return null;
    return ownFailures.includes(error.code) ? oneLine(error.message) : null;
  }
  // A file of ours that cannot be read or written: TALLY_HOME on a read-only disk, say.
  if (error instanceof Error && "syscall" in error) return oneLine(error.message);
  return null;
}

function oneLine(text: string): string {
  return text.replaceAll("\n", " ");
}

/** What runs without the gateway: it alone knows the personas, and another account in place of the one meant would do harm. */
export type UntrackedIntent = Exclude<RunIntent, { kind: "persona" }>;

export function canRunUntracked(intent: RunIntent): intent is UntrackedIntent {
  return intent.kind !== "persona" && intent.options.persona === null;
}

/** Runs the agent as if Tally were not there. @throws {TallyError} when it cannot be started. */
export async function runUntracked(intent: UntrackedIntent, { env, folder }: CliContext): Promise<number> {
  const child = await startChild(untrackedPlan(intent, agentEnvironment(env), folder));
  const exit = await child.exited;
  await endAs(exit);
  return exitCodeOfProgram(exit);
}

function untrackedPlan(intent: UntrackedIntent, env: Record<string, string>, folder: string): ChildPlan {
  const word = wordOf(intent);
  if (intent.kind === "program") return { file: word, args: intent.words.slice(1), env, word };
  if (intent.agent !== "demo") return { file: word, args: intent.args, env, word };
  return {
    file: process.execPath,
    args: [join(folder, "dist", "demo.cjs"), ...intent.args],
    env: { ...env, ELECTRON_RUN_AS_NODE: "1" },
    word,
  };
}
