/** Bytes that a viewer sent, and what they are. */
export interface InputToken {
  readonly bytes: Buffer;
  readonly kind:
    | "typed"
    /** What a terminal tells unasked: focus and mouse. Wanted by the program, but no one typed it. */
    | "report"
    /** A terminal's answer to a query of the program. */
    | "reply"
    /** `ESC [ 1 ; n R`: a cursor position, or F3 pressed with a modifier. */
    | "cursor-reply-or-f3"
    /** The answer to the query of the Program Status Protocol, which the pty host gives itself. */
    | "program-status-reply";
}

const ESC = 0x1b;
const PASTE_START = "\x1b[200~";
const PASTE_END = "\x1b[201~";
/** Replies are short, but a clipboard (OSC 52) is as long as it is. What is longer than this is passed on as typed. */
const MAX_REPLY_CHARS = 1024 * 1024;
const MAX_CSI_CHARS = 64;

type Match = { readonly kind: InputToken["kind"]; readonly end: number } | "incomplete" | "none";

/**
 * Tells what a person typed from what their terminal answered, in a stream that may be cut anywhere. A beginning that could become a
 * reply is held back until the rest comes or `flush` is called; pasted text is let through as it is.
 */
export class TerminalReplies {
  #held = "";
  #pasting = false;
  /** The last characters of the paste so far: its end may be cut in two. */
  #pasteTail = "";

  /** How many bytes are held back. The escape key alone is one. */
  get heldBytes(): number {
    return this.#held.length;
  }

  push(bytes: Buffer): readonly InputToken[] {
    const input = this.#held + bytes.toString("latin1");
    this.#held = "";
    const tokens: InputToken[] = [];
    let typedFrom = 0;
    let at = 0;
    const emit = (from: number, to: number, kind: InputToken["kind"]) => {
      if (to > from) tokens.push({ bytes: Buffer.from(input.slice(from, to), "latin1"), kind });
    };
    while (at < input.length) {
      if (this.#pasting) {
        const seen = this.#pasteTail + input.slice(at);
        const end = seen.indexOf(PASTE_END);
        this.#pasting = end === -1;
        this.#pasteTail = this.#pasting ? seen.slice(1 - PASTE_END.length) : "";
        at = this.#pasting ? input.length : at + end + PASTE_END.length - (seen.length - (input.length - at));
        continue;
      }
      const escape = input.indexOf("\x1b", at);
      if (escape === -1) {
        at = input.length;
        break;
      }
      at = escape;
      if (input.startsWith(PASTE_START, at)) {
        this.#pasting = true;
        at += PASTE_START.length;
        continue;
      }
      const match = matchSequence(input, at);
      if (match === "incomplete") break;
      if (match === "none") {
        at++;
        continue;
      }
      if (match.kind !== "typed") {
        emit(typedFrom, at, "typed");
        emit(at, match.end, match.kind);
        typedFrom = match.end;
      }
      at = match.end;
    }
    emit(typedFrom, at, "typed");
    this.#held = input.slice(at);
    return tokens;
  }

  /** Gives up on the rest: what is held back was typed. */
  flush(): readonly InputToken[] {
    const bytes = Buffer.from(this.#held, "latin1");
    this.#held = "";
    return bytes.length === 0 ? [] : [{ bytes, kind: "typed" }];
  }
}

function matchSequence(input: string, at: number): Match {
  switch (input[at + 1]) {
    case undefined:
      return "incomplete";
    case "[":
      return matchCsi(input, at);
    case "]":
      return matchString(input, at, /[0-9Ll]/, true);
    case "P":
      return matchString(input, at, /[0-9!>$+]/, false);
    case "_":
      return matchString(input, at, /G/, false);
    default:
      return "none";
  }
}

function matchCsi(input: string, at: number): Match {
  const sequence = input.slice(at + 2, at + MAX_CSI_CHARS);
  const parsed = /^([<=>?]?)([0-9:;]*)([ -/]*)([@-~])/.exec(sequence);
  if (!parsed)
    return /^[<=>?]?[0-9:;]*[ -/]*$/.test(sequence) && sequence.length < MAX_CSI_CHARS - 2 ? "incomplete" : "none";
  const [whole, prefix = "", parameters = "", intermediates = "", final = ""] = parsed;
  const end = at + 2 + whole.length;
  if (prefix === "" && parameters === "" && final === "M") {
    // The oldest mouse encoding: three bytes follow, whatever they are.
    return end + 3 > input.length ? "incomplete" : { kind: "report", end: end + 3 };
  }
  return { kind: csiKind(prefix, parameters, intermediates, final), end };
}

function csiKind(prefix: string, parameters: string, intermediates: string, final: string): InputToken["kind"] {
  if (intermediates === "$" && final === "y") return "reply"; // DECRPM
  if (intermediates !== "") return "typed";
  switch (final) {
    case "c": // DA1, DA2
      return prefix === "" ? "typed" : "reply";
    case "n": // DSR, colour scheme
      return /^[0-9;]+$/.test(parameters) ? "reply" : "typed";
    case "R": // CPR, DECXCPR
      if (prefix === "?") return "reply";
      if (!/^\d+;\d+$/.test(parameters)) return "typed";
      return /^1;([2-9]|1[0-6])$/.test(parameters) ? "cursor-reply-or-f3" : "reply";
    case "u": // kitty keyboard flags; without the prefix it is a key
      return prefix === "?" ? "reply" : "typed";
    case "S": // graphics attributes
      return prefix === "?" ? "reply" : "typed";
    case "t": // window reports, in-band resize
      return /^(4|6|8|9|48);/.test(parameters) ? "reply" : "typed";
    case "I":
    case "O":
      return parameters === "" ? "report" : "typed";
    case "M":
    case "m":
      return prefix === "<" || parameters !== "" ? "report" : "typed";
    default:
      return "typed";
  }
}

/** OSC, DCS and APC replies. Alt with ] P or _ starts alike, so that the next character must be one that a reply goes on with. */
function matchString(input: string, at: number, firstChar: RegExp, endsWithBell: boolean): Match {
  const first = input[at + 2];
  if (first === undefined) return "incomplete";
  if (!firstChar.test(first)) return "none";
  for (let end = at + 2; end < input.length; end++) {
    const code = input.charCodeAt(end);
    const isTerminator = code === ESC ? input[end + 1] === "\\" : code === 0x07 && endsWithBell;
    if (isTerminator) {
      const kind = input.startsWith("]7501;", at + 1) ? "program-status-reply" : "reply";
      return { kind, end: code === ESC ? end + 2 : end + 1 };
    }
    if (code === ESC && end + 1 < input.length) return "none";
  }
  return input.length - at > MAX_REPLY_CHARS ? "none" : "incomplete";
}
