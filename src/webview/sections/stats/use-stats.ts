import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { messageOf } from "../../../protocol/message-of.ts";
import type { DayStats } from "../../../protocol/stats.ts";
import { call } from "../../host.ts";
import { useLive } from "../../live-state.ts";
import { waitBeforeAsking } from "./asking-pace.ts";
import type { SpanDays } from "./choices.ts";
import { startOfDay } from "./day-span.ts";

/** What was done in a span of days that ends with `today`, and in as many before it. */
export interface StatsAnswer {
  readonly stats: readonly DayStats[];
  readonly span: SpanDays;
  readonly today: string;
}

interface Asked {
  /** The last one, which may be to another question than the last; null before the first. */
  readonly answer: StatsAnswer | null;
  /** Why the last question was not answered. */
  readonly failure: string | null;
  readonly isAsking: boolean;
}

interface AskedStats extends Asked {
  readonly askNow: () => void;
  /** Something changed: asks before long, and not while nobody looks. */
  readonly askSoon: () => void;
}

/** Asks what was done, day by day in this machine's time zone; anew for another span, another day, and when the gateway is back. */
export function useStats(span: SpanDays, today: string): AskedStats {
  const [asked, setAsked] = useState<Asked>({ answer: null, failure: null, isAsking: true });
  const isConnected = useLive(({ connection }) => connection === "connected");
  const latest = useRef({ question: 0, askedAt: 0, timer: 0, isDue: false, isConnected });
  latest.current.isConnected = isConnected;

  const askNow = useCallback(() => {
    const own = latest.current;
    const question = ++own.question;
    clearTimeout(own.timer);
    own.timer = 0;
    own.isDue = false;
    own.askedAt = Date.now();
    setAsked((before) => ({ ...before, isAsking: true }));
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    call("stats", { query: { since: startOfDay(own.askedAt, 2 * span - 1), timeZone } }).then(
      ({ days: stats }) => {
        if (question === own.question) setAsked({ answer: { stats, span, today }, failure: null, isAsking: false });
      },
      (error: unknown) => {
        const failure = messageOf(error);
        if (question === own.question) setAsked((before) => ({ ...before, failure, isAsking: false }));
      },
    );
  }, [span, today]);

  const askSoon = useCallback(() => {
    const own = latest.current;
    if (own.timer !== 0) return;
    own.timer = window.setTimeout(
      () => {
        own.timer = 0;
        // Once the gateway is back it is asked anyway.
        if (!own.isConnected) return;
        if (document.visibilityState === "visible") askNow();
        else own.isDue = true;
      },
      waitBeforeAsking(Date.now(), own.askedAt),
    );
  }, [askNow]);

  useEffect(() => {
    if (isConnected) askNow();
  }, [askNow, isConnected]);
  useEffect(() => {
    const own = latest.current;
    const onVisible = () => {
      if (own.isDue && own.isConnected && document.visibilityState === "visible") askNow();
    };
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      document.removeEventListener("visibilitychange", onVisible);
      clearTimeout(own.timer);
      own.timer = 0;
      // An answer that comes later is nobody's.
      own.question++;
    };
  }, [askNow]);
  return { ...asked, askNow, askSoon };
}
