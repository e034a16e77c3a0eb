import * as z from "zod";
import { agentRequestSchema } from "../../../protocol/requests.ts";
import { reasonSourceSchema } from "../../../protocol/sources.ts";
import type { Signal, SignalSource } from "../../agents/reading.ts";

const signalSourceSchema = reasonSourceSchema.exclude(["process", "gateway", "person"]);
const at = z.number();

/** The last word of one source. */
const wordSchema = z.object({
  activity: z.enum(["working", "waiting", "idle", "interrupted", "failed", "limited"]),
  text: z.string(),
  signal: z.string(),
  at,
  /** When the activity became this one. */
  since: at,
  /** When this source last saw a turn begin. */
  turnAt: at.nullable(),
});
export type Word = z.infer<typeof wordSchema>;

const openRequestSchema = z.object({
  request: agentRequestSchema.omit({ at: true, isAnswerable: true }),
  source: signalSourceSchema,
  signal: z.string(),
  at,
  /** The hook that waits for the answer, where one does. */
  askId: z.string().nullable(),
});
export type OpenRequest = z.infer<typeof openRequestSchema>;

/** All that is known of what an agent is doing: what {@link ./conclude.ts conclude} makes its state from. Kept in the store. */
export const evidenceSchema = z.object({
  words: z.partialRecord(signalSourceSchema, wordSchema),
  /** The last turn that an agent has named as it began. */
  turnId: z.string().nullable().default(null),
  /** When each source last said anything at all. */
  heard: z.partialRecord(signalSourceSchema, at),
  /** Oldest first. */
  requests: z.array(openRequestSchema),
  background: z.array(z.string()),
  /** When a person last answered a request through Tally: what said before that it waits has been overtaken. */
  answeredAt: at.nullable(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

export const noEvidence: Evidence = {
  words: {},
  turnId: null,
  heard: {},
  requests: [],
  background: [],
  answeredAt: null,
};

/** Sources that follow a request to its end, so that their going on means that it is over. A hook does not: sub-agents' hooks go on beside it. */
const followsRequests: ReadonlySet<SignalSource> = new Set(["state-file", "event-stream", "program-status"]);

/** A source may tell of a dialog this long before the hook that asks is seen. */
const SAME_DIALOG_MS = 2_000;
/** An end of turn so soon after a request was measured at the same moment as the request. */
const SAME_MOMENT_MS = 500;

/** The evidence with one more signal; the same object when that adds nothing. @param askId the hook that handed over the signal and waits for an answer. */
export function witness(evidence: Evidence, signal: Signal, askId: string | null = null): Evidence {
  const { source, reading } = signal;
  const heard = { ...evidence.heard, [source]: Math.max(evidence.heard[source] ?? 0, signal.at) };
  switch (reading.type) {
    case "activity": {
      if (endsEarlierTurn(evidence, reading)) return evidence;
      const before = evidence.words[source];
      if (before && (before.at > signal.at || isAfterglow(before, reading.activity, signal.at))) return evidence;
      const word = nextWord(before, reading, signal.at);
      if (before && isSameWord(before, word)) return evidence;
      return {
        ...evidence,
        heard,
        turnId: reading.activity === "working" ? (reading.turnId ?? evidence.turnId) : evidence.turnId,
        words: { ...evidence.words, [source]: word },
        requests: without(evidence.requests, (open) => endsRequest(open, before, word, source)),
      };
    }
    case "request": {
      const known = evidence.requests.find(({ request }) => request.id === reading.request.id);
      if (known?.askId === askId) return evidence;
      // Read again from a file's start: what came after it in that file says that it is over.
      const isPast = !known && askId === null && (evidence.words[source]?.at ?? -Infinity) > signal.at;
      if (isPast) return evidence;
      const open = { request: reading.request, source, signal: reading.signal, at: known?.at ?? signal.at, askId };
      return { ...evidence, heard, requests: [...evidence.requests.filter((each) => each !== known), open] };
    }
    case "request-over": {
      const { id } = reading;
      const isOver = (open: OpenRequest) => (id === undefined ? open.at <= signal.at : open.request.id === id);
      return { ...evidence, heard, requests: without(evidence.requests, isOver) };
    }
    case "background":
      if (reading.work.length === 0 && evidence.background.length === 0) return { ...evidence, heard };
      return { ...evidence, heard, background: [...reading.work] };
    case "prompt":
      return { ...withoutLimitBefore(evidence, signal.at), heard };
    case "conversation":
    case "pid":
    case "usage":
    case "prompt-usage":
    case "plan":
    case "model":
    case "limit":
    case "quota":
      return { ...evidence, heard };
  }
}

/** A hook that is told of the end of a turn may be heard after the next one has begun. */
function endsEarlierTurn({ turnId }: Evidence, reading: Extract<Signal["reading"], { type: "activity" }>): boolean {
  return reading.activity !== "working" && reading.turnId !== undefined && turnId !== null && reading.turnId !== turnId;
}

/** The evidence after a source took back what it said. */
export function withdraw(evidence: Evidence, source: SignalSource): Evidence {
  if (!evidence.words[source]) return evidence;
  const { [source]: _withdrawn, ...words } = evidence.words;
  return { ...evidence, words };
}

/** The evidence with no word from a time that has not come: the clock was set back, and what comes now must count as newer. */
export function notAfter(evidence: Evidence, now: number): Evidence {
  const words = Object.entries(evidence.words) as [SignalSource, Word][];
  if (words.every(([, word]) => word.at <= now + SAME_DIALOG_MS)) return evidence;
  const back = (time: number) => Math.min(time, now);
  const moved = words.map(([source, word]) => {
    const turnAt = word.turnAt === null ? null : back(word.turnAt);
    return [source, { ...word, at: back(word.at), since: back(word.since), turnAt }];
  });
  return { ...evidence, words: Object.fromEntries(moved) as Evidence["words"] };
}

/** The evidence without the request that `isOver` picks. */
export function closeRequests(evidence: Evidence, isOver: (open: OpenRequest) => boolean): Evidence {
  const requests = without(evidence.requests, isOver);
  return requests === evidence.requests ? evidence : { ...evidence, requests };
}

/** The same array when none is over. */
function without(requests: OpenRequest[], isOver: (open: OpenRequest) => boolean): OpenRequest[] {
  const open = requests.filter((each) => !isOver(each));
  return open.length === requests.length ? requests : open;
}

function nextWord(
  before: Word | undefined,
  { activity, text, signal }: Extract<Signal["reading"], { type: "activity" }>,
  at: number,
): Word {
  const since = before?.activity === activity ? before.since : at;
  const beginsTurn = activity === "working" && before?.activity !== "working" && before?.activity !== "waiting";
  return { activity, text, signal, at, since, turnAt: beginsTurn ? at : (before?.turnAt ?? null) };
}

/** What an agent does within this time of a limit belongs to the turn that it has ended: its hooks run, its status line is drawn. */
export const LIMIT_AFTERGLOW_MS = 1_000;

function isAfterglow({ activity, at }: Word, next: Word["activity"], nextAt: number): boolean {
  return activity === "limited" && next === "working" && nextAt <= at + LIMIT_AFTERGLOW_MS;
}

/** A new prompt is a new turn, however soon it follows on the limit that has ended the last one. */
function withoutLimitBefore(evidence: Evidence, promptAt: number): Evidence {
  const words = Object.entries(evidence.words);
  const others = words.filter(([, { activity, at }]) => activity !== "limited" || at >= promptAt);
  return others.length === words.length ? evidence : { ...evidence, words: Object.fromEntries(others) };
}

function isSameWord(one: Word, other: Word): boolean {
  return (
    one.activity === other.activity && one.text === other.text && one.signal === other.signal && one.at === other.at
  );
}

function endsRequest(open: OpenRequest, before: Word | undefined, word: Word, source: SignalSource): boolean {
  if (!followsRequests.has(source) || word.activity === "waiting") return false;
  if (word.activity !== "working") return word.at > open.at + SAME_MOMENT_MS;
  // "Working" alone may be another branch of the same turn; after "waiting" for this dialog it means that the dialog is gone.
  return before?.activity === "waiting" && before.at >= open.at - SAME_DIALOG_MS && word.at >= open.at;
}
