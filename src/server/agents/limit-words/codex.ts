import type { ReadingTime } from "../../../protocol/reset-time.ts";
import type { LimitReport } from "../reading.ts";
import { firstMatch, limitReport, wordsOf } from "./words.ts";

/** In the terminal, in versions before 0.30, and of `codex exec`; a compaction that meets the limit says so first. */
const MARK = /^(?:[■⚠]|🖐|ERROR:)? ?(?:Error running remote compact task: )?/u;

/** What else there is to do. A wrapped address has a space in it. */
const OFFERS = [
  String.raw`Upgrade to \w+(?: to continue using Codex)? \(https:[^)]+\)`,
  String.raw`[Vv]isit https:[^ ]+(?: [^ ]+)? to purchase more credits`,
  "To get more access now, send a request to your admin",
  "Switch to another model now",
];
const OFFER = `(?: (?:${OFFERS.join("|")}),?\\.?)*`;
/** "3:14 AM", "Nov 24th, 2026 1:04 PM", until 0.45 "in 5 days 22 hours 11 minutes" */
const RETRY = String.raw`(?: (?:or )?(?:[Tt]ry again (?:later|at (?<at>[A-Z\d][\w:, ]*[AP]M)|(?<in>in [\w ]+))|wait for limits to reset \(every 5h and every week\.\))\.?)?`;

const shape = new RegExp(`^You've hit your usage limit(?: for (?<model>[\\w. -]+?))?\\.${OFFER}${RETRY}$`);

/** Limits of Codex, from 0.23 on. It does not say which window is used up. */
export function readCodexLimit(text: string, when: ReadingTime): LimitReport | null {
  const words = wordsOf(text, MARK);
  const found = words === null ? null : firstMatch(words, [shape]);
  if (words === null || found === null) return null;
  const { model, at, in: after } = found;
  return limitReport(
    words,
    { kind: model === undefined ? "other" : "model", model: model ?? null, reset: at ?? after },
    when,
  );
}
