import { tookWords } from "../../../presentation/run-words.ts";
import { countTokens } from "../../../presentation/wording.ts";
import type { Measure } from "./choices.ts";

const wholeNumber = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const money = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** What stands where an agent did not tell. */
export const notTold = "not told";

/** A value in few words, as the tree says it: `1.2M`, `$3.40`, `12`, `2 h 13 min`. */
export function valueWords(measure: Measure, value: number | null): string {
  if (value === null) return notTold;
  switch (measure) {
    case "tokens":
      return countTokens(value);
    case "cost":
      return value > 0 && value < 0.01 ? "<$0.01" : `$${money.format(value)}`;
    case "outcomes":
      return wholeNumber.format(value);
    case "time":
      return value === 0 ? "0 s" : tookWords(value);
  }
}

/** The same without rounding away what a table has room for: `1,234,567`. */
export function exactWords(measure: Measure, value: number | null): string {
  return measure === "tokens" && value !== null ? wholeNumber.format(value) : valueWords(measure, value);
}

/** `97%`: all of them and none of them are said of nothing else. */
export function shareWords(share: number): string {
  if (share === 1 || share === 0) return `${share * 100}%`;
  return `${Math.min(99, Math.max(1, Math.round(share * 100)))}%`;
}

/** `cost not told by codex`; empty where all told. */
export function costNotToldWords(agents: readonly string[]): string {
  if (agents.length === 0) return "";
  const last = agents.at(-1) ?? "";
  const names = agents.length === 1 ? last : `${agents.slice(0, -1).join(", ")} and ${last}`;
  return `cost not told by ${names}`;
}
