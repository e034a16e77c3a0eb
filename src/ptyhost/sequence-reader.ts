/** What a program says to its terminal besides what is drawn. */
export type TerminalSequence =
  | { readonly type: "bell" }
  /** `ESC ] number ; payload`, ended by BEL or ST. The payload is without control characters. */
  | { readonly type: "osc"; readonly number: number; readonly payload: string };

/** Of an OSC no more is kept than this; the rest is read over. Longer than all that we read, far shorter than a clipboard. */
export const MAX_OSC_BYTES = 8 * 1024;

const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;
const DEL = 0x7f;
/** In UTF-8 the C1 controls are this byte and one from 0x80 to 0x9f. Bare, those are no characters and mean nothing. */
const C1_LEAD = 0xc2;

type State =
  /** Nothing that matters here. The rest of other sequences counts as text: it hides none of the bytes that we look for. */
  | "text"
  | "escape"
  | "osc"
  /** In a DCS, SOS, PM or APC string, which is read over. */
  | "string"
  | "string-escape";

/**
 * Finds the OSC sequences and bells in a stream that may be cut anywhere, with the states of xterm.js, which our viewers have: an OSC
 * also ends at an escape that is no ST, and is dropped at CAN, SUB and most C1 controls. It differs in one thing: an escape that
 * is doubled stays within a DCS string, so that what tmux is to pass through to another terminal is not taken for ours.
 */
export class SequenceReader {
  readonly #onSequence: (sequence: TerminalSequence) => void;
  #state: State = "text";
  #mayBeC1 = false;
  #payload: Buffer = Buffer.alloc(0);

  constructor(onSequence: (sequence: TerminalSequence) => void) {
    this.#onSequence = onSequence;
  }

  read(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at++) {
      if (!this.#mayBeC1) {
        const from = at;
        if (this.#state === "text") at = textEnd(bytes, at);
        else if (this.#state === "osc") this.#keep(bytes.subarray(from, (at = oscEnd(bytes, at))));
      }
      const byte = bytes[at];
      if (byte !== undefined) this.#step(byte);
    }
  }

  #step(byte: number): void {
    if (this.#mayBeC1) {
      this.#mayBeC1 = false;
      if (byte >= 0x80 && byte <= 0x9f) {
        this.#control(byte);
        return;
      }
    }
    if (byte === C1_LEAD) {
      this.#mayBeC1 = true;
      // Cut off again as half a character when a control it is.
      if (this.#state === "osc") this.#keep(Buffer.of(byte));
      return;
    }
    if (byte === CAN || byte === SUB) {
      this.#state = "text";
      return;
    }
    switch (this.#state) {
      case "text":
        if (byte === ESC) this.#state = "escape";
        else if (byte === BEL) this.#onSequence({ type: "bell" });
        return;
      case "osc":
        if (byte === BEL || byte === ESC) this.#endOsc(byte === ESC ? "escape" : "text");
        else this.#keep(Buffer.of(byte));
        return;
      case "string":
        if (byte === ESC) this.#state = "string-escape";
        return;
      case "string-escape":
        if (byte === ESC) this.#state = "string";
        else this.#escaped(byte);
        return;
      case "escape":
        this.#escaped(byte);
    }
  }

  /** A byte after an escape. Controls act there as everywhere, and end no sequence. */
  #escaped(byte: number): void {
    if (byte < 0x20 || byte === DEL) {
      this.#state = "escape";
      if (byte === BEL) this.#onSequence({ type: "bell" });
    } else if (byte === 0x5d) {
      this.#startOsc();
    } else {
      const startsString = byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f;
      this.#state = startsString ? "string" : "text";
    }
  }

  #control(c1: number): void {
    if (c1 === 0x9c && this.#state === "osc") this.#endOsc("text");
    else if (c1 === 0x9d) this.#startOsc();
    else this.#state = c1 === 0x90 || c1 === 0x98 || c1 === 0x9e || c1 === 0x9f ? "string" : "text";
  }

  #startOsc(): void {
    this.#state = "osc";
    this.#payload = Buffer.alloc(0);
  }

  #keep(part: Buffer): void {
    const room = MAX_OSC_BYTES - this.#payload.length;
    if (room > 0 && part.length > 0) this.#payload = Buffer.concat([this.#payload, part.subarray(0, room)]);
  }

  #endOsc(next: State): void {
    this.#state = next;
    // Half a character is left where the payload was cut, and before a C1 control; other invalid bytes xterm.js drops, too.
    const text = this.#payload.toString("utf8").replace(/[\p{Cc}\ufffd]/gu, "");
    this.#payload = Buffer.alloc(0);
    const [, number, , payload = ""] = /^(\d{1,9})(;(.*))?$/su.exec(text) ?? [];
    if (number !== undefined) this.#onSequence({ type: "osc", number: Number(number), payload });
  }
}

/** The offset of the first byte at or after `at` that is more than text. */
function textEnd(bytes: Buffer, at: number): number {
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === ESC || byte === BEL || byte === C1_LEAD) return at;
  }
  return at;
}

/** The offset of the first byte at or after `at` that may end an OSC. */
function oscEnd(bytes: Buffer, at: number): number {
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === BEL || byte === ESC || byte === CAN || byte === SUB || byte === C1_LEAD) return at;
  }
  return at;
}
