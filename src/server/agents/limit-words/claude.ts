import type { LimitKind } from "../../../protocol/limits.ts";
import type { ReadingTime } from "../../../protocol/reset-time.ts";
import type { LimitReport } from "../reading.ts";
import { firstMatch, limitReport, wordsOf } from "./words.ts";

/** What a model says begins with ●; of Claude Code's own notices only "Usage limit reached" does. */
const MARK = /^(?:[⎿└⚠] ?|● (?=Usage limit reached\b))/u;

const DOT = " [·∙] ";
/** "3am (UTC)", "Nov 24, 7:56am (America/New_York)", "Nov 24, 2027, 8am", "Sep 15 at 7pm", "Oct 24" */
const TIME = String.raw`(?<reset>(?:[A-Z][a-z]{2} )?\d{1,2}[\d:apmt, ]*(?: \([\w/+-]+\))?)`;
const RESETS = `${DOT}resets ${TIME}`;
/** "progress saved", "/upgrade to Max 20x or turn on /extra-usage", "your weekly limit resets 3am (UTC)", "contact your admin to increase it" */
const HINT = String.raw`(?:progress saved|out of usage credits|esc to cancel|(?:\/[a-z]|(?:run|raise|manage|ask|contact|your) )[^·∙]*)`;
const HINTS = `(?:${DOT}${HINT})*(?: [·∙])?`;
const FAMILY = "(?<family>Opus|Sonnet|Haiku|Fable|Mythos)(?: \\d[\\d.]*)?";
const NAME = `(?:(?<name>5-hour|session|weekly|usage|(?:[a-z]+'s )?monthly (?:usage|spend)|${FAMILY}(?: weekly)?) )?`;

const shapes = [
  `You've hit your ${NAME}limit(?:${RESETS})?${HINTS}`,
  `You're out of (?<credits>extra usage|usage credits)${RESETS}${HINTS}`,
  `You've reached your ${FAMILY} limit(?: for this week\\. Switch models\\?)?`,
  // It goes on by itself, or waits for the person.
  `Usage limit reached(?: again)?${DOT}continuing automatically (?:shortly|at ${TIME})${HINTS}`,
  `Usage limit reached(?:${DOT}limit resets ${TIME})?`,
  `Usage limit reached(?:${DOT}resets (?:at )?${TIME})?\\. Workflow paused;.*`,
  `Goal paused${DOT}usage limit reached${DOT}(?:send a message after it resets|continues automatically when it resets).*`,
  // Until 2.0.
  `${NAME.replaceAll("5-hour|session|weekly|usage", "5-hour|[Ss]ession|[Ww]eekly|[Uu]sage")}limit reached${RESETS}${HINTS}`,
  // Until 1.0: on a screen, and where programs read it.
  `Claude usage limit reached\\. Your limit will reset at ${TIME}\\.(?: • .*)?`,
  String.raw`Claude AI usage limit reached\|(?<reset>\d{10})`,
].map((shape) => new RegExp(`^${shape}$`));

/** Limits of Claude Code, from 1.0 on. */
export function readClaudeLimit(text: string, when: ReadingTime): LimitReport | null {
  const words = wordsOf(text, MARK);
  const found = words === null ? null : firstMatch(words, shapes);
  if (words === null || found === null) return null;
  const { name = "", family, reset } = found;
  // What is spent comes back with money; only where it tells a time does it come back with time.
  if (name.includes("monthly") && reset === undefined) return null;
  return limitReport(
    words,
    { kind: family === undefined ? kindOf(name) : "model", model: family ?? null, reset },
    when,
  );
}

function kindOf(name: string): LimitKind {
  switch (name.toLowerCase()) {
    case "5-hour":
    case "session":
      return "five-hour";
    case "weekly":
      return "weekly";
    default:
      return "other";
  }
}
