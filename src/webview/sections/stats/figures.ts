import { type Comparison, comparedShare, comparison } from "./comparison.ts";
import { isEmpty, successRate, type Totals } from "./totals.ts";
import type { Measure } from "./choices.ts";
import { costNotToldWords, shareWords, valueWords } from "./value-words.ts";

/** One of the figures above the chart. */
export interface Figure {
  readonly label: string;
  /** Null where nobody knows. */
  readonly value: string | null;
  /** With the days before; null where nothing is known of them. */
  readonly comparison: Comparison | null;
  /** What has to be known to read it right; usually nothing. */
  readonly note: string;
}

/** What the work came to, beside what it came to in as many days before. */
export function figuresOf(current: Totals, before: Totals, days: number, withoutCost: readonly string[]): Figure[] {
  const compare = (amount: (of: Totals) => number | null): Comparison | null => {
    const [now, then] = [amount(current), amount(before)];
    return isEmpty(before) || now === null || then === null ? null : comparison(now, then, days);
  };
  const [rate, rateBefore] = [successRate(current), successRate(before)];
  const figures: (Omit<Figure, "note"> & { readonly note?: string })[] = [
    { label: "Tasks done", value: valueWords("outcomes", current.done), comparison: compare(({ done }) => done) },
    { label: "Failed", value: valueWords("outcomes", current.failed), comparison: compare(({ failed }) => failed) },
    {
      label: "Cancelled",
      value: valueWords("outcomes", current.cancelled),
      comparison: compare(({ cancelled }) => cancelled),
    },
    {
      label: "Success rate",
      value: rate === null ? null : shareWords(rate),
      comparison: rate === null || rateBefore === null ? null : comparedShare(rate, rateBefore, days),
    },
    { label: "Tokens", value: known("tokens", current.tokens), comparison: compare(({ tokens }) => tokens) },
    {
      label: "Cost",
      value: known("cost", current.costUsd),
      comparison: compare(({ costUsd }) => costUsd),
      note: costNotToldWords(withoutCost),
    },
    {
      label: "Time",
      value: valueWords("time", current.executionMs),
      comparison: compare(({ executionMs }) => executionMs),
    },
  ];
  return figures.map((figure) => ({ note: "", ...figure }));
}

function known(measure: Measure, value: number | null): string | null {
  return value === null ? null : valueWords(measure, value);
}
