import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Session } from "../../src/protocol/entities.ts";
import { snapshotSchema } from "../../src/protocol/events.ts";
import { repositoryRoot } from "./gateway.ts";
import { openTerminal, type Terminal } from "./terminal.ts";
import type { Size } from "./screen.ts";

/** The command as a user has it. */
export const tally = join(repositoryRoot, "bin", "tally");

export interface TallyRun {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** Runs a program in pipes, to its end. */
export async function runInPipes(
  [file, ...args]: readonly [string, ...string[]],
  { env, cwd, stdin = "" }: Surroundings & { readonly stdin?: Buffer | string },
): Promise<TallyRun> {
  const child = spawn(file, args, { env, cwd, stdio: ["pipe", "pipe", "pipe"] });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  // A program that does not read its input may be gone before all of it is written.
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin);
  const [exitCode, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { exitCode, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString("utf8") };
}

/** `tally <args>` in pipes, to its end. */
export function runTally(
  args: readonly string[],
  surroundings: Surroundings & { readonly stdin?: Buffer | string },
): Promise<TallyRun> {
  return runInPipes([tally, ...args], surroundings);
}

/** `tally <args>` in a terminal of its own. */
export function tallyInTerminal(args: readonly string[], surroundings: Surroundings, size?: Size): Terminal {
  return openTerminal({ file: tally, args, ...surroundings, ...(size ? { size } : {}) });
}

/** What `tally list --json` prints: nothing more and nothing less. */
export const listedSchema = snapshotSchema
  .pick({ projects: true, worktrees: true, processes: true, sessions: true })
  .strict();

export async function listedSessions(surroundings: Surroundings): Promise<Session[]> {
  const { stdout, stderr, exitCode, signal } = await runTally(["list", "--json"], surroundings);
  assert.equal(exitCode, 0, `tally list ended with ${exitCode ?? signal ?? "nothing"} and said: ${stderr}`);
  return listedSchema.parse(JSON.parse(stdout.toString("utf8"))).sessions;
}
