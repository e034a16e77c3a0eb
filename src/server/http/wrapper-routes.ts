import type { AccountPause } from "../sessions/external/account-pause.ts";
import type { ExternalSessions } from "../sessions/external/external-sessions.ts";
import type { RouteHandlers } from "./router.ts";

type WrapperRoutes = Pick<
  RouteHandlers,
  | "wrapperRegister"
  | "wrapperHeartbeat"
  | "wrapperEnd"
  | "wrapperStatus"
  | "wrapperPause"
  | "wrapperResume"
  | "wrapperHealth"
>;

export interface WrapperRoutesOptions {
  readonly external: ExternalSessions;
  readonly accountPause: AccountPause;
  readonly version: string;
  readonly uptimeMs: () => number;
}

export function wrapperRoutes({ external, accountPause, version, uptimeMs }: WrapperRoutesOptions): WrapperRoutes {
  return {
    wrapperRegister: async ({ body }) => {
      await external.register(body);
      const { isPaused, resumeAt, daemonStatus } = accountPause.status();
      const { sessionId } = body;
      return { success: true, sessionId, daemonStatus, isPaused, ...(isPaused ? { resumeAt } : {}) };
    },
    wrapperHeartbeat: ({ body }) => {
      external.heartbeat(body);
      return { success: true, isPaused: accountPause.status().isPaused };
    },
    wrapperEnd: ({ body }) => {
      external.end(body);
      return { success: true };
    },
    wrapperStatus: () => accountPause.status(),
    wrapperPause: ({ body }) => accountPause.start(body.resumeAt ?? null, body.reason || undefined),
    wrapperResume: () => accountPause.lift(),
    wrapperHealth: () => ({
      status: "ok",
      isPaused: accountPause.status().isPaused,
      version,
      uptimeSeconds: Math.max(0, Math.round(uptimeMs() / 1000)),
    }),
  };
}
