import { useEffect, useRef, useState } from "preact/hooks";
import type { Session } from "../../../protocol/entities.ts";
import { messageOf } from "../../../protocol/message-of.ts";
import type { Model } from "../../../protocol/model.ts";
import { call } from "../../host.ts";
import { useLive, useModel } from "../../live-state.ts";
import { followed, type Timeline } from "./timeline.ts";

export interface Timelines {
  readonly bySession: ReadonlyMap<string, Timeline>;
  /** Why what was before now could not be read. */
  readonly failure: string | null;
  readonly retry: () => void;
}

/** What every session was, as far back as asked for: read once, then followed. */
export function useTimelines(spanMs: number): Timelines {
  const isConnected = useLive(({ connection }) => connection === "connected");
  const [failure, setFailure] = useState<string | null>(null);
  const [read, setRead] = useState<ReadonlyMap<string, Timeline>>(() => new Map());
  const [attempt, setAttempt] = useState(0);
  const retry = () => setAttempt((count) => count + 1);
  useEffect(() => {
    if (!isConnected) return;
    let isOver = false;
    void call("timeline", { query: { since: Date.now() - spanMs } }).then(
      ({ sessions }) => {
        if (isOver) return;
        setRead(new Map(sessions.map(({ sessionId, spans }) => [sessionId, spans])));
        setFailure(null);
      },
      (error: unknown) => {
        if (!isOver) setFailure(messageOf(error));
      },
    );
    return () => void (isOver = true);
  }, [isConnected, spanMs, attempt]);
  useEffect(() => {
    // What happened while the page was hidden was not followed.
    const onShown = () => {
      if (!document.hidden) retry();
    };
    document.addEventListener("visibilitychange", onShown);
    return () => document.removeEventListener("visibilitychange", onShown);
  }, []);
  return { bySession: useFollowed(read, spanMs), failure, retry };
}

/** What was read, with all that came after. */
function useFollowed(read: ReadonlyMap<string, Timeline>, spanMs: number): ReadonlyMap<string, Timeline> {
  const sessions = useModel(sessionsOf, sameStates);
  const latest = useRef({ read, bySession: read });
  const known = latest.current.read === read ? latest.current.bySession : read;
  const now = Date.now();
  const bySession = followed(known, sessions, now - spanMs, now);
  latest.current = { read, bySession };
  return bySession;
}

/** Those that are put away too: they may come back. */
function sessionsOf({ sessions }: Model): readonly Session[] {
  return [...sessions.values()];
}

function sameStates(a: readonly Session[], b: readonly Session[]): boolean {
  return a.length === b.length && a.every((session, index) => isSameState(session, b[index]));
}

function isSameState(a: Session, b: Session | undefined): boolean {
  if (a === b) return true;
  return (
    a.id === b?.id && a.state === b.state && a.stateSince === b.stateSince && a.reason.isUnknown === b.reason.isUnknown
  );
}
