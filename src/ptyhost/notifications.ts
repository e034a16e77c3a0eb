import { visibleText } from "./visible-text.ts";

/** What a program asks the terminal to show to the person. */
export interface Notification {
  readonly title: string | null;
  readonly body: string;
}

const MAX_TITLE_CHARS = 200;
const MAX_BODY_CHARS = 1000;
/** Kitty's notifications come in parts; of those that are never finished so many are remembered, and so much of each. */
const MAX_UNFINISHED = 8;
const MAX_PART_BYTES = 8 * 1024;

/** The payload of an OSC 9, as iTerm2 has it. ConEmu's commands, which share the number, are none: they begin with a number of their own. */
export function parseOsc9(payload: string): Notification | null {
  return /^\d{1,2}(;|$)/.test(payload) ? null : notification(undefined, payload);
}

/** The payload of an OSC 777: `notify ; title ; body`, as rxvt-unicode has it. The body may hold semicolons. */
export function parseOsc777(payload: string): Notification | null {
  const [command, title, ...body] = payload.split(";");
  return command === "notify" ? notification(title, body.join(";")) : null;
}

interface Parts {
  title: Buffer;
  body: Buffer;
}

/**
 * The notifications of kitty's OSC 99: `key=value:... ; payload`. `p` says what the payload is, `e=1` that it is base64, and `d=0` that
 * more follows under the same `i`.
 */
export class KittyNotifications {
  readonly #unfinished = new Map<string, Parts>();

  /** Takes one payload of an OSC 99; returns the notification that it completes. */
  read(payload: string): Notification | null {
    const semicolon = payload.indexOf(";");
    if (semicolon === -1) return null;
    const keys = new Map(payload.slice(0, semicolon).split(":", 32).map(keyAndValue));
    const part = keys.get("p") ?? "title";
    // The rest of its words are icons and buttons, which add nothing to read, and questions about other notifications.
    if (part === "close" || part === "alive" || part === "?") return null;
    const id = keys.get("i") ?? "";
    const parts = this.#unfinished.get(id) ?? { title: Buffer.alloc(0), body: Buffer.alloc(0) };
    this.#unfinished.delete(id);
    if (part === "title" || part === "body") {
      const bytes = Buffer.from(payload.slice(semicolon + 1), keys.get("e") === "1" ? "base64" : "utf8");
      parts[part] = Buffer.concat([parts[part], bytes]).subarray(0, MAX_PART_BYTES);
    }
    if (keys.get("d") !== "0") return notification(parts.title.toString(), parts.body.toString());
    this.#unfinished.set(id, parts);
    const [oldest] = this.#unfinished.keys();
    if (this.#unfinished.size > MAX_UNFINISHED && oldest !== undefined) this.#unfinished.delete(oldest);
    return null;
  }
}

function keyAndValue(pair: string): [string, string] {
  const equals = pair.indexOf("=");
  return equals === -1 ? [pair.trim(), ""] : [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
}

/** A title alone is all that there is to read, so it is the body. Null when there is nothing to read. */
function notification(rawTitle: string | undefined, rawBody: string): Notification | null {
  const title = visibleText(rawTitle, MAX_TITLE_CHARS);
  const body = visibleText(rawBody, MAX_BODY_CHARS);
  if (body !== null) return { title, body };
  const alone = visibleText(rawTitle, MAX_BODY_CHARS);
  return alone === null ? null : { title: null, body: alone };
}
