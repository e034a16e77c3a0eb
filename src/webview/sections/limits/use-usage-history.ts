import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type { Pause } from "../../../protocol/limits.ts";
import { messageOf } from "../../../protocol/message-of.ts";
import { call } from "../../host.ts";
import { useLive, useModel } from "../../live-state.ts";
import { historyOf, type UsageHistory, withAccounts } from "./usage-history.ts";

/** So many pauses are asked for; one has hardly more than a few a day. */
const MAX_PAUSES = 500;

interface Answered {
  readonly history: UsageHistory;
  readonly ended: readonly Pause[];
}

export interface ShownHistory {
  /** Null until it was answered for the first time. */
  readonly history: UsageHistory | null;
  readonly pauses: readonly Pause[];
  readonly failure: string | null;
  readonly tryAgain: () => void;
}

/** What was used and paused in the last `rangeMs`; read once, and followed from then on. */
export function useUsageHistory(rangeMs: number): ShownHistory {
  const [answered, setAnswered] = useState<Answered | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const connection = useLive((state) => state.connection);
  const accounts = useModel((model) => model.accounts);
  const running = useModel((model) => model.pauses);
  const runningIds = [...running.keys()].join(" ");
  useEffect(() => {
    let isWanted = true;
    const read = async () => {
      try {
        const [{ samples }, { pauses }] = await Promise.all([
          call("quotaHistory", { query: { since: Date.now() - rangeMs } }),
          call("pauseHistory", { query: { limit: MAX_PAUSES } }),
        ]);
        if (!isWanted) return;
        setAnswered({ history: historyOf(samples), ended: pauses.filter(({ endedAt }) => endedAt !== null) });
        setFailure(null);
      } catch (error) {
        if (isWanted) setFailure(messageOf(error));
      }
    };
    if (connection === "connected") void read();
    return () => {
      isWanted = false;
    };
    // A pause that ended is told of in the history only.
  }, [rangeMs, connection, runningIds, attempt]);
  useEffect(() => {
    setAnswered((known) => {
      const history = known && withAccounts(known.history, accounts.values(), Date.now() - rangeMs);
      return known && history && history !== known.history ? { ...known, history } : known;
    });
  }, [accounts, answered?.ended, rangeMs]);
  const ended = answered?.ended;
  const pauses = useMemo(() => [...(ended ?? []), ...running.values()], [ended, running]);
  const tryAgain = useCallback(() => setAttempt((count) => count + 1), []);
  return { history: answered?.history ?? null, pauses, failure, tryAgain };
}
