import { useEffect, useState } from "preact/hooks";

/** The time, drawn again after what `nextMs` says of it each time. */
export function useTicks(nextMs: (now: number) => number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), nextMs(now));
    return () => clearTimeout(timer);
  });
  return now;
}
