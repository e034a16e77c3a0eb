import type { AgentRequest, Question } from "../../../protocol/requests.ts";
import { hereAndNow } from "../here-and-now.ts";
import { readGeminiLimit } from "../limit-words/gemini.ts";
import type { TimedReading } from "../reading.ts";

/** One dialog is open at a time, and it has no id. */
const DIALOG_ID = "dialog on the screen";

/**
 * Dialogs. One that is open takes the composer's place, so its frame is the last thing on the screen; an answer that draws one stands above
 * the composer.
 */
export function readScreen(rows: string): readonly TimedReading[] {
  const lines = lastFrame(rows);
  const open = lines && (limit(lines) ?? permission(lines) ?? question(lines) ?? startDialog(lines));
  return open ?? [{ type: "request-over", id: DIALOG_ID }];
}

const FRAME_TOP = /^ ?╭─+╮$/;
const FRAME_BOTTOM = /^ ?╰─+╯$/;
const FRAME_LINE = /^ ?│ ?(.*?) *│$/;

/** The lines inside the frame that ends the screen, all that is seen of them. */
function lastFrame(rows: string): string[] | null {
  const lines = rows.trimEnd().split("\n");
  if (!FRAME_BOTTOM.test(lines.at(-1)?.trimEnd() ?? "")) return null;
  const inside: string[] = [];
  for (const line of lines.slice(0, -1).reverse()) {
    if (FRAME_TOP.test(line.trimEnd())) break;
    const [, text] = FRAME_LINE.exec(line.trimEnd()) ?? [];
    if (text === undefined) return null;
    inside.unshift(text);
  }
  return inside;
}

/** `● 1. Allow once`, or with the cursor elsewhere `  1. Allow once`. */
const OPTION = /^(?:●| ) \d+\. +(?<label>.+)$/;

function optionsOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => OPTION.exec(line)?.groups?.["label"] ?? []);
}

const RESET = /^Access resets at .+\.$/;
const LIMIT = /^Usage limit reached for .+\.$/;

/** The turn goes on as long as this dialog is open, to be tried again or to end by it: so it is a request, too. */
function limit(lines: readonly string[]): TimedReading[] | null {
  const head = lines.find((line) => LIMIT.test(line));
  const options = optionsOf(lines);
  if (head === undefined || !options.includes("Keep trying") || options.at(-1) !== "Stop") return null;
  const signal = "screen: usage limit dialog";
  const reset = lines.find((line) => RESET.test(line));
  const told = readGeminiLimit([head, ...(reset === undefined ? [] : [reset])].join(" "), hereAndNow());
  const limit = told ?? { kind: "daily", model: null, resetsAt: null, isExact: false, text: head };
  return [
    { type: "activity", activity: "limited", text: head, signal },
    { type: "limit", limit, signal },
    ...asks({ kind: "question", title: head, detail: allOf(lines), questions: [choice(head, options)] }),
  ];
}

const DECLINE = "No, suggest changes (esc)";

function permission(lines: readonly string[]): TimedReading[] | null {
  const options = optionsOf(lines);
  if (options[0] !== "Allow once" || options.at(-1) !== DECLINE) return null;
  const firstOption = lines.findIndex((line) => OPTION.test(line));
  const [head = "", ...about] = lines.slice(0, firstOption).flatMap(unframed);
  const title = /^\? (?<what>.+)$/.exec(head)?.groups?.["what"]?.replace(/ {2,}/, ": ") ?? "a permission";
  return asks({ kind: "permission", title, detail: about.join("\n"), questions: [] });
}

/** What is allowed has a frame of its own. */
function unframed(line: string): string[] {
  if (line === "" || FRAME_TOP.test(line) || FRAME_BOTTOM.test(line)) return [];
  return [FRAME_LINE.exec(line)?.[1] ?? line];
}

const ANSWER_HINT = /^Enter to select · .*Esc to cancel$/;

function question(lines: readonly string[]): TimedReading[] | null {
  const [head, ...rest] = lines.filter((line) => line !== "");
  if (head !== "Answer Questions" || !ANSWER_HINT.test(rest.at(-1) ?? "")) return null;
  const firstOption = rest.findIndex((line) => OPTION.test(line));
  const text = rest.slice(0, firstOption).join(" ");
  return asks({ kind: "question", title: text, detail: allOf(rest), questions: [choice(text, optionsOf(rest))] });
}

/** What it asks by itself, in no turn of a model's. */
const startQuestions: ReadonlyMap<string, string> = new Map([
  ["Do you trust the files in this folder?", "Don't trust"],
  ["?  A potential loop was detected", "Disable loop detection for this session"],
]);

function startDialog(lines: readonly string[]): TimedReading[] | null {
  const head = lines.find((line) => line !== "") ?? "";
  const options = optionsOf(lines);
  const lastOption = startQuestions.get(head);
  if (lastOption === undefined || options.at(-1) !== lastOption) return null;
  const title = head.replace(/^\? +/, "");
  return asks({ kind: "question", title, detail: allOf(lines), questions: [choice(title, options)] });
}

function choice(text: string, labels: readonly string[]): Question {
  return { text, header: null, options: labels.map((label) => ({ label, description: null })), multiSelect: false };
}

function allOf(lines: readonly string[]): string {
  return lines.join("\n").trim();
}

function asks(request: Omit<AgentRequest, "id" | "at" | "isAnswerable">): TimedReading[] {
  return [{ type: "request", request: { id: DIALOG_ID, ...request }, signal: "screen: dialog" }];
}
