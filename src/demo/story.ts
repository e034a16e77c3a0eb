import { answerTo, cueOf, type Cue, limitResetMs, limitStatus, stepsFor } from "./script.ts";

/** What the agent is doing. */
export type Phase =
  | { readonly name: "composing" }
  /** `done` steps of the turn lie behind it. */
  | { readonly name: "working"; readonly prompt: string; readonly cue: Cue; readonly done: number }
  | { readonly name: "asking"; readonly prompt: string; readonly cue: "permission" | "question" }
  | { readonly name: "ended" };

export interface Story {
  readonly phase: Phase;
  /** When Ctrl-C was pressed last; pressed again within a second it ends the agent. */
  readonly interruptedAtMs: number | null;
}

export type StoryEvent =
  | { readonly type: "submitted"; readonly text: string }
  /** A key pressed while a question is open. */
  | { readonly type: "answered"; readonly key: string }
  /** A question was answered outside of the terminal, in these words. */
  | { readonly type: "told"; readonly words: string }
  /** The time that was asked for with `wait` has passed. */
  | { readonly type: "elapsed" }
  | { readonly type: "escaped" }
  | { readonly type: "interrupted" }
  | { readonly type: "input-ended" };

/** The words of the Program Status Protocol. */
export interface Status {
  readonly state: "idle" | "working" | "blocked" | "error" | "clear";
  readonly kind?: "permission" | "question";
  readonly message?: string;
}

export type Tone = "prompt" | "step" | "answer" | "question" | "error" | "notice";

export type Effect =
  | { readonly type: "say"; readonly tone: Tone; readonly text: string }
  | { readonly type: "status"; readonly status: Status }
  /** Let the person be asked outside of the terminal too. */
  | { readonly type: "ask"; readonly kind: "permission" | "question"; readonly text: string }
  | { readonly type: "title"; readonly title: string }
  /** Come back with `elapsed` after one step's time, or after so many milliseconds. It replaces an earlier wait. */
  | { readonly type: "wait"; readonly ms: number | "step" }
  | { readonly type: "stop-waiting" }
  | { readonly type: "end"; readonly exitCode: number };

export interface Advance {
  readonly story: Story;
  readonly effects: readonly Effect[];
}

const LONG_WORK_MS = 60_000;
const EXIT_PRESS_MS = 1_000;
const exitWord = /^\/?(?:exit|quit)(?:\s+(\d{1,3}))?$/i;

export const beginning: Advance = {
  story: { phase: { name: "composing" }, interruptedAtMs: null },
  effects: [idleTitle(), { type: "status", status: { state: "idle" } }],
};

/** What follows from an event. An event that does not fit the phase changes nothing. */
export function advance(story: Story, event: StoryEvent, nowMs: number): Advance {
  const { phase } = story;
  switch (event.type) {
    case "submitted":
      return phase.name === "composing" ? submit(story, event.text.trim(), nowMs) : unchanged(story);
    case "elapsed":
      return phase.name === "working" ? step(story, phase, nowMs) : unchanged(story);
    case "answered":
      return phase.name === "asking" ? answer(story, phase, event.key) : unchanged(story);
    case "told":
      return phase.name === "asking" ? goOn(story, phase.prompt, `Chosen: ${event.words}.`) : unchanged(story);
    case "escaped":
      return isBusy(phase) ? cancelTurn(story) : unchanged(story);
    case "interrupted":
      return interrupt(story, nowMs);
    case "input-ended":
      return end(story, 0);
  }
}

export function isBusy(phase: Phase): boolean {
  return phase.name === "working" || phase.name === "asking";
}

function submit(story: Story, text: string, nowMs: number): Advance {
  const exit = exitWord.exec(text);
  if (exit) return end(story, Number(exit[1] ?? 0) % 256);
  if (text === "") return unchanged(story);
  const cue = cueOf(text);
  return {
    story: { ...story, phase: { name: "working", prompt: text, cue, done: 0 } },
    effects: [
      { type: "say", tone: "prompt", text },
      { type: "title", title: `✦ ${firstLine(text)}` },
      // Its time makes it another prompt than one with the same words.
      { type: "status", status: { state: "working", message: `prompt ${nowMs}: ${firstLine(text)}` } },
      { type: "wait", ms: cue === "long" ? LONG_WORK_MS : "step" },
    ],
  };
}

