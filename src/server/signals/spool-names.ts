/** What the name of a spooled file says: `<session>~<channel>~<agent's pid>~<hook's pid>[~n]`, and in its ending what it is. */
export interface SpoolName {
  /** The name without its ending: the same for all files of one hook. */
  readonly base: string;
  readonly kind: SpoolKind;
  readonly sessionId: string;
  readonly channel: string;
  /** The process that ran the hook. */
  readonly agentPid: number;
  readonly hookPid: number;
}

/** `gone`: a question that the hook took back. */
export type SpoolKind = "report" | "ask" | "reply" | "gone";

const ENDINGS: Readonly<Record<string, SpoolKind>> = {
  ".json": "report",
  ".ask": "ask",
  ".ask.reply": "reply",
  ".ask.gone": "gone",
};

const NAME =
  /^(?<base>(?<session>[^~.]+)~(?<channel>[^~.]+)~(?<agentPid>\d{1,10})~(?<hookPid>\d{1,10})(?:~\d{1,6})?)(?<ending>\..+)$/u;

/** The start of the name as the shell lines are given it: the rest they know themselves. */
export function spoolNameStart(sessionId: string, channel: string): string {
  return `${encode(sessionId)}~${encode(channel)}`;
}

/** Undefined for a name that is not ours. */
export function parseSpoolName(name: string): SpoolName | undefined {
  const parts = NAME.exec(name)?.groups ?? {};
  const kind = ENDINGS[parts["ending"] ?? ""];
  const sessionId = decode(parts["session"]);
  const channel = decode(parts["channel"]);
  if (kind === undefined || sessionId === undefined || channel === undefined) return undefined;
  return {
    base: parts["base"] ?? "",
    kind,
    sessionId,
    channel,
    agentPid: Number(parts["agentPid"]),
    hookPid: Number(parts["hookPid"]),
  };
}

/** Leaves nothing that a file system, a shell, or the name's own form would read in a way of its own. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[~.'()!*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    // A stray "%": somebody else's file.
    return undefined;
  }
}
