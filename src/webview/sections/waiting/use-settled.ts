import { useEffect, useState } from "preact/hooks";

/** Nobody has read what came under the pointer within this time, and then clicked on it. */
const SETTLING_MS = 500;

/** Whether what `key` names has been in its place long enough for a click to be meant for it. */
export function useSettled(key: string): boolean {
  const [settledKey, setSettledKey] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSettledKey(key), SETTLING_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return settledKey === key;
}
