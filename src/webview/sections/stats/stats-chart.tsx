import { useEffect, useRef } from "preact/hooks";
import { type BarChart, drawAnew, newChart } from "./bar-chart.ts";
import type { Bars } from "./bars.ts";
import { useChartTheme } from "./chart-theme.ts";
import type { Measure } from "./choices.ts";

interface StatsChartProps {
  readonly bars: Bars;
  readonly measure: Measure;
  readonly direction: "upright" | "level";
  /** What it shows, for who does not see it. */
  readonly label: string;
}

const UPRIGHT_PX = 240;
const ROW_PX = 34;
/** Of the axis and the legend below the rows. */
const BELOW_PX = 64;

/** One direction for each canvas: make another component for another one, by its key. */
export function StatsChart({ bars, measure, direction, label }: StatsChartProps) {
  const theme = useChartTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<BarChart>(undefined);
  useEffect(() => {
    if (!canvas.current) return;
    const drawing = { bars, measure, direction, theme };
    if (chart.current) drawAnew(chart.current, drawing);
    else chart.current = newChart(canvas.current, drawing);
  }, [bars, measure, direction, theme]);
  useEffect(
    () => () => {
      chart.current?.destroy();
      chart.current = undefined;
    },
    [],
  );
  const height = direction === "upright" ? UPRIGHT_PX : bars.labels.length * ROW_PX + BELOW_PX;
  return (
    <div class="stats-chart" style={{ height: `${height}px` }}>
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  );
}
