import { noTerminalSignals, type PtyInfo, type TerminalSignals } from "../protocol/ptyhost.ts";
import { Announcements } from "./announcements.ts";
import type { Clock } from "./clock.ts";
import { KittyNotifications, parseOsc777, parseOsc9, type Notification } from "./notifications.ts";
import { PROGRAM_STATUS_ANSWER, PROGRAM_STATUS_OSC, isSameStatus, parseProgramStatus } from "./program-status.ts";
import { parseProgress, type Progress } from "./progress.ts";
import { QuietTimer } from "./quiet-timer.ts";
import { SequenceReader, type TerminalSequence } from "./sequence-reader.ts";
import { ShellWatch, type ShellWatchOptions } from "./shell-watch.ts";
import { visibleText } from "./visible-text.ts";

/** Output that has been quiet for so long has come to rest. */
const REST_MS = 500;
const MAX_TITLE_CHARS = 500;

/** What a program says of itself in its terminal: this part of its pty's info. */
export type ProgramWords = Pick<PtyInfo, "status" | "statusAt" | "signals">;

export interface ProgramSignalsOptions {
  readonly clock: Clock;
  /** Answers the program. */
  readonly onAnswer: (answer: string) => void;
  /** `words` have changed; those that change all the time are told of some of their changes only. */
  readonly onChanged: () => void;
  readonly isInForeground: ShellWatchOptions["isInForeground"];
}

/** Reads what a program writes for what it says of itself, and keeps the latest of each. */
export class ProgramSignals {
  readonly #options: ProgramSignalsOptions;
  readonly #reader = new SequenceReader((sequence) => this.#said(sequence));
  readonly #kitty = new KittyNotifications();
  readonly #announcements: Announcements;
  readonly #rest: QuietTimer;
  readonly #shell: ShellWatch;
  #words: ProgramWords = { status: null, statusAt: null, signals: noTerminalSignals };

  constructor(options: ProgramSignalsOptions) {
    const { clock, onChanged, isInForeground } = options;
    this.#options = options;
    this.#announcements = new Announcements(clock, onChanged);
    this.#rest = new QuietTimer(clock, REST_MS, () => this.#rested());
    this.#shell = new ShellWatch({
      clock,
      isInForeground,
      onChanged: (shell) => this.#tellAtOnce({ shell: { ...shell, at: clock.now() } }),
    });
  }

  get words(): ProgramWords {
    return this.#words;
  }

  /** The program wrote `bytes`. */
  wrote(bytes: Buffer): void {
    this.#rest.stir();
    this.#reader.read(bytes);
  }

  /** The program got input. */
  gotInput(): void {
    this.#shell.gotInput();
  }

  /** The program has ended; whoever tells that tells the last words, too. */
  end(): void {
    this.#rest.stop();
    this.#shell.end();
    this.#announcements.stop();
  }

  #said(sequence: TerminalSequence): void {
    if (sequence.type === "bell") {
      const at = this.#options.clock.now();
      if (this.#words.signals.bell?.at !== at) this.#tellAtOnce({ bell: { at } });
      return;
    }
    const { number, payload } = sequence;
    const progress = number === 9 ? parseProgress(payload) : undefined;
    if (number === 0 || number === 2) this.#titled(visibleText(payload, MAX_TITLE_CHARS));
    else if (progress) this.#progressed(progress.progress);
    else if (number === 9) this.#notified(parseOsc9(payload));
    else if (number === 99) this.#notified(this.#kitty.read(payload));
    else if (number === 777) this.#notified(parseOsc777(payload));
    else if (number === 133) this.#shell.marked(payload);
    else if (number === PROGRAM_STATUS_OSC) this.#statusSaid(payload);
  }

  #statusSaid(payload: string): void {
    const message = parseProgramStatus(payload);
    if (message?.type === "query") this.#options.onAnswer(PROGRAM_STATUS_ANSWER);
    if (message?.type !== "status" || isSameStatus(message.status, this.#words.status)) return;
    this.#words = { ...this.#words, status: message.status, statusAt: this.#options.clock.now() };
    this.#announcements.atOnce();
  }

  #titled(text: string | null): void {
    const { title } = this.#words.signals;
    if (text === (title?.text ?? null)) return;
    this.#tellSoon({ title: text === null ? null : { text, at: this.#options.clock.now() } });
  }

  #progressed(progress: Progress | null): void {
    const before = this.#words.signals.progress;
    if (progress?.state === before?.state && progress?.percent === before?.percent) return;
    this.#tellSoon({ progress: progress && { ...progress, at: this.#options.clock.now() } });
  }

  #notified(notification: Notification | null): void {
    if (notification) this.#tellAtOnce({ notification: { ...notification, at: this.#options.clock.now() } });
  }

  #rested(): void {
    this.#tellSoon({ restedAt: this.#options.clock.now() });
    this.#shell.outputRested();
  }

  #tellAtOnce(signals: Partial<TerminalSignals>): void {
    this.#keep(signals);
    this.#announcements.atOnce();
  }

  #tellSoon(signals: Partial<TerminalSignals>): void {
    this.#keep(signals);
    this.#announcements.soon();
  }

  #keep(signals: Partial<TerminalSignals>): void {
    this.#words = { ...this.#words, signals: { ...this.#words.signals, ...signals } };
  }
}
