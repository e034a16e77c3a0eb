import type { Processes } from "../worktrees/processes/processes.ts";
import type { RouteHandlers } from "./router.ts";
import type { SocketHandlers } from "./server.ts";
import { joinTerminal } from "./terminal-socket.ts";

type ProcessRoutes = Pick<RouteHandlers, "startProcess" | "stopProcess" | "processOutput">;

const idOf = (params: Readonly<Record<string, string>>): string => params["id"] ?? "";

export function processRoutes({ processes }: { readonly processes: Processes }): ProcessRoutes {
  return {
    startProcess: async ({ params, body: { env, isRestart } }) => {
      const id = idOf(params);
      return { process: await (isRestart ? processes.restart(id, env) : processes.start(id, env)) };
    },
    stopProcess: async ({ params, body }) => ({ process: await processes.stop(idOf(params), body.force) }),
    processOutput: ({ params, query }) => processes.output(idOf(params), query.format),
  };
}

/** A viewer of a process's terminal. */
export function processTerminal(processes: Processes): SocketHandlers["processTerminal"] {
  return async ({ params }, accept) => {
    const open = await processes.terminalOf(idOf(params));
    joinTerminal(await accept(), open());
  };
}
