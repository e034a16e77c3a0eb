import { useMemo } from "preact/hooks";
import { clockTime } from "../../../presentation/limit-times.ts";
import { windowName } from "../../../presentation/limit-words.ts";
import type { Pause } from "../../../protocol/limits.ts";
import type { QuotaSample } from "../../../protocol/stats.ts";
import { pauseBands } from "./pause-bands.ts";
import { place, strokePath, usageLines } from "./usage-lines.ts";
import { usageSummary } from "./usage-words.ts";

interface UsageChartProps {
  readonly accountId: string;
  readonly samples: readonly QuotaSample[];
  readonly pauses: readonly Pause[];
  readonly rangeMs: number;
  readonly now: number;
}

/** So many lines look different from each other. */
const LINE_STYLES = 3;

/** The use of an account's windows over time, with its pauses as bands; in words below, for everybody. */
export function UsageChart({ accountId, samples, pauses, rangeMs, now }: UsageChartProps) {
  const span = useMemo(() => ({ from: now - rangeMs, to: now }), [now, rangeMs]);
  const lines = useMemo(() => usageLines(samples, span), [samples, span]);
  const bands = useMemo(() => pauseBands(pauses, accountId, span), [pauses, accountId, span]);
  return (
    <figure class="usage">
      {lines.length + bands.length === 0 ? null : (
        <>
          <svg class="usage-chart" viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
            {bands.map(({ from, to }) => (
              <rect
                key={from}
                class="usage-pause"
                x={place(from, span)}
                y={0}
                width={Math.max(1, place(to, span) - place(from, span))}
                height={100}
              />
            ))}
            {lines.flatMap(({ resets }, index) =>
              resets.map((at) => <path key={`${index} ${at}`} class="usage-reset" d={`M${place(at, span)} 0V100`} />),
            )}
            {lines.map(({ strokes }, index) =>
              strokes.map((points, part) => (
                <path
                  key={`${index} ${part}`}
                  class={`usage-line usage-line-${index % LINE_STYLES}`}
                  d={strokePath(points, span)}
                />
              )),
            )}
          </svg>
          <div class="usage-axis" aria-hidden="true">
            <span>{clockTime(span.from, now)}</span>
            <span class="usage-legend">
              {lines.map((line, index) => (
                <span key={index}>
                  <svg class="usage-swatch" viewBox="0 0 16 8">
                    <path class={`usage-line usage-line-${index % LINE_STYLES}`} d="M0 4H16" />
                  </svg>
                  {windowName(line)}
                </span>
              ))}
              {bands.length === 0 ? null : (
                <span>
                  <svg class="usage-swatch" viewBox="0 0 16 8">
                    <rect class="usage-pause" width={16} height={8} />
                  </svg>
                  paused
                </span>
              )}
            </span>
            <span>now</span>
          </div>
        </>
      )}
      <figcaption class="faint">{usageSummary(lines, bands, now)}</figcaption>
    </figure>
  );
}
