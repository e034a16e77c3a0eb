import { isDeepStrictEqual } from "node:util";
import type { Session, Usage } from "../../../protocol/entities.ts";
import { noUsage, sumToldUsage } from "../../../protocol/usage.ts";
import type { Signal } from "../../agents/reading.ts";
import { mergeUsage, promptTitle } from "../../tasks/prompt-tasks.ts";
import type { Tracking } from "./tracking.ts";

/** The whereabouts with what a signal tells of them; the same object when that is nothing new. */
export function learn(whereabouts: Tracking["whereabouts"], { reading }: Signal): Tracking["whereabouts"] {
  if (reading.type === "pid")
    return reading.pid === whereabouts.pid ? whereabouts : { ...whereabouts, pid: reading.pid };
  if (reading.type !== "conversation") return whereabouts;
  const transcriptPath =
    reading.transcriptPath ?? (reading.id === whereabouts.conversationId ? whereabouts.transcriptPath : null);
  const isKnown = reading.id === whereabouts.conversationId && transcriptPath === whereabouts.transcriptPath;
  return isKnown ? whereabouts : { ...whereabouts, conversationId: reading.id, transcriptPath };
}

const PROCESS = "process";

/** The counts by conversation with what a signal tells of them; the same object when that is nothing new. */
export function countUsage(
  usages: Tracking["usages"],
  { reading }: Signal,
  conversationId: string | null,
): Tracking["usages"] {
  if (reading.type !== "usage") return usages;
  const key = reading.scope === "process" ? PROCESS : (conversationId ?? "");
  const usage = mergeUsage(usages[key] ?? null, reading.usage);
  return isDeepStrictEqual(usage, usages[key]) ? usages : { ...usages, [key]: usage };
}

/** All conversations of a session together; null when nothing was counted. */
export function totalUsage({ [PROCESS]: ofProcess, ...ofConversations }: Tracking["usages"]): Usage | null {
  const counted = Object.values(ofConversations);
  if (counted.length === 0 && !ofProcess) return null;
  const total = counted.reduce(sumToldUsage, noUsage);
  return { ...total, costUsd: ofProcess?.costUsd ?? total.costUsd };
}

export interface Facts {
  readonly signals: readonly Signal[];
  readonly tracking: Tracking;
  readonly promptCount: number;
}

/** The session with what is known beside its state; the same object when that is nothing new. */
export function withFacts(session: Session, { signals, tracking, promptCount }: Facts): Session {
  const { conversationId } = tracking.whereabouts;
  let next = session;
  const set = (fields: Partial<Session>) => {
    if (!isDeepStrictEqual({ ...next, ...fields }, next)) next = { ...next, ...fields };
  };
  set({ conversationId, promptCount, usage: totalUsage(tracking.usages) ?? session.usage });
  for (const { reading } of signals) {
    if (reading.type === "model") set({ model: reading.model });
  }
  const firstPrompt = signals.find(({ reading }) => reading.type === "prompt")?.reading;
  // Until a person names it, a session is called after its first prompt.
  if (!tracking.isTitleGiven && session.promptCount === 0 && firstPrompt?.type === "prompt") {
    set({ title: promptTitle(firstPrompt.text) });
  }
  return next;
}
