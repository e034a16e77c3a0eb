const ESC = "\x1b";
/** What Ctrl-\ sends by itself. */
const FS = "\x1c";

/** What became of a piece of input. */
export interface Recognised {
  /** To be passed on to the program. */
  readonly forward: Buffer;
  /** The person pressed Ctrl-\ twice; nothing of it was passed on, and the rest of the input was dropped. */
  readonly detach: boolean;
}

/**
 * Ctrl-\ in its three encodings: the control byte, kitty's CSI u, xterm's modifyOtherKeys. Modifiers are 1 plus bits, of which
 * only Ctrl (4) is set; caps lock (64) and num lock (128) do not count. Kitty may also report the key's release (`:3`).
 */
const key = new RegExp(String.raw`${FS}|${ESC}\[92(?::\d*)*;(?:5|69|133|197)(?::([123]))?u|${ESC}\[27;5;92~`, "y");
/** What may yet become such a sequence. */
const beginning = new RegExp(
  String.raw`${ESC}(?:\[(?:9(?:2[:\d]*(?:;(?:\d{1,3}(?::\d?)?)?)?)?|2(?:7(?:;(?:5(?:;(?:92?)?)?)?)?)?)?)?$`,
  "y",
);
const RELEASE = "3";
/** Also what the Escape key and Alt-[ send: held back, the key would seem dead. */
const tooShortToHold = 2;

/**
 * Finds Ctrl-\ pressed twice in a row, however the input is cut into pieces. A first one is held until the next key says what
 * it was; if that is another key, the held one is passed on before it.
 */
export function detachKeyRecogniser(): (input: Buffer) => Recognised {
  /** The first press (and its release), not passed on yet. */
  let held = "";
  let pressed = false;
  /** An unfinished sequence at the end of the last input, of which `passed` characters were passed on already. */
  let unfinished = "";
  let passed = 0;

  return (input) => {
    const text = unfinished + input.toString("latin1");
    let skip = passed;
    let forward = "";
    unfinished = "";
    passed = 0;
    let at = 0;
    while (at < text.length) {
      const match = matchAt(key, text, at);
      if (match) {
        const isRelease = match[1] === RELEASE;
        if (pressed && !isRelease) return { forward: toBuffer(forward), detach: true };
        if (isRelease && !pressed) forward += match[0].slice(skip);
        else held += match[0].slice(skip);
        pressed ||= !isRelease;
        at += match[0].length;
      } else if (matchAt(beginning, text, at)) {
        unfinished = text.slice(at);
        if (unfinished.length <= tooShortToHold) {
          forward += held + unfinished.slice(skip);
          held = "";
          passed = unfinished.length;
        }
        break;
      } else {
        const next = nextCandidate(text, at + 1);
        forward += held + text.slice(at + skip, next);
        held = "";
        pressed = false;
        at = next;
      }
      skip = 0;
    }
    return { forward: toBuffer(forward), detach: false };
  };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function nextCandidate(text: string, from: number): number {
  const found = [text.indexOf(ESC, from), text.indexOf(FS, from)].filter((at) => at >= 0);
  return Math.min(text.length, ...found);
}

function toBuffer(latin1: string): Buffer {
  return Buffer.from(latin1, "latin1");
}
