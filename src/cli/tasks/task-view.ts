import type { Task } from "../../protocol/entities.ts";
import { isTaskEnded } from "../../protocol/states.ts";
import type { OutputEntry } from "../../protocol/tasks.ts";
import { formatWays } from "../screen/held-block.ts";
import { oneLine } from "../screen/request-text.ts";
import { type Surface, surfaceOf, talkSurface } from "../screen/surface.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { shortId } from "./task-ref.ts";
import { endWords, namedTask, waitOf } from "./task-words.ts";
import { waitLine } from "./wait-line.ts";

/** Shows what a task does. */
export interface TaskView {
  /** Which task it is, before all that it does. */
  begin(task: Task): void;
  entry(entry: OutputEntry): void;
  /** How the task now is. */
  task(task: Task): void;
  /** The steps of its worktree have the screen: they tell better what is waited for. */
  coverWait(): void;
  /** Those steps are over; `isMade`: as they were meant to be. */
  uncoverWait(isMade: boolean): void;
  end(): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What the agent says on stdout, all else on stderr. */
export function textView(env: Environment): TaskView {
  const talk = talkSurface(env);
  const isTerminal = surfaceOf(process.stdout, env).width !== null;
  const line = waitLine();
  let last: Task | null = null;
  let isCovered = false;
  let hasWaited = false;
  let said = "";
  /** Whether anything was told of it, be it that it is done in a terminal. */
  let isTold = false;
  const print = (text: string) => {
    process.stdout.write(`${isTerminal ? harmless(text) : text}\n`);
  };
  const showWait = (task: Task) => {
    const wait = waitOf(task);
    if (wait === null || isCovered) {
      line.end();
      return;
    }
    hasWaited = true;
    line.show(wait);
  };
  return {
    begin: (task) => say(`[Tally] Task ${namedTask(task)}`),
    entry(entry) {
      line.end();
      isTold = true;
      if (entry.kind === "text") {
        said = `${said}${entry.text}\n`;
        print(entry.text);
      } else say(talkOf(entry, talk));
    },
    task(task) {
      if (hasWaited && task.state === "RUNNING" && last?.state !== "RUNNING") {
        line.end();
        say(`[Tally] It ${(task.run?.attempts ?? 1) > 1 ? "goes on" : "begins"}.`);
      }
      last = task;
      if (task.run?.via === "terminal" && task.state === "RUNNING" && !isTold) {
        isTold = true;
        say(`[Tally] It runs in the terminal of its session: tally attach ${task.sessionId ?? ""}`);
      }
      showWait(task);
      if (!isTaskEnded(task.state)) return;
      // Most agents' last words are the result.
      if (task.result !== null && !said.trimEnd().endsWith(task.result.trimEnd())) print(task.result);
      sayEnd(task, talk);
    },
    coverWait() {
      isCovered = true;
      line.end();
    },
    uncoverWait(isMade) {
      isCovered = false;
      // That it waits for its worktree may have been true a moment ago.
      if (last !== null && !(isMade && waitOf(last)?.kind === "worktree")) showWait(last);
    },
    end: () => line.end(),
  };
}

function sayEnd(task: Task, surface: Surface): void {
  const words = `[Tally] ${endWords(task, surface)}`;
  if (task.state !== "ERROR") {
    say(words);
    return;
  }
  say(surface.style("red", words));
  say(formatWays([{ words: "Try it again", line: `tally queue retry ${shortId(task.id)}` }], surface).join("\n"));
}

function talkOf({ kind, text }: OutputEntry, { style }: Surface): string {
  switch (kind) {
    case "tool":
      return style("dim", `· ${oneLine(text)}`);
    case "error":
      return style("yellow", `! ${oneLine(text)}`);
    case "note":
    case "text":
      return `[Tally] ${oneLine(text)}`;
  }
}

/** Text of an agent's with its line breaks, and without what a terminal would act on. */
function harmless(text: string): string {
  return text
    .replaceAll("\t", "    ")
    .split("\n")
    .map((each) => printable(each))
    .join("\n");
}

/** One JSON object a line, for programs. */
export function jsonView(): TaskView {
  let last = "";
  const print = (value: object) => {
    process.stdout.write(`${JSON.stringify(value)}\n`);
  };
  return {
    begin: () => undefined,
    entry: ({ kind, text }) => print({ type: "output", kind, text }),
    task(task) {
      const told = JSON.stringify(task);
      if (told !== last) print({ type: "task", task });
      last = told;
    },
    coverWait: () => undefined,
    uncoverWait: () => undefined,
    end: () => undefined,
  };
}
