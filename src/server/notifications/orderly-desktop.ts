import type { Desktop } from "./desktop.ts";
import type { DesktopNote } from "./note.ts";

/** A desktop that hears of each subject in order: what takes a note back waits until the note is shown, so that it cannot overtake it. */
export class OrderlyDesktop implements Desktop {
  readonly #desktop: Desktop;
  /** What it is being told, by subject. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(desktop: Desktop) {
    this.#desktop = desktop;
  }

  show(note: DesktopNote, subject: string): Promise<void> {
    return this.#inTurn(subject, () => this.#desktop.show(note, subject));
  }

  withdraw(subject: string): Promise<void> {
    return this.#inTurn(subject, () => this.#desktop.withdraw(subject));
  }

  #inTurn(subject: string, tell: () => Promise<void>): Promise<void> {
    const told = this.#last.get(subject)?.then(tell, tell) ?? tell();
    const forget = () => {
      if (this.#last.get(subject) === told) this.#last.delete(subject);
    };
    this.#last.set(subject, told);
    told.then(forget, forget);
    return told;
  }
}
