import type { Desktop } from "./desktop.ts";
import type { DesktopNote } from "./note.ts";

/** A desktop that may not be there: what fails harms nobody, and is said once. */
export class ForgivingDesktop {
  readonly #desktop: Desktop;
  readonly #onUnavailable: (error: unknown) => void;
  #isUnavailable = false;

  constructor(desktop: Desktop, onUnavailable: (error: unknown) => void) {
    this.#desktop = desktop;
    this.#onUnavailable = onUnavailable;
  }

  /** Shows the note in place of the one before it on the same subject. */
  show(note: DesktopNote, subject: string): void {
    void this.#try(this.#desktop.show(note, subject));
  }

  withdraw(subject: string): void {
    void this.#try(this.#desktop.withdraw(subject));
  }

  async #try(done: Promise<void>): Promise<void> {
    try {
      await done;
    } catch (error) {
      if (!this.#isUnavailable) this.#onUnavailable(error);
      this.#isUnavailable = true;
    }
  }
}
