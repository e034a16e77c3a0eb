import { type TimelineSpan, timelineSpans } from "./time-axis.ts";

interface SpanSelectProps {
  readonly span: TimelineSpan;
  readonly onSpan: (span: TimelineSpan) => void;
}

/** How far back the timeline goes. */
export function SpanSelect({ span, onSpan }: SpanSelectProps) {
  return (
    <select
      class="span-select"
      aria-label="How far back the timeline goes"
      value={span}
      onChange={({ currentTarget }) => onSpan(currentTarget.value as TimelineSpan)}
    >
      {Object.entries(timelineSpans).map(([id, { words }]) => (
        <option key={id} value={id}>
          Last {words}
        </option>
      ))}
    </select>
  );
}
