import { useEffect, useState } from "preact/hooks";
import { shownTime, untilNextShownTime } from "../presentation/shown-time.ts";

/** The time that all of the page says, drawn again as it goes on. */
export function useNow(): number {
  const [now, setNow] = useState(() => shownTime(Date.now()));
  useEffect(() => {
    let timer = 0;
    const tick = () => {
      setNow(shownTime(Date.now()));
      timer = window.setTimeout(tick, untilNextShownTime(Date.now()));
    };
    tick();
    return () => window.clearTimeout(timer);
  }, []);
  return now;
}
