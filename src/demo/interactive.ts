import type { ReadStream, WriteStream } from "node:tty";
import { randomUUID } from "node:crypto";
import { type Answer, AskedElsewhere, type Question } from "./asked-elsewhere.ts";
import { type Composer, edit, emptyComposer, promptOf, shownOf } from "./composer.ts";
import { type EditingKey, type Key, keyReader } from "./keys.ts";
import { screen, workingLine } from "./screen.ts";
import { ASKED_COMMAND, OFFERED_COLOURS } from "./script.ts";
import { advance, type Advance, beginning, type Effect, type StoryEvent } from "./story.ts";

const SPINNER_MS = 80;
const banner = [
  "\x1b[1;36m╭───────────────────╮\x1b[m",
  "\x1b[1;36m│ Tally demo agent  │\x1b[m  no network, no model, nothing is changed",
  "\x1b[1;36m╰───────────────────╯\x1b[m",
  "\x1b[2mSay anything. The words permission, question, limit, fail and long change what happens; exit ends.\x1b[m",
  "",
];

export interface Opening {
  readonly stepMs: number;
  /** What it is asked at once. */
  readonly prompt: string | undefined;
  /** The conversation that it goes on with. Nothing of it is known any more. */
  readonly resumed: string | undefined;
}

/** Plays the agent on a terminal. Resolves with its exit code. */
export function runInteractive(stdin: ReadStream, stdout: WriteStream, opening: Opening): Promise<number> {
  const { stepMs, prompt, resumed } = opening;
  return new Promise((resolve) => {
    const view = screen(stdout);
    const readKeys = keyReader();
    let { story } = beginning;
    let composer: Composer = emptyComposer;
    let frame = 0;
    let waiting: NodeJS.Timeout | undefined;
    let spinning: NodeJS.Timeout | undefined;

    const drawLive = () => {
      const line = {
        working: () => workingLine(frame),
        asking: () => ({ text: "answer: ", cursor: true }),
        composing: () => ({ text: `> ${shownOf(composer)}`, cursor: true }),
        ended: () => ({ text: "", cursor: true }),
      }[story.phase.name]();
      view.draw(line);
    };

    const perform = (effect: Effect) => {
      switch (effect.type) {
        case "say":
          view.say(effect.tone, effect.text);
          break;
        case "status":
          view.status(effect.status);
          break;
        case "ask":
          elsewhere.ask(questionOf(effect.kind, effect.text));
          break;
        case "title":
          view.title(effect.title);
          break;
        case "wait":
          clearTimeout(waiting);
          waiting = setTimeout(() => happen({ type: "elapsed" }), effect.ms === "step" ? stepMs : effect.ms);
          break;
        case "stop-waiting":
          clearTimeout(waiting);
          break;
        case "end":
          clearInterval(spinning);
          view.close();
          stdin.setRawMode(false);
          stdin.pause();
          resolve(effect.exitCode);
      }
    };

    const apply = (next: Advance) => {
      story = next.story;
      if (story.phase.name !== "asking") elsewhere.withdraw();
      for (const effect of next.effects) perform(effect);
      if (story.phase.name === "ended") return;
      clearInterval(spinning);
      if (story.phase.name === "working") {
        spinning = setInterval(() => {
          frame += 1;
          drawLive();
        }, SPINNER_MS);
      }
      drawLive();
    };

    const happen = (event: StoryEvent) => apply(advance(story, event, Date.now()));

    const elsewhere = new AskedElsewhere((answer, question) => happen(eventOf(answer, question)));

    const press = (key: Key) => {
      switch (key.type) {
        case "interrupt":
          happen({ type: "interrupted" });
          break;
        case "escape":
          happen({ type: "escaped" });
          break;
        case "end":
          if (composer.length === 0) happen({ type: "input-ended" });
          break;
        case "enter":
          submit();
          break;
        default:
          typed(key);
      }
    };

    const submit = () => {
      if (story.phase.name !== "composing") return;
      const text = promptOf(composer);
      composer = emptyComposer;
      happen({ type: "submitted", text });
    };

    const typed = (key: EditingKey) => {
      if (story.phase.name === "asking" && key.type === "text") happen({ type: "answered", key: key.text });
      if (story.phase.name !== "composing") return;
      composer = edit(composer, key);
      drawLive();
    };

    stdin.setRawMode(true);
    stdin.on("data", (input: Buffer) => readKeys(input).forEach(press));
    stdin.on("end", () => happen({ type: "input-ended" }));
    stdout.on("resize", drawLive);
    view.open(banner);
    if (resumed !== undefined) view.say("notice", `Goes on with conversation ${resumed}.`);
    apply(beginning);
    if (prompt !== undefined) happen({ type: "submitted", text: prompt });
  });
}

function questionOf(kind: Question["kind"], text: string): Question {
  const isPermission = kind === "permission";
  return {
    id: randomUUID(),
    kind,
    text,
    command: isPermission ? ASKED_COMMAND : null,
    options: isPermission ? [] : OFFERED_COLOURS,
  };
}

/** What an answer from outside is in the terminal: the key of what is offered, or words. */
function eventOf(answer: Answer, { kind, options }: Question): StoryEvent {
  // No key of the terminal declines a question: that is given up.
  if (answer.choice === "deny" && kind === "question") return { type: "escaped" };
  if (answer.choice !== "answers") return { type: "answered", key: answer.choice === "allow" ? "y" : "n" };
  const words = answer.answers[0]?.[0] ?? "";
  const index = options.indexOf(words);
  return index === -1 ? { type: "told", words } : { type: "answered", key: String(index + 1) };
}
