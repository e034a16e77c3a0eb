import { TerminalReplies, type InputToken } from "./terminal-replies.ts";

/** How long the beginning of an escape sequence waits for its rest before it counts as typed. Short for what the escape key and Alt send. */
const HOLD_KEY_MS = 10;
const HOLD_REPLY_MS = 100;
const LONGEST_KEY_PREFIX_BYTES = 2;

export interface ViewerInputOptions {
  /** Whether this viewer is the one whose replies reach the program. */
  readonly isAnswering: () => boolean;
  /** Whether the program has asked for the cursor position a moment ago, so that `ESC [ 1 ; n R` is a reply and not F3. */
  readonly expectsCursorReply: () => boolean;
  readonly forward: (input: ProgramInput) => void;
}

/** Input for the program, and what is in it. */
export interface ProgramInput {
  readonly bytes: Buffer;
  /** A person typed some of it. */
  readonly isTyped: boolean;
  /** A terminal's reply to a query is in it. */
  readonly hasReply: boolean;
}

/** What one viewer sends, less the replies of its terminal when another terminal answers. */
export class ViewerInput {
  readonly #options: ViewerInputOptions;
  readonly #replies = new TerminalReplies();
  #holdTimer: NodeJS.Timeout | null = null;

  constructor(options: ViewerInputOptions) {
    this.#options = options;
  }

  receive(bytes: Buffer): void {
    this.#stopHolding();
    const isAnswering = this.#options.isAnswering();
    const tokens = [...this.#replies.push(bytes)];
    // The answering viewer's keys never wait; only a reply that was cut in two does.
    if (isAnswering && this.#replies.heldBytes <= LONGEST_KEY_PREFIX_BYTES) tokens.push(...this.#replies.flush());
    this.#forward(tokens.filter((token) => this.#passes(token, isAnswering)));
    if (this.#replies.heldBytes > 0) {
      const isKeyPrefix = this.#replies.heldBytes <= LONGEST_KEY_PREFIX_BYTES;
      this.#holdTimer = setTimeout(
        () => this.#forward(this.#replies.flush()),
        isKeyPrefix ? HOLD_KEY_MS : HOLD_REPLY_MS,
      );
    }
  }

  dispose(): void {
    this.#stopHolding();
  }

  #passes({ kind }: InputToken, isAnswering: boolean): boolean {
    switch (kind) {
      case "typed":
      case "report":
        return true;
      case "reply":
        return isAnswering;
      case "cursor-reply-or-f3":
        return isAnswering || !this.#options.expectsCursorReply();
      case "program-status-reply":
        return false;
    }
  }

  #forward(tokens: readonly InputToken[]): void {
    if (tokens.length === 0) return;
    this.#options.forward({
      bytes: Buffer.concat(tokens.map((token) => token.bytes)),
      isTyped: tokens.some(({ kind }) => kind === "typed"),
      hasReply: tokens.some(({ kind }) => kind === "reply" || kind === "cursor-reply-or-f3"),
    });
  }

  #stopHolding(): void {
    if (this.#holdTimer) clearTimeout(this.#holdTimer);
    this.#holdTimer = null;
  }
}
