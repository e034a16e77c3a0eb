/** How a turn goes, which words in the prompt decide. `answered`: the rest of a turn whose question was answered. */
export type Cue = "permission" | "question" | "limit" | "fail" | "long" | "plain" | "answered";

const cueWords: readonly (readonly [RegExp, Cue])[] = [
  [/permission/i, "permission"],
  [/question/i, "question"],
  [/limit/i, "limit"],
  [/fail/i, "fail"],
  [/long/i, "long"],
];

const steps: Record<Cue, readonly string[]> = {
  permission: ["Read src/harbour.ts", "Planned the change"],
  question: ["Read the stylesheet", "Compared three themes"],
  limit: ["Read src/harbour.ts"],
  fail: ["Read src/harbour.ts", "Ran the tests: 1 failed"],
  long: [],
  plain: ["Read src/harbour.ts", "Edited 2 files", "Ran the tests: 14 passed"],
  answered: ["Edited 1 file", "Ran the tests: 14 passed"],
};

const LIMIT_RESETS_AFTER_MS = 2 * 60 * 60 * 1000;

/** When the limit resets that a prompt asks for: "limit" in two hours, "limit 30s" in half a minute. */
export function limitResetMs(prompt: string, nowMs: number): number {
  const seconds = /limit (\d{1,6})s\b/i.exec(prompt)?.[1];
  return nowMs + (seconds === undefined ? LIMIT_RESETS_AFTER_MS : Number(seconds) * 1_000);
}

/** What it says of a limit to programs: the time is exact. */
export function limitStatus(resetMs: number): string {
  return `You've hit your 5-hour limit · resets ${new Date(resetMs).toISOString()}`;
}

export function cueOf(prompt: string): Cue {
  return cueWords.find(([word]) => word.test(prompt))?.[1] ?? "plain";
}

/** What the agent pretends to do before its turn ends. */
export function stepsFor(cue: Cue): readonly string[] {
  return steps[cue];
}

/** What it wants to run when it asks for permission. */
export const ASKED_COMMAND = "rm -r build";
/** What it offers when it asks a question. */
export const OFFERED_COLOURS = ["amber", "sea green", "as they are"] as const;

/** What it says at the end of its turn. */
export function answerTo(cue: Cue, prompt: string, nowMs: number): string {
  switch (cue) {
    case "permission":
      return `May I run \`${ASKED_COMMAND}\`?\n  y  yes    n  no    Esc  cancel`;
    case "question":
      return `Which colour shall the harbour lights have?\n${OFFERED_COLOURS.map((colour, index) => `  ${index + 1}  ${colour}`).join("  ")}`;
    case "limit":
      return `You've hit your 5-hour limit · resets ${clockTime(limitResetMs(prompt, nowMs))} (UTC)`;
    case "fail":
      return "The tests fail, and I do not know why: expected 4 boats, found 3.";
    case "long":
      return "That took a minute. It is done.";
    case "answered":
      return "Done, with your answer.";
    case "plain":
      return `Done: ${prompt.split("\n", 1)[0] ?? ""}. Nothing of it is real; I am the demo agent.`;
  }
}

/** As Claude Code writes it: `3:17am`, in UTC. */
function clockTime(atMs: number): string {
  const at = new Date(atMs);
  const hours = at.getUTCHours();
  const minutes = String(at.getUTCMinutes()).padStart(2, "0");
  return `${hours % 12 || 12}:${minutes}${hours < 12 ? "am" : "pm"}`;
}
