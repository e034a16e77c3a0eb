import { TallyError } from "../../protocol/errors.ts";
import type { HelperProcess } from "../../protocol/worktrees.ts";
import type { RunCommand } from "../command-table.ts";
import type { CliContext } from "../context.ts";
import { printable } from "../screen/width.ts";
import { type OptionValues, readArguments, UsageError } from "../usage.ts";
import { type FoundWorktree, resolveWorktree } from "../worktree/resolve-named.ts";
import { attachProcess } from "./process-attach.ts";
import { printLogs } from "./process-logs.ts";
import { startProcesses, stopProcesses } from "./process-start-stop.ts";

const options = {
  ansi: { type: "boolean" },
  force: { type: "boolean" },
  trust: { type: "boolean" },
  json: { type: "boolean" },
} as const;

/** What is done with processes of a worktree. */
export interface ProcessOrder {
  readonly found: FoundWorktree;
  /** The one that was named, or all; in the order of tally.json. */
  readonly processes: readonly HelperProcess[];
  readonly isNamed: boolean;
  readonly values: OptionValues<typeof options>;
}

interface Action {
  readonly options: readonly (keyof typeof options)[];
  /** Also of setup and teardown commands, which are run once. */
  readonly isForAll: boolean;
  readonly act: (order: ProcessOrder, context: CliContext) => Promise<number>;
}

const actions: Readonly<Record<string, Action>> = {
  start: {
    options: ["trust", "json"],
    isForAll: false,
    act: (order, context) => startProcesses(order, false, context),
  },
  restart: {
    options: ["trust", "json"],
    isForAll: false,
    act: (order, context) => startProcesses(order, true, context),
  },
  stop: { options: ["force", "json"], isForAll: false, act: stopProcesses },
  logs: { options: ["ansi", "json"], isForAll: true, act: printLogs },
  attach: { options: [], isForAll: true, act: attachProcess },
};

export const run: RunCommand = async ([word, ...args], context) => {
  if (word === undefined) throw new UsageError("It needs one of its actions.");
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (!action) throw new UsageError(`There is no action "${word}".`);
  const { values, operands, given } = readArguments(args, options, ["worktree"], ["process"]);
  const wrong = given.find(({ name }) => !action.options.some((each) => each === name));
  if (wrong) throw new UsageError(`--${wrong.name} is not for ${word}.`);
  const found = await resolveWorktree(operands[0], context);
  const { processes } = await context.client.call("snapshot", {});
  const ofWorktree = processes.filter(({ worktreeId }) => worktreeId === found.worktree.id).sort(byCreation);
  const chosen = choose(ofWorktree, operands[1], { isForAll: action.isForAll, worktree: found.worktree.name });
  return action.act({ found, processes: chosen, isNamed: operands[1] !== undefined, values }, context);
};

function byCreation(a: HelperProcess, b: HelperProcess): number {
  return a.createdAt - b.createdAt;
}

/** Those that are meant. @throws {TallyError} `process-not-found` */
export function choose(
  processes: readonly HelperProcess[],
  name: string | undefined,
  { isForAll, worktree }: { readonly isForAll: boolean; readonly worktree: string },
): readonly HelperProcess[] {
  const possible = processes.filter(({ kind }) => isForAll || kind === "process");
  const usual = possible.filter(({ kind }) => kind === "process");
  const chosen =
    name === undefined ? usual : possible.filter((process) => process.name === name || process.id === name);
  if (chosen.length > 0) return chosen;
  const names = possible.map((process) => printable(process.name)).join(", ");
  const there = names === "" ? "It has none: tally.json names them." : `There is: ${names}.`;
  const missing = name === undefined ? "no process" : `no process called "${name}"`;
  throw new TallyError("process-not-found", `Worktree ${printable(worktree)} has ${missing}. ${there}`);
}
