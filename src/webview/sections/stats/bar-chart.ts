import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  Legend,
  LinearScale,
  Tooltip,
} from "chart.js";
import { barTotal, type Bars } from "./bars.ts";
import { scaleOf, tickWords } from "./chart-scale.ts";
import type { ChartTheme } from "./chart-theme.ts";
import type { Measure } from "./choices.ts";
import { valueWords } from "./value-words.ts";

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Legend, Tooltip);

export interface Drawing {
  readonly bars: Bars;
  readonly measure: Measure;
  /** Days stand beside each other; names, which are longer, below each other. */
  readonly direction: "upright" | "level";
  readonly theme: ChartTheme;
}

export type BarChart = Chart<"bar", (number | null)[], string>;

export function newChart(canvas: HTMLCanvasElement, drawing: Drawing): BarChart {
  return new Chart(canvas, configuration(drawing));
}

export function drawAnew(chart: BarChart, drawing: Drawing): void {
  const { data, options } = configuration(drawing);
  chart.data = data;
  chart.options = options ?? {};
  chart.update();
}

function configuration({
  bars,
  measure,
  direction,
  theme,
}: Drawing): ChartConfiguration<"bar", (number | null)[], string> {
  const largest = Math.max(0, ...bars.labels.map((_, index) => barTotal(bars, index) ?? 0));
  const scale = scaleOf(measure, largest);
  const font = { family: theme.fontFamily, size: theme.fontPx - 1 };
  const values = {
    stacked: true,
    beginAtZero: true,
    border: { display: false },
    grid: { color: theme.lines, drawTicks: false },
    ticks: {
      color: theme.text,
      font,
      maxTicksLimit: 6,
      padding: 6,
      ...(measure === "outcomes" ? { precision: 0 } : {}),
      callback: (value: number | string) => tickWords(measure, Number(value), scale),
    },
  };
  const names = {
    stacked: true,
    border: { color: theme.lines },
    grid: { display: false },
    ticks: { color: theme.text, font, maxRotation: 0, autoSkipPadding: 12 },
  };
  return {
    type: "bar",
    data: {
      labels: [...bars.labels],
      datasets: bars.series.map(({ label, colour, values: of }) => ({
        label,
        data: of.map((value) => (value === null ? null : value / scale.divisor)),
        backgroundColor: theme.colours[colour],
        hoverBackgroundColor: theme.colours[colour],
        borderColor: theme.contrastBorder,
        borderWidth: theme.contrastBorder === "" ? 0 : 1,
        maxBarThickness: 28,
      })),
    },
    options: {
      // What follows live numbers would never come to rest.
      animation: false,
      maintainAspectRatio: false,
      indexAxis: direction === "upright" ? "x" : "y",
      interaction: { mode: "index", axis: direction === "upright" ? "x" : "y", intersect: false },
      scales: direction === "upright" ? { x: names, y: values } : { x: values, y: names },
      plugins: {
        legend: {
          display: bars.series.length > 1,
          position: "bottom",
          align: "start",
          // Nothing here is for the mouse alone.
          onClick: () => undefined,
          labels: { color: theme.text, font, boxWidth: 10, boxHeight: 10 },
        },
        tooltip: {
          backgroundColor: theme.hover.background,
          borderColor: theme.hover.border,
          borderWidth: 1,
          cornerRadius: 4,
          titleColor: theme.hover.text,
          bodyColor: theme.hover.text,
          titleFont: { ...font, weight: "bold" },
          bodyFont: font,
          footerColor: theme.hover.text,
          footerFont: { ...font, weight: "normal" },
          boxPadding: 4,
          // What there is nothing of needs no line.
          filter: ({ raw }) => raw !== 0,
          callbacks: {
            label: ({ dataset, datasetIndex, dataIndex }) =>
              `${dataset.label ?? ""}: ${valueWords(measure, bars.series[datasetIndex]?.values[dataIndex] ?? null)}`,
            footer: ([first, ...others]) =>
              first === undefined || others.length === 0
                ? ""
                : `Together: ${valueWords(measure, barTotal(bars, first.dataIndex))}`,
          },
        },
      },
    },
  };
}