function step(story: Story, phase: Extract<Phase, { name: "working" }>, nowMs: number): Advance {
  const next = stepsFor(phase.cue)[phase.done];
  if (next === undefined) return finishTurn(story, phase, nowMs);
  return {
    story: { ...story, phase: { ...phase, done: phase.done + 1 } },
    effects: [
      { type: "say", tone: "step", text: next },
      { type: "wait", ms: "step" },
    ],
  };
}

function finishTurn(story: Story, { prompt, cue }: { prompt: string; cue: Cue }, nowMs: number): Advance {
  const text = answerTo(cue, prompt, nowMs);
  if (cue === "permission" || cue === "question") {
    return {
      story: { ...story, phase: { name: "asking", prompt, cue } },
      effects: [
        { type: "say", tone: "question", text },
        { type: "title", title: `✋ ${firstLine(text)}` },
        { type: "status", status: { state: "blocked", kind: cue, message: firstLine(text) } },
        { type: "ask", kind: cue, text: firstLine(text) },
      ],
    };
  }
  const failed = cue === "limit" || cue === "fail";
  const message = cue === "limit" ? limitStatus(limitResetMs(prompt, nowMs)) : text;
  return composing(story, [
    { type: "say", tone: failed ? "error" : "answer", text },
    idleTitle(),
    { type: "status", status: failed ? { state: "error", message } : { state: "idle" } },
  ]);
}

function answer(story: Story, { prompt, cue }: Extract<Phase, { name: "asking" }>, key: string): Advance {
  const choice = key.toLowerCase();
  const refused = cue === "permission" && choice === "n";
  const accepted = cue === "permission" ? choice === "y" : /^[1-3]$/.test(choice);
  if (refused) {
    return composing(story, [
      { type: "say", tone: "notice", text: "Refused. I left everything as it was." },
      idleTitle(),
      { type: "status", status: { state: "idle" } },
    ]);
  }
  return accepted ? goOn(story, prompt, cue === "permission" ? "Allowed." : `Chosen: ${choice}.`) : unchanged(story);
}

function goOn(story: Story, prompt: string, said: string): Advance {
  return {
    story: { ...story, phase: { name: "working", prompt, cue: "answered", done: 0 } },
    effects: [
      { type: "say", tone: "notice", text: said },
      { type: "title", title: `✦ ${firstLine(prompt)}` },
      { type: "status", status: { state: "working" } },
      { type: "wait", ms: "step" },
    ],
  };
}

function cancelTurn(story: Story): Advance {
  return composing(story, [
    { type: "stop-waiting" },
    { type: "say", tone: "notice", text: "Interrupted. What shall I do instead?" },
    idleTitle(),
    { type: "status", status: { state: "idle" } },
  ]);
}

function interrupt(story: Story, nowMs: number): Advance {
  const again = story.interruptedAtMs !== null && nowMs - story.interruptedAtMs < EXIT_PRESS_MS;
  if (again) return end(story, 0);
  const pressed = { ...story, interruptedAtMs: nowMs };
  if (isBusy(story.phase)) return cancelTurn(pressed);
  return { story: pressed, effects: [{ type: "say", tone: "notice", text: "Press Ctrl-C again to exit." }] };
}

function end(story: Story, exitCode: number): Advance {
  return {
    story: { ...story, phase: { name: "ended" } },
    effects: [{ type: "stop-waiting" }, { type: "status", status: { state: "clear" } }, { type: "end", exitCode }],
  };
}

function composing(story: Story, effects: readonly Effect[]): Advance {
  return { story: { ...story, phase: { name: "composing" } }, effects };
}

function unchanged(story: Story): Advance {
  return { story, effects: [] };
}

function idleTitle(): Effect {
  return { type: "title", title: "Tally demo agent" };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
