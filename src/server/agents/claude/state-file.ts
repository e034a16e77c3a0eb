import * as z from "zod";
import type { Whereabouts } from "../adapter.ts";
import type { Activity, Read } from "../reading.ts";
import { waitsFor } from "./words.ts";

const stateFileSchema = z.looseObject({
  pid: z.number(),
  sessionId: z.string(),
  startedAt: z.number(),
  /** Absent while it starts, and with `--print` in 2.1.197. */
  status: z.string().optional(),
  statusUpdatedAt: z.number().optional(),
  waitingFor: z.string().optional(),
});
type StateFile = z.infer<typeof stateFileSchema>;

/** The file of a killed Claude Code stays, and its process id may come again. Clocks are the same, so this is for rounding. */
const STARTS_BEFORE_LAUNCH_MS = 1_000;

/** Reads `sessions/<pid>.json`, which Claude Code rewrites whenever its status changes. */
export function stateFileReader({ launch, pid, conversationId }: Whereabouts): Read {
  const launchedAt = Number(launch["launchedAt"] ?? 0);
  let statusBefore: string | undefined;
  return (value) => {
    const { data: state } = stateFileSchema.safeParse(value);
    if (!state || state.pid !== pid || state.startedAt < launchedAt - STARTS_BEFORE_LAUNCH_MS) return [];
    const at = state.statusUpdatedAt === undefined ? {} : { at: state.statusUpdatedAt };
    const status = statusOf(state);
    // A shell command of its own goes on after a turn, and ends without a hook that would tell of it.
    const hasShellEnded = statusBefore === "shell" && state.status === "idle";
    statusBefore = state.status;
    return [
      ...(state.sessionId === conversationId ? [] : [{ type: "conversation", id: state.sessionId, ...at } as const]),
      ...(hasShellEnded ? [{ type: "background", work: [], ...at } as const] : []),
      ...(status ? [{ type: "activity", ...status, signal: `state file: ${state.status ?? ""}`, ...at } as const] : []),
    ];
  };
}

function statusOf({ status, waitingFor = "" }: StateFile): { activity: Activity; text: string } | null {
  switch (status) {
    case "busy":
      return { activity: "working", text: "It is working." };
    case "shell":
      return { activity: "working", text: "A shell command that it started goes on." };
    case "idle":
      return { activity: "idle", text: "It is ready for a prompt." };
    case "waiting":
      return {
        activity: "waiting",
        text: waitsFor.get(waitingFor) ?? (waitingFor ? `It waits for you: ${waitingFor}.` : "It waits for you."),
      };
    default:
      return null;
  }
}
