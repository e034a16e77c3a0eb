import { RUN_VARIABLE } from "../protocol/ptyhost.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of the editor's own processes: they name sockets that die with the window, or turn Electron into Node. */
const editorOwn = /^(ELECTRON_|VSCODE_)/;

/**
 * The environment an agent gets from its caller's: all of it, but without what belongs to the editor's processes.
 * The editor's git askpass needs its `VSCODE_GIT_*` variables, so it goes with them. `TL_TASK_ID` names the caller's task,
 * and what the agent starts has tasks of its own; the mark of a run would end it with that run.
 */
export function agentEnvironment(caller: Environment): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(caller)) {
    if (value === undefined || editorOwn.test(name) || name === "TL_TASK_ID" || name === RUN_VARIABLE) continue;
    env[name] = value;
  }
  if (caller["VSCODE_GIT_ASKPASS_MAIN"]) delete env["GIT_ASKPASS"];
  return env;
}

/**
 * The environment of a detached process of Tally. `NODE_OPTIONS` goes too: under a debugger it makes every child wait
 * for, and die with, the debugged process (microsoft/vscode #111332).
 */
export function detachedEnvironment(caller: Environment): Record<string, string> {
  const env = agentEnvironment(caller);
  delete env["NODE_OPTIONS"];
  return env;
}

/** Where programs are looked for. Windows calls it `Path`, and ignores case. */
export function pathOf(env: Environment): string {
  return env["PATH"] ?? env["Path"] ?? "";
}
