import { memo } from "preact/compat";
import { useMemo } from "preact/hooks";
import { BAR_HEIGHT, BAR_WIDTH, barPaths } from "./bar-paths.ts";
import { coarsened, stepOf, stretchesOf, type Timeline, type TimeWindow } from "./timeline.ts";
import { timelineWords } from "./timeline-words.ts";

interface SessionBarProps {
  readonly timeline: Timeline;
  readonly endedAt: number | null;
  /** The same object while the bar need not be drawn anew. */
  readonly window: TimeWindow;
  readonly now: number;
}

/** What a session was over time; in words for who cannot see it. */
export const SessionBar = memo(function SessionBar({ timeline, endedAt, window, now }: SessionBarProps) {
  const paths = useMemo(() => {
    const stretches = stretchesOf(timeline, endedAt, window);
    return barPaths(coarsened(stretches, stepOf(window.until - window.from)), window);
  }, [timeline, endedAt, window]);
  const words = timelineWords(stretchesOf(timeline, endedAt, { from: window.from, until: now }));
  return (
    <div class="session-bar" role="img" aria-label={words} title={words}>
      <svg viewBox={`0 0 ${BAR_WIDTH} ${BAR_HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {[...paths].map(([state, path]) => (
          <path key={state} class={`bar-${state}`} d={path} />
        ))}
      </svg>
    </div>
  );
});
