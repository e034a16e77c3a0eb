import type { ProgramStatus } from "../protocol/ptyhost.ts";
import { programStatusSchema } from "../protocol/ptyhost.ts";
import { visibleText } from "./visible-text.ts";

/** The Program Status Protocol: `ESC ] 7501 ; key=value:key=value... (BEL | ST)`, or `?` in place of the pairs to ask for support. */
export const PROGRAM_STATUS_OSC = 7501;

/** What a terminal that understands the protocol answers to its query. Agents send no status before they have read it. */
export const PROGRAM_STATUS_ANSWER = "\x1b]7501;?\x1b\\";

const MAX_MESSAGE_CHARS = 500;
const MAX_NAME_CHARS = 100;
/** Enough for 500 characters of four bytes each; what is longer is cut before it is decoded. A multiple of four. */
const MAX_BASE64_CHARS = 2800;

export type ProgramStatusMessage =
  | { readonly type: "query" }
  /** `null` is the program's `clear`. */
  | { readonly type: "status"; readonly status: ProgramStatus | null };

/**
 * Reads the payload of an OSC 7501, the part after `7501;`. Programs print whatever they like, so all of it is
 * hostile: unknown states give null, unknown keys and undecodable messages are dropped, the rest is bounded.
 */
export function parseProgramStatus(payload: string): ProgramStatusMessage | null {
  if (payload.trim() === "?") return { type: "query" };
  const pairs = new Map<string, string>();
  for (const pair of payload.split(":", 16)) {
    const equals = pair.indexOf("=");
    if (equals > 0) pairs.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim());
  }
  // With an id it is the status of a job that the program runs beside its turn, such as a sub-agent.
  if (pairs.has("id")) return null;
  const state = programStatusSchema.shape.state.safeParse(pairs.get("state"));
  if (!state.success) return null;
  if (state.data === "clear") return { type: "status", status: null };
  return {
    type: "status",
    status: {
      state: state.data,
      app: visibleText(pairs.get("app"), MAX_NAME_CHARS),
      kind: visibleText(pairs.get("kind"), MAX_NAME_CHARS),
      message: visibleText(decodeBase64Utf8(pairs.get("msg")), MAX_MESSAGE_CHARS),
    },
  };
}

export function isSameStatus(one: ProgramStatus | null, other: ProgramStatus | null): boolean {
  return (
    one?.state === other?.state &&
    one?.app === other?.app &&
    one?.kind === other?.kind &&
    one?.message === other?.message
  );
}

function decodeBase64Utf8(text: string | undefined): string | undefined {
  const base64 = text?.slice(0, MAX_BASE64_CHARS);
  if (!base64 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  try {
    // "stream" tolerates a last character that the cut above went through.
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(base64, "base64"), { stream: true });
  } catch {
    return undefined; // not UTF-8: nothing that a person could read
  }
}
