import type { Continuation, Pause } from "../../protocol/limits.ts";

/** A session that a limit stopped, or whose launch it holds. */
export interface StoppedSession {
  readonly id: string;
  readonly continuation: Continuation;
  /** Its launch was held: it has no conversation yet, so it cannot show whether the limit is gone. */
  readonly isHeldLaunch: boolean;
  /** It does nothing. One that works again goes on already, which is told of a moment later. */
  readonly isStill: boolean;
  /** Somebody types in its terminal: it could not be brought back just now, and nobody else waits for that. */
  readonly isPutOff: boolean;
  /** Since when it is stopped: the first ones go first. */
  readonly since: number;
}

export interface ResumeRules {
  readonly now: number;
  /** When the quiet hours that hold now are over; null outside of them. */
  readonly quietUntil: number | null;
  readonly maxConcurrent: number;
  /** Between two sessions that are brought back. */
  readonly staggerMs: number;
  readonly lastStartAt: number;
  /** When the pause was first seen to be due: late after a sleep of the machine, or where nobody watched. An agent may see it as late. */
  readonly noticedAt: number;
  /** How long an agent that goes on by itself is left to it. */
  readonly agentGraceMs: number;
}

export interface ResumePlan {
  /** The next to be brought back now. */
  readonly start: string | null;
  /** The pause has nobody to try it out, or needs no trying: it ends. */
  readonly endsPause: boolean;
  /** When to plan anew, if nothing happens before. */
  readonly wakeAt: number | null;
}

/**
 * Who is brought back next after a pause. One session goes first, the canary; only when it has moved do the others follow, a few at a
 * time: if the limit is still there, one request meets it and not all.
 * @param sessions all that this pause has stopped, whatever became of them.
 */
export function planResumes(pause: Pause, sessions: readonly StoppedSession[], rules: ResumeRules): ResumePlan {
  const { now, quietUntil } = rules;
  const dueAt = pause.endedAt ?? pause.nextTryAt;
  if (dueAt === null) return { start: null, endsPause: false, wakeAt: null };
  if (now < dueAt) return { start: null, endsPause: false, wakeAt: dueAt };

  const scheduled = sessions.filter(({ continuation }) => continuation.status === "scheduled");
  const resuming = sessions.filter(({ continuation }) => continuation.status === "resuming");
  const isOpen = pause.endedAt === null;
  // The canaries of the limit itself; a pause by hand needs none, and suggestions stop nobody.
  const canTry = ({ isHeldLaunch, isPutOff }: StoppedSession) => !isHeldLaunch && !isPutOff;
  const tries = scheduled.some(canTry) || resuming.some(({ isHeldLaunch }) => !isHeldLaunch);
  const needsProof = pause.kind !== "manual" && tries;
  // What a person does with their session is no proof: they may only have looked at it.
  const hasProof = sessions.some(
    ({ continuation: { status, owner, at } }) => status === "resumed" && owner !== "person" && (at ?? 0) >= dueAt,
  );
  const endsPause = isOpen && (!needsProof || hasProof || quietUntil !== null);
  if (scheduled.length === 0) return { start: null, endsPause, wakeAt: null };
  if (quietUntil !== null) return { start: null, endsPause, wakeAt: quietUntil };

  const limit = needsProof && !hasProof ? 1 : rules.maxConcurrent;
  if (resuming.length >= limit) return { start: null, endsPause, wakeAt: null };
  const readyAt = (session: StoppedSession) => Math.max(dueAt, readyFrom(session, dueAt, rules));
  const order = [...scheduled].sort(
    (one, other) => Number(one.isHeldLaunch) - Number(other.isHeldLaunch) || one.since - other.since,
  );
  const eligible = order.filter(({ isHeldLaunch, isStill }) => isStill && (hasProof || !needsProof || !isHeldLaunch));
  const staggeredAt = resuming.length === 0 && !hasProof ? now : Math.min(rules.lastStartAt, now) + rules.staggerMs;
  const next = eligible.find((session) => readyAt(session) <= now);
  if (next && staggeredAt <= now) return { start: next.id, endsPause, wakeAt: null };
  const wakeAt = next ? staggeredAt : Math.min(...eligible.map(readyAt));
  return { start: null, endsPause, wakeAt: Number.isFinite(wakeAt) ? wakeAt : null };
}

/** An agent that goes on by itself is left to it for a while; one that could not be brought back just now has a time of its own. */
function readyFrom({ continuation }: StoppedSession, dueAt: number, { noticedAt, agentGraceMs }: ResumeRules): number {
  return continuation.owner === "agent" ? noticedAt + agentGraceMs : (continuation.at ?? dueAt);
}
