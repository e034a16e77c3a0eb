import { isatty } from "node:tty";
import type { TaskWait } from "../../protocol/tasks.ts";
import { type Countdown, linesNowAndThen, rewrittenLine } from "../run/countdown.ts";
import { watchedWaitWords } from "./task-words.ts";

/** Says on stderr what a task waits for and how long still: on a terminal in one line, in a log whenever that is something else. */
export interface WaitLine {
  show(wait: TaskWait): void;
  /** Takes it off the screen. */
  end(): void;
}

export function waitLine(): WaitLine {
  let shown: { readonly wait: TaskWait; readonly countdown: Countdown; readonly timer: NodeJS.Timeout } | null = null;
  const end = () => {
    if (shown === null) return;
    clearInterval(shown.timer);
    shown.countdown.end();
    shown = null;
  };
  return {
    show(wait) {
      if (shown !== null && shown.wait.text === wait.text && shown.wait.until === wait.until) return;
      end();
      const countdown = isatty(2) ? rewrittenLine() : linesNowAndThen();
      const tell = () => countdown.show(() => `[Tally] Waits: ${watchedWaitWords(wait, { nowMs: Date.now() })}`);
      shown = { wait, countdown, timer: setInterval(tell, countdown.everyMs).unref() };
      tell();
    },
    end,
  };
}
