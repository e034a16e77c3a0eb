import { type Tick, ticksOf, type TimelineSpan, timelineSpans } from "./time-axis.ts";
import type { TimeWindow } from "./timeline.ts";

interface AxisProps {
  readonly window: TimeWindow;
  readonly span: TimelineSpan;
}

/** The hours or days that the bars below are of. */
export function Axis({ window, span }: AxisProps) {
  const { from, until } = window;
  const left = ({ at }: Tick) => `${((at - from) / (until - from)) * 100}%`;
  return (
    <div class="session-axis" aria-hidden="true">
      <div class="session-ticks">
        {ticksOf(window, timelineSpans[span].tickMs).map((tick) => (
          <span key={tick.at} class="session-tick" style={{ left: left(tick) }}>
            {tick.label}
          </span>
        ))}
      </div>
    </div>
  );
}
