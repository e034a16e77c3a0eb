import type { Measure } from "./choices.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** So that the lines of a chart fall on whole hours or minutes: what its values are divided by, and called. */
export interface Scale {
  readonly divisor: number;
  readonly unit: string;
}

const plain: Scale = { divisor: 1, unit: "" };

/** @param largest the largest bar */
export function scaleOf(measure: Measure, largest: number): Scale {
  if (measure !== "time") return plain;
  if (largest >= 2 * HOUR_MS) return { divisor: HOUR_MS, unit: "h" };
  return largest >= 2 * MINUTE_MS ? { divisor: MINUTE_MS, unit: "min" } : { divisor: 1_000, unit: "s" };
}

const inShort = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** What stands at a line of the chart: `1.5M`, `$20`, `4 h`. */
export function tickWords(measure: Measure, value: number, { unit }: Scale): string {
  switch (measure) {
    case "tokens":
    case "outcomes":
      return inShort.format(value).replace("K", "k");
    case "cost":
      return `$${value < 1 && value > 0 ? value.toFixed(2) : inShort.format(value)}`;
    case "time":
      return value === 0 ? "0" : `${inShort.format(value)} ${unit}`;
  }
}
