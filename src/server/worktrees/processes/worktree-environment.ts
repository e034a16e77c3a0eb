import type { Worktree } from "../../../protocol/entities.ts";
import { portVariable } from "../../../protocol/worktrees.ts";

type Environment = Readonly<Record<string, string>>;

/** The variables that everything in a worktree finds. `mainPath`: the main checkout. */
export function worktreeEnvironment({ name, path, ports }: Worktree, mainPath: string): Record<string, string> {
  const leased = ports.map(({ name: portName, port }) => [portVariable(portName), String(port)] as const);
  return {
    ...Object.fromEntries(leased),
    TALLY_WORKTREE: name,
    TALLY_WORKTREE_PATH: path,
    TALLY_MAIN_PATH: mainPath,
  };
}

/** What says of an environment that it is inside a session, or in a worktree. */
const ofAnotherPlace = /^TALLY_(?:SESSION_ID|TASK_ID|PORT_.*|WORKTREE|WORKTREE_PATH|MAIN_PATH)$/;

/** An environment without what it has from the session or the worktree that it was inherited from. */
export function withoutPlace(env: Environment): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ofAnotherPlace.test(name)));
}

/** A command's own variables, with `${TALLY_PORT_BACKEND}` and the like in them replaced. What is not known stays as it is written. */
export function filledIn(own: Environment, known: Environment): Record<string, string> {
  const fill = (value: string) =>
    value.replace(/\$\{(TALLY_[A-Z0-9_]+)\}/g, (written, name: string) => known[name] ?? written);
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [name, fill(value)]));
}
