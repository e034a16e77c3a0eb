import { randomBytes, randomInt } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import type { RouteBody } from "../../protocol/routes.ts";
import type { TallyHome } from "../../protocol/home.ts";
import type { AgentAdapter, AgentLaunch } from "../agents/adapter.ts";
import { findProgram } from "../agents/find-program.ts";
import { readText } from "../read-text.ts";
import { hookLines } from "../signals/hook-lines.ts";

/** A request to launch, once it is known which agent is meant, with what. */
export type LaunchOrder = Omit<RouteBody<"createSession">, "agent"> & { readonly agent: string };

export interface LaunchOptions {
  readonly home: TallyHome;
  readonly versionOf: (file: string) => Promise<string | null>;
}

export interface LaunchOf {
  readonly sessionId: string;
  readonly adapter: AgentAdapter;
  readonly args: readonly string[];
  /** All that the program gets, but for what the plan adds. */
  readonly env: Readonly<Record<string, string>>;
  readonly mode: "pty" | "pipes";
  /** Canonical. */
  readonly cwd: string;
  /** Whether the agent, where it can, goes on by itself when a usage limit resets. */
  readonly mayContinueItself: boolean;
  /** Whether it works without a terminal and is read by its output, so that it needs no hooks to report. Left out: it does not. */
  readonly isHeadless?: boolean;
}

/** Lets the adapter plan a launch, and writes the files that go with it. @throws {TallyError} `program-missing`, `program-not-executable` */
export async function planLaunch({ home, versionOf }: LaunchOptions, launch: LaunchOf): Promise<AgentLaunch> {
  const { sessionId, adapter, args, mode, cwd, mayContinueItself, isHeadless = false } = launch;
  const env = { ...launch.env, TALLY_SESSION_ID: sessionId };
  const folder = launchFolder(home, sessionId);
  const plan = await adapter.plan({
    sessionId,
    args,
    env,
    cwd,
    mode,
    mayContinueItself,
    find: (program) => findProgram(program, env, cwd),
    versionOf,
    readText,
    folder,
    isHeadless,
    hooks: isHeadless ? null : hookLines({ spoolFolder: home.spool, gatewayPidFile: home.gatewayPidFile, sessionId }),
    freePort,
    newSecret: () => randomBytes(32).toString("hex"),
  });
  const files = Object.entries(plan.files);
  if (files.length > 0) mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, content] of files) writeFileSync(join(folder, basename(name)), content, { mode: 0o600 });
  return { ...plan, env: { ...plan.env, TALLY_SESSION_ID: sessionId } };
}

/** Removes the files of a launch whose session has ended. */
export function removeLaunchFiles(home: TallyHome, sessionId: string): void {
  rmSync(launchFolder(home, sessionId), { recursive: true, force: true });
}

function launchFolder(home: TallyHome, sessionId: string): string {
  return join(home.launches, sessionId);
}

/** Below those that systems give to outgoing connections, so that none of them is on it before the agent is: opencode then only hangs. */
const AGENT_PORTS = { from: 20_000, below: 32_000 };
const MAX_TRIES = 100;

async function freePort(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const port = randomInt(AGENT_PORTS.from, AGENT_PORTS.below);
    if (await isFree(port)) return port;
  }
  throw new Error(`none of ${MAX_TRIES} ports was free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
