import { isatty } from "node:tty";
import type { Connection } from "../../client/live-model.ts";
import type { TallyError } from "../../protocol/errors.ts";
import type { Pause } from "../../protocol/limits.ts";
import { messageOf } from "../../protocol/message-of.ts";
import type { CliContext } from "../context.ts";
import { followPause } from "../follow-pause.ts";
import { pauseOfError } from "../pause-of-error.ts";
import { pausedWhat } from "../screen/pause-words.ts";
import { say } from "../talk.ts";
import { type Countdown, linesNowAndThen, rewrittenLine } from "./countdown.ts";
import { prolongedWords, waitingWords } from "./waiting-words.ts";

/** Waits until what holds a launch has ended, with a countdown. @throws the error itself when its pause can be followed no further */
export async function untilLetThrough(error: TallyError, context: CliContext): Promise<void> {
  const pause = pauseOfError(error);
  if (pause === null) throw error;
  const countdown = isatty(2) ? rewrittenLine() : linesNowAndThen();
  const release = leaveOn(["SIGINT", "SIGTERM"], countdown);
  try {
    await untilEnded(pause, countdown, context);
    countdown.note(`[Tally] ${pausedWhat(pause)} is paused no more.`);
  } catch (failure) {
    // The agent must not run as if no limit were known, which a failure of the gateway would make it.
    countdown.note(`[Tally] Cannot wait any longer: ${messageOf(failure)}`);
    throw error;
  } finally {
    release();
    countdown.end();
  }
}

function untilEnded(begun: Pause, countdown: Countdown, context: CliContext): Promise<void> {
  let pause = begun;
  let connection: Connection = "connecting";
  let isOver = false;
  const show = () => {
    // The connection also tells of its own end.
    if (!isOver) countdown.show(() => waitingWords(pause, connection, { nowMs: Date.now() }));
  };
  const timer = setInterval(show, countdown.everyMs);
  let watch: { dispose(): void } | undefined;
  return new Promise<void>((resolve, reject) => {
    show();
    watch = followPause(context, begun.id, {
      onPause(now) {
        if (now === null) {
          resolve();
          return;
        }
        const prolonged = prolongedWords(pause, now, { nowMs: Date.now() });
        pause = now;
        if (prolonged !== null) countdown.note(`[Tally] ${prolonged}`);
        show();
      },
      onConnection(now) {
        connection = now;
        show();
      },
      onFailure: reject,
    });
  }).finally(() => {
    isOver = true;
    clearInterval(timer);
    watch?.dispose();
  });
}

/** On one of these signals takes the countdown off the screen, and lets the signal end this process. */
function leaveOn(signals: readonly NodeJS.Signals[], countdown: Countdown): () => void {
  const leave = (signal: NodeJS.Signals) => {
    release();
    countdown.end();
    say("[Tally] Nothing was started.");
    process.kill(process.pid, signal);
  };
  const release = () => {
    for (const signal of signals) process.off(signal, leave);
  };
  for (const signal of signals) process.on(signal, leave);
  return release;
}
