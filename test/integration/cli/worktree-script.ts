import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worktree } from "../../../src/protocol/entities.ts";
import { TallyError } from "../../../src/protocol/errors.ts";
import type { RepositoryCommands } from "../../../src/protocol/worktree-routes.ts";
import type { Operation, Step } from "../../../src/protocol/worktrees.ts";
import type { Size } from "../../support/screen.ts";
import { runTally, tallyInTerminal, type TallyRun } from "../../support/cli.ts";
import { anOperation, aWorktree } from "../../support/entities.ts";
import type { Terminal } from "../../support/terminal.ts";
import type { ScriptedGateway } from "./scripted-gateway.ts";

/** A folder to type `tally` in, towards a scripted gateway. */
export interface TypingPlace extends AsyncDisposable {
  readonly cwd: string;
  run(gateway: ScriptedGateway, ...args: string[]): Promise<TallyRun>;
  /** With this on its stdin. */
  pipe(gateway: ScriptedGateway, stdin: string, ...args: string[]): Promise<TallyRun>;
  inTerminal(gateway: ScriptedGateway, args: readonly string[], size?: Size): Terminal;
}

export async function typingPlace(): Promise<TypingPlace> {
  const cwd = await realpath(await mkdtemp(join(tmpdir(), "tally-worktrees-")));
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: cwd,
    LANG: "C.UTF-8",
    TZ: "UTC",
    TALLY_HOME: join(cwd, "tally"),
  };
  return {
    cwd,
    run: (gateway, ...args) => runTally(args, { env: { ...env, ...gateway.env }, cwd }),
    pipe: (gateway, stdin, ...args) => runTally(args, { env: { ...env, ...gateway.env }, cwd, stdin }),
    inTerminal: (gateway, args, size) => tallyInTerminal(args, { env: { ...env, ...gateway.env }, cwd }, size),
    [Symbol.asyncDispose]: () => rm(cwd, { recursive: true, force: true }),
  };
}

export function aStep(fields: Partial<Step>): Step {
  return { id: "checkout", label: "Check out", state: "pending", detail: null, processId: null, ...fields };
}

/** A worktree to which the operation that was asked for is being done. */
export function underWay(body: unknown, worktree: Partial<Worktree>, operation: Partial<Operation> = {}): Worktree {
  const { operationId } = body as { operationId: string };
  return aWorktree({ ...worktree, operation: anOperation({ id: operationId, ...operation }) });
}

/** The same worktree, whose operation has come to this. */
export function later(worktree: Worktree, change: Partial<Worktree>, operation: Partial<Operation>): Worktree {
  if (worktree.operation === null) throw new Error("nothing is done to it");
  return { ...worktree, ...change, operation: { ...worktree.operation, ...operation } };
}

export const someCommands: RepositoryCommands = {
  path: "/home/me/shop/tally.json",
  agent: null,
  prelude: null,
  setup: [{ run: "npm ci", cwd: "frontend" }],
  teardown: [],
  processes: [],
  hash: "hash1",
  isApproved: false,
};

/** Answers only once what tally.json runs was approved. */
export function needingApproval<T>(gateway: () => ScriptedGateway, answer: (body: unknown) => T): (body: unknown) => T {
  return (body) => {
    if (gateway().heard("approveCommands").length > 0) return answer(body);
    throw new TallyError("approval-needed", "You have not approved it.", { commands: someCommands });
  };
}
