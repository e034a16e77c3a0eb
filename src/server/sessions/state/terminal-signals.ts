import { isDeepStrictEqual } from "node:util";
import type { PtyInfo } from "../../../protocol/ptyhost.ts";
import type { AgentReads, Whereabouts } from "../../agents/adapter.ts";
import { readProgramStatus } from "../../agents/program-status.ts";
import type { Signal, SignalSource, TimedReading } from "../../agents/reading.ts";

/** What a change of its pty says of an agent. @param before null when this gateway sees the pty for the first time. */
export function terminalSignals(
  reads: AgentReads,
  whereabouts: Whereabouts,
  before: PtyInfo | null,
  after: PtyInfo,
  now: number,
): Signal[] {
  const { title, progress, notification, shell } = after.signals;
  const signals: Signal[] = [];
  const add = (source: SignalSource, at: number, readings: readonly TimedReading[] = []) => {
    for (const { at: told, ...reading } of readings) signals.push({ source, at: told ?? at, reading });
  };
  const { status, statusAt } = after;
  // Two things may be said in one millisecond, and the same thing twice.
  const isSame = statusAt === before?.statusAt && isDeepStrictEqual(status, before.status);
  if (status && !isSame) {
    add("program-status", statusAt ?? now, (reads.programStatus ?? readProgramStatus)(status, whereabouts));
  }
  const known = before?.signals;
  if (title && !isDeepStrictEqual(title, known?.title)) add("title", title.at, reads.title?.(title.text));
  if (!isDeepStrictEqual(progress, known?.progress ?? null))
    add("progress", progress?.at ?? now, reads.progress?.(progress?.state ?? "none"));
  if (notification && !isDeepStrictEqual(notification, known?.notification)) {
    add("notification", notification.at, reads.notification?.(notification));
  }
  if (shell && !isDeepStrictEqual(shell, known?.shell)) add("shell-prompt", shell.at, reads.shellPrompt?.(shell));
  return signals;
}
